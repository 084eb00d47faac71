package calendars

import (
	"errors"
	"slices"

	"kreds/calendar"
	"kreds/service/task"
	"kreds/store"
	"kreds/supervision"
)

// errMoved says that somebody has changed or read the connection since the reading began: it is older than theirs.
var errMoved = errors.New("calendars: the reading is out of date")

// keep keeps a reading, and rings what follows from it. It answers with the connection as it is now. The error errMoved
// means that the reading has to be made again; Absent that the connection is gone.
func (s *Service) keep(tx *store.Tx, r reading, after func(*supervision.Connection) error, refreshing supervision.SessionID) error {
	all, err := tx.LockConnectionsOf(r.connection.Person)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(c supervision.Connection) bool { return c.ID == r.connection.ID })
	if i < 0 {
		return supervision.Absent()
	}
	c := all[i]
	if c.Version != r.connection.Version {
		return errMoved
	}
	before, err := health(tx, c.Person)
	if err != nil {
		return err
	}
	was := c
	var changed bool
	if r.listed {
		if changed, err = s.keepObjects(tx, &c, r); err != nil {
			return err
		}
		c.Calendars = r.calendars
		chooseTarget(was, &c, all)
		if err := astray(tx, c, r); err != nil {
			return err
		}
	}
	s.keepState(&c, r, tx.Now())
	if after != nil {
		if err := after(&c); err != nil {
			return err
		}
	}
	put := func() error { return tx.PutConnectionWork(c) }
	if was.State != c.State || was.FaultCode != c.FaultCode || !slices.Equal(was.Calendars, c.Calendars) {
		put = func() error { return tx.PutConnection(&c) } // its owner sees something else
	}
	if err := put(); err != nil {
		return err
	}
	if target(was) != target(c) {
		if err := raise(tx, c.Person); err != nil {
			return err
		}
	}
	return s.follow(tx, c.Person, before, changed, refreshing)
}

// keepObjects keeps what was read and when its owner is taken, and says whether other time is taken now.
func (s *Service) keepObjects(tx *store.Tx, c *supervision.Connection, r reading) (changed bool, err error) {
	own, err := tx.OwnNames(c.Person)
	if err != nil {
		return false, err
	}
	for name := range own {
		if !r.own[name] && r.uids[name] {
			return false, errMoved // written while we read: it would count as somebody else's
		}
	}
	for _, k := range r.cursors {
		moved, err := tx.PutCursor(c.ID, k)
		if err != nil {
			return false, err
		}
		if moved {
			return false, errMoved
		}
	}
	var counting []string
	for _, k := range r.calendars {
		if k.Counts {
			counting = append(counting, k.Ref)
		}
	}
	if err := tx.ForgetCalendars(c.ID, counting); err != nil {
		return false, err
	}
	for ref, d := range r.deltas {
		if err := tx.PutDelta(c.ID, ref, d); err != nil {
			return false, err
		}
	}
	asOf := c.LastReadAt
	if r.err == nil {
		asOf = r.at
	}
	return tx.PutBusy(c.Person, c.ID.Any(), calendar.Reading{Busy: r.busy, AsOf: asOf, Covers: r.covers})
}

// keepState notes how the reading went.
func (s *Service) keepState(c *supervision.Connection, r reading, now supervision.Instant) {
	if r.err == nil {
		c.State, c.LastReadAt = supervision.ConnectionActive, r.at
		c.FaultCode, c.FaultText, c.FaultSince = "", "", supervision.Instant{}
		c.Tries, c.NextAt = 0, supervision.Instant{}
		return
	}
	f := faultOf(r.err)
	s.Log.Warn("a calendar was not read", "connection", c.ID, "code", f.code, "tries", c.Tries+1, "error", f.err)
	if c.FaultCode != f.code {
		c.FaultCode, c.FaultText, c.FaultSince = f.code, f.text, now
	}
	c.State = supervision.ConnectionDegraded
	if f.refused {
		c.State = supervision.ConnectionRevoked
	}
	c.Tries++
	c.NextAt = supervision.At(now.Add(wait(c.Tries, c.ID, f.after)))
}

// follow rings what follows from a reading or a declaration: the person's sessions are judged again when other time is
// taken, and those that were refused get another chance when that, or that more is known now, may lift the refusal.
func (s *Service) follow(tx *store.Tx, p supervision.PersonID, before supervision.Health, changed bool, refreshing supervision.SessionID) error {
	if changed {
		if err := tx.Enqueue(task.Recheck{Tenant: tx.Tenant(), Person: p}); err != nil {
			return err
		}
	}
	now, err := health(tx, p)
	if err != nil {
		return err
	}
	if !changed && (now != supervision.HealthKnown || before == supervision.HealthKnown) {
		return nil
	}
	sessions, err := tx.SessionsOf([]supervision.PersonID{p}, tx.Now())
	if err != nil {
		return err
	}
	for _, x := range sessions {
		if x.State != supervision.OnHold || !x.Answered() || len(x.Attention) == 0 || x.Started(tx.Now()) || x.ID == refreshing {
			continue
		}
		if err := tx.Enqueue(task.Refresh{Tenant: tx.Tenant(), Session: x.ID, Revision: x.Revision}); err != nil {
			return err
		}
	}
	return nil
}

// health is how far a person's busy time can be trusted now.
func health(tx *store.Tx, p supervision.PersonID) (supervision.Health, error) {
	healths, err := tx.Healths([]supervision.PersonID{p})
	return healths[p], err
}
