package booking

import (
	"context"

	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

// GroupSeen is a group with the names of its people and the zone of its cycle.
type GroupSeen struct {
	supervision.Group
	Names    map[supervision.PersonID]string
	TimeZone string
}

type seenGroup = service.Seen[GroupSeen]

// ListGroups is a page of the groups that the actor may see, and whether there are more.
func (s *Service) ListGroups(ctx context.Context, actor supervision.Actor, f store.GroupFilter, p store.Page) (list []seenGroup, more bool, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		rows, err := tx.ListGroups(f, p)
		if err != nil {
			return err
		}
		rows, more = store.Cut(rows, p.Size)
		plain, err := service.SeenAll(tx, store.Groups, "listGroups", rows, func(x supervision.Group) supervision.UUID { return x.ID.Any() })
		if err != nil {
			return err
		}
		list, err = s.groups(tx, plain)
		return err
	})
	return list, more, err
}

// GetGroup returns one group.
func (s *Service) GetGroup(ctx context.Context, actor supervision.Actor, id supervision.GroupID) (seen seenGroup, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		view, err := tx.See(store.Groups, "getGroup", id.Any())
		if err != nil {
			return err
		}
		g, err := tx.Group(id)
		if err != nil {
			return err
		}
		list, err := s.groups(tx, []service.Seen[supervision.Group]{{Object: g, View: view}})
		if err == nil {
			seen = list[0]
		}
		return err
	})
	return seen, err
}

func (s *Service) groups(tx *store.Tx, plain []service.Seen[supervision.Group]) ([]seenGroup, error) {
	var people []supervision.PersonID
	zones := map[supervision.CycleID]string{}
	for _, g := range plain {
		people = append(append(people, g.Object.Supervisor), g.Object.Members...)
		zones[g.Object.Cycle] = ""
	}
	names, err := tx.Names(people)
	if err != nil {
		return nil, err
	}
	if err := tx.CycleZones(zones); err != nil {
		return nil, err
	}
	list := make([]seenGroup, len(plain))
	for i, g := range plain {
		list[i] = seenGroup{Object: GroupSeen{g.Object, names, zones[g.Object.Cycle]}, View: g.View}
	}
	return list, nil
}
