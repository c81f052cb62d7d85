package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rator/catalogue"
	"rator/clock"
	"rator/server"
	"rator/server/servertest"
	"rator/soap"
	"rator/store"
	"rator/store/bolt"
	"rator/wire"
	"rator/workflow"
	"rator/workflow/value"
)

// clocked is a server with a test clock, whose real time stands still.
type clocked struct {
	testing.TB
	*server.Server
	clock  *clock.Clock
	client *soap.Client
}

// newClocked begins a test clock on 15 January 2026, 00:00 in Copenhagen, and has one
// customer with a line of 19.90 a month, active from then on.
func newClocked(t testing.TB, file string) (c *clocked, group, line string) {
	t.Helper()
	real := time.Date(2030, 5, 6, 7, 8, 9, 0, time.UTC)
	clk := &clock.Clock{Real: func() time.Time { return real }}
	st, err := bolt.Open(file, bolt.Options{Now: clk.Now, Unsynced: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := clk.Begin(t.Context(), st, time.Date(2026, 1, 14, 23, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(server.PrepareDemo(t.Context(), st), st.Update(t.Context(), func(tx store.Tx) error { return catalogue.ServeIn(tx, "Europe/Copenhagen") })); err != nil {
		t.Fatal(err)
	}
	s, err := server.New(server.Config{Store: st, Now: clk.Now, GuardNow: time.Now, Demo: true, Metrics: server.NewMetrics(), Log: slog.New(slog.DiscardHandler), Layers: []workflow.Layer{server.Shipped()}})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(s.Handler)
	t.Cleanup(func() {
		web.Close()
		_, err := server.Verify(context.Background(), st, func(fault error) { t.Errorf("verify: %v", fault) })
		s.Close()
		if err := errors.Join(err, st.Close()); err != nil {
			t.Error(err)
		}
	})
	c = &clocked{t, s, clk, &soap.Client{URL: web.URL + wire.Path}}
	account := c.call("SOAP_SIGNUP_CUSTOMER", server.DemoCustomer()...).Get("ACCOUNT").Items
	group = account.Path("BILLING_GROUPS/BILLING_GROUP/ID").Text
	line = account.Path("BILLING_GROUPS/BILLING_GROUP/SUBSCRIPTIONS/SUBSCRIPTION/ID").Text
	const planA = "201401010000000202"
	c.call("SOAP_SUBSCRIBE_PRODUCT_OPTIONS", value.OfString("SUBSCRIPTION_ID", line), value.Of("PRODUCT_OPTIONS", value.Of("PRODUCT_OPTION", value.OfString("ID", planA))))
	c.call("SOAP_ACTIVATE_SUBSCRIPTION", value.OfString("SUBSCRIPTION_ID", line))
	return c, group, line
}

func (c *clocked) call(hookpoint string, values ...value.Entry) value.Tree {
	c.Helper()
	if value.Tree(values).Get("CONTEXT") == nil {
		values = append(values, value.Of("CONTEXT", value.OfString("OPERATOR", server.DemoOperator), value.OfString("PASSWORD", server.DemoPassword)))
	}
	r, err := c.client.Call(c.Context(), soap.Call{Hookpoint: hookpoint, Values: values})
	if err != nil || r.ErrorCode != 0 {
		c.Fatalf("%s: %+v %v", hookpoint, r, err)
	}
	return r.Values
}

// run runs a command as the live server does.
func (c *clocked) run(args ...string) outcome {
	c.Helper()
	var out, said bytes.Buffer
	code := run(&terminal{ctx: c.Context(), out: &out, err: &said, in: strings.NewReader(""), getenv: func(string) string { return "" },
		live: c.Store, engine: c.Engine, clock: c.clock}, &forwarded{}, args)
	return outcome{code, out.String(), said.String()}
}

// invoices are the days and sums of a group's invoices, newest first, read in pages.
func (c *clocked) invoices(group string) (all []string) {
	c.Helper()
	for cursor, pages := "", 0; cursor != "" || pages == 0; pages++ {
		page := c.call("SOAP_GET_INVOICES", value.OfString("BILLING_GROUP_ID", group), value.OfString("CURSOR", cursor), value.OfLong("PAGE_SIZE", 5))
		for i := range page.Get("INVOICES").Items.All("INVOICE") {
			all = append(all, i.Items.Text("ID")[:8]+" "+i.Items.Text("NUMBER"))
		}
		cursor = page.Text("NEXT_CURSOR")
	}
	return all
}

// TestAYearOfInvoices: a person sees twelve of them, in one command.
func TestAYearOfInvoices(t *testing.T) {
	c, group, _ := newClocked(t, filepath.Join(t.TempDir(), "year.db"))
	o := c.run("clock", "advance", "1", "year")
	if o.code != exitOK || !strings.Contains(o.out, "2026-02-01 00:00  1 invoices, ") || !strings.Contains(o.out, "2027-01-01 00:00  1 invoices, ") ||
		!strings.Contains(o.out, "the test clock is at 2027-01-15T00:00:00+01:00 (Friday, Europe/Copenhagen), begun at 2026-01-15: 12 invoices, ") {
		t.Errorf("%+v", o)
	}
	all := c.invoices(group)
	if len(all) != 12 || all[0][:8] != "20261231" || all[11][:8] != "20260131" { // 1 January in Copenhagen is 23:00 the day before in ids
		t.Errorf("%d invoices: %v", len(all), all)
	}
	for n := 1; n < len(all); n++ {
		if all[n] >= all[n-1] {
			t.Errorf("%s is after %s", all[n-1], all[n])
		}
	}
	if o := c.run("clock"); o.code != exitOK || !strings.HasPrefix(o.out, "the test clock is at 2027-01-15T00:00:00+01:00") {
		t.Errorf("%+v", o)
	}
}

// TestAYearThatIsCutOff goes on where it ended and makes the same invoices.
func TestAYearThatIsCutOff(t *testing.T) {
	c, group, _ := newClocked(t, filepath.Join(t.TempDir(), "cut.db"))
	end := time.Date(2027, 1, 14, 23, 0, 0, 0, time.UTC)
	for cuts := 0; c.clock.Now().Before(end); cuts++ {
		stops := 0
		a := &server.Advance{Store: c.Store, Engine: c.Engine, Clock: c.clock, Told: func(server.Advanced) error {
			if stops++; stops == 2 {
				return errors.New("cut off")
			}
			return nil
		}}
		if err := a.To(t.Context(), end); err != nil && err.Error() != "cut off" || cuts > 50 {
			t.Fatal(err)
		}
	}
	all := c.invoices(group)
	if len(all) != 12 || all[0][:8] != "20261231" || all[11][:8] != "20260131" {
		t.Errorf("%d invoices: %v", len(all), all)
	}
}

// TestAdvanceEndsWhatIsDue at its moment, and bills no day more.
func TestAdvanceEndsWhatIsDue(t *testing.T) {
	c, _, line := newClocked(t, filepath.Join(t.TempDir(), "ends.db"))
	c.call("SOAP_TERMINATE_SUBSCRIPTION", value.OfString("SUBSCRIPTION_ID", line), value.OfDate("TERMINATION_DATE", time.Date(2026, 3, 10, 14, 30, 0, 0, time.UTC)))
	o := c.run("clock", "advance", "to", "2026-06-01")
	if o.code != exitOK || !strings.Contains(o.out, "2026-03-10 15:30  0 invoices, 0 dunned, 1 ended\n") || !strings.Contains(o.out, " 1 ended\n") {
		t.Errorf("%+v", o)
	}
	ended := c.call("SOAP_GET_SUBSCRIPTION", value.OfString("SUBSCRIPTION_ID", line))
	if text := string(ended.JSON()); !strings.Contains(text, "2026-03-10T") {
		t.Errorf("it says %s", text)
	}
}

// TestClockSurvives a restart, and goes on as the real time does.
func TestClockSurvives(t *testing.T) {
	file := filepath.Join(t.TempDir(), "kept.db")
	t.Run("first", func(t *testing.T) {
		c, _, _ := newClocked(t, file)
		if o := c.run("clock", "advance", "3", "weeks"); o.code != exitOK {
			t.Fatalf("%+v", o)
		}
	})
	clk := &clock.Clock{Real: func() time.Time { return time.Date(2030, 5, 6, 8, 8, 9, 0, time.UTC) }} // an hour later
	st, err := bolt.Open(file, bolt.Options{Now: clk.Now, Unsynced: true})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if err := clk.Resume(t.Context(), st); err != nil {
		t.Fatal(err)
	}
	if now := clk.Now().UTC(); !clk.Test() || now != time.Date(2026, 2, 5, 0, 0, 0, 0, time.UTC) {
		t.Errorf("it is at %s", now)
	}
	if err := clk.Begin(t.Context(), st, time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)); err == nil || !strings.Contains(err.Error(), "records of 2026-0") {
		t.Errorf("it begins before its records: %v", err)
	}
}

// TestClockRefuses what is no demo, what goes back, and what is no time.
func TestClockRefuses(t *testing.T) {
	dir := t.TempDir()
	real, test := filepath.Join(dir, "real.db"), filepath.Join(dir, "test.db")
	if err := servertest.OpenStore(t, real).Close(); err != nil {
		t.Fatal(err)
	}
	t.Run("made", func(t *testing.T) { newClocked(t, test) })
	for _, c := range []struct {
		want string
		code int
		args []string
	}{
		{"store " + real + " has no test clock", exitFailed, []string{"clock", "--store", real}},
		{"store " + real + " has no test clock", exitFailed, []string{"clock", "advance", "1", "month", "--store", real}},
		{"goes forward only", exitUsage, []string{"clock", "advance", "to", "2000-01-01", "--store", test}},
		{"more than 50 years", exitUsage, []string{"clock", "advance", "51", "years", "--store", test}},
		{"\"fortnight\" is none of days, weeks, months and years", exitUsage, []string{"clock", "advance", "1", "fortnight", "--store", test}},
		{"\"-1\" is no number", exitUsage, []string{"clock", "advance", "--store", test, "--", "-1", "day"}},
		{"\"Easter\" is no day", exitUsage, []string{"clock", "advance", "to", "Easter", "--store", test}},
		{"say how far", exitUsage, []string{"clock", "advance", "month", "--store", test}},
		{"served with --demo only", exitUsage, []string{"serve", "--store", test, "--listen", "127.0.0.1:0"}},
		{"--clock is for demos", exitUsage, []string{"serve", "--store", filepath.Join(dir, "new.db"), "--clock", "2026-01-15"}},
		{"is no day such as 2026-01-15", exitUsage, []string{"serve", "--demo", "--store", filepath.Join(dir, "new.db"), "--clock", "yesterday"}},
	} {
		if o := rator(t, "", c.args...); o.code != c.code || !strings.Contains(o.err, c.want) {
			t.Errorf("%v: %+v, not %q", c.args, o, c.want)
		}
	}
}

// TestTarget: a month from the last of January is the last of February; days are those
// of the zone.
func TestTarget(t *testing.T) {
	in, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ now, far, want string }{
		{"2026-01-31T09:00:00+01:00", "1 month", "2026-02-28T09:00:00+01:00"},
		{"2026-01-31T00:30:00+01:00", "3 months", "2026-04-30T00:30:00+02:00"},
		{"2026-03-28T12:00:00+01:00", "1 day", "2026-03-29T12:00:00+02:00"},
		{"2028-02-29T12:00:00+01:00", "1 year", "2029-02-28T12:00:00+01:00"},
		{"2026-03-28T12:00:00+01:00", "2 weeks", "2026-04-11T12:00:00+02:00"},
		{"2026-03-28T12:00:00+01:00", "to 2026-07-01", "2026-07-01T00:00:00+02:00"},
		{"2026-03-28T12:00:00+01:00", "to 2026-07-01T06:00:00Z", "2026-07-01T06:00:00Z"},
	} {
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := target(now, strings.Fields(c.far), in); err != nil || got.Format(time.RFC3339) != c.want {
			t.Errorf("%s and %s is %s, %v, not %s", c.now, c.far, got.Format(time.RFC3339), err, c.want)
		}
	}
}
