package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"kreds/calendar"
	"kreds/service"
	"kreds/service/roster"
	"kreds/supervision"
)

// The steps of the demo, in the order in which a programme manager would take them, over HTTP.

// connect lets everybody connect their calendar, each with a token of their own, and waits until all were read.
func (s *story) connect(ctx context.Context) error {
	s.said("\n2. Everybody connects a calendar by CalDAV; Kreds reads busy time, and nothing else.")
	people := roster.New(s.house)
	waiting := map[supervision.PersonID]string{}
	for _, p := range s.scenario.People {
		password, ok := s.calendars.passwords[p.ExternalID]
		if !ok {
			continue
		}
		id, err := supervision.ParseID[struct{}](s.ids["people "+p.ExternalID])
		if err != nil {
			return err
		}
		made, err := people.MakeToken(ctx, service.Command(s.tenant.ID), roster.NewToken{Kind: supervision.PersonalToken, Name: "demo", Person: supervision.PersonID(id),
			Days: 90, Scopes: []supervision.Scope{supervision.ScopeSelf, supervision.ScopeLogisticsRead}})
		if err != nil {
			return err
		}
		s.tokens[p.ID] = made.Secret.Reveal()
		c, err := s.api.as(s.tokens[p.ID]).post("/v1/calendar-connections", object{"kind": "caldav", "url": "http://" + s.calendars.address + "/",
			"user": p.ExternalID, "password": password})
		if err != nil {
			return err
		}
		waiting[p.ID] = "/v1/calendar-connections/" + str(c, "id")
	}
	for _, p := range s.scenario.People {
		path, ok := waiting[p.ID]
		if !ok {
			continue
		}
		mine := s.api.as(s.tokens[p.ID])
		for {
			c, err := mine.get(path)
			if err != nil {
				return err
			}
			if str(c, "state") == "active" && str(c, "health") == "known" {
				break
			}
			if str(c, "state") == "revoked" || str(c, "state") == "degraded" {
				return fmt.Errorf("the calendar of %s could not be read: %v", p.Name, c["fault"])
			}
			if err := pause(ctx, 100*time.Millisecond); err != nil {
				return err
			}
		}
	}
	s.said("   %d calendars read, about %d %% busy", len(waiting), s.busyShare())
	return nil
}

// busyShare is the share of working time in the cycle that the calendars say is taken, in per cent.
func (s *story) busyShare() int {
	busy, err := s.scenario.Busy()
	if err != nil {
		return 0
	}
	var taken, worked time.Duration
	for id, list := range busy {
		p, _ := s.scenario.Person(id)
		loc, err := calendar.LoadZone(p.TimeZone)
		if err != nil {
			return 0
		}
		for _, b := range calendar.Union(list) {
			taken += b.End.Sub(b.Start)
		}
		for day := s.scenario.Cycle.Span.From; !s.scenario.Cycle.Span.To.Before(day); day = day.AddDays(1) {
			for _, w := range p.WorkHours {
				if w.Weekday == day.Midnight(loc).Weekday() {
					worked += time.Duration(w.To-w.From) * time.Minute
				}
			}
		}
	}
	if worked == 0 {
		return 0
	}
	return int(100 * taken / worked)
}

// demoIterations are so many for each of the chains: a plan by iterations is the same on every machine.
const demoIterations = 60_000

// planIt runs the planner and shows how far it is.
func (s *story) planIt(ctx context.Context) error {
	s.said("\n3. The planner forms lawful groups and finds times.")
	run, err := s.api.post("/v1/plan-runs", object{"cycle_id": strings.TrimPrefix(s.cycle, "/v1/cycles/"), "seed": 1, "chains": 4, "iterations": []int{demoIterations}})
	if err != nil {
		return err
	}
	s.run = str(run, "id")
	last := -1.0
	for {
		p, err := s.api.get("/v1/plan-runs/" + s.run + "/progress")
		if err != nil {
			return err
		}
		if n, _ := p["iterations"].(float64); n != last && n > 0 {
			last = n
			score, _ := p["score"].(object)
			s.said("   %9.0f of %.0f iterations, hard %v, unassigned %v, soft %v", n, p["iterations_planned"], score["hard"], score["medium"], score["soft"])
		}
		if state := str(p, "state"); state != "queued" && state != "running" {
			break
		}
		if err := pause(ctx, 500*time.Millisecond); err != nil {
			return err
		}
	}
	run, err = s.api.get("/v1/plan-runs/" + s.run)
	if err != nil {
		return err
	}
	ids, _ := run["plan_ids"].([]any)
	if len(ids) == 0 {
		return fmt.Errorf("the run ended as %v: %v", run["state"], run["fault"])
	}
	s.plan = "/v1/plans/" + fmt.Sprint(ids[0])
	plan, err := s.api.get(s.plan)
	if err != nil {
		return err
	}
	score := plan["score"].(object)
	s.result.Hard, s.result.Soft = int(score["hard"].(float64)), int(score["soft"].(float64))
	s.result.Unassigned = len(plan["unassigned"].([]any))
	s.result.Sessions = int(plan["session_count"].(float64))
	if s.result.Hard != 0 || s.result.Unassigned != 0 {
		return fmt.Errorf("the plan is not complete: %v hard, %v", s.result.Hard, plan["unassigned"])
	}
	return nil
}

// publish books the plan's sessions.
func (s *story) publish(context.Context) error {
	_, tag, err := s.api.do("GET", s.plan, nil)
	if err != nil {
		return err
	}
	done, err := s.api.post(s.plan+"/publication", object{}, "If-Match", tag)
	if err != nil {
		return err
	}
	groups, err := s.api.all("/v1/groups", nil)
	if err != nil {
		return err
	}
	s.result.Groups = len(groups)
	s.said("\n4. The plan is published: %v sessions on hold, %d groups.", done["put"], len(groups))
	return nil
}

// accept lets each mentor accept their placement.
func (s *story) accept(context.Context) error {
	for _, e := range s.scenario.Enrolments {
		mine := s.api.as(s.tokens[e.Mentor])
		seats, err := mine.all("/v1/placements", nil)
		if err != nil {
			return err
		}
		for _, seat := range seats {
			if _, err := mine.post("/v1/placements/"+str(seat, "id")+"/acceptance", object{}, "If-Match", str(seat, "etag")); err != nil {
				return err
			}
		}
	}
	s.said("5. Each mentor has accepted. Their calendars are read once more, and every session is confirmed by the same law.")
	return nil
}

// settle waits until all sessions are confirmed and stand in everybody's calendar.
func (s *story) settle(ctx context.Context) error {
	last := time.Now()
	for {
		confirmed, err := s.api.all("/v1/sessions", url.Values{"state": {"confirmed"}})
		if err != nil {
			return err
		}
		written, err := s.written(ctx)
		if err != nil {
			return err
		}
		if len(confirmed) == s.result.Sessions && written == s.wanted(confirmed) {
			s.result.WrittenBack = written
			s.said("   %d sessions are confirmed; %d events stand in %d calendars.", len(confirmed), written, len(s.calendars.passwords))
			return nil
		}
		if time.Since(last) > 2*time.Second {
			last = time.Now()
			s.said("   %d of %d confirmed, %d events written", len(confirmed), s.result.Sessions, written)
		}
		if err := pause(ctx, 300*time.Millisecond); err != nil {
			return err
		}
	}
}

// wanted is how many events the sessions make: one for each of their people.
func (s *story) wanted(sessions []object) (n int) {
	for _, x := range sessions {
		n += 1 + len(x["mentors"].([]any))
	}
	return n
}

var errNotThere = errors.New("the demo's result is not what it should be")

// until reads an object until it is in one of the states.
func (s *story) until(ctx context.Context, path string, states ...string) (object, error) {
	for {
		o, err := s.api.get(path)
		if err != nil {
			return nil, err
		}
		for _, state := range states {
			if str(o, "state") == state {
				return o, nil
			}
		}
		if err := pause(ctx, 200*time.Millisecond); err != nil {
			return nil, err
		}
	}
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
