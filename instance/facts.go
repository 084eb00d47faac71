package instance

import (
	"kreds/calendar"
	"kreds/supervision"
)

// Facts is everything that a problem is built from, in the words of the field. Whoever fills it gives only enrolments and
// assignments that are active; the order of the lists is of no account, save that of Rounds, which is by position.
type Facts struct {
	Now       supervision.Instant
	Cycle     supervision.Cycle
	Rounds    []supervision.Round
	Programme supervision.Programme

	Mentors     []Mentor
	Supervisors []Supervisor

	Organisations []supervision.Organisation                           // of these people
	Holidays      map[supervision.OrganisationID][]supervision.Holiday // H16
	Lines         supervision.Lines                                    // of these people, their mentees, and everybody above them
	Pairs         []supervision.Pair                                   // with one of these people
	Avoids        []supervision.Avoid                                  // H22
	Events        []supervision.Days                                   // days of physical events (W09), in the cycle's zone

	// Standing are the sessions of these people that exist, of whatever cycle and state, from the longest gap before Window to
	// the longest gap after it. Those that a publication may change are left out of a plan's problem; the cycle's others come
	// into it as pins where they name a round, and everything else as taken time.
	Standing []supervision.Session

	Pins      []supervision.PlanSession // of what is pinned in a plan, the pinned parts bind (H34)
	Reference []supervision.PlanSession // the plan that a replan starts from (W15); none: it is the first
	Weights   map[string]int            // of one run; they go before the cycle's
}

// Person is what is known of mentors and supervisors alike.
type Person struct {
	supervision.Person
	Busy   []calendar.Span     // as calendar.Merge gives it; time of which no span speaks is unknown
	Prefer []calendar.Interval // sessions should start inside; none: any time is as good (W06)
}

// Mentor is somebody who is enrolled.
type Mentor struct {
	Person
	Priority   int                 // of the enrolment; below 1 counts as 1
	PreparedAt supervision.Instant // the end of a preparation that is done (H11), where its time is known; and
	PreparedOn supervision.Date    // the day of one of which the day alone is known; zero: none
	MetOn      []supervision.Date  // the meetings of the mentor's living pairs (H13, W08)
}

// Supervisor is somebody who is assigned.
type Supervisor struct {
	Person
	Assignment supervision.Assignment
	Roles      []supervision.RoleAssignment // of the supervisor, in whatever scope (H10)
}
