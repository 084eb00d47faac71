package calendar

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// packVersion is the first byte of a packed value. Version 1 goes on with the unit in seconds and then, for each interval,
// the gap since the end of the one before (for the first: since 1970, signed) and its length and kind; all of it as varints
// in units. A year of office hours is some two bytes an interval.
const packVersion = 1

var packKinds = [...]BusyKind{BusyTime, TentativeTime, UnknownTime}

// The years 1 to 9999, in seconds since 1970.
const (
	minSecond = -62135596800
	maxSecond = 253402300800
)

var errPacked = errors.New("calendar: packed busy time cannot be read; read the source again")

// Pack returns the union of busy in few bytes, for one row for each person and source. Parts of a second are rounded
// outwards, and time outside of the years 1 to 9999 is cut off.
func Pack(busy []Busy) []byte {
	var rounded []Busy
	for _, b := range busy {
		start, end := b.Start.Unix(), b.End.Unix()
		if b.End.Nanosecond() > 0 {
			end++
		}
		start, end = max(start, minSecond), min(end, maxSecond)
		if !b.Empty() && start < end {
			rounded = append(rounded, Busy{Interval{time.Unix(start, 0), time.Unix(end, 0)}, b.Kind})
		}
	}
	busy = Union(rounded)
	out := []byte{packVersion}
	if len(busy) == 0 {
		return out
	}

	var unit int64
	for _, b := range busy {
		unit = gcd(gcd(unit, b.Start.Unix()), b.End.Unix())
	}
	out = binary.AppendUvarint(out, uint64(unit))
	var last int64
	for i, b := range busy {
		start, end := b.Start.Unix()/unit, b.End.Unix()/unit
		if i == 0 {
			out = binary.AppendVarint(out, start)
		} else {
			out = binary.AppendUvarint(out, uint64(start-last))
		}
		kind := uint64(0)
		for packKinds[kind] != b.Kind {
			kind++
		}
		out = binary.AppendUvarint(out, uint64(end-start)<<2|kind)
		last = end
	}
	return out
}

// Unpack returns the intervals of a packed value, disjoint and ordered. It fails on bytes that Pack cannot have made.
func Unpack(data []byte) ([]Busy, error) {
	if len(data) == 0 {
		return nil, fmt.Errorf("%w: no bytes", errPacked)
	}
	if data[0] != packVersion {
		return nil, fmt.Errorf("%w: version %d, known is %d", errPacked, data[0], packVersion)
	}
	if data = data[1:]; len(data) == 0 {
		return nil, nil
	}
	var broken bool
	uvarint := func() int64 {
		v, n := binary.Uvarint(data)
		if n <= 0 || v > maxSecond<<3 {
			broken, data = true, nil
			return 0
		}
		data = data[n:]
		return int64(v)
	}

	unit := uvarint()
	last, n := binary.Varint(data)
	if broken || unit < 1 || n <= 0 || len(data) == n || last < minSecond/unit || last > maxSecond/unit {
		return nil, errPacked
	}
	data = data[n:]
	var out []Busy
	for first := true; len(data) > 0; first = false {
		var gap int64
		if !first {
			gap = uvarint()
		}
		length := uvarint()
		kind := length & 3
		length >>= 2
		start := last + gap
		end := start + length
		if broken || length == 0 || int(kind) >= len(packKinds) || end > maxSecond/unit {
			return nil, errPacked
		}
		b := Busy{Interval{time.Unix(start*unit, 0).UTC(), time.Unix(end*unit, 0).UTC()}, packKinds[kind]}
		if !first && gap == 0 && out[len(out)-1].Kind == b.Kind {
			return nil, errPacked
		}
		out, last = append(out, b), end
	}
	return out, nil
}

// gcd is the greatest common divisor of the two, without signs; of 0 and x it is x.
func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return max(a, -a)
}
