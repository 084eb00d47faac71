// Package calendar holds the words of outside calendars, the ports through which Kreds reads and writes them, and Merge,
// which turns what was read into free, busy, unknown and stale.
//
// # Words
//
// An Event is outside, a Session is ours: an Appointment is the neutral event that we write for a session. Busy is
// observed in a calendar, availability is declared by a person. An Object is what time needs of one calendar object
// resource (RFC 4791 §4.1); titles, texts, places and attendees of foreign events never get into it.
//
// # Ports
//
// A Provider opens an account. An account is a Source (what is in the calendars), perhaps a Sink (where appointments are
// put) and perhaps a FreeBusy (intervals without events). Package calendartest has the suite that each implementation of a
// port passes.
//
// Every interval is half-open, [Start, End), in UTC. Nothing here reads a clock, and nothing here talks to anybody.
package calendar
