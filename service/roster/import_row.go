package roster

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"kreds/calendar"
	"kreds/calendar/ics"
	"kreds/service"
	"kreds/supervision"
)

// row reads the columns of one row, and notes what is wrong with them.
type row struct {
	*importing
	supervision.ImportRow
	bad bool // it has a fault
}

// read opens a row: every column is of the kind, and holds text on one line.
func (r *importing) read(in supervision.ImportRow) *row {
	x := &row{importing: r, ImportRow: in}
	for name, text := range in.Columns {
		c, ok := columnOf(r.Kind, name)
		if !ok {
			x.fault(name, "unknown-field", "There is no such column. There are: %s.", strings.Join(columnNames(r.Kind), ", "))
			continue
		}
		for part := range strings.SplitSeq(text, supervision.ListSeparator) {
			if code := supervision.LineFault(part); code != "" && code != "required" {
				x.fault(name, code, "The text holds characters that are not allowed here, such as line breaks.")
			} else if utf8.RuneCountInString(part) > c.most {
				x.fault(name, "max-length", "At most %d characters are allowed.", c.most)
			}
		}
	}
	for _, c := range columns[r.Kind] {
		if c.required && service.Tidy(in.Columns[c.name]) == "" {
			x.fault(c.name, "required", "This is needed.")
		}
	}
	return x
}

func (x *row) fault(column, code, format string, args ...any) {
	x.bad = true
	x.importing.fault(x.Line, shown(column), code, format, args...)
}

// shown is the name of a column as far as an answer shows it.
func shown(column string) string {
	if utf8.RuneCountInString(column) > 60 {
		column = string([]rune(column)[:60]) + "…"
	}
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(column)
}

func (x *row) warn(column, code, format string, args ...any) {
	x.importing.warn(x.Line, column, code, format, args...)
}

// text is the value of a column; given says that the list has the column, even if it is empty.
func (x *row) text(name string) (v string, given bool) {
	v, given = x.Columns[name]
	return service.Tidy(v), given
}

// list is the values of a column that holds several.
func (x *row) list(name string) (values []string) {
	for part := range strings.SplitSeq(x.Columns[name], supervision.ListSeparator) {
		if part = service.Tidy(part); part != "" && !slices.Contains(values, part) {
			values = append(values, part)
		}
	}
	return values
}

// one reads a column whose values are a closed list; empty is otherwise.
func one[T ~string](x *row, name string, otherwise T, of ...T) T {
	v, _ := x.text(name)
	if v == "" {
		return otherwise
	}
	if !slices.Contains(of, T(v)) {
		x.fault(name, "enum", "Must be one of %s.", strings.Join(service.Texts(of), ", "))
	}
	return T(v)
}

// day reads a column that holds a day; empty is none.
func (x *row) day(name string) (d supervision.Date, given bool) {
	v, given := x.text(name)
	if v == "" {
		return d, given
	}
	d, err := supervision.ParseDate(v)
	if err != nil || d.Year < 1 {
		x.fault(name, "format", "Must have this form: 2027-03-09")
	}
	return d, given
}

// zone reads an IANA time zone, or the Windows name of one, which exports of directories have.
func (x *row) zone(name string) string {
	v, _ := x.text(name)
	if v == "" {
		return ""
	}
	if _, err := calendar.LoadZone(v); err == nil {
		return v
	}
	iana, ok := ics.ZoneName(v)
	if !ok {
		x.fault(name, "unknown-zone", "This is not an IANA time zone, for example Europe/Copenhagen.")
	}
	return iana
}

var (
	languageShape = regexp.MustCompile(`^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$`)
	countryShape  = regexp.MustCompile(`^[A-Z]{2}$`)
)

func isLanguage(tag string) bool { return len(tag) <= 12 && languageShape.MatchString(tag) }

// number reads a column that holds a whole number; empty is 0.
func (x *row) number(name string, least, most int) int {
	v, _ := x.text(name)
	if v == "" {
		return 0
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < least || n > most {
		x.fault(name, "range", "Must be %d–%d.", least, most)
	}
	return n
}

// unique notes a key that an earlier row has already.
func (x *row) unique(seen map[string]int, name, key string) {
	if key == "" {
		return
	}
	if line, twice := seen[key]; twice {
		x.fault(name, "duplicate-items", "Line %d has the same key.", line)
		return
	}
	seen[key] = x.Line
}
