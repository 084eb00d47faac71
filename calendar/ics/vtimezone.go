package ics

import (
	"fmt"
	"strings"
	"time"

	"github.com/emersion/go-ical"
)

// transition is a change of offset in a zone.
type transition struct {
	wall     time.Time // the clock at which it comes, before the change, as UTC
	from, to int       // seconds east of UTC
	name     string
	dst      bool
}

// vtimezone writes what the zone database says of a zone in those years, both included (RFC 5545 §3.6.5). A change that comes
// every year on the same day of the week becomes a rule and is good for ever; other changes are listed.
func vtimezone(name string, loc *time.Location, fromYear, toYear int) *ical.Component {
	zone := ical.NewComponent(ical.CompTimezone)
	setText(zone, ical.PropTimezoneID, name)

	type key struct {
		from, to int
		name     string
		dst      bool
	}
	var order []key
	groups := map[key][]time.Time{}
	for _, t := range transitions(loc, fromYear, toYear) {
		k := key{t.from, t.to, t.name, t.dst}
		if groups[k] == nil {
			order = append(order, k)
		}
		groups[k] = append(groups[k], t.wall)
	}
	for _, k := range order {
		kind := ical.CompTimezoneStandard
		if k.dst {
			kind = ical.CompTimezoneDaylight
		}
		walls := groups[k]
		c := ical.NewComponent(kind)
		set := func(name, value string) {
			p := ical.NewProp(name)
			p.Value = value
			c.Props.Set(p)
		}
		set(ical.PropDateTimeStart, walls[0].Format("20060102T150405"))
		set(ical.PropTimezoneOffsetFrom, offsetText(k.from))
		set(ical.PropTimezoneOffsetTo, offsetText(k.to))
		setText(c, ical.PropTimezoneName, k.name)
		if rule, ok := yearlyRule(walls, toYear); ok {
			set(ical.PropRecurrenceRule, rule)
		} else if len(walls) > 1 {
			var dates []string
			for _, w := range walls[1:] {
				dates = append(dates, w.Format("20060102T150405"))
			}
			set(ical.PropRecurrenceDates, strings.Join(dates, ","))
		}
		zone.Children = append(zone.Children, c)
	}
	return zone
}

// transitions of a zone in those years, with the last one before them: what is in force when they begin. A zone that has
// never changed has one at 1970.
func transitions(loc *time.Location, fromYear, toYear int) (out []transition) {
	at, _ := time.Date(fromYear, 1, 1, 0, 0, 0, 0, time.UTC).In(loc).ZoneBounds()
	if at.IsZero() {
		at = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	end := time.Date(toYear+1, 1, 1, 0, 0, 0, 0, time.UTC)
	for !at.IsZero() && at.Before(end) {
		name, to := at.In(loc).Zone()
		_, from := at.Add(-time.Second).In(loc).Zone()
		out = append(out, transition{at.UTC().Add(time.Duration(from) * time.Second), from, to, name, at.In(loc).IsDST()})
		_, at = at.In(loc).ZoneBounds()
	}
	return out
}

// yearlyRule finds the rule by which a change comes each year, at least up to the last year and at least five times.
func yearlyRule(walls []time.Time, lastYear int) (string, bool) {
	first := walls[0]
	if len(walls) < 5 || walls[len(walls)-1].Year() != lastYear {
		return "", false
	}
	nth, last := true, true
	for i, w := range walls {
		if w.Year() != first.Year()+i || w.Month() != first.Month() || w.Weekday() != first.Weekday() ||
			w.Hour() != first.Hour() || w.Minute() != first.Minute() || w.Second() != first.Second() {
			return "", false
		}
		nth = nth && (w.Day()-1)/7 == (first.Day()-1)/7
		last = last && w.Day()+7 > daysIn(w.Year(), w.Month())
	}
	n := (first.Day()-1)/7 + 1
	if last {
		n = -1
	} else if !nth {
		return "", false
	}
	day := strings.ToUpper(first.Weekday().String()[:2])
	return fmt.Sprintf("FREQ=YEARLY;BYMONTH=%d;BYDAY=%d%s", first.Month(), n, day), true
}

// offsetText is a UTC-OFFSET (RFC 5545 §3.3.14).
func offsetText(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	s := fmt.Sprintf("%c%02d%02d", sign, seconds/3600, seconds/60%60)
	if seconds%60 != 0 {
		s += fmt.Sprintf("%02d", seconds%60)
	}
	return s
}
