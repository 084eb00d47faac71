package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"kreds/scheduling"
)

// dash stands for standard input or standard output where a file is asked for.
const dash = "-"

// readProblem reads the instance file of --in.
func readProblem(ctx context.Context, name string) (*scheduling.Problem, error) {
	if name == "" {
		return nil, bad("name an instance file by --in FILE, or - for standard input. kreds generate --list names instances to start with.")
	}
	p, err := readDocument(ctx, name, scheduling.Decode)
	var faults scheduling.Faults
	switch {
	case errors.As(err, &faults):
		return nil, bad("%s is no valid instance:\n%s\nCorrect it and run again. A valid one to compare with: kreds generate --family s1", called(name), listed(faults))
	case err != nil && ctx.Err() == nil:
		return nil, bad("the instance cannot be read: %v. Check --in; kreds generate makes an instance.", err)
	}
	return p, err
}

// readPlan reads the plan file of --plan, a plan of the problem that stands in the file of.
func readPlan(ctx context.Context, name string, p *scheduling.Problem, of string) (*scheduling.Plan, error) {
	plan, err := readDocument(ctx, name, func(r io.Reader) (*scheduling.Plan, error) { return scheduling.DecodePlan(r, p) })
	var faults scheduling.Faults
	switch {
	case errors.As(err, &faults):
		return nil, bad("%s is no plan of %s:\n%s\nWas it made for another instance? kreds plan makes a plan of this one.", called(name), called(of), listed(faults))
	case err != nil && ctx.Err() == nil:
		return nil, bad("the plan cannot be read: %v. Check --plan; kreds plan makes a plan.", err)
	}
	return plan, err
}

// readDocument decodes a file. It reads beside the caller, because a pipe may stay silent for good and a signal has to end that,
// too.
func readDocument[T any](ctx context.Context, name string, decode func(io.Reader) (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	read := func() (o outcome) {
		in := os.Stdin
		if name != dash {
			if in, o.err = os.Open(name); o.err != nil {
				return o
			}
			defer in.Close()
		}
		o.value, o.err = decode(in)
		return o
	}
	done := make(chan outcome, 1)
	go func() { done <- read() }()
	select {
	case o := <-done:
		return o.value, o.err
	case <-ctx.Done():
		return outcome{}.value, exit{exitFailed, "stopped before " + called(name) + " was read."}
	}
}

// called is the name of a file in a sentence.
func called(name string) string {
	if name == dash {
		return "standard input"
	}
	return name
}

// listed gives a line for each fault, opened by its JSON pointer.
func listed(faults scheduling.Faults) string {
	var lines []string
	for _, f := range faults {
		at := f.Pointer
		if at == "" {
			at = "the document"
		}
		lines = append(lines, plain("  "+at+": "+f.Sentence))
	}
	if len(faults) >= scheduling.MaxFaults {
		lines = append(lines, "  There may be more.")
	}
	return strings.Join(lines, "\n")
}

// plain keeps what a file says from steering the terminal.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

// place is where a name leads. What is no regular file, a device or a pipe, is written directly; files are replaced as a whole,
// behind their symbolic links.
type place struct {
	path   string
	mode   fs.FileMode // of the file that stands there; 0: none does
	direct bool
}

func placeOf(name string) (place, error) {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return place{path: name}, nil
	case err != nil:
		return place{}, err
	case info.IsDir():
		return place{}, fmt.Errorf("%s is a directory", name)
	case !info.Mode().IsRegular():
		return place{path: name, direct: true}, nil
	}
	path, err := filepath.EvalSymlinks(name)
	return place{path: path, mode: info.Mode().Perm()}, err
}

// writable says beforehand whether --out can be written, so that no search is done in vain. It would not overwrite the file of --in.
func writable(out, in string) error {
	if out == dash {
		return nil
	}
	to, err := placeOf(out)
	if err == nil && !to.direct {
		var f *os.File
		if f, err = temporary(to); err == nil {
			err = errors.Join(f.Close(), os.Remove(f.Name()))
		}
	}
	if err != nil {
		return bad("--out %s cannot be written: %v. Name a file in a folder that exists, or - for standard output.", out, err)
	}
	from, err := os.Stat(in)
	if err != nil || to.direct {
		return nil
	}
	if old, err := os.Stat(out); err == nil && os.SameFile(old, from) {
		return bad("--out %s would overwrite the instance. Name another file.", out)
	}
	return nil
}

// writeDocument writes a file, which appears as a whole or stays as it was.
func (p *program) writeDocument(name string, encode func(io.Writer) error) error {
	if name == dash {
		return encode(p.stdout)
	}
	to, err := placeOf(name)
	if err != nil {
		return err
	}
	if to.direct {
		f, err := os.OpenFile(to.path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(encode(f), f.Close())
	}
	f, err := temporary(to)
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // only of account where something fails
	err = encode(f)
	if err == nil && to.mode != 0 {
		err = f.Chmod(to.mode)
	}
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), to.path)
}

// temporary opens a new file beside a place, with the permissions that the person's umask leaves to new files.
func temporary(to place) (*os.File, error) {
	for {
		name := filepath.Join(filepath.Dir(to.path), fmt.Sprintf(".kreds-%016x", rand.Uint64()))
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}
