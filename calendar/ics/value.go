package ics

import (
	"fmt"
	"strings"
	"time"

	"github.com/emersion/go-ical"

	"kreds/calendar"
)

// parseMoments reads a comma list of DATE and DATE-TIME values (RFC 5545 §3.3.4, §3.3.5). The form is taken from how a value
// is written, because many programs leave out VALUE=DATE. Values that cannot be read are left out and counted.
func parseMoments(p ical.Prop) (out []calendar.Moment, bad int) {
	for v := range strings.SplitSeq(p.Value, ",") {
		if m, err := parseMoment(v, p.Params.Get("TZID")); err == nil {
			out = append(out, m)
		} else if strings.TrimSpace(v) != "" {
			bad++
		}
	}
	return out, bad
}

// parsePeriods reads a comma list of DATE, DATE-TIME and PERIOD values (RFC 5545 §3.3.9).
func parsePeriods(p ical.Prop) (out []calendar.Period, bad int) {
	tzid := p.Params.Get("TZID")
	for v := range strings.SplitSeq(p.Value, ",") {
		first, second, isPeriod := strings.Cut(v, "/")
		start, err := parseMoment(first, tzid)
		period := calendar.Period{Start: start}
		if err == nil && isPeriod {
			if d, e := parseDuration(second); e == nil {
				period.Duration = &d
			} else if m, e := parseMoment(second, tzid); e == nil {
				period.End = &m
			} else {
				err = e
			}
		}
		if err == nil {
			out = append(out, period)
		} else if strings.TrimSpace(v) != "" {
			bad++
		}
	}
	return out, bad
}

// parseMoment reads one DATE or DATE-TIME value: 20260320, 20260320T090000, 20260320T090000Z. Seconds may be missing; second
// 60 is 59 (RFC 5545 §3.3.12), 24:00:00 is midnight, and a date with a Z is a date.
func parseMoment(s, tzid string) (calendar.Moment, error) {
	s = strings.ToUpper(strings.TrimSpace(s))
	bad := fmt.Errorf("no DATE or DATE-TIME of RFC 5545")
	s, zulu := strings.CutSuffix(s, "Z")
	date, clock, timed := strings.Cut(s, "T")
	if len(date) != 8 || timed && len(clock) != 6 && len(clock) != 4 {
		return calendar.Moment{}, bad
	}
	var w calendar.Wall
	month := 0
	if !digits(date[:4], &w.Year) || !digits(date[4:6], &month) || !digits(date[6:], &w.Day) {
		return calendar.Moment{}, bad
	}
	if w.Month = time.Month(month); w.Year < 1 || month < 1 || month > 12 || w.Day < 1 || w.Day > daysIn(w.Year, w.Month) {
		return calendar.Moment{}, bad
	}
	if !timed {
		return calendar.Moment{Wall: w, Form: calendar.Date}, nil
	}
	if !digits(clock[:2], &w.Hour) || !digits(clock[2:4], &w.Min) || len(clock) == 6 && !digits(clock[4:], &w.Sec) {
		return calendar.Moment{}, bad
	}
	if w.Hour > 24 || w.Min > 59 || w.Sec > 60 || w.Hour == 24 && w.Min+w.Sec > 0 {
		return calendar.Moment{}, bad
	}
	w.Sec = min(w.Sec, 59)
	if w.Hour == 24 {
		w = wallOf(asUTC(w))
	}
	m := calendar.Moment{Wall: w, Form: calendar.Floating}
	switch tzid = cleanTZID(tzid); {
	case zulu:
		m.Form = calendar.UTC
	case tzid != "":
		m.Form, m.TZID = calendar.Zoned, tzid
	}
	return m, nil
}

// parseDuration reads a DURATION value (RFC 5545 §3.3.6) that is not negative, of at most a hundred years. Weeks may stand
// beside days, and a T without a time is let pass.
func parseDuration(s string) (calendar.Duration, error) {
	bad := fmt.Errorf("no DURATION of RFC 5545")
	s = strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(s)), "+")
	s, ok := strings.CutPrefix(s, "P")
	if !ok || s == "" || s == "T" {
		return calendar.Duration{}, bad
	}
	var d calendar.Duration
	inTime := false
	for s != "" {
		if s[0] == 'T' && !inTime {
			inTime, s = true, s[1:]
			continue
		}
		i := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' })
		n := 0
		if i < 1 || i > 10 || !digits(s[:i], &n) {
			return calendar.Duration{}, bad
		}
		unit := s[i]
		s = s[i+1:]
		switch {
		case unit == 'W' && !inTime:
			d.Days += 7 * n
		case unit == 'D' && !inTime:
			d.Days += n
		case unit == 'H' && inTime:
			d.Exact += time.Duration(n) * time.Hour
		case unit == 'M' && inTime:
			d.Exact += time.Duration(n) * time.Minute
		case unit == 'S' && inTime:
			d.Exact += time.Duration(n) * time.Second
		default:
			return calendar.Duration{}, bad
		}
		if n > 4e9 || d.Days > 36525 || d.Exact > 36525*24*time.Hour || d.Exact < 0 {
			return calendar.Duration{}, bad
		}
	}
	return d, nil
}

// parseOffset reads a UTC-OFFSET value (RFC 5545 §3.3.14) as seconds east of UTC: +0100, -0330, +013000.
func parseOffset(s string) (int, error) {
	s = strings.TrimSpace(s)
	var h, m, sec int
	if len(s) != 5 && len(s) != 7 || s[0] != '+' && s[0] != '-' || !digits(s[1:3], &h) || !digits(s[3:5], &m) ||
		len(s) == 7 && !digits(s[5:], &sec) || h > 23 || m > 59 || sec > 59 {
		return 0, fmt.Errorf("no UTC-OFFSET of RFC 5545")
	}
	o := h*3600 + m*60 + sec
	if s[0] == '-' {
		o = -o
	}
	return o, nil
}

// digits reads s, which must be ASCII digits and nothing else.
func digits(s string, n *int) bool {
	*n = 0
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
		*n = *n*10 + int(c-'0')
	}
	return s != ""
}

// cleanTZID drops quotes and spaces around a TZID, and cuts it to a length that no zone needs.
func cleanTZID(s string) string {
	s = strings.Trim(strings.TrimSpace(s), `"' `)
	if len(s) > maxText {
		s = strings.ToValidUTF8(s[:maxText], "")
	}
	return s
}

// asUTC is the wall clock as an instant of UTC: the line on which walls are compared and counted.
func asUTC(w calendar.Wall) time.Time {
	return time.Date(w.Year, w.Month, w.Day, w.Hour, w.Min, w.Sec, 0, time.UTC)
}

// wallOf is the opposite of asUTC.
func wallOf(t time.Time) calendar.Wall { return calendar.WallOf(t.UTC()) }

func daysIn(year int, month time.Month) int {
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}
