package store

import (
	"kreds/calendar"
	"kreds/supervision"
)

type connectionRow struct {
	Of         owned                    `gorm:"embedded"`
	ID         supervision.ConnectionID `gorm:"primaryKey"`
	PersonID   supervision.PersonID
	Kind       string
	Name       string
	URL        string `gorm:"column:url"`
	Username   string
	Password   []byte
	State      string
	Calendars  doc[[]supervision.ConnectedCalendar]
	LastReadAt instant
	FaultCode  string
	FaultText  string
	FaultSince instant
	Wanted     int
	Done       int
	Tries      int
	NextAt     instant
	Version    int
}

func (connectionRow) TableName() string { return "connection" }

func (r connectionRow) connection() supervision.Connection {
	return supervision.Connection{ID: r.ID, Person: r.PersonID, Kind: r.Kind, Name: r.Name, URL: r.URL, User: r.Username, Password: r.Password,
		State: supervision.ConnectionState(r.State), Calendars: r.Calendars.v, LastReadAt: r.LastReadAt.get(), FaultCode: r.FaultCode,
		FaultText: r.FaultText, FaultSince: r.FaultSince.get(), Wanted: r.Wanted, Done: r.Done, Tries: r.Tries, NextAt: r.NextAt.get(), Version: r.Version}
}

func (tx *Tx) connectionRow(c supervision.Connection) *connectionRow {
	return &connectionRow{tx.owned(), c.ID, c.Person, c.Kind, c.Name, c.URL, c.User, c.Password, string(c.State), docOf(orEmpty(c.Calendars)),
		at(c.LastReadAt), c.FaultCode, c.FaultText, at(c.FaultSince), c.Wanted, c.Done, c.Tries, at(c.NextAt), c.Version}
}

// PutConnection writes a connection over the version it has and raises it; version 0 is new.
func (tx *Tx) PutConnection(c *supervision.Connection) error {
	c.Version++
	return named(tx.put(tx.connectionRow(*c), c.ID.Any(), c.Version))
}

// PutConnectionWork writes what readings leave behind: counts, tries, times and faults. It does not raise the version, so
// that its owner's tag changes with what they set and see, not with every reading.
func (tx *Tx) PutConnectionWork(c supervision.Connection) error {
	return tx.overwrite(tx.connectionRow(c))
}

// Connection returns one connection.
func (tx *Tx) Connection(id supervision.ConnectionID) (supervision.Connection, error) {
	r, err := first[connectionRow](tx.from("connection").Where("t.id = ?", id))
	return r.connection(), err
}

// ConnectionsOf lists the connections of people, in the order of ids.
func (tx *Tx) ConnectionsOf(people []supervision.PersonID) ([]supervision.Connection, error) {
	rows, err := many[connectionRow](tx.from("connection").Where("t.person_id IN ?", ids(people)).Order("t.person_id, t.id"))
	return each(rows, err, connectionRow.connection)
}

// LockConnection is Connection, and nobody else changes it until the transaction ends.
func (tx *Tx) LockConnection(id supervision.ConnectionID) (supervision.Connection, error) {
	r, err := first[connectionRow](tx.locking(tx.from("connection").Where("t.id = ?", id)))
	return r.connection(), err
}

// LockConnectionsOf lists the connections of a person in the order of ids, and nobody else changes them until the
// transaction ends.
func (tx *Tx) LockConnectionsOf(p supervision.PersonID) ([]supervision.Connection, error) {
	rows, err := many[connectionRow](tx.locking(tx.from("connection").Where("t.person_id = ?", p).Order("t.id")))
	return each(rows, err, connectionRow.connection)
}

// ConnectionFilter narrows a list of connections; zero members do not.
type ConnectionFilter struct {
	Person supervision.PersonID
	State  []supervision.ConnectionState
}

// ListConnections is a page of those that the actor may see.
func (tx *Tx) ListConnections(f ConnectionFilter, p Page) ([]supervision.Connection, error) {
	q := tx.visible(tx.from("connection"), Connections, "listCalendarConnections")
	if !f.Person.IsZero() {
		q = q.Where("t.person_id = ?", f.Person)
	}
	if len(f.State) > 0 {
		q = q.Where("t.state IN ?", f.State)
	}
	rows, err := many[connectionRow](p.byID(q))
	return each(rows, err, connectionRow.connection)
}

// DeleteConnection removes a connection with all that was read through it.
func (tx *Tx) DeleteConnection(c supervision.Connection) error {
	for _, table := range []string{"calendar_object", "calendar_cursor"} {
		if _, err := tx.remove(table, "connection_id = ?", c.ID); err != nil {
			return err
		}
	}
	if _, err := tx.remove("busy", "source = ?", c.ID); err != nil {
		return err
	}
	if _, err := tx.remove("connection", "id = ?", c.ID); err != nil {
		return err
	}
	return tx.gone("connection", c.ID.Any(), c.Version)
}

// DueConnections lists the connections that a sweep should ring: those with work undone whose time has come, and those that
// were last read before an instant.
func (tx *Tx) DueConnections(readBefore supervision.Instant) ([]supervision.Connection, error) {
	rows, err := many[connectionRow](tx.from("connection").Where(`t.state <> 'revoked' AND (t.next_at IS NULL OR t.next_at <= ?)
		AND (t.wanted <> t.done OR t.last_read_at IS NULL OR t.last_read_at < ?)`, at(tx.now), at(readBefore)).Order("t.id"))
	return each(rows, err, connectionRow.connection)
}

type cursorRow struct {
	Of           owned                    `gorm:"embedded"`
	ConnectionID supervision.ConnectionID `gorm:"primaryKey"`
	Ref          string                   `gorm:"primaryKey"`
	Position     string
	FullAt       instant
	Version      int
}

func (cursorRow) TableName() string { return "calendar_cursor" }

// Cursor is where reading one calendar stopped.
type Cursor struct {
	Ref      string
	Position calendar.Cursor
	FullAt   supervision.Instant // of the last whole reading
	Version  int                 // 0: never read
}

// Cursors says where reading the calendars of a connection stopped.
func (tx *Tx) Cursors(c supervision.ConnectionID) (map[string]Cursor, error) {
	rows, err := many[cursorRow](tx.from("calendar_cursor").Where("t.connection_id = ?", c))
	m := map[string]Cursor{}
	for _, r := range rows {
		m[r.Ref] = Cursor{r.Ref, calendar.Cursor(r.Position), r.FullAt.get(), r.Version}
	}
	return m, err
}

// PutCursor keeps where a reading stopped. moved is true when somebody else has read the calendar since: the reading is
// older than theirs and must not be kept.
func (tx *Tx) PutCursor(c supervision.ConnectionID, k Cursor) (moved bool, err error) {
	r := &cursorRow{tx.owned(), c, k.Ref, string(k.Position), at(k.FullAt), k.Version + 1}
	if k.Version == 0 {
		err := tx.insert(r)
		if duplicate(err) {
			return true, nil
		}
		return false, err
	}
	columns, keys, err := tx.columns(r)
	if err != nil {
		return false, err
	}
	res := tx.db.Table(r.TableName()).Where(keys).Where("version = ?", k.Version).Updates(columns)
	return res.RowsAffected == 0, classify(res.Error)
}

// ForgetCalendars removes what was read from calendars of a connection that are not in the list.
func (tx *Tx) ForgetCalendars(c supervision.ConnectionID, keep []string) error {
	if len(keep) == 0 {
		keep = []string{""}
	}
	for _, table := range []string{"calendar_object", "calendar_cursor"} {
		if _, err := tx.remove(table, "connection_id = ? AND ref NOT IN ?", c, keep); err != nil {
			return err
		}
	}
	return nil
}

type objectRow struct {
	Of           owned                    `gorm:"embedded"`
	ConnectionID supervision.ConnectionID `gorm:"primaryKey"`
	Ref          string                   `gorm:"primaryKey"`
	Href         string                   `gorm:"primaryKey"`
	ETag         string                   `gorm:"column:etag"`
	Data         doc[calendar.Object]
}

func (objectRow) TableName() string { return "calendar_object" }

// Known lists the ETags of what is kept of a calendar.
func (tx *Tx) Known(c supervision.ConnectionID, ref string) (calendar.Known, error) {
	var rows []struct {
		Href string
		ETag string `gorm:"column:etag"`
	}
	err := tx.from("calendar_object").Where("t.connection_id = ? AND t.ref = ?", c, ref).Select("t.href, t.etag").Scan(&rows).Error
	known := make(calendar.Known, len(rows))
	for _, r := range rows {
		known[r.Href] = r.ETag
	}
	return known, classify(err)
}

// Objects lists what is kept of the calendars of a connection, by calendar.
func (tx *Tx) Objects(c supervision.ConnectionID) (map[string][]calendar.Object, error) {
	rows, err := many[objectRow](tx.from("calendar_object").Where("t.connection_id = ?", c).Order("t.ref, t.href"))
	m := map[string][]calendar.Object{}
	for _, r := range rows {
		m[r.Ref] = append(m[r.Ref], r.Data.v)
	}
	return m, err
}

// PutDelta keeps what has changed in a calendar.
func (tx *Tx) PutDelta(c supervision.ConnectionID, ref string, d calendar.Delta) error {
	if d.Full {
		keep := make([]string, 0, len(d.Objects)+1)
		keep = append(keep, "")
		for _, o := range d.Objects {
			keep = append(keep, o.Href)
		}
		known, err := tx.Known(c, ref)
		if err != nil {
			return err
		}
		stays := map[string]bool{}
		for _, h := range keep {
			stays[h] = true
		}
		for h := range known {
			if !stays[h] {
				d.Gone = append(d.Gone, h)
			}
		}
	}
	for _, h := range d.Gone {
		if _, err := tx.remove("calendar_object", "connection_id = ? AND ref = ? AND href = ?", c, ref, h); err != nil {
			return err
		}
	}
	for _, o := range d.Objects {
		if err := tx.upsert(&objectRow{tx.owned(), c, ref, o.Href, o.ETag, docOf(o)}); err != nil {
			return err
		}
	}
	return nil
}
