package ics

import (
	"bufio"
	"fmt"
	"slices"
	"strings"

	"github.com/emersion/go-ical"
)

// component hands a part to go-ical and returns its component, with the names of the properties whose lines are broken or had
// to be left out because go-ical cannot read them. It fails with errSyntax if it cannot be read at all.
func (d *decoder) component(p part) (c *ical.Component, lost []string, err error) {
	if c, err = d.parse(p.name, p.lines); err == nil {
		return c, p.lost, nil
	}
	sound := slices.DeleteFunc(slices.Clone(p.lines), func(line string) bool {
		name, _, _ := split([]byte(line))
		if name == "BEGIN" || name == "END" {
			return false
		}
		if _, err := d.parse(p.name, []string{line}); err != nil {
			lost = append(lost, name)
			return true
		}
		return false
	})
	d.report.BadLines += len(lost)
	c, err = d.parse(p.name, sound)
	return c, append(lost, p.lost...), err
}

// parse lets go-ical read one component. go-ical panics on some malformed parameters; that is an error like any other.
func (d *decoder) parse(name string, lines []string) (c *ical.Component, err error) {
	defer func() {
		if p := recover(); p != nil {
			c, err = nil, errSyntax
		}
	}()
	d.text.Reset()
	fmt.Fprintf(&d.text, "BEGIN:VCALENDAR\r\nBEGIN:%s\r\n", name)
	for _, line := range lines {
		d.text.WriteString(line)
		d.text.WriteString("\r\n")
	}
	fmt.Fprintf(&d.text, "END:%s\r\nEND:VCALENDAR\r\n", name)
	d.in.Reset(&d.text)
	cal, err := ical.NewDecoder(d.in).Decode() // takes d.in as it is: it is a *bufio.Reader
	if err != nil || len(cal.Children) != 1 || cal.Children[0].Name != name {
		return nil, errSyntax
	}
	return cal.Children[0], nil
}

// newReader makes the one buffer through which a decoder reads all components.
func newReader() *bufio.Reader { return bufio.NewReaderSize(strings.NewReader(""), 4096) }

var unescape = strings.NewReplacer(`\\`, `\`, `\,`, `,`, `\;`, `;`)

// text is the unescaped value of the first property of that name (RFC 5545 §3.3.11), and empty if there is none. go-ical's own
// reading ends at the first comma that is not escaped, as UIDs in the wild have them, and refuses a lone backslash.
func text(c *ical.Component, name string) string {
	if p := c.Props.Get(name); p != nil {
		return clean([]byte(unescape.Replace(p.Value)))
	}
	return ""
}

// word is the value of the first property of that name in upper case, as enumerations are compared.
func word(c *ical.Component, name string) string {
	if p := c.Props.Get(name); p != nil {
		return strings.ToUpper(strings.TrimSpace(p.Value))
	}
	return ""
}
