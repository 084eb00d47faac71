package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"kreds"
	"kreds/api/contract"
	"kreds/supervision"
)

// Config is what the HTTP side has to be told. Base and Authenticate are needed, the rest has a usable zero value.
type Config struct {
	// Base is the address by which the installation is reached, without a slash at the end: https://kreds.a.example.
	Base string
	// Authenticate looks credentials up.
	Authenticate Authenticate
	// Admit judges by role what a caller may do at all, before the request is read; nil admits everybody. The object itself is
	// judged in the call.
	Admit func(ctx context.Context, o *Operation) error
	// Leaked is told of a secret that came in an address, so that its token can be flagged.
	Leaked func(ctx context.Context, s Secret)
	// Log takes refusals and faults; nil is slog's default.
	Log *slog.Logger
	// NewID makes request ids; nil makes UUIDs of version 7.
	NewID func() supervision.UUID
	// Deadline is how long a request may take; 0 is 10 seconds.
	Deadline time.Duration
}

// The limits of the server. Go counts 4 KiB of slack to MaxHeaderBytes, so that 32 KiB of headers is the end.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 15 * time.Second
	writeTimeout      = 30 * time.Second
	idleTimeout       = 60 * time.Second
	maxHeaderBytes    = 28 << 10
	defaultDeadline   = 10 * time.Second
)

// Contract loads the embedded contract and its catalogue of problems, once.
var Contract = sync.OnceValues(func() (*Document, error) { return LoadDocument(kreds.OpenAPI()) })

// Problems loads the embedded catalogue of problems, once.
var Problems = sync.OnceValues(func() (*Catalogue, error) { return LoadCatalogue(kreds.Problems()) })

// New returns an echo that serves the contract by the handlers, its pages, and nothing else. Routes outside of the contract
// (the CalDAV address, the console) are added by the caller; they get the headers and the rendering of errors, and for the
// rest they are on their own.
func New(config Config, handlers contract.StrictServerInterface) (*echo.Echo, error) {
	document, err := Contract()
	if err != nil {
		return nil, err
	}
	e, err := newEcho(config, document)
	if err != nil {
		return nil, err
	}
	contract.RegisterHandlers(e, contract.NewStrictHandler(handlers, nil))
	return e, addPages(e, document)
}

// newEcho is an echo with the door of a document, without routes.
func newEcho(config Config, document *Document) (*echo.Echo, error) {
	catalogue, err := Problems()
	if err != nil {
		return nil, err
	}
	if config.Authenticate == nil || !strings.HasPrefix(config.Base, "http") || strings.HasSuffix(config.Base, "/") {
		return nil, errors.New("api: Config needs Authenticate and a Base such as https://kreds.a.example")
	}
	if config.Log == nil {
		config.Log = slog.Default()
	}
	if config.NewID == nil {
		config.NewID = func() supervision.UUID { return supervision.UUID(uuid.Must(uuid.NewV7())) }
	}
	if config.Deadline == 0 {
		config.Deadline = defaultDeadline
	}
	d := &door{
		document: document, catalogue: catalogue, authenticate: config.Authenticate, admit: config.Admit, leaked: config.Leaked,
		newID: config.NewID, deadline: config.Deadline, origin: http.NewCrossOriginProtection(),
	}
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.IPExtractor = echo.ExtractIPDirect() // X-Forwarded-For is anybody's text
	e.HTTPErrorHandler = (&problems{catalogue: catalogue, base: config.Base, log: config.Log}).handle
	e.Use(secure(strings.HasPrefix(config.Base, "https:")), d.middleware)
	return e, nil
}

// NewServer returns a server with the limits of the house; slow and oversized requests end in the server, before echo.
func NewServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes,
	}
}
