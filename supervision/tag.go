package supervision

import (
	"strconv"
	"strings"
)

// Tag is the strong entity tag of an object: its version, not its bytes, in one view, so that a reader whose rights have
// changed gets a new one.
type Tag struct {
	Version int
	View    View
}

// String is the tag as header and member carry it, quotes included: "3-m" in double quotes.
func (t Tag) String() string { return `"` + strconv.Itoa(t.Version) + "-" + string(t.View) + `"` }

// ParseTag reads what String wrote.
func ParseTag(s string) (Tag, bool) {
	inner, ok := strings.CutPrefix(s, `"`)
	inner, ok2 := strings.CutSuffix(inner, `"`)
	version, view, ok3 := strings.Cut(inner, "-")
	n, err := strconv.Atoi(version)
	if !ok || !ok2 || !ok3 || err != nil || view == "" || strconv.Itoa(n) != version {
		return Tag{}, false
	}
	return Tag{n, View(view)}, true
}
