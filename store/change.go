package store

import (
	"time"

	"kreds/supervision"
)

// ChangeAge is how long a change can be read.
const ChangeAge = 30 * 24 * time.Hour

type changeRow struct {
	Of       owned            `gorm:"embedded"`
	ID       supervision.UUID `gorm:"primaryKey"`
	Position *int64
	Kind     string
	Object   supervision.UUID
	Revision int
	Gone     bool
	Actor    supervision.UUID
	At       instant
}

func (changeRow) TableName() string { return "change" }

// changed writes a row into the stream of changes. It has no number yet: readers give them to what is committed.
func (tx *Tx) changed(kind string, object supervision.UUID, revision int, gone bool) error {
	return tx.insert(&changeRow{Of: tx.owned(), ID: tx.s.newID(), Kind: kind, Object: object, Revision: revision, Gone: gone,
		Actor: tx.actor.Viewer(), At: at(tx.now)})
}

// changesLock is the advisory lock under which one reader at a time gives numbers.
const changesLock = 0x6b72656473 // "kreds"

// NumberChanges gives the next positions to the changes that are committed and have none. It belongs into an Update of its
// own; the lock (SQLite: the one writer) keeps two readers from giving the same number, and since only committed rows are
// seen, a late commit gets a later number instead of being skipped.
//
// The stream is written from the first change on, so that whoever is given it later misses none.
func (tx *Tx) NumberChanges() error {
	if !tx.s.sqlite {
		if err := tx.db.Exec("SELECT pg_advisory_xact_lock(?)", changesLock).Error; err != nil {
			return classify(err)
		}
	}
	var last int64
	if err := tx.db.Raw("SELECT coalesce(max(position), 0) FROM change WHERE tenant = ?", tx.actor.Tenant).Scan(&last).Error; err != nil {
		return classify(err)
	}
	rows, err := many[changeRow](tx.from("change").Where("t.position IS NULL").Order("t.at, t.id"))
	if err != nil {
		return err
	}
	for i, r := range rows {
		err := tx.db.Exec("UPDATE change SET position = ? WHERE tenant = ? AND id = ?", last+int64(i)+1, tx.actor.Tenant, r.ID).Error
		if err != nil {
			return classify(err)
		}
	}
	return nil
}

// Changes lists numbered changes after a position, oldest first, at most limit.
func (tx *Tx) Changes(after int64, kinds []string, limit int) ([]supervision.Change, error) {
	q := tx.from("change").Where("t.position > ?", after).Order("t.position").Limit(limit)
	if len(kinds) > 0 {
		q = q.Where("t.kind IN ?", kinds)
	}
	rows, err := many[changeRow](q)
	return each(rows, err, func(r changeRow) supervision.Change {
		return supervision.Change{Position: *r.Position, Kind: r.Kind, Object: r.Object, Revision: r.Revision, Gone: r.Gone, At: r.At.get()}
	})
}

// ForgetChanges removes the changes of the tenant that are older than ChangeAge. The last position that was given stays, so that
// none is given twice.
func (tx *Tx) ForgetChanges() error {
	_, err := tx.remove("change", "at < ? AND (position IS NULL OR position < (SELECT max(c.position) FROM change c WHERE c.tenant = ?))",
		at(tx.now.Add(-ChangeAge)), tx.actor.Tenant)
	return err
}

// gone writes that an object of a kind is gone.
func (tx *Tx) gone(kind string, object supervision.UUID, revision int) error {
	return tx.changed(kind, object, revision+1, true)
}
