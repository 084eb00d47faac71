package caldav

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"kreds/calendar"
)

// knownPaths are where servers keep CalDAV when nothing at their root leads there.
func knownPaths(user string) []string {
	return []string{"/remote.php/dav/", "/dav/", "/SOGo/dav/" + user + "/", "/caldav.php/"}
}

// discover finds where the account's calendars are (RFC 6764 §6): from the URL that was given; from /.well-known/caldav; from
// the root; from what DNS says of the domain; from paths that are known. The first place that knows the user decides. It
// fails with what stood in the way, or with ErrNotFound when there is nothing of CalDAV.
func (p *Provider) discover(ctx context.Context, a *account, given *url.URL, user string) error {
	places := []*url.URL{at(given, "/.well-known/caldav"), at(given, "/")}
	bare := strings.Trim(given.Path, "/") == ""
	if !bare {
		places = append([]*url.URL{given}, places...)
	}
	var obstacle error
	var limited calendar.RateLimited
	try := func(place *url.URL) (done bool, err error) {
		err = a.enterAt(ctx, place)
		switch {
		case err == nil:
			return true, nil
		case errors.Is(err, calendar.ErrAuth), errors.As(err, &limited), ctx.Err() != nil:
			return true, err // asking elsewhere with the same password would only lock the account
		}
		if obstacle == nil && !notHere(err) {
			obstacle = err
		}
		return false, err
	}
	for _, place := range places {
		done, err := try(place)
		if done {
			return err
		}
		if errors.Is(err, calendar.ErrTransient) || errors.Is(err, calendar.ErrBlockedAddress) {
			break // the host itself does not answer or may not be asked
		}
	}
	if bare {
		if place := p.announced(ctx, given); place != nil {
			if done, err := try(place); done {
				return err
			}
		}
	}
	if obstacle == nil {
		for _, path := range knownPaths(user) {
			if done, err := try(at(given, path)); done {
				return err
			}
		}
	}
	if obstacle != nil {
		return obstacle
	}
	return fmt.Errorf("caldav: nothing of CalDAV at %s; give the address of the calendars as the provider names it: %w",
		given.Hostname(), calendar.ErrNotFound)
}

// notHere says whether an error means that CalDAV is not spoken at one place, and may be at another.
func notHere(err error) bool {
	for _, kind := range []error{calendar.ErrNotFound, calendar.ErrGone, calendar.ErrUnsupported, calendar.ErrForbidden, calendar.ErrProtocol, calendar.ErrTooLarge} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

// announced looks the domain's CalDAV service up in DNS, by https only; nil when there is none.
func (p *Provider) announced(ctx context.Context, given *url.URL) *url.URL {
	if given.Port() != "" || net.ParseIP(given.Hostname()) != nil {
		return nil
	}
	_, found, err := p.service.LookupSRV(ctx, "caldavs", "tcp", given.Hostname())
	if err != nil || len(found) == 0 {
		return nil
	}
	host := strings.TrimSuffix(found[0].Target, ".")
	if host == "" {
		return nil // RFC 2782: the service is decidedly not there
	}
	if found[0].Port != 443 {
		host += ":" + strconv.Itoa(int(found[0].Port))
	}
	place := &url.URL{Scheme: "https", Host: host, Path: "/.well-known/caldav"}
	texts, err := p.service.LookupTXT(ctx, "_caldavs._tcp."+given.Hostname())
	if err != nil {
		return place
	}
	for _, text := range texts {
		if path, ok := strings.CutPrefix(text, "path="); ok && strings.HasPrefix(path, "/") {
			place.Path = path
		}
	}
	return place
}

var entranceProps = []property{
	{nsDAV, "resourcetype"}, {nsDAV, "current-user-principal"}, {nsCalDAV, "calendar-home-set"},
}

// enterAt asks one place for the user's calendars, and the user's principal if the place names one.
func (a *account) enterAt(ctx context.Context, place *url.URL) error {
	e, err := a.entrance(ctx, place)
	if err != nil {
		return err
	}
	if len(e.homes) == 0 && e.principal != nil && canonical(e.principal) != canonical(place) {
		found, err := a.entrance(ctx, e.principal)
		if err != nil && e.single == nil {
			return err
		}
		e.homes = found.homes
	}
	if len(e.homes) == 0 && e.single == nil {
		return fmt.Errorf("caldav: no calendars are named there: %w", calendar.ErrNotFound)
	}
	a.homes, a.single = e.homes, e.single
	return nil
}

// entrance is what one place says of where to go.
type entrance struct {
	principal *url.URL
	homes     []*url.URL
	single    *url.URL // the place itself, when it is a calendar
}

func (a *account) entrance(ctx context.Context, place *url.URL) (e entrance, err error) {
	nobody := false
	err = a.propfind(ctx, place, "0", entranceProps, func(base *url.URL, m *member) error {
		if p := m.prop(nsDAV, "current-user-principal"); p != nil {
			nobody = nobody || p.child(nsDAV, "unauthenticated") != nil
			for _, href := range p.hrefs() {
				u, err := resolve(base, href)
				if err != nil {
					return protocol("PROPFIND", "the principal is named in a way that cannot be read")
				}
				e.principal = u
			}
		}
		for _, href := range m.prop(nsCalDAV, "calendar-home-set").hrefs() {
			u, err := resolve(base, href)
			if err != nil {
				return protocol("PROPFIND", "the calendars are named in a way that cannot be read")
			}
			if !slices.ContainsFunc(e.homes, func(h *url.URL) bool { return canonical(h) == canonical(u) }) {
				e.homes = append(e.homes, asCollection(u))
			}
		}
		if m.prop(nsDAV, "resourcetype").child(nsCalDAV, "calendar") != nil {
			u := *base
			e.single = asCollection(&u)
		}
		return nil
	})
	if err == nil && nobody {
		// RFC 5397 §3: the server let us in without believing the password.
		err = &failure{method: "PROPFIND", status: 207, condition: "unauthenticated", kind: calendar.ErrAuth}
	}
	return e, err
}
