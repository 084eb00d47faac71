package davserver

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/emersion/go-ical"
	"github.com/emersion/go-webdav"
	"github.com/emersion/go-webdav/caldav"
)

// backend is the Store as go-webdav wants it: by paths, and with decoded calendars.
type backend struct {
	store  Store
	prefix string
}

var errReadOnly = webdav.NewHTTPError(http.StatusForbidden, errors.New("these calendars can only be read"))

// CurrentUserPrincipal is the path of the user's principal (RFC 5397).
func (b *backend) CurrentUserPrincipal(ctx context.Context) (string, error) {
	return b.prefix + "/" + sessionOf(ctx).user + "/", nil
}

// CalendarHomeSetPath is the folder of the user's calendars (RFC 4791 §6.2.1).
func (b *backend) CalendarHomeSetPath(ctx context.Context) (string, error) {
	return b.prefix + "/" + sessionOf(ctx).user + "/calendars/", nil
}

// split takes a path apart; a part that is not there is "".
func (b *backend) split(at string) (calendar, name string) {
	parts := strings.Split(strings.Trim(strings.TrimPrefix(at, b.prefix), "/"), "/")
	if len(parts) > 2 && parts[1] == "calendars" {
		calendar = parts[2]
	}
	if len(parts) == 4 {
		name = parts[3]
	}
	return calendar, name
}

func (b *backend) calendar(ctx context.Context, c Calendar) caldav.Calendar {
	home, _ := b.CalendarHomeSetPath(ctx)
	return caldav.Calendar{
		Path: home + c.Name + "/", Name: c.Title, MaxResourceSize: maxBody, SupportedComponentSet: []string{ical.CompEvent},
	}
}

// CreateCalendar makes a calendar.
func (b *backend) CreateCalendar(ctx context.Context, c *caldav.Calendar) error {
	w, ok := b.store.(Writer)
	if !ok {
		return errReadOnly
	}
	name, _ := b.split(c.Path)
	if name == "" {
		return webdav.NewHTTPError(http.StatusForbidden, errors.New("calendars are made in the folder of calendars"))
	}
	title := c.Name
	if title == "" {
		title = name
	}
	return httpError(w.Create(ctx, sessionOf(ctx).user, Calendar{name, title}))
}

// ListCalendars lists the user's calendars.
func (b *backend) ListCalendars(ctx context.Context) ([]caldav.Calendar, error) {
	list, err := b.store.Calendars(ctx, sessionOf(ctx).user)
	if err != nil {
		return nil, httpError(err)
	}
	out := make([]caldav.Calendar, len(list))
	for i, c := range list {
		out[i] = b.calendar(ctx, c)
	}
	return out, nil
}

// GetCalendar returns one calendar.
func (b *backend) GetCalendar(ctx context.Context, at string) (*caldav.Calendar, error) {
	name, _ := b.split(at)
	list, err := b.store.Calendars(ctx, sessionOf(ctx).user)
	if err != nil {
		return nil, httpError(err)
	}
	for _, c := range list {
		if c.Name == name {
			found := b.calendar(ctx, c)
			return &found, nil
		}
	}
	return nil, httpError(ErrNotFound)
}

func (b *backend) object(ctx context.Context, calendar string, o Object) (*caldav.CalendarObject, error) {
	data, err := decode(o.Data)
	if err != nil {
		return nil, err
	}
	home, _ := b.CalendarHomeSetPath(ctx)
	return &caldav.CalendarObject{Path: home + calendar + "/" + o.Name, ETag: o.ETag, Data: data}, nil
}

// GetCalendarObject returns one event, whole.
func (b *backend) GetCalendarObject(ctx context.Context, at string, _ *caldav.CalendarCompRequest) (*caldav.CalendarObject, error) {
	calendar, name := b.split(at)
	if name == "" {
		return nil, httpError(ErrNotFound)
	}
	o, err := b.store.Object(ctx, sessionOf(ctx).user, calendar, name)
	if err != nil {
		return nil, httpError(err)
	}
	return b.object(ctx, calendar, o)
}

// ListCalendarObjects lists the events of a calendar. One that cannot be read is left out, and hides no other.
func (b *backend) ListCalendarObjects(ctx context.Context, at string, _ *caldav.CalendarCompRequest) ([]caldav.CalendarObject, error) {
	calendar, _ := b.split(at)
	list, err := b.store.Objects(ctx, sessionOf(ctx).user, calendar)
	if err != nil {
		return nil, httpError(err)
	}
	out := make([]caldav.CalendarObject, 0, len(list))
	for _, o := range list {
		if object, err := b.object(ctx, calendar, o); err == nil {
			out = append(out, *object)
		}
	}
	return out, nil
}

// QueryCalendarObjects lists the events that match a query (RFC 4791 §7.8). One that the filter cannot judge, and every one
// that recurs, is in the list: a client would rather see an event too many, and a rule may be made to cost any time.
func (b *backend) QueryCalendarObjects(ctx context.Context, at string, query *caldav.CalendarQuery) ([]caldav.CalendarObject, error) {
	all, err := b.ListCalendarObjects(ctx, at, nil)
	if err != nil {
		return nil, err
	}
	out := all[:0]
	for i := range all {
		if recurs(all[i].Data) {
			out = append(out, all[i])
		} else if ok, err := caldav.Match(query.CompFilter, &all[i]); ok || err != nil {
			out = append(out, all[i])
		}
	}
	return out, nil
}

func recurs(cal *ical.Calendar) bool {
	for _, child := range cal.Children {
		if child.Name != ical.CompTimezone && (child.Props.Get(ical.PropRecurrenceRule) != nil || child.Props.Get(ical.PropRecurrenceDates) != nil) {
			return true
		}
	}
	return false
}

// PutCalendarObject writes an event.
func (b *backend) PutCalendarObject(ctx context.Context, at string, cal *ical.Calendar, _ *caldav.PutCalendarObjectOptions) (*caldav.CalendarObject, error) {
	w, ok := b.store.(Writer)
	if !ok {
		return nil, errReadOnly
	}
	calendar, name := b.split(at)
	if name == "" {
		return nil, webdav.NewHTTPError(http.StatusForbidden, errors.New("events stand in calendars"))
	}
	_, uid, err := caldav.ValidateCalendarObject(cal)
	if err != nil || uid == "" {
		return nil, caldav.NewPreconditionError(caldav.PreconditionValidCalendarObjectResource)
	}
	data, err := encode(cal)
	if err != nil {
		return nil, caldav.NewPreconditionError(caldav.PreconditionValidCalendarData)
	}
	s := sessionOf(ctx)
	o, err := w.Put(ctx, s.user, calendar, Object{Name: name, UID: uid, Data: data}, s.condition)
	if errors.Is(err, ErrNotFound) {
		return nil, webdav.NewHTTPError(http.StatusConflict, err) // RFC 4918 §9.7.1: no such collection
	}
	if err != nil {
		return nil, httpError(err)
	}
	return b.object(ctx, calendar, o)
}

// DeleteCalendarObject removes an event. Whole calendars are not removed by clients.
func (b *backend) DeleteCalendarObject(ctx context.Context, at string) error {
	w, ok := b.store.(Writer)
	if !ok {
		return errReadOnly
	}
	calendar, name := b.split(at)
	if name == "" {
		return webdav.NewHTTPError(http.StatusForbidden, errors.New("calendars are not removed from here"))
	}
	s := sessionOf(ctx)
	return httpError(w.Delete(ctx, s.user, calendar, name, s.condition))
}
