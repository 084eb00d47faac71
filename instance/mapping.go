package instance

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"kreds/supervision"
)

// Mapping leads from the words of a problem back to the field, and the other way. It is stored with a run as JSON, and read only.
type Mapping struct {
	Start       time.Time               // slot 0
	Mentors     []supervision.PersonID  // m0, m1, …
	Supervisors []supervision.PersonID  // s0, s1, …; also those who led a pinned session and are not assigned any more
	Others      []supervision.PersonID  // x0, x1, …: people at hand who are neither, see For
	Rounds      []RoundName             // by position
	Standing    []supervision.SessionID // the sessions that came into the problem as its first pins

	mentors     map[supervision.PersonID]int
	supervisors map[supervision.PersonID]int
	rounds      map[supervision.RoundID]string
	ids         map[string]supervision.RoundID
}

// RoundName is the name of a round in a problem: N1 for an introduction, and for the other kinds I or G with their number in the
// template, in which introductions do not count.
type RoundName struct {
	ID   supervision.RoundID `json:"id"`
	Name string              `json:"name"`
}

// nameRounds names rounds by position.
func nameRounds(rounds []supervision.Round) (names []RoundName) {
	introductions, others := 0, 0
	for _, r := range rounds {
		var name string
		switch r.Kind {
		case supervision.KindIntroduction:
			introductions++
			name = "N" + strconv.Itoa(introductions)
		case supervision.KindIndividual:
			others++
			name = "I" + strconv.Itoa(others)
		default:
			others++
			name = "G" + strconv.Itoa(others)
		}
		names = append(names, RoundName{r.ID, name})
	}
	return names
}

// index prepares the way from the field to the names.
func (m *Mapping) index() {
	m.mentors, m.supervisors = map[supervision.PersonID]int{}, map[supervision.PersonID]int{}
	m.rounds, m.ids = map[supervision.RoundID]string{}, map[string]supervision.RoundID{}
	for i, p := range m.Mentors {
		m.mentors[p] = i
	}
	for i, p := range m.Supervisors {
		m.supervisors[p] = i
	}
	for _, r := range m.Rounds {
		m.rounds[r.ID], m.ids[r.Name] = r.Name, r.ID
	}
}

// Name is a person's name in the problem; ok is false for those whom it does not know.
func (m *Mapping) Name(p supervision.PersonID) (name string, ok bool) {
	if i, ok := m.mentors[p]; ok {
		return "m" + strconv.Itoa(i), true
	}
	if name, ok := m.supervisor(p); ok {
		return name, true
	}
	if i := slices.Index(m.Others, p); i >= 0 {
		return "x" + strconv.Itoa(i), true
	}
	return "", false
}

// supervisor is a person's name as a supervisor.
func (m *Mapping) supervisor(p supervision.PersonID) (name string, ok bool) {
	i, ok := m.supervisors[p]
	return "s" + strconv.Itoa(i), ok
}

// Person is who has a name in the problem.
func (m *Mapping) Person(name string) (p supervision.PersonID, ok bool) {
	if len(name) < 2 {
		return p, false
	}
	list, known := map[byte][]supervision.PersonID{'m': m.Mentors, 's': m.Supervisors, 'x': m.Others}[name[0]]
	n, err := strconv.Atoi(name[1:])
	if !known || err != nil || n < 0 || n >= len(list) || strconv.Itoa(n) != name[1:] {
		return p, false
	}
	return list[n], true
}

// RoundName is a round's name in the problem.
func (m *Mapping) RoundName(r supervision.RoundID) (name string, ok bool) {
	name, ok = m.rounds[r]
	return name, ok
}

// Round is the round of a name.
func (m *Mapping) Round(name string) (r supervision.RoundID, ok bool) {
	r, ok = m.ids[name]
	return r, ok
}

// Slot is the slot in which an instant lies; exact says that it is the slot's beginning.
func (m *Mapping) Slot(t time.Time) (n int, exact bool) {
	f := frame{start: m.Start}
	n = f.floor(t)
	return n, f.at(n).Equal(t)
}

// Instant is the beginning of a slot.
func (m *Mapping) Instant(n int) supervision.Instant {
	return supervision.At(frame{start: m.Start}.at(n))
}

// mappingJSON is the stored form.
type mappingJSON struct {
	Start       time.Time               `json:"cycle_start"`
	Mentors     []supervision.PersonID  `json:"mentors"`
	Supervisors []supervision.PersonID  `json:"supervisors"`
	Others      []supervision.PersonID  `json:"others,omitempty"`
	Rounds      []RoundName             `json:"rounds"`
	Standing    []supervision.SessionID `json:"standing,omitempty"`
}

// MarshalJSON gives the form in which a mapping is stored.
func (m *Mapping) MarshalJSON() ([]byte, error) {
	return json.Marshal(mappingJSON{m.Start, m.Mentors, m.Supervisors, m.Others, m.Rounds, m.Standing})
}

// UnmarshalJSON takes what MarshalJSON gives.
func (m *Mapping) UnmarshalJSON(b []byte) error {
	var in mappingJSON
	if err := json.Unmarshal(b, &in); err != nil {
		return err
	}
	*m = Mapping{Start: in.Start.UTC(), Mentors: in.Mentors, Supervisors: in.Supervisors, Others: in.Others, Rounds: in.Rounds, Standing: in.Standing}
	m.index()
	return nil
}

// known keeps those whom the problem knows as mentors, by their names, in the order of their numbers and each once.
func (m *Mapping) known(people []supervision.PersonID) (names []string) {
	var numbers []int
	for _, p := range people {
		if i, ok := m.mentors[p]; ok {
			numbers = append(numbers, i)
		}
	}
	slices.Sort(numbers)
	for _, n := range slices.Compact(numbers) {
		names = append(names, "m"+strconv.Itoa(n))
	}
	return names
}
