package store_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	_ "kreds/internal/testkit/repeatable"
	"kreds/store"
	"kreds/supervision"
)

var (
	firstInstant = time.Date(1, 1, 1, 0, 0, 0, 1000, time.UTC)
	lastInstant  = time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC)
)

// kept writes a token and a pair with these times and reads them again.
func (h *house) kept(made, expires supervision.Instant, span supervision.Days) (gotMade, gotExpires supervision.Instant, gotSpan supervision.Days) {
	h.t.Helper()
	tok := supervision.Token{ID: id[supervision.TokenID](), Kind: supervision.IntegrationToken, MadeAt: made, ExpiresAt: expires}
	pair := supervision.Pair{ID: id[supervision.PairID](), Span: span, RulesOn: span.To}
	h.must(func(tx *store.Tx) error { return errors.Join(tx.PutToken(&tok, tok.ID[:]), tx.PutPair(&pair)) })
	h.view(func(tx *store.Tx) error {
		t, err := tx.Token(tok.ID)
		p, perr := tx.Pair(pair.ID)
		if !t.RevokedAt.IsZero() || !t.LastUsedAt.IsZero() || p.RulesOn != p.Span.To {
			h.t.Errorf("what was never is %v, %v; %v is not %v", t.RevokedAt, t.LastUsedAt, p.RulesOn, p.Span.To)
		}
		gotMade, gotExpires, gotSpan = t.MadeAt, t.ExpiresAt, p.Span
		return errors.Join(err, perr)
	})
	return gotMade, gotExpires, gotSpan
}

// Instants come back in UTC and whole to the microsecond, days as they were, from the first year to the last that a date can
// be written in.
func TestTimesComeBackAsTheyWere(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		zone := rapid.SampledFrom([]*time.Location{time.UTC, time.FixedZone("east", 14*3600), time.FixedZone("west", -12*3600)})
		micros := rapid.OneOf(rapid.Int64Range(firstInstant.UnixMicro(), lastInstant.UnixMicro()), rapid.Int64Range(-2, 2),
			rapid.SampledFrom([]int64{firstInstant.UnixMicro(), lastInstant.UnixMicro(), start.UnixMicro()}))
		days := rapid.SampledFrom([]supervision.Date{supervision.MustDate("0001-01-01"), supervision.MustDate("0099-12-31"), supervision.MustDate("1582-10-10"),
			supervision.MustDate("1900-02-28"), supervision.MustDate("1969-12-31"), supervision.MustDate("2028-02-29"), supervision.MustDate("9999-12-31")})
		rapid.Check(t, func(rt *rapid.T) {
			made, expires := time.UnixMicro(micros.Draw(rt, "made")), time.UnixMicro(micros.Draw(rt, "expires"))
			nanos := time.Duration(rapid.IntRange(0, 999).Draw(rt, "nanoseconds"))
			span := supervision.Days{From: days.Draw(rt, "from")}
			if rapid.Bool().Draw(rt, "ends") {
				span.To = days.Draw(rt, "to")
			}
			gotMade, gotExpires, gotSpan := h.kept(made.Add(nanos).In(zone.Draw(rt, "zone")), expires.In(zone.Draw(rt, "zone")), span)
			if !gotMade.Equal(made) || !gotExpires.Equal(expires) || gotMade.Location() != time.UTC || gotSpan != span {
				rt.Fatalf("%v and %v came back as %v and %v, %v as %v", made.UTC(), expires.UTC(), gotMade, gotExpires, span, gotSpan)
			}
		})
	})
}

// A transaction is of one instant, whatever clock the machine shows.
func TestATransactionIsOfOneInstant(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.now = time.Date(2027, 2, 1, 1, 0, 0, 123_456_789, time.FixedZone("east", 14*3600))
		h.must(func(tx *store.Tx) error {
			want := time.Date(2027, 1, 31, 11, 0, 0, 123_456_000, time.UTC)
			if tx.Now() != want || tx.Today() != supervision.MustDate("2027-01-31") {
				t.Errorf("now %v, today %v", tx.Now(), tx.Today())
			}
			h.now = h.now.AddDate(0, 0, 1)
			if tx.Now() != want {
				t.Errorf("now has become %v", tx.Now())
			}
			return nil
		})
	})
}

// Time is compared as time: sessions are found by windows that are half-open to the microsecond.
func TestWindowsAreHalfOpenToTheMicrosecond(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		p := h.people(1)[0]
		old, late := session(start, p), session(start.Add(time.Microsecond), p)
		old.State, late.State = supervision.Proposed, supervision.Proposed
		h.must(func(tx *store.Tx) error { return errors.Join(tx.PutSession(old), tx.PutSession(late)) })
		for _, c := range []struct {
			from, to time.Duration // microseconds after the start
			want     int
		}{{0, 2, 2}, {0, 1, 1}, {1, 2, 1}, {2, 3, 0}, {-1, 0, 0}, {0, 0, 0}} {
			h.view(func(tx *store.Tx) error {
				list, err := tx.ListSessions(store.SessionFilter{From: start.Add(c.from * time.Microsecond), To: start.Add(c.to * time.Microsecond)}, store.Page{Size: 9})
				if len(list) != c.want {
					t.Errorf("[%d, %d): %d sessions, want %d", c.from, c.to, len(list), c.want)
				}
				return err
			})
		}
	})
}
