package store_test

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kreds/calendar"
	"kreds/store"
	"kreds/supervision"
)

// To another tenant a thing is as good as one that never was: every method of a transaction, called with the ids and rows of
// one tenant in the name of another, ends as it does with ids that nobody has, and changes nothing. The methods are found by
// reflection, so that a new one is tried as soon as it is there; its arguments are taken from the furniture by their types.
func TestNothingPassesTheWallBetweenTenants(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		a := h.furnish("House A")
		h.filled(a.Tenant.ID)
		owners := []supervision.Actor{h.actor, h.as(a.Programme.Lead)}
		h.actor = h.tenant("House B")
		b := h.people(1)[0]
		h.must(func(tx *store.Tx) error {
			return tx.PutRole(&supervision.RoleAssignment{ID: id[supervision.RoleID](), Person: b.ID, Role: supervision.RoleProgrammeManager,
				Scope: supervision.ScopeTenant, Subject: h.actor.Tenant.Any()})
		})
		strangers := []supervision.Actor{h.actor, h.as(b.ID)}
		before := h.dump(a.Tenant.ID)
		things, nothings := a.samples(), a.nobodys().samples()
		for m := range reflect.TypeFor[*store.Tx]().Methods() {
			tells := false
			for try := range tries(m) {
				for _, actor := range strangers {
					got, want := h.call(actor, m, things, try, true), h.call(actor, m, nothings, try, true)
					if got != want || strings.Contains(got, a.Tenant.Name) {
						t.Errorf("%s, try %d, by %s:\nwith ids of House A %s\nwith nobody's ids  %s", m.Name, try, actor.Kind, got, want)
					}
				}
				for _, actor := range owners {
					tells = tells || h.call(actor, m, things, try, true) != h.call(actor, m, nothings, try, true)
				}
			}
			if !tells && asks(m) && !slices.Contains(silent, m.Name) {
				t.Errorf("%s takes an id and ends alike for its owner with whatever id: this case tells nothing of it. If it says nothing of what it does, name it among the silent ones", m.Name)
			}
		}
		for m := range reflect.TypeFor[*store.Tx]().Methods() {
			for try := range tries(m) {
				h.call(strangers[0], m, things, try, false)
			}
		}
		for table, rows := range h.dump(a.Tenant.ID) {
			if rows != before[table] {
				t.Errorf("%s of House A was changed:\n%s\n%s", table, before[table], rows)
			}
		}
	})
}

// silent are the methods that take an id and do not say whether they found it: the rows speak for them at the end.
var silent = []string{"Audit", "DeleteConnection", "DeleteFeed", "DeleteMeeting", "FeedRead", "ForgetCalendars", "Keep", "ListAudit", "MayOn", "PutConnectionWork",
	"PutDelta", "PutTenant", "TokenUsed"}

// asks says whether a method takes an id, or something that has one.
func asks(m reflect.Method) bool {
	var has func(reflect.Type) bool
	has = func(t reflect.Type) bool {
		switch t.Kind() {
		case reflect.Array:
			return true
		case reflect.Pointer, reflect.Slice:
			return has(t.Elem())
		case reflect.Struct:
			return t != reflect.TypeFor[store.Page]() && slices.ContainsFunc(reflect.VisibleFields(t), func(f reflect.StructField) bool { return f.Type.Kind() == reflect.Array })
		}
		return false
	}
	return slices.ContainsFunc(slices.Collect(m.Type.Ins()), func(t reflect.Type) bool { return t != reflect.TypeFor[*store.Tx]() && has(t) })
}

// tries says how often a method is tried, with other things each time.
func tries(m reflect.Method) int {
	if asks(m) {
		return 8
	}
	return 1
}

// call calls a method in an Update, which is undone or not, and says how it ended, without ids.
func (h *house) call(actor supervision.Actor, m reflect.Method, from map[reflect.Type][]reflect.Value, try int, undo bool) (end string) {
	h.t.Helper()
	undone := errors.New("undone")
	var out []string
	err := h.Update(h.t.Context(), actor, func(tx *store.Tx) error {
		args := []reflect.Value{reflect.ValueOf(tx)}
		for i := 1; i < m.Type.NumIn(); i++ {
			args = append(args, argument(h.t, m, m.Type.In(i), from, try))
		}
		out = out[:0]
		call := m.Func.Call
		if m.Type.IsVariadic() {
			call = m.Func.CallSlice
		}
		for _, v := range call(args) {
			if e, ok := v.Interface().(error); ok {
				out = append(out, fmt.Sprint("error ", supervision.KindOf(e), " ", supervision.CodeOf(e)))
				return e
			}
			out = append(out, show(v))
		}
		for _, v := range args[1:] {
			if v.Kind() == reflect.Map { // which the method may have filled
				out = append(out, show(v))
			}
		}
		if undo {
			return undone
		}
		return nil
	})
	expected := err == nil || errors.Is(err, undone) || errors.Is(err, store.ErrForeign) || errors.Is(err, store.ErrDuplicate)
	if !expected && supervision.KindOf(err) == supervision.Internal && m.Name != "PutSession" { // which leaves to Claim what takes time
		h.t.Errorf("%s, try %d: %v", m.Name, try, err)
	}
	return strings.Join(out, "; ")
}

var anID = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// show prints a value without its ids.
func show(v reflect.Value) string {
	lines := strings.Split(anID.ReplaceAllString(fmt.Sprintf("%+v", v.Interface()), "id"), " ")
	if v.Kind() == reflect.Map {
		slices.Sort(lines) // the order of a map's keys is that of the ids
	}
	return strings.Join(lines, " ")
}

// argument makes an argument of a type. The higher bit of a try turns a filter from one that asks for a thing into one that
// asks for all, and a row from one that was written before into a new one; the lower ones choose among several things, and the
// member of a filter.
func argument(t *testing.T, m reflect.Method, want reflect.Type, from map[reflect.Type][]reflect.Value, try int) reflect.Value {
	t.Helper()
	if all := from[want]; len(all) > 0 {
		return copied(all[try%len(all)], same)
	}
	v := reflect.New(want).Elem()
	switch {
	case want == reflect.TypeFor[func() error]():
		return reflect.ValueOf(func() error { return nil })
	case want == reflect.TypeFor[store.Page]():
		return reflect.ValueOf(store.Page{Size: 100})
	case want == reflect.TypeFor[store.Noun]():
		return reflect.ValueOf([]store.Noun{store.People, store.Sessions, store.Runs, store.Connections}[try%4])
	case want == reflect.TypeFor[supervision.Action]():
		return reflect.ValueOf([]supervision.Action{"listPeople", "listSessions", "listPlanRuns", "listCalendarConnections"}[try%4])
	case want == reflect.TypeFor[store.KeyOwner]():
		return reflect.ValueOf(store.PersonKey)
	case want == reflect.TypeFor[supervision.Instant]():
		return reflect.ValueOf(start.AddDate(0, 0, 1))
	case want == reflect.TypeFor[calendar.Interval]():
		return reflect.ValueOf(calendar.Interval{Start: start, End: start.AddDate(0, 3, 0)})
	case want == reflect.TypeFor[calendar.Reading]():
		return reflect.ValueOf(calendar.Reading{AsOf: start, Covers: calendar.Interval{Start: start, End: start.AddDate(0, 3, 0)}})
	case want == reflect.TypeFor[supervision.Holiday]():
		return reflect.ValueOf(supervision.Holiday{On: supervision.DateOf(start), Name: "holiday"})
	case want == reflect.TypeFor[calendar.Delta]():
	case want.Kind() == reflect.Pointer:
		v = reflect.New(want.Elem())
		v.Elem().Set(argument(t, m, want.Elem(), from, try))
		if version := v.Elem().FieldByName("Version"); version.IsValid() && try >= 4 {
			version.SetInt(0)
		}
	case want.Kind() == reflect.Slice && want.Elem().Kind() != reflect.Uint8:
		v = reflect.Append(v, argument(t, m, want.Elem(), from, try))
	case want.Kind() == reflect.Map:
		v = reflect.MakeMap(want)
		v.SetMapIndex(argument(t, m, want.Key(), from, try), reflect.New(want.Elem()).Elem())
	case want.Kind() == reflect.Struct: // a filter
		var members []reflect.Value
		for i := range want.NumField() {
			if f := v.Field(i); f.Kind() == reflect.Array {
				members = append(members, f)
			}
		}
		if n := len(members); n > 0 && try < 4 {
			members[try%n].Set(argument(t, m, members[try%n].Type(), from, try))
		}
	case want.Kind() == reflect.String:
		v.SetString([]string{"/home/", ""}[try%2])
	case want.Kind() == reflect.Slice:
		v.SetBytes([]byte(`"bytes"`))
	case want.Kind() == reflect.Int, want.Kind() == reflect.Int64:
		v.SetInt(1)
	case want == reflect.TypeFor[store.Task]():
		v.Set(reflect.ValueOf(bell{Of: "wall"}))
	default:
		t.Fatalf("%s takes a %s, for which this case has nothing", m.Name, want)
	}
	return v
}
