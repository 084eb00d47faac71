// Command kreds plans supervision for mentors. It is the API and its worker, the planner as a command, and the commands by
// which an installation is set up.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	_ "time/tzdata" // zones, also where the machine has none

	"kreds/supervision"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr))
}

// The exit codes that mean the same everywhere.
const (
	exitOK       = 0
	exitFailed   = 1
	exitBadInput = 2
)

// program is what a command works with.
type program struct {
	getenv func(string) string
	stdout io.Writer
	stderr io.Writer
}

// command is one word after kreds.
type command struct {
	name    string
	summary string
	run     func(ctx context.Context, p *program, args []string) error
}

func commands() []command {
	return []command{
		{"demo", "show the main job on demonstration data, from calendars to sessions in calendars", runDemo},
		{"serve", "run the API and the worker", runServe},
		{"init", "make the first tenant, the key file and the first manager's token", runInit},
		{"migrate", "bring the database to the newest step", runMigrate},
		{"token", "make a token for a person or an integration", runToken},
		{"plan", "plan an instance file", runPlan},
		{"check", "judge a plan by the law", runCheck},
		{"generate", "write an instance file of a family or a scenario", runGenerate},
	}
}

// exit is an error with its exit code, and what to say; an empty text has been said already.
type exit struct {
	code int
	text string
}

func (e exit) Error() string { return e.text }

// bad is an input that cannot be used.
func bad(format string, args ...any) error { return exit{exitBadInput, fmt.Sprintf(format, args...)} }

// run runs one command and returns the exit code of the process.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	p := &program{getenv: getenv, stdout: stdout, stderr: stderr}
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		if len(args) == 2 {
			return run(ctx, []string{args[1], "-h"}, getenv, stdout, stderr)
		}
		usage(stdout)
		return exitOK
	}
	i := slices.IndexFunc(commands(), func(c command) bool { return c.name == args[0] })
	if i < 0 {
		fmt.Fprintf(stderr, "kreds: there is no command %q.\n\n", args[0])
		usage(stderr)
		return exitBadInput
	}
	err := commands()[i].run(ctx, p, args[1:])
	var e exit
	var ours *supervision.Error
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
		return exitOK
	case errors.As(err, &e):
		if e.text != "" {
			fmt.Fprintf(stderr, "kreds %s: %s\n", args[0], e.text)
		}
		return e.code
	case errors.As(err, &ours):
		fmt.Fprintf(stderr, "kreds %s: %s\n", args[0], said(ours))
		if ours.Kind == supervision.Invalid {
			return exitBadInput
		}
		return exitFailed
	}
	fmt.Fprintf(stderr, "kreds %s: %v\n", args[0], err)
	return exitFailed
}

// said is an error of the house in words for the person at the terminal.
func said(e *supervision.Error) string {
	var parts []string
	if e.Detail != "" {
		parts = append(parts, e.Detail)
	}
	for _, f := range e.Fields {
		parts = append(parts, strings.TrimSpace(f.Pointer+f.Parameter+" "+f.Detail))
	}
	if e.Err != nil {
		parts = append(parts, e.Err.Error())
	}
	return strings.Join(parts, " ")
}

func usage(w io.Writer) {
	fmt.Fprint(w, `kreds plans supervision for mentors ("mentoring the mentors").

Usage: kreds COMMAND [FLAGS]

`)
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-10s %s\n", c.name, c.summary)
	}
	fmt.Fprint(w, `
kreds COMMAND -h tells more of a command. To see what it does, run: kreds demo
Configuration comes from the environment (KREDS_…); the README lists it.
`)
}

// flags makes the flag set of a command; its help goes where the person looks.
func (p *program) flags(name, synopsis, about string) *flag.FlagSet {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.SetOutput(p.stderr)
	f.Usage = func() {
		fmt.Fprintf(p.stderr, "Usage: kreds %s %s\n\n%s\n\n", name, synopsis, about)
		f.PrintDefaults()
	}
	return f
}

// parse reads the flags of a command, which takes no other words.
func parse(f *flag.FlagSet, args []string) error {
	if err := f.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return exit{exitBadInput, ""} // the flag set has said it
	}
	if f.NArg() > 0 {
		return bad("%q is no flag. See kreds %s -h.", f.Arg(0), f.Name())
	}
	return nil
}
