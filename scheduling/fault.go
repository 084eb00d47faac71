package scheduling

import (
	"fmt"
	"strconv"
	"strings"
)

// MaxFaults is how many faults a refusal names at most.
const MaxFaults = 20

// Fault is one thing that is wrong with the form of a document.
type Fault struct {
	Pointer  string // RFC 6901, "" is the whole document
	Sentence string
}

// Faults is the refusal of a document: all its faults, MaxFaults at most. Decode, DecodePlan and the Validate methods give it
// as their error.
type Faults []Fault

// Error gives one line for each fault.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, fault := range f {
		at := fault.Pointer
		if at == "" {
			at = "document"
		}
		lines[i] = at + ": " + fault.Sentence
	}
	return "scheduling: " + strings.Join(lines, "\n")
}

// err is nil when there is no fault.
func (f Faults) err() error {
	if len(f) == 0 {
		return nil
	}
	return f
}

// full says that no more faults are wanted.
func (f Faults) full() bool { return len(f) >= MaxFaults }

func (f *Faults) add(pointer, format string, args ...any) {
	if !f.full() {
		*f = append(*f, Fault{pointer, fmt.Sprintf(format, args...)})
	}
}

// quoted shows a foreign value in a sentence, at most 40 bytes of it.
func quoted(s string) string { return fmt.Sprintf("%.40q", s) }

// under gives the pointer of a member.
func under(pointer, name string) string {
	if strings.ContainsAny(name, "~/") {
		name = strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
	}
	return pointer + "/" + name
}

// item gives the pointer of an element of a list.
func item(pointer string, i int) string { return pointer + "/" + strconv.Itoa(i) }
