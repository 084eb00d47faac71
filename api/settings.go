package api

import (
	"strconv"

	"kreds/api/contract"
	"kreds/scheduling"
	"kreds/supervision"
)

func settingsJSON(s supervision.Settings) contract.CycleSettings {
	return contract.CycleSettings{
		GroupSize:         contract.GroupSize{Min: s.Size.Min, Max: s.Size.Max, Target: s.Size.Target},
		Gap:               contract.Gap{MinDays: s.GapMinDays, MaxDays: NullIf(s.GapMaxDays)},
		Notice:            contract.Notice{IndividualDays: s.NoticeOne, GroupDays: s.NoticeGroup},
		AnswerWorkingDays: s.AnswerDays, StartStepMinutes: s.StartStep, BufferMinutes: or(s.Buffer, 0), SupervisorLimits: limitsJSON(s.Limits),
		ManagerSteps: s.ManagerSteps, OrganisationRule: contract.OrganisationRule{Kind: contract.OrganisationRuleKind(s.OrgRule.Kind), MaxEach: NullIf(s.OrgRule.MaxEach)},
		CreditRule: contract.CreditRule(s.Credit), SilenceIsConsent: s.SilenceCounts,
		Blackouts: each(s.Blackouts, func(b supervision.Blackout) contract.Blackout {
			return contract.Blackout{FromOn: b.FromOn, ToOn: b.ToOn, Name: b.Name}
		}),
		Weights: weightsJSON(allWeights(s.Weights)), LiftedWishes: each(s.Lifted, func(w string) contract.WishID { return w }),
	}
}

// allWeights fills in the weights of the wishes of which a cycle says nothing.
func allWeights(own map[string]int) map[string]int {
	all := map[string]int{}
	for _, w := range scheduling.ProfileField.Wishes() {
		all[w.ID] = w.Weight
	}
	for id, w := range own {
		all[id] = w
	}
	return all
}

func limitsJSON(l supervision.Limits) contract.SupervisorLimits {
	return contract.SupervisorLimits{DaySessions: NullIf(l.DaySessions), DayMinutes: NullIf(l.DayMinutes), WeekSessions: NullIf(l.WeekSessions), WeekMinutes: NullIf(l.WeekMinutes)}
}

func limitsOf(l contract.SupervisorLimits) (out supervision.Limits) {
	patch(&out.DaySessions, l.DaySessions)
	patch(&out.DayMinutes, l.DayMinutes)
	patch(&out.WeekSessions, l.WeekSessions)
	patch(&out.WeekMinutes, l.WeekMinutes)
	return out
}

// settingsFault refuses a patch that gives one wish two weights: not both can be meant.
func settingsFault(p *contract.CycleSettingsPatch) error {
	if p == nil {
		return nil
	}
	var f supervision.Faults
	seen := map[string]bool{}
	for i, w := range items(p.Weights) {
		if seen[w.Wish] {
			f.Add("/settings/weights/"+strconv.Itoa(i)+"/wish", "duplicate-items", "%s stands here twice.", w.Wish)
		}
		seen[w.Wish] = true
	}
	return f.Err()
}

// changeSettings changes what a patch names; lists and objects in it are given whole.
func changeSettings(s *supervision.Settings, p *contract.CycleSettingsPatch) {
	if p == nil {
		return
	}
	if p.GroupSize != nil {
		s.Size = supervision.GroupSize{Min: p.GroupSize.Min, Max: p.GroupSize.Max, Target: p.GroupSize.Target}
	}
	if p.Gap != nil {
		s.GapMinDays, s.GapMaxDays = p.Gap.MinDays, 0
		patch(&s.GapMaxDays, p.Gap.MaxDays)
	}
	if p.Notice != nil {
		s.NoticeOne, s.NoticeGroup = p.Notice.IndividualDays, p.Notice.GroupDays
	}
	set(&s.AnswerDays, p.AnswerWorkingDays)
	set(&s.StartStep, p.StartStepMinutes)
	if p.BufferMinutes != nil {
		buffer := *p.BufferMinutes
		s.Buffer = &buffer
	}
	if p.SupervisorLimits != nil {
		s.Limits = limitsOf(*p.SupervisorLimits)
	}
	set(&s.ManagerSteps, p.ManagerSteps)
	if p.OrganisationRule != nil {
		s.OrgRule = supervision.OrgRule{Kind: string(p.OrganisationRule.Kind)}
		patch(&s.OrgRule.MaxEach, p.OrganisationRule.MaxEach)
	}
	set(&s.Credit, (*string)(p.CreditRule))
	set(&s.SilenceCounts, p.SilenceIsConsent)
	if p.Blackouts != nil {
		s.Blackouts = nil
		for _, b := range *p.Blackouts {
			s.Blackouts = append(s.Blackouts, supervision.Blackout{FromOn: b.FromOn, ToOn: b.ToOn, Name: b.Name})
		}
	}
	if p.Weights != nil {
		s.Weights = nil
		for _, w := range *p.Weights {
			if s.Weights == nil {
				s.Weights = map[string]int{}
			}
			s.Weights[w.Wish] = w.Weight
		}
	}
	if p.LiftedWishes != nil {
		s.Lifted = nil
		for _, w := range *p.LiftedWishes {
			s.Lifted = append(s.Lifted, w)
		}
	}
}
