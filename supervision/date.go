package supervision

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Date is a whole day without a zone. The zero Date means "none": an open end of a span of days. Spans of days include
// both of their ends.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf is the day that t's wall clock shows in its own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// ParseDate reads YYYY-MM-DD of an existing day.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("supervision: %.20q is no date of the form YYYY-MM-DD", s)
	}
	return DateOf(t), nil
}

// MustDate is ParseDate for constants.
func MustDate(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// IsZero says whether the date is none.
func (d Date) IsZero() bool { return d == Date{} }

// String is YYYY-MM-DD, empty for none.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// Midnight is the first instant of the day in loc.
func (d Date) Midnight(loc *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, loc)
}

// AddDays returns the day n days later.
func (d Date) AddDays(n int) Date {
	return DateOf(time.Date(d.Year, d.Month, d.Day+n, 0, 0, 0, 0, time.UTC))
}

// DaysUntil counts the days from d to o.
func (d Date) DaysUntil(o Date) int {
	return int(o.Midnight(time.UTC).Sub(d.Midnight(time.UTC)) / (24 * time.Hour))
}

// Weekday of the day.
func (d Date) Weekday() time.Weekday { return d.Midnight(time.UTC).Weekday() }

// Compare orders dates; none comes first.
func (d Date) Compare(o Date) int {
	switch {
	case d == o:
		return 0
	case d.Year != o.Year:
		return sign(d.Year - o.Year)
	case d.Month != o.Month:
		return sign(int(d.Month) - int(o.Month))
	}
	return sign(d.Day - o.Day)
}

// Before says whether d is earlier than o.
func (d Date) Before(o Date) bool { return d.Compare(o) < 0 }

// Days is a span of days, both ends included; a zero end is open.
type Days struct{ From, To Date }

// Holds says whether the day lies in the span.
func (s Days) Holds(d Date) bool {
	return (s.From.IsZero() || !d.Before(s.From)) && (s.To.IsZero() || !s.To.Before(d))
}

// Clip returns the days that both spans hold; ok is false when there are none.
func (s Days) Clip(o Days) (both Days, ok bool) {
	both = s
	if both.From.IsZero() || (!o.From.IsZero() && both.From.Before(o.From)) {
		both.From = o.From
	}
	if both.To.IsZero() || (!o.To.IsZero() && o.To.Before(both.To)) {
		both.To = o.To
	}
	ok = both.From.IsZero() || both.To.IsZero() || !both.To.Before(both.From)
	return both, ok
}

// MarshalText gives YYYY-MM-DD.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText takes YYYY-MM-DD, or nothing for none.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	v, err := ParseDate(string(b))
	if err == nil {
		*d = v
	}
	return err
}

// Value gives YYYY-MM-DD to a database, nil for none.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}

// Scan takes YYYY-MM-DD, a time whose wall clock shows the day, or nil.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Date{}
		return nil
	case time.Time:
		*d = DateOf(v)
		return nil
	case string:
		return d.UnmarshalText([]byte(v))
	case []byte:
		return d.UnmarshalText(v)
	}
	return fmt.Errorf("supervision: cannot read a date from %T", src)
}

func sign(n int) int {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	}
	return 0
}
