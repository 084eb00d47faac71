package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"kreds/instance/scenario"
	"kreds/internal/outbound"
	"kreds/internal/seal"
	"kreds/service"
	"kreds/service/roster"
	"kreds/supervision"
)

// story is a run of the demo: what it works with, and what it has come to.
type story struct {
	*program
	scenario  scenario.Scenario
	calendars *demoCalendars
	house     *service.House
	tenant    supervision.Tenant
	dir       string
	api       client // the manager's
	tokens    map[supervision.PersonID]string
	ids       map[string]string // external id → id
	cycle     string            // path
	plan      string            // path
	run       string            // id
	said      func(format string, args ...any)
	result    demoResult
}

// demoResult is what --json prints.
type demoResult struct {
	Mentors     int    `json:"mentors"`
	Supervisors int    `json:"supervisors"`
	Sessions    int    `json:"sessions"`
	Groups      int    `json:"groups"`
	Hard        int    `json:"hard"`
	Unassigned  int    `json:"unassigned"`
	Soft        int    `json:"soft"`
	WrittenBack int    `json:"written_back"`
	FeedURL     string `json:"feed_url"`
}

func runDemo(ctx context.Context, p *program, args []string) error {
	f := p.flags("demo", "[--out DIR] [--once] [--json] [--listen HOST:PORT]",
		"Shows the main job on demonstration data: a leadership programme of 23 mentors whose calendars stand on a CalDAV server that the demo starts.\nKreds reads them over HTTP, plans the cycle, publishes it, lets the mentors accept, writes the sessions into everybody's calendar, and keeps serving.")
	out := f.String("out", "", "a new folder for database, key file, manager's token, instance.json and plan.json; without it a temporary one")
	once := f.Bool("once", false, "end after the result was verified from outside")
	asJSON := f.Bool("json", false, "print the result as JSON on standard output, everything else on standard error")
	listen := f.String("listen", "127.0.0.1:8080", "where the API listens; port 0 takes a free one")
	if err := parse(f, args); err != nil {
		return err
	}
	dir, err := demoFolder(*out)
	if err != nil {
		return err
	}
	s := &story{program: p, dir: dir, scenario: scenario.S2().Shift(weeksUntil(time.Now())), tokens: map[supervision.PersonID]string{}, ids: map[string]string{}}
	talk := p.stdout
	if *asJSON {
		talk = p.stderr
	}
	s.said = func(format string, args ...any) { fmt.Fprintf(talk, format+"\n", args...) }

	end, err := s.open(ctx, *listen)
	if err != nil {
		return err
	}
	defer end()
	for _, step := range []func(context.Context) error{s.stage, s.connect, s.planIt, s.publish, s.accept, s.settle, s.show, s.verify} {
		if err := step(ctx); err != nil {
			if ctx.Err() != nil {
				return exit{exitFailed, "stopped."}
			}
			return err
		}
	}
	if *out != "" {
		if err := s.leave(ctx); err != nil {
			return err
		}
	}
	if *asJSON {
		if err := json.NewEncoder(p.stdout).Encode(s.result); err != nil {
			return err
		}
	}
	if *once {
		return nil
	}
	s.said("\nIt keeps serving; end it with Ctrl-C.")
	<-ctx.Done()
	return nil
}

// demoFolder makes the folder in which a demo keeps its things. Nothing that exists is written into.
func demoFolder(out string) (string, error) {
	if out == "" {
		return os.MkdirTemp("", "kreds-demo-")
	}
	if err := os.MkdirAll(out, 0o700); err != nil {
		return "", bad("cannot make the folder %s: %v", out, err)
	}
	if _, err := os.Stat(filepath.Join(out, "kreds.db")); !errors.Is(err, os.ErrNotExist) {
		return "", bad("%s holds a database already; name a new folder.", out)
	}
	return out, nil
}

// weeksUntil counts the weeks from the scenario's first Monday to the next Monday that is at least six weeks ahead.
func weeksUntil(now time.Time) int {
	first := supervision.MustDate("2027-02-01")
	day := supervision.DateOf(now.UTC()).AddDays(6 * 7)
	for day.Weekday() != time.Monday {
		day = day.AddDays(1)
	}
	return first.DaysUntil(day) / 7
}

// open starts the demo's CalDAV server and a Kreds of its own beside it.
func (s *story) open(ctx context.Context, listen string) (end func(), err error) {
	if s.calendars, err = openCalendars(ctx, s.scenario); err != nil {
		return nil, err
	}
	c := Config{Database: filepath.Join(s.dir, "kreds.db"), KeyFile: filepath.Join(s.dir, "kreds.key"), Listen: listen, Log: "warn",
		OutboundAllow: "http://" + s.calendars.address + "=127.0.0.1/32"}
	if err := c.settle(); err != nil {
		return nil, err
	}
	if _, err := seal.Create(c.KeyFile); err != nil {
		return nil, err
	}
	st, _, err := migrated(ctx, c)
	if err != nil {
		return nil, err
	}
	st.Close()
	running, err := start(ctx, c, c.logger(), true, true)
	if err != nil {
		return nil, err
	}
	s.house = running.house
	lead, _ := s.scenario.Person(s.scenario.Programme.Lead)
	home := s.scenario.Organisations[0]
	for _, o := range s.scenario.Organisations {
		if o.ID == lead.Organisation {
			home = o
		}
	}
	var secret seal.Secret
	err = toFile(filepath.Join(s.dir, "manager.token"), func() (_ seal.Secret, err error) {
		s.tenant, secret, err = roster.New(s.house).Found(ctx, roster.Founding{Tenant: s.scenario.Tenant.Name, Language: "en", Organisation: home.ExternalID,
			Country: home.Country, TimeZone: home.TimeZone, ExternalID: lead.ExternalID, Manager: lead.Name, Email: lead.Email, Days: 90})
		return secret, err
	}, func() {})
	if err != nil {
		return nil, err
	}
	allow, err := outbound.ParseAllow("http://" + running.address + "=127.0.0.1/32")
	if err != nil {
		return nil, err
	}
	s.api = client{ctx: ctx, maker: outbound.New(outbound.Policy{Allow: allow}), base: "http://" + running.address,
		token: secret.Reveal(), keys: uuid.NewString}
	s.said("Kreds serves at %s, and the demo's CalDAV server at http://%s. Folder: %s", s.api.base, s.calendars.address, s.dir)
	return func() {
		_ = running.stop()
		s.calendars.server.Close()
	}, nil
}
