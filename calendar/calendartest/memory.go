package calendartest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"kreds/calendar"
	"kreds/calendar/ics"
)

// Memory is a calendar service in memory: a Provider whose one account holds any number of calendars. It is used by
// tests of what is built on the ports.
type Memory struct {
	Now func() time.Time // dates readings; nil is time.Now

	mu        sync.Mutex
	calendars map[string]*memoryCalendar
	zone      *time.Location
}

type memoryCalendar struct {
	version int // of the last change
	forgets int // cursors before this version are not known
	objects map[string]*memoryObject
}

type memoryObject struct {
	version int
	data    string // "": deleted
}

var (
	_ calendar.Provider = (*Memory)(nil)
	_ calendar.Source   = (*Memory)(nil)
	_ calendar.Sink     = (*Memory)(nil)
	_ calendar.FreeBusy = (*Memory)(nil)
)

// NewMemory makes a service with the given calendars, for an owner whose clock is in zone.
func NewMemory(zone *time.Location, refs ...string) *Memory {
	m := &Memory{calendars: map[string]*memoryCalendar{}, zone: zone}
	for _, ref := range refs {
		m.calendars[ref] = &memoryCalendar{objects: map[string]*memoryObject{}}
	}
	return m
}

// Kind is "memory".
func (m *Memory) Kind() string { return "memory" }

// Open returns m itself, whoever asks.
func (m *Memory) Open(ctx context.Context, _ calendar.Account) (calendar.Source, error) {
	return m, ctx.Err()
}

// Write is the outside hand: it stores an object resource, or removes it where ics is "".
func (m *Memory) Write(ref, href, ics string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calendars[ref].write(href, ics)
}

// Read is the outside eye: the object resource that stands there, or "".
func (m *Memory) Read(ref, href string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if o := m.calendars[ref].objects[href]; o != nil {
		return o.data
	}
	return ""
}

// Forget makes all cursors of a calendar unknown.
func (m *Memory) Forget(ref string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.calendars[ref]
	c.version++
	c.forgets = c.version
	maps.DeleteFunc(c.objects, func(_ string, o *memoryObject) bool { return o.data == "" })
}

// Add makes another calendar.
func (m *Memory) Add(ref string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calendars[ref] = &memoryCalendar{objects: map[string]*memoryObject{}}
}

// Drop removes a calendar.
func (m *Memory) Drop(ref string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.calendars, ref)
}

func (c *memoryCalendar) write(href, data string) {
	c.version++
	c.objects[href] = &memoryObject{c.version, data}
}

func (o *memoryObject) etag() string { return strconv.Quote("v" + strconv.Itoa(o.version)) }

func (o *memoryObject) read(href string) calendar.Object {
	read := ics.DecodeObject([]byte(o.data), ics.Limits{}, nil)
	read.Href, read.ETag = href, o.etag()
	return read
}

// enter locks m and finds a calendar.
func (m *Memory) enter(ctx context.Context, ref string) (*memoryCalendar, error) {
	m.mu.Lock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if c := m.calendars[ref]; c != nil {
		return c, nil
	}
	return nil, fmt.Errorf("memory: %w", calendar.ErrGone)
}

// Calendars implements calendar.Source.
func (m *Memory) Calendars(ctx context.Context) ([]calendar.Info, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []calendar.Info
	for _, ref := range slices.Sorted(maps.Keys(m.calendars)) {
		list = append(list, calendar.Info{Ref: ref, Name: ref, TimeZone: m.zone.String(), Writable: true})
	}
	return list, ctx.Err()
}

// Changes implements calendar.Source.
func (m *Memory) Changes(ctx context.Context, ref string, since calendar.Cursor, known calendar.Known) (calendar.Delta, error) {
	c, err := m.enter(ctx, ref)
	defer m.mu.Unlock()
	if err != nil {
		return calendar.Delta{}, err
	}
	from, err := strconv.Atoi(string(since))
	d := calendar.Delta{Next: calendar.Cursor(strconv.Itoa(c.version)), Full: err != nil || from < c.forgets}
	for _, href := range slices.Sorted(maps.Keys(c.objects)) {
		switch o := c.objects[href]; {
		case o.data != "" && (d.Full || o.version > from):
			d.Objects = append(d.Objects, o.read(href))
		case o.data == "" && !d.Full && o.version > from:
			if _, has := known[href]; has {
				d.Gone = append(d.Gone, href)
			}
		}
	}
	return d, nil
}

// Busy implements calendar.FreeBusy.
func (m *Memory) Busy(ctx context.Context, ref string, window calendar.Interval) ([]calendar.Busy, time.Time, error) {
	c, err := m.enter(ctx, ref)
	defer m.mu.Unlock()
	if err != nil {
		return nil, time.Time{}, err
	}
	var objects []calendar.Object
	for href, o := range c.objects {
		if o.data != "" {
			objects = append(objects, o.read(href))
		}
	}
	taken, err := ics.Busy(ctx, objects, ics.Options{Window: window, Owner: m.zone})
	if err == nil && taken.Faulty > 0 {
		err = fmt.Errorf("memory: %d objects cannot be read: %w", taken.Faulty, calendar.ErrProtocol)
	}
	if err != nil {
		return nil, time.Time{}, err
	}
	now := m.Now
	if now == nil {
		now = time.Now
	}
	return taken.Busy, now().UTC(), nil
}

// Find implements calendar.Sink.
func (m *Memory) Find(ctx context.Context, ref, uid string) (calendar.Found, bool, error) {
	c, err := m.enter(ctx, ref)
	defer m.mu.Unlock()
	if err != nil {
		return calendar.Found{}, false, err
	}
	f, ok := c.find(uid)
	return f, ok, nil
}

func (c *memoryCalendar) find(uid string) (calendar.Found, bool) {
	o := c.objects[uid+".ics"]
	if o == nil || o.data == "" {
		return calendar.Found{}, false
	}
	f, err := ics.DecodeFound([]byte(o.data), uid)
	if err != nil {
		f = calendar.Found{}
	}
	f.Placed = calendar.Placed{Href: uid + ".ics", ETag: o.etag()}
	return f, true
}

// Put implements calendar.Sink.
func (m *Memory) Put(ctx context.Context, ref string, a calendar.Appointment, etag string) (calendar.Placed, error) {
	data, err := ics.EncodeAppointment(a)
	if err != nil {
		return calendar.Placed{}, fmt.Errorf("%w: %w", calendar.ErrInvalidData, err)
	}
	c, err := m.enter(ctx, ref)
	defer m.mu.Unlock()
	if err != nil {
		return calendar.Placed{}, err
	}
	f, stands := c.find(a.UID)
	switch {
	case stands && ics.Same(a, f):
		return f.Placed, nil
	case stands != (etag != ""), stands && f.ETag != etag:
		return calendar.Placed{}, fmt.Errorf("memory: %w", calendar.ErrPrecondition)
	case stands:
		if data, err = ics.OverlayAppointment([]byte(c.objects[a.UID+".ics"].data), a); err != nil {
			return calendar.Placed{}, fmt.Errorf("%w: %w", calendar.ErrInvalidData, err)
		}
	}
	c.write(a.UID+".ics", string(data))
	f, _ = c.find(a.UID)
	return f.Placed, nil
}

// Delete implements calendar.Sink.
func (m *Memory) Delete(ctx context.Context, ref, uid, etag string) error {
	c, err := m.enter(ctx, ref)
	defer m.mu.Unlock()
	if errors.Is(err, calendar.ErrGone) {
		return nil // a calendar that is gone holds nothing
	}
	if err != nil {
		return err
	}
	switch f, stands := c.find(uid); {
	case !stands:
		return nil
	case !f.Ours, etag != "" && f.ETag != etag:
		return fmt.Errorf("memory: %w", calendar.ErrPrecondition)
	}
	c.write(uid+".ics", "")
	return nil
}
