package davserver

import (
	"context"
	"errors"
)

// What a Store fails with; the server turns anything else into 500.
var (
	ErrNotFound     = errors.New("davserver: not found")
	ErrExists       = errors.New("davserver: exists already")
	ErrPrecondition = errors.New("davserver: another version stands there")
	ErrUIDConflict  = errors.New("davserver: the UID stands under another name")
)

// Calendar is one calendar of a user.
type Calendar struct {
	Name  string // the last segment of its path
	Title string // shown to people
}

// Object is one calendar object resource (RFC 4791 §4.1).
type Object struct {
	Name string // the last segment of its path
	UID  string
	ETag string // without quotes; the store's to make, another one for each content
	Data []byte // iCalendar
}

// Store holds calendars to be read. A user that it does not know has no calendars.
type Store interface {
	Calendars(ctx context.Context, user string) ([]Calendar, error)
	// Objects lists a calendar. ErrNotFound: there is no such calendar.
	Objects(ctx context.Context, user, calendar string) ([]Object, error)
	// Object returns one. ErrNotFound: there is none of that name.
	Object(ctx context.Context, user, calendar, name string) (Object, error)
}

// Writer is a Store that may be written to. A server over a Store that is none refuses all changes.
type Writer interface {
	Store
	// Create makes a calendar. ErrExists: there is one of that name.
	Create(ctx context.Context, user string, c Calendar) error
	// Put writes an object, whose ETag is the store's to make, and returns it. ErrNotFound: there is no such calendar;
	// ErrPrecondition: what stands there is not what the condition asks for; ErrUIDConflict.
	Put(ctx context.Context, user, calendar string, o Object, when Condition) (Object, error)
	// Delete removes an object. ErrNotFound, ErrPrecondition.
	Delete(ctx context.Context, user, calendar, name string, when Condition) error
}

// Condition is what must hold of the resource for a change to be made (RFC 9110 §13.1). The zero Condition always holds.
type Condition struct {
	Absent bool   // If-None-Match: *
	Exists bool   // If-Match: *
	ETag   string // If-Match with that ETag; "" asks nothing
	Never  bool   // If-Match with something that is no strong ETag and so matches nothing
}

// Holds says whether what stands there meets the condition.
func (c Condition) Holds(standing *Object) bool {
	switch {
	case c.Never, c.Absent && standing != nil, (c.Exists || c.ETag != "") && standing == nil:
		return false
	}
	return c.ETag == "" || c.ETag == standing.ETag
}
