package scenario

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"kreds/supervision"
)

// Working days have 18 half hours, from 08:00 to 17:00.
const (
	dayFrom   = 8 * 60
	halfHour  = 30
	halfHours = 18
	weekHours = 5 * halfHours // half hours of a working week
)

// seriesShare is how much of people's busy time comes every week or every second one; the rest is single meetings.
const seriesShare = 0.6

// diary fills calendars: nobody is in two meetings at once.
type diary struct {
	*cast
	rng    *rand.Rand
	people []supervision.PersonID // mentors and supervisors
	unit   map[supervision.PersonID]string
	monday supervision.Date
	weeks  int
	taken  map[supervision.PersonID][]bool // by half hour of all weeks
	off    []bool                          // half hours at which nobody meets
	load   map[supervision.PersonID]int    // half hours taken
	share  float64
}

// fill gives mentors and supervisors meetings for about a share of their working time over a span of days: series within a unit or a
// project first, then single ones. On some days nobody meets. The same seed gives the same calendars.
func (c *cast) fill(seed uint64, share float64, span supervision.Days, except ...supervision.Date) {
	monday := span.From.AddDays(-(int(span.From.Weekday()) + 6) % 7)
	d := &diary{
		cast: c, rng: rand.New(rand.NewPCG(seed, 0)), monday: monday, weeks: monday.DaysUntil(span.To)/7 + 1, share: share,
		unit: map[supervision.PersonID]string{}, taken: map[supervision.PersonID][]bool{}, load: map[supervision.PersonID]int{},
	}
	for _, e := range c.Enrolments {
		d.people = append(d.people, e.Mentor)
	}
	for _, a := range c.Assignments {
		d.people = append(d.people, a.Supervisor)
	}
	for _, p := range d.people {
		d.taken[p] = make([]bool, d.weeks*weekHours)
		person, _ := c.Person(p)
		d.unit[p] = person.Organisation.String() + person.Unit
	}
	d.off = make([]bool, d.weeks*weekHours)
	for _, day := range except {
		at := monday.DaysUntil(day)
		for i := range halfHours {
			d.off[at/7*weekHours+at%7*halfHours+i] = true
		}
	}
	d.series()
	d.singles()
}

// series gives each unit a weekly meeting, then projects until the share of series is reached.
func (d *diary) series() {
	var units []string
	for _, p := range d.people {
		if !slices.Contains(units, d.unit[p]) {
			units = append(units, d.unit[p])
		}
	}
	for _, u := range units {
		members := slices.DeleteFunc(slices.Clone(d.people), func(p supervision.PersonID) bool { return d.unit[p] != u })
		if len(members) > 1 {
			d.try(members, 0, 2, 1, d.weeks)
		}
	}
	most := int(d.share * seriesShare * float64(d.weeks*weekHours))
	for range 40 * len(d.people) {
		members := d.party(most, 3+d.rng.IntN(3))
		if len(members) == 0 {
			return
		}
		every := 1 + d.rng.IntN(2)
		d.try(members, d.rng.IntN(every), 1+d.rng.IntN(3), every, d.weeks)
	}
}

// singles fills up week by week. What series take in the weeks to come does not count yet.
func (d *diary) singles() {
	for w := range d.weeks {
		for _, p := range d.people {
			d.load[p] = 0
			for _, taken := range d.taken[p][:(w+1)*weekHours] {
				if taken {
					d.load[p]++
				}
			}
		}
		most := int(d.share * float64((w+1)*weekHours))
		for range 10 * len(d.people) {
			members := d.party(most, 1+d.rng.IntN(4))
			if len(members) == 0 {
				break
			}
			d.try(members, w, 1+d.rng.IntN(4), 1, 1)
		}
	}
}

// party draws people who have less than so many half hours: the one with the fewest, and others.
func (d *diary) party(most, size int) []supervision.PersonID {
	open := slices.DeleteFunc(slices.Clone(d.people), func(p supervision.PersonID) bool { return d.load[p] >= most })
	if len(open) == 0 {
		return nil
	}
	d.rng.Shuffle(len(open), func(i, k int) { open[i], open[k] = open[k], open[i] })
	for i, p := range open {
		if d.load[p] < d.load[open[0]] {
			open[0], open[i] = open[i], open[0]
		}
	}
	return open[:min(size, len(open))]
}

// try puts a meeting of so many half hours where all its people are free each time, if it finds such a time soon.
func (d *diary) try(people []supervision.PersonID, week, length, every, times int) {
	times = min(times, (d.weeks-1-week)/every+1)
	for range 12 {
		day, at := d.rng.IntN(5), d.rng.IntN(halfHours-length+1)
		first := week*weekHours + day*halfHours + at
		taken := func(p supervision.PersonID) bool {
			for t := range times {
				from := first + t*every*weekHours
				if slices.Contains(d.taken[p][from:from+length], true) || slices.Contains(d.off[from:from+length], true) {
					return true
				}
			}
			return false
		}
		if slices.ContainsFunc(people, taken) {
			continue
		}
		for _, p := range people {
			for t := range times {
				for i := range length {
					d.taken[p][first+t*every*weekHours+i] = true
				}
			}
			d.load[p] += length * times
		}
		from := dayFrom + at*halfHour
		d.Meetings = append(d.Meetings, Meeting{
			UID: fmt.Sprintf("%s-%04d@demo.example", d.Name, len(d.Meetings)+1), Zone: copenhagen, On: d.monday.AddDays(7*week + day),
			From: from, To: from + length*halfHour, Every: every, Times: times, People: slices.Clone(people),
		})
		return
	}
}
