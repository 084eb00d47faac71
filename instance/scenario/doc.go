// Package scenario holds three made-up cycles as facts: s1, a small internal pilot; s2, a leadership programme of a whole company; s3, a
// programme across firms. Demo, tests and `kreds generate` use them.
//
// Everything about them is fixed: the same scenario has the same people, ids, dates and calendars each time. They take place in
// 2027, the years of whose summer times and holidays they know; Shift moves one by whole weeks. All people are called Demo and
// have addresses that end in .example, which nobody owns (RFC 2606 §2).
package scenario
