package kreds_test

import (
	"slices"
	"strings"
	"testing"
)

// Everything that leaves the house leaves through internal/outbound, which judges where it goes. These may open connections
// of their own: the outbound room itself, the databases' drivers below store, and the kits of the tests.
var mayCall = []string{"internal/outbound", "internal/testkit", "store/storetest"}

// calls says why something would leave the house by another door.
func calls(path, name string) string {
	switch path {
	case "net/http":
		if slices.Contains([]string{"Client", "Transport", "DefaultClient", "DefaultTransport", "Get", "Head", "Post", "PostForm"}, name) {
			return "makes requests past internal/outbound"
		}
	case "net", "crypto/tls":
		if strings.HasPrefix(name, "Dial") || strings.HasPrefix(name, "Lookup") || name == "Resolver" || name == "DefaultResolver" {
			return "connects past internal/outbound"
		}
	case "net/smtp", "net/rpc", "golang.org/x/net/websocket":
		return "connects past internal/outbound"
	case "os/exec":
		if strings.HasPrefix(name, "Command") {
			return "runs another program"
		}
	}
	return ""
}

func TestNothingLeavesPastTheDoor(t *testing.T) { usesIn(t, []string{"."}, mayCall, calls) }

func TestTheDoorFindsAPlantedFault(t *testing.T) {
	for _, line := range []string{"http.Client{}", "http.DefaultClient", "http.Get", "net.Dial", "&net.Dialer{}", "tls.Dial", "net.LookupHost", "exec.Command(`x`)"} {
		source := "package p\nimport (\n\"net\"\n\"net/http\"\n\"crypto/tls\"\n\"os/exec\"\n)\nvar _ = http.StatusOK\nvar _ = net.IPv4\nvar _ = tls.VersionTLS12\nvar _ exec.Error\nvar x = " + line
		found, err := uses("planted.go", source, calls)
		if err != nil {
			t.Fatal(err)
		}
		if len(found) == 0 {
			t.Errorf("%s was not found", line)
		}
	}
	served := "package p\nimport \"net/http\"\nvar _ = http.Server{}\nvar _ http.Handler = http.NotFoundHandler()"
	if found, _ := uses("served.go", served, calls); len(found) > 0 {
		t.Errorf("serving was taken for calling: %v", found)
	}
}
