package caldav

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"kreds/calendar"
	"kreds/calendar/ics"
)

var calendarProps = []property{
	{nsDAV, "resourcetype"}, {nsDAV, "displayname"}, {nsDAV, "current-user-privilege-set"},
	{nsCalDAV, "supported-calendar-component-set"}, {nsCalDAV, "schedule-calendar-transp"},
	{nsCalDAV, "calendar-timezone-id"}, {nsCalDAV, "calendar-timezone"},
}

// Calendars lists the calendars of all home sets that may hold events, each once, ordered by their URL, and the one that the
// account's URL named, if it did.
func (a *account) Calendars(ctx context.Context) ([]calendar.Info, error) {
	found := map[string]calendar.Info{}
	note := func(base *url.URL, m *member) error {
		u, err := resolve(base, m.href)
		if err != nil {
			return nil // one that cannot be named cannot be asked either, and hides no other
		}
		info, ok := describe(u, m)
		if _, twice := found[canonical(u)]; ok && !twice {
			found[canonical(u)] = info
		}
		return nil
	}
	for _, home := range a.homes {
		if err := a.propfind(ctx, home, "1", calendarProps, note); err != nil {
			return nil, fmt.Errorf("caldav: the list of calendars: %w", err)
		}
	}
	if a.single != nil {
		if err := a.propfind(ctx, a.single, "0", calendarProps, note); err != nil {
			return nil, fmt.Errorf("caldav: the calendar that was given: %w", err)
		}
	}
	list := make([]calendar.Info, 0, len(found))
	for _, info := range found {
		list = append(list, info)
	}
	slices.SortFunc(list, func(x, y calendar.Info) int { return cmp.Compare(x.Ref, y.Ref) })
	return list, nil
}

// describe reads what a server says of a collection; ok is false for what is no calendar or holds no events.
func describe(u *url.URL, m *member) (info calendar.Info, ok bool) {
	kind := m.prop(nsDAV, "resourcetype")
	if kind.child(nsCalDAV, "calendar") == nil {
		return info, false
	}
	for _, k := range kind.kids {
		if k.name.Local == "deleted-calendar" { // what Nextcloud keeps in its bin
			return info, false
		}
	}
	if set := m.prop(nsCalDAV, "supported-calendar-component-set"); set != nil && len(set.kids) > 0 && !holdsEvents(set) {
		return info, false
	}
	return calendar.Info{
		Ref:         asCollection(u).String(),
		Name:        m.prop(nsDAV, "displayname").value(),
		TimeZone:    zoneOf(m),
		Writable:    writable(m.prop(nsDAV, "current-user-privilege-set")),
		Transparent: m.prop(nsCalDAV, "schedule-calendar-transp").child(nsCalDAV, "transparent") != nil,
	}, true
}

// zoneOf is the IANA name of the calendar's zone (RFC 7809 §5.2, RFC 4791 §5.2.2), "" if it names none that is known.
func zoneOf(m *member) string {
	if name, ok := ics.ZoneName(m.prop(nsCalDAV, "calendar-timezone-id").value()); ok {
		return name
	}
	if zone := m.prop(nsCalDAV, "calendar-timezone").value(); zone != "" {
		return ics.CalendarZone([]byte(zone))
	}
	return ""
}

func holdsEvents(set *node) bool {
	for _, comp := range set.kids {
		if strings.EqualFold(comp.attr("name"), "VEVENT") {
			return true
		}
	}
	return false
}

// writable reads the privileges (RFC 3744 §5.4). A server that does not tell them is taken to allow writing; the first
// attempt shows.
func writable(privileges *node) bool {
	if privileges == nil {
		return true
	}
	for _, p := range privileges.kids {
		for _, may := range []string{"all", "write", "write-content", "bind"} {
			if p.child(nsDAV, may) != nil {
				return true
			}
		}
	}
	return false
}
