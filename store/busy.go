package store

import (
	"slices"
	"time"

	"kreds/calendar"
	"kreds/instance"
	"kreds/supervision"
)

type busyRow struct {
	Of         owned                `gorm:"embedded"`
	PersonID   supervision.PersonID `gorm:"primaryKey"`
	Source     supervision.UUID     `gorm:"primaryKey"`
	Packed     []byte
	AsOf       instant
	CoversFrom instant
	CoversTo   instant
}

func (busyRow) TableName() string { return "busy" }

// PutBusy keeps what a source says of a person. changed says whether other time is taken from now on than before.
func (tx *Tx) PutBusy(person supervision.PersonID, source supervision.UUID, r calendar.Reading) (changed bool, err error) {
	packed := calendar.Pack(r.Busy)
	old, err := first[busyRow](tx.from("busy").Where("t.person_id = ? AND t.source = ?", person, source))
	if err != nil && supervision.KindOf(err) != supervision.NotFound {
		return false, err
	}
	ahead := calendar.Interval{Start: tx.now, End: r.Covers.End}
	if to := old.CoversTo.get(); to.After(ahead.End) {
		ahead.End = to
	}
	before, err := calendar.Unpack(old.Packed)
	if err != nil {
		before = nil // there was none, or none that this version can read
	}
	same := slices.EqualFunc(calendar.ClipAll(before, ahead), calendar.ClipAll(calendar.Union(r.Busy), ahead), func(x, y calendar.Busy) bool {
		return x.Kind == y.Kind && x.Start.Equal(y.Start) && x.End.Equal(y.End)
	})
	return !same, tx.upsert(&busyRow{tx.owned(), person, source, packed, at(r.AsOf), at(r.Covers.Start), at(r.Covers.End)})
}

// healthOf is how far one source can be trusted at an instant.
func healthOf(r calendar.Reading, now supervision.Instant) supervision.Health {
	switch r.State(now) {
	case calendar.StateFree:
		return supervision.HealthKnown
	case calendar.StateStale:
		return supervision.HealthStale
	}
	return supervision.HealthUnknown
}

// Healths says how far people's busy time can be trusted now: as far as the worst of their sources. Who has none is unknown.
func (tx *Tx) Healths(of []supervision.PersonID) (map[supervision.PersonID]supervision.Health, error) {
	readings, err := tx.Readings(of, calendar.Interval{Start: tx.now, End: tx.now.Add(time.Minute)})
	if err != nil {
		return nil, err
	}
	healths := make(map[supervision.PersonID]supervision.Health, len(of))
	for _, p := range of {
		worst := supervision.HealthUnknown
		for i, r := range readings[p] {
			h := healthOf(r, tx.now)
			if i == 0 || h == supervision.HealthUnknown || h == supervision.HealthStale && worst == supervision.HealthKnown {
				worst = h
			}
			if worst == supervision.HealthUnknown {
				break
			}
		}
		healths[p] = worst
	}
	return healths, nil
}

// RunningUntil is the last day of the running cycles in which a person takes part; none without any.
func (tx *Tx) RunningUntil(p supervision.PersonID) (last supervision.Date, err error) {
	var days []supervision.Date
	err = tx.from("cycle").Where(`t.state = 'running' AND (EXISTS (SELECT 1 FROM enrolment e WHERE e.tenant = t.tenant AND e.cycle_id = t.id AND e.mentor_id = ?)
		OR EXISTS (SELECT 1 FROM supervisor_assignment a WHERE a.tenant = t.tenant AND a.cycle_id = t.id AND a.supervisor_id = ?))`, p, p).
		Order("t.to_on DESC").Limit(1).Pluck("t.to_on", &days).Error
	if len(days) > 0 {
		last = days[0]
	}
	return last, classify(err)
}

// ConnectionHealths says how far what was read through each connection of people can be trusted now.
func (tx *Tx) ConnectionHealths(of []supervision.PersonID) (map[supervision.ConnectionID]supervision.Health, error) {
	connections, err := tx.ConnectionsOf(of)
	if err != nil {
		return nil, err
	}
	unread, err := tx.neverRead(connections)
	healths := make(map[supervision.ConnectionID]supervision.Health, len(connections))
	for _, c := range connections {
		reading := calendar.Reading{AsOf: c.LastReadAt, Revoked: c.State == supervision.ConnectionRevoked}
		if unread[c.ID] {
			reading.AsOf = supervision.Instant{}
		}
		healths[c.ID] = healthOf(reading, tx.now)
	}
	return healths, err
}

// neverRead finds the connections of which a calendar counts that has not been read since it does: what the others say is
// not all that their owner is taken by.
func (tx *Tx) neverRead(of []supervision.Connection) (map[supervision.ConnectionID]bool, error) {
	list := make([]supervision.ConnectionID, len(of))
	for i, c := range of {
		list[i] = c.ID
	}
	rows, err := many[cursorRow](tx.from("calendar_cursor").Where("t.connection_id IN ?", ids(list)))
	if err != nil {
		return nil, err
	}
	read := map[supervision.ConnectionID]map[string]bool{}
	for _, r := range rows {
		if read[r.ConnectionID] == nil {
			read[r.ConnectionID] = map[string]bool{}
		}
		read[r.ConnectionID][r.Ref] = true
	}
	unread := map[supervision.ConnectionID]bool{}
	for _, c := range of {
		for _, k := range c.Calendars {
			unread[c.ID] = unread[c.ID] || k.Counts && !read[c.ID][k.Ref]
		}
	}
	return unread, nil
}

// Readings returns what every source last said of people: their connections that count, and what they declare. A connection
// that was never read, wholly or in one of the calendars that count, says nothing but what it knows to be taken.
func (tx *Tx) Readings(people []supervision.PersonID, window calendar.Interval) (map[supervision.PersonID][]calendar.Reading, error) {
	connections, err := tx.ConnectionsOf(people)
	if err != nil {
		return nil, err
	}
	rows, err := many[busyRow](tx.from("busy").Where("t.person_id IN ?", ids(people)))
	if err != nil {
		return nil, err
	}
	unread, err := tx.neverRead(connections)
	if err != nil {
		return nil, err
	}
	bySource := map[supervision.UUID]busyRow{}
	for _, r := range rows {
		bySource[r.Source] = r
	}
	m := map[supervision.PersonID][]calendar.Reading{}
	for _, c := range connections {
		if !c.Counts() {
			continue
		}
		reading := calendar.Reading{Revoked: c.State == supervision.ConnectionRevoked}
		if r, ok := bySource[c.ID.Any()]; ok {
			if reading.Busy, err = calendar.Unpack(r.Packed); err != nil {
				return nil, &supervision.Error{Kind: supervision.Internal, Code: "internal", Err: err}
			}
			if !unread[c.ID] {
				reading.AsOf = r.AsOf.get()
			}
			reading.Covers = calendar.Interval{Start: r.CoversFrom.get(), End: r.CoversTo.get()}
		}
		m[c.Person] = append(m[c.Person], reading)
	}
	declared, err := tx.Declarations(people)
	if err != nil {
		return nil, err
	}
	for p, d := range declared {
		r, err := instance.DeclaredReading(d, window)
		if err != nil {
			return nil, &supervision.Error{Kind: supervision.Internal, Code: "internal", Err: err}
		}
		m[p] = append(m[p], r)
	}
	return m, nil
}
