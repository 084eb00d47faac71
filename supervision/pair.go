package supervision

import "slices"

// PairKind is the kind of a mentoring relationship.
type PairKind string

const (
	OneToOne  PairKind = "one_to_one"
	Reverse   PairKind = "reverse"
	Peer      PairKind = "peer"
	PairGroup PairKind = "group"
)

// PairState is where a mentoring relationship stands.
type PairState string

const (
	PairPlanned    PairState = "planned"
	PairActive     PairState = "active"
	PairPaused     PairState = "paused"
	PairEnded      PairState = "ended"
	PairUnwound    PairState = "unwound"
	PairInformally PairState = "continued_informally"
)

// Pair is a mentoring relationship: mentors and mentees. In a peer pair each is both.
type Pair struct {
	ID         PairID
	ExternalID string
	Number     int // its alias, "pair 3", tells nobody who the mentees are
	Kind       PairKind
	Mentors    []PersonID
	Mentees    []PersonID
	Span       Days // start_on..end_on; an open end has no end
	State      PairState
	RulesOn    Date // the day on which the pair agreed its ground rules; never what they are
	Version    int
}

// Living says whether the pair lives on a day: while planned, active or paused, on the days of its span.
func (p Pair) Living(on Date) bool {
	switch p.State {
	case PairPlanned, PairActive, PairPaused:
		return p.Span.Holds(on)
	}
	return false
}

// Practised says whether a person mentors in the pair on some day of a span; in a peer pair everybody does.
func (p Pair) Practised(mentor PersonID, on Days) bool {
	mentors, _ := p.parties()
	both, overlap := p.Span.Clip(on)
	return overlap && slices.Contains(mentors, mentor) && p.Living(both.From)
}

// Next says which states may follow.
func (s PairState) Next() []PairState {
	switch s {
	case PairPlanned:
		return []PairState{PairActive, PairUnwound, PairEnded}
	case PairActive:
		return []PairState{PairPaused, PairEnded, PairUnwound, PairInformally}
	case PairPaused:
		return []PairState{PairActive, PairEnded, PairUnwound, PairInformally}
	case PairEnded:
		return []PairState{PairInformally}
	}
	return nil
}

// People lists everybody in the pair.
func (p Pair) People() []PersonID { return append(append([]PersonID(nil), p.Mentors...), p.Mentees...) }

// parties lists the mentor–mentee relations of the pair; a peer pair has both directions.
func (p Pair) parties() (mentors, mentees []PersonID) {
	if p.Kind == Peer {
		all := append(append([]PersonID(nil), p.Mentors...), p.Mentees...)
		return all, all
	}
	return p.Mentors, p.Mentees
}

// PairMeeting is a meeting of a pair: a date and minutes, never a content.
type PairMeeting struct {
	ID      MeetingID
	Pair    PairID
	On      Date
	Minutes int
	Mode    Mode
	Version int
}

// Mode says how people meet.
type Mode string

const (
	Virtual  Mode = "virtual"
	InPerson Mode = "in_person"
)
