package api_test

import (
	"database/sql"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"kreds/instance/scenario"
	"kreds/service/planning"
	"kreds/service/task"
	"kreds/store"
	"kreds/store/storetest"
	"kreds/supervision"
)

// waiters waits until so many transactions of the database wait for a lock that another one holds.
func (b *built) waiters(n int) {
	b.t.Helper()
	db, err := sql.Open("pgx", b.url)
	if err != nil {
		b.t.Fatal(err)
	}
	defer db.Close()
	late := time.After(30 * time.Second)
	for got := -1; got != n; {
		err := db.QueryRow("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").Scan(&got)
		if err != nil {
			b.t.Error(err)
			return
		}
		select {
		case <-late:
			b.t.Errorf("%d transactions wait, want %d", got, n)
			return
		default:
		}
	}
}

// hold begins a transaction that takes locks, and keeps them until the returned function is called.
func (b *built) hold(locks func(tx *store.Tx) error) (release func()) {
	held, free, ended := make(chan bool), make(chan bool), make(chan error, 1)
	go func() {
		ended <- b.Store.Update(b.t.Context(), b.actor, func(tx *store.Tx) error {
			if err := locks(tx); err != nil {
				return err
			}
			close(held)
			<-free
			return nil
		})
	}()
	select {
	case <-held:
	case err := <-ended:
		b.t.Errorf("no locks: %v", err)
		return func() {}
	}
	return func() {
		close(free)
		if err := <-ended; err != nil {
			b.t.Error(err)
		}
	}
}

// searching calls a function once, when a run has begun to search: the planner asks the house's clock then, and only then.
func (b *built) searching(do func()) {
	var called atomic.Bool
	clock := b.Now
	b.Now = func() time.Time {
		if called.CompareAndSwap(false, true) {
			do()
		}
		return clock()
	}
}

func (b *built) run(token string, members object) (path string, id supervision.RunID) {
	b.t.Helper()
	r := b.want(202, token, "POST", "/v1/plan-runs", members)
	got, err := supervision.ParseID[struct{}](fmt.Sprint(r.JSON["id"]))
	if err != nil {
		b.t.Fatal(err)
	}
	return "/v1/plan-runs/" + fmt.Sprint(r.JSON["id"]), supervision.RunID(got)
}

// A cancellation that comes while the run finishes: whoever is first, the plan that was found is kept, and nothing is searched
// again.
func TestARunThatIsCancelledWhileItFinishesKeepsItsPlan(t *testing.T) {
	for _, c := range []struct {
		name      string
		keep      bool
		plans     int
		cancelled bool // the cancellation is first
		state     string
	}{
		{"kept", true, 1, true, "stopped"}, {"discarded", false, 0, true, "stopped"}, {"too late", false, 1, false, "succeeded"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := buildOn(t, storetest.PostgresURL(t))
			s := scenario.S1(scenario.Plain)
			manager := b.stage(s)[s.Programme.Lead]
			path, id := b.run(manager, object{"cycle_id": s.Cycle.ID, "iterations": []int{2000}, "chains": 1})
			answer, solved, begun, goOn := make(chan reply, 1), make(chan error, 1), make(chan bool), make(chan bool)
			b.searching(func() { close(begun); <-goOn })
			go func() {
				solved <- planning.New(b.House).Solve(t.Context(), task.Solve{Tenant: b.actor.Tenant, Run: id})
			}()
			<-begun
			now := b.want(200, manager, "GET", path, nil)
			release := b.hold(func(tx *store.Tx) error { _, err := tx.LockRun(id); return err })
			cancel := func() {
				answer <- b.do(manager, "POST", path+"/cancellation", object{"keep_best": c.keep}, "If-Match", now.etag())
			}
			if c.cancelled {
				go cancel()
				b.waiters(1)
				close(goOn)
			} else {
				close(goOn)
				b.waiters(1)
				go cancel()
			}
			b.waiters(2)
			release()
			if r := <-answer; r.Code != 200 {
				t.Errorf("the cancellation was answered by %d %s", r.Code, r.Body)
			}
			if err := <-solved; err != nil {
				t.Errorf("the run was not finished: %v", err)
			}
			after := b.want(200, manager, "GET", path, nil)
			if n := len(after.JSON["plan_ids"].([]any)); after.JSON["state"] != c.state || n != c.plans {
				t.Errorf("the run is %v with %d plans, want %s with %d", after.JSON["state"], n, c.state, c.plans)
			}
		})
	}
}

// answered declines or accepts a session's present revision for a mentor.
func (b *built) answered(token string, id supervision.SessionID, p supervision.PersonID, answer string, more ...any) reply {
	b.t.Helper()
	var x supervision.Session
	err := b.Store.View(b.t.Context(), b.actor, func(tx *store.Tx) (err error) { x, err = tx.Session(id); return err })
	if err != nil {
		b.t.Fatal(err)
	}
	a, _ := x.Attendance(p)
	body := object{"answer": answer, "revision": x.Revision}
	for i := 0; i+1 < len(more); i += 2 {
		body[fmt.Sprint(more[i])] = more[i+1]
	}
	return b.do(token, "PUT", fmt.Sprintf("/v1/sessions/%s/answers/%s", id, p), body, "If-Match", fmt.Sprintf(`"%d-o"`, a.Version))
}

// An acceptance answers for all sessions that are published with the placement, those of a publication that commits while it
// waits among them.
func TestAPlacementThatIsAcceptedDuringAPublicationAnswersForItsSessions(t *testing.T) {
	b := buildOn(t, storetest.PostgresURL(t))
	s := scenario.S1(scenario.Plain)
	tokens := b.stage(s)
	manager := tokens[s.Programme.Lead]
	b.published(s, manager)
	x := b.one(s, supervision.KindGroup)
	ida, bob := x.MentorIDs()[0], x.MentorIDs()[1]
	b.answered(tokens[bob], x.ID, bob, "declined")
	path := b.planned(s, manager)
	plan := b.want(200, manager, "GET", path, nil)
	seat := b.want(200, tokens[ida], "GET", "/v1/placements", nil).JSON["items"].([]any)[0].(object)
	publication, acceptance := make(chan reply, 1), make(chan reply, 1)

	release := b.hold(func(tx *store.Tx) error { _, err := tx.LockCycle(s.Cycle.ID); return err })
	go func() { publication <- b.do(manager, "POST", path+"/publication", object{}, "If-Match", plan.etag()) }()
	b.waiters(1) // it has locked everybody, and waits for the cycle
	go func() {
		acceptance <- b.do(tokens[ida], "POST", fmt.Sprintf("/v1/placements/%v/acceptance", seat["id"]), object{}, "If-Match", fmt.Sprint(seat["etag"]))
	}()
	b.waiters(2) // for Ida
	release()
	if p, a := <-publication, <-acceptance; p.Code != 200 || a.Code != 200 {
		t.Fatalf("the publication: %d %s, the acceptance: %d %s", p.Code, p.Body, a.Code, a.Body)
	}
	for _, y := range b.sessions(s.Cycle.ID) {
		if a, in := y.Attendance(ida); in && y.Kind != supervision.KindIntroduction && (y.State != supervision.OnHold || !a.Accepts(y.Revision)) {
			t.Errorf("the %s of %s is %s and her answer is %s", y.Kind, y.Start.Format(time.DateTime), y.State, a.Answer)
		}
	}
}

// one is a booked session of a kind.
func (b *built) one(s scenario.Scenario, kind supervision.RoundKind) supervision.Session {
	b.t.Helper()
	for _, x := range b.sessions(s.Cycle.ID) {
		if x.Kind == kind && x.State.Occupies() {
			return x
		}
	}
	b.t.Fatalf("no session of the kind %s is booked", kind)
	return supervision.Session{}
}
