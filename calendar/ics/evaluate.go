package ics

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"time"

	"kreds/calendar"
)

var errZone = errors.New("ics: a VTIMEZONE that makes no sense")

// onset is the moment at which an offset begins.
type onset struct {
	at       int64 // seconds since 1970
	from, to int   // seconds east of UTC
}

// evaluate makes a time.Location of a VTIMEZONE as it stands (RFC 5545 §3.6.5), right from from to to. Rules that are not
// expanded and those that use up the budget make it fail.
func evaluate(z calendar.Zone, from, to time.Time, b *budget) (*time.Location, error) {
	var onsets []onset
	for _, o := range z.Observances {
		walls := []time.Time{asUTC(o.Start)}
		for _, w := range o.RDates {
			walls = append(walls, asUTC(w))
		}
		for _, text := range o.Rules {
			more, err := observanceWalls(o, text, from, to, b)
			if err != nil {
				return nil, err
			}
			walls = append(walls, more...)
		}
		for _, w := range walls {
			onsets = append(onsets, onset{w.Unix() - int64(o.OffsetFrom), o.OffsetFrom, o.OffsetTo})
		}
	}
	if len(onsets) == 0 {
		return nil, errZone
	}
	slices.SortStableFunc(onsets, func(a, b onset) int { return int(min(max(a.at-b.at, -1), 1)) })
	onsets = slices.CompactFunc(onsets, func(a, b onset) bool { return a.at == b.at })
	return location(onsets)
}

// observanceWalls is the wall clocks at which one rule of an observance begins it.
func observanceWalls(o calendar.Observance, text string, from, to time.Time, b *budget) (out []time.Time, err error) {
	r, err := parseRule(text)
	if err != nil {
		return nil, err
	}
	start := asUTC(o.Start)
	end := to
	if r.until != nil {
		// UNTIL is in UTC (RFC 5545 §3.6.5); as a date or without a zone it is the wall clock's.
		switch end = asUTC(r.until.Wall); r.until.Form {
		case calendar.UTC:
			end = end.Add(time.Duration(o.OffsetFrom) * time.Second)
		case calendar.Date:
			end = end.AddDate(0, 0, 1).Add(-time.Second)
		}
		if end.After(to) {
			end = to
		}
	}
	// Two years before, or before the end of a rule that has ended, there is the onset that is still in force.
	begin := from.AddDate(-2, 0, 0)
	if last := end.AddDate(-2, 0, 0); last.Before(begin) {
		begin = last
	}
	if r.count > 0 {
		begin = start
	}
	n := 0
	err = r.walk(start, begin, end, b, func(t time.Time) bool {
		out = append(out, t)
		n++
		return n != r.count
	})
	return out, err
}

// location writes the onsets as a TZif file (RFC 8536) and lets package time read it, so that a zone of an object's own is
// resolved by the same code as one of the zone database.
func location(onsets []onset) (*time.Location, error) {
	// The first type is used by no onset: package time takes it for the time before all of them.
	types := []int{onsets[0].from}
	var at, which bytes.Buffer
	for _, o := range onsets {
		i := slices.Index(types[1:], o.to) + 1
		if i == 0 {
			i = len(types)
			types = append(types, o.to)
		}
		if i > 200 {
			return nil, errZone
		}
		binary.Write(&at, binary.BigEndian, o.at)
		which.WriteByte(byte(i))
	}

	var out bytes.Buffer
	header := func(times, types, chars int) {
		out.WriteString("TZif2")
		out.Write(make([]byte, 15))
		for _, n := range []int{0, 0, 0, times, types, chars} {
			binary.Write(&out, binary.BigEndian, uint32(n))
		}
	}
	header(0, 0, 0) // version 1 is left empty
	header(len(onsets), len(types), 2)
	out.Write(at.Bytes())
	out.Write(which.Bytes())
	for _, offset := range types {
		binary.Write(&out, binary.BigEndian, int32(offset))
		out.Write([]byte{0, 0}) // no summer time; the name is the one below
	}
	out.WriteString("-\x00\n\n")
	return time.LoadLocationFromTZData("VTIMEZONE", out.Bytes())
}
