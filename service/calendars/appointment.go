package calendars

import (
	"slices"
	"time"

	"kreds/calendar"
	"kreds/supervision"
)

// stands says whether a session is to stand in a person's calendar: while they have a part in it and it takes their time, or
// took it.
func stands(s supervision.Shown) bool { return !s.Absent && s.State.Standing() }

// appointment is the neutral event of a delivery, as it shall stand.
func appointment(d supervision.Delivery, baseURL string) calendar.Appointment {
	a := calendar.Appointment{
		UID: d.UID, Interval: calendar.Interval{Start: d.Shown.Start, End: d.Shown.End}, Sequence: d.Sequence, Status: calendar.Confirmed,
		Modified: d.ChangedAt, URL: baseURL + "/rooms/" + d.UID, InPerson: d.Shown.InPerson,
	}
	switch {
	case !stands(d.Shown):
		a.Status = calendar.Cancelled
	case d.Shown.State == supervision.OnHold:
		a.Status = calendar.TentativeStatus
	}
	return a
}

// moved says whether an event of ours stands at another time than any that we may have written: its owner has moved it.
func moved(d supervision.Delivery, f calendar.Found) bool {
	at := func(s supervision.Shown) bool {
		return s.Start.Truncate(time.Second).Equal(f.Interval.Start) && s.End.Truncate(time.Second).Equal(f.Interval.End)
	}
	return !at(d.Shown) && !slices.ContainsFunc(d.Past, at)
}
