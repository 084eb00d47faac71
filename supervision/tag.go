package supervision

import "strconv"

// Tag is the strong entity tag of an object: its version, not its bytes, in one view, so that a reader whose rights have
// changed gets a new one.
type Tag struct {
	Version int
	View    View
}

// String is the tag as header and member carry it, quotes included: "3-m" in double quotes.
func (t Tag) String() string { return `"` + strconv.Itoa(t.Version) + "-" + string(t.View) + `"` }
