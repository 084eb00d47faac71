package roster

import (
	"kreds/supervision"
)

// column is a column of a kind of import.
type column struct {
	name     string
	most     int // characters; of each value of a list
	required bool
	list     bool
}

// columns are the columns of each kind, the obligatory ones first.
var columns = map[supervision.ImportKind][]column{
	supervision.ImportOrganisations: {{"external_id", 100, true, false}, {"name", 200, true, false}, {"kind", 40, true, false}, {"country", 40, true, false}, {"time_zone", 64, true, false}},
	supervision.ImportPeople: {{"external_id", 100, true, false}, {"name", 200, true, false}, {"email", 254, true, false}, {"organisation", 100, true, false},
		{"time_zone", 64, true, false}, {"languages", 12, false, true}, {"roles", 40, false, true}, {"unit", 100, false, false}, {"site", 100, false, false},
		{"seniority", 2, false, false}, {"experience", 40, false, false}, {"work_hours", 200, false, false}},
	supervision.ImportLines: {{"person", 100, true, false}, {"manager", 100, true, false}, {"kind", 40, false, false}, {"valid_from", 10, false, false}, {"valid_to", 10, false, false}},
	supervision.ImportPairs: {{"external_id", 100, true, false}, {"kind", 40, false, false}, {"mentors", 100, true, true}, {"mentees", 100, true, true},
		{"start_on", 10, true, false}, {"end_on", 10, false, false}},
}

func columnOf(k supervision.ImportKind, name string) (column, bool) {
	for _, c := range columns[k] {
		if c.name == name {
			return c, true
		}
	}
	return column{}, false
}

func columnNames(k supervision.ImportKind) (names []string) {
	for _, c := range columns[k] {
		names = append(names, c.name)
	}
	return names
}
