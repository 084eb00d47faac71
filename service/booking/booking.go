// Package booking holds the use cases about sessions that are booked: who may see them, their people's answers, their
// confirmation, and whether they still keep the law.
package booking

import (
	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

// Service is booking.
type Service struct{ *service.House }

// New returns the booking of a house.
func New(h *service.House) *Service { return &Service{h} }

// SessionSeen is a session with the names of its people, and how it stands in the reader's own calendar.
type SessionSeen struct {
	supervision.Session
	Names    map[supervision.PersonID]string
	Delivery supervision.DeliveryState // empty: nothing is to be written
}

type seenSession = service.Seen[SessionSeen]

// about adds names and deliveries to sessions.
func (s *Service) about(tx *store.Tx, plain []service.Seen[supervision.Session]) ([]seenSession, error) {
	var people []supervision.PersonID
	var of []supervision.SessionID
	for _, x := range plain {
		people = append(people, x.Object.People()...)
		of = append(of, x.Object.ID)
	}
	names, err := tx.Names(people)
	if err != nil {
		return nil, err
	}
	deliveries, err := tx.DeliveriesOf(of)
	if err != nil {
		return nil, err
	}
	mine := map[supervision.SessionID]supervision.DeliveryState{}
	for _, d := range deliveries {
		if d.Person == tx.Actor().Person && !d.Connection.IsZero() {
			mine[d.Session] = d.State
		}
	}
	list := make([]seenSession, len(plain))
	for i, x := range plain {
		list[i] = seenSession{Object: SessionSeen{x.Object, names, mine[x.Object.ID]}, View: x.View}
	}
	return list, nil
}
