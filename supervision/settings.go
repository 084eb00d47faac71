package supervision

// Check notes what is wrong with settings that stand as an object at a pointer ("/settings"). The limits are those of the law:
// a cycle may be stricter than it, never laxer.
func (s Settings) Check(f *Faults, at string) {
	within := func(n, least, most int, member, unit string) {
		if n < least || n > most {
			f.Add(at+"/"+member, "range", "%d lies outside of %d to %d %s.", n, least, most, unit)
		}
	}
	within(s.Size.Min, 3, 5, "group_size/min", "mentors (H01)")
	within(s.Size.Max, 3, 5, "group_size/max", "mentors (H01)")
	switch {
	case s.Size.Max < s.Size.Min:
		f.Add(at+"/group_size/max", "range", "The largest group (%d) is smaller than the smallest (%d).", s.Size.Max, s.Size.Min)
	case s.Size.Target < s.Size.Min || s.Size.Target > s.Size.Max:
		f.Add(at+"/group_size/target", "range", "The target %d lies outside of %d to %d.", s.Size.Target, s.Size.Min, s.Size.Max)
	}
	within(s.GapMinDays, 7, 120, "gap/min_days", "days (H18)")
	if s.GapMaxDays != 0 && (s.GapMaxDays < s.GapMinDays || s.GapMaxDays > 400) {
		f.Add(at+"/gap/max_days", "range", "The longest gap (%d days) lies between the shortest (%d) and 400 (H33).", s.GapMaxDays, s.GapMinDays)
	}
	within(s.NoticeOne, 2, 60, "notice/individual_days", "days (H14)")
	within(s.NoticeGroup, 2, 60, "notice/group_days", "days (H14)")
	within(s.AnswerDays, 1, 20, "answer_working_days", "working days (H24)")
	within(s.StartStep, 15, 240, "start_step_minutes", "minutes (H31)")
	if s.StartStep%15 != 0 || s.StartStep > 0 && 24*60%s.StartStep != 0 {
		f.Add(at+"/start_step_minutes", "range", "The start step is a number of whole quarters of an hour by which a day can be divided: 15, 30, 45, 60, 90, 120, 180 or 240.")
	}
	if s.Buffer != nil {
		within(*s.Buffer, 0, 240, "buffer_minutes", "minutes (H15)")
	}
	if s.Limits == (Limits{}) {
		f.Add(at+"/supervisor_limits", "required", "Name at least one limit (H15). A supervisor's own assignment may lift them all.")
	}
	within(s.ManagerSteps, 2, 10, "manager_steps", "steps (H06)")
	switch s.OrgRule.Kind {
	case "mixed":
		within(s.OrgRule.MaxEach, 1, 5, "organisation_rule/max_each", "mentors of one organisation (H37)")
	case "any", "same":
		if s.OrgRule.MaxEach != 0 {
			f.Add(at+"/organisation_rule/max_each", "not-of-kind", "Only mixed groups have a number of mentors of each organisation.")
		}
	}
	if s.SilenceCounts {
		f.Add(at+"/silence_is_consent", "enum", "Only false is taken so far: each mentor answers for themselves.")
	}
	for i, b := range s.Blackouts {
		if b.ToOn.Before(b.FromOn) {
			f.Add(at+"/blackouts/"+itoa(i)+"/to_on", "end-before-start", "%s lies before %s.", b.ToOn, b.FromOn)
		}
	}
}
