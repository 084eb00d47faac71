// Package caldav reads and writes the calendars of any CalDAV server (RFC 4791).
//
// # Who does what
//
// Every call goes through one guarded client of package outbound. Single resources are fetched, put and deleted by
// go-webdav's client; a thin layer under it (resource) adds what that client leaves out: preconditions, Content-Length,
// ETags as they were sent, failures inside of a 207. Everything that is answered by a multistatus is asked and read here:
// go-webdav gives a listing up for one bad member, forgets the hosts of absolute hrefs, orders multiget in a way that strict
// servers do not take, and knows no limits and no sync-collection.
//
// # Reading
//
// Changes syncs the whole collection, by sync-collection (RFC 6578) where there is one, else by listing ETags, and fetches
// what differs. No time range, expansion or free-busy report of a server decides anything: events are expanded by package
// ics. A sync token that the server has forgotten is told in many ways, by 403, by 500, by a full list; each of them ends in
// a full reading.
//
// # Writing
//
// An appointment stands at UID.ics. It is looked at before it is written, written with a precondition, read back, and
// compared by meaning, because servers rewrite bytes and some ignore preconditions.
package caldav
