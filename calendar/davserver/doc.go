// Package davserver serves calendars by CalDAV (RFC 4791) over a small Store. The protocol is go-webdav's server; this
// package adds what it leaves to others: who may enter, whose calendars are whose, preconditions of DELETE, limits, and a
// guard around decoding.
//
// A user's principal is /user/, the calendars are in /user/calendars/, and an event stands at
// /user/calendars/calendar/name.ics. There is neither sync-collection nor a free-busy report: clients list ETags and fetch
// what has changed.
package davserver
