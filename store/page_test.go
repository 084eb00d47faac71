package store_test

import (
	"cmp"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"kreds/store"
	"kreds/supervision"
)

// place is where a row stands in its list: by a key, which several share, and by its id.
type place struct {
	key string
	id  supervision.UUID
}

// shelf is one list of the house: how a row with a key comes into it, and how a page of it is read.
type shelf struct {
	name string
	down bool
	put  func(tx *store.Tx, b base, at place) error
	page func(tx *store.Tx, b base, p store.Page) ([]place, error)
}

// base is what the rows of the lists belong to.
type base struct {
	person    supervision.Person
	pair      supervision.PairID
	programme supervision.ProgrammeID
	template  supervision.TemplateID
}

func keyDay(key string) supervision.Date { return supervision.DateOf(start).AddDays(int(key[0] - 'a')) }
func keyTime(key string) time.Time       { return start.Add(time.Duration(key[0]-'a') * time.Microsecond) }
func dayKey(d supervision.Date) string {
	return string(rune('a' + supervision.DateOf(start).DaysUntil(d)))
}
func timeKey(at supervision.Instant) string { return string(rune('a' + at.Sub(start).Microseconds())) }

// places turns a page of rows into their places.
func places[T any](rows []T, err error, at func(T) place) ([]place, error) {
	list := make([]place, len(rows))
	for i, r := range rows {
		list[i] = at(r)
	}
	return list, err
}

// shelves are the lists of each order. Those in the order of ids are made alike; one stands for them.
var shelves = []shelf{
	{name: "organisations by name",
		put: func(tx *store.Tx, b base, at place) error {
			return tx.PutOrganisation(&supervision.Organisation{ID: supervision.OrganisationID(at.id), Name: at.key})
		},
		page: func(tx *store.Tx, b base, p store.Page) ([]place, error) {
			rows, err := tx.ListOrganisations("", p)
			return places(rows, err, func(o supervision.Organisation) place { return place{o.Name, o.ID.Any()} })
		}},
	{name: "people by name",
		put: func(tx *store.Tx, b base, at place) error {
			p := b.person
			p.ID, p.Name, p.Email, p.ExternalID, p.Version = supervision.PersonID(at.id), at.key, at.id.String(), "", 0
			return tx.PutPerson(&p)
		},
		page: func(tx *store.Tx, b base, p store.Page) ([]place, error) {
			rows, err := tx.ListPeople(store.PersonFilter{}, p)
			return places(rows, err, func(p supervision.Person) place { return place{p.Name, p.ID.Any()} })
		}},
	{name: "meetings by day",
		put: func(tx *store.Tx, b base, at place) error {
			return tx.PutMeeting(&supervision.PairMeeting{ID: supervision.MeetingID(at.id), Pair: b.pair, On: keyDay(at.key), Minutes: 30})
		},
		page: func(tx *store.Tx, b base, p store.Page) ([]place, error) {
			rows, err := tx.ListMeetings(b.pair, p)
			return places(rows, err, func(m supervision.PairMeeting) place { return place{dayKey(m.On), m.ID.Any()} })
		}},
	{name: "cycles by day",
		put: func(tx *store.Tx, b base, at place) error {
			return tx.PutCycle(&supervision.Cycle{ID: supervision.CycleID(at.id), Programme: b.programme, Template: b.template, Span: supervision.Days{From: keyDay(at.key), To: keyDay("z")}})
		},
		page: func(tx *store.Tx, b base, p store.Page) ([]place, error) {
			rows, err := tx.ListCycles(store.CycleFilter{}, p)
			return places(rows, err, func(c supervision.Cycle) place { return place{dayKey(c.Span.From), c.ID.Any()} })
		}},
	{name: "sessions by start",
		put: func(tx *store.Tx, b base, at place) error {
			s := session(keyTime(at.key), b.person)
			s.ID, s.State = supervision.SessionID(at.id), supervision.Proposed
			return tx.PutSession(s)
		},
		page: func(tx *store.Tx, b base, p store.Page) ([]place, error) {
			rows, err := tx.ListSessions(store.SessionFilter{}, p)
			return places(rows, err, func(s supervision.Session) place { return place{timeKey(s.Start), s.ID.Any()} })
		}},
	{name: "audit by time", put: audit, page: audits},
	{name: "audit by time, last first", put: audit, page: audits, down: true},
	{name: "lines by id",
		put: func(tx *store.Tx, b base, at place) error {
			other := b.person
			other.ID, other.Email, other.ExternalID, other.Version = id[supervision.PersonID](), at.id.String(), "", 0
			if err := tx.PutPerson(&other); err != nil {
				return err
			}
			return tx.PutLine(&supervision.ReportingLine{ID: supervision.LineID(at.id), Person: b.person.ID, Manager: other.ID})
		},
		page: func(tx *store.Tx, b base, p store.Page) ([]place, error) {
			rows, err := tx.ListLines(store.LineFilter{}, p)
			return places(rows, err, func(l supervision.ReportingLine) place { return place{"", l.ID.Any()} })
		}},
}

func audit(tx *store.Tx, b base, at place) error {
	return tx.Audit("createPerson", store.People, b.person.ID.Any(), "done", supervision.UUID{}, "")
}

func audits(tx *store.Tx, b base, p store.Page) ([]place, error) {
	rows, err := tx.ListAudit(store.AuditFilter{}, p)
	return places(rows, err, func(a supervision.Audit) place { return place{timeKey(a.At), a.ID.Any()} })
}

// Whoever turns the pages of a list meets each row once, in order, whatever comes into the list meanwhile; and of what comes
// in, what stands behind the page at hand.
func TestPagesNeitherSkipNorRepeat(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		rapid.Check(t, func(rt *rapid.T) {
			s := rapid.SampledFrom(shelves).Draw(rt, "list")
			b := h.shelved()
			there, want := map[place]bool{}, h.turn(s, b, store.Page{Size: 1000})
			for _, r := range want {
				there[r] = true
			}
			put := func(what string) (came place) {
				at := place{rapid.SampledFrom([]string{"q", "r", "s", "t"}).Draw(rt, what), supervision.UUID(uuid.New())}
				h.now = keyTime(at.key)
				h.must(func(tx *store.Tx) error { return s.put(tx, b, at) })
				for _, r := range h.turn(s, b, store.Page{Size: 1000}) { // the audit gives its own ids
					if !there[r] {
						there[r], came = true, r
					}
				}
				return came
			}
			var met []place
			for range rapid.IntRange(0, 8).Draw(rt, "rows") {
				want = append(want, put("key"))
			}
			p := store.Page{Size: rapid.IntRange(1, 4).Draw(rt, "size"), Down: s.down}
			for more := true; more; {
				var rows []place
				if rows, more = store.Cut(h.turn(s, b, p), p.Size); len(rows) == 0 {
					break
				}
				met = append(met, rows...)
				last := rows[len(rows)-1]
				if p.After, p.Name = last.id, last.key; len(last.key) == 1 { // those that are there from the start are in lists by name only
					p.Start, p.On = keyTime(last.key), keyDay(last.key)
				}
				if rapid.Bool().Draw(rt, "insert") {
					if came := put("new key"); s.compare(came, last) > 0 {
						want = append(want, came)
						more = true
					}
				}
			}
			slices.SortFunc(want, s.compare)
			if !slices.Equal(met, want) {
				rt.Fatalf("%s, %d a page:\nmet  %v\nwant %v", s.name, p.Size, met, want)
			}
		})
	})
}

// compare orders places as the list does.
func (s shelf) compare(a, b place) int {
	c := cmp.Or(cmp.Compare(a.key, b.key), a.id.Compare(b.id))
	if s.down {
		return -c
	}
	return c
}

// turn reads one page, and a row more.
func (h *house) turn(s shelf, b base, p store.Page) (rows []place) {
	h.t.Helper()
	h.view(func(tx *store.Tx) (err error) { rows, err = s.page(tx, b, p); return err })
	return rows
}

// shelved is a new tenant with what the rows of lists belong to.
func (h *house) shelved() base {
	h.t.Helper()
	h.actor = h.tenant(id[supervision.UUID]().String())
	b := base{person: h.people(1)[0], pair: id[supervision.PairID](), programme: id[supervision.ProgrammeID](), template: id[supervision.TemplateID]()}
	h.must(func(tx *store.Tx) error {
		return errors.Join(tx.PutPair(&supervision.Pair{ID: b.pair, Span: supervision.Days{From: keyDay("a")}}), tx.PutTemplate(supervision.Template{ID: b.template}),
			tx.PutProgramme(&supervision.Programme{ID: b.programme, K: 5, Lead: b.person.ID, Span: supervision.Days{From: keyDay("a")}}))
	})
	return b
}
