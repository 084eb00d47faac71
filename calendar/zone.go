package calendar

import (
	"fmt"
	"strings"
	"time"
)

// zoneOf finds the name of a zone by the same in lower case.
var zoneOf = func() map[string]string {
	m := map[string]string{}
	for name := range strings.FieldsSeq(zoneNames) {
		m[strings.ToLower(name)] = name
	}
	return m
}()

// LoadZone loads an IANA zone by its name as the database spells it. Unlike time.LoadLocation it knows no other names: what
// else lies in a machine's folder of zones (localtime, posixrules, right/…) means something else on each machine, and so do
// the empty name and "Local".
func LoadZone(name string) (*time.Location, error) {
	if spelt, ok := ZoneName(name); !ok || spelt != name {
		return nil, fmt.Errorf("calendar: %q is no time zone; an IANA name such as Europe/Copenhagen is needed", name)
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("calendar: %q is no time zone that is known here; an IANA name such as Europe/Copenhagen is needed", name)
	}
	return loc, nil
}

// ZoneName spells an IANA name as the database does, in whatever case it comes; ok is false for what is no such name.
func ZoneName(name string) (spelt string, ok bool) {
	spelt, ok = zoneOf[strings.ToLower(name)]
	return spelt, ok
}
