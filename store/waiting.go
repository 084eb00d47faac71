package store

import "kreds/supervision"

// Waiting counts what waits for a person.
type Waiting struct {
	Placements  int // to accept or to object to
	Answers     int // sessions to answer, each for itself
	Connections int // that do not work
}

// Waiting counts what waits for a person. Sessions whose placement is still open are not counted beside it: accepting it
// answers for them.
func (tx *Tx) Waiting(p supervision.PersonID) (w Waiting, err error) {
	open := "EXISTS (SELECT 1 FROM cycle c WHERE c.tenant = t.tenant AND c.id = t.cycle_id AND c.state IN ('designed', 'running', 'paused', 'closing'))"
	if w.Placements, err = count(tx.from("placement").Where("t.mentor_id = ? AND t.state = 'proposed' AND "+open, p)); err != nil {
		return w, err
	}
	w.Answers, err = count(tx.from("session").Joins("JOIN attendance a ON a.tenant = t.tenant AND a.session_id = t.id AND a.person_id = ?", p).
		Where(`t.state = 'on_hold' AND t.kind <> 'introduction' AND t.starts_at > ? AND (a.answer = 'invited' OR a.revision <> t.revision)
			AND NOT EXISTS (SELECT 1 FROM placement p WHERE p.tenant = t.tenant AND p.cycle_id = t.cycle_id AND p.mentor_id = ? AND p.state = 'proposed')`, at(tx.now), p))
	if err != nil {
		return w, err
	}
	w.Connections, err = count(tx.from("connection").Where("t.person_id = ? AND t.state IN ('degraded', 'revoked')", p))
	return w, err
}
