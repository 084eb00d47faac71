package store

import (
	"errors"
	"maps"
	"slices"

	"kreds/supervision"
)

type occupancyRow struct {
	Of        owned                 `gorm:"embedded"`
	SessionID supervision.SessionID `gorm:"primaryKey"`
	PersonID  supervision.PersonID  `gorm:"primaryKey"`
	StartsAt  instant
	EndsAt    instant
}

func (occupancyRow) TableName() string { return "occupancy" }

// Claim is the only writer of occupancy. It takes all sessions of a transaction at once, new and changed ones, with the
// times, people and states that they shall have; a transaction makes one Claim.
//
// It locks their people, those that they had and those that they shall have, in the order of ids, then the sessions; takes
// their rows out of occupancy; asks the judge, which reads its facts under these locks; and writes the sessions and their
// rows. Somebody who is taken after all, which the schema alone can say for certain, is a Conflict: slot-taken.
func (tx *Tx) Claim(sessions []*supervision.Session, judge func() error) error {
	if tx.claimed {
		panic("store: a transaction makes one Claim")
	}
	tx.claimed = true
	of := make([]supervision.SessionID, len(sessions))
	people := map[supervision.PersonID]bool{}
	for i, s := range sessions {
		of[i] = s.ID
		for _, p := range s.People() {
			people[p] = true
		}
	}
	before, err := tx.SessionsByID(of)
	if err != nil {
		return err
	}
	for _, s := range before {
		for _, p := range s.People() {
			people[p] = true
		}
	}
	order := slices.SortedFunc(maps.Keys(people), supervision.PersonID.Compare)
	if err := tx.LockPeople(order); err != nil {
		return err
	}
	locked, err := tx.LockSessions(of)
	if err != nil {
		return err
	}
	was := map[supervision.SessionID]supervision.Session{}
	for _, s := range locked {
		was[s.ID] = s
		for _, p := range s.People() {
			if !people[p] {
				return errAgain // somebody joined between the look and the lock
			}
		}
	}
	if _, err := tx.remove("occupancy", "session_id IN ?", ids(of)); err != nil {
		return err
	}
	if err := judge(); err != nil {
		return err
	}
	for _, s := range sessions {
		if err := tx.putSession(s, was[s.ID]); err != nil {
			return err
		}
	}
	return tx.occupy(sessions)
}

// occupy inserts a row for each person of each session that takes time. ON CONFLICT DO NOTHING and a count, because a plain
// insert against an exclusion constraint deadlocks with its neighbours.
func (tx *Tx) occupy(sessions []*supervision.Session) error {
	sorted := slices.Clone(sessions)
	slices.SortFunc(sorted, func(a, b *supervision.Session) int { return a.ID.Compare(b.ID) })
	for _, s := range sorted {
		if !s.State.Occupies() {
			continue
		}
		for _, p := range s.People() {
			res := tx.db.Exec("INSERT INTO occupancy (tenant, session_id, person_id, starts_at, ends_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
				tx.actor.Tenant, s.ID, p, at(s.Start), at(s.End))
			err := classify(res.Error)
			if errors.Is(err, errTaken) || err == nil && res.RowsAffected == 0 {
				return supervision.Fault(supervision.Conflict, "slot-taken", "Somebody of this session is taken at that time. Choose another time.")
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}
