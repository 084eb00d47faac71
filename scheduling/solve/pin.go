package solve

// pins are the pins of a problem as the search keeps them. A pin of all three fields is a session that stands from the
// beginning and is never touched (frozen), whatever the law says of it. Pins that name members bind those members (solos,
// blocks); pins that name none ask for some session of the round (seats). In an introduction round each pin binds one date.
//
// A pinned fact is not judged against the other facts of its own pin. A pin that contradicts the rest of the problem, so that
// nothing lawful could keep it, binds nobody: its mentors are placed as the others are, and the law reports the pin (H34).
type pins struct {
	frozen  []frozen
	solos   map[int]want // mentor · rounds + round, individual rounds
	blocks  []block
	blocked []bool         // mentor · rounds + round: bound there by a pin, so that nobody else's session may take them
	blockOf map[int]int    // mentor · rounds + round: the block
	seats   map[int][]want // by round
	dates   map[int][]date // by introduction round: those that are not frozen

	any      bool     // there is something to keep: a pin, or an introduction
	named    []errand // the pins of solos and blocks, each by its first member
	hopeless int      // the pins that bind nobody
}

// want is what a pin leaves no choice of.
type want struct {
	supervisor                int // none: any
	start                     int
	timed                     bool // the start is given
	pinnedLeader, pinnedStart bool // a pin says so: what it says is not judged against itself
}

// anything leaves every choice.
var anything = want{supervisor: none}

const none = -1

// frozen is a session that is pinned as a whole.
type frozen struct {
	round, supervisor, start, length int
	members                          []int32
	group                            int // of a closed round: its place in the groups that are frozen together
}

// block is a set of members that is pinned in group rounds: a remix round, or all closed rounds that are not frozen.
type block struct {
	members    []int32
	supervisor int
	rounds     []int
	wants      []want // by rounds
	named      []bool // by rounds: a pin of that round names the members
	group      int    // closed: the frozen group that it completes, else none
}

// date is one date of an introduction round.
type date struct {
	want
	members []int32 // nil: whoever comes
	pinned  bool
}
