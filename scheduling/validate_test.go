package scheduling_test

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kreds/scheduling"
)

// smallProblem is the smallest well-formed one: one mentor, one supervisor, one individual round.
func smallProblem() *scheduling.Problem {
	return &scheduling.Problem{
		Version: 1, Profile: scheduling.ProfileField, SlotMin: 15, CycleStart: time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC), Weeks: 1, StartStep: 2,
		Rounds:      []scheduling.Round{{ID: "I1", Kind: scheduling.Individual, Open: 0, Close: 96, Target: 48, Dur: 4, Priority: 1}},
		Mentors:     []scheduling.Mentor{{Person: scheduling.Person{ID: "m0"}, Priority: 1}},
		Supervisors: []scheduling.Supervisor{{Person: scheduling.Person{ID: "s0"}, Share: 1}},
		Size:        scheduling.Size{Min: 3, Max: 5, Target: 4}, Mix: "unit", Credit: "half_then_share", OrgRule: scheduling.OrgRule{Kind: "any"}, MaxPerDay: 1,
	}
}

func smallPlan() *scheduling.Plan {
	return &scheduling.Plan{Sessions: []scheduling.Session{{Round: "I1", Members: []string{"m0"}, Supervisor: "s0", Start: 40, Dur: 4, Mode: scheduling.Virtual}}}
}

// Each breaks the form of the small problem at one place.
func TestValidateNamesThePlace(t *testing.T) {
	at := func(n int) *int { return &n }
	type problem = scheduling.Problem
	for want, broken := range map[string]func(*problem){
		"/version":              func(p *problem) { p.Version = 2 },
		"/profile":              func(p *problem) { p.Profile = "exact" },
		"/weights/W99":          func(p *problem) { p.Weights = map[string]int{"W99": 1} },
		"/weights/cont":         func(p *problem) { p.Weights = map[string]int{"cont": 1} }, // of the other profile
		"/weights/W01":          func(p *problem) { p.Weights = map[string]int{"W01": 101} },
		"/levels/1":             func(p *problem) { p.Levels = []string{"W01", "W01"} },
		"/slot_min":             func(p *problem) { p.SlotMin = 30 },
		"/cycle_start":          func(p *problem) { p.CycleStart = p.CycleStart.Add(time.Hour) },
		"/weeks":                func(p *problem) { p.Weeks = 0 },
		"/start_step":           func(p *problem) { p.StartStep = 0 },
		"/now":                  func(p *problem) { p.Now = 1 << 24 },
		"/rounds/1/id":          func(p *problem) { p.Rounds = append(p.Rounds, p.Rounds[0]) },
		"/rounds/0/kind":        func(p *problem) { p.Rounds[0].Kind = "circle" },
		"/rounds/0/grouping":    func(p *problem) { p.Rounds[0].Kind = scheduling.Group },
		"/rounds/0/open":        func(p *problem) { p.Rounds[0].Open = 96 },
		"/rounds/0/target_day":  func(p *problem) { p.Rounds[0].TargetDay = at(1<<24/96 + 1) },
		"/rounds/0/target":      func(p *problem) { p.Rounds[0].Target = -1 << 24 },
		"/rounds/0/dur":         func(p *problem) { p.Rounds[0].Dur = 0 },
		"/rounds/0/dur_by_size": func(p *problem) { p.Rounds[0].DurBySize = map[string]int{"1": 4} },
		"/rounds/0/dates":       func(p *problem) { p.Rounds[0].Dates = 1 },
		"/rounds/0/priority":    func(p *problem) { p.Rounds[0].Priority = 0 },
		"/mentors/0/id":         func(p *problem) { p.Mentors[0].ID = "m 0" },
		"/mentors/1/id":         func(p *problem) { p.Mentors = append(p.Mentors, p.Mentors[0]) },
		"/supervisors/0/id":     func(p *problem) { p.Supervisors[0].ID = "m0" },
		"/mentors/0/off/1":      func(p *problem) { p.Mentors[0].Off = []scheduling.Offset{{0, 4}, {0, 8}} },
		"/mentors/0/off/0/1":    func(p *problem) { p.Mentors[0].Off = []scheduling.Offset{{0, 97}} },
		"/mentors/0/langs/1":    func(p *problem) { p.Mentors[0].Langs = []string{"da", "da"} },
		"/mentors/0/exp":        func(p *problem) { p.Mentors[0].Exp = 6 },
		"/mentors/0/work/0":     func(p *problem) { p.Mentors[0].Work = []scheduling.Span{{4, 4}} },
		"/mentors/0/busy/0/2":   func(p *problem) { p.Mentors[0].Busy = []scheduling.BusySpan{{scheduling.Span{From: 0, To: 1}, "away"}} },
		"/mentors/0/taken/0/3": func(p *problem) {
			p.Mentors[0].Taken = []scheduling.TakenSpan{{scheduling.Span{From: 0, To: 1}, "group", "I1"}}
		},
		"/mentors/0/wish_with/0": func(p *problem) { p.Mentors[0].WishWith = []string{"m9"} },
		"/mentors/0/co/0":        func(p *problem) { p.Mentors[0].Co = []string{"s0"} },
		"/mentors/0/earliest":    func(p *problem) { p.Mentors[0].Earliest = at(1 << 40) },
		"/mentors/0/priority":    func(p *problem) { p.Mentors[0].Priority = 0 },
		"/supervisors/0/max_day": func(p *problem) { p.Supervisors[0].MaxDay = at(-1) },
		"/supervisors/0/buffer":  func(p *problem) { p.Supervisors[0].Buffer = -1 },
		"/supervisors":           func(p *problem) { p.Supervisors[0].Share = 0 },
		"/size/min":              func(p *problem) { p.Size.Min = 6 },
		"/gap/max":               func(p *problem) { p.Gap.Max = at(-1) },
		"/forbidden/0/2":         func(p *problem) { p.Forbidden = []scheduling.Pair{{A: "m0", B: "m1", Rule: "H10"}}; addMentor(p, "m1") },
		"/forbidden/0":           func(p *problem) { p.Forbidden = []scheduling.Pair{{A: "m0", B: "m0", Rule: "H05"}} },
		"/forbidden/0/1":         func(p *problem) { p.Forbidden = []scheduling.Pair{{A: "m0", B: "s0", Rule: "H05"}} },
		"/dependent/0/0":         func(p *problem) { p.Dependent = []scheduling.Pair{{A: "m0", B: "m0", Rule: "H10"}} },
		"/dependent/0/3": func(p *problem) {
			p.Dependent = []scheduling.Pair{{A: "s0", B: "m0", Rule: "H10", From: at(9), To: at(9)}}
		},
		"/mix":                        func(p *problem) { p.Mix = "town" },
		"/credit":                     func(p *problem) { p.Credit = "" },
		"/near/0/1":                   func(p *problem) { p.Near = []scheduling.Near{{A: "m0", B: "m9"}} },
		"/events/0":                   func(p *problem) { p.Events = []scheduling.Span{{9, 8}} },
		"/org_rule/q":                 func(p *problem) { p.OrgRule.Kind = "mixed" },
		"/rooms/North~1East~0":        func(p *problem) { p.Rooms = map[string]int{"North/East~": -1} },
		"/max_per_day":                func(p *problem) { p.MaxPerDay = 0 },
		"/pins/0":                     func(p *problem) { p.Pins = []scheduling.Pin{{Round: "I1"}} },
		"/pins/0/standing":            func(p *problem) { p.Pins = []scheduling.Pin{{Round: "I1", Start: at(4), Standing: true}} },
		"/pins/0/round":               func(p *problem) { p.Pins = []scheduling.Pin{{Round: "I9", Start: at(4)}} },
		"/pins/0/members/0":           func(p *problem) { p.Pins = []scheduling.Pin{{Round: "I1", Members: []string{"s0"}}} },
		"/freeze":                     func(p *problem) { p.Freeze = -1 },
		"/reference/sessions/0/start": func(p *problem) { p.Reference = smallPlan(); p.Reference.Sessions[0].Start = 1 << 30 },
		"/reference/unassigned/0/2": func(p *problem) {
			p.Reference = &scheduling.Plan{Unassigned: []scheduling.Unassigned{{"m0", "I1", "ill"}}}
		},
	} {
		p := smallProblem()
		broken(p)
		wantFault(t, want, p.Validate())
	}
	if err := smallProblem().Validate(); err != nil {
		t.Errorf("the problem itself: %v", err)
	}
}

func TestPlanValidateNamesThePlace(t *testing.T) {
	for want, broken := range map[string]func(*scheduling.Session){
		"/sessions/0/round":      func(s *scheduling.Session) { s.Round = "" },
		"/sessions/0/group":      func(s *scheduling.Session) { s.Group = "g1" },
		"/sessions/0/members/0":  func(s *scheduling.Session) { s.Members = []string{"m9"} },
		"/sessions/0/supervisor": func(s *scheduling.Session) { s.Supervisor = "" },
		"/sessions/0/dur":        func(s *scheduling.Session) { s.Dur = 0 },
		"/sessions/0/mode":       func(s *scheduling.Session) { s.Mode = "" },
	} {
		plan := smallPlan()
		broken(&plan.Sessions[0])
		wantFault(t, want, plan.Validate(smallProblem()))
	}
	if err := smallPlan().Validate(smallProblem()); err != nil {
		t.Errorf("the plan itself: %v", err)
	}
	core, longer := smallProblem(), smallPlan()
	core.Profile, longer.Sessions[0].Dur = scheduling.ProfileCore, 5
	wantFault(t, "/sessions/0/dur", longer.Validate(core))
}

// The cycle starts on a Monday at midnight, in UTC.
func TestCycleStart(t *testing.T) {
	monday := smallProblem().CycleStart
	for _, start := range []time.Time{monday.AddDate(0, 0, 1), monday.Add(time.Minute), {}, monday.In(time.FixedZone("CET", 3600)).Add(-time.Hour)} {
		p := smallProblem()
		p.CycleStart = start
		wantFault(t, "/cycle_start", p.Validate())
	}
}

func addMentor(p *scheduling.Problem, id string) {
	p.Mentors = append(p.Mentors, scheduling.Mentor{Person: scheduling.Person{ID: id}, Priority: 1})
}

func wantFault(t *testing.T, pointer string, err error) {
	t.Helper()
	var faults scheduling.Faults
	if !errors.As(err, &faults) {
		t.Errorf("%s: no faults but %v", pointer, err)
	} else if len(faults) != 1 || faults[0].Pointer != pointer {
		t.Errorf("%s: one fault is wanted, got %v", pointer, err)
	}
}

// All faults of a document come at once, up to twenty.
func TestDecodeNamesAllFaults(t *testing.T) {
	_, err := scheduling.Decode(strings.NewReader(`{"version":1,"Weeks":4,"cycle_start":"1 Feb","cycle_start":"2027-02-01T00:00:00Z",
		"rounds":[{"id":"I1","kind":7,"open":0.5,"close":1e3,"dur":"4","Close":9}],
		"mentors":[{"id":"m0","work":[[0,4],[1,2,3]],"busy":[[0,4]],"off":null}],"supervisors":{},"gap":{"max":4},"a/b":1}`))
	var faults scheduling.Faults
	if !errors.As(err, &faults) {
		t.Fatalf("no faults but %v", err)
	}
	got := map[string]bool{}
	for _, f := range faults {
		got[f.Pointer] = true
	}
	want := []string{"/Weeks", "/a~1b", "/cycle_start", "/gap/min", "/mentors/0/busy/0", "/mentors/0/off", "/mentors/0/work/1",
		"/rounds/0/Close", "/rounds/0/close", "/rounds/0/dur", "/rounds/0/kind", "/rounds/0/open", "/rounds/0/target", "/supervisors", "/weeks"}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(got))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	many := smallProblem()
	for i := range 50 {
		many.Mentors = append(many.Mentors, scheduling.Mentor{Person: scheduling.Person{ID: fmt.Sprint(i)}})
	}
	if !errors.As(many.Validate(), &faults) || len(faults) != scheduling.MaxFaults {
		t.Errorf("%d faults are named, want %d", len(faults), scheduling.MaxFaults)
	}
}

// What is no document at all is refused in one sentence.
func TestDecodeRefusals(t *testing.T) {
	for in, want := range map[string]string{
		``:                            "no JSON at byte 0",
		`{"version":1`:                "no JSON at byte 12",
		`{"version":1} {}`:            "no JSON at byte 15",
		`[]`:                          "an object is due",
		`null`:                        "null stands where a value is due",
		`{"version":2,"new_part":[]}`: "the file has version 2, this program reads version 1",
		`{"version":"1"}`:             "a whole number is due",
		`{"weeks":1,"weeks":1}`:       "/weeks: the member stands twice",
	} {
		_, err := scheduling.Decode(strings.NewReader(in))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want …%s…", in, err, want)
		}
	}
	if _, err := scheduling.Decode(failing{}); err == nil || !errors.Is(err, errTorn) {
		t.Errorf("a failing reader: %v", err)
	}
}

var errTorn = errors.New("torn cable")

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errTorn }

func FuzzDecode(f *testing.F) {
	p := smallProblem()
	p.Reference = smallPlan()
	var b bytes.Buffer
	if err := scheduling.Encode(&b, p); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte(`{"version":1,"rounds":[{"dur_by_size":{"3":6}}],"forbidden":[["m0","m1","H05",null,null]]}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		p, err := scheduling.Decode(bytes.NewReader(in))
		if err != nil {
			return
		}
		out := encoded(t, p)
		again, err := scheduling.Decode(bytes.NewReader(out))
		if err != nil {
			t.Fatalf("what was read is refused when it is written: %v\n%s", err, out)
		}
		if !bytes.Equal(out, encoded(t, again)) {
			t.Fatalf("not canonical:\n%s", out)
		}
	})
}

func FuzzDecodePlan(f *testing.F) {
	var b bytes.Buffer
	if err := scheduling.EncodePlan(&b, smallPlan()); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte(`{"sessions":[],"unassigned":[["m0","I1","H03"]],"score":[0,0,1],"bound":1.5,"iterations":[9]}`))
	p := smallProblem()
	f.Fuzz(func(t *testing.T, in []byte) {
		plan, err := scheduling.DecodePlan(bytes.NewReader(in), p)
		if err != nil {
			return
		}
		var out bytes.Buffer
		if err := scheduling.EncodePlan(&out, plan); err != nil {
			t.Fatal(err)
		}
		if _, err := scheduling.DecodePlan(&out, p); err != nil {
			t.Fatalf("what was read is refused when it is written: %v", err)
		}
	})
}
