package calendars_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-ical"

	"kreds/service/calendars"
	"kreds/service/task"
	"kreds/store"
	"kreds/supervision"
)

// feed makes a feed and returns the secret of its address.
func (b *bench) feed(p supervision.Person) string {
	b.t.Helper()
	out, err := b.CreateFeed(b.t.Context(), b.as(p), "phone")
	if err != nil {
		b.t.Fatal(err)
	}
	return secretOf(out.Value)
}

func secretOf(made calendars.FeedMade) string {
	return strings.Split(made.Address.Reveal(), "/")[4]
}

func (b *bench) read(secret string) calendars.FeedText {
	b.t.Helper()
	text, err := b.ReadFeed(b.t.Context(), secret)
	if err != nil {
		b.t.Fatal(err)
	}
	return text
}

// events reads a feed by another program's eyes: the status of each UID.
func events(t *testing.T, text calendars.FeedText) map[string]string {
	t.Helper()
	cal, err := ical.NewDecoder(bytes.NewReader(text.Body)).Decode()
	if err != nil {
		t.Fatalf("%v\n%s", err, text.Body)
	}
	found := map[string]string{}
	for _, e := range cal.Events() {
		uid, err := e.Props.Text(ical.PropUID)
		if err != nil {
			t.Fatal(err)
		}
		found[uid] = e.Props.Get(ical.PropStatus).Value
	}
	return found
}

func TestAFeedShowsItsOwnersSessions(t *testing.T) {
	both(t, func(t *testing.T, b *bench) {
		ida, ole := b.person("ida"), b.person("ole")
		secret := b.feed(ida)
		if got := events(t, b.read(secret)); len(got) != 0 {
			t.Errorf("without sessions the feed holds %v", got)
		}
		x := b.session(monday.AddDate(0, 0, 20), ida, ole)
		uid := b.delivery(x, ida).UID
		steps := []struct {
			state  supervision.SessionState
			status string
		}{
			{supervision.OnHold, "TENTATIVE"}, {supervision.Confirmed, "CONFIRMED"}, {supervision.Proposed, "CANCELLED"},
			{supervision.OnHold, "TENTATIVE"}, {supervision.Confirmed, "CONFIRMED"}, {supervision.Completed, "CONFIRMED"}, {supervision.NoShow, "CONFIRMED"}, {supervision.Cancelled, "CANCELLED"},
		}
		var last calendars.FeedText
		for i, s := range steps {
			if i > 0 {
				b.change(&x, func(x *supervision.Session) { x.State = s.state })
			}
			if i%2 == 0 {
				b.work() // rendered by the task; otherwise in place
			}
			text := b.read(secret)
			if got := events(t, text); got[uid] != s.status || len(got) != 1 {
				t.Errorf("%s: the feed holds %v", s.state, got)
			}
			if text.ETag == last.ETag {
				t.Errorf("%s: the tag is the one of before", s.state)
			}
			last = text
		}
		if again := b.read(secret); !bytes.Equal(again.Body, last.Body) || again.ETag != last.ETag {
			t.Error("two readings differ")
		}
		b.now = b.now.Add(29 * 24 * time.Hour)
		if got := events(t, b.read(secret)); got[uid] != "CANCELLED" {
			t.Errorf("after 29 days the feed holds %v", got)
		}
		b.now = b.now.Add(2 * 24 * time.Hour)
		if got := events(t, b.read(secret)); len(got) != 0 {
			t.Errorf("after 31 days the feed holds %v", got)
		}
	})
}

// TestAFeedTellsItsReaderThatTheyLeft: the session goes on without them.
func TestAFeedTellsItsReaderThatTheyLeft(t *testing.T) {
	b := setup(t)
	ida, ole, eva := b.person("ida"), b.person("ole"), b.person("eva")
	x := b.session(monday.AddDate(0, 0, 20), ida, ole)
	b.change(&x, func(x *supervision.Session) {
		x.Mentors, x.Revision = []supervision.Attendance{{Person: eva.ID, Answer: supervision.Invited}}, 1
	})
	for _, c := range []struct {
		reader supervision.Person
		want   string
	}{{ida, "CANCELLED"}, {eva, "TENTATIVE"}, {ole, "TENTATIVE"}} {
		got := events(t, b.read(b.feed(c.reader)))
		if len(got) != 1 || got[b.delivery(x, c.reader).UID] != c.want {
			t.Errorf("%s reads %v", c.reader.Name, got)
		}
	}
}

// TestAFeedIsTheSameBytes: until something changes that its reader may see, whoever renders it, and when.
func TestAFeedIsTheSameBytes(t *testing.T) {
	b := setup(t)
	ida, ole := b.person("ida"), b.person("ole")
	secret := b.feed(ida)
	x := b.session(monday.AddDate(0, 0, 20), ida, ole)
	b.work()
	first := b.read(secret)
	b.change(&x, func(x *supervision.Session) { x.Place = "Room 2, with Ole" })
	b.now = b.now.Add(25 * time.Hour)
	if err := b.Render(t.Context(), task.Render{Tenant: b.house.Tenant, Person: ida.ID}); err != nil {
		t.Fatal(err)
	}
	if again := b.read(secret); !bytes.Equal(first.Body, again.Body) || first.ETag != again.ETag {
		t.Errorf("a day later it is\n%s\nand was\n%s", again.Body, first.Body)
	}
	for _, name := range []string{"Ida", "ida", "Ole", "ole@", "Room", b.house.Tenant.String(), x.ID.String()} {
		if bytes.Contains(first.Body, []byte(name)) {
			t.Errorf("the feed names %q:\n%s", name, first.Body)
		}
	}
}

func TestASecretOpensItsFeedAlone(t *testing.T) {
	b := setup(t)
	ida := b.person("ida")
	secret := b.feed(ida)
	b.read(secret)
	if n := occurrences(t, b.file, secret); n != 0 {
		t.Error("the secret stands in the database")
	}
	if strings.Contains(b.log.String(), secret) {
		t.Error("the secret stands in the log")
	}
	for _, other := range []string{"", "kreds_fd_x", secret + "x", secret[:len(secret)-1]} {
		if _, err := b.ReadFeed(t.Context(), other); supervision.KindOf(err) != supervision.NotFound {
			t.Errorf("%q opens it: %v", other, err)
		}
	}
	b.view(func(tx *store.Tx) error {
		feeds, err := tx.ListFeeds(store.Page{Size: 10})
		if len(feeds) != 1 || !feeds[0].LastReadAt.Equal(monday) {
			t.Errorf("the feeds are %+v", feeds)
		}
		return err
	})
}

// TestAFeedIsServedWhileNothingCanBeWritten: the last rendering is better than none.
func TestAFeedIsServedWhileNothingCanBeWritten(t *testing.T) {
	b := setup(t)
	ida, ole := b.person("ida"), b.person("ole")
	secret := b.feed(ida)
	first := b.read(secret)
	b.session(monday.AddDate(0, 0, 20), ida, ole)
	if _, err := b.raw.Exec("CREATE TRIGGER stuck BEFORE INSERT ON agenda BEGIN SELECT RAISE(ABORT, 'stuck'); END"); err != nil {
		t.Fatal(err)
	}
	if got := b.read(secret); got.ETag != first.ETag {
		t.Errorf("it serves %s", got.Body)
	}
	if _, err := b.raw.Exec("DROP TRIGGER stuck"); err != nil {
		t.Fatal(err)
	}
	if got := b.read(secret); len(events(t, got)) != 1 {
		t.Errorf("afterwards it serves %s", got.Body)
	}
}
