package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rator/customer"
	"rator/server"
	"rator/server/servertest"
	"rator/soap"
	"rator/store"
	"rator/store/bolt"
	"rator/unit"
	"rator/workflow"
	"rator/workflow/value"
)

// endingLines signs a customer up with lines and schedules the end of each.
func endingLines(t *testing.T, e *workflow.Engine, username string, lines int, date time.Time) (subscriptions []string) {
	t.Helper()
	about := value.Of("CONTEXT", value.OfString("OPERATOR", server.DemoOperator), value.OfString("PASSWORD", server.DemoPassword))
	call := func(hookpoint string, values ...value.Entry) value.Tree {
		t.Helper()
		r, err := e.Invoke(t.Context(), workflow.Request{Hookpoint: hookpoint, Values: append(values, about)})
		if err != nil || r.ErrorCode != 0 {
			t.Fatalf("%s: %+v %v", hookpoint, r, err)
		}
		return r.Values
	}
	var services value.Tree
	for range lines {
		services = append(services, value.Of("CDMA_SERVICE", value.OfString("ORDER_ID", "1")))
	}
	account := call("SOAP_SIGNUP_CUSTOMER", value.OfString("ACCOUNT_TYPE", "0"), value.OfString("PRODUCT_CODE", "POST_PAID"),
		value.Of("USER", value.OfString("FIRST_NAME", "Bo"), value.OfString("LAST_NAME", "Ek"), value.OfString("CITY", "Malmö"),
			value.OfString("ZIP", "21119"), value.OfString("EMAIL", "bo@example.com"), value.OfString("USERNAME", username)),
		value.Of("SIGNUP_SERVICES", services...))
	for sub := range account.Path("ACCOUNT/BILLING_GROUPS/BILLING_GROUP/SUBSCRIPTIONS").Items.All("SUBSCRIPTION") {
		id := sub.Items.Text("ID")
		subscriptions = append(subscriptions, id)
		call("SOAP_TERMINATE_SUBSCRIPTION", value.OfString("SUBSCRIPTION_ID", id), value.OfDate("TERMINATION_DATE", date))
	}
	return subscriptions
}

// endsIn counts the events that tell of an end, by subscription.
func endsIn(t *testing.T, st store.Store) map[string]int {
	t.Helper()
	ends := map[string]int{}
	err := st.View(t.Context(), func(tx store.Tx) error {
		for cursor := int64(0); ; {
			events, err := tx.EventsAfter(cursor, 100)
			if err != nil || len(events) == 0 {
				return err
			}
			for _, e := range events {
				cursor = e.Cursor
				if e.Topic == "subscription.terminated" {
					var body struct {
						Subscription string `json:"SUBSCRIPTION_ID"`
					}
					if err := json.Unmarshal(e.Body, &body); err != nil {
						return err
					}
					ends[body.Subscription]++
				}
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return ends
}

// TestDueHappensOnce: several servers over one store run what is due at the same
// time, again, and long after the answers kept for it are forgotten.
func TestDueHappensOnce(t *testing.T) {
	s := servertest.New(t)
	const lines = 10
	subscriptions := endingLines(t, s.Engine, "bo", lines, servertest.Now.AddDate(0, 0, 1))
	if report, err := server.RunDue(t.Context(), s.Engine, server.AsOf{}, func(server.DueOutcome) {}); err != nil || report.Any() {
		t.Errorf("before the day: %+v %v", report, err)
	}
	s.Pass(48 * time.Hour)
	early := func(o server.DueOutcome) { t.Errorf("run before it was due: %+v", o) }
	if report, err := server.RunDue(t.Context(), s.Engine, server.AsOf{Moment: servertest.Now.Add(23 * time.Hour)}, early); err != nil || report.Any() {
		t.Errorf("as of an hour before: %+v %v", report, err)
	}

	const servers = 4
	reports := make([]server.DueReport, servers)
	var all sync.WaitGroup
	for i := range servers {
		engine := workflow.New(s.Engine.Config) // does not know what the others run
		all.Go(func() {
			var err error
			if reports[i], err = server.RunDue(context.Background(), engine, server.AsOf{}, func(server.DueOutcome) {}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, r := range reports {
		if r.Refused+r.Failed != 0 {
			t.Errorf("%+v", r)
		}
	}
	for range 2 {
		if report, err := server.RunDue(t.Context(), s.Engine, server.AsOf{}, func(server.DueOutcome) {}); err != nil || report.Any() {
			t.Errorf("again: %+v %v", report, err)
		}
		s.Pass(2 * unit.KeptFor)
		if _, err := unit.SweepKept(t.Context(), s.Store); err != nil {
			t.Fatal(err)
		}
	}
	ends := endsIn(t, s.Store)
	for _, id := range subscriptions {
		if ends[id] != 1 {
			t.Errorf("subscription %s ended %d times", id, ends[id])
		}
	}
	if len(ends) != lines {
		t.Errorf("%d ended, want %d", len(ends), lines)
	}
}

// TestDueThatFailsStaysDue: a fault of a site's script is no answer.
func TestDueThatFailsStaysDue(t *testing.T) {
	s := servertest.New(t)
	endingLines(t, s.Engine, "bo", 1, servertest.Now.AddDate(0, 0, 1))
	s.Pass(48 * time.Hour)
	dir := t.TempDir()
	servertest.Write(t, dir, "TERMINATE_SUBSCRIPTION/contract.xml", `<soapcall area="Test" desc="A fault." internal="true"><request><hookpointKey>TERMINATE_SUBSCRIPTION</hookpointKey><values>
		<value key="SUBSCRIPTION" type="c"><values/></value><value key="SUBSCRIPTION_TERMINATION" type="c"><values/></value></values></request><response><values/></response></soapcall>`)
	script := servertest.Write(t, dir, "TERMINATE_SUBSCRIPTION/workflow.star", "def run(p):\n    return {}[\"fault\"]\n")
	layer, err := server.SiteLayer(dir)
	if err != nil {
		t.Fatal(err)
	}
	s.Layers = append(s.Layers, layer)
	if err := s.Reload(); err != nil {
		t.Fatal(err)
	}
	var outcomes []server.DueOutcome
	told := func(o server.DueOutcome) { outcomes = append(outcomes, o) }
	if report, err := server.RunDue(t.Context(), s.Engine, server.AsOf{}, told); err != nil || report != (server.DueReport{Failed: 1}) {
		t.Errorf("%+v %v", report, err)
	}
	if len(outcomes) != 1 || !strings.Contains(outcomes[0].Message, "TERMINATE_SUBSCRIPTION/workflow.star:2") && !strings.Contains(outcomes[0].Message, "incident") {
		t.Errorf("%+v", outcomes)
	}
	if len(endsIn(t, s.Store)) != 0 {
		t.Error("it ended")
	}
	servertest.Write(t, dir, "TERMINATE_SUBSCRIPTION/workflow.star", "def run(p):\n    return {}\n")
	if err := s.Reload(); err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	if report, err := server.RunDue(t.Context(), s.Engine, server.AsOf{}, told); err != nil || report != (server.DueReport{Done: 1}) {
		t.Errorf("mended: %+v %v", report, err)
	}
}

// TestRunDueOfAStore goes through the command: what a killed server left due, on
// the store without a server, and inside the next server, whose scheduler runs it
// at its start.
func TestRunDueOfAStore(t *testing.T) {
	t.Parallel() // it waits for days to come
	p := spawn(t, "--demo")
	client := &soap.Client{URL: p.endpoint}
	call := func(hookpoint string, values ...value.Entry) value.Tree {
		t.Helper()
		about := value.Of("CONTEXT", value.OfString("OPERATOR", server.DemoOperator), value.OfString("PASSWORD", server.DemoPassword))
		r, err := client.Call(t.Context(), soap.Call{Hookpoint: hookpoint, Values: append(values, about)})
		if err != nil || r.ErrorCode != 0 {
			t.Fatalf("%s: %+v %v", hookpoint, r, err)
		}
		return r.Values
	}
	const profile = "SOAP_GET_WEB_USER_PROFILE_INTERNAL"
	number := value.OfString("CUSTOMER_NUMBER", "100001")
	subscription := func() value.Tree {
		return call(profile, number).Path("ACCOUNT/BILLING_GROUPS/BILLING_GROUP/SUBSCRIPTIONS/SUBSCRIPTION").Items
	}
	due := func() {
		t.Helper()
		soon := time.Now().Add(3 * time.Second) // a busy machine needs that to take the call
		call("SOAP_TERMINATE_SUBSCRIPTION", value.OfString("SUBSCRIPTION_ID", subscription().Text("ID")), value.OfDate("TERMINATION_DATE", soon))
		time.Sleep(time.Until(soon))
	}
	kill := func() {
		t.Helper()
		if err := p.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		<-p.exited
	}

	due()
	live := rator(t, "", "run-due", "--json", "--store", p.store)
	if live.code != exitOK || live.out != "{\"done\":1,\"refused\":0,\"failed\":0}\n" {
		t.Errorf("inside the server: %+v", live)
	}
	call("SOAP_REACTIVATE_SUBSCRIPTION", value.OfString("SUBSCRIPTION_ID", subscription().Text("ID")))
	due()
	kill()
	past := time.Now().AddDate(0, 0, -1).UTC().Format(time.DateOnly)
	if o := rator(t, "", "run-due", "--store", p.store, "--as-of", past); o.code != exitOK || o.out != "0 done, 0 refused, 0 failed\n" {
		t.Errorf("as of %s: %+v", past, o)
	}
	if o := rator(t, "", "run-due", "--store", p.store); o.code != exitOK || !strings.Contains(o.out, " DONE\n1 done, 0 refused, 0 failed\n") {
		t.Errorf("without a server: %+v", o)
	}

	file := p.store
	p = spawn(t, "--demo", "--store", file)
	client = &soap.Client{URL: p.endpoint}
	call("SOAP_REACTIVATE_SUBSCRIPTION", value.OfString("SUBSCRIPTION_ID", subscription().Text("ID")))
	due()
	kill()
	p = startServer(t, "--demo", "--store", file)
	client = &soap.Client{URL: p.endpoint}
	p.waitFor(t, "what was due was run")
	if status := subscription().Text("STATUS"); status != string(customer.Terminated) {
		t.Errorf("after the start the subscription is %s", status)
	}
	if out, err := ratorProcess(t, "verify", "--store", file); err != nil {
		t.Error(fmt.Errorf("%w: %s", err, out))
	}
}

// TestKilledRunDue kills the command again and again while it runs what is due.
func TestKilledRunDue(t *testing.T) {
	const customers, lines = 16, 10 // as many as DEMO allows an account
	file := filepath.Join(t.TempDir(), "rator.db")
	yesterday := time.Now().AddDate(0, 0, -1)
	now := func() time.Time { return yesterday }
	st, err := bolt.Open(file, bolt.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	servertest.PrepareReal(t, st)
	s, err := server.New(server.Config{Store: st, Metrics: server.NewMetrics(), Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Layers: []workflow.Layer{server.Shipped()}, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	var subscriptions []string
	for i := range customers {
		subscriptions = append(subscriptions, endingLines(t, s.Engine, fmt.Sprint("bo", i), lines, yesterday.Add(time.Hour))...)
	}
	s.Close()
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	binary, err := buildRator()
	if err != nil {
		t.Fatal(err)
	}
	killed := 0
	for {
		var out bytes.Buffer
		command := exec.Command(binary, "run-due", "--store", file)
		command.Stdout = &out
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(time.Duration(30+10*killed)*time.Millisecond, func() { _ = command.Process.Kill() })
		err := command.Wait()
		timer.Stop()
		if err == nil {
			break
		}
		killed++
	}
	st = servertest.OpenStore(t, file)
	defer st.Close()
	ends := endsIn(t, st)
	for _, id := range subscriptions {
		if ends[id] != 1 {
			t.Errorf("subscription %s ended %d times", id, ends[id])
		}
	}
	if _, err := server.Verify(t.Context(), st, func(fault error) { t.Error(fault) }); err != nil {
		t.Error(err)
	}
	t.Logf("%d ended, the command was killed %d times", len(ends), killed)
	if killed == 0 {
		t.Error("it was never killed")
	}
}

// TestEveryBillingRunDoesFirstWhatIsDue: there is one place that makes one.
func TestEveryBillingRunDoesFirstWhatIsDue(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		makes := strings.Count(servertest.Read(t, file), "billing.Run{")
		if strings.HasSuffix(file, "_test.go") || file == "billing_due.go" && makes == 1 {
			continue
		}
		if makes != 0 {
			t.Errorf("%s makes a billing run that does not run what is due first; use newBillingRun", file)
		}
	}
}
