package supervision

import "slices"

// BuiltInTemplates are the templates that every tenant begins with, without ids: individual, group, and combined (individual,
// group, group, individual). Each begins with an introduction, so that nobody needs another preparation.
func BuiltInTemplates() []Template {
	introduction := TemplateStep{Kind: KindIntroduction, Minutes: 90, Dates: 1}
	individual := TemplateStep{Kind: KindIndividual, Minutes: 60}
	group := TemplateStep{Kind: KindGroup, Grouping: Closed, Cases: 2}
	all := []Template{
		{Name: "Individual", Steps: []TemplateStep{introduction, individual, individual, individual, individual}},
		{Name: "Group", Steps: []TemplateStep{introduction, group, group, group, group}},
		{Name: "Combined", Steps: []TemplateStep{introduction, individual, group, group, individual}},
	}
	for i := range all {
		all[i].BuiltIn, all[i].Format = true, FormatOf(all[i].Steps)
	}
	return all
}

// FormatOf says what a sequence of steps is: individual, group or combined. Introductions are of no account.
func FormatOf(steps []TemplateStep) string {
	has := func(k RoundKind) bool {
		return slices.ContainsFunc(steps, func(s TemplateStep) bool { return s.Kind == k })
	}
	switch {
	case has(KindIndividual) && has(KindGroup):
		return "combined"
	case has(KindGroup):
		return "group"
	}
	return "individual"
}

// Lengths of sessions in minutes (H25). All are whole quarters of an hour, because planning counts in them.
const (
	leastIndividual, mostIndividual = 45, 90
	leastGroup, mostGroup           = 75, 180
)

// CheckSteps notes what is wrong with the steps of a template, or with the rounds of a cycle, which stand as a list at a
// pointer ("/rounds"): introductions come first, each step has the members of its kind and no others, and lengths are within
// H25.
func CheckSteps(steps []TemplateStep, f *Faults, at string) {
	sessions := 0
	for i, s := range steps {
		here := at + "/" + itoa(i)
		switch s.Kind {
		case KindIntroduction:
			if sessions > 0 {
				f.Add(here+"/kind", "order", "An introduction comes before all other rounds (H11).")
			}
		default:
			sessions++
		}
		s.check(f, here)
	}
	if sessions == 0 {
		f.Add(at, "min-items", "At least one individual or group round is needed.")
	}
}

func (s TemplateStep) check(f *Faults, at string) {
	only := func(is bool, kind RoundKind, member, why string) {
		if is && s.Kind != kind {
			f.Add(at+"/"+member, "not-of-kind", "%s", why)
		}
	}
	only(s.Grouping != "", KindGroup, "grouping", "Only group rounds have a grouping.")
	only(s.BySize != nil, KindGroup, "duration_by_size", "Only group sessions differ in length by size.")
	only(s.Cases > 0, KindGroup, "cases", "Cases are presented in group sessions only.")
	only(s.Dates > 0, KindIntroduction, "dates", "Only introductions have a number of dates.")
	if s.Kind == KindGroup && s.Grouping == "" {
		f.Add(at+"/grouping", "required", "Say whether the groups stay (closed) or are formed anew (remix).")
	}
	if s.Minutes > 0 && len(s.BySize) > 0 {
		f.Add(at+"/duration_by_size", "not-both", "Give duration_minutes or duration_by_size.")
	}
	least, most := 15, 480
	switch s.Kind {
	case KindIndividual:
		least, most = leastIndividual, mostIndividual
	case KindGroup:
		least, most = leastGroup, mostGroup
	}
	length := func(minutes int, at string) {
		if minutes < least || minutes > most || minutes%15 != 0 {
			f.Add(at, "range", "A session of kind %s lasts %d to %d minutes in whole quarters of an hour.", s.Kind, least, most)
		}
	}
	if s.Minutes != 0 {
		length(s.Minutes, at+"/duration_minutes")
	}
	for _, size := range sortedKeys(s.BySize) {
		length(s.BySize[size], at+"/duration_by_size")
	}
}
