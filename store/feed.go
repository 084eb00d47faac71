package store

import "kreds/supervision"

type feedRow struct {
	Of         owned              `gorm:"embedded"`
	ID         supervision.FeedID `gorm:"primaryKey"`
	PersonID   supervision.PersonID
	Name       string
	Hash       []byte
	State      string
	MadeAt     instant
	LastReadAt instant
	Version    int
}

func (feedRow) TableName() string { return "feed" }

func (r feedRow) feed() supervision.Feed {
	return supervision.Feed{ID: r.ID, Person: r.PersonID, Name: r.Name, State: r.State, MadeAt: r.MadeAt.get(), LastReadAt: r.LastReadAt.get(), Version: r.Version}
}

// PutFeed writes a feed over the version it has and raises it; version 0 is new. hash is that of the secret in its address.
func (tx *Tx) PutFeed(f *supervision.Feed, hash []byte) error {
	f.Version++
	return named(tx.put(&feedRow{tx.owned(), f.ID, f.Person, f.Name, hash, f.State, at(f.MadeAt), at(f.LastReadAt), f.Version}, f.ID.Any(), f.Version))
}

// Feed returns one feed.
func (tx *Tx) Feed(id supervision.FeedID) (supervision.Feed, error) {
	r, err := first[feedRow](tx.from("feed").Where("t.id = ?", id))
	return r.feed(), err
}

// DeleteFeed removes a feed; its address answers like one that never was.
func (tx *Tx) DeleteFeed(f supervision.Feed) error {
	if _, err := tx.remove("feed", "id = ?", f.ID); err != nil {
		return err
	}
	return tx.gone("feed", f.ID.Any(), f.Version)
}

// FeedByHash finds a feed by the hash of the secret in its address, in any tenant.
func (s *Store) FeedByHash(tx *Tx, hash []byte) (supervision.TenantID, supervision.Feed, error) {
	var r feedRow
	res := tx.db.Table("feed").Where("hash = ? AND state = 'active'", hash).Limit(1).Scan(&r) // every tenant
	if res.Error != nil || res.RowsAffected == 0 {
		return supervision.TenantID{}, supervision.Feed{}, absent(classify(res.Error))
	}
	return r.Of.Tenant, r.feed(), nil
}

// FeedRead notes that a feed was read, without raising its version.
func (tx *Tx) FeedRead(id supervision.FeedID) error {
	return classify(tx.db.Exec("UPDATE feed SET last_read_at = ? WHERE tenant = ? AND id = ?", at(tx.now), tx.actor.Tenant, id).Error)
}

// ListFeeds is a page of those that the actor may see.
func (tx *Tx) ListFeeds(p Page) ([]supervision.Feed, error) {
	rows, err := many[feedRow](p.byID(tx.visible(tx.from("feed"), Feeds, "listFeeds")))
	return each(rows, err, feedRow.feed)
}

// CountFeeds counts the feeds of a person.
func (tx *Tx) CountFeeds(p supervision.PersonID) (int, error) {
	return count(tx.from("feed").Where("t.person_id = ?", p))
}

type agendaRow struct {
	Of        owned                `gorm:"embedded"`
	PersonID  supervision.PersonID `gorm:"primaryKey"`
	Wanted    int
	Done      int
	Body      []byte
	ETag      string `gorm:"column:etag"`
	ChangedAt instant
	Tries     int
	NextAt    instant
}

func (agendaRow) TableName() string { return "agenda" }

// Agenda is the rendered feed of a person: fresh while Done equals Wanted.
type Agenda struct {
	Person    supervision.PersonID
	Wanted    int
	Done      int
	Body      []byte
	ETag      string
	ChangedAt supervision.Instant // when it was rendered
	Tries     int
	NextAt    supervision.Instant
}

// Agenda returns the rendered feed of a person; it is empty and stale when there is none yet.
func (tx *Tx) Agenda(p supervision.PersonID) (Agenda, error) {
	r, err := first[agendaRow](tx.from("agenda").Where("t.person_id = ?", p))
	if err != nil && supervision.KindOf(err) == supervision.NotFound {
		return Agenda{Person: p}, nil
	}
	return Agenda{p, r.Wanted, r.Done, r.Body, r.ETag, r.ChangedAt.get(), r.Tries, r.NextAt.get()}, err
}

// LockAgenda is Agenda, and nobody else changes it, or asks for it anew, until the transaction ends.
func (tx *Tx) LockAgenda(p supervision.PersonID) (Agenda, error) {
	err := tx.db.Exec(`INSERT INTO agenda (tenant, person_id, wanted, done, body, etag, changed_at, tries) VALUES (?, ?, 0, 0, ?, '', ?, 0)
		ON CONFLICT (tenant, person_id) DO NOTHING`, tx.actor.Tenant, p, []byte{}, at(tx.now)).Error
	if err != nil {
		return Agenda{}, classify(err)
	}
	r, err := first[agendaRow](tx.locking(tx.from("agenda").Where("t.person_id = ?", p)))
	return Agenda{p, r.Wanted, r.Done, r.Body, r.ETag, r.ChangedAt.get(), r.Tries, r.NextAt.get()}, err
}

// PutAgenda writes the rendered feed of a person.
func (tx *Tx) PutAgenda(a Agenda) error {
	if a.Body == nil {
		a.Body = []byte{}
	}
	return tx.upsert(&agendaRow{tx.owned(), a.Person, a.Wanted, a.Done, a.Body, a.ETag, at(a.ChangedAt), a.Tries, at(a.NextAt)})
}

// WantAgenda asks for a person's feed to be rendered anew.
func (tx *Tx) WantAgenda(p supervision.PersonID) error {
	return classify(tx.db.Exec(`INSERT INTO agenda (tenant, person_id, wanted, done, body, etag, changed_at, tries) VALUES (?, ?, 1, 0, ?, '', ?, 0)
		ON CONFLICT (tenant, person_id) DO UPDATE SET wanted = agenda.wanted + 1`, tx.actor.Tenant, p, []byte{}, at(tx.now)).Error)
}

// DueAgendas lists the people whose rendered feed is stale and whose time has come.
func (tx *Tx) DueAgendas() (of []supervision.PersonID, err error) {
	err = tx.from("agenda").Where("t.wanted <> t.done AND (t.next_at IS NULL OR t.next_at <= ?)", at(tx.now)).Order("t.person_id").Pluck("t.person_id", &of).Error
	return of, classify(err)
}
