package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"rator/access"
	"rator/catalogue"
	"rator/customer"
	"rator/server"
	"rator/server/servertest"
	"rator/store"
)

// notes are the audit rows of billing runs: outcome and notes of each.
func notes(t testing.TB, file string) (rows []string) {
	t.Helper()
	st := servertest.OpenStore(t, file)
	defer st.Close()
	err := st.View(t.Context(), func(tx store.Tx) error {
		for row, err := range access.RowsOfOperator(tx, access.Local) {
			if err != nil {
				return err
			}
			if row.Hookpoint == "billing run" {
				rows = append(rows, row.Outcome+": "+strings.Join(row.Notes, "; "))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

const toBill = "40 accounts, 38 periods billed, 38 invoices, 931.83 USD, 0 dunned, 0 refused\n"

// TestBillingRun on a file that nobody has open: what it would do, does, and does
// no more when it comes again.
func TestBillingRun(t *testing.T) {
	file := servertest.GroupsFile(t, 40)
	run := func(args ...string) outcome {
		return rator(t, "", append([]string{"billing", "run", "--store", file, "--as-of", servertest.RunDay}, args...)...)
	}
	if o := run("--dry-run"); o.code != exitOK || o.out != "billing run as of 2026-02-01, dry, nothing written: "+toBill {
		t.Errorf("%+v", o)
	}
	if rows := notes(t, file); len(rows) != 0 || countOf(t, file, "invoice") != 0 {
		t.Errorf("a dry run left %q", rows)
	}
	if o := run("--brand", "DEMO"); o.code != exitOK || o.out != "billing run as of 2026-02-01 of brand DEMO: "+toBill || o.err != "" {
		t.Errorf("%+v", o)
	}
	if o := run(); o.code != exitOK || o.out != "billing run as of 2026-02-01: 40 accounts, 0 periods billed, 0 invoices, 0 dunned, 0 refused\n" {
		t.Errorf("%+v", o)
	}
	if o := run("--json"); o.code != exitOK || o.out != `{"as_of":"2026-02-01","brand":"","dry_run":false,"accounts":40,"periods":0,"invoices":0,"dunned":0,"totals":{},"refused":0,"reasons":[],"no_place":0,"untaxed":0,"untaxed_at":[]}`+"\n" {
		t.Errorf("%+v", o)
	}
	if o := rator(t, "", "billing", "run", "--store", file, "--as-of", "2026-02-16"); !strings.Contains(o.out, ", 0 dunned,") { // they were issued today
		t.Errorf("%+v", o)
	}
	rows := notes(t, file)
	if len(rows) != 8 || rows[0] != "OK: as of 2026-02-01, brand DEMO; begun" || rows[1] != "OK: as of 2026-02-01, brand DEMO; "+strings.TrimSpace(toBill) {
		t.Errorf("audit: %q", rows)
	}
	if o := rator(t, "", "verify", "--store", file); o.code != exitOK {
		t.Errorf("%+v", o)
	}
}

// spoil makes the customers with an option unbillable: their billing groups pay in
// another currency than its price is in. No operation does that.
func spoil(t testing.TB, file, price string) {
	t.Helper()
	st := servertest.OpenStore(t, file)
	defer st.Close()
	err := st.Update(t.Context(), func(tx store.Tx) error {
		brand, err := catalogue.BrandByKey(tx, server.DemoBrand)
		if err != nil {
			return err
		}
		brand.Currency = price
		return catalogue.Brands.Put(tx, brand)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestBillingRunRefuses what it cannot bill, says why, and fails; the rest waits
// for the next run.
func TestBillingRunRefuses(t *testing.T) {
	file := servertest.GroupsFile(t, 30)
	spoil(t, file, "EUR")
	run := []string{"billing", "run", "--store", file, "--as-of", servertest.RunDay}
	o := rator(t, "", run...)
	if o.code != exitFailed || !strings.Contains(o.out, ", 28 refused\n") || strings.Count(o.err, "refused: account ") != 20 || !strings.Contains(o.err, "and 8 more accounts\n") ||
		!regexp.MustCompile(`refused: account \d{18}: billing group 100001-1: INVALID_AMOUNT: .*PLAN_A has its price in EUR, billing group 100001-1 is in USD`).MatchString(o.err) {
		t.Errorf("%+v", o)
	}
	var said billingSummary
	if o := rator(t, "", append(run, "--json")...); o.code != exitFailed || json.Unmarshal([]byte(o.out), &said) != nil || said.Refused != 28 || len(said.Reasons) != 20 {
		t.Errorf("%+v", o)
	}
	spoil(t, file, "USD")
	if o := rator(t, "", run...); o.code != exitOK || !strings.Contains(o.out, " 28 invoices,") {
		t.Errorf("%+v", o)
	}
}

// TestBillingRunExitCodes has the other ways to end.
func TestBillingRunExitCodes(t *testing.T) {
	file := servertest.StoreFile(t)
	tomorrow := time.Now().UTC().AddDate(0, 0, 2).Format(time.DateOnly) // also after midnight
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"billing run --store " + file, exitUsage, "--as-of"},
		{"billing run --store " + file + " --as-of yesterday", exitUsage, `--as-of "yesterday" is no day such as 2026-02-01`},
		{"billing run --store " + file + " --as-of 2026-02-30", exitUsage, "no day"},
		{"billing run --store " + file + " --as-of " + tomorrow, exitUsage, "is after today"},
		{"billing run --store " + file + " --as-of 2026-02-01 --brand NONE", exitFailed, "NONE"},
		{"billing run --store " + file + ".none --as-of 2026-02-01", exitUnreachable, "no such file or directory (rator serve --store"},
	} {
		if o := rator(t, "", strings.Fields(c.args)...); o.code != c.code || !strings.Contains(o.out+o.err, c.says) {
			t.Errorf("%s: %+v", c.args, o)
		}
	}
}

// TestBillingRunBesideAServer: while a server has the store, the run is made inside
// it and told as if it was made here.
func TestBillingRunBesideAServer(t *testing.T) {
	file := servertest.GroupsFile(t, 40)
	p := startServer(t, "--store", file)
	run := func(args ...string) outcome {
		return rator(t, "", append([]string{"billing", "run", "--store", file}, args...)...)
	}
	if o := run("--as-of", servertest.RunDay, "--dry-run"); o.code != exitOK || o.out != "billing run as of 2026-02-01, dry, nothing written: "+toBill {
		t.Errorf("%+v", o)
	}
	var said billingSummary
	if o := run("--as-of", servertest.RunDay, "--json"); o.code != exitOK || json.Unmarshal([]byte(o.out), &said) != nil || said.Invoices != 38 || said.Totals["USD"] != "931.83" {
		t.Errorf("%+v", o)
	}
	tomorrow := time.Now().UTC().AddDate(0, 0, 2).Format(time.DateOnly) // also after midnight
	if o := run("--as-of", tomorrow); o.code != exitUsage || !strings.Contains(o.err, "is after today") {
		t.Errorf("%+v", o)
	}
	p.stop(t)
	if rows := notes(t, file); len(rows) != 4 || rows[1] != "OK: as of 2026-02-01; "+strings.TrimSpace(toBill) || !strings.HasPrefix(rows[3], "DATE_OUT_OF_RANGE: ") {
		t.Errorf("audit: %q", rows)
	}
}

// written gives a function that waits until somebody writes to a store: a billing run
// first writes that it has begun.
func written(t *testing.T, file string) (wait func()) {
	t.Helper()
	changed := func() time.Time {
		at, err := os.Stat(file)
		if err != nil {
			t.Error(err)
			return time.Time{}
		}
		return at.ModTime()
	}
	before := changed()
	return func() {
		for end := time.Now().Add(patience); changed().Equal(before); time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Error("nothing was written")
				return
			}
		}
	}
}

// begun gives a function that waits until a billing run has begun in the server that has a
// store, which writes to it for reasons of its own as well.
func begun(t *testing.T, file string) (wait func()) {
	return func() {
		for end := time.Now().Add(patience); ; {
			if o := rator(t, "", "audit", "--hookpoint", "billing run", "--json", "--store", file); strings.Contains(o.out, "begun") {
				return
			}
			if time.Now().After(end) {
				t.Error("no run began")
				return
			}
		}
	}
}

// interruptedRun interrupts a run on a store once it has begun, which begins tells. A run
// that got the signal before it listened is begun again.
func interruptedRun(t *testing.T, file string, begins func(*testing.T, string) func()) (code int, said string) {
	t.Helper()
	binary, err := buildRator()
	if err != nil {
		t.Fatal(err)
	}
	for code = -1; code < 0; {
		var out bytes.Buffer
		run := exec.Command(binary, "billing", "run", "--store", file, "--as-of", servertest.RunDay)
		run.Stdout, run.Stderr = &out, &out
		wait := begins(t, file)
		if err := run.Start(); err != nil {
			t.Fatal(err)
		}
		wait()
		_ = run.Process.Signal(os.Interrupt)
		_ = run.Wait()
		code, said = run.ProcessState.ExitCode(), out.String()
	}
	return code, said
}

// TestBillingRunIsInterrupted by a signal, on a file of its own and inside a
// server: it ends soon with exit code 1, and the same command goes on.
func TestBillingRunIsInterrupted(t *testing.T) {
	for _, live := range []bool{false, true} {
		name := "file"
		if live {
			name = "server"
		}
		t.Run(name, func(t *testing.T) {
			made := servertest.GroupsFile(t, 1000)
			for attempt := range 50 {
				if interrupted(t, servertest.Copied(t, made), live) {
					return
				}
				t.Logf("attempt %d was over before the signal came, or had not begun", attempt)
			}
			t.Error("no run was interrupted")
		})
	}
}

// interrupted interrupts a run on a store; false when the run was faster than the signal,
// or the signal than the note that a run has begun.
func interrupted(t *testing.T, file string, live bool) bool {
	t.Helper()
	stop, begins := func() {}, written
	if live {
		server := startServer(t, "--store", file)
		stop, begins = func() { server.stop(t) }, begun
	}
	switch code, said := interruptedRun(t, file, begins); {
	case code == exitOK:
		stop()
		return false
	case code != exitFailed || !strings.Contains(said, "interrupted; the same command goes on where this one ended"):
		t.Errorf("exit code %d: %s", code, said)
	}
	if out, err := ratorProcess(t, "billing", "run", "--store", file, "--as-of", servertest.RunDay); err != nil || !strings.Contains(out, " 1000 accounts,") {
		t.Errorf("%v %s", err, out)
	}
	stop()
	if out, err := ratorProcess(t, "verify", "--store", file); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if n := countOf(t, file, "invoice"); n != 950 {
		t.Errorf("%d invoices", n)
	}
	rows := notes(t, file)
	if len(rows) == 2 || len(rows) == 4 && strings.HasPrefix(rows[1], "OK: ") { // of the second run alone, or of a first that was done
		return false
	}
	if !strings.Contains(strings.Join(rows, "|"), "INTERRUPTED: as of 2026-02-01; ") {
		t.Errorf("audit: %q", rows)
	}
	return true
}

// TestBillingRunShowsHowFarItIs: a bar on a terminal, which ends with the run.
func TestBillingRunShowsHowFarItIs(t *testing.T) {
	var out, said bytes.Buffer
	p := (&billingRunCommand{AsOf: servertest.RunDay}).printer(&terminal{ctx: context.Background(), out: &out, err: &said})
	if err := p.print(billingLine{Accounts: 50, Total: 200}); err != nil {
		t.Fatal(err)
	}
	p.shown.bar, p.shown.every, p.shown.now = true, 0, func() time.Time { return p.shown.begun }
	lines := &lineReader{take: p.line}
	for _, part := range []string{`{"accounts":100,"tot`, `al":200,"refused":1}` + "\n" + `{"accounts":200,"total":200,"refused":1}` + "\n", `{"summary":{"as_of":"2026-02-01","accounts":200,"refused":1,"reasons":["account 1: no"]}}` + "\n"} {
		if n, err := lines.Write([]byte(part)); err != nil || n != len(part) {
			t.Fatal(n, err)
		}
	}
	want := clearLine + "[###############               ] 100 of 200 accounts, 1 refused" +
		clearLine + "[##############################] 200 of 200 accounts, 1 refused" + clearLine +
		"refused: account 1: no\n"
	if said.String() != want {
		t.Errorf("got %q\nwant %q", said.String(), want)
	}
	if out.String() != "billing run as of 2026-02-01: 200 accounts, 0 periods billed, 0 invoices, 0 dunned, 1 refused\n" {
		t.Errorf("got %q", out.String())
	}
	if _, err := lines.Write([]byte("rubbish\n")); err == nil {
		t.Error("rubbish is taken")
	}
}

// TestServerEndsDuringABillingRun, asked to or killed: whoever started the run is
// told, and the same command on the file goes on.
func TestServerEndsDuringABillingRun(t *testing.T) {
	for _, end := range []os.Signal{os.Interrupt, os.Kill} {
		t.Run(end.String(), func(t *testing.T) {
			file := servertest.GroupsFile(t, 1000)
			p := spawn(t, "--store", file)
			go func() {
				time.Sleep(300 * time.Millisecond) // a run that is faster, or begins later, is no fault
				_ = p.Process.Signal(end)
			}()
			out, err := ratorProcess(t, "billing", "run", "--store", file, "--as-of", servertest.RunDay)
			var code *exec.ExitError
			switch {
			case err == nil: // it was faster
			case errors.As(err, &code) && code.ExitCode() == exitFailed && strings.Contains(out, "interrupted; the same command goes on where this one ended"):
			case !errors.As(err, &code) || code.ExitCode() != exitUnreachable || !strings.Contains(out, "the server that has the store") && !strings.Contains(out, "another process has the file open"):
				t.Errorf("%v: %s", err, out)
			}
			<-p.exited
			if out, err := ratorProcess(t, "billing", "run", "--store", file, "--as-of", servertest.RunDay); err != nil || !strings.Contains(out, " 1000 accounts,") {
				t.Errorf("%v: %s", err, out)
			}
			if out, err := ratorProcess(t, "verify", "--store", file); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
			if n := countOf(t, file, "invoice"); n != 950 {
				t.Errorf("%d invoices", n)
			}
		})
	}
}

// TestVerifyLooksAtTheMoney: a balance that moved without a posting is a fault.
func TestVerifyLooksAtTheMoney(t *testing.T) {
	file := servertest.GroupsFile(t, 1)
	st := servertest.OpenStore(t, file)
	err := st.Update(t.Context(), func(tx store.Tx) error {
		demo, err := catalogue.BrandByKey(tx, server.DemoBrand)
		if err != nil {
			return err
		}
		for g, err := range customer.BillingGroupsAfter(tx, 0, 1) {
			if err == nil {
				_, err = customer.MoveBalance(tx, demo, g.ID, decimal.NewFromInt(1))
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err := errors.Join(err, st.Close()); err != nil {
		t.Fatal(err)
	}
	if o := rator(t, "", "verify", "--store", file); o.code != exitFailed || !strings.Contains(o.out, "its balance is -10, its postings make -11") {
		t.Errorf("%+v", o)
	}
}
