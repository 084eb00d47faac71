package store_test

import (
	"fmt"
	"math"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kreds/store"
	"kreds/supervision"
)

// trip is one noun, and the way into the database and back.
type trip struct {
	name string
	want any
	put  func(*store.Tx) error
	get  func(*store.Tx) (any, error)
}

// by makes the trip of a noun that is read by its id.
func by[T, K any](name string, v *T, id supervision.ID[K], put func(*store.Tx, *T) error, get func(*store.Tx, supervision.ID[K]) (T, error)) trip {
	return trip{name, v, func(tx *store.Tx) error { return put(tx, v) }, func(tx *store.Tx) (any, error) { got, err := get(tx, id); return &got, err }}
}

// one is for nouns that are read in a list of one.
func one[T any](list []T, err error) (T, error) {
	if err == nil && len(list) != 1 {
		err = fmt.Errorf("%d of them", len(list))
	}
	if err != nil {
		return *new(T), err
	}
	return list[0], nil
}

func (f *furniture) trips() []trip {
	type tx = store.Tx
	person := f.Enrolment.Mentor
	return []trip{
		by("organisation", &f.Organisation, f.Organisation.ID, (*tx).PutOrganisation, (*tx).Organisation),
		by("person", &f.People[0], f.People[0].ID, (*tx).PutPerson, (*tx).Person),
		by("role", &f.Roles[0], f.Roles[0].ID, (*tx).PutRole, (*tx).Role),
		by("line", &f.Line, f.Line.ID, (*tx).PutLine, (*tx).Line),
		by("pair", &f.Pair, f.Pair.ID, (*tx).PutPair, (*tx).Pair),
		by("meeting", &f.Meeting, f.Meeting.ID, (*tx).PutMeeting, (*tx).Meeting),
		by("token", &f.Token, f.Token.ID, func(t *tx, v *supervision.Token) error { return t.PutToken(v, []byte("hash")) }, (*tx).Token),
		by("programme", &f.Programme, f.Programme.ID, (*tx).PutProgramme, (*tx).Programme),
		by("template", &f.Template, f.Template.ID, func(t *tx, v *supervision.Template) error {
			v.ID = id[supervision.TemplateID]()
			return t.PutTemplate(*v)
		},
			func(t *tx, _ supervision.TemplateID) (supervision.Template, error) { return t.Template(f.Template.ID) }),
		by("cycle", &f.Cycle, f.Cycle.ID, (*tx).PutCycle, (*tx).Cycle),
		by("round", &f.Round, f.Cycle.ID, func(t *tx, v *supervision.Round) error {
			v.Position = 0
			return t.PutRounds(f.Cycle.ID, []supervision.Round{*v})
		}, func(t *tx, c supervision.CycleID) (supervision.Round, error) { return one(t.Rounds(c)) }),
		by("enrolment", &f.Enrolment, f.Enrolment.ID, (*tx).PutEnrolment, (*tx).Enrolment),
		by("assignment", &f.Assignment, f.Cycle.ID, (*tx).PutAssignment,
			func(t *tx, c supervision.CycleID) (supervision.Assignment, error) { return one(t.AssignmentsIn(c)) }),
		by("preparation", &f.Preparation, f.Preparation.ID, (*tx).PutPreparation, (*tx).Preparation),
		by("connection", &f.Connection, f.Connection.ID, (*tx).PutConnection, (*tx).Connection),
		by("declaration", &f.Declaration, person, func(t *tx, v *supervision.Declaration) error { return t.PutDeclared(person, v) }, (*tx).Declared),
		by("run", &f.Run, f.Run.ID, (*tx).PutRun, (*tx).Run),
		by("progress", &f.Progress, f.Run.ID, func(t *tx, v *supervision.Progress) error { return t.PutProgress(*v) }, (*tx).Progress),
		by("plan", &f.Plan, f.Plan.ID, (*tx).PutPlan, (*tx).Plan),
		by("plan session", &f.PlanSession, f.Plan.ID, func(t *tx, v *supervision.PlanSession) error { return t.PutPlanSession(*v) },
			func(t *tx, p supervision.PlanID) (supervision.PlanSession, error) { return one(t.PlanSessions(p)) }),
		by("group", &f.Group, f.Group.ID, (*tx).PutGroup, (*tx).Group),
		by("placement", &f.Placement, f.Placement.ID, (*tx).PutPlacement, (*tx).Placement),
		by("session", &f.Session, f.Session.ID, (*tx).PutSession, (*tx).Session),
		by("delivery", &f.Delivery, f.Session.ID, func(t *tx, v *supervision.Delivery) error { return t.PutDelivery(*v) },
			func(t *tx, s supervision.SessionID) (supervision.Delivery, error) { return t.Delivery(s, person) }),
		by("feed", &f.Feed, f.Feed.ID, func(t *tx, v *supervision.Feed) error { return t.PutFeed(v, []byte("hash")) }, (*tx).Feed),
		by("agenda", &f.Agenda, person, func(t *tx, v *store.Agenda) error { return t.PutAgenda(*v) }, (*tx).Agenda),
		by("import", &f.Import, f.Import.ID, (*tx).PutImport, (*tx).Import),
		by("job", &f.Job, f.Job.ID, (*tx).PutJob, (*tx).Job),
	}
}

// Everything that a noun holds comes back, member by member: each of them is given a value of its own.
func TestEveryMemberMakesTheRoundTrip(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		f := h.furnish("House A")
		f.Run.Seed = math.MaxUint64 - 7
		for _, trip := range f.trips() {
			n := 0
			fill(reflect.ValueOf(trip.want).Elem(), &n)
			h.must(trip.put)
			h.view(func(tx *store.Tx) error {
				got, err := trip.get(tx)
				if diff := cmp.Diff(trip.want, got); diff != "" || err != nil {
					t.Errorf("%s: %v\n%s", trip.name, err, diff)
				}
				return nil
			})
		}
	})
}

// fill gives every member that has none a value that no other has.
func fill(v reflect.Value, n *int) {
	*n++
	switch {
	case v.Kind() == reflect.Struct && v.Type() != reflect.TypeFor[time.Time]() && v.Type() != reflect.TypeFor[supervision.Date]():
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	case v.Kind() == reflect.Slice && v.Len() > 0:
		for i := range v.Len() {
			fill(v.Index(i), n)
		}
	case !v.IsZero():
	case v.Type() == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(start.Add(time.Duration(*n) * time.Microsecond)))
	case v.Type() == reflect.TypeFor[supervision.Date]():
		v.Set(reflect.ValueOf(supervision.DateOf(start).AddDays(300 + *n)))
	case v.Kind() == reflect.Array:
		v.Set(reflect.ValueOf(id[[16]byte]()).Convert(v.Type()))
	case v.Kind() == reflect.String:
		v.SetString(fmt.Sprint("text ", *n))
	case v.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.CanInt():
		v.SetInt(int64(*n))
	case v.CanUint():
		v.SetUint(uint64(*n))
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), n)
		fill(v.Index(1), n)
	case v.Kind() == reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key, n)
		fill(value, n)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	default:
		panic("nothing for a " + v.Type().String())
	}
}
