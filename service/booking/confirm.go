package booking

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"kreds/instance"
	"kreds/scheduling"
	"kreds/scheduling/check"
	"kreds/service"
	"kreds/service/task"
	"kreds/store"
	"kreds/supervision"
)

// Confirm confirms a revision of a session if every guard holds: all mentors have accepted it (H24), they are prepared
// (H11), the notice is kept or waived by all (H14), nobody's calendar is unknown or stale (H27), and the law. A refusal is a
// result, not an error: the session keeps the rules that refused it, and is rung again by what may lift one.
func (s *Service) Confirm(ctx context.Context, t task.Confirm) error {
	return s.Store.Update(ctx, service.Task(t.Tenant), func(tx *store.Tx) error {
		x, err := s.lock(tx, t.Session)
		if err != nil {
			return err
		}
		if x.State != supervision.OnHold || x.Revision != t.Revision || x.Started(tx.Now()) {
			return nil // something else has happened: this bell means nothing any more
		}
		refusal, err := s.guards(tx, x)
		if err != nil {
			return err
		}
		outside, err := astray(tx, x)
		if err != nil {
			return err
		}
		if len(refusal) > 0 {
			return s.note(tx, x, append(refusal, outside...))
		}
		former := x
		x.State, x.Attention = supervision.Confirmed, outside
		if err := tx.PutSession(&x); err != nil {
			return err
		}
		return s.Outside(tx, []supervision.Session{x}, []supervision.Session{former})
	})
}

// note keeps what stands against a session, if it is other than before.
func (s *Service) note(tx *store.Tx, x supervision.Session, reasons []supervision.Reason) error {
	if sameReasons(x.Attention, reasons) {
		return nil
	}
	x.Attention = reasons
	return tx.PutSession(&x)
}

func sameReasons(a, b []supervision.Reason) bool {
	return slices.EqualFunc(a, b, func(x, y supervision.Reason) bool {
		return x.Rule == y.Rule && x.Subject == y.Subject && x.Detail == y.Detail && slices.Equal(x.Help, y.Help)
	})
}

// guards lists the rules that refuse the confirmation of a session, by their ids.
func (s *Service) guards(tx *store.Tx, x supervision.Session) (refusal []supervision.Reason, err error) {
	facts, err := tx.FactsFor(x.Cycle, x)
	if err != nil {
		return nil, err
	}
	one, err := caseOf(facts, x)
	if err != nil {
		return nil, err
	}
	refusal = law(one)
	settings := facts.Cycle.Settings
	waiting := 0
	agreed := true
	for _, a := range x.Mentors {
		if !a.Accepts(x.Revision) {
			waiting++
		}
		agreed = agreed && a.ShortNoticeOK && a.Accepts(x.Revision)
	}
	if x.Kind != supervision.KindIntroduction && waiting > 0 {
		refusal = append(refusal, reason("H24", "%d of %d mentors have not accepted the session's present revision.", waiting, len(x.Mentors)))
	}
	if left := x.Start.Sub(tx.Now()); left < settings.Notice(x.Kind) && !agreed {
		refusal = append(refusal, reason("H14", "The session is nearer than its notice. It can be confirmed when all its mentors accept a shorter one."))
	}
	at := supervision.PlanSession{Mentors: x.MentorIDs(), Supervisor: x.Supervisor, Start: x.Start, End: x.End}
	if n := one.Unknown(at); n > 0 {
		refusal = append(refusal, reason("H27", "The calendars of %d of its people are unknown or stale at that time.", n))
	}
	slices.SortFunc(refusal, func(a, b supervision.Reason) int { return strings.Compare(a.Rule, b.Rule) })
	return refusal, nil
}

// caseOf puts a session before the law.
func caseOf(facts instance.Facts, x supervision.Session) (instance.Case, error) {
	c, err := instance.For(facts, x)
	if err != nil {
		return c, &supervision.Error{Kind: supervision.Internal, Code: "internal", Err: err}
	}
	return c, nil
}

// law asks the law about a case.
func law(c instance.Case) []supervision.Reason {
	report := check.Judge{At: c.At}.Check(c.Problem, &c.Plan)
	return instance.Reasons(append(slices.Clone(report.Violations), c.OffGrid...), c.Map, supervision.PersonID{})
}

func reason(rule, format string, args ...any) supervision.Reason {
	r, _ := scheduling.RuleByID(rule)
	return supervision.Reason{Rule: rule, Detail: fmt.Sprintf(format, args...), Help: []string{r.Sentence}}
}
