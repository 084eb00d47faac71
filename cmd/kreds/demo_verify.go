package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"kreds/calendar"
	"kreds/calendar/caldav"
	"kreds/calendar/ics"
	"kreds/internal/outbound"
	"kreds/scheduling"
	"kreds/service"
	"kreds/service/planning"
	"kreds/supervision"
)

// written counts the confirmed sessions that stand on the CalDAV server, as the server's own store has them.
func (s *story) written(ctx context.Context) (n int, err error) {
	for user := range s.calendars.passwords {
		objects, err := s.calendars.store.Objects(ctx, user, "work")
		if err != nil {
			return 0, err
		}
		for _, o := range objects {
			if bytes.Contains(o.Data, []byte("SUMMARY:"+ics.Summary)) && bytes.Contains(o.Data, []byte("STATUS:CONFIRMED")) {
				n++
			}
		}
	}
	return n, nil
}

// verify looks at the result from outside: the events on the CalDAV server, read with each person's password by a client of
// its own, and a feed, read by its address alone.
func (s *story) verify(ctx context.Context) error {
	allow, err := outbound.ParseAllow("http://" + s.calendars.address + "=127.0.0.1/32")
	if err != nil {
		return err
	}
	maker := outbound.New(outbound.Policy{Allow: allow})
	defer maker.Close()
	events := 0
	for _, p := range s.scenario.People {
		password, ok := s.calendars.passwords[p.ExternalID]
		if !ok {
			continue
		}
		n, err := s.eventsOf(ctx, caldav.New(maker), p, password)
		if err != nil {
			return err
		}
		events += n
	}
	if events != s.result.WrittenBack {
		return fmt.Errorf("%w: %d events are on the CalDAV server, %d were written", errNotThere, events, s.result.WrittenBack)
	}
	return s.verifyFeed(ctx)
}

// eventsOf counts the sessions in one person's calendar: each of theirs exactly once, at its own time.
func (s *story) eventsOf(ctx context.Context, provider calendar.Provider, p supervision.Person, password string) (int, error) {
	account, err := provider.Open(ctx, calendar.Account{URL: "http://" + s.calendars.address + "/", User: p.ExternalID, Password: password, Zone: p.TimeZone})
	if err != nil {
		return 0, err
	}
	list, err := account.Calendars(ctx)
	if err != nil {
		return 0, err
	}
	mine, err := s.api.as(s.tokens[p.ID]).all("/v1/sessions", nil)
	if err != nil {
		return 0, err
	}
	want := map[string]int{}
	for _, x := range mine {
		want[str(x, "start")]++
	}
	n := 0
	for _, c := range list {
		delta, err := account.Changes(ctx, c.Ref, "", nil)
		if err != nil {
			return 0, err
		}
		for _, o := range delta.Objects {
			if len(o.Events) != 1 || o.Events[0].Start.Form != calendar.UTC || strings.Contains(o.UID, "@") {
				continue // a meeting of the demo, on the clock of its zone
			}
			w := o.Events[0].Start.Wall
			at := time.Date(w.Year, w.Month, w.Day, w.Hour, w.Min, w.Sec, 0, time.UTC).Format(time.RFC3339)
			if want[at]--; want[at] < 0 {
				return 0, fmt.Errorf("%w: %s has an event at %s and no such session", errNotThere, p.Name, at)
			}
			n++
		}
	}
	if n != len(mine) {
		return 0, fmt.Errorf("%w: %s has %d sessions and %d events", errNotThere, p.Name, len(mine), n)
	}
	return n, nil
}

// verifyFeed makes a feed for the first mentor and reads it as a calendar program would.
func (s *story) verifyFeed(ctx context.Context) error {
	mentor := s.scenario.Enrolments[0].Mentor
	mine := s.api.as(s.tokens[mentor])
	made, err := mine.post("/v1/feeds", object{"name": "demo"})
	if err != nil {
		return err
	}
	s.result.FeedURL = str(made, "url")
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.result.FeedURL, nil)
	if err != nil {
		return err
	}
	reply, err := s.api.maker.Client(outbound.Options{}).Do(r)
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err != nil {
		return err
	}
	sessions, err := mine.all("/v1/sessions", nil)
	if err != nil {
		return err
	}
	objects, _, err := ics.Decode(bytes.NewReader(text), ics.Limits{}, nil)
	if err != nil || reply.StatusCode != http.StatusOK || len(objects) != len(sessions) {
		return fmt.Errorf("%w: the feed answered %d with %d events for %d sessions: %v", errNotThere, reply.StatusCode, len(objects), len(sessions), err)
	}
	who, _ := s.scenario.Person(mentor)
	s.said("\nVerified from outside: each session stands in each participant's calendar exactly once, and the feed of %s has its %d.", who.Name, len(objects))
	s.said("\nWhere to look\n  API and its documentation  %s/docs\n  a token for it             %s\n  a feed to subscribe to     %s\n  the CalDAV server          http://%s (user %s, password %s)",
		s.api.base, filepath.Join(s.dir, "manager.token"), s.result.FeedURL, s.calendars.address, who.ExternalID, s.calendars.passwords[who.ExternalID])
	return nil
}

// leave writes instance.json and plan.json, so that `kreds check` and other planners can judge them.
func (s *story) leave(ctx context.Context) error {
	run, err := supervision.ParseID[struct{}](s.run)
	if err != nil {
		return err
	}
	plan, err := supervision.ParseID[struct{}](strings.TrimPrefix(s.plan, "/v1/plans/"))
	if err != nil {
		return err
	}
	use := planning.New(s.house)
	call := service.Call{Actor: service.Command(s.tenant.ID), Operation: "getPlanRunInstance"}
	text, err := use.Instance(ctx, call, supervision.RunID(run))
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(s.dir, "instance.json"), text, 0o600); err != nil {
		return err
	}
	file, err := use.PlanFile(ctx, call, supervision.PlanID(plan))
	if err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(s.dir, "plan.json"), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	s.said("  instance.json and plan.json in %s", s.dir)
	return scheduling.EncodePlan(f, &file)
}
