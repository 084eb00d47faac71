package api

import (
	"regexp"
	"strings"
	"time"
	_ "time/tzdata" // zones are judged here, also on machines without a zone database

	"github.com/getkin/kin-openapi/openapi3"

	"kreds/calendar"
	"kreds/supervision"
)

// formatFault is what a format finds; its code and values word the fault.
type formatFault struct {
	code   string
	values []string
}

func (f *formatFault) Error() string { return f.code }

func badForm(form string) error { return &formatFault{"format", []string{"form", form}} }

// The formats of strings in requests. Instants in a query are in UTC, since an unencoded + arrives as a space.
var (
	bodyFormats = map[string]openapi3.StringFormatValidator{
		"date-time": openapi3.NewCallbackValidator(checkInstant),
		"date":      openapi3.NewCallbackValidator(checkDay),
		"uuid":      openapi3.NewCallbackValidator(checkUUID),
		"email":     openapi3.NewCallbackValidator(checkEmail),
		"time-zone": openapi3.NewCallbackValidator(checkZone),
		"line":      openapi3.NewCallbackValidator(checkLine),
		"text":      openapi3.NewCallbackValidator(checkText),
	}
	queryFormats = map[string]openapi3.StringFormatValidator{
		"date-time": openapi3.NewCallbackValidator(checkUTC),
		"date":      bodyFormats["date"],
		"uuid":      bodyFormats["uuid"],
		"line":      bodyFormats["line"],
	}
)

const instantForm = "2027-03-09T08:00:00Z"

var (
	instantShape = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})$`)
	wallShape    = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(\.[0-9]+)?$`)
	uuidShape    = regexp.MustCompile(openapi3.FormatOfStringForUUIDOfRFC9562)
)

// checkInstant takes an RFC 3339 date-time of the years 1 to 9999 with an offset that some place on earth has; no leap
// second, since no clock of ours shows one.
func checkInstant(s string) error {
	if !instantShape.MatchString(s) {
		if wallShape.MatchString(s) {
			return &formatFault{code: "offset-required"}
		}
		return badForm(instantForm)
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil || !t.After(time.Time{}) { // the first instant of all stands for none
		return badForm(instantForm)
	}
	if _, offset := t.Zone(); offset > 14*3600 || offset < -12*3600 {
		return badForm(instantForm)
	}
	return nil
}

func checkUTC(s string) error {
	if !strings.HasSuffix(s, "Z") {
		return &formatFault{code: "utc-required"}
	}
	return checkInstant(s)
}

func checkDay(s string) error {
	if t, err := time.Parse(time.DateOnly, s); err != nil || t.Year() < 1 {
		return badForm("2027-03-09")
	}
	return nil
}

// nilUUID is the id of nothing (RFC 9562 §5.9); to us it stands for an id that is not given.
const nilUUID = "00000000-0000-0000-0000-000000000000"

// checkUUID takes the versions of RFC 9562, 7 among them, and not the id of nothing.
func checkUUID(s string) error {
	if !uuidShape.MatchString(s) || s == nilUUID {
		return badForm("01a303c2-e000-7000-8000-000000000000")
	}
	return nil
}

func checkEmail(s string) error { return coded(supervision.EmailFault(s)) }

// checkZone takes an IANA name.
func checkZone(s string) error {
	if _, err := calendar.LoadZone(s); err != nil {
		return &formatFault{code: "unknown-zone"}
	}
	return nil
}

// checkLine takes text on one line; checkText takes several.
func checkLine(s string) error { return coded(supervision.LineFault(s)) }
func checkText(s string) error { return coded(supervision.TextFault(s)) }

// coded is the fault with a code; none without.
func coded(code string) error {
	if code == "" {
		return nil
	}
	return &formatFault{code: code}
}
