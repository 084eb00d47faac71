// Package outbound makes every HTTP client of Kreds that calls an address which somebody else has named: calendars, feeds,
// webhooks, sign-in servers. No other package makes a client or a transport.
//
// People give URLs, and servers answer with further ones. A Maker calls none of them that leads into the operator's own
// network: it judges the form of a URL (CheckURL), then again, when it connects, the address that the name resolved to, so
// that neither a changing name nor a redirect gets past it. Only the operator's allow-list (ParseAllow) lets a private
// address or plain http through, for one host, one port and one network.
//
// A Client gives a call no more than it needs: 30 seconds, a bounded answer counted after decompression, five redirects of
// reads and none of writes. Credentials go to the origin they were given for, or by https to another host of the same
// registrable domain, and nowhere else. No proxy is taken from the environment, since a proxy would connect in its place.
//
// Errors name the host that was asked for and one of the kinds in errors.go, never the address it resolved to: whoever may
// name a URL learns nothing about the network behind it. The operator's log has it.
package outbound
