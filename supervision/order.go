package supervision

import (
	"maps"
	"slices"
)

func sortIDs[K any](ids []ID[K]) { slices.SortFunc(ids, ID[K].Compare) }

func sortedDates(set map[Date]bool) []Date {
	return slices.SortedFunc(maps.Keys(set), Date.Compare)
}
