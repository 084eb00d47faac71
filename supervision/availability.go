package supervision

// Declaration is when a person says that they can meet: a weekly grid on the clock of a zone, and exceptions. Outside of it
// they are taken.
type Declaration struct {
	TimeZone   string              `json:"time_zone"` // IANA
	Weekly     []WeeklyTime        `json:"weekly"`
	Exceptions []DeclaredException `json:"exceptions,omitempty"`
	ValidTo    Date                `json:"valid_to"` // the last day it speaks of; none: no end
	Version    int                 `json:"-"`
}

// WeeklyTime is a stretch of every week. Preferred ones are when the person would rather meet (W06).
type WeeklyTime struct {
	WorkSpan
	Preferred bool `json:"preferred,omitempty"`
}

// DeclaredException says that from one wall clock to another, half-open, it is otherwise.
type DeclaredException struct {
	Start     WallTime `json:"start"`
	End       WallTime `json:"end"`
	Available bool     `json:"available,omitempty"`
}

// WallTime is a day and the minutes after its midnight on the clock of the zone at hand.
type WallTime struct {
	On     Date `json:"on"`
	Minute int  `json:"minute"`
}

// Before says whether w comes earlier.
func (w WallTime) Before(o WallTime) bool {
	return w.On.Before(o.On) || w.On == o.On && w.Minute < o.Minute
}
