package scheduling

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// shape compares a document that is known to be JSON with the Go types that it is to fill, and notes each difference with its place.
// encoding/json alone would stop at the first one, match names without regard to case, and take the last of repeated members.
type shape struct{ faults Faults }

// tuples are the types whose JSON form is an array with one member of each type.
var tuples = map[reflect.Type][]reflect.Type{
	reflect.TypeFor[Span]():        {whole, whole},
	reflect.TypeFor[BusySpan]():    {whole, whole, text},
	reflect.TypeFor[BlockedSpan](): {whole, whole, text},
	reflect.TypeFor[TakenSpan]():   {whole, whole, text, reflect.PointerTo(text)},
	reflect.TypeFor[Offset]():      {whole, whole},
	reflect.TypeFor[Pair]():        {text, text, text, reflect.PointerTo(whole), reflect.PointerTo(whole)},
	reflect.TypeFor[Near]():        {text, text, whole},
	reflect.TypeFor[Unassigned]():  {text, text, text},
	reflect.TypeFor[Score]():       {whole, whole, whole},
}

var whole, text = reflect.TypeFor[int](), reflect.TypeFor[string]()

// required are the members without which a document says too little. All others have a default.
var required = map[reflect.Type][]string{
	reflect.TypeFor[Problem]():    {"version", "cycle_start", "weeks", "rounds", "mentors", "supervisors"},
	reflect.TypeFor[Round]():      {"id", "kind", "open", "close", "target"},
	reflect.TypeFor[Mentor]():     {"id"},
	reflect.TypeFor[Supervisor](): {"id"},
	reflect.TypeFor[Size]():       {"min", "max", "target"},
	reflect.TypeFor[Gap]():        {"min"},
	reflect.TypeFor[OrgRule]():    {"kind"},
	reflect.TypeFor[Pin]():        {"round"},
	reflect.TypeFor[Plan]():       {"sessions"},
	reflect.TypeFor[Session]():    {"round", "members", "supervisor", "start", "dur", "mode"},
}

// member is one member of an object.
type member struct {
	name     string
	index    []int
	kind     reflect.Type
	optional bool // null stands for its absence
}

// members are the JSON members of a struct, embedded ones included.
func members(t reflect.Type) []member {
	var out []member
	for _, f := range reflect.VisibleFields(t) {
		name, options, tagged := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous || name == "" {
			continue
		}
		out = append(out, member{name, f.Index, f.Type, tagged && options == "omitempty"})
	}
	return out
}

// value compares the JSON at a pointer with a type.
func (s *shape) value(raw []byte, t reflect.Type, at string, optional bool) {
	raw = bytes.TrimSpace(raw)
	null := string(raw) == "null"
	if t.Kind() == reflect.Pointer {
		optional, t = true, t.Elem()
	}
	switch {
	case s.faults.full() || null && optional:
	case null:
		s.faults.add(at, "null stands where a value is due")
	case tuples[t] != nil:
		s.tuple(raw, tuples[t], at)
	case t == reflect.TypeFor[time.Time]():
		s.scalar(raw, new(time.Time), "a date and time such as \"2027-02-01T00:00:00Z\" (RFC 3339)", at)
	case t.Kind() == reflect.Struct:
		s.object(raw, t, at)
	case t.Kind() == reflect.Map:
		s.entries(raw, at, func(name string, value []byte) { s.value(value, t.Elem(), under(at, name), false) })
	case t.Kind() == reflect.Slice:
		for i, element := range s.list(raw, at) {
			s.value(element, t.Elem(), item(at, i), false)
		}
	case t.Kind() == reflect.String:
		switch {
		case raw[0] != '"':
			s.faults.add(at, "a text is due, not %.40s", raw)
		case optional && string(raw) == `""` && t != text:
			s.faults.add(at, "a word is due, not an empty text; write null where there is none")
		}
	case t.Kind() == reflect.Bool:
		s.scalar(raw, new(bool), "true or false", at)
	case t.Kind() == reflect.Uint64:
		s.scalar(raw, new(uint64), "a whole number from 0", at)
	case t.Kind() == reflect.Float64:
		s.scalar(raw, new(float64), "a number", at)
	default:
		if _, err := strconv.Atoi(string(raw)); err != nil {
			s.faults.add(at, "a whole number is due, not %.40s", raw)
		}
	}
}

func (s *shape) scalar(raw []byte, into any, due, at string) {
	if json.Unmarshal(raw, into) != nil {
		s.faults.add(at, "%s is due, not %.40s", due, raw)
	}
}

func (s *shape) list(raw []byte, at string) [][]byte {
	list, ok := elements(raw)
	if !ok {
		s.faults.add(at, "a list is due, not %.40s", raw)
	}
	return list
}

func (s *shape) tuple(raw []byte, types []reflect.Type, at string) {
	list := s.list(raw, at)
	if list != nil && len(list) != len(types) {
		s.faults.add(at, "a list of %d members is due, not of %d", len(types), len(list))
		return
	}
	for i, element := range list {
		s.value(element, types[i], item(at, i), false)
	}
}

func (s *shape) object(raw []byte, t reflect.Type, at string) {
	known := members(t)
	seen := s.entries(raw, at, func(name string, value []byte) {
		i := slices.IndexFunc(known, func(m member) bool { return m.name == name })
		if i < 0 {
			s.faults.add(under(at, name), "there is no such member; maybe a later version has it")
			return
		}
		s.value(value, known[i].kind, under(at, name), known[i].optional)
	})
	if seen == nil {
		return
	}
	for _, name := range required[t] {
		if !seen[name] {
			s.faults.add(under(at, name), "the member is missing")
		}
	}
}

// entries walks through an object and gives the names in it, nil when it is none.
func (s *shape) entries(raw []byte, at string, visit func(name string, value []byte)) map[string]bool {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		s.faults.add(at, "an object is due, not %.40s", raw)
		return nil
	}
	seen := map[string]bool{}
	for dec.More() {
		key, err := dec.Token()
		name, isName := key.(string)
		var value json.RawMessage
		if err != nil || !isName || dec.Decode(&value) != nil {
			s.faults.add(at, "no JSON object")
			return nil
		}
		if seen[name] {
			s.faults.add(under(at, name), "the member stands twice")
		}
		seen[name] = true
		visit(name, value)
	}
	return seen
}
