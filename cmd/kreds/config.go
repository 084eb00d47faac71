package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"strings"

	"github.com/caarlos0/env/v11"

	"kreds/internal/outbound"
)

// Config is the configuration of an installation. It is read from the environment and from nowhere else.
type Config struct {
	Database      string `env:"KREDS_DATABASE" envDefault:"kreds.db"`     // a file, or a postgres URL
	KeyFile       string `env:"KREDS_KEY_FILE" envDefault:"kreds.key"`    // made by kreds init, mode 0600
	Listen        string `env:"KREDS_LISTEN" envDefault:"127.0.0.1:8080"` // of the API
	BaseURL       string `env:"KREDS_BASE_URL"`                           // as others reach it; default http://LISTEN
	OutboundAllow string `env:"KREDS_OUTBOUND_ALLOW"`                     // [http://]host:port=CIDR, separated by commas
	Log           string `env:"KREDS_LOG" envDefault:"info"`              // debug, info, warn, error

	allow []outbound.Allow
	level slog.Level
}

// loadConfig reads the configuration and reports all that is wrong with it together.
func loadConfig(getenv func(string) string) (Config, error) {
	var c Config
	known := []string{"KREDS_DATABASE", "KREDS_KEY_FILE", "KREDS_LISTEN", "KREDS_BASE_URL", "KREDS_OUTBOUND_ALLOW", "KREDS_LOG"}
	values := map[string]string{}
	for _, k := range known {
		if v := getenv(k); v != "" {
			values[k] = v
		}
	}
	if err := env.ParseWithOptions(&c, env.Options{Environment: values}); err != nil {
		return c, bad("%v", err)
	}
	return c, c.settle()
}

// settle checks the values and reads those that are more than text.
func (c *Config) settle() error {
	var faults []error
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		faults = append(faults, fmt.Errorf("KREDS_LISTEN %q is no host:port, for example 127.0.0.1:8080", c.Listen))
	}
	c.BaseURL = strings.TrimSuffix(c.BaseURL, "/")
	if u, err := url.Parse(c.BaseURL); c.BaseURL != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		faults = append(faults, fmt.Errorf("KREDS_BASE_URL %q is no address such as https://kreds.a.example", c.BaseURL))
	}
	var err error
	if c.allow, err = outbound.ParseAllow(c.OutboundAllow); err != nil {
		faults = append(faults, fmt.Errorf("KREDS_OUTBOUND_ALLOW: %w", err))
	}
	if err := c.level.UnmarshalText([]byte(c.Log)); err != nil {
		faults = append(faults, fmt.Errorf("KREDS_LOG %q is none of debug, info, warn, error", c.Log))
	}
	if err := errors.Join(faults...); err != nil {
		return exit{exitBadInput, err.Error()}
	}
	return nil
}

// logger writes structured lines to standard error.
func (c Config) logger() *slog.Logger {
	return slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: c.level}))
}
