package ics

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"kreds/calendar"
)

// freq is the FREQ of a rule that is expanded. MINUTELY and SECONDLY are none: no meeting needs them, and they are the
// cheapest bombs.
type freq int

const (
	yearly freq = iota
	monthly
	weekly
	daily
	hourly
)

var freqs = map[string]freq{"YEARLY": yearly, "MONTHLY": monthly, "WEEKLY": weekly, "DAILY": daily, "HOURLY": hourly}

var weekdays = map[string]time.Weekday{"SU": 0, "MO": 1, "TU": 2, "WE": 3, "TH": 4, "FR": 5, "SA": 6}

// rule is a recurrence rule (RFC 5545 §3.3.10) that can be expanded.
type rule struct {
	freq     freq
	interval int
	count    int              // 0: no COUNT
	until    *calendar.Moment // nil: no UNTIL
	wkst     time.Weekday

	months, weeks, yearDays, monthDays, hours, minutes, seconds, setPos []int // sorted, each value once
	days                                                                []weekdayNum
}

// weekdayNum is a BYDAY entry: the n-th such day of the month or year, from its end if negative, and every one if 0.
type weekdayNum struct {
	n   int
	day time.Weekday
}

// The bounds of rules that are expanded.
const (
	maxList     = 31     // entries of a BY part; BYSETPOS: maxSetPos
	maxSetPos   = 366    // entries of BYSETPOS
	maxTimes    = 366    // times of a day, or of an hour
	maxCount    = 10_000 // COUNT
	maxInterval = 10_000 // INTERVAL
)

// parseRule reads a rule as cleanRule leaves it. What RFC 5545 forbids, what RFC 7529 adds and what costs too much is an
// error.
func parseRule(s string) (*rule, error) {
	r := &rule{freq: -1, interval: 1, wkst: time.Monday}
	seen := map[string]bool{}
	for part := range strings.SplitSeq(s, ";") {
		name, value, ok := strings.Cut(part, "=")
		if !ok || seen[name] {
			return nil, fmt.Errorf("a recurrence rule with the part %q", part)
		}
		seen[name] = true
		if err := r.part(name, value); err != nil {
			return nil, fmt.Errorf("a recurrence rule with the part %q: %w", part, err)
		}
	}
	switch numbered := slices.ContainsFunc(r.days, func(d weekdayNum) bool { return d.n != 0 }); {
	case r.freq < 0:
		return nil, fmt.Errorf("a recurrence rule without FREQ")
	case r.count > 0 && r.until != nil:
		return nil, fmt.Errorf("a recurrence rule with both COUNT and UNTIL")
	case r.weeks != nil && (r.freq != yearly || numbered):
		return nil, fmt.Errorf("a recurrence rule with BYWEEKNO where it has no meaning")
	case r.setPos != nil && r.months == nil && r.weeks == nil && r.yearDays == nil && r.monthDays == nil && r.days == nil &&
		r.hours == nil && r.minutes == nil && r.seconds == nil:
		return nil, fmt.Errorf("a recurrence rule with BYSETPOS alone")
	case max(1, len(r.hours))*max(1, len(r.minutes))*max(1, len(r.seconds)) > maxTimes:
		return nil, fmt.Errorf("a recurrence rule with more than %d times a day", maxTimes)
	}
	return r, nil
}

func (r *rule) part(name, value string) (err error) {
	list := func(to *[]int, low, high int, zero bool, most int) {
		*to, err = intList(value, low, high, zero, most)
	}
	number := func(to *int, high int) {
		if !digits(value, to) || len(value) > 10 || *to < 1 || *to > high {
			err = fmt.Errorf("want a number from 1 to %d", high)
		}
	}
	switch name {
	case "FREQ":
		f, ok := freqs[value]
		if !ok {
			return fmt.Errorf("not expanded")
		}
		r.freq = f
	case "INTERVAL":
		number(&r.interval, maxInterval)
	case "COUNT":
		number(&r.count, maxCount)
	case "UNTIL":
		m, e := parseMoment(value, "")
		r.until, err = &m, e
	case "WKST":
		day, ok := weekdays[value]
		if !ok {
			return fmt.Errorf("no day of the week")
		}
		r.wkst = day
	case "BYMONTH":
		list(&r.months, 1, 12, false, maxList)
	case "BYWEEKNO":
		list(&r.weeks, -53, 53, false, maxList)
	case "BYYEARDAY":
		list(&r.yearDays, -366, 366, false, maxList)
	case "BYMONTHDAY":
		list(&r.monthDays, -31, 31, false, maxList)
	case "BYHOUR":
		list(&r.hours, 0, 23, true, maxList)
	case "BYMINUTE":
		list(&r.minutes, 0, 59, true, maxList)
	case "BYSECOND":
		list(&r.seconds, 0, 60, true, maxList)
		if i := slices.Index(r.seconds, 60); i >= 0 { // a leap second is the second before it (RFC 5545 §3.3.12)
			r.seconds[i] = 59
			r.seconds = slices.Compact(r.seconds)
		}
	case "BYSETPOS":
		list(&r.setPos, -366, 366, false, maxSetPos)
	case "BYDAY":
		r.days, err = dayList(value)
	case "RSCALE": // RFC 7529 §4.1; the Gregorian scale is the one that everybody means
		if value != "GREGORIAN" {
			err = fmt.Errorf("not expanded")
		}
	case "SKIP":
		if value != "OMIT" {
			err = fmt.Errorf("not expanded")
		}
	default:
		err = fmt.Errorf("nobody knows it")
	}
	return err
}

func intList(s string, low, high int, zero bool, most int) (out []int, err error) {
	for v := range strings.SplitSeq(s, ",") {
		n, err := strconv.Atoi(v)
		if err != nil || n < low || n > high || n == 0 && !zero || len(v) > 5 {
			return nil, fmt.Errorf("want numbers from %d to %d", low, high)
		}
		out = append(out, n)
	}
	slices.Sort(out)
	if out = slices.Compact(out); len(out) > most {
		return nil, fmt.Errorf("more than %d entries", most)
	}
	return out, nil
}

func dayList(s string) (out []weekdayNum, err error) {
	for v := range strings.SplitSeq(s, ",") {
		var d weekdayNum
		day, ok := weekdays[v[max(0, len(v)-2):]]
		if n := v[:max(0, len(v)-2)]; n != "" {
			d.n, err = strconv.Atoi(n)
			ok = ok && err == nil && d.n != 0 && d.n >= -53 && d.n <= 53
		}
		if d.day = day; !ok {
			return nil, fmt.Errorf("want days such as MO, 1MO or -1MO")
		}
		if !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	if len(out) > maxList {
		return nil, fmt.Errorf("more than %d entries", maxList)
	}
	return out, nil
}

// cleanRule makes a rule as it is written the one that is meant: in upper case, without spaces, without empty parts such as
// the one after a last semicolon.
func cleanRule(s string) string {
	if len(s) > maxRule {
		return "X="
	}
	s = strings.ToUpper(strings.Join(strings.Fields(s), ""))
	parts := slices.DeleteFunc(strings.Split(strings.TrimPrefix(s, "RRULE:"), ";"), func(p string) bool { return p == "" })
	return strings.Join(parts, ";")
}

// bounds keeps of an unsupported rule what says how long it can go on, and marks it as unsupported for ever. Nothing else of
// it is kept: it may be any text.
func bounds(s string) string {
	out, steps := []string{"X="}, []string{}
	for part := range strings.SplitSeq(s, ";") {
		name, value, _ := strings.Cut(part, "=")
		var n int
		_, noMoment := parseMoment(value, "")
		switch {
		case part == "X=": // the mark of an earlier time
		case name == "UNTIL" && noMoment == nil:
			out = append(out, part)
		case name == "FREQ" && (value == "MINUTELY" || value == "SECONDLY"), (name == "INTERVAL" || name == "COUNT") && len(value) <= 4 && digits(value, &n):
			steps = append(steps, part)
		default:
			steps = append(steps, "") // a part that may stretch the steps
		}
	}
	if !slices.Contains(steps, "") {
		out = append(out, steps...)
	}
	return strings.Join(out, ";")
}

// lastOf says how long a rule that bounds has made can go on: to an UNTIL, or through a number of equal steps. ok is false if
// it may go on for ever.
func lastOf(s string) (until *calendar.Moment, after time.Duration, ok bool) {
	step, interval, count := time.Duration(0), 1, 0
	for part := range strings.SplitSeq(bounds(s), ";") {
		name, value, _ := strings.Cut(part, "=")
		switch name {
		case "UNTIL":
			if m, err := parseMoment(value, ""); err == nil {
				until = &m
			}
		case "FREQ":
			step = map[string]time.Duration{"SECONDLY": time.Second, "MINUTELY": time.Minute}[value]
		case "INTERVAL":
			digits(value, &interval)
		case "COUNT":
			digits(value, &count)
		}
	}
	after = step * time.Duration(max(interval, 1)) * time.Duration(count)
	return until, after, until != nil || after > 0
}
