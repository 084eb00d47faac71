package calendars

import (
	"context"

	"kreds/internal/seal"
	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

type seenFeed = service.Seen[supervision.Feed]

// maxFeeds is how many feeds a person may have.
const maxFeeds = 10

// feedPrefix begins the secrets in the addresses of feeds, so that one that has leaked is recognised.
const feedPrefix = "kreds_fd_"

// FeedMade is a feed with its address, which is shown once: a repeat of the call has none.
type FeedMade struct {
	Feed    seenFeed
	Address seal.Secret `json:"-"`
	Written bool        // sessions are written into a calendar of its owner, too
}

// ListFeeds is a page of the actor's feeds, and whether there are more.
func (s *Service) ListFeeds(ctx context.Context, actor supervision.Actor, p store.Page) (list []seenFeed, more bool, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		rows, err := tx.ListFeeds(p)
		if err != nil {
			return err
		}
		rows, more = store.Cut(rows, p.Size)
		list, err = service.SeenAll(tx, store.Feeds, "listFeeds", rows, func(f supervision.Feed) supervision.UUID { return f.ID.Any() })
		return err
	})
	return list, more, err
}

// CreateFeed makes an address under which a calendar program reads the actor's own sessions. Only a hash of its secret is
// kept.
func (s *Service) CreateFeed(ctx context.Context, c service.Call, name string) (service.Outcome[FeedMade], error) {
	return service.Act(ctx, s.House, c, service.Step[FeedMade]{
		May: func(tx *store.Tx) (service.Target, error) { return own(tx, "createFeed", store.Feeds) },
		Act: func(tx *store.Tx) (made FeedMade, err error) {
			owner := tx.Actor().Person
			if err := tx.LockPeople([]supervision.PersonID{owner}); err != nil { // so that two at once are counted
				return made, err
			}
			n, err := tx.CountFeeds(owner)
			if err != nil {
				return made, err
			}
			if n >= maxFeeds {
				return made, supervision.Fault(supervision.Conflict, "too-many-feeds", "You have %d feeds. Delete one that is not used.", n)
			}
			f := supervision.Feed{ID: service.New[supervision.FeedID](s.House), Person: owner, Name: name, State: "active", MadeAt: tx.Now()}
			return s.address(tx, f)
		},
		Made: func(x FeedMade) supervision.UUID { return x.Feed.Object.ID.Any() },
	})
}

// RotateFeed gives a feed a new address; the old one is nobody's at once.
func (s *Service) RotateFeed(ctx context.Context, c service.Call, id supervision.FeedID) (service.Outcome[FeedMade], error) {
	return service.Act(ctx, s.House, c, service.Step[FeedMade]{
		May: func(tx *store.Tx) (service.Target, error) { return on(tx, store.Feeds, "rotateFeed", id.Any()) },
		Act: func(tx *store.Tx) (made FeedMade, err error) {
			seen, err := s.feed(tx, id)
			if err != nil {
				return made, err
			}
			if err := c.Tagged(seen.Object.Version, seen.View); err != nil {
				return made, err
			}
			return s.address(tx, seen.Object)
		},
	})
}

// address gives a feed a new secret.
func (s *Service) address(tx *store.Tx, f supervision.Feed) (made FeedMade, err error) {
	secret, hash := seal.Bearer(feedPrefix)
	if err := tx.PutFeed(&f, hash); err != nil {
		return made, err
	}
	all, err := tx.ConnectionsOf([]supervision.PersonID{f.Person})
	if err != nil {
		return made, err
	}
	made.Written = targetOf(all) != (place{})
	made.Address = seal.NewSecret(s.BaseURL + "/feeds/" + secret.Reveal() + "/calendar.ics")
	made.Feed, err = s.feed(tx, f.ID)
	return made, err
}

func (s *Service) feed(tx *store.Tx, id supervision.FeedID) (seen seenFeed, err error) {
	if seen.View, err = tx.See(store.Feeds, "listFeeds", id.Any()); err != nil {
		return seen, err
	}
	seen.Object, err = tx.Feed(id)
	return seen, err
}

// DeleteFeed ends a feed; its address answers like one that never was.
func (s *Service) DeleteFeed(ctx context.Context, c service.Call, id supervision.FeedID) error {
	_, err := service.Act(ctx, s.House, c, service.Step[struct{}]{
		May: func(tx *store.Tx) (service.Target, error) { return on(tx, store.Feeds, "deleteFeed", id.Any()) },
		Act: func(tx *store.Tx) (none struct{}, err error) {
			seen, err := s.feed(tx, id)
			if err != nil {
				return none, err
			}
			if err := c.Tagged(seen.Object.Version, seen.View); err != nil {
				return none, err
			}
			return none, tx.DeleteFeed(seen.Object)
		},
	})
	return err
}
