package solve

import (
	"slices"

	"kreds/scheduling"
)

// move is one way to change a plan: it takes something out and seats it again. It is false when there was nothing to do, or
// when it failed half-way; the caller then takes everything back.
type move struct {
	name   string
	weight int
	run    func(st *state, noise int64) bool
}

// The first two moves are drawn when something is lacking.
const (
	rescueMove = iota
	seatMove
)

// moves are the ways that a problem leaves open, with how often each is drawn.
func (m *model) moves() []move {
	var out []move
	add := func(is bool, name string, weight int, run func(*state, int64) bool) {
		if is {
			out = append(out, move{name, weight, run})
		}
	}
	out = append(out, move{"rescue", 0, (*state).rescue}, move{"pinned seat", 0, (*state).keepSeat})
	solos, remixed, closed := len(m.solos) > 0, len(m.remixed) > 0, len(m.closed) > 0
	add(solos, "individual", 40, (*state).moveSolos)
	add(solos && m.rounds > 1, "mentor", 6, (*state).moveMentor)
	add(solos || remixed, "supervisor day", 8, (*state).moveLeaderDay)
	add(remixed, "group", 10, (*state).moveRemixed)
	add(remixed, "members", 16, (*state).moveMembers)
	add(remixed, "exchange", 16, (*state).exchangeMembers)
	add(remixed, "dissolve", 6, (*state).dissolveRemixed)
	add(closed, "closed group", 24, (*state).moveClosed)
	add(closed, "closed exchange", 24, (*state).exchangeClosed)
	add(closed, "closed member", 8, (*state).moveClosedMember)
	add(closed, "closed supervisor", 4, (*state).releadClosed)
	add(closed, "closed dissolve", 6, (*state).dissolveClosed)
	add(len(m.introductions) > 0, "date", 1, (*state).moveDate)
	add(len(m.pins.blocks) > 0, "pinned group", 4, (*state).moveBlock)
	return out
}

// moveSolos takes out a few individual sessions: at random, or of one supervisor about one time.
func (st *state) moveSolos(noise int64) bool {
	r := draw(st.rng, st.solos)
	id := st.random(r)
	if id == none {
		return false
	}
	k := 1 + st.rng.n(3)
	if s := st.sessions[id].supervisor; st.rng.chance(1, 2) {
		list := slices.Clone(st.leads[s].list)
		at := slices.Index(list, id)
		for _, o := range list[max(0, at-k/2):min(len(list), at+(k+1)/2+1)] {
			if st.Rounds[st.sessions[o].round].Kind == scheduling.Individual {
				st.drop(o)
			}
		}
	} else {
		st.drop(id)
		for range k - 1 {
			if o := st.random(draw(st.rng, st.solos)); o != none {
				st.drop(o)
			}
		}
	}
	st.refill(noise)
	return true
}

// moveMentor takes out all individual sessions of one mentor.
func (st *state) moveMentor(noise int64) bool {
	st.dropSolos([]int32{int32(st.rng.n(st.mentors))})
	if len(st.todo) == 0 {
		return false
	}
	st.refill(noise)
	return true
}

// moveLeaderDay takes out what a supervisor does on one day. Days with few sessions come up as often as full ones.
// Closed groups only look for another time.
func (st *state) moveLeaderDay(noise int64) bool {
	s := st.rng.n(st.supervisors)
	busy := st.someDay(s)
	if busy == noLimit {
		return false
	}
	apart := st.rng.chance(1, 2)
	for _, id := range slices.Clone(st.leads[s].list) {
		x := &st.sessions[id]
		switch {
		case st.dayOf(x) != busy || x.date != none || x.frozen || x.block != none:
		case x.group != none || st.Rounds[x.round].Kind == scheduling.Group && !apart:
			if !st.shift(id, noise) {
				return false
			}
		default:
			st.drop(id)
		}
	}
	st.refill(noise)
	return true
}

// someDay is a day on which a supervisor leads, noLimit if there is none.
func (st *state) someDay(s int) int {
	list := st.leads[s].list
	if len(list) == 0 {
		return noLimit
	}
	for range 8 {
		d := st.dayOf(&st.sessions[draw(st.rng, list)])
		if st.rng.chance(1, int(st.leads[s].led[d-st.firstDay])) {
			return d
		}
	}
	return st.dayOf(&st.sessions[list[0]])
}
