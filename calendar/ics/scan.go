package ics

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
)

// part is a VEVENT, VFREEBUSY or VTIMEZONE cut out of a stream: the lines that time needs, nested at most once.
type part struct {
	name     string
	lines    []string
	lost     []string // names of lines that time needs and that are broken
	unclosed bool
}

// The lines that are kept of each component. What is not named here is not looked at again.
var kept = map[string]map[string]bool{
	"VEVENT": set("UID", "SEQUENCE", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "TRANSP", "STATUS",
		"ATTENDEE", "X-MICROSOFT-CDO-BUSYSTATUS"),
	"VFREEBUSY": set("UID", "FREEBUSY"),
	"VTIMEZONE": set("TZID", "X-LIC-LOCATION"),
	"STANDARD":  set("DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE", "RDATE"),
	"DAYLIGHT":  set("DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE", "RDATE"),
}

// Components that stand in a VCALENDAR and nowhere else: where one begins, whatever is still open has lost its END.
var topLevel = set("VEVENT", "VTIMEZONE", "VTODO", "VJOURNAL", "VFREEBUSY", "VAVAILABILITY")

func set(names ...string) map[string]bool {
	m := make(map[string]bool, len(names))
	for _, n := range names {
		m[n] = true
	}
	return m
}

// scanner cuts a stream into parts without recursion.
type scanner struct {
	limits Limits
	emails []string // the owner's, in lower case
	take   func(part)
	zone   func(tzid string)

	open      []string // the components that are open, VCALENDAR first
	deep      int      // components open beyond Limits.Depth
	part      *part
	calendars int
	tooDeep   bool
	badLines  int
}

// scan reads all of data. cut is true when a VCALENDAR has lost its END, as it has when the stream broke off, or a component
// in it its BEGIN.
func (s *scanner) scan(data []byte) (cut bool) {
	in := newLines(data)
	for {
		line, ok := in.next()
		if !ok {
			break
		}
		name, value, ok := split(line)
		if !ok || in.cut && s.keeps(name) {
			s.badLines++
			s.lose(beginning(line))
			continue
		}
		switch name {
		case "BEGIN":
			if s.begin(strings.ToUpper(clean(value))) {
				cut = true
			}
		case "END":
			if s.end(strings.ToUpper(clean(value))) {
				cut = true
			}
		default:
			s.line(name, line, value)
		}
	}
	cut = cut || len(s.open) > 0
	s.close(0)
	return cut
}

// begin opens a component. cut says that a VCALENDAR began inside of another.
func (s *scanner) begin(name string) (cut bool) {
	switch {
	case name == "VCALENDAR":
		cut = len(s.open) > 0
		s.close(0)
		s.calendars++
	case len(s.open) > 0 && s.open[0] == "VCALENDAR" && topLevel[name]:
		s.close(1)
	}
	if len(s.open) >= s.limits.Depth {
		s.deep++
		s.tooDeep = true
		return cut
	}
	s.open = append(s.open, name)
	switch {
	case len(s.open) == 2 && s.open[0] == "VCALENDAR" && kept[name] != nil && topLevel[name]:
		s.part = &part{name: name}
	case s.inObservance():
		s.part.lines = append(s.part.lines, "BEGIN:"+name)
	}
	return cut
}

// end closes a component and those inside of it that have lost their END. An END without a BEGIN is nothing; headless says
// that it ends what time needs, so that something was there.
func (s *scanner) end(name string) (headless bool) {
	if s.deep > 0 {
		s.deep--
		return false
	}
	i := len(s.open) - 1
	for i >= 0 && s.open[i] != name {
		i--
	}
	if i < 0 {
		s.badLines++
		return topLevel[name] && kept[name] != nil
	}
	s.close(i + 1)
	if s.inObservance() {
		s.part.lines = append(s.part.lines, "END:"+name)
	}
	if i == 1 && s.part != nil {
		s.take(*s.part)
		s.part = nil
	}
	s.open = s.open[:i]
	return false
}

// close drops the open components from the i-th on; a part among them is unclosed.
func (s *scanner) close(i int) {
	s.deep = 0
	for len(s.open) > i {
		if s.inObservance() {
			s.part.lines = append(s.part.lines, "END:"+s.open[2])
		}
		if len(s.open) == 2 && s.part != nil {
			s.part.unclosed = true
			s.take(*s.part)
			s.part = nil
		}
		s.open = s.open[:len(s.open)-1]
	}
}

// inObservance says whether the innermost open component is a STANDARD or DAYLIGHT of a VTIMEZONE that is kept.
func (s *scanner) inObservance() bool {
	return s.part != nil && s.part.name == "VTIMEZONE" && len(s.open) == 3 && (s.open[2] == "STANDARD" || s.open[2] == "DAYLIGHT")
}

// line keeps a content line of the innermost open component, if time needs it.
func (s *scanner) line(name string, line, value []byte) {
	if s.deep > 0 || len(s.open) == 0 {
		return
	}
	in := s.open[len(s.open)-1]
	switch {
	case in == "VCALENDAR" && len(s.open) == 1:
		if name == "X-WR-TIMEZONE" {
			s.zone(clean(value))
		}
		return
	case !s.keeps(name):
		return
	case name == "ATTENDEE" && !s.own(line):
		return
	}
	text := clean(line)
	if strings.Contains(text, "://") {
		text = unquoted.ReplaceAllString(text, `$1;TZID="$2":`)
	}
	s.part.lines = append(s.part.lines, text)
}

// keeps says whether time needs the lines of that name in the innermost open component.
func (s *scanner) keeps(name string) bool {
	n := len(s.open)
	return s.deep == 0 && s.part != nil && n > 0 && kept[s.open[n-1]][name] && (n < 3 || n == 3 && s.inObservance())
}

// lose notes that a line of that name is broken, if time needs it: what it said must not look like nothing.
func (s *scanner) lose(name string) {
	if s.keeps(name) && len(s.part.lost) < len(kept["VEVENT"]) && !slices.Contains(s.part.lost, name) {
		s.part.lost = append(s.part.lost, name)
	}
}

// unquoted is the head of a line whose TZID is a URI without the quotes that it needs, as Outlook writes tzone://Microsoft/Utc.
var unquoted = regexp.MustCompile(`^([^":]*);TZID=([A-Za-z]+://[^":;]*):`)

// own says whether a line names one of the owner's addresses.
func (s *scanner) own(line []byte) bool {
	lower := string(bytes.ToLower(line))
	return slices.ContainsFunc(s.emails, func(e string) bool { return strings.Contains(lower, e) })
}
