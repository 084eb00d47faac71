package ics

import (
	"bytes"
	"slices"
	"strings"

	"kreds/calendar"
)

// What an event of ours says by our word alone, whatever its owner writes there: when it is, its state and its link.
var ours = set("UID", "DTSTAMP", "LAST-MODIFIED", "DTSTART", "DTEND", "DURATION", "SEQUENCE", "STATUS", "URL",
	"RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID")

// What we write once and is its owner's to change from then on. LOCATION is theirs where it is no word of ours.
var theirs = set("SUMMARY", "TRANSP", "LOCATION")

// OverlayAppointment writes a session over the object that stands under its UID. Its time, its state and its link become
// those of the session. What else stands there is kept line by line, as it is folded: the title that its owner has given
// it, alarms, categories, and whatever other programs keep in it. Where the object cannot be taken apart, or what comes
// of it does not mean the session, the result is that of EncodeAppointment, and it fails as that does.
func OverlayAppointment(standing []byte, a calendar.Appointment) ([]byte, error) {
	fresh, err := EncodeAppointment(a)
	if err != nil {
		return nil, err
	}
	written, ok := overlay(contentLines(standing), contentLines(fresh), a.UID)
	if !ok {
		return fresh, nil
	}
	if f, err := DecodeFound(written, a.UID); err != nil || !Same(a, f) {
		return fresh, nil
	}
	return written, nil
}

// contentLine is a line as it stands in a stream and as it reads.
type contentLine struct {
	name  string // upper case
	value string
	raw   []byte // folded as it was, with its end
}

// contentLines takes a stream apart. Lines without a name are kept too.
func contentLines(data []byte) (list []contentLine) {
	for in := newLines(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))); len(in.rest) > 0; {
		part := in.physical()
		raw, text := append(slices.Clone(part), '\r', '\n'), slices.Clone(part)
		for len(in.rest) > 0 && (in.rest[0] == ' ' || in.rest[0] == '\t') {
			part = in.physical()
			raw, text = append(append(raw, part...), '\r', '\n'), append(text, part[1:]...)
		}
		if len(bytes.TrimSpace(text)) == 0 {
			continue
		}
		l := contentLine{raw: raw}
		if end := bytes.IndexAny(text, ";:"); end > 0 {
			l.name = strings.ToUpper(strings.TrimSpace(string(text[:end])))
		}
		if _, value, ok := split(text); ok {
			l.value = clean(value)
		}
		list = append(list, l)
	}
	return list
}

// overlay puts the event of fresh in the place of the one of that UID. Instances that replace one of a recurrence have no
// place beside it. ok is false when the event is not there just once, or components do not end as they begin.
func overlay(standing, fresh []contentLine, uid string) (written []byte, ok bool) {
	begin := slices.IndexFunc(fresh, func(l contentLine) bool { return l.begins("VEVENT") })
	fresh = fresh[begin+1 : len(fresh)-2]
	var open []string
	var event []contentLine
	found := 0
	for _, l := range standing {
		switch l.name {
		case "BEGIN":
			open = append(open, strings.ToUpper(l.value))
		case "END":
			if len(open) == 0 || open[len(open)-1] != strings.ToUpper(l.value) {
				return nil, false
			}
			open = open[:len(open)-1]
		}
		inside := len(open) >= 2 && open[1] == "VEVENT"
		switch {
		case inside:
			event = append(event, l)
		case event != nil: // its END
			switch id, instance := identity(event); {
			case id != uid:
				for _, e := range append(event, l) {
					written = append(written, e.raw...)
				}
			case !instance:
				found++
				written = append(written, over(event, fresh)...)
				written = append(written, l.raw...)
			}
			event = nil
		case len(open) == 1 && l.name == "METHOD": // not in an object of a calendar (RFC 4791 §4.1)
		default:
			written = append(written, l.raw...)
		}
	}
	return written, found == 1 && len(open) == 0
}

// begins says whether the line begins such a component.
func (l contentLine) begins(component string) bool {
	return l.name == "BEGIN" && strings.EqualFold(l.value, component)
}

// identity is the UID of an event, and whether it replaces one instance of a recurrence.
func identity(event []contentLine) (uid string, instance bool) {
	walk(event, func(l contentLine, own bool) {
		switch {
		case own && l.name == "UID":
			uid = clean([]byte(unescape.Replace(l.value)))
		case own && l.name == "RECURRENCE-ID":
			instance = true
		}
	})
	return uid, instance
}

// over is an event, from its BEGIN on and without its END, with the lines of fresh in it.
func over(event, fresh []contentLine) (written []byte) {
	kept := map[string]bool{}
	var rest []byte
	walk(event, func(l contentLine, own bool) {
		if own && (ours[l.name] || l.name == "LOCATION" && l.value == inPerson) {
			return
		}
		kept[l.name] = kept[l.name] || own
		rest = append(rest, l.raw...)
	})
	written = slices.Clone(event[0].raw)
	for _, l := range fresh {
		if !theirs[l.name] || !kept[l.name] {
			written = append(written, l.raw...)
		}
	}
	return append(written, rest...)
}

// walk visits the lines after the BEGIN of an event; own says of each that it is the event's, and not that of a component
// inside of it.
func walk(event []contentLine, visit func(l contentLine, own bool)) {
	depth := 0
	for _, l := range event[1:] {
		if l.name == "BEGIN" {
			depth++
		}
		visit(l, depth == 0)
		if l.name == "END" {
			depth--
		}
	}
}
