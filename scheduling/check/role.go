package check

import (
	"fmt"
	"slices"
)

// Who may take part: H21, H26, H36.

// Only mentors and one supervisor take part in individual and group sessions; an introduction may also be opened by the programme
// manager, who is not part of a plan. Nobody has two seats.
func onlyMentors(h *hearing) {
	for _, s := range h.sessions {
		seated := map[string]bool{}
		for _, m := range s.Members {
			switch {
			case h.mentors[m] == nil:
				h.find(fmt.Sprintf("%s is no mentor of the problem", m), []string{m}, s.index)
			case seated[m]:
				h.find(fmt.Sprintf("%s has two seats", m), []string{m}, s.index)
			}
			seated[m] = true
		}
		if h.supervisors[s.Supervisor] == nil {
			h.find(fmt.Sprintf("%q is no supervisor of the problem", s.Supervisor), []string{s.Supervisor}, s.index)
		}
	}
}

// All members of a group and their supervisor share a language; so do the two of an individual session. In profile core it is
// enough that each member shares one with the supervisor.
func sharedLanguage(h *hearing) {
	for _, s := range h.sessions {
		if h.core {
			for _, m := range s.seats {
				if len(h.common(m, s.Supervisor)) == 0 {
					h.find(fmt.Sprintf("%s and %s share no language", m, s.Supervisor), []string{m, s.Supervisor}, s.index)
				}
			}
		} else if people := s.people(); len(h.common(people...)) == 0 {
			h.find("the people of the session have no language that all share", people, s.index)
		}
	}
}

// common are the languages that all these people speak. Somebody unknown speaks none.
func (h *hearing) common(people ...string) []string {
	var langs []string
	for i, id := range people {
		person := h.persons[id]
		if person == nil {
			return nil
		}
		if i == 0 {
			langs = slices.Clone(person.Langs)
		}
		langs = slices.DeleteFunc(langs, func(l string) bool { return !slices.Contains(person.Langs, l) })
	}
	return langs
}

// The supervisor has the round's qualification and is admitted to the organisation of every member.
func qualifiedAndAdmitted(h *hearing) {
	for _, s := range h.sessions {
		leader := h.supervisors[s.Supervisor]
		if leader == nil {
			h.find(fmt.Sprintf("%q is no supervisor of the problem", s.Supervisor), []string{s.Supervisor}, s.index)
			continue
		}
		if s.round != nil && s.round.Qual != "" && !slices.Contains(leader.Qual, s.round.Qual) {
			h.find(fmt.Sprintf("%s has not the qualification %s", leader.ID, s.round.Qual), []string{leader.ID}, s.index)
		}
		for _, m := range s.seats {
			mentor := h.mentors[m]
			if mentor != nil && len(leader.Admits) > 0 && !slices.Contains(leader.Admits, mentor.Org) {
				h.find(fmt.Sprintf("%s is not admitted to the organisation of %s", leader.ID, m), []string{leader.ID, m}, s.index)
			}
		}
	}
}
