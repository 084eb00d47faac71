package caldav

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"kreds/calendar"
	"kreds/internal/outbound"
)

// member is one response of a multistatus (RFC 4918 §14.24): what the server says of one resource.
type member struct {
	href      string // as sent
	status    int    // of the resource; 0: the properties speak for themselves
	condition string // that the resource violated
	props     map[xml.Name]*node
}

func (m *member) prop(space, local string) *node {
	return m.props[xml.Name{Space: space, Local: local}]
}

// readMultistatus reads a multistatus and hands each member over as it comes. It returns the sync token that stands at the
// end (RFC 6578 §6.4), "" if there is none. A member that says nothing useful is handed over all the same; what is no
// multistatus is calendar.ErrProtocol.
func readMultistatus(method string, r io.Reader, each func(*member) error) (token string, err error) {
	d := newDecoder(r)
	root, err := d.start()
	if err != nil || root.Name != (xml.Name{Space: nsDAV, Local: "multistatus"}) {
		return "", broken(method, "it is no multistatus", err)
	}
	for count := 0; ; {
		tok, err := d.next()
		if err != nil {
			return "", broken(method, "the multistatus breaks off or is no XML", err)
		}
		start, ok := tok.(xml.StartElement)
		if _, end := tok.(xml.EndElement); end {
			return token, nil
		}
		if !ok {
			continue
		}
		n, err := d.element(start)
		if err != nil {
			return "", broken(method, "the multistatus breaks off or is no XML", err)
		}
		switch n.name {
		case xml.Name{Space: nsDAV, Local: "response"}:
			if count++; count > maxResponse {
				return "", fmt.Errorf("caldav: %s: more than %d responses: %w", method, maxResponse, calendar.ErrTooLarge)
			}
			for _, m := range members(n) {
				if err := each(&m); err != nil {
					return "", err
				}
			}
		case xml.Name{Space: nsDAV, Local: "sync-token"}:
			token = n.value()
		}
	}
}

// broken tells a faulty document from an answer that could not be read.
func broken(method, what string, err error) error {
	var out *outbound.Error
	if errors.As(err, &out) {
		return outside(err)
	}
	if errors.Is(err, errTag) {
		return fmt.Errorf("caldav: %s: %w", method, err)
	}
	return protocol(method, what)
}

// members takes one response apart. The old form of RFC 2518, several hrefs with one status, is as many members.
func members(n *node) (list []member) {
	m := member{
		status:    statusCode(n.child(nsDAV, "status").value()),
		condition: n.child(nsDAV, "error").condition(),
		props:     map[xml.Name]*node{},
	}
	for _, stat := range n.kids {
		if stat.name != (xml.Name{Space: nsDAV, Local: "propstat"}) {
			continue
		}
		if code := statusCode(stat.child(nsDAV, "status").value()); code != 0 && code/100 != 2 {
			continue
		}
		if prop := stat.child(nsDAV, "prop"); prop != nil {
			for _, p := range prop.kids {
				m.props[p.name] = p
			}
		}
	}
	for _, href := range n.hrefs() {
		m.href = href
		list = append(list, m)
	}
	return list
}

// statusCode reads "HTTP/1.1 404 Not Found" and what servers make of it; 0 is none.
func statusCode(line string) int {
	for _, field := range strings.Fields(line) {
		if code, err := strconv.Atoi(field); err == nil && code >= 100 && code < 600 {
			return code
		}
	}
	return 0
}

// worst finds the failure in a multistatus that answers a change of one resource: some servers say 207 and mean 412. nil
// means that there is none.
func worst(method string, r io.Reader) error {
	var found error
	_, err := readMultistatus(method, r, func(m *member) error {
		if m.status >= http.StatusBadRequest && found == nil {
			found = fails(method, m.status, m.condition, 0)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return found
}
