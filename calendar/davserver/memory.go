package davserver

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/emersion/go-ical"
)

// Memory is a Store in memory. Its zero value is empty and ready for use.
type Memory struct {
	mu    sync.Mutex
	users map[string][]*memoryCalendar
}

type memoryCalendar struct {
	Calendar
	objects map[string]Object
}

var _ Writer = (*Memory)(nil)

// Calendars lists a user's calendars in the order in which they were made.
func (m *Memory) Calendars(_ context.Context, user string) ([]Calendar, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []Calendar
	for _, c := range m.users[user] {
		list = append(list, c.Calendar)
	}
	return list, nil
}

// Objects lists a calendar, ordered by name.
func (m *Memory) Objects(_ context.Context, user, calendar string) ([]Object, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.find(user, calendar)
	if c == nil {
		return nil, ErrNotFound
	}
	list := make([]Object, 0, len(c.objects))
	for _, o := range c.objects {
		list = append(list, o)
	}
	slices.SortFunc(list, func(a, b Object) int { return strings.Compare(a.Name, b.Name) })
	return list, nil
}

// Object returns one object.
func (m *Memory) Object(_ context.Context, user, calendar, name string) (Object, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if c := m.find(user, calendar); c != nil {
		if o, ok := c.objects[name]; ok {
			return o, nil
		}
	}
	return Object{}, ErrNotFound
}

// Create makes a calendar, and its user if there is no such user yet.
func (m *Memory) Create(_ context.Context, user string, c Calendar) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.find(user, c.Name) != nil {
		return ErrExists
	}
	if m.users == nil {
		m.users = map[string][]*memoryCalendar{}
	}
	m.users[user] = append(m.users[user], &memoryCalendar{c, map[string]Object{}})
	return nil
}

// Put writes an object.
func (m *Memory) Put(_ context.Context, user, calendar string, o Object, when Condition) (Object, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.find(user, calendar)
	if c == nil {
		return Object{}, ErrNotFound
	}
	if !when.Holds(c.standing(o.Name)) {
		return Object{}, ErrPrecondition
	}
	for _, other := range c.objects {
		if other.UID == o.UID && other.Name != o.Name {
			return Object{}, ErrUIDConflict
		}
	}
	sum := sha256.Sum256(o.Data)
	o.ETag = hex.EncodeToString(sum[:16])
	c.objects[o.Name] = o
	return o, nil
}

// Delete removes an object.
func (m *Memory) Delete(_ context.Context, user, calendar, name string, when Condition) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.find(user, calendar)
	if c == nil || c.standing(name) == nil {
		return ErrNotFound
	}
	if !when.Holds(c.standing(name)) {
		return ErrPrecondition
	}
	delete(c.objects, name)
	return nil
}

// Drop removes a whole calendar, if it is there.
func (m *Memory) Drop(user, calendar string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.users[user] = slices.DeleteFunc(m.users[user], func(c *memoryCalendar) bool { return c.Name == calendar })
}

// Load puts the events of an iCalendar stream into a calendar, one object for each UID, named by it. It returns how many
// objects that were. Nothing is loaded unless all of it can be.
func (m *Memory) Load(ctx context.Context, user, calendar string, stream []byte) (int, error) {
	cal, err := decode(stream)
	if err != nil {
		return 0, err
	}
	var order []string
	parts := map[string]*ical.Calendar{}
	for _, child := range cal.Children {
		if child.Name == ical.CompTimezone {
			continue
		}
		uid, err := child.Props.Text(ical.PropUID)
		if err != nil || uid == "" {
			return 0, fmt.Errorf("davserver: a %s without UID", child.Name)
		}
		if parts[uid] == nil {
			order = append(order, uid)
			parts[uid] = only(cal)
		}
		parts[uid].Children = append(parts[uid].Children, child)
	}
	var objects []Object
	for _, uid := range order {
		data, err := encode(parts[uid])
		if err != nil {
			return 0, err
		}
		objects = append(objects, Object{Name: fileName(uid), UID: uid, Data: data})
	}
	for i, o := range objects {
		if _, err := m.Put(ctx, user, calendar, o, Condition{}); err != nil {
			return i, err
		}
	}
	return len(objects), nil
}

// only is a calendar with the properties and time zones of another, and no events.
func only(cal *ical.Calendar) *ical.Calendar {
	part := ical.NewCalendar()
	part.Props = cal.Props
	for _, child := range cal.Children {
		if child.Name == ical.CompTimezone {
			part.Children = append(part.Children, child)
		}
	}
	return part
}

// fileName makes the last segment of a path out of a UID, which may hold anything.
func fileName(uid string) string {
	plain := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_.@", r) {
			return r
		}
		return -1
	}, uid)
	if plain != uid || strings.HasPrefix(uid, ".") || len(uid) > 128 {
		sum := sha256.Sum256([]byte(uid))
		plain = hex.EncodeToString(sum[:16])
	}
	return plain + ".ics"
}

// find returns a calendar, nil if there is none; m.mu is held.
func (m *Memory) find(user, calendar string) *memoryCalendar {
	for _, c := range m.users[user] {
		if c.Name == calendar {
			return c
		}
	}
	return nil
}

// standing returns what stands under a name, nil if there is nothing.
func (c *memoryCalendar) standing(name string) *Object {
	if o, ok := c.objects[name]; ok {
		return &o
	}
	return nil
}
