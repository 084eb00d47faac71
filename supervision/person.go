package supervision

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Person belongs to one tenant.
type Person struct {
	ID           PersonID
	ExternalID   string
	Name         string
	Email        string
	Organisation OrganisationID
	TimeZone     string   // IANA
	Languages    []string // BCP 47, at least one
	Unit         string
	Site         string
	Seniority    int // 1–9, 0 unknown
	Experience   Experience
	WorkHours    WorkHours
	Extended     bool // opted in to sessions between 07:00 and 20:00 of a working day (H04)
	Version      int
}

// NormalEmail is the form in which addresses are kept and compared: the domain in lower case. What stands before the @ is the
// receiving house's business (RFC 5321 §2.4).
func NormalEmail(s string) string {
	s = strings.TrimSpace(s)
	at := strings.LastIndexByte(s, '@')
	return s[:at+1] + strings.ToLower(s[at+1:])
}

// PersonRef is a person as others may name them.
type PersonRef struct {
	ID   PersonID
	Name string
}

// Ref names the person.
func (p Person) Ref() PersonRef { return PersonRef{p.ID, p.Name} }

// Experience is how far a mentor has come.
type Experience string

const (
	Novice     Experience = "novice"
	Developing Experience = "developing"
	Reflective Experience = "reflective"
)

// Level is the experience as the planner counts it.
func (e Experience) Level() int {
	switch e {
	case Novice:
		return 1
	case Reflective:
		return 5
	}
	return 3
}

// WorkHours is the weekly grid of a person's working time, on the clock of their own zone (H04).
type WorkHours []WorkSpan

// WorkSpan is one stretch of a weekday, [From, To) in minutes after midnight.
type WorkSpan struct {
	Weekday time.Weekday `json:"weekday"`
	From    int          `json:"from"`
	To      int          `json:"to"`
}

// Compare orders spans by weekday, Sunday first, and time.
func (s WorkSpan) Compare(o WorkSpan) int {
	return cmp.Or(cmp.Compare(s.Weekday, o.Weekday), s.From-o.From)
}

// OfficeHours is the default: Monday to Friday, 08:00–17:00.
func OfficeHours() WorkHours {
	h, _ := ParseWorkHours("Mon-Fri 08:00-17:00")
	return h
}

var weekdays = []string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}

// ParseWorkHours reads the short form of imports: "Mon-Fri 08:00-17:00", several joined by semicolons
// ("Mon-Thu 08:00-16:00; Fri 08:00-14:00").
func ParseWorkHours(s string) (WorkHours, error) {
	var hours WorkHours
	for part := range strings.SplitSeq(s, ";") {
		days, times, ok := strings.Cut(strings.TrimSpace(part), " ")
		if !ok {
			return nil, fmt.Errorf("%.40q: write days and times, for example Mon-Fri 08:00-17:00", part)
		}
		first, last, isRange := strings.Cut(days, "-")
		if !isRange {
			last = first
		}
		a, b := weekday(first), weekday(last)
		if a < 0 || b < 0 {
			return nil, fmt.Errorf("%.40q: days are Mon Tue Wed Thu Fri Sat Sun", days)
		}
		from, to, err := clockSpan(times)
		if err != nil {
			return nil, err
		}
		for d := a; ; d = (d + 1) % 7 {
			hours = append(hours, WorkSpan{time.Weekday(d), from, to})
			if d == b {
				break
			}
		}
	}
	slices.SortFunc(hours, WorkSpan.Compare)
	return hours, hours.Check()
}

// Check says what is wrong with the grid: spans that end before they start, or overlap.
func (h WorkHours) Check() error {
	for i, s := range h {
		if s.From < 0 || s.To > 24*60 || s.From >= s.To || s.Weekday < 0 || s.Weekday > 6 {
			return fmt.Errorf("working hours must end after they start, within one day")
		}
		for _, o := range h[:i] {
			if o.Weekday == s.Weekday && o.From < s.To && s.From < o.To {
				return fmt.Errorf("working hours of %s overlap", s.Weekday)
			}
		}
	}
	return nil
}

func weekday(s string) int {
	for i, w := range weekdays {
		if strings.EqualFold(w, strings.TrimSpace(s)) {
			return i
		}
	}
	return -1
}

func clockSpan(s string) (from, to int, err error) {
	a, b, ok := strings.Cut(strings.TrimSpace(s), "-")
	if ok {
		if from, ok = Clock(a); ok {
			to, ok = Clock(b)
		}
	}
	if !ok || from >= to {
		return 0, 0, fmt.Errorf("%.40q: times are HH:MM-HH:MM, the end after the start", s)
	}
	return from, to, nil
}

// Clock reads HH:MM (to 24:00) as minutes after midnight.
func Clock(s string) (minutes int, ok bool) {
	var h, m int
	if len(s) != 5 || s[2] != ':' {
		return 0, false
	}
	for i, c := range []byte(s) {
		if i != 2 && (c < '0' || c > '9') {
			return 0, false
		}
	}
	h, m = int(s[0]-'0')*10+int(s[1]-'0'), int(s[3]-'0')*10+int(s[4]-'0')
	if m > 59 || h > 24 || h == 24 && m != 0 {
		return 0, false
	}
	return h*60 + m, true
}

// FormatClock writes minutes after midnight as HH:MM.
func FormatClock(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }
