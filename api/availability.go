package api

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"kreds/api/contract"
	"kreds/calendar"
	"kreds/service"
	"kreds/service/calendars"
	"kreds/supervision"
)

// GetAvailability answers GET /v1/people/{id}/availability.
func (h *Handlers) GetAvailability(ctx context.Context, r contract.GetAvailabilityRequestObject) (contract.GetAvailabilityResponseObject, error) {
	id, err := PathID[supervision.PersonID](r.ID)
	if err != nil {
		return nil, err
	}
	window := calendar.Interval{Start: supervision.At(r.Params.From), End: supervision.At(r.Params.To)}
	a, err := h.Calendars.GetAvailability(ctx, actorOf(ctx), id, window)
	if err != nil {
		return nil, err
	}
	return contract.GetAvailability200JSONResponse{
		PersonID: contract.ID(a.Person), From: a.Window.Start, To: a.Window.End, AsOfAt: a.AsOf,
		Intervals: each(a.Spans, func(s calendar.Span) contract.AvailabilityInterval {
			return contract.AvailabilityInterval{Start: s.Start, End: s.End, State: contract.AvailabilityIntervalState(s.State)}
		}),
		Sources: each(a.Sources, func(s calendars.Source) contract.AvailabilitySource {
			return contract.AvailabilitySource{Kind: contract.AvailabilitySourceKind(s.Kind), ConnectionID: NullIf(s.Connection.Any()),
				Health: contract.CalendarHealth(s.Health), ReadAt: NullIf(s.ReadAt)}
		}),
	}, nil
}

func declaredJSON(s service.Seen[calendars.Declared]) contract.DeclaredAvailability {
	d := s.Object
	return contract.DeclaredAvailability{
		Etag: tagOf(d.Version, s.View), PersonID: contract.ID(d.Person), TimeZone: d.TimeZone, ValidTo: NullIf(d.ValidTo),
		Weekly: each(d.Weekly, func(w supervision.WeeklyTime) contract.WeeklyTime {
			span := workSpanJSON(w.WorkSpan)
			return contract.WeeklyTime{Weekday: span.Weekday, FromTime: span.FromTime, ToTime: span.ToTime, Preferred: &w.Preferred}
		}),
		Exceptions: each(d.Exceptions, func(e supervision.DeclaredException) contract.AvailabilityException {
			return contract.AvailabilityException{StartLocal: wallText(e.Start), EndLocal: wallText(e.End), Available: e.Available}
		}),
		Warnings: each(d.Warnings[:min(len(d.Warnings), maxFindings)], func(f supervision.Field) contract.Warning {
			return contract.Warning{Pointer: NullIf(f.Pointer), Code: f.Code, Detail: f.Detail}
		}),
	}
}

// GetDeclaredAvailability answers GET /v1/people/{id}/declared-availability.
func (h *Handlers) GetDeclaredAvailability(ctx context.Context, r contract.GetDeclaredAvailabilityRequestObject) (contract.GetDeclaredAvailabilityResponseObject, error) {
	id, err := PathID[supervision.PersonID](r.ID)
	if err != nil {
		return nil, err
	}
	s, err := h.Calendars.GetDeclaredAvailability(ctx, actorOf(ctx), id)
	if err != nil {
		return nil, err
	}
	j := declaredJSON(s)
	return contract.GetDeclaredAvailability200JSONResponse{Body: j, Headers: contract.GetDeclaredAvailability200ResponseHeaders{ETag: j.Etag}}, nil
}

// PutDeclaredAvailability answers PUT /v1/people/{id}/declared-availability.
func (h *Handlers) PutDeclaredAvailability(ctx context.Context, r contract.PutDeclaredAvailabilityRequestObject) (contract.PutDeclaredAvailabilityResponseObject, error) {
	id, err := PathID[supervision.PersonID](r.ID)
	if err != nil {
		return nil, err
	}
	b := r.Body
	d := supervision.Declaration{TimeZone: b.TimeZone}
	patch(&d.ValidTo, b.ValidTo)
	for _, w := range b.Weekly {
		span := workHoursOf([]contract.WorkHours{{Weekday: w.Weekday, FromTime: w.FromTime, ToTime: w.ToTime}})[0]
		d.Weekly = append(d.Weekly, supervision.WeeklyTime{WorkSpan: span, Preferred: or(w.Preferred, false)})
	}
	slices.SortStableFunc(d.Weekly, func(x, y supervision.WeeklyTime) int { return x.Compare(y.WorkSpan) })
	for i, e := range items(b.Exceptions) {
		start, ok := wallOf(e.StartLocal)
		if !ok {
			return nil, noSuchDay(i, "start_local")
		}
		end, ok := wallOf(e.EndLocal)
		if !ok {
			return nil, noSuchDay(i, "end_local")
		}
		d.Exceptions = append(d.Exceptions, supervision.DeclaredException{Start: start, End: end, Available: e.Available})
	}
	out, err := h.Calendars.PutDeclaredAvailability(ctx, callOf(ctx), id, d, or(b.StrictTime, false))
	if err != nil {
		return nil, err
	}
	j := declaredJSON(out.Value)
	return contract.PutDeclaredAvailability200JSONResponse{Body: j, Headers: contract.PutDeclaredAvailability200ResponseHeaders{ETag: j.Etag}}, nil
}

// wallOf reads a day and a time on the wall; ok is false when there is no such day. Its form was checked at the door.
func wallOf(s string) (w supervision.WallTime, ok bool) {
	day, clock, _ := strings.Cut(s, "T")
	on, err := supervision.ParseDate(day)
	minute, ok := supervision.Clock(clock)
	return supervision.WallTime{On: on, Minute: minute}, ok && err == nil && on.Year > 0
}

func noSuchDay(exception int, member string) error {
	return supervision.Faulty("/exceptions/"+strconv.Itoa(exception)+"/"+member, "format", "There is no such day. Write it as 2027-03-09T08:00.")
}

func wallText(w supervision.WallTime) string {
	return w.On.String() + "T" + supervision.FormatClock(w.Minute)
}
