package supervision

// Enrolment is a mentor's part in a cycle.
type Enrolment struct {
	ID          EnrolmentID
	Cycle       CycleID
	Mentor      PersonID
	State       EnrolmentState
	Endorsed    bool
	EnrolledOn  Date
	WithdrawnOn Date
	Version     int
}

// EnrolmentState is where an enrolment stands.
type EnrolmentState string

const (
	EnrolmentRequested EnrolmentState = "requested"
	EnrolmentActive    EnrolmentState = "active"
	EnrolmentWithdrawn EnrolmentState = "withdrawn"
)

// Assignment is a supervisor's part in a cycle.
type Assignment struct {
	ID         AssignmentID
	Cycle      CycleID
	Supervisor PersonID
	Share      int
	Limits     *Limits // nil: the cycle's
	Quals      []string
	Admits     []OrganisationID // organisations whose mentors they may supervise; none: all (H36)
	Valid      Days
	State      AssignmentState
	Version    int
}

// AssignmentState is where a supervisor's part stands.
type AssignmentState string

const (
	AssignmentProposed AssignmentState = "proposed"
	AssignmentAccepted AssignmentState = "accepted"
	AssignmentActive   AssignmentState = "active"
	AssignmentHanding  AssignmentState = "handing_over"
	AssignmentEnded    AssignmentState = "ended"
)

// Placement is a mentor's seat in a cycle, made by the first publication that names the mentor.
type Placement struct {
	ID         PlacementID
	Cycle      CycleID
	Mentor     PersonID
	Group      GroupID // closed groups only
	State      PlacementState
	Objection  []byte // sealed with the mentor's key
	ProposedAt Instant
	AnsweredAt Instant // zero: not answered
	Version    int
}

// PlacementState is where a placement stands.
type PlacementState string

const (
	PlacementProposed  PlacementState = "proposed"
	PlacementAccepted  PlacementState = "accepted"
	PlacementObjected  PlacementState = "objected"
	PlacementWithdrawn PlacementState = "withdrawn"
)

// Group is a group of mentors and their supervisor who meet through a cycle.
type Group struct {
	ID         GroupID
	Cycle      CycleID
	Number     int // from 1, in the cycle
	Supervisor PersonID
	Members    []PersonID
	Language   string
	State      GroupState
	MadeOn     Date
	Version    int
}

// GroupState is where a group stands.
type GroupState string

const (
	GroupOffered   GroupState = "offered"
	GroupActive    GroupState = "active"
	GroupDissolved GroupState = "dissolved"
)
