package supervision

import (
	"maps"
	"slices"
	"strconv"
)

func sortIDs[K any](ids []ID[K]) { slices.SortFunc(ids, ID[K].Compare) }

func sortedDates(set map[Date]bool) []Date {
	return slices.SortedFunc(maps.Keys(set), Date.Compare)
}

func sortedKeys[V any](m map[int]V) []int { return slices.Sorted(maps.Keys(m)) }

func itoa(n int) string { return strconv.Itoa(n) }
