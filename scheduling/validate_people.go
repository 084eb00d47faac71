package scheduling

func (v *validation) people() {
	p := v.problem
	if n := len(p.Mentors) + len(p.Supervisors); n > maxPeople {
		v.faults.add("/mentors", "%d mentors and supervisors, at most %d are read", n, maxPeople)
		return
	}
	for i := range p.Mentors {
		v.introduce(item("/mentors", i), p.Mentors[i].ID, mentorRole)
	}
	for i := range p.Supervisors {
		v.introduce(item("/supervisors", i), p.Supervisors[i].ID, supervisorRole)
	}
	for i := range p.Mentors {
		v.mentor(&p.Mentors[i], item("/mentors", i))
	}
	shares := 0
	for i := range p.Supervisors {
		v.supervisor(&p.Supervisors[i], item("/supervisors", i))
		shares += p.Supervisors[i].Share
	}
	if len(p.Supervisors) > 0 && shares == 0 {
		v.faults.add("/supervisors", "no supervisor has a share of the load; maybe each share is 1")
	}
}

// introduce notes who is who. Nobody is both mentor and supervisor of one problem: the two would be one in H32.
func (v *validation) introduce(at, id string, r role) {
	v.id(at+"/id", id)
	if has := v.persons[id]; has != 0 {
		v.faults.add(at+"/id", "the id %s belongs to another %s already", quoted(id), has)
		return
	}
	v.persons[id] = r
}

func (v *validation) mentor(m *Mentor, at string) {
	if v.faults.full() {
		return
	}
	v.person(&m.Person, at)
	v.optionalSlot(at+"/earliest", m.Earliest)
	v.optionalSlot(at+"/latest", m.Latest)
	v.optionalSlot(at+"/prepared_at", m.PreparedAt)
	v.count(at+"/meetings", len(m.Meetings), maxList)
	for i, slot := range m.Meetings {
		v.slot(item(at+"/meetings", i), slot)
	}
	v.count(at+"/co", len(m.Co), maxPeople)
	for i, id := range m.Co {
		v.known(item(at+"/co", i), id, mentorRole)
	}
	v.between(at+"/priority", m.Priority, 1, maxCount)
}

func (v *validation) supervisor(s *Supervisor, at string) {
	if v.faults.full() {
		return
	}
	v.person(&s.Person, at)
	v.words(at+"/qual", s.Qual)
	v.words(at+"/admits", s.Admits)
	limits := []struct {
		name string
		most *int
	}{{"max_day", s.MaxDay}, {"max_day_slots", s.MaxDaySlots}, {"max_week", s.MaxWeek}, {"max_week_slots", s.MaxWeekSlots}}
	for _, l := range limits {
		if l.most != nil {
			v.between(at+"/"+l.name, *l.most, 0, maxCount)
		}
	}
	v.between(at+"/buffer", s.Buffer, 0, SlotsPerWeek)
	v.between(at+"/share", s.Share, 0, maxShare)
}

func (v *validation) person(p *Person, at string) {
	v.count(at+"/off", len(p.Off), maxList)
	for i, o := range p.Off {
		at := item(at+"/off", i)
		v.slot(at+"/0", o.At)
		v.between(at+"/1", o.Offset, -maxOffset, maxOffset)
		if i > 0 && p.Off[i-1].At >= o.At {
			v.faults.add(at, "offsets are sorted by slot: %d does not come after %d", o.At, p.Off[i-1].At)
		}
	}
	v.words(at+"/langs", p.Langs)
	v.between(at+"/exp", p.Exp, 0, 5)
	v.between(at+"/seniority", p.Seniority, -maxCount, maxCount)
	v.spans(at+"/work", p.Work)
	v.count(at+"/blocked", len(p.Blocked), maxList)
	for i, b := range p.Blocked {
		v.span(item(at+"/blocked", i), b.Span)
	}
	v.count(at+"/busy", len(p.Busy), maxList)
	for i, b := range p.Busy {
		at := item(at+"/busy", i)
		v.span(at, b.Span)
		oneOf(v, at+"/2", b.Kind, Busy, Tentative, Unknown, Stale)
	}
	v.spans(at+"/prefer", p.Prefer)
	v.count(at+"/wish_with", len(p.WishWith), maxPeople)
	for i, id := range p.WishWith {
		v.known(item(at+"/wish_with", i), id, mentorRole, supervisorRole)
	}
	v.count(at+"/taken", len(p.Taken), maxList)
	for i, t := range p.Taken {
		v.taken(t, item(at+"/taken", i))
	}
}

// taken wants a known round of the same kind, or none.
func (v *validation) taken(t TakenSpan, at string) {
	v.span(at, t.Span)
	oneOf(v, at+"/2", t.Kind, Introduction, Individual, Group)
	if t.Round == "" {
		return
	}
	if r := v.rounds[t.Round]; r == nil {
		v.faults.add(at+"/3", "there is no round %s", quoted(t.Round))
	} else if r.Kind != t.Kind {
		v.faults.add(at+"/3", "round %s is of kind %s, not %s", quoted(t.Round), r.Kind, t.Kind)
	}
}

func (v *validation) spans(at string, spans []Span) {
	v.count(at, len(spans), maxList)
	for i, s := range spans {
		v.span(item(at, i), s)
	}
}

// words wants a list of non-empty words, none of them twice.
func (v *validation) words(at string, words []string) {
	v.count(at, len(words), maxPeople)
	seen := map[string]bool{}
	for i, w := range words {
		v.id(item(at, i), w)
		if seen[w] {
			v.faults.add(item(at, i), "%s stands twice", quoted(w))
		}
		seen[w] = true
	}
}
