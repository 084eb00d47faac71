package jobs_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
)

// logbook keeps what is logged.
type logbook struct {
	mu   sync.Mutex
	said []string
}

func (l *logbook) Enabled(context.Context, slog.Level) bool { return true }

func (l *logbook) Handle(_ context.Context, r slog.Record) error {
	line := r.Message
	r.Attrs(func(a slog.Attr) bool {
		line += fmt.Sprintf(" %s=%v", a.Key, a.Value)
		return true
	})
	l.mu.Lock()
	defer l.mu.Unlock()
	l.said = append(l.said, line)
	return nil
}

func (l *logbook) WithAttrs([]slog.Attr) slog.Handler { return l }
func (l *logbook) WithGroup(string) slog.Handler      { return l }

func (l *logbook) lines() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.said)
}

func (l *logbook) count(message string) (n int) {
	for _, line := range l.lines() {
		if strings.HasPrefix(line, message) {
			n++
		}
	}
	return n
}

func (l *logbook) contains(text string) bool {
	return slices.ContainsFunc(l.lines(), func(line string) bool { return strings.Contains(line, text) })
}
