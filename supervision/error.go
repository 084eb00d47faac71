package supervision

import (
	"errors"
	"fmt"
	"time"
)

// Kind is the coarse kind of an error. It decides what a caller does; the words are for people.
type Kind uint8

const (
	Internal        Kind = iota // all the rest; its text is for the log alone
	Invalid                     // cannot be right, whatever the state
	Malformed                   // cannot be read at all
	Unauthenticated             // nobody we know
	Forbidden                   // known, and not allowed
	NotFound                    // no such thing, or not visible to the caller
	Conflict                    // right in itself, clashes with the present state
	Infeasible                  // no plan keeps every rule; never leaves a plan run
	Unavailable                 // an outside party, or a part of ours, did not answer
)

// Error is the one error type of the house. It is made once, where the fault enters, and rendered once, in package api.
type Error struct {
	Kind       Kind
	Code       string // of the catalogue problems.yaml, for example "slot-taken"
	Detail     string // with the values that the caller may know, and a next step
	Fields     []Field
	Reasons    []Reason
	RetryAfter time.Duration
	Tag        string // the object's present tag, with stale-tag
	Step       *Step  // the step that cannot be taken, with invalid-transition
	Law        bool   // the law of planning refuses it, which the audit notes: refusals tell of people, little by little
	Err        error  // the cause, for the log
}

// Field is a fault of one member of the request.
type Field struct {
	Pointer   string // JSON pointer into the body as a fragment, "#/start"; or
	Parameter string // the name of a query or path parameter or a header
	Code      string
	Detail    string
}

// Reason is a rule that stands against the request. Subject is never another person whose calendar or private fact is the
// cause.
type Reason struct {
	Rule    string
	Subject string
	Detail  string
	Help    []string
}

// Step is a change of state that is not allowed, and the states that may follow instead.
type Step struct {
	From, To string
	Allowed  []string
}

// Error gives code and detail, and the cause if there is one.
func (e *Error) Error() string {
	s := e.Code
	if e.Detail != "" {
		s += ": " + e.Detail
	}
	if len(e.Fields) > 0 {
		s += fmt.Sprintf(" (%s%s: %s)", e.Fields[0].Pointer, e.Fields[0].Parameter, e.Fields[0].Detail)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf is the kind of err, Internal for errors that are not ours.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// CodeOf is the catalogue's code of err, "internal" for errors that are not ours.
func CodeOf(err error) string {
	var e *Error
	if errors.As(err, &e) && e.Code != "" {
		return e.Code
	}
	return "internal"
}

// RefusedByLaw says whether the law of planning is what refuses.
func RefusedByLaw(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Law
}

// Fault makes an error of a kind with a code of the catalogue and a detail.
func Fault(k Kind, code, format string, args ...any) *Error {
	return &Error{Kind: k, Code: code, Detail: fmt.Sprintf(format, args...)}
}

// Absent is the one answer to what is not there, foreign, or hidden from the caller; it tells nothing more.
func Absent() *Error {
	return &Error{Kind: NotFound, Code: "not-found", Detail: "There is nothing here that you may see. Maybe the id is mistyped, or it belongs to somebody else."}
}

// Denied is the answer to a caller who sees the object but may not take the step.
func Denied(action Action) *Error {
	return Fault(Forbidden, "forbidden", "Your roles do not allow %s here. Maybe somebody else in the programme can do it.", action)
}

// Faulty is an Invalid error about one member of the body, named by its JSON pointer ("/start").
func Faulty(pointer, code, format string, args ...any) *Error {
	e := &Error{Kind: Invalid, Code: "invalid", Detail: "The request cannot be right as it stands; see errors."}
	return e.And(pointer, code, format, args...)
}

// And adds a fault of another member.
func (e *Error) And(pointer, code, format string, args ...any) *Error {
	e.Fields = append(e.Fields, Field{Pointer: "#" + pointer, Code: code, Detail: fmt.Sprintf(format, args...)})
	return e
}

// Faults collects the faults of one request, so that one answer names them all.
type Faults struct{ fields []Field }

// Add notes a fault of the member at pointer ("/start").
func (f *Faults) Add(pointer, code, format string, args ...any) {
	f.fields = append(f.fields, Field{Pointer: "#" + pointer, Code: code, Detail: fmt.Sprintf(format, args...)})
}

// Err is nil without faults.
func (f *Faults) Err() error {
	if len(f.fields) == 0 {
		return nil
	}
	fields := f.fields
	if len(fields) > 20 {
		fields = fields[:20]
	}
	return &Error{Kind: Invalid, Code: "invalid", Detail: "The request cannot be right as it stands; see errors.", Fields: fields}
}
