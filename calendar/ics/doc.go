// Package ics reads and writes iCalendar (RFC 5545) for Kreds, and works out when a calendar's owner is taken.
//
// # Reading
//
// Decode and DecodeObject keep of foreign events only what time needs; titles, texts, places and other people are dropped
// line by line before anything else looks at them. Streams are taken apart here, and each component goes through go-ical
// alone and guarded, so that a bad component hides no other.
//
// # Time
//
// Expand and Busy turn what was kept into taken intervals of a window, one code path for all sources. Rules run on wall
// clocks, which are then placed in the zone of their event (RFC 5545 §3.3.5). All of it is bounded by steps, never by a
// clock: what cannot be worked out inside of its budget comes back as calendar.UnknownTime, never as free time.
//
// # Writing
//
// EncodeFeed, EncodeAppointment and EncodeInvitation write the neutral event of a session, always the same bytes for the
// same values. DecodeFound and Same read back what a server made of it.
package ics
