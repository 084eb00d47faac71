package main

import (
	"context"
	"fmt"
	"sort"
	"strings"
	"time"

	"kreds/calendar"
)

// show prints the plan as a timetable.
func (s *story) show(context.Context) error {
	loc, err := calendar.LoadZone(s.scenario.Cycle.TimeZone)
	if err != nil {
		return err
	}
	sessions, err := s.api.all("/v1/sessions", nil)
	if err != nil {
		return err
	}
	groups, err := s.api.all("/v1/groups", nil)
	if err != nil {
		return err
	}
	named := map[string]string{}
	for _, g := range groups {
		named[str(g, "id")] = str(g, "name")
	}
	cycle, err := s.api.get(s.cycle)
	if err != nil {
		return err
	}
	s.said("\nThe timetable, in the time of %s", s.scenario.Cycle.TimeZone)
	for i, r := range cycle["rounds"].([]any) {
		round := r.(object)
		var list []object
		for _, x := range sessions {
			if x["round_id"] == round["id"] {
				list = append(list, x)
			}
		}
		sort.Slice(list, func(a, b int) bool { return str(list[a], "start") < str(list[b], "start") })
		s.said("\n  Round %d: %s, %s to %s", i+1, round["kind"], round["open_on"], round["close_on"])
		for _, x := range list {
			s.said("    %s", line(x, named, loc))
		}
	}
	return nil
}

// line is one session as a person reads it.
func line(x object, groups map[string]string, loc *time.Location) string {
	start, _ := time.Parse(time.RFC3339, str(x, "start"))
	end, _ := time.Parse(time.RFC3339, str(x, "end"))
	start, end = start.In(loc), end.In(loc)
	var mentors []string
	for _, m := range x["mentors"].([]any) {
		mentors = append(mentors, strings.TrimPrefix(str(m.(object), "name"), "Demo "))
	}
	leader := strings.TrimPrefix(str(x["supervisor"].(object), "name"), "Demo ")
	name := groups[str(x, "group_id")]
	if name != "" {
		name += ": "
	}
	return fmt.Sprintf("%s–%s  %-12s %s%s", start.Format("Mon 2 Jan 2006 15:04"), end.Format("15:04"), leader, name, strings.Join(mentors, ", "))
}
