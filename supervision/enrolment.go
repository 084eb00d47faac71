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
