package feed_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rator/access"
	"rator/event/feed"
	"rator/store"
)

// openAudit is open for the audit, which root, clerk and other may read.
func openAudit(t *testing.T, edit ...func(*feed.Config)) *house {
	t.Helper()
	h := open(t, edit...)
	h.path = feed.AuditPath
	h.update(func(tx store.Tx) error {
		for _, name := range []string{"root", "clerk", "other"} {
			if err := access.Grant(tx, local, name, access.RightAudit); err != nil {
				return err
			}
		}
		return nil
	})
	return h
}

// does writes rows, each of a brand, and gives their ids.
func (h *house) does(brands ...string) (ids []string) {
	h.t.Helper()
	h.update(func(tx store.Tx) error {
		for i, brand := range brands {
			row := access.AuditRow{Who: "shop", Face: "soap", Hookpoint: fmt.Sprint("DO_", i), Brand: brand, Account: store.ID(202601020304050000 + i), Outcome: access.OutcomeOK}
			if i%2 == 1 {
				row.Outcome = "UNKNOWN_CUSTOMER"
			}
			if err := access.Record(tx, row); err != nil {
				return err
			}
		}
		newest, err := access.NewestRow(tx)
		for i := range brands {
			ids = append(ids, (newest - store.ID(len(brands)-1-i)).String())
		}
		return err
	})
	return ids
}

// hookpoints reads an answer and gives the hookpoints of its lines.
func (h *house) hookpoints(resp *http.Response) string {
	h.t.Helper()
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		h.t.Fatalf("%s %s %v", resp.Status, body, err)
	}
	var all []string
	for line := range strings.Lines(string(body)) {
		var row struct{ ID, Hookpoint string }
		if err := json.Unmarshal([]byte(line), &row); err != nil || len(row.ID) != 18 {
			h.t.Fatalf("line %q: %v", line, err)
		}
		all = append(all, row.Hookpoint)
	}
	return strings.Join(all, " ")
}

func TestAudit(t *testing.T) {
	h := openAudit(t)
	ids := h.does("DEMO", "DEMO2", "", "DEMO")
	for _, test := range []struct{ operator, query, want string }{
		{"root", "operator=shop", "DO_0 DO_1 DO_2 DO_3"},
		{"clerk", "face=soap", "DO_0 DO_3"},
		{"other", "face=soap", "DO_1"},
		{"root", "brand=DEMO2&face=soap", "DO_1"},
		{"clerk", "brand=DEMO&outcome=refused", "DO_3"},
		{"root", "operator=shop&outcome=UNKNOWN_CUSTOMER", "DO_1 DO_3"},
		{"root", "face=soap&outcome=OK", "DO_0 DO_2"},
		{"root", "since=" + ids[1] + "&face=soap", "DO_2 DO_3"},
		{"root", "since=2026-05-02T10:11:12Z&face=soap", "DO_0 DO_1 DO_2 DO_3"},
		{"root", "since=2026-05-03&face=soap", ""},
		{"root", "until=2026-05-02&face=soap", ""},
		{"root", "since=7d&until=2026-05-03&face=soap", "DO_0 DO_1 DO_2 DO_3"},
		{"root", "account=202601020304050001", "DO_1"},
		{"clerk", "account=202601020304050001", ""},
		{"root", "object=202601020304050002", "DO_2"},
		{"root", "hookpoint=DO_2&follow=false", "DO_2"},
		{"root", "operator=nobody", ""},
	} {
		resp := h.get(test.operator, test.query)
		if got := h.hookpoints(resp); got != test.want {
			t.Errorf("%s asks for %s and gets %q, not %q", test.operator, test.query, got, test.want)
		}
		if c := resp.Header.Get(feed.CursorHeader); len(c) != 18 || c < ids[3] {
			t.Errorf("%s: cursor %q", test.query, c)
		}
		if told := <-h.told; told.Outcome != "OK" || told.Operation != "AUDIT_READ" {
			t.Errorf("told: %+v", told)
		}
	}
	// Reading it is in it, with what was asked for.
	h.Store.View(t.Context(), func(tx store.Tx) error {
		var notes []string
		for row, err := range access.RowsOfOperator(tx, "clerk") {
			if err != nil {
				t.Fatal(err)
			}
			notes = row.Notes
		}
		if len(notes) != 2 || notes[1] != "asked for: brands DEMO, account 202601020304050001" {
			t.Errorf("the newest row of clerk has %q", notes)
		}
		return nil
	})
}

func TestAuditIsRefused(t *testing.T) {
	h := openAudit(t)
	h.does("DEMO")
	h.refused("", "", http.StatusUnauthorized, "NOT_AUTHENTICATED")
	h.refused("both", "", http.StatusForbidden, "NOT_ALLOWED")
	h.refused("stranger", "", http.StatusForbidden, "NOT_ALLOWED") // * is no right over the house
	h.refused("clerk", "brand=DEMO2", http.StatusForbidden, "NOT_ALLOWED")
	h.refused("root", "brand=NONE", http.StatusBadRequest, "UNKNOWN_BRAND")
	for _, query := range []string{"brand=", "account=12", "object=x", "since=x", "until=1h", "who=shop", "since=999912312359590000", "since=1h&since=2h", "follow=maybe",
		"operator=" + strings.Repeat("x", 200)} {
		h.refused("root", query, http.StatusBadRequest, "BAD_QUERY")
	}
}

// Who follows is told what comes, of the own brands, until the right is taken away.
func TestAuditIsFollowed(t *testing.T) {
	h := openAudit(t)
	h.does("DEMO", "DEMO2")
	resp := h.get("clerk", "follow=true")
	defer resp.Body.Close()
	lines := json.NewDecoder(resp.Body)
	next := func() string {
		var row struct{ Hookpoint string }
		if err := lines.Decode(&row); err != nil {
			return err.Error()
		}
		return row.Hookpoint
	}
	if got := next(); got != "DO_0" {
		t.Errorf("the first line is of %s", got)
	}
	h.does("DEMO2", "DEMO2", "DEMO")
	if got := next(); got != "DO_2" {
		t.Errorf("the next line is of %s", got)
	}
	h.update(func(tx store.Tx) error { return access.Revoke(tx, local, "clerk", access.RightAudit) })
	h.does("DEMO")
	if got := next(); got != io.ErrUnexpectedEOF.Error() && got != io.EOF.Error() {
		t.Errorf("without the right, the next line is of %s", got)
	}
}

// TestAuditThatEnded: who asks from before what retention left is told, and not given less
// as if it were all.
func TestAuditThatEnded(t *testing.T) {
	h := openAudit(t)
	gone := h.does("DEMO", "DEMO2", "DEMO")
	lost, err := access.Seal(t.Context(), h)
	if err != nil {
		t.Fatal(err)
	}
	kept := h.does("DEMO", "DEMO2")
	if _, err := access.Seal(t.Context(), h); err != nil {
		t.Fatal(err)
	}
	if got := h.hookpoints(h.get("root", "since="+gone[0]+"&face=soap")); got != "DO_1 DO_2 DO_0 DO_1" {
		t.Errorf("before any ended: %q", got)
	}
	<-h.told
	// Every row is older than that, and the newest segment stays.
	if n, err := access.EndRows(t.Context(), h, -48*time.Hour); n != lost || err != nil {
		t.Fatalf("%d rows ended, not %d: %v", n, lost, err)
	}
	for _, query := range []string{"since=" + gone[0], "since=" + gone[1] + "&face=soap", "since=2026-05-02", "since=7d&account=202601020304050000", "since=202601010000000000&follow=true"} {
		if p := h.refused("clerk", query, http.StatusGone, "ROWS_GONE"); p.Lost != int64(lost) || p.Cursor != gone[2] {
			t.Errorf("%s: %+v", query, p)
		}
	}
	for query, want := range map[string]string{"": "DO_0 DO_1", "since=" + gone[2]: "DO_0 DO_1", "since=" + kept[0]: "DO_1", "since=2026-05-03": ""} {
		if got := h.hookpoints(h.get("root", query+"&face=soap")); got != want {
			t.Errorf("%s tells %q, not %q", query, got, want)
		}
	}
}

// lagging is a store that has rows settle late.
type lagging struct {
	store.Store
	upTo atomic.Int64
}

func (l *lagging) Settled(context.Context) (store.ID, error) { return store.ID(l.upTo.Load()), nil }

// TestAuditTellsWhatIsSettled: a row that comes below one that was told would be missed by
// who goes on after that.
func TestAuditTellsWhatIsSettled(t *testing.T) {
	var l lagging
	h := openAudit(t, func(c *feed.Config) { l.Store, c.Gate.Store = c.Gate.Store, &l })
	ids := h.does("DEMO", "DEMO", "DEMO")
	settle := func(id string) {
		n, err := store.ParseID(id)
		if err != nil {
			t.Fatal(err)
		}
		l.upTo.Store(int64(n))
	}
	settle(ids[1])
	resp := h.get("root", "face=soap")
	if got := h.hookpoints(resp); got != "DO_0 DO_1" || resp.Header.Get(feed.CursorHeader) != ids[1] {
		t.Errorf("%q, to go on after %s", got, resp.Header.Get(feed.CursorHeader))
	}
	followed := h.get("root", "face=soap&follow=true&since="+ids[0])
	defer followed.Body.Close()
	lines := bufio.NewScanner(followed.Body)
	for i, want := range []string{`"DO_1"`, `"DO_2"`} {
		if !lines.Scan() || !strings.Contains(lines.Text(), want) {
			t.Errorf("line %d: %s, %v", i, lines.Text(), lines.Err())
		}
		settle(ids[2])
	}
	settle(ids[0])
	resp = h.get("root", "face=soap&since="+ids[1]) // as after a start, where nothing is known to be settled
	if got := h.hookpoints(resp); got != "" || resp.Header.Get(feed.CursorHeader) != ids[1] {
		t.Errorf("%q, to go on after %s", got, resp.Header.Get(feed.CursorHeader))
	}
}
