package scheduling

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"time"
)

// Encode writes the canonical form of a problem, which Decode reads: every member that the format has, empty lists as [],
// what is absent as null, a line for each round, person, pin and session. Equal problems give equal bytes.
func Encode(w io.Writer, p *Problem) error { return encode(w, "problem", p) }

// EncodePlan writes the canonical form of a plan, which DecodePlan reads.
func EncodePlan(w io.Writer, plan *Plan) error { return encode(w, "plan", plan) }

func encode(w io.Writer, what string, v any) error {
	var b bytes.Buffer
	if err := canonical(&b, reflect.ValueOf(v).Elem(), 0); err != nil {
		return fmt.Errorf("scheduling: encode the %s: %w", what, err)
	}
	b.WriteByte('\n')
	if _, err := b.WriteTo(w); err != nil {
		return fmt.Errorf("scheduling: write the %s: %w", what, err)
	}
	return nil
}

// canonical writes a value; depth counts the objects and lists around it.
func canonical(b *bytes.Buffer, v reflect.Value, depth int) error {
	t := v.Type()
	if at, is := v.Interface().(time.Time); is {
		v = reflect.ValueOf(at.UTC())
	}
	switch {
	case t.Kind() == reflect.Pointer && !v.IsNil():
		return canonical(b, v.Elem(), depth)
	case t.Kind() == reflect.Struct && !marshals(t):
		return object(b, v, depth)
	case t.Kind() == reflect.Slice:
		return list(b, v, depth)
	case t.Kind() == reflect.Map && v.Len() == 0:
		b.WriteString("{}")
		return nil
	}
	raw, err := json.Marshal(v.Interface())
	if err != nil {
		return err
	}
	b.Write(raw)
	return nil
}

// marshals says whether a type has a compact form of its own: tuples and times.
func marshals(t reflect.Type) bool { return tuples[t] != nil || t == reflect.TypeFor[time.Time]() }

func object(b *bytes.Buffer, v reflect.Value, depth int) error {
	separator := byte('{')
	for _, m := range members(v.Type()) {
		b.WriteByte(separator)
		separator = ','
		if depth == 0 {
			b.WriteString("\n ")
		}
		fmt.Fprintf(b, "%q:", m.name)
		f := v.FieldByIndex(m.index)
		if m.optional && empty(f) {
			b.WriteString("null")
		} else if err := canonical(b, f, depth+1); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
	}
	if depth == 0 {
		b.WriteByte('\n')
	}
	b.WriteByte('}')
	return nil
}

// empty says whether an optional value is absent.
func empty(v reflect.Value) bool {
	if v.Kind() == reflect.Slice || v.Kind() == reflect.Map {
		return v.Len() == 0
	}
	return v.IsZero()
}

func list(b *bytes.Buffer, v reflect.Value, depth int) error {
	lines := depth == 1 && v.Type().Elem().Kind() == reflect.Struct && !marshals(v.Type().Elem())
	b.WriteByte('[')
	for i := range v.Len() {
		if i > 0 {
			b.WriteByte(',')
		}
		if lines {
			b.WriteString("\n  ")
		}
		if err := canonical(b, v.Index(i), depth+1); err != nil {
			return fmt.Errorf("%d: %w", i, err)
		}
	}
	b.WriteByte(']')
	return nil
}
