package calendars

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"kreds/calendar"
	"kreds/calendar/ics"
	"kreds/internal/seal"
	"kreds/service"
	"kreds/service/task"
	"kreds/store"
	"kreds/supervision"
)

// What a feed covers, and how long it goes on saying that a session is cancelled.
const (
	feedBack    = 90 * 24 * time.Hour
	feedAhead   = 400 * 24 * time.Hour
	cancelledIn = 30 * 24 * time.Hour
)

// feedName is what calendar programs call a feed.
const feedName = "Development sessions"

// agendaAge is how long a rendered feed is served: its window moves on, though nothing in it changes.
const agendaAge = 24 * time.Hour

// FeedText is a feed as it is served.
type FeedText struct {
	Body []byte
	ETag string // strong: of the bytes
}

// Render renders a person's feed anew, in one transaction with the end of the task.
func (s *Service) Render(ctx context.Context, t task.Render) error {
	err := s.Store.Update(ctx, service.Task(t.Tenant), func(tx *store.Tx) error {
		if _, err := s.render(tx, t.Person); err != nil {
			return err
		}
		return tx.FinishJob()
	})
	if err == nil || notThere(err) {
		return nil
	}
	s.Log.Error("a feed was not rendered", "person", t.Person, "error", err)
	return s.Store.Update(ctx, service.Task(t.Tenant), func(tx *store.Tx) error {
		a, err := tx.LockAgenda(t.Person)
		if err != nil {
			return err
		}
		a.Tries++
		a.NextAt = supervision.At(tx.Now().Add(wait(a.Tries, t.Person, 0)))
		if err := tx.PutAgenda(a); err != nil {
			return err
		}
		return tx.FinishJob()
	})
}

// render renders the feed of a person under the lock of its row, so that whatever changes meanwhile asks for it again.
func (s *Service) render(tx *store.Tx, p supervision.PersonID) (a store.Agenda, err error) {
	person, err := tx.Person(p)
	if err != nil {
		return a, err
	}
	if a, err = tx.LockAgenda(p); err != nil {
		return a, err
	}
	rows, err := tx.DeliveriesTo(p)
	if err != nil {
		return a, err
	}
	now := tx.Now()
	head := ics.FeedHead{Name: feedName, Zone: person.TimeZone, Window: calendar.Interval{Start: now.Add(-feedBack), End: now.Add(feedAhead)}}
	body, skipped, err := ics.EncodeFeed(head, agenda(rows, head.Window, now, s.BaseURL))
	if err != nil {
		return a, internal("the feed of person %s: %w", p, err)
	}
	if skipped > 0 {
		s.Log.Error("a feed lacks sessions that cannot be written", "person", p, "sessions", skipped)
	}
	sum := sha256.Sum256(body)
	a.Body, a.ETag, a.ChangedAt = body, `"`+hex.EncodeToString(sum[:16])+`"`, now
	a.Done, a.Tries, a.NextAt = a.Wanted, 0, supervision.Instant{}
	return a, tx.PutAgenda(a)
}

// agenda lists what a feed holds: the sessions of its window, and, for a while, the word that one is cancelled or that its
// reader has no part in it any more.
func agenda(rows []supervision.Delivery, window calendar.Interval, now time.Time, baseURL string) []calendar.Appointment {
	var list []calendar.Appointment
	for _, d := range rows {
		a := appointment(d, baseURL)
		if !a.Overlaps(window) || a.Status == calendar.Cancelled && d.ChangedAt.Before(now.Add(-cancelledIn)) {
			continue
		}
		list = append(list, a)
	}
	return list
}

// readEvery is how exactly it is noted when a feed was last read.
const readEvery = 10 * time.Minute

// ReadFeed returns the calendar behind the secret of an address: as it was rendered, or, where that is missing or stale,
// rendered now. Where that cannot be done at the moment the last one is served. A secret that opens nothing is Absent.
func (s *Service) ReadFeed(ctx context.Context, secret string) (text FeedText, err error) {
	var house supervision.Actor
	var feed supervision.Feed
	err = s.Store.View(ctx, supervision.Actor{Kind: supervision.ByCommand}, func(tx *store.Tx) error {
		var tenant supervision.TenantID
		tenant, feed, err = s.Store.FeedByHash(tx, seal.Hash(secret))
		house = service.Task(tenant)
		return err
	})
	if err != nil {
		return text, err
	}
	var a store.Agenda
	var fresh, note bool
	err = s.Store.View(ctx, house, func(tx *store.Tx) error {
		a, err = tx.Agenda(feed.Person)
		fresh = a.Done == a.Wanted && len(a.Body) > 0 && tx.Now().Sub(a.ChangedAt) < agendaAge
		note = tx.Now().Sub(feed.LastReadAt) >= readEvery
		return err
	})
	if err != nil {
		return text, err
	}
	if !fresh || note {
		err = s.Store.Update(ctx, house, func(tx *store.Tx) error {
			if !fresh {
				rendered, err := s.render(tx, feed.Person)
				if err != nil {
					return err
				}
				a = rendered
			}
			return tx.FeedRead(feed.ID)
		})
	}
	if err != nil && len(a.Body) == 0 {
		return text, err
	}
	if err != nil {
		s.Log.Warn("a feed is served as it was", "feed", feed.ID, "error", err)
	}
	return FeedText{a.Body, a.ETag}, nil
}
