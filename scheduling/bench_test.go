package scheduling_test

import (
	"bytes"
	"fmt"
	"testing"

	"kreds/scheduling"
)

// BenchmarkDecode reads 300 people with 300 busy intervals each.
func BenchmarkDecode(b *testing.B) {
	p := smallProblem()
	for i := range 300 {
		busy := scheduling.BusySpan{Span: scheduling.Span{From: 4 * i, To: 4*i + 2}, Kind: scheduling.Busy}
		p.Mentors[0].Busy = append(p.Mentors[0].Busy, busy)
	}
	for i := range 299 {
		m := p.Mentors[0]
		m.ID = fmt.Sprintf("n%d", i)
		p.Mentors = append(p.Mentors, m)
	}
	in := encoded(b, p)
	b.SetBytes(int64(len(in)))
	for b.Loop() {
		if _, err := scheduling.Decode(bytes.NewReader(in)); err != nil {
			b.Fatal(err)
		}
	}
}
