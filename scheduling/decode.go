package scheduling

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
)

// MaxBytes bounds a document that is read.
const MaxBytes = 256 << 20

// Decode reads a problem in the form of instance.schema.json. Unknown, repeated and missing members, wrong types and all that
// Validate refuses are Faults; a failing reader is an error of its own.
func Decode(r io.Reader) (*Problem, error) {
	p := defaults()
	if err := decode(r, "problem", &p); err != nil {
		return nil, err
	}
	p.CycleStart = p.CycleStart.UTC()
	if err := p.Validate(); err != nil {
		return nil, err
	}
	return &p, nil
}

// DecodePlan reads a plan of the problem in the form of plan.schema.json, as strictly as Decode.
func DecodePlan(r io.Reader, p *Problem) (*Plan, error) {
	var plan Plan
	if err := decode(r, "plan", &plan); err != nil {
		return nil, err
	}
	if err := plan.Validate(p); err != nil {
		return nil, err
	}
	return &plan, nil
}

// defaults is what holds where a document is silent.
func defaults() Problem {
	return Problem{
		Profile: ProfileField, SlotMin: slotMinutes, StartStep: 2, MaxPerDay: 1,
		Size: Size{3, 5, 4}, Mix: MixUnit, Credit: HalfThenShare, OrgRule: OrgRule{Kind: OrgAny},
	}
}

func decode(r io.Reader, what string, into any) error {
	b, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return fmt.Errorf("scheduling: read the %s: %w", what, err)
	}
	if len(b) > MaxBytes {
		return Faults{{"", fmt.Sprintf("the %s is longer than %d bytes", what, MaxBytes)}}
	}
	var whole json.RawMessage
	if err := json.Unmarshal(b, &whole); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			return Faults{{"", fmt.Sprintf("no JSON at byte %d: %v", syntax.Offset, syntax)}}
		}
		return Faults{{"", fmt.Sprintf("no JSON: %v", err)}}
	}
	t := reflect.TypeOf(into).Elem()
	if t == reflect.TypeFor[Problem]() {
		if v, wrong := otherVersion(whole); wrong {
			return Faults{{"/version", fmt.Sprintf("the file has version %s, this program reads version %d", v, Version)}}
		}
	}
	var s shape
	s.value(whole, t, "", false)
	if err := s.faults.err(); err != nil {
		return err
	}
	if err := json.Unmarshal(whole, into); err != nil {
		return Faults{{"", err.Error()}}
	}
	return nil
}

// otherVersion says whether a document names another version than ours. All else in it may then mean something else.
func otherVersion(b []byte) (string, bool) {
	var head map[string]json.RawMessage
	var number json.Number
	if json.Unmarshal(b, &head) != nil || json.Unmarshal(head["version"], &number) != nil || number == "" {
		return "", false
	}
	return fmt.Sprintf("%.20s", number), number.String() != fmt.Sprint(Version)
}
