package scheduling

import "slices"

// Wish is one wish of a plan: what it leaves unfulfilled is counted by a formula, f, and costs weight × f.
type Wish struct {
	ID       string
	Sentence string
	Formula  string  // what f counts; always a whole number ≥ 0
	Weight   int     // where a problem does not say otherwise
	Profile  Profile // the profile that the wish belongs to
	Built    bool    // it is judged; the others are words so far
}

// Wishes gives the wishes of all profiles in the order of the list, also what is not built yet.
func Wishes() []Wish { return slices.Clone(wishes) }

// WishByID finds a wish.
func WishByID(id string) (Wish, bool) {
	for _, w := range wishes {
		if w.ID == id {
			return w, true
		}
	}
	return Wish{}, false
}

// Wishes are the wishes that the profile judges, in the order of the list. Every profile but core is judged as field.
func (p Profile) Wishes() []Wish {
	family := ProfileField
	if p == ProfileCore {
		family = ProfileCore
	}
	var out []Wish
	for _, w := range wishes {
		if w.Profile == family && w.Built {
			out = append(out, w)
		}
	}
	return out
}

// Weight is what a unit of the wish costs: the problem's own weight, else the list's; 0 for an unknown id.
func (p *Problem) Weight(id string) int {
	if w, ok := p.Weights[id]; ok {
		return w
	}
	w, _ := WishByID(id)
	return w.Weight
}

const field, core = ProfileField, ProfileCore

// wishes lists what a good plan also has. "Group session" is a session of a group round, "session" without more an individual
// or group session; an attendance is a person in a session. Local days and hours are the person's own.
var wishes = []Wish{
	{"W01", "Sessions are spread evenly: each lies near its round's target day.",
		"per mentor and session: ⌊min(days off, 21)² / 49⌋, days off = distance between the local day of the start and the round's `target_day` (a document that does not give it: the local day of `target`)", 80, field, true},
	{"W02", "The template's rhythm: at least 14 days between an individual and a group round.",
		"per mentor and neighbouring individual and group session: max(0, 14 − local days between their starts)", 60, field, false},
	{"W03", "The seniority span in a group is at most 2 levels.",
		"per group session: max(0, span − 2)", 80, field, true},
	{"W04", "Units (`mix` unit) or organisations (`mix` organisation) are mixed in a group.",
		"per group session: size − distinct units or organisations", 50, field, true},
	{"W05", "Distance to the mentee's manager: not the same management team, not the same peer circle.",
		"per group session and `near` pair [a, b, steps] in it: max(0, 5 − steps)", 70, field, false},
	{"W06", "Preferred weekdays and times.",
		"attendances, introductions and supervisors included, that do not start inside one of the person's `prefer` intervals; a person without `prefer` counts 0", 30, field, true},
	{"W07", "The same weekday and hour over the rounds of a group.",
		"per closed group and two consecutive sessions: 1 when the supervisor's local weekday or hour of the start differs", 20, field, false},
	{"W08", "Within 21 days after a pair meeting and at least 3 days before the next.",
		"per mentor and session: max(0, local days since the last meeting − 21) + max(0, 3 − local days to the next)", 40, field, false},
	{"W09", "Blended programmes: a group round on or next to a physical event.",
		"group sessions whose local day (the supervisor's) is more than a day from every day of `events`; 0 without events", 50, field, false},
	{"W10", "Groups of the target size, balanced; a fifth seat also carries the credit cliff.",
		"per group session: |size − target|, + 2 for a fifth seat when `credit` is half_then_share", 40, field, true},
	{"W11", "The same supervisor through the cycle.",
		"per mentor: consecutive sessions, by start, with another supervisor", 90, field, true},
	{"W12", "Experience is mixed, no lonely novice.",
		"group sessions with exactly one member of experience < 3", 30, field, false},
	{"W13", "Not 12–13, not Friday after 15, not Monday before 9 (local).",
		"attendances, introductions and supervisors included, that touch those hours", 30, field, true},
	{"W14", "Inconvenient hours are shared: at most one a person and cycle, then rotating.",
		"per person: inc (inc − 1) / 2, inc = sessions with a part outside 09:00–17:00 local", 60, field, false},
	{"W15", "A replan keeps what people have in their calendars; the freeze is 14 d.",
		"as `change`", 90, field, false},
	{"W16", "Co-mentors of one mentee group sit apart.",
		"per group session: pairs of co-mentors in it", 40, field, false},
	{"W17", "The wish-with list.",
		"entries of `wish_with` whose two people share no group session", 10, field, false},
	{"W18", "A supervisor's sessions are bundled on few days, travel days most.",
		"per supervisor and local day with a session: 1, with an in-person session 2", 20, field, false},
	{"W19", "Supervisors' load is in proportion to their shares.",
		"as `over`", 40, field, false},

	{"pref", "Hours that people prefer, at least core hours (09:00–17:00 local).",
		"Σ over attendances, introductions and supervisors included: 4 when any part lies outside core hours (inconvenient), 1 when all of it lies in core hours but does not start inside `prefer`, else 0; a person without `prefer` prefers every hour", 1, core, true},
	{"fair", "Inconvenient hours are shared.",
		"Σ over mentors: inc (inc − 1) / 2, inc = inconvenient sessions", 6, core, true},
	{"cont", "The same supervisor through the cycle.",
		"per mentor: consecutive sessions, by start, with another supervisor", 5, core, true},
	{"mix", "Remixed groups bring new people together.",
		"Σ over pairs of mentors: max(0, meetings − 1), meetings = sessions of remix rounds that both attend", 3, core, true},
	{"size", "Groups of the target size.",
		"Σ over group sessions: |size − target|", 4, core, true},
	{"dup", "Organisations are mixed in a group.",
		"Σ over group sessions: size − distinct organisations", 3, core, true},
	{"sen", "Every group has somebody of experience 3 or more.",
		"group sessions without one", 6, core, true},
	{"day", "Supervisors work on few days.",
		"(supervisor, their local day) with at least one session, introductions included", 3, core, true},
	{"over", "Supervisors' load is in proportion to their shares.",
		"Σ over supervisors: max(0, sessions − target_s); E = Σ over rounds (N if individual, ⌊N / size.target⌋ if group), target_s = ⌊11 · E · share_s / (10 · Σ share)⌋ + 1", 10, core, true},
	{"change", "A replan keeps what people have in their calendars.",
		"per mentor and round with a session in the reference and in the plan: 1 when its (supervisor, start) differs, 3 when either start is under 48 h after `now`", 10, core, true},
}
