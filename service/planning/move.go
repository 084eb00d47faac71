package planning

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"kreds/instance"
	"kreds/scheduling"
	"kreds/scheduling/check"
	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

// Move says where a session of a plan shall go; what is unset stays.
type Move struct {
	Session    supervision.PlanSessionID
	Start      supervision.Instant
	Supervisor supervision.PersonID
	Mentors    []supervision.PersonID
}

// Verdict is what would come of a move: the plan's new score, or the reasons against it.
type Verdict struct {
	OK      bool
	Reasons []supervision.Reason
	Change  supervision.Score       // of the plan's score
	Others  []supervision.PersonRef // who would come into the session, or be left out of it
	refusal error
	plan    supervision.Plan
	session supervision.PlanSession
}

// CheckMoves judges moves, each by itself, by the law, and stores nothing but that some of them were refused.
func (s *Service) CheckMoves(ctx context.Context, c service.Call, plan supervision.PlanID, moves []Move) ([]Verdict, error) {
	verdicts := make([]Verdict, len(moves))
	err := s.Store.View(ctx, c.Actor, func(tx *store.Tx) error {
		if _, err := tx.May(store.Plans, "checkMoves", plan.Any()); err != nil {
			return err
		}
		for i, m := range moves {
			if _, err := s.onPlanSession(tx, "checkMoves", plan, m.Session); err != nil {
				return absentReference(err, "/moves/"+strconv.Itoa(i)+"/plan_session_id")
			}
		}
		board, err := s.board(tx, plan)
		if err != nil {
			return err
		}
		for i, m := range moves {
			if err := board.known(m, "/moves/"+strconv.Itoa(i)); err != nil {
				return err
			}
			if verdicts[i], err = board.judge(m, c.Actor.Person); err != nil {
				return err
			}
		}
		return nil
	})
	if slices.ContainsFunc(verdicts, func(v Verdict) bool { return supervision.RefusedByLaw(v.refusal) }) {
		s.NoteRefusal(ctx, c, service.Target{Noun: store.Plans, ID: plan.Any()})
	}
	return verdicts, err
}

// MoveSession moves one session of a draft plan, if the law allows it.
func (s *Service) MoveSession(ctx context.Context, c service.Call, plan supervision.PlanID, m Move) (service.Outcome[seenPlan], error) {
	return service.Act(ctx, s.House, c, service.Step[seenPlan]{
		May: func(tx *store.Tx) (service.Target, error) {
			target := service.Target{Noun: store.Plans, ID: plan.Any()}
			if _, err := tx.May(store.Plans, "movePlanSession", plan.Any()); err != nil {
				return target, err
			}
			_, err := s.onPlanSession(tx, "movePlanSession", plan, m.Session)
			return target, absentReference(err, "/plan_session_id")
		},
		Act: func(tx *store.Tx) (seenPlan, error) {
			seen, err := s.plan(tx, plan)
			if err != nil {
				return seen, err
			}
			board, err := s.board(tx, plan)
			if err != nil {
				return seen, err
			}
			if now := board.session(m.Session); now != nil && !m.changes(*now) {
				return seen, nil // the step is already taken
			}
			if err := c.Tagged(seen.Object.Version, seen.View); err != nil {
				return seen, err
			}
			if err := changeable(seen.Object.Plan); err != nil {
				return seen, err
			}
			if err := board.known(m, ""); err != nil {
				return seen, err
			}
			v, err := board.judge(m, tx.Actor().Person)
			if err != nil {
				return seen, err
			}
			if !v.OK {
				return seen, v.refusal
			}
			if err := tx.PutPlanSession(v.session); err != nil {
				return seen, err
			}
			seen.Object.Plan = v.plan
			return seen, tx.PutPlan(&seen.Object.Plan)
		},
	})
}

// board is a plan laid out over the facts of today, on which moves are tried.
type board struct {
	plan     supervision.Plan
	sessions []supervision.PlanSession
	built    instance.Built
	before   check.Report
	names    map[supervision.PersonID]string

	mentors, supervisors map[supervision.PersonID]bool // of the cycle

	rounds map[supervision.RoundID]supervision.Round
}

func (s *Service) board(tx *store.Tx, id supervision.PlanID) (*board, error) {
	b := &board{rounds: map[supervision.RoundID]supervision.Round{}}
	var err error
	if b.plan, err = tx.Plan(id); err != nil {
		return nil, err
	}
	if b.sessions, err = tx.PlanSessions(id); err != nil {
		return nil, err
	}
	facts, err := tx.CycleFacts(b.plan.Cycle)
	if err != nil {
		return nil, err
	}
	b.names, b.mentors, b.supervisors = map[supervision.PersonID]string{}, map[supervision.PersonID]bool{}, map[supervision.PersonID]bool{}
	for _, m := range facts.Mentors {
		b.names[m.ID], b.mentors[m.ID] = m.Name, true
	}
	for _, v := range facts.Supervisors {
		b.names[v.ID], b.supervisors[v.ID] = v.Name, true
	}
	for _, r := range facts.Rounds {
		b.rounds[r.ID] = r
	}
	if b.built, err = instance.Build(facts); err != nil {
		return nil, &supervision.Error{Kind: supervision.Conflict, Code: "plan-outdated", Detail: "The cycle can no longer be planned as it stands: " + err.Error()}
	}
	b.before = b.check(b.sessions, b.plan.Unassigned)
	return b, nil
}

func (b *board) check(sessions []supervision.PlanSession, unplaced []supervision.Unplaced) check.Report {
	plan := b.built.Plan(sessions, unplaced)
	return check.Check(b.built.Problem, &plan)
}

func (b *board) session(id supervision.PlanSessionID) *supervision.PlanSession {
	for i := range b.sessions {
		if b.sessions[i].ID == id {
			return &b.sessions[i]
		}
	}
	return nil
}

// changes says whether the move would change anything of the session.
func (m Move) changes(x supervision.PlanSession) bool {
	return !m.Start.IsZero() && !m.Start.Equal(x.Start) || !m.Supervisor.IsZero() && m.Supervisor != x.Supervisor ||
		m.Mentors != nil && !samePeople(m.Mentors, x.Mentors)
}

func samePeople(a, b []supervision.PersonID) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.SortFunc(a, supervision.PersonID.Compare)
	slices.SortFunc(b, supervision.PersonID.Compare)
	return slices.Equal(a, b)
}

// known refuses a move that names a session of another plan, or people who do not take part in the cycle in that way; at is
// where the move stands in the body.
func (b *board) known(m Move, at string) error {
	var f supervision.Faults
	if b.session(m.Session) == nil {
		f.Add(at+"/plan_session_id", "unknown-reference", "The plan has no such session.")
	}
	if !m.Supervisor.IsZero() && !b.supervisors[m.Supervisor] {
		f.Add(at+"/supervisor_id", "unknown-person", "There is no such supervisor in the cycle. Assign them first.")
	}
	for i, p := range m.Mentors {
		if !b.mentors[p] {
			f.Add(at+"/mentor_ids/"+strconv.Itoa(i), "unknown-person", "There is no such mentor in the cycle. Enrol them first.")
		}
	}
	return f.Err()
}

// judge tries one move. It is refused for every violation that the plan did not have before.
func (b *board) judge(m Move, reader supervision.PersonID) (Verdict, error) {
	at := b.session(m.Session)
	to := *at
	if !m.Start.IsZero() {
		to.Start, to.End = m.Start, m.Start.Add(at.End.Sub(at.Start))
		if _, exact := b.built.Map.Slot(to.Start); !exact {
			return refused(instance.Refuse([]scheduling.Violation{{Rule: "H31"}}, b.built.Map, reader)), nil
		}
	}
	if !m.Supervisor.IsZero() {
		to.Supervisor = m.Supervisor
	}
	if m.Mentors != nil {
		to.Mentors = slices.Clone(m.Mentors)
		slices.SortFunc(to.Mentors, supervision.PersonID.Compare)
		r := b.rounds[to.Round]
		to.End = to.Start.Add(time.Duration(r.MinutesFor(len(to.Mentors))) * time.Minute)
	}
	after := slices.Clone(b.sessions)
	for i := range after {
		if after[i].ID == to.ID {
			after[i] = to
		}
	}
	unplaced := b.unplaced(to, at.Mentors)
	report := b.check(after, unplaced)
	fresh := newViolations(b.before.Violations, report.Violations)
	v := Verdict{session: to, plan: b.plan}
	if len(fresh) > 0 {
		return refused(instance.Refuse(fresh, b.built.Map, reader)), nil
	}
	v.OK = true
	v.Change = supervision.Score{Hard: report.Score.Hard - b.before.Score.Hard, Medium: report.Score.Medium - b.before.Score.Medium, Soft: report.Score.Soft - b.before.Score.Soft}
	v.plan.Score, v.plan.Terms, v.plan.Unassigned = *scoreOf(report.Score), termsOf(b.built.Problem, report), unplaced
	v.session.Unknown = b.built.Unknown(to)
	v.Others = b.others(*at, to)
	return v, nil
}

// others are those who take part in a session before or after its move, and not both.
func (b *board) others(before, after supervision.PlanSession) (list []supervision.PersonRef) {
	was := append([]supervision.PersonID{before.Supervisor}, before.Mentors...)
	now := append([]supervision.PersonID{after.Supervisor}, after.Mentors...)
	for _, p := range append(slices.Clone(was), now...) {
		if slices.Contains(was, p) != slices.Contains(now, p) {
			list = append(list, supervision.PersonRef{ID: p, Name: b.names[p]})
		}
	}
	slices.SortFunc(list, func(a, b supervision.PersonRef) int { return a.ID.Compare(b.ID) })
	return list
}

// refused is the verdict of a refusal: a check is told the same reasons as the move itself, and of what rests on private facts
// nothing but that it is not possible.
func refused(err error) Verdict {
	v := Verdict{refusal: err}
	var e *supervision.Error
	if errors.As(err, &e) {
		if v.Reasons = e.Reasons; len(v.Reasons) == 0 {
			v.Reasons = []supervision.Reason{{Rule: e.Code, Detail: e.Detail}}
		}
	}
	return v
}

// unplaced is who has no session in a round after the members of one have changed.
func (b *board) unplaced(to supervision.PlanSession, before []supervision.PersonID) []supervision.Unplaced {
	list := slices.DeleteFunc(slices.Clone(b.plan.Unassigned), func(u supervision.Unplaced) bool {
		return u.Round == to.Round && slices.Contains(to.Mentors, u.Mentor)
	})
	for _, p := range before {
		if !slices.Contains(to.Mentors, p) {
			list = append(list, supervision.Unplaced{Mentor: p, Round: to.Round, Rule: scheduling.Unexplained})
		}
	}
	return list
}

// newViolations are those of after that are not in before; the place of a session in the list is of no account.
func newViolations(before, after []scheduling.Violation) (fresh []scheduling.Violation) {
	type key struct{ rule, round, subjects string }
	had := map[key]int{}
	of := func(v scheduling.Violation) key {
		subjects := ""
		for _, s := range v.Subjects {
			subjects += " " + s
		}
		return key{v.Rule, v.Round, subjects}
	}
	for _, v := range before {
		had[of(v)]++
	}
	for _, v := range after {
		if had[of(v)]--; had[of(v)] < 0 {
			fresh = append(fresh, v)
		}
	}
	return fresh
}
