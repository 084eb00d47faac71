package calendar

import "time"

// How long a reading is good for.
const (
	KnownFor = 15 * time.Minute // up to this age a reading is known
	StaleFor = 24 * time.Hour   // up to this age it is stale, afterwards unknown
)

// State is what is known of a person at some time.
type State string

const (
	StateFree      State = "free"
	StateBusy      State = "busy"
	StateTentative State = "tentative" // taken like busy, told apart for display
	StateStale     State = "stale"     // free when it was last read, which is too long ago to confirm anything
	StateUnknown   State = "unknown"   // nobody knows: not free
)

// Span is an interval in which a person's state is constant.
type Span struct {
	Interval
	State State `json:"state"`
}

// Reading is what one blocking source last said of a person: a connected calendar, pushed busy time, or a declaration.
type Reading struct {
	Busy       []Busy    // what it says is taken; it holds however old it is
	AsOf       time.Time // when it was read; zero: never
	Covers     Interval  // the time of which it speaks; outside of it nothing is known
	Live       bool      // a push channel keeps it current
	Always     bool      // it does not age: availability that the person declared
	ValidUntil time.Time // pushed busy time is known until then, whatever its age; zero: it was not pushed
	Revoked    bool      // the source may no longer be read
}

// State says what holds at now for the time in which the reading has nothing busy: StateFree, StateStale or StateUnknown.
func (r Reading) State(now time.Time) State {
	switch {
	case r.Revoked:
		return StateUnknown
	case r.Always:
		return StateFree
	case r.AsOf.IsZero():
		return StateUnknown
	case !r.ValidUntil.IsZero():
		if now.Before(r.ValidUntil) {
			return StateFree
		}
		return StateUnknown
	case r.Live:
		return StateFree
	}
	switch age := now.Sub(r.AsOf); {
	case age <= KnownFor:
		return StateFree
	case age <= StaleFor:
		return StateStale
	}
	return StateUnknown
}

// Merge turns the readings of all blocking sources of a person into spans that fill the window without gaps, each with
// another state than its neighbours. Taken time stays taken, whichever source says so and however long ago; the rest is as
// good as the worst of the sources, and unknown where there is none.
func Merge(now time.Time, window Interval, readings []Reading) []Span {
	if window.Empty() {
		return nil
	}
	window = Interval{window.Start.UTC(), window.End.UTC()}
	var items []ranked
	say := func(i Interval, r rank) {
		if i = i.Clip(window); r != rankFree && !i.Empty() {
			items = append(items, ranked{i, r})
		}
	}
	if len(readings) == 0 {
		say(window, rankUnknown)
	}
	for _, r := range readings {
		say(Interval{window.Start, r.Covers.Start}, rankUnknown)
		say(r.Covers, r.State(now).rank())
		say(Interval{r.Covers.End, window.End}, rankUnknown)
		for _, b := range r.Busy {
			say(b.Interval, b.Kind.rank())
		}
	}

	var out []Span
	at := window.Start
	for _, i := range sweep(items) {
		if at.Before(i.Start) {
			out = append(out, Span{Interval{at, i.Start}, StateFree})
		}
		out = append(out, Span{i.Interval, i.rank.state()})
		at = i.End
	}
	if at.Before(window.End) {
		out = append(out, Span{Interval{at, window.End}, StateFree})
	}
	return out
}

func (s State) rank() rank {
	switch s {
	case StateFree:
		return rankFree
	case StateStale:
		return rankStale
	}
	return rankUnknown
}

func (r rank) state() State {
	return [ranks]State{StateFree, StateStale, StateUnknown, StateTentative, StateBusy}[r]
}
