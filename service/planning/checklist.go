package planning

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"kreds/store"
	"kreds/supervision"
)

// Item is one thing that a cycle needs before it is designed.
type Item struct {
	Rule   string
	OK     bool
	Detail string
	Help   []string
}

// leastPurpose is how many characters it takes to say what a programme is for.
const leastPurpose = 30

// checklist says what a cycle has and lacks: a purpose, a lead, a supervisor, a preparation for everybody, and rounds that lie
// in its days.
func checklist(tx *store.Tx, c supervision.Cycle, rounds []supervision.Round) ([]Item, error) {
	programme, err := tx.Programme(c.Programme)
	if err != nil {
		return nil, err
	}
	names, err := tx.Names([]supervision.PersonID{programme.Lead})
	if err != nil {
		return nil, err
	}
	supervisors, err := tx.AssignmentsIn(c.ID)
	if err != nil {
		return nil, err
	}
	enrolments, err := tx.EnrolmentsIn(c.ID)
	if err != nil {
		return nil, err
	}
	prepared, err := preparedIn(tx, c)
	if err != nil {
		return nil, err
	}
	return []Item{
		purposeItem(programme), leadItem(names[programme.Lead]), supervisorItem(c, supervisors), preparationItem(rounds, enrolments, prepared), roundsItem(c, rounds),
	}, nil
}

func purposeItem(p supervision.Programme) Item {
	n := utf8.RuneCountInString(p.Purpose)
	i := Item{Rule: "purpose", OK: n >= leastPurpose, Detail: fmt.Sprintf("The programme's purpose has %d characters.", n)}
	if !i.OK {
		i.Help = []string{fmt.Sprintf("Say it in %d characters or more.", leastPurpose)}
	}
	return i
}

func leadItem(name string) Item {
	return Item{Rule: "lead", OK: name != "", Detail: fmt.Sprintf("The programme's lead is %s.", name)}
}

func supervisorItem(c supervision.Cycle, all []supervision.Assignment) Item {
	n := 0
	for _, a := range all {
		if _, overlap := a.Valid.Clip(c.Span); a.State.Working() && overlap {
			n++
		}
	}
	i := Item{Rule: "supervisor", OK: n > 0, Detail: "No supervisor is assigned on a day of the cycle."}
	if i.OK {
		i.Detail = fmt.Sprintf("Supervisors assigned: %d.", n)
	} else {
		i.Help = []string{"Assign a supervisor."}
	}
	return i
}

func preparationItem(rounds []supervision.Round, enrolments []supervision.Enrolment, prepared map[supervision.PersonID]bool) Item {
	i := Item{Rule: "preparation", OK: true}
	if introduced(rounds) {
		i.Detail = "The cycle begins with an introduction."
		return i
	}
	mentors, missing := 0, 0
	for _, e := range enrolments {
		if e.State != supervision.EnrolmentActive {
			continue
		}
		if mentors++; !prepared[e.Mentor] {
			missing++
		}
	}
	i.OK = missing == 0 && mentors > 0
	i.Detail = fmt.Sprintf("Of %d mentors %d are not prepared, and there is no introduction.", mentors, missing)
	if i.OK {
		i.Detail = fmt.Sprintf("All %d mentors are prepared.", mentors)
	} else {
		i.Help = []string{"Add an introduction as the first round.", "Record how each mentor was prepared."}
	}
	return i
}

func roundsItem(c supervision.Cycle, rounds []supervision.Round) Item {
	apart := len(c.Apart(rounds))
	i := Item{Rule: "rounds", OK: apart == 0, Detail: fmt.Sprintf("All %d rounds lie in the cycle's days.", len(rounds))}
	if !i.OK {
		i.Detail = fmt.Sprintf("Of %d rounds %d lie outside of the cycle's days.", len(rounds), apart)
		i.Help = []string{"Change their windows, or the cycle's days."}
	}
	return i
}

// introduced says whether rounds begin with an introduction.
func introduced(rounds []supervision.Round) bool {
	return slices.ContainsFunc(rounds, func(r supervision.Round) bool { return r.Kind == supervision.KindIntroduction })
}

// preparedIn says who is prepared for a cycle (H11): by what is recorded in its programme, or by an introduction of the cycle
// that has ended.
func preparedIn(tx *store.Tx, c supervision.Cycle) (map[supervision.PersonID]bool, error) {
	recorded, err := tx.PreparationsIn(c.Programme)
	if err != nil {
		return nil, err
	}
	sessions, err := tx.SessionsIn(c.ID)
	if err != nil {
		return nil, err
	}
	done := map[supervision.PersonID]bool{}
	for _, p := range recorded {
		done[p.Person] = true
	}
	for _, x := range sessions {
		took := x.State == supervision.Completed || x.State == supervision.Confirmed && !tx.Now().Before(x.End)
		if x.Kind == supervision.KindIntroduction && took {
			for _, m := range x.MentorIDs() {
				done[m] = true
			}
		}
	}
	return done, nil
}
