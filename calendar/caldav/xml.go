package caldav

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Namespaces.
const (
	nsDAV    = "DAV:"
	nsCalDAV = "urn:ietf:params:xml:ns:caldav"
	nsServer = "http://calendarserver.org/ns/" // getctag
)

// Limits of an answer. Its octets are counted by the outbound client.
const (
	maxDepth    = 64       // of nested elements
	maxNodes    = 10_000   // elements of one response
	maxAttrs    = 256      // of one element
	maxTag      = 64 << 10 // octets of one tag, so that no element can hold any number of attributes
	maxResponse = 50_000   // responses of one multistatus
)

// node is an element that was read whole.
type node struct {
	name  xml.Name
	attrs []xml.Attr
	text  string
	kids  []*node
}

// decoder reads XML within limits.
type decoder struct {
	*xml.Decoder
	depth int
	nodes int
}

func newDecoder(r io.Reader) *decoder {
	d := xml.NewDecoder(&sieve{src: r})
	d.CharsetReader = func(charset string, in io.Reader) (io.Reader, error) {
		if strings.EqualFold(charset, "us-ascii") || strings.EqualFold(charset, "ascii") {
			return in, nil
		}
		return nil, errors.New("only UTF-8 is read") // RFC 4918 §8.2 leaves UTF-16 open; no server uses it
	}
	return &decoder{Decoder: d}
}

// next returns the next token that matters: the start or the end of an element, or text.
func (d *decoder) next() (xml.Token, error) {
	for {
		tok, err := d.Token()
		if err != nil {
			return nil, err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			if d.depth++; d.depth > maxDepth {
				return nil, fmt.Errorf("more than %d nested elements", maxDepth)
			}
			if len(tok.Attr) > maxAttrs {
				return nil, fmt.Errorf("more than %d attributes", maxAttrs)
			}
			return tok, nil
		case xml.EndElement:
			d.depth--
			return tok, nil
		case xml.CharData:
			return tok, nil
		case xml.Directive:
			return nil, errors.New("a document type") // nothing good comes with one
		}
	}
}

// start returns the next element's start.
func (d *decoder) start() (xml.StartElement, error) {
	for {
		tok, err := d.next()
		if err != nil {
			return xml.StartElement{}, err
		}
		if start, ok := tok.(xml.StartElement); ok {
			return start, nil
		}
	}
}

// element reads the rest of an element.
func (d *decoder) element(start xml.StartElement) (*node, error) {
	d.nodes = 0
	return d.read(start)
}

func (d *decoder) read(start xml.StartElement) (*node, error) {
	if d.nodes++; d.nodes > maxNodes {
		return nil, fmt.Errorf("more than %d elements in one", maxNodes)
	}
	n := &node{name: start.Name, attrs: start.Attr}
	var text strings.Builder
	for {
		tok, err := d.next()
		if err != nil {
			return nil, err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			kid, err := d.read(tok)
			if err != nil {
				return nil, err
			}
			n.kids = append(n.kids, kid)
		case xml.CharData:
			text.Write(tok)
		case xml.EndElement:
			n.text = text.String()
			return n, nil
		}
	}
}

// child returns the first child of a name, nil if there is none. It may be asked of nil.
func (n *node) child(space, local string) *node {
	if n != nil {
		for _, k := range n.kids {
			if k.name.Space == space && k.name.Local == local {
				return k
			}
		}
	}
	return nil
}

// attr is the value of an attribute, "" if there is none.
func (n *node) attr(local string) string {
	for _, a := range n.attrs {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

// value is an element's text without the space around it. It may be asked of nil.
func (n *node) value() string {
	if n == nil {
		return ""
	}
	return strings.TrimSpace(n.text)
}

// hrefs are the hrefs right inside of an element. It may be asked of nil.
func (n *node) hrefs() (list []string) {
	if n == nil {
		return nil
	}
	for _, k := range n.kids {
		if k.name == (xml.Name{Space: nsDAV, Local: "href"}) && k.value() != "" {
			list = append(list, k.value())
		}
	}
	return list
}

// condition is the name of the violated condition inside of a DAV:error element: one that we know, else the first. It may
// be asked of nil.
func (n *node) condition() string {
	if n == nil {
		return ""
	}
	first := ""
	for _, k := range n.kids {
		if conditions[k.name.Local] != nil {
			return k.name.Local
		}
		if first == "" && len(k.name.Local) < 64 {
			first = k.name.Local
		}
	}
	return first
}
