package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/access"
	"rator/calllog"
	"rator/catalogue"
	"rator/customer"
	"rator/server"
	"rator/server/servertest"
	"rator/soap"
	"rator/store"
	"rator/workflow/value"
)

// historyOf runs rator history as in the server that has the store.
func historyOf(t *testing.T, s *server.Server, args ...string) outcome {
	t.Helper()
	var out, said bytes.Buffer
	code := run(&terminal{ctx: t.Context(), out: &out, err: &said, live: s.Store, calls: s.Calls, file: "none.db"}, &forwarded{}, append([]string{"history"}, args...))
	return outcome{code, out.String(), said.String()}
}

// historyJSONOf is what rator history --json answers.
func historyJSONOf(t *testing.T, s *server.Server, args ...string) historyJSON {
	t.Helper()
	o := historyOf(t, s, append(args, "--json")...)
	var h historyJSON
	if err := json.Unmarshal([]byte(o.out), &h); o.code != exitOK || err != nil {
		t.Fatalf("%v: %+v, %v", args, o, err)
	}
	return h
}

// says fails unless a command ended so and said what the pattern has.
func says(t *testing.T, o outcome, code int, pattern string) {
	t.Helper()
	if o.code != code || !regexp.MustCompile(pattern).MatchString(o.out+o.err) {
		t.Errorf("%d\n%s%s\nwant %d and\n%s", o.code, o.out, o.err, code, pattern)
	}
}

// TestHistoryIsOneTimeline: a call, its row of the audit and its events stand together,
// in the order in which they came, each with who caused it.
func TestHistoryIsOneTimeline(t *testing.T) {
	s, endpoint, _ := servertest.Logged(t)
	client := &soap.Client{URL: endpoint}
	call := func(hookpoint string, values ...value.Entry) value.Tree {
		t.Helper()
		r, err := client.Call(t.Context(), soap.Call{Hookpoint: hookpoint, RequestID: hookpoint, Values: append(values, server.DemoCustomer()[4])})
		if err != nil || r.ErrorCode != 0 {
			t.Fatalf("%s: %v %+v", hookpoint, err, r)
		}
		return r.Values
	}
	account := call("SOAP_SIGNUP_CUSTOMER", server.DemoCustomer()[:4]...).Items("ACCOUNT")
	call("SOAP_UPDATE_USER", value.Of("USER", value.OfString("ID", account.Text("OWNER_ID")), value.OfString("STREET", "Nygade")))
	h := historyJSONOf(t, s, "--customer", account.Text("CUSTOMER_NUMBER"))
	if c := h.Customer; c.Account.String() != account.Text("ID") || c.Status != "ACTIVE" || len(c.Lines) != 1 || c.Lines[0].Status != "CREATED" || c.Lines[0].Block != nil {
		t.Errorf("%+v", c)
	}
	last := map[string]int{}
	for i, e := range h.History {
		if e.Who != server.DemoOperator || e.Face != calllog.FaceSOAP {
			t.Errorf("nobody caused %+v", e)
		}
		if i > 0 && e.Time < h.History[i-1].Time {
			t.Errorf("%+v comes after %+v", e, h.History[i-1])
		}
		last[e.Kind+" "+e.What] = i
	}
	at := 0
	for _, want := range []string{
		"call SOAP_SIGNUP_CUSTOMER", "audit SOAP_SIGNUP_CUSTOMER", "event customer.created", "call SOAP_UPDATE_USER", "audit SOAP_UPDATE_USER",
	} {
		i, there := last[want]
		if !there || i < at {
			t.Fatalf("%s is not where it belongs: %v", want, last)
		}
		at = i
	}
	says(t, historyOf(t, s, "--account", account.Text("ID")), exitOK, `(?s)^Customer 100001 of brand DEMO, account \d{18}: ACTIVE\nOwner \d{18}: Åse Øre\n.*CREATED.*`+
		`TIME +KIND +WHO +FACE +WHAT.*call +demo +soap +SOAP_SIGNUP_CUSTOMER +ok +rator log show \d+-\d+\n.*audit +demo +soap +SOAP_SIGNUP_CUSTOMER +OK `+
		`.*event +demo +soap +customer.created +- .*ACCOUNT_ID=\d{18}`)
	says(t, historyOf(t, s, "--account", account.Text("ID")), exitOK, `SOAP_UPDATE_USER +OK +`+account.Text("OWNER_ID")+`.* user STREET Algade → Nygade;`)
	updated := h.History[last["audit SOAP_UPDATE_USER"]].Changes
	if len(updated) != 1 || updated[0].What != "updated" || len(updated[0].Values) != 1 || updated[0].Values[0].Key != "STREET" || string(updated[0].Values[0].New) != `"Nygade"` {
		t.Errorf("%+v", updated)
	}
	for _, e := range historyJSONOf(t, s, "--customer", "100001", "--no-calls").History {
		if e.Kind == "call" {
			t.Errorf("--no-calls: %+v", e)
		}
	}
	all, middle := h.History, h.History[2].Time
	for _, c := range []struct {
		flag, value string
		wants       func(i int, at string) bool
	}{
		{"--limit", "2", func(i int, _ string) bool { return i >= len(all)-2 }},
		{"--since", middle, func(_ int, at string) bool { return at >= middle }},
		{"--until", middle, func(_ int, at string) bool { return at < middle }},
		{"--since", "1h", func(int, string) bool { return true }},
		{"--until", "1h", func(int, string) bool { return false }},
	} {
		want := []string{}
		for i, e := range all {
			if c.wants(i, e.Time) {
				want = append(want, e.Kind+" "+e.ID)
			}
		}
		got := []string{}
		for _, e := range historyJSONOf(t, s, "--customer", "100001", c.flag, c.value).History {
			got = append(got, e.Kind+" "+e.ID)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", c.flag, c.value, diff)
		}
	}
}

// blockedLine is a server whose customer 100001 has a line that was blocked once by
// somebody else, and is blocked since blockedAt.
func blockedLine(t *testing.T) (s *servertest.Server, subscription string) {
	t.Helper()
	s = servertest.New(t)
	at := func(now time.Time) { s.Clock.Store(&now) }
	account := s.Call(t, "SOAP_SIGNUP_CUSTOMER", server.DemoCustomer()[:4]...).Items("ACCOUNT")
	line := account.Path("BILLING_GROUPS/BILLING_GROUP/SUBSCRIPTIONS/SUBSCRIPTION/ID").Text
	s.Call(t, "SOAP_ACTIVATE_SUBSCRIPTION", value.OfString("SUBSCRIPTION_ID", line))
	at(blockedAt.Add(-time.Hour))
	s.InDemo(t, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.BlockSubscription(tx, demo, servertest.IDIn(t, account, "BILLING_GROUPS/BILLING_GROUP/SUBSCRIPTIONS/SUBSCRIPTION/ID"), customer.NewBlock{
			BlockFields: customer.BlockFields{BlockType: customer.BlockByCustomer}, By: "selfcare", Reason: "abroad"})
		return err
	})
	says(t, historyOf(t, s.Server.Server, "--customer", "100001"), exitOK, `BLOCKED +2026-03-02T02:04:05.000Z +selfcare +BLOCK_BY_CUSTOMER: abroad\n`)
	s.Call(t, "SOAP_UNBLOCK_SERVICE", value.OfString("SUBSCRIPTION_ID", line))
	at(blockedAt)
	s.Call(t, "SOAP_BLOCK_SERVICE", value.OfString("SUBSCRIPTION_ID", line), value.OfString("BLOCK_TYPE", customer.BlockAsLost), value.OfString("STOLEN_DATE", "2026-02-03"), value.OfString("REASON", "in a bus"))
	at(blockedAt.AddDate(0, 6, 0))
	return s, line
}

var blockedAt = servertest.Now.AddDate(0, 2, 0)

// TestHistorySaysWhyALineIsBlocked: since when, by whom and why, also when every event of
// it has ended; and of a line that is not blocked any more, when it was.
func TestHistorySaysWhyALineIsBlocked(t *testing.T) {
	s, line := blockedLine(t)
	blocked := `(?m)^` + line + ` +\d+ +POST_PAID +BLOCKED +2026-03-02T03:04:05.000Z +demo over soap +BLOCK_AS_LOST on 2026-02-03T00:00:00Z: in a bus$`
	says(t, historyOf(t, s.Server.Server, "--customer", "100001"), exitOK, blocked)
	err := s.Store.Update(t.Context(), func(tx store.Tx) error {
		span, err := tx.EventSpan()
		if err == nil {
			_, err = tx.DropEvents(span.Newest, 1000)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	o := historyOf(t, s.Server.Server, "--customer", "100001")
	says(t, o, exitOK, blocked)
	if strings.Contains(o.out, " event ") {
		t.Errorf("events have ended:\n%s", o.out)
	}
	h := historyJSONOf(t, s.Server.Server, "--customer", "100001").Customer.Lines[0]
	if h.Since != "2026-03-02T03:04:05.000000Z" || h.Block == nil || h.Block.By != server.DemoOperator || h.Block.Reason != "in a bus" || h.Block.Type != customer.BlockAsLost || len(h.Blocks) != 2 ||
		h.Blocks[0].Type != customer.BlockByCustomer || h.Blocks[0].Until != "2026-03-02T02:04:05.000000Z" || h.Blocks[0].By != "selfcare" || h.Blocks[0].Reason != "abroad" || h.Blocks[1].Until != "" {
		t.Errorf("%+v", h)
	}
	s.Call(t, "SOAP_UNBLOCK_SERVICE", value.OfString("SUBSCRIPTION_ID", line))
	says(t, historyOf(t, s.Server.Server, "--customer", "100001"), exitOK, `(?m) ACTIVE +2026-09-02T03:04:05.000Z +- +was blocked by demo from 2026-03-02T03:04:05.000Z until 2026-09-02T03:04:05.000Z: BLOCK_AS_LOST: in a bus$`)
}

// TestHistoryOfAFileAndOfAServer: the command says the same of a file that nobody has and
// of the server that has it.
func TestHistoryOfAFileAndOfAServer(t *testing.T) {
	s, _ := blockedLine(t)
	file := filepath.Join(t.TempDir(), "copy.db")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Store.Backup(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	offline := rator(t, "", "history", "--customer", "100001", "--store", file, "--no-calls")
	says(t, offline, exitOK, `BLOCK_AS_LOST(?s:.*)event`)
	dir, err := os.MkdirTemp("", "told") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	served := servertest.Write(t, dir, "live.db", "")
	takeCommands(t, s.Server.Server, served)
	live := rator(t, "", "history", "--customer", "100001", "--store", served, "--no-calls")
	if live != offline {
		t.Errorf("live %+v\noffline %+v", live, offline)
	}
	noted := 0
	err = s.Store.View(t.Context(), func(tx store.Tx) error {
		for row, err := range access.RowsOfOperator(tx, access.Local) {
			if err != nil {
				return err
			}
			if row.Hookpoint == access.ReadingNamed && row.Face == "command" && regexp.MustCompile(`^history, account \d{18}$`).MatchString(strings.Join(row.Notes, "")) {
				noted++
			}
		}
		return nil
	})
	if err != nil || noted != 2 { // blockedLine reads it once
		t.Errorf("%d rows say that the history was read, %v", noted, err)
	}
	says(t, rator(t, "", "history", "--customer", "100001", "--store", file), exitOK, `no calls, for there is no call log .*copy.db.calls; --call-log DIR names another`)
	says(t, rator(t, "", "history", "--customer", "100001", "--store", served, "--call-log", dir+"/none"), exitUnreachable, `call log .*/none`)
	says(t, rator(t, "", "history", "--customer", "7", "--store", served, "--brand", "DEMO"), exitFailed, `no customer of brand DEMO has customer number 7`)
}

// TestHistoryNamesTheCustomer: who is meant, and what is said when that is nobody or more
// than one.
func TestHistoryNamesTheCustomer(t *testing.T) {
	s := servertest.Of(t, filepath.Join(scenarios, "two-brands"))
	signup := func(brand, number string) string {
		t.Helper()
		values := append(server.DemoCustomer()[:3], value.OfString("PRODUCT_CODE", "LINE"), value.Of("SIGNUP_SERVICES", value.Of("CDMA_SERVICE", value.OfString("MSISDN", number))),
			value.Of("CONTEXT", value.OfString("OPERATOR", server.DemoOperator), value.OfString("PASSWORD", server.DemoPassword), value.OfString("BRAND_KEY", brand)))
		r, err := s.Client.Call(t.Context(), soap.Call{Hookpoint: "SOAP_SIGNUP_CUSTOMER", Values: append(values[:1], values[2:]...)})
		if err != nil || r.ErrorCode != 0 {
			t.Fatalf("%v %+v", err, r)
		}
		return r.Values.Path("ACCOUNT/ID").Text
	}
	fjell, other := signup("FJELL", "(720) 555-0123"), signup("FJORD", "990 00 123")
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"--customer 100001", exitUsage, `customer number 100001 is of more than one customer: brands FJELL, FJORD; say which with --brand`},
		{"--customer 100001 --brand FJELL", exitOK, `^Customer 100001 of brand FJELL, account ` + fjell},
		{"--customer 100001 --brand FJORD", exitOK, `^Customer 100001 of brand FJORD, account ` + other},
		{"--msisdn 7205550123", exitOK, `account ` + fjell},
		{"--msisdn 17205550199", exitFailed, `no customer of brand .* has phone number 17205550199`},
		{"--msisdn none", exitFailed, `no customer of brand .* has phone number none`},
		{"--account " + fjell, exitOK, `account ` + fjell},
		{"--account " + fjell + " --brand FJORD", exitFailed, `no customer of brand FJORD has account ` + fjell},
		{"--account 202601010000000000", exitFailed, `no customer of brand .* has account 202601010000000000`},
		{"--account 7", exitUsage, `--account`},
		{"--customer 7", exitFailed, `no customer of brand .*FJELL.* has customer number 7`},
		{"--customer 100001 --brand NONE", exitFailed, `NONE`},
		{"--customer 7 --msisdn 8", exitUsage, `can't be used together`},
		{"", exitUsage, `say whose history: --customer NUMBER, --account ID or --msisdn NUMBER`},
		{"--customer 100001 --limit=-1", exitUsage, `--limit is a number from 0`},
		{"--customer 100001 --since soon", exitUsage, `--since "soon" is neither a duration`},
		{"--customer 100001 --until soon", exitUsage, `--until "soon" is neither a duration`},
	} {
		o := historyOf(t, s.Server.Server, strings.Fields(c.args)...)
		if o.code != c.code || !regexp.MustCompile(c.says).MatchString(o.out+o.err) {
			t.Errorf("%s: %+v", c.args, o)
		}
	}
}

// TestHistoryHidesTokens: the token by which a password can be set stands in the event, and
// is not shown.
func TestHistoryHidesTokens(t *testing.T) {
	s := servertest.New(t)
	s.Call(t, "SOAP_SIGNUP_CUSTOMER", server.DemoCustomer()[:4]...)
	s.Call(t, "SOAP_GET_NEW_PASSWORD", value.OfString("LOGIN", "aase.oere"), value.OfString("SEND_TYPE", "EMAIL"))
	token := ""
	err := s.Store.View(t.Context(), func(tx store.Tx) error {
		events, err := tx.EventsAfter(0, 100)
		for _, e := range events {
			var body struct{ TOKEN string }
			if e.Topic == "user.new_password" && json.Unmarshal(e.Body, &body) == nil {
				token = body.TOKEN
			}
		}
		return err
	})
	if err != nil || token == "" {
		t.Fatalf("no token, %v", err)
	}
	for _, args := range [][]string{{"--customer", "100001"}, {"--customer", "100001", "--json"}} {
		o := historyOf(t, s.Server.Server, args...)
		says(t, o, exitOK, `user\.new_password(?s:.*)TOKEN"?[=:]"?\*\*\*`)
		if strings.Contains(o.out, token) {
			t.Errorf("%v shows the token:\n%s", args, o.out)
		}
	}
}
