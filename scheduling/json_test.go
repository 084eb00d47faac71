package scheduling_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"kreds/scheduling"
)

func TestProblemSurvivesItsJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawProblem(t)
		written := encoded(t, p)
		read, err := scheduling.Decode(bytes.NewReader(written))
		if err != nil {
			t.Fatalf("own bytes are refused: %v\n%s", err, written)
		}
		if diff := cmp.Diff(p, read, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("another problem comes back (-was +is):\n%s", diff)
		}
		if again := encoded(t, read); !bytes.Equal(written, again) {
			t.Fatalf("the form is not canonical:\n%s\n%s", written, again)
		}
		viaPlainJSON, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var plain scheduling.Problem
		if err := json.Unmarshal(viaPlainJSON, &plain); err != nil || !cmp.Equal(p, &plain, cmpopts.EquateEmpty()) {
			t.Fatalf("encoding/json alone loses something (%v): %s", err, cmp.Diff(p, &plain, cmpopts.EquateEmpty()))
		}
	})
}

func TestPlanSurvivesItsJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawProblem(t)
		plan := drawPlan(t, p)
		var b bytes.Buffer
		if err := scheduling.EncodePlan(&b, plan); err != nil {
			t.Fatal(err)
		}
		read, err := scheduling.DecodePlan(bytes.NewReader(b.Bytes()), p)
		if err != nil {
			t.Fatalf("own bytes are refused: %v\n%s", err, b.Bytes())
		}
		if diff := cmp.Diff(plan, read, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("another plan comes back (-was +is):\n%s", diff)
		}
	})
}

// A reader in another language finds every member of the format, whatever is absent.
func TestCanonicalFormNamesEverything(t *testing.T) {
	p := smallProblem()
	p.CycleStart = p.CycleStart.In(time.FixedZone("CET", 3600))
	got := string(encoded(t, p))
	for _, want := range []string{
		`"cycle_start":"2027-02-01T00:00:00Z"`, `"weights":{}`, `"levels":[]`, `"rooms":{}`, `"pins":[]`, `"reference":null`, `"gap":{"min":0,"max":null}`, `"forbidden":[]`,
		`"target_day":null`, `"grouping":null`, `"dur_by_size":null`, `"dates":null`, `"cases":null`, `"site":""`, `"qual":""`,
		`"off":[]`, `"langs":[]`, `"busy":[]`, `"taken":[]`, `"earliest":null`, `"prepared_at":null`, `"meetings":[]`, `"max_day":null`, `"admits":[]`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is missing in\n%s", want, got)
		}
	}
	var b bytes.Buffer
	plan := &scheduling.Plan{Sessions: []scheduling.Session{{Round: "I1", Members: nil, Supervisor: "s0", Dur: 4, Mode: scheduling.Virtual}}}
	if err := scheduling.EncodePlan(&b, plan); err != nil {
		t.Fatal(err)
	}
	want := `{
 "sessions":[
  {"round":"I1","group":null,"members":[],"supervisor":"s0","start":0,"dur":4,"mode":"virtual"}],
 "unassigned":[],
 "score":[0,0,0],
 "bound":null,
 "seed":0,
 "iterations":null
}
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
}

func TestDefaultsOfASilentDocument(t *testing.T) {
	p, err := scheduling.Decode(strings.NewReader(`{"version":1,"cycle_start":"2027-02-01T01:00:00+01:00","weeks":4,
		"rounds":[{"id":"I1","kind":"individual","open":0,"close":96,"target":48,"dur":4}],
		"mentors":[{"id":"m0"}],"supervisors":[{"id":"s0"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if p.CycleStart.Location() != time.UTC {
		t.Errorf("the cycle starts in %v", p.CycleStart.Location())
	}
	want := smallProblem()
	want.Weeks = 4
	if diff := cmp.Diff(want, p, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// fataler is a test or a rapid one.
type fataler interface {
	Helper()
	Fatal(...any)
}

func encoded(t fataler, p *scheduling.Problem) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := scheduling.Encode(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
