package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"kreds/scheduling"
	"kreds/scheduling/solve"
)

// How often a search says where it is: on a line of a terminal, and in lines of a log.
const (
	onTerminal = 200 * time.Millisecond
	inLog      = 5 * time.Second
)

// progress tells a person who waits how far a search has come.
type progress struct {
	w        io.Writer
	terminal bool // one line is overwritten
	began    time.Time
	shown    int // runes of the line that stands on the terminal

	mu   sync.Mutex
	last solve.Progress
	any  bool

	done chan struct{}
	left sync.WaitGroup
}

// watchSearch begins to tell; note takes what the search reports, and stop ends it before anything else is written.
func watchSearch(w io.Writer, terminal bool) *progress {
	p := &progress{w: w, terminal: terminal, began: time.Now(), done: make(chan struct{})}
	p.left.Go(p.tell)
	return p
}

func (p *progress) note(now solve.Progress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last, p.any = now, true
}

func (p *progress) stop() {
	close(p.done)
	p.left.Wait()
	if p.shown > 0 {
		fmt.Fprintf(p.w, "\r%s\r", strings.Repeat(" ", p.shown))
	}
}

func (p *progress) tell() {
	every := inLog
	if p.terminal {
		every = onTerminal
	}
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-p.done:
			return
		case <-ticker.C:
			p.show()
		}
	}
}

func (p *progress) show() {
	p.mu.Lock()
	last, known := p.last, p.any
	p.mu.Unlock()
	line := fmt.Sprintf("%5s  making the first plan", time.Since(p.began).Round(time.Second))
	if known {
		line = fmt.Sprintf("%5s  %d iterations, best so far: %s", time.Since(p.began).Round(time.Second), last.Iterations, scoreWords(last.Score))
	}
	if !p.terminal {
		fmt.Fprintln(p.w, line)
		return
	}
	width := len([]rune(line))
	fmt.Fprintf(p.w, "\r%s%s", line, strings.Repeat(" ", max(0, p.shown-width)))
	p.shown = width
}

// scoreWords is a score in words.
func scoreWords(s scheduling.Score) string {
	return fmt.Sprintf("hard %d, medium %d, soft %d", s.Hard, s.Medium, s.Soft)
}

// isTerminal says whether lines can be overwritten where w leads.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
