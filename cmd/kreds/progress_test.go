package main

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"kreds/scheduling"
	"kreds/scheduling/solve"
)

func TestProgressInALog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b bytes.Buffer
		p := watchSearch(&b, false)
		time.Sleep(inLog + time.Second)
		p.note(solve.Progress{Iterations: 70, Score: scheduling.Score{Medium: 1, Soft: 300}})
		p.note(solve.Progress{Iterations: 900, Score: scheduling.Score{Soft: 210}})
		time.Sleep(inLog)
		p.stop()
		want := "   5s  making the first plan\n  10s  900 iterations, best so far: hard 0, medium 0, soft 210\n"
		if diff := cmp.Diff(want, b.String()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// On a terminal each line covers the one before it, and the last is wiped away.
func TestProgressOnATerminal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b bytes.Buffer
		p := watchSearch(&b, true)
		for _, n := range []int{123456, 7} {
			p.note(solve.Progress{Iterations: n})
			time.Sleep(onTerminal + time.Millisecond)
			synctest.Wait()
			if line := screen(b.String()); !strings.Contains(line, " 0s  ") || strings.TrimRight(line, " ") != strings.TrimRight(line[:min(len(line), 80)], " ") {
				t.Errorf("the terminal shows %q", line)
			}
		}
		if got, want := strings.TrimRight(screen(b.String()), " "), "   0s  7 iterations, best so far: hard 0, medium 0, soft 0"; got != want {
			t.Errorf("the terminal shows %q, want %q", got, want)
		}
		p.stop()
		if got := strings.TrimRight(screen(b.String()), " "); got != "" || strings.Contains(b.String(), "\n") || !strings.HasSuffix(b.String(), "\r") {
			t.Errorf("in the end the terminal shows %q, after %q", got, b.String())
		}
	})
}

// screen is the line of a terminal after these bytes.
func screen(written string) string {
	var line []rune
	at := 0
	for _, r := range written {
		if r == '\r' {
			at = 0
			continue
		}
		if at == len(line) {
			line = append(line, r)
		}
		line[at] = r
		at++
	}
	return string(line)
}
