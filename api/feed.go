package api

import (
	"context"
	"net/http"
	"strconv"

	"kreds/api/contract"
	"kreds/service"
	"kreds/service/calendars"
	"kreds/supervision"
)

func feedJSON(s service.Seen[supervision.Feed]) contract.Feed {
	f := s.Object
	return contract.Feed{ID: contract.ID(f.ID), Etag: tagOf(f.Version, s.View), Name: f.Name, State: contract.FeedState(f.State), CreatedAt: f.MadeAt,
		LastReadAt: NullIf(f.LastReadAt)}
}

// feedMadeJSON renders a feed with its address, which a repeat does not have.
func feedMadeJSON(m calendars.FeedMade) contract.FeedMade {
	j := contract.FeedMade{Feed: feedJSON(m.Feed), URL: NullIf(m.Address.Reveal()), Warnings: []contract.Warning{}}
	if m.Written {
		j.Warnings = append(j.Warnings, contract.Warning{Pointer: Null[string](nil), Code: "also-written-back",
			Detail: "Your sessions are also written into a calendar of yours. A program that shows both shows them twice."})
	}
	return j
}

// ListFeeds answers GET /v1/feeds.
func (h *Handlers) ListFeeds(ctx context.Context, r contract.ListFeedsRequestObject) (contract.ListFeedsResponseObject, error) {
	p, err := h.page(ctx, r.Params.PageSize)
	if err != nil {
		return nil, err
	}
	rows, more, err := h.Calendars.ListFeeds(ctx, actorOf(ctx), p)
	if err != nil {
		return nil, err
	}
	cursor, err := next(ctx, h, rows, more, func(s service.Seen[supervision.Feed]) supervision.UUID { return s.Object.ID.Any() })
	return contract.ListFeeds200JSONResponse{Items: each(rows, feedJSON), NextCursor: cursor}, err
}

// CreateFeed answers POST /v1/feeds.
func (h *Handlers) CreateFeed(ctx context.Context, r contract.CreateFeedRequestObject) (contract.CreateFeedResponseObject, error) {
	out, err := h.Calendars.CreateFeed(ctx, callOf(ctx), r.Body.Name)
	if err != nil {
		return nil, err
	}
	j := feedMadeJSON(out.Value)
	return contract.CreateFeed201JSONResponse{Body: j, Headers: contract.CreateFeed201ResponseHeaders{
		ETag: j.Feed.Etag, Location: "/v1/feeds/" + j.Feed.ID.String(), IdempotencyReplayed: replayed(out.Replayed),
	}}, nil
}

// RotateFeed answers POST /v1/feeds/{id}/rotation.
func (h *Handlers) RotateFeed(ctx context.Context, r contract.RotateFeedRequestObject) (contract.RotateFeedResponseObject, error) {
	id, err := PathID[supervision.FeedID](r.ID)
	if err != nil {
		return nil, err
	}
	out, err := h.Calendars.RotateFeed(ctx, callOf(ctx), id)
	if err != nil {
		return nil, err
	}
	j := feedMadeJSON(out.Value)
	return contract.RotateFeed200JSONResponse{Body: j, Headers: contract.RotateFeed200ResponseHeaders{
		ETag: j.Feed.Etag, IdempotencyReplayed: replayed(out.Replayed),
	}}, nil
}

// DeleteFeed answers DELETE /v1/feeds/{id}.
func (h *Handlers) DeleteFeed(ctx context.Context, r contract.DeleteFeedRequestObject) (contract.DeleteFeedResponseObject, error) {
	id, err := PathID[supervision.FeedID](r.ID)
	if err != nil {
		return nil, err
	}
	return contract.DeleteFeed204Response{}, h.Calendars.DeleteFeed(ctx, callOf(ctx), id)
}

// calendarText is a feed as calendar programs want it: they keep it for a while, search engines not at all.
type calendarText struct {
	calendars.FeedText
	headOnly bool
}

// ReadFeed answers GET /feeds/{token}/calendar.ics.
func (h *Handlers) ReadFeed(ctx context.Context, r contract.ReadFeedRequestObject) (contract.ReadFeedResponseObject, error) {
	text, err := h.Calendars.ReadFeed(ctx, r.Token)
	if err != nil {
		return nil, err
	}
	return calendarText{FeedText: text}, nil
}

// HeadFeed answers HEAD /feeds/{token}/calendar.ics.
func (h *Handlers) HeadFeed(ctx context.Context, r contract.HeadFeedRequestObject) (contract.HeadFeedResponseObject, error) {
	text, err := h.Calendars.ReadFeed(ctx, r.Token)
	if err != nil {
		return nil, err
	}
	return calendarText{text, true}, nil
}

// VisitReadFeedResponse writes the feed.
func (t calendarText) VisitReadFeedResponse(w http.ResponseWriter) error {
	header := w.Header()
	header.Set("Content-Type", "text/calendar; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(len(t.Body)))
	header.Set("Content-Disposition", `inline; filename="sessions.ics"`)
	header.Set("Cache-Control", "private, max-age=900")
	header.Set("X-Robots-Tag", "noindex")
	header.Set("ETag", t.ETag)
	w.WriteHeader(http.StatusOK)
	if t.headOnly {
		return nil
	}
	_, err := w.Write(t.Body)
	return err
}

// VisitHeadFeedResponse writes what the feed would, without the calendar.
func (t calendarText) VisitHeadFeedResponse(w http.ResponseWriter) error {
	return t.VisitReadFeedResponse(w)
}
