package main

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rator/customer"
	"rator/server"
	"rator/server/servertest"
	"rator/soap"
	"rator/store/bolt"
	"rator/workflow"
	"rator/workflow/value"
)

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
		id := value.OfString("SUBSCRIPTION_ID", subscription().Text("ID"))
		for wait := 2 * time.Second; ; wait *= 2 {
			soon := time.Now().Add(wait)
			call("SOAP_TERMINATE_SUBSCRIPTION", id, value.OfDate("TERMINATION_DATE", soon))
			if subscription().Text("STATUS") != string(customer.Terminated) {
				time.Sleep(time.Until(soon))
				return
			}
			call("SOAP_REACTIVATE_SUBSCRIPTION", id) // the call came too late for its date
		}
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

// endingLines is a store in which customers had lines since yesterday that are to end now.
func endingLines(t *testing.T, customers, lines int) (file string, subscriptions []string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "rator.db")
	yesterday := time.Now().AddDate(0, 0, -1)
	now := func() time.Time { return yesterday }
	st, err := bolt.Open(file, bolt.Options{Unsynced: true, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	servertest.PrepareReal(t, st)
	s, err := server.New(server.Config{Store: st, Metrics: server.NewMetrics(), Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Layers: []workflow.Layer{server.Shipped()}, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	for i := range customers {
		subscriptions = append(subscriptions, servertest.EndingLines(t, s.Engine, fmt.Sprint("bo", i), lines, yesterday.Add(time.Hour))...)
	}
	s.Close()
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	return file, subscriptions
}

// TestKilledRunDue kills the command again and again while it runs what is due.
func TestKilledRunDue(t *testing.T) {
	file, subscriptions := endingLines(t, 16, 10) // as many as DEMO allows an account
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
	st := servertest.OpenStore(t, file)
	defer st.Close()
	ends := servertest.EndsIn(t, st)
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
