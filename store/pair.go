package store

import (
	"strings"

	"kreds/supervision"
)

type pairRow struct {
	Of         owned              `gorm:"embedded"`
	ID         supervision.PairID `gorm:"primaryKey"`
	ExternalID maybe
	Number     int
	Kind       string
	StartOn    supervision.Date
	EndOn      supervision.Date
	State      string
	RulesOn    supervision.Date
	Version    int
}

func (pairRow) TableName() string { return "pair" }

type partyRow struct {
	Of       owned                `gorm:"embedded"`
	PairID   supervision.PairID   `gorm:"primaryKey"`
	PersonID supervision.PersonID `gorm:"primaryKey"`
	Side     string               `gorm:"primaryKey"`
}

func (partyRow) TableName() string { return "pair_party" }

// PutPair writes a pair over the version it has and raises it; version 0 is new and gets its number.
func (tx *Tx) PutPair(p *supervision.Pair) error {
	if p.Version == 0 {
		if err := tx.db.Raw("SELECT coalesce(max(number), 0) + 1 FROM pair WHERE tenant = ?", tx.actor.Tenant).Scan(&p.Number).Error; err != nil {
			return classify(err)
		}
	}
	p.Version++
	r := &pairRow{tx.owned(), p.ID, maybe(p.ExternalID), p.Number, string(p.Kind), p.Span.From, p.Span.To, string(p.State), p.RulesOn, p.Version}
	if err := tx.put(r, p.ID.Any(), p.Version); err != nil {
		if duplicate(err) && strings.Contains(err.Error(), "number") {
			return errAgain // another pair got the number at the same moment
		}
		return named(err)
	}
	if _, err := tx.remove("pair_party", "pair_id = ?", p.ID); err != nil {
		return err
	}
	var rows []*partyRow
	for _, m := range p.Mentors {
		rows = append(rows, &partyRow{tx.owned(), p.ID, m, "mentor"})
	}
	for _, m := range p.Mentees {
		rows = append(rows, &partyRow{tx.owned(), p.ID, m, "mentee"})
	}
	return named(insertAll(tx, rows))
}

// Pair returns one pair.
func (tx *Tx) Pair(id supervision.PairID) (supervision.Pair, error) {
	r, err := first[pairRow](tx.from("pair").Where("t.id = ?", id))
	if err != nil {
		return supervision.Pair{}, err
	}
	pairs, err := tx.pairs([]pairRow{r}, nil)
	if err != nil {
		return supervision.Pair{}, err
	}
	return pairs[0], nil
}

// Pairs lists every pair of the tenant.
func (tx *Tx) Pairs() ([]supervision.Pair, error) {
	return tx.pairs(many[pairRow](tx.from("pair").Order("t.id")))
}

func (tx *Tx) pairs(rows []pairRow, err error) ([]supervision.Pair, error) {
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	of := make([]supervision.PairID, len(rows))
	for i, r := range rows {
		of[i] = r.ID
	}
	parties, err := many[partyRow](tx.from("pair_party").Where("t.pair_id IN ?", of).Order("t.pair_id, t.side, t.person_id"))
	if err != nil {
		return nil, err
	}
	mentors, mentees := map[supervision.PairID][]supervision.PersonID{}, map[supervision.PairID][]supervision.PersonID{}
	for _, p := range parties {
		if p.Side == "mentor" {
			mentors[p.PairID] = append(mentors[p.PairID], p.PersonID)
		} else {
			mentees[p.PairID] = append(mentees[p.PairID], p.PersonID)
		}
	}
	return each(rows, nil, func(r pairRow) supervision.Pair {
		return supervision.Pair{ID: r.ID, ExternalID: string(r.ExternalID), Number: r.Number, Kind: supervision.PairKind(r.Kind),
			Mentors: mentors[r.ID], Mentees: mentees[r.ID], Span: supervision.Days{From: r.StartOn, To: r.EndOn},
			State: supervision.PairState(r.State), RulesOn: r.RulesOn, Version: r.Version}
	})
}

// PairFilter narrows a list of pairs.
type PairFilter struct {
	Person supervision.PersonID
	State  []supervision.PairState
}

// ListPairs is a page of those that the actor may see. A supervisor, who does not see a pair's people, finds it by the mentor
// alone: by asking for somebody else they would learn who the mentee is.
func (tx *Tx) ListPairs(f PairFilter, p Page) ([]supervision.Pair, error) {
	q := tx.visible(tx.from("pair"), Pairs, "listPairs")
	if !f.Person.IsZero() {
		q = q.Where("EXISTS (SELECT 1 FROM pair_party pp WHERE pp.tenant = t.tenant AND pp.pair_id = t.id AND pp.person_id = ?)", f.Person)
	}
	if !f.Person.IsZero() && !tx.house() {
		open, _ := tx.kinds("listPairs", func(v supervision.View) bool { return v != supervision.ViewSupervisor })
		blind, _ := tx.kinds("listPairs", func(v supervision.View) bool { return v == supervision.ViewSupervisor })
		seen, args := tx.reached(Pairs, append(open, "-"))
		led, more := tx.reached(Noun{Pairs.table, "r.subject = ? AND " + Pairs.reach}, append(blind, "-"))
		q = q.Where("("+seen+" OR "+led+")", append(args, append(more, f.Person)...)...)
	}
	if len(f.State) > 0 {
		q = q.Where("t.state IN ?", f.State)
	}
	return tx.pairs(many[pairRow](p.byID(q)))
}

type meetingRow struct {
	Of      owned                 `gorm:"embedded"`
	ID      supervision.MeetingID `gorm:"primaryKey"`
	PairID  supervision.PairID
	OnDay   supervision.Date
	Minutes int
	Mode    string
	Version int
}

func (meetingRow) TableName() string { return "pair_meeting" }

func (r meetingRow) meeting() supervision.PairMeeting {
	return supervision.PairMeeting{ID: r.ID, Pair: r.PairID, On: r.OnDay, Minutes: r.Minutes, Mode: supervision.Mode(r.Mode), Version: r.Version}
}

// PutMeeting keeps a new pair meeting.
func (tx *Tx) PutMeeting(m *supervision.PairMeeting) error {
	m.Version++
	return named(tx.put(&meetingRow{tx.owned(), m.ID, m.Pair, m.On, m.Minutes, string(m.Mode), m.Version}, m.ID.Any(), m.Version))
}

// Meeting returns one pair meeting.
func (tx *Tx) Meeting(id supervision.MeetingID) (supervision.PairMeeting, error) {
	r, err := first[meetingRow](tx.from("pair_meeting").Where("t.id = ?", id))
	return r.meeting(), err
}

// DeleteMeeting removes a pair meeting.
func (tx *Tx) DeleteMeeting(m supervision.PairMeeting) error {
	if _, err := tx.remove("pair_meeting", "id = ?", m.ID); err != nil {
		return err
	}
	return tx.gone("pair_meeting", m.ID.Any(), m.Version)
}

// MeetingsOf lists the meetings of pairs, by day.
func (tx *Tx) MeetingsOf(pairs []supervision.PairID) ([]supervision.PairMeeting, error) {
	rows, err := many[meetingRow](tx.from("pair_meeting").Where("t.pair_id IN ?", ids(pairs)).Order("t.on_day, t.id"))
	return each(rows, err, meetingRow.meeting)
}

// MetMinutes says for how long pairs have met up to today.
func (tx *Tx) MetMinutes(of []supervision.PairID) (map[supervision.PairID]int, error) {
	var rows []struct {
		PairID supervision.PairID
		Sum    int
	}
	err := tx.from("pair_meeting").Where("t.pair_id IN ? AND t.on_day <= ?", ids(of), tx.Today()).
		Select("t.pair_id, sum(t.minutes) AS sum").Group("t.pair_id").Scan(&rows).Error
	m := make(map[supervision.PairID]int, len(rows))
	for _, r := range rows {
		m[r.PairID] = r.Sum
	}
	return m, classify(err)
}

// ListMeetings is a page, by day, of those that the actor may see, of one pair or of all.
func (tx *Tx) ListMeetings(pair supervision.PairID, p Page) ([]supervision.PairMeeting, error) {
	q := tx.visible(tx.from("pair_meeting"), PairMeetings, "listPairMeetings")
	if !pair.IsZero() {
		q = q.Where("t.pair_id = ?", pair)
	}
	rows, err := many[meetingRow](p.byDay(q, "t.on_day"))
	return each(rows, err, meetingRow.meeting)
}
