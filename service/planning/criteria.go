package planning

import (
	"context"
	"fmt"
	"strings"

	"kreds/scheduling"
	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

// Criteria says by what a cycle is planned.
type Criteria struct {
	Cycle         supervision.CycleID
	Version       int // of the cycle, whose tag it shares
	SilenceCounts bool
	AnswerDays    int
	Rules         []CriteriaRule
	Wishes        []CriteriaWish
}

// CriteriaRule is a rule with what the cycle has set of it; empty where it sets nothing.
type CriteriaRule struct {
	scheduling.Rule
	Value string
}

// CriteriaWish is a wish with its weight in the cycle.
type CriteriaWish struct {
	scheduling.Wish
	Weight int
}

// GetCriteria says by which rules and wishes a cycle is planned, to everybody who sees it.
func (s *Service) GetCriteria(ctx context.Context, actor supervision.Actor, id supervision.CycleID) (seen service.Seen[Criteria], err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		if seen.View, err = tx.See(store.Cycles, "getCriteria", id.Any()); err != nil {
			return err
		}
		c, err := tx.Cycle(id)
		if err != nil {
			return err
		}
		p, err := tx.Programme(c.Programme)
		seen.Object = criteria(c, p.Mode)
		return err
	})
	return seen, err
}

func criteria(c supervision.Cycle, mode supervision.ProgrammeMode) Criteria {
	out := Criteria{Cycle: c.ID, Version: c.Version, SilenceCounts: c.Settings.SilenceCounts, AnswerDays: c.Settings.AnswerDays}
	for _, r := range rulesInForce(mode) {
		out.Rules = append(out.Rules, CriteriaRule{r, valueOf(r.ID, c.Settings)})
	}
	for _, w := range scheduling.ProfileField.Wishes() {
		weight, own := c.Settings.Weights[w.ID]
		if !own {
			weight = w.Weight
		}
		out.Wishes = append(out.Wishes, CriteriaWish{w, weight})
	}
	return out
}

// valueOf says in words what a cycle's settings make of a rule.
func valueOf(rule string, s supervision.Settings) string {
	switch rule {
	case "H01":
		return fmt.Sprintf("%d to %d, target %d", s.Size.Min, s.Size.Max, s.Size.Target)
	case "H06", "H07", "H08":
		return fmt.Sprintf("d = %d", s.ManagerSteps)
	case "H14":
		return fmt.Sprintf("group %d days, individual %d days", s.NoticeGroup, s.NoticeOne)
	case "H15":
		return limitsValue(s)
	case "H16":
		return blackoutsValue(s.Blackouts)
	case "H18":
		return fmt.Sprintf("%d days", s.GapMinDays)
	case "H24":
		if s.SilenceCounts {
			return fmt.Sprintf("%d working days to answer; silence is consent", s.AnswerDays)
		}
		return fmt.Sprintf("%d working days to answer; silence is no answer", s.AnswerDays)
	case "H31":
		return fmt.Sprintf("starts every %d minutes", s.StartStep)
	case "H33":
		if s.GapMaxDays == 0 {
			return "no longest gap"
		}
		return fmt.Sprintf("at most %d days", s.GapMaxDays)
	}
	return ""
}

func limitsValue(s supervision.Settings) string {
	var parts []string
	if s.Buffer != nil {
		parts = append(parts, fmt.Sprintf("%d minutes apart", *s.Buffer))
	}
	for _, l := range []struct {
		n    int
		unit string
	}{
		{s.Limits.DaySessions, "sessions a day"}, {s.Limits.DayMinutes, "minutes a day"},
		{s.Limits.WeekSessions, "sessions a week"}, {s.Limits.WeekMinutes, "minutes a week"},
	} {
		if l.n > 0 {
			parts = append(parts, fmt.Sprintf("at most %d %s", l.n, l.unit))
		}
	}
	return strings.Join(parts, ", ")
}

// longestValue is how much of a list of blackouts is told.
const longestValue = 5

func blackoutsValue(list []supervision.Blackout) string {
	if len(list) == 0 {
		return "no blackouts; holidays are the organisations'"
	}
	var parts []string
	for i, b := range list {
		if i == longestValue {
			parts = append(parts, fmt.Sprintf("and %d more", len(list)-i))
			break
		}
		parts = append(parts, fmt.Sprintf("%s to %s", b.FromOn, b.ToOn))
	}
	return "blackouts " + strings.Join(parts, ", ")
}
