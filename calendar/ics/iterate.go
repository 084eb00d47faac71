package ics

import (
	"errors"
	"slices"
	"time"
)

// errBudget says that a rule has used up its steps.
var errBudget = errors.New("ics: the rule takes more steps than it may")

// budget counts what rules cost: a step is one day looked at, one time made, or one period begun.
type budget struct{ steps int }

func (b *budget) spend(n int) error {
	if b.steps -= n; b.steps < 0 {
		return errBudget
	}
	return nil
}

// walk calls yield with the wall clocks of the rule in order, each as an instant of UTC, from the first that is neither
// before start nor before from, to the last that is not after to, or until yield returns false. COUNT and UNTIL are the
// caller's, who knows the zone. Years with nothing in them cost steps, so walk ends with errBudget rather than late.
//
// A period before from costs nothing: what a period holds depends on itself alone, so walk begins with the last one that
// starts at or before from and is in step with start.
func (r *rule) walk(start, from, to time.Time, b *budget, yield func(time.Time) bool) error {
	last := time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
	if to.After(last) {
		to = last
	}
	for p := r.firstPeriod(start, from); ; p = r.nextPeriod(p) {
		if p.After(to) {
			return nil
		}
		times, err := r.period(p, start, b)
		if err != nil {
			return err
		}
		for _, t := range times {
			switch {
			case t.Before(start) || t.Before(from):
			case t.After(to):
				return nil
			case !yield(t):
				return nil
			}
		}
	}
}

// firstPeriod is the beginning of the last period at or before from that is in step with the one of start.
func (r *rule) firstPeriod(start, from time.Time) time.Time {
	if from.Before(start) {
		from = start
	}
	y, m, d := start.Date()
	skip := func(units int) int { return units / r.interval * r.interval }
	switch r.freq {
	case yearly:
		return time.Date(y+skip(from.Year()-y), 1, 1, 0, 0, 0, 0, time.UTC)
	case monthly:
		months := (from.Year()-y)*12 + int(from.Month()) - int(m)
		return time.Date(y, m+time.Month(skip(months)), 1, 0, 0, 0, 0, time.UTC)
	case weekly:
		week := time.Date(y, m, d-(int(start.Weekday()-r.wkst)+7)%7, 0, 0, 0, 0, time.UTC)
		return week.AddDate(0, 0, 7*skip(seconds(week, from)/(7*86400)))
	case daily:
		day := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
		return day.AddDate(0, 0, skip(seconds(day, from)/86400))
	}
	hour := time.Date(y, m, d, start.Hour(), 0, 0, 0, time.UTC)
	hours := skip(seconds(hour, from) / 3600)
	return hour.AddDate(0, 0, hours/24).Add(time.Duration(hours%24) * time.Hour)
}

// seconds from a to b; time.Duration ends at 292 years.
func seconds(a, b time.Time) int { return int(b.Unix() - a.Unix()) }

func (r *rule) nextPeriod(p time.Time) time.Time {
	switch r.freq {
	case yearly:
		return p.AddDate(r.interval, 0, 0)
	case monthly:
		return p.AddDate(0, r.interval, 0)
	case weekly:
		return p.AddDate(0, 0, 7*r.interval)
	case daily:
		return p.AddDate(0, 0, r.interval)
	}
	return p.Add(time.Duration(r.interval) * time.Hour)
}

// period returns the times of the period that begins at p, ordered. Parts that the rule lacks are those of start.
func (r *rule) period(p, start time.Time, b *budget) ([]time.Time, error) {
	if err := b.spend(1); err != nil {
		return nil, err
	}
	var out []time.Time
	or := func(list []int, one int) []int {
		if len(list) == 0 {
			return []int{one}
		}
		return list
	}
	hours, minutes, secs := or(r.hours, start.Hour()), or(r.minutes, start.Minute()), or(r.seconds, start.Second())
	end := r.endOf(p)
	if r.freq == hourly {
		hours = []int{p.Hour()}
		if len(r.hours) > 0 && !slices.Contains(r.hours, p.Hour()) {
			return nil, nil
		}
		p = time.Date(p.Year(), p.Month(), p.Day(), 0, 0, 0, 0, time.UTC)
		end = p.AddDate(0, 0, 1)
	}
	look := func(day time.Time) error {
		if err := b.spend(1); err != nil || !r.matches(day, start) {
			return err
		}
		if err := b.spend(len(hours) * len(minutes) * len(secs)); err != nil {
			return err
		}
		y, m, d := day.Date()
		for _, h := range hours {
			for _, min := range minutes {
				for _, s := range secs {
					out = append(out, time.Date(y, m, d, h, min, s, 0, time.UTC))
				}
			}
		}
		return nil
	}
	if r.freq <= weekly && !r.namesDays() {
		for _, day := range r.sameDays(p, start) {
			if err := look(day); err != nil {
				return nil, err
			}
		}
		return r.pick(out), nil
	}
	for day := p; day.Before(end); day = day.AddDate(0, 0, 1) {
		if r.freq == yearly && len(r.months) > 0 && !slices.Contains(r.months, int(day.Month())) {
			day = time.Date(day.Year(), day.Month()+1, 0, 0, 0, 0, 0, time.UTC) // over to the next month
			continue
		}
		if err := look(day); err != nil {
			return nil, err
		}
	}
	return r.pick(out), nil
}

// namesDays says whether a BY part names days; without one they are those of start.
func (r *rule) namesDays() bool {
	return len(r.weeks)+len(r.yearDays)+len(r.monthDays)+len(r.days) > 0
}

// sameDays are the days of a year, month or week that are like the one of start. Most rules of real calendars ask for no
// more, and it is only a few days that have to be looked at.
func (r *rule) sameDays(p, start time.Time) (days []time.Time) {
	months := r.months
	switch {
	case r.freq == weekly:
		return []time.Time{p.AddDate(0, 0, (int(start.Weekday()-p.Weekday())+7)%7)}
	case r.freq == monthly:
		months = []int{int(p.Month())}
	case len(months) == 0:
		months = []int{int(start.Month())}
	}
	for _, m := range months {
		if start.Day() <= daysIn(p.Year(), time.Month(m)) {
			days = append(days, time.Date(p.Year(), time.Month(m), start.Day(), 0, 0, 0, 0, time.UTC))
		}
	}
	return days
}

func (r *rule) endOf(p time.Time) time.Time {
	switch r.freq {
	case yearly:
		return p.AddDate(1, 0, 0)
	case monthly:
		return p.AddDate(0, 1, 0)
	case weekly:
		return p.AddDate(0, 0, 7)
	}
	return p.AddDate(0, 0, 1)
}

// pick keeps the positions that BYSETPOS names.
func (r *rule) pick(times []time.Time) []time.Time {
	if len(r.setPos) == 0 {
		return times
	}
	var at []int
	for _, pos := range r.setPos {
		if pos < 0 {
			pos += len(times) + 1
		}
		if pos >= 1 && pos <= len(times) {
			at = append(at, pos-1)
		}
	}
	slices.Sort(at)
	var out []time.Time
	for _, i := range slices.Compact(at) {
		out = append(out, times[i])
	}
	return out
}
