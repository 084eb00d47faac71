package scheduling

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
)

// The compact forms of intervals and pairs: arrays, as the instance format states them.

// MarshalJSON gives [from, to].
func (s Span) MarshalJSON() ([]byte, error) { return json.Marshal([2]int{s.From, s.To}) }

// UnmarshalJSON takes [from, to].
func (s *Span) UnmarshalJSON(b []byte) error { return tuple(b, "[from, to]", &s.From, &s.To) }

// MarshalJSON gives [from, to, kind].
func (s BusySpan) MarshalJSON() ([]byte, error) { return json.Marshal([]any{s.From, s.To, s.Kind}) }

// UnmarshalJSON takes [from, to, kind].
func (s *BusySpan) UnmarshalJSON(b []byte) error {
	return tuple(b, "[from, to, kind]", &s.From, &s.To, &s.Kind)
}

// MarshalJSON gives [from, to, reason class].
func (s BlockedSpan) MarshalJSON() ([]byte, error) {
	return json.Marshal([]any{s.From, s.To, s.Reason})
}

// UnmarshalJSON takes [from, to, reason class].
func (s *BlockedSpan) UnmarshalJSON(b []byte) error {
	return tuple(b, "[from, to, reason class]", &s.From, &s.To, &s.Reason)
}

// MarshalJSON gives [from, to, kind, round], round null when empty.
func (s TakenSpan) MarshalJSON() ([]byte, error) {
	return json.Marshal([]any{s.From, s.To, s.Kind, orNil(s.Round)})
}

// UnmarshalJSON takes [from, to, kind, round].
func (s *TakenSpan) UnmarshalJSON(b []byte) error {
	var round *string
	if err := tuple(b, "[from, to, kind, round]", &s.From, &s.To, &s.Kind, &round); err != nil {
		return err
	}
	s.Round = ""
	if round != nil {
		s.Round = *round
	}
	return nil
}

// MarshalJSON gives [slot, offset].
func (o Offset) MarshalJSON() ([]byte, error) { return json.Marshal([2]int{o.At, o.Offset}) }

// UnmarshalJSON takes [slot, offset].
func (o *Offset) UnmarshalJSON(b []byte) error { return tuple(b, "[slot, offset]", &o.At, &o.Offset) }

// MarshalJSON gives [a, b, rule, from, to], open bounds null.
func (p Pair) MarshalJSON() ([]byte, error) {
	return json.Marshal([]any{p.A, p.B, p.Rule, p.From, p.To})
}

// UnmarshalJSON takes [a, b, rule, from, to].
func (p *Pair) UnmarshalJSON(b []byte) error {
	return tuple(b, "[a, b, rule, from, to]", &p.A, &p.B, &p.Rule, &p.From, &p.To)
}

// MarshalJSON gives [a, b, steps].
func (n Near) MarshalJSON() ([]byte, error) { return json.Marshal([]any{n.A, n.B, n.Steps}) }

// UnmarshalJSON takes [a, b, steps].
func (n *Near) UnmarshalJSON(b []byte) error { return tuple(b, "[a, b, steps]", &n.A, &n.B, &n.Steps) }

// MarshalJSON gives [mentor, round, reason].
func (u Unassigned) MarshalJSON() ([]byte, error) {
	return json.Marshal([3]string{u.Mentor, u.Round, u.Reason})
}

// UnmarshalJSON takes [mentor, round, reason].
func (u *Unassigned) UnmarshalJSON(b []byte) error {
	return tuple(b, "[mentor, round, reason]", &u.Mentor, &u.Round, &u.Reason)
}

// MarshalJSON gives [hard, medium, soft].
func (s Score) MarshalJSON() ([]byte, error) { return json.Marshal([3]int{s.Hard, s.Medium, s.Soft}) }

// UnmarshalJSON takes [hard, medium, soft].
func (s *Score) UnmarshalJSON(b []byte) error {
	return tuple(b, "[hard, medium, soft]", &s.Hard, &s.Medium, &s.Soft)
}

// UnmarshalJSON takes a round; its priority is 1 where none is given.
func (r *Round) UnmarshalJSON(b []byte) error {
	type plain Round
	*r = Round{Priority: 1}
	return json.Unmarshal(b, (*plain)(r))
}

// UnmarshalJSON takes a mentor; the priority is 1 where none is given.
func (m *Mentor) UnmarshalJSON(b []byte) error {
	type plain Mentor
	*m = Mentor{Priority: 1}
	return json.Unmarshal(b, (*plain)(m))
}

// UnmarshalJSON takes a supervisor; the share is 1 where none is given.
func (s *Supervisor) UnmarshalJSON(b []byte) error {
	type plain Supervisor
	*s = Supervisor{Share: 1}
	return json.Unmarshal(b, (*plain)(s))
}

// tuple reads a JSON array of exactly len(into) members.
func tuple(b []byte, form string, into ...any) error {
	list, ok := elements(b)
	if !ok {
		return fmt.Errorf("scheduling: %s expected, got %.40s", form, b)
	}
	if len(list) != len(into) {
		return fmt.Errorf("scheduling: %s expected, got %d members", form, len(list))
	}
	for i, e := range list {
		if n, isInt := into[i].(*int); isInt {
			if v, err := strconv.Atoi(string(e)); err == nil { // nearly all of an instance are these; json.Unmarshal takes its time
				*n = v
				continue
			}
		}
		if err := json.Unmarshal(e, into[i]); err != nil {
			return fmt.Errorf("scheduling: %s expected, member %d is %.40s", form, i+1, e)
		}
	}
	return nil
}

// elements splits a JSON array into the bytes of its elements. Whether each is JSON is for the caller to know.
func elements(b []byte) ([][]byte, bool) {
	b = bytes.TrimSpace(b)
	if len(b) < 2 || b[0] != '[' || b[len(b)-1] != ']' {
		return nil, false
	}
	b = bytes.TrimSpace(b[1 : len(b)-1])
	out := [][]byte{}
	if len(b) == 0 {
		return out, true
	}
	from, depth, quoted := 0, 0, false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			depth--
		case c == ',' && depth == 0:
			out = append(out, bytes.TrimSpace(b[from:i]))
			from = i + 1
		}
	}
	return append(out, bytes.TrimSpace(b[from:])), true
}

func orNil(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
