package supervision

import (
	"bytes"
	"database/sql/driver"
	"encoding/hex"
	"fmt"
)

// ID identifies one object of the kind K: a UUID, version 7 where the time of its making may show, random version 4 where
// it must not. Ids of different kinds are different types, so that one is never taken for another.
type ID[K any] [16]byte

// UUID is an id whose kind is known from elsewhere, for example the subject of a relation.
type UUID = ID[anyKind]

type (
	anyKind          struct{}
	tenantKind       struct{}
	organisationKind struct{}
	personKind       struct{}
	roleKind         struct{}
	lineKind         struct{}
	pairKind         struct{}
	meetingKind      struct{}
	programmeKind    struct{}
	templateKind     struct{}
	cycleKind        struct{}
	roundKind        struct{}
	enrolmentKind    struct{}
	assignmentKind   struct{}
	preparationKind  struct{}
	runKind          struct{}
	planKind         struct{}
	planSessionKind  struct{}
	placementKind    struct{}
	groupKind        struct{}
	sessionKind      struct{}
	connectionKind   struct{}
	feedKind         struct{}
	tokenKind        struct{}
	importKind       struct{}
	jobKind          struct{}
	auditKind        struct{}
	keyKind          struct{}
)

// The ids of the field.
type (
	TenantID       = ID[tenantKind]
	OrganisationID = ID[organisationKind]
	PersonID       = ID[personKind]
	RoleID         = ID[roleKind]
	LineID         = ID[lineKind]
	PairID         = ID[pairKind]
	MeetingID      = ID[meetingKind]
	ProgrammeID    = ID[programmeKind]
	TemplateID     = ID[templateKind]
	CycleID        = ID[cycleKind]
	RoundID        = ID[roundKind]
	EnrolmentID    = ID[enrolmentKind]
	AssignmentID   = ID[assignmentKind]
	PreparationID  = ID[preparationKind]
	RunID          = ID[runKind]
	PlanID         = ID[planKind]
	PlanSessionID  = ID[planSessionKind]
	PlacementID    = ID[placementKind]
	GroupID        = ID[groupKind]
	SessionID      = ID[sessionKind]
	ConnectionID   = ID[connectionKind]
	FeedID         = ID[feedKind]
	TokenID        = ID[tokenKind]
	ImportID       = ID[importKind]
	JobID          = ID[jobKind]
	AuditID        = ID[auditKind]
	DataKeyID      = ID[keyKind]
)

// Any returns the id without its kind.
func (id ID[K]) Any() UUID { return UUID(id) }

// IsZero says whether the id is unset.
func (id ID[K]) IsZero() bool { return id == ID[K]{} }

// Compare orders ids by their bytes; version 7 ids are thereby ordered by their time of making.
func (id ID[K]) Compare(o ID[K]) int { return bytes.Compare(id[:], o[:]) }

// String returns the canonical form, lower case with hyphens.
func (id ID[K]) String() string {
	var b [36]byte
	hex.Encode(b[:], id[:4])
	hex.Encode(b[9:], id[4:6])
	hex.Encode(b[14:], id[6:8])
	hex.Encode(b[19:], id[8:10])
	hex.Encode(b[24:], id[10:])
	b[8], b[13], b[18], b[23] = '-', '-', '-', '-'
	return string(b[:])
}

// ParseID reads the canonical form and nothing else.
func ParseID[K any](s string) (ID[K], error) {
	var id ID[K]
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return id, fmt.Errorf("supervision: %.40q is no id", s)
	}
	for i, at := range [16]int{0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34} {
		if _, err := hex.Decode(id[i:i+1], []byte(s[at:at+2])); err != nil {
			return ID[K]{}, fmt.Errorf("supervision: %.40q is no id", s)
		}
	}
	return id, nil
}

// MarshalText gives the canonical form.
func (id ID[K]) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText takes the canonical form.
func (id *ID[K]) UnmarshalText(b []byte) error {
	v, err := ParseID[K](string(b))
	if err == nil {
		*id = v
	}
	return err
}

// Value gives the canonical form to a database, nil for the zero id.
func (id ID[K]) Value() (driver.Value, error) {
	if id.IsZero() {
		return nil, nil
	}
	return id.String(), nil
}

// Scan takes the canonical form, 16 bytes, or nil for the zero id.
func (id *ID[K]) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*id = ID[K]{}
		return nil
	case string:
		return id.UnmarshalText([]byte(v))
	case []byte:
		if len(v) == 16 {
			copy(id[:], v)
			return nil
		}
		return id.UnmarshalText(v)
	case [16]byte:
		*id = v
		return nil
	}
	return fmt.Errorf("supervision: cannot read an id from %T", src)
}
