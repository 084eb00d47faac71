package davserver

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"

	"github.com/emersion/go-ical"
)

// Limits of a request. go-ical and go-webdav read nested input by recursion, and a stack that overflows ends the process,
// so nesting is judged before they see it.
const (
	maxBody     = 1 << 20 // octets
	maxICSDepth = 8
	maxXMLDepth = 32
)

var errTooDeep = errors.New("davserver: nested too deep")

// decode reads an iCalendar stream of one calendar. go-ical panics on some malformed lines; here that is an error.
func decode(data []byte) (cal *ical.Calendar, err error) {
	if err := shallowICS(data); err != nil {
		return nil, err
	}
	defer func() {
		if r := recover(); r != nil {
			cal, err = nil, fmt.Errorf("davserver: not iCalendar: %v", r)
		}
	}()
	upper := bytes.ToUpper(bytes.TrimSpace(data))
	if bytes.Count(upper, []byte("END:VCALENDAR")) != 1 || !bytes.HasSuffix(upper, []byte("END:VCALENDAR")) {
		return nil, errors.New("davserver: not one whole calendar")
	}
	return ical.NewDecoder(bytes.NewReader(data)).Decode()
}

// encode writes a calendar as it is kept.
func encode(cal *ical.Calendar) ([]byte, error) {
	var buf bytes.Buffer
	if err := ical.NewEncoder(&buf).Encode(cal); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

// shallowICS refuses deeply nested components.
func shallowICS(data []byte) error {
	depth := 0
	for line := range bytes.Lines(data) {
		switch {
		case len(line) >= 6 && bytes.EqualFold(line[:6], []byte("BEGIN:")):
			if depth++; depth > maxICSDepth {
				return errTooDeep
			}
		case len(line) >= 4 && bytes.EqualFold(line[:4], []byte("END:")):
			depth--
		}
	}
	return nil
}

// shallowXML refuses deeply nested elements, document types, and what is no XML.
func shallowXML(data []byte) error {
	d := xml.NewDecoder(bytes.NewReader(data))
	depth := 0
	for {
		tok, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch tok.(type) {
		case xml.StartElement:
			if depth++; depth > maxXMLDepth {
				return errTooDeep
			}
		case xml.EndElement:
			depth--
		case xml.Directive:
			return errors.New("davserver: a document type is not taken")
		}
	}
}
