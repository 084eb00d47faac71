package check

import (
	"slices"

	"kreds/scheduling"
)

// Check judges a whole plan by every rule and wish of the problem's profile.
func Check(p *scheduling.Problem, plan *scheduling.Plan) Report { return Judge{}.Check(p, plan) }

// Judge says how much of the law is asked. The zero value asks for all of it. Whoever asks, what the sessions of standing pins
// break among themselves does not count.
type Judge struct {
	// Only are the rules to look at; nil: all that the profile judges. A rule that the profile does not judge, or that is
	// not built, stays silent. For a session that already took place use scheduling.RecordedRules, for a publication under
	// the lock scheduling.ClaimRules.
	Only []string
	// At are the sessions at hand, indices into the plan; nil: the plan as a whole. Where it is set, only violations in
	// which one of these sessions takes part count, and what names no session stays silent: H30, a pin that nobody keeps,
	// a closed group that does not meet.
	At []int
}

// Check judges the plan by so much of the law.
func (j Judge) Check(p *scheduling.Problem, plan *scheduling.Plan) Report {
	h := open(p, plan, j)
	judged := p.Profile.Rules()
	if j.Only != nil {
		judged = slices.DeleteFunc(judged, func(id string) bool { return !slices.Contains(j.Only, id) })
	}
	if j.At != nil {
		judged = slices.DeleteFunc(judged, func(id string) bool { return id == "H30" })
	}
	for _, id := range judged {
		h.rule = id
		rules[id](h)
	}
	report := Report{Rules: judged, Violations: h.violations(), Terms: map[string]int{}}
	report.Score.Hard = len(report.Violations)
	report.Score.Medium = h.unassigned()
	for _, w := range p.Profile.Wishes() {
		f := wishes[w.ID](h)
		report.Terms[w.ID] = f
		report.Score.Soft += p.Weight(w.ID) * f
	}
	return report
}

// rules are the functions of the law, each opened by its sentence.
var rules = map[string]func(*hearing){
	"H01": groupSize,
	"H02": oneToOne,
	"H03": everybodyIsFree,
	"H04": insideWorkingHours,
	"H05": forbiddenPairs,
	"H06": forbiddenPairs,
	"H07": forbiddenPairs,
	"H08": forbiddenPairs,
	"H09": forbiddenPairs,
	"H10": independentSupervisor,
	"H11": preparedFirst,
	"H13": insideProgramme,
	"H15": supervisorLimits,
	"H16": nothingBlocked,
	"H17": onePerDay,
	"H18": shortestGap,
	"H20": closedGroupStays,
	"H21": onlyMentors,
	"H22": forbiddenPairs,
	"H23": forbiddenPairs,
	"H25": contractedLength,
	"H26": sharedLanguage,
	"H30": onceEachRound,
	"H31": insideWindow,
	"H32": oneAtATime,
	"H33": roundsInOrder,
	"H34": pinsStay,
	"H36": qualifiedAndAdmitted,
}

// wishes are the formulas of the wishes, each giving f without its weight.
var wishes = map[string]func(*hearing) int{
	"W01": evenSpread,
	"W03": senioritySpan,
	"W04": mixedUnits,
	"W06": preferredTimes,
	"W10": targetSize,
	"W11": sameSupervisor,
	"W13": unlovedHours,

	"pref":   coreHours,
	"fair":   sharedInconvenience,
	"cont":   sameSupervisor,
	"mix":    newPairs,
	"size":   sizeDistance,
	"dup":    sameOrganisation,
	"sen":    noSenior,
	"day":    supervisorDays,
	"over":   overShare,
	"change": changedAttendances,
}

// unassigned sums priority(mentor) × priority(round) over those who could not be placed, each once.
func (h *hearing) unassigned() int {
	sum := 0
	seen := map[[2]string]bool{}
	for _, u := range h.plan.Unassigned {
		mentor, round := h.mentors[u.Mentor], h.rounds[u.Round]
		key := [2]string{u.Mentor, u.Round}
		if mentor == nil || round == nil || seen[key] {
			continue
		}
		seen[key] = true
		sum += mentor.Priority * round.Priority
	}
	return sum
}
