package api

import (
	"errors"
	"fmt"
	"strings"

	"github.com/labstack/echo/v4"
)

// outside are the routes that no contract describes: the CalDAV address and the pages of the contract itself.
var outside = []string{"/dav/", docsPath, "/openapi.yaml", "/openapi.json"}

// RoutesMatch fails when a route has no entry in the contract or an entry has no route. Prefixes of further routes that are
// outside of the contract on purpose, such as the console's, may be named.
func RoutesMatch(e *echo.Echo, alsoOutside ...string) error {
	document, err := Contract()
	if err != nil {
		return err
	}
	var faults []error
	have := map[*Operation]bool{}
	for _, route := range e.Routes() {
		o, ok := document.Find(route.Method, route.Path)
		switch {
		case ok:
			have[o] = true
		case !hasAnyPrefix(route.Path, outside) && !hasAnyPrefix(route.Path, alsoOutside):
			faults = append(faults, fmt.Errorf("the contract does not know %s %s", route.Method, route.Path))
		}
	}
	for _, o := range document.Operations() {
		if !have[o] {
			faults = append(faults, fmt.Errorf("%s %s (%s) has no route", o.Method, o.Path, o.ID))
		}
	}
	return errors.Join(faults...)
}

func hasAnyPrefix(path string, prefixes []string) bool {
	for _, prefix := range prefixes {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return false
}
