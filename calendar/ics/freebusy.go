package ics

import (
	"strings"

	"kreds/calendar"
)

// freebusy reads a VFREEBUSY (RFC 5545 §3.6.4), as some programs publish it in place of events and as CalDAV servers answer a
// free-busy-query (RFC 4791 §7.10): each period is an event of its own. A period that cannot be read, and times that are
// said to be free, give none.
func (d *decoder) freebusy(p part) []vevent {
	c, lost, err := d.component(p)
	if err != nil {
		return []vevent{{fault: err}}
	}
	uid := cleanUID(text(c, "UID"))
	var out []vevent
	broken := p.unclosed || len(lost) > 0
	for _, prop := range c.Props["FREEBUSY"] {
		e := calendar.Event{}
		switch strings.ToUpper(prop.Params.Get("FBTYPE")) {
		case "FREE":
			continue
		case "BUSY-TENTATIVE":
			e.Status = calendar.TentativeStatus
		}
		periods, bad := parsePeriods(prop)
		broken = broken || bad > 0
		for _, period := range periods {
			e := e
			e.Start, e.End, e.Duration = period.Start, period.End, period.Duration
			if e.End == nil && e.Duration == nil || e.End != nil && asUTC(e.End.Wall).Before(asUTC(e.Start.Wall)) {
				broken = true
				continue
			}
			out = append(out, vevent{uid: uid, event: &e, period: true})
		}
	}
	if broken {
		out = append(out, vevent{uid: uid, fault: errBusy})
	}
	return out
}
