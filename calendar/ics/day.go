package ics

import (
	"slices"
	"time"
)

// matches says whether the BY parts let a day pass. Where no part names the day, it is that of start.
func (r *rule) matches(day, start time.Time) bool {
	y, m, d := day.Date()
	if len(r.months) > 0 && !slices.Contains(r.months, int(m)) {
		return false
	}
	if !r.namesDays() {
		switch r.freq {
		case yearly:
			return d == start.Day() && (len(r.months) > 0 || m == start.Month())
		case monthly:
			return d == start.Day()
		case weekly:
			return day.Weekday() == start.Weekday()
		}
		return true
	}
	if len(r.weeks) > 0 {
		if week, back := weekOf(day, r.wkst); !slices.Contains(r.weeks, week) && !slices.Contains(r.weeks, back) {
			return false
		}
	}
	if len(r.yearDays) > 0 {
		n := day.YearDay()
		if !slices.Contains(r.yearDays, n) && !slices.Contains(r.yearDays, n-1-yearLength(y)) {
			return false
		}
	}
	length := daysIn(y, m)
	if len(r.monthDays) > 0 && !slices.Contains(r.monthDays, d) && !slices.Contains(r.monthDays, d-1-length) {
		return false
	}
	if len(r.days) == 0 {
		return true
	}
	// The n-th such day of the month, or of the year if the rule is yearly and names no months; other rules know no n.
	n, back := (d-1)/7+1, -((length-d)/7 + 1)
	if r.freq == yearly && len(r.months) == 0 {
		n, back = (day.YearDay()-1)/7+1, -((yearLength(y)-day.YearDay())/7 + 1)
	}
	return slices.ContainsFunc(r.days, func(e weekdayNum) bool {
		return e.day == day.Weekday() && (e.n == 0 || r.freq > monthly || e.n == n || e.n == back)
	})
}

func yearLength(year int) int { return time.Date(year, 12, 31, 0, 0, 0, 0, time.UTC).YearDay() }

// weekOf is the number of the day's week, and the same counted from the last week of its year. The first week of a year is the
// first that has four days in it.
func weekOf(day time.Time, wkst time.Weekday) (week, back int) {
	// The week's fourth day lies in the year to which the week belongs.
	fourth := day.AddDate(0, 0, 3-(int(day.Weekday()-wkst)+7)%7)
	week = (fourth.YearDay()-1)/7 + 1
	weeks := week + (yearLength(fourth.Year())-fourth.YearDay())/7
	return week, week - weeks - 1
}
