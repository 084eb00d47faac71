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
	calendar := func(ref, name string, counts bool, unreadable, guessed, unclear float64) object {
		return object{"ref": ref, "name": name, "counts": counts, "writable": false, "written": false,
			"unreadable_count": unreadable, "guessed_count": guessed, "unclear_count": unclear}
	}
	want := []any{calendar("c1", "One", true, 3, 2, 1), calendar("c2", "Two", true, 0, 0, 0), calendar("c3", "Three", false, 0, 0, 0)}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
