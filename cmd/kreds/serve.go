package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"

	"kreds/api"
	"kreds/calendar"
	"kreds/calendar/caldav"
	"kreds/internal/outbound"
	"kreds/jobs"
	"kreds/service"
	"kreds/service/booking"
	"kreds/service/calendars"
	"kreds/service/planning"
	"kreds/service/roster"
)

func runServe(ctx context.Context, p *program, args []string) error {
	f := p.flags("serve", "[--api-only | --worker-only]",
		"Runs the API and the worker until it is told to stop (Ctrl-C or SIGTERM); running requests and tasks may finish.\nThe worker reads calendars, plans, confirms and writes. There may be many of each on one PostgreSQL.")
	apiOnly := f.Bool("api-only", false, "run the API; workers run elsewhere")
	workerOnly := f.Bool("worker-only", false, "run the worker; the API runs elsewhere")
	if err := parse(f, args); err != nil {
		return err
	}
	if *apiOnly && *workerOnly {
		return bad("--api-only and --worker-only exclude each other; without either, both run.")
	}
	c, err := loadConfig(p.getenv)
	if err != nil {
		return err
	}
	r, err := start(ctx, c, c.logger(), !*workerOnly, !*apiOnly)
	if err != nil {
		return err
	}
	switch {
	case *workerOnly:
		fmt.Fprintln(p.stderr, "The worker runs.")
	default:
		fmt.Fprintf(p.stderr, "Kreds serves at %s; its documentation is at %s/docs/.\n", r.house.BaseURL, r.house.BaseURL)
	}
	select {
	case <-ctx.Done():
		fmt.Fprintln(p.stderr, "Stopping.")
		return r.stop()
	case err := <-r.failed:
		return errors.Join(err, r.stop())
	}
}

// running is a Kreds that serves.
type running struct {
	house   *service.House
	address string // host:port at which the API listens; empty without one
	failed  chan error

	server  *http.Server
	workers *jobs.Workers
	client  *outbound.Maker
}

// stopTime is what running requests get to end.
const stopTime = 10 * time.Second

// start opens the house of a configuration and serves it: the API, the worker, or both.
func start(ctx context.Context, c Config, log *slog.Logger, withAPI, withWorker bool) (r *running, err error) {
	r = &running{failed: make(chan error, 1)}
	defer func(begun *running) {
		if err != nil {
			_ = begun.stop()
		}
	}(r)
	var listener net.Listener
	if withAPI {
		if listener, err = net.Listen("tcp", c.Listen); err != nil {
			return nil, fmt.Errorf("cannot listen: %w. Maybe something else listens there; KREDS_LISTEN names another place", err)
		}
		defer func() {
			if err != nil {
				_ = listener.Close()
			}
		}()
		r.address = listener.Addr().String()
		if c.BaseURL == "" {
			c.BaseURL = "http://" + r.address
		}
	} else if c.BaseURL == "" {
		c.BaseURL = "http://" + c.Listen
	}
	if r.house, err = openHouse(ctx, c, log); err != nil {
		return nil, err
	}
	if current, err := r.house.Store.Current(ctx); err != nil || !current {
		return nil, errors.Join(err, errors.New("the database is not at the newest step. Run kreds migrate first"))
	}
	r.guard(c, log)
	dav := caldav.New(r.client)
	outside := calendars.New(r.house, map[string]calendar.Provider{dav.Kind(): dav}, func(raw string) error {
		_, err := r.client.CheckURL(raw)
		return err
	})
	h := &api.Handlers{Roster: roster.New(r.house), Planning: planning.New(r.house), Booking: booking.New(r.house), Calendars: outside,
		Cursors: api.NewCursors(r.house.Masters.Derive("cursors"))}
	if withWorker {
		if r.workers, err = jobs.Start(ctx, r.house.Store, jobs.Of(h.Roster, h.Planning, h.Booking, h.Calendars), log); err != nil {
			return nil, err
		}
	}
	if withAPI {
		if err := r.listen(c.BaseURL, listener, h, log); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// guard makes the maker of outbound clients; what is asked for outside is never this installation itself.
func (r *running) guard(c Config, log *slog.Logger) {
	own := []string{r.address}
	if u, err := url.Parse(c.BaseURL); err == nil {
		own = append(own, u.Host)
	}
	r.client = outbound.New(outbound.Policy{Allow: c.allow, Own: own, Log: log})
}

// listen serves the API behind its door.
func (r *running) listen(base string, listener net.Listener, h *api.Handlers, log *slog.Logger) error {
	e, err := api.New(api.Config{Base: base, Authenticate: api.Identified(h.Roster), Admit: api.Admitted(h.Roster), Log: log, NewID: newID}, h)
	if err != nil {
		return err
	}
	r.server = api.NewServer(e)
	r.server.ErrorLog = slog.NewLogLogger(log.Handler(), slog.LevelWarn)
	go func() {
		if err := r.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			r.failed <- fmt.Errorf("the API stopped: %w", err)
		}
	}()
	return nil
}

// stop takes nothing new, lets what runs end, and closes the house.
func (r *running) stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	var faults []error
	if r.server != nil {
		faults = append(faults, r.server.Shutdown(ctx))
	}
	if r.workers != nil {
		faults = append(faults, r.workers.Stop(context.Background()))
	}
	if r.house != nil {
		faults = append(faults, r.house.Store.Close())
	}
	return errors.Join(faults...)
}
