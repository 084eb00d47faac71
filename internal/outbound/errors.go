package outbound

import (
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strings"
)

// Why a call is refused or fails; use errors.Is.
var (
	ErrURL            = errors.New("the URL is not one that can be called: give https://host/path without a user name")
	ErrScheme         = errors.New("only https is allowed")
	ErrPort           = errors.New("the port is not allowed: use 443, 8443, 8843, 5232, 8008 or 80")
	ErrRefusedAddress = errors.New("the address is not allowed")
	ErrOrigin         = errors.New("the server leads to another place, which must not see the credentials")
	ErrRedirect       = errors.New("the server redirects where it must not, or too often")
	ErrTooLarge       = errors.New("the answer is too large")
	ErrEncoding       = errors.New("the answer has an encoding that was not asked for, or a broken one")
	ErrTimeout        = errors.New("the server is too slow")
	ErrTLS            = errors.New("no secure connection: the certificate or the protocol is not in order")
	ErrUnreachable    = errors.New("the server cannot be reached or broke off")
)

// Error is a call that was refused or failed.
type Error struct {
	Kind error  // one of the errors above, or context.Canceled when the caller gave up
	Host string // the host that was asked for, as it was named; "" when there was none to name
}

// Error names the host and the kind.
func (e *Error) Error() string {
	if e.Host == "" {
		return "outbound: " + e.Kind.Error()
	}
	return "outbound: " + e.Host + ": " + e.Kind.Error()
}

// Unwrap gives the kind.
func (e *Error) Unwrap() error { return e.Kind }

// Code is the reason for which an address is not called, as a program acts on it: url-scheme, port-not-allowed or
// outbound-address-refused.
func (e *Error) Code() string {
	switch e.Kind {
	case ErrURL, ErrScheme:
		return "url-scheme"
	case ErrPort:
		return "port-not-allowed"
	}
	return "outbound-address-refused"
}

// refused is what the dialer says of an address that the policy does not let through. It stays inside of the package.
type refused struct{ address string }

func (r *refused) Error() string { return "refused " + r.address }

// Causes by which the package ends a call.
var (
	errTotal = errors.New("the whole call took too long")
	errSlow  = errors.New("the body comes too slowly")
)

// kindOf classifies an error of the transport or of a body. ctx is the call's context, caller the one it was made from.
func kindOf(err error, ctx, caller context.Context) error {
	var ours *Error
	if errors.As(err, &ours) {
		return ours.Kind
	}
	var r *refused
	if errors.As(err, &r) {
		return ErrRefusedAddress
	}
	if errors.Is(caller.Err(), context.Canceled) {
		return context.Canceled
	}
	if ctx.Err() != nil {
		return ErrTimeout
	}
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		return ErrTimeout
	}
	var cert *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	if errors.As(err, &cert) || errors.As(err, &record) || errors.As(err, &alert) {
		return ErrTLS
	}
	var corrupt flate.CorruptInputError
	if errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || errors.As(err, &corrupt) {
		return ErrEncoding
	}
	// net/http has no type for this one.
	if strings.Contains(err.Error(), "response headers exceeded") {
		return ErrTooLarge
	}
	return ErrUnreachable
}
