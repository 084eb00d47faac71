package api_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

// An owner sees of each calendar that counts how much of it could not be read for certain.
func TestOwnersSeeWhatCouldNotBeRead(t *testing.T) {
	b := build(t)
	ida, token := b.person("ida", supervision.RoleMentor)
	c := supervision.Connection{ID: service.New[supervision.ConnectionID](b.House), Person: ida.ID, Kind: "caldav", Name: "Work", State: supervision.ConnectionActive,
		Calendars: []supervision.ConnectedCalendar{
			{Key: "c1", Ref: "/one/", Name: "One", Counts: true, Unreadable: 3, Guessed: 2, Unclear: 1},
			{Key: "c2", Ref: "/two/", Name: "Two", Counts: true},
			{Key: "c3", Ref: "/three/", Name: "Three"},
		}}
	b.must(func(tx *store.Tx) error { return tx.PutConnection(&c) })
	got := b.want(200, token, "GET", "/v1/calendar-connections/"+c.ID.String(), nil).JSON["calendars"]
	calendar := func(ref, name string, counts bool, more object) object {
		o := object{"ref": ref, "name": name, "counts": counts, "writable": false, "written": false}
		for k, v := range more {
			o[k] = v
		}
		return o
	}
	want := []any{
		calendar("c1", "One", true, object{"unreadable_count": 3.0, "guessed_count": 2.0, "unclear_count": 1.0}),
		calendar("c2", "Two", true, object{"unreadable_count": 0.0, "guessed_count": 0.0, "unclear_count": 0.0}),
		calendar("c3", "Three", false, nil),
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
