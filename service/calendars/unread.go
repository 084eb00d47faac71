package calendars

import (
	"fmt"

	"kreds/calendar"
)

// patience is after how many failures in a row an object that the service still does not give is taken for unreadable, so
// that one that is broken for good does not hide all others.
const patience = 3

// maxEvents of one calendar.
const maxEvents = 50_000

// withheld says of an object that is kept whether the service did not give it when it was last asked for.
func withheld(o calendar.Object) bool { return o.Fault != "" && o.ETag == "" }

// newlyWithheld is the error of a delta in which the service does not give what it gave before, or what is new: nothing is
// known of when that is, and the service may give it a moment later. What it has not given for long is no news.
func newlyWithheld(had []calendar.Object, d calendar.Delta) error {
	broken := map[string]bool{}
	for _, o := range had {
		broken[o.Href] = o.Fault != ""
	}
	n := 0
	for _, href := range d.Unread {
		if !broken[href] {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return fmt.Errorf("calendars: %d objects are not given: %w", n, calendar.ErrTransient)
}

// remember gives objects that cannot be read what was last read of them.
func remember(had, now []calendar.Object) {
	last := make(map[string]*calendar.Object, len(had))
	for i := range had {
		last[had[i].Href] = &had[i]
	}
	for i := range now {
		o := &now[i]
		was := last[o.Href]
		if o.Fault == "" || was == nil {
			continue
		}
		if o.UID == "" {
			o.UID = was.UID
		}
		if was.Last != nil {
			was = was.Last
		}
		if len(was.Events) > 0 {
			o.Last = &calendar.Object{UID: was.UID, Events: was.Events, Zones: was.Zones}
		}
	}
}

func countEvents(objects []calendar.Object) (n int) {
	for _, o := range objects {
		n += len(o.Events)
	}
	return n
}
