package load

import (
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/access"
	"rator/catalogue"
	"rator/customer"
	"rator/server"
	"rator/store"
)

// TestLoad: customers come in as their lines say, nothing is told of them, the audit has one
// row, and the same content is loaded once.
func TestLoad(t *testing.T) {
	t.Parallel()
	st := newStore(t)
	const n = 30
	before := contents(t, st)
	dry := newJob(t, st, bytesInput("a.ndjson", linesOf(0, n)))
	dry.DryRun = true
	report := dry.do(t)
	if report.Customers != n || report.Things["service"] != n || report.Written != 0 {
		t.Errorf("dry: %+v", report)
	}
	same(t, before, contents(t, st), "after a dry run")
	j := newJob(t, st, bytesInput("a.ndjson", linesOf(0, n/2)), bytesInput("b.ndjson.gz", zipped(t, string(linesOf(n/2, n)))))
	if report := j.do(t); report.Written != n || report.Things["posting"] != n {
		t.Errorf("%+v", report)
	}
	err := st.View(t.Context(), func(tx store.Tx) error {
		brand, err := catalogue.BrandByKey(tx, server.DemoBrand)
		if err != nil {
			return err
		}
		a, u, err := customer.FindByCustomerNumber(tx, brand, "100112")
		if err != nil || u.Username != "bo12" || a.ID.String() != "201901011000001201" {
			t.Errorf("%+v %+v %v", a, u, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	rows := auditRows(t, st)
	said := ""
	if len(rows) == 1 {
		said = strings.Join(rows[0].Notes, "\n")
	}
	if !strings.Contains(said, fmt.Sprintf("%d customers: account %d", n, n)) || !strings.Contains(said, "customer numbers 100100 to 100129, ") || !strings.Contains(said, "\nsha256 ") {
		t.Errorf("%+v", rows)
	}
	if _, newest := events(t, st); newest != 0 {
		t.Errorf("%d events of a load that is to tell nothing", newest)
	}
	loaded := contents(t, st)
	again := newJob(t, st, j.Inputs...)
	if report := again.do(t); report.Whole == nil || report.Written != 0 {
		t.Errorf("loaded again: %+v", report)
	}
	same(t, loaded, contents(t, st), "after it was loaded again")
}

func auditRows(t testing.TB, st store.Store) (rows []*access.AuditRow) {
	t.Helper()
	err := st.View(t.Context(), func(tx store.Tx) error {
		for r, err := range access.RowsOfOperator(tx, "local") {
			if err != nil {
				return err
			}
			if strings.HasPrefix(r.Hookpoint, "load") {
				rows = append(rows, r)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func events(t testing.TB, st store.Store) (topics []string, newest int64) {
	t.Helper()
	err := st.View(t.Context(), func(tx store.Tx) error {
		all, err := tx.EventsAfter(0, 1000)
		for _, e := range all {
			topics, newest = append(topics, e.Topic), e.Cursor
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return topics, newest
}

// TestEvents: on request a load tells what a sign-up tells.
func TestEvents(t *testing.T) {
	t.Parallel()
	st := newStore(t)
	j := newJob(t, st, bytesInput("a.ndjson", linesOf(0, 2)))
	j.Events = true
	j.do(t)
	topics, _ := events(t, st)
	want := []string{"subscription.created", "customer.created", "subscription.created", "customer.created"}
	slices.Sort(topics)
	slices.Sort(want)
	if diff := cmp.Diff(want, topics); diff != "" {
		t.Error(diff)
	}
}

// TestKilled: a load that breaks off anywhere, and is begun again until it ends, leaves the
// store as one that nothing disturbed, and its files of ids and results as well.
func TestKilled(t *testing.T) {
	t.Parallel()
	const n = 40
	in := bytesInput("a.ndjson", slices.Concat(linesOf(0, n/2), []byte(strings.ReplaceAll(string(linesOf(n/2, n)), `{"id":"2019`, `{"id":"C-19`))))
	whole := newStore(t)
	files := t.TempDir()
	job := func(st store.Store, name string) *told {
		j := newJob(t, st, in)
		j.IDs, j.Results = filepath.Join(files, name+".ids"), filepath.Join(files, name+".results")
		return j
	}
	job(whole, "whole").do(t)
	timed := []string{"audit", "load", "operator"} // which say when, or are another one each time
	want := contents(t, whole, timed...)
	for _, after := range []bool{false, true} {
		for at := 1; at <= 8; at++ {
			name := fmt.Sprintf("%d-%t", at, after)
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				st := newStore(t)
				_, err := job(&broken{Store: st, at: at, after: after}, name).Do(t.Context())
				if !errors.Is(err, errPower) {
					t.Fatalf("it did not break: %v", err)
				}
				j := job(st, name)
				report := j.do(t)
				if report.Before+report.Written != n && report.Whole == nil {
					t.Errorf("%+v", report)
				}
				if at > 2 && len(j.begun) != 1 && report.Whole == nil {
					t.Error("nobody was told that it goes on")
				}
				same(t, want, contents(t, st, timed...), "after all")
				checkFiles(t, st, j, n)
			})
		}
	}
}

// checkFiles holds a load's files against the store.
func checkFiles(t *testing.T, st store.Store, j *told, n int) {
	t.Helper()
	results, ids := rowsOfFile(t, j.Results), rowsOfFile(t, j.IDs)
	if len(results) != n {
		t.Errorf("%d results of %d customers", len(results), n)
	}
	err := st.View(t.Context(), func(tx store.Tx) error {
		brand, err := catalogue.BrandByKey(tx, server.DemoBrand)
		if err != nil {
			return err
		}
		for i, r := range results {
			a, _, err := customer.FindByCustomerNumber(tx, brand, r[2])
			if err != nil {
				return err
			}
			if r[0] != "a.ndjson" || r[1] != fmt.Sprint(i+1) || r[3] != a.ID.String() {
				t.Errorf("%q of account %s", r, a.ID)
			}
		}
		seen := map[string]bool{}
		for _, pair := range ids {
			if seen[pair[0]] {
				t.Errorf("%q is there twice", pair)
			}
			seen[pair[0]] = true
			id, err := store.ParseID(pair[1])
			if err != nil {
				t.Error(err)
			}
			there := false
			for _, kind := range store.Infos() {
				_, err := tx.Get(kind.Name, id)
				there = there || err == nil
			}
			if !there {
				t.Errorf("%q is of nothing", pair)
			}
		}
		if len(seen) != 6*n/2 {
			t.Errorf("%d ids", len(seen))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func rowsOfFile(t *testing.T, file string) [][]string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestHalfDone: while a load is half done no other begins, unless it is given up.
func TestHalfDone(t *testing.T) {
	t.Parallel()
	st := newStore(t)
	first := newJob(t, &broken{Store: st, at: 3}, bytesInput("a.ndjson", linesOf(0, 30)))
	if _, err := first.Do(t.Context()); !errors.Is(err, errPower) {
		t.Fatal(err)
	}
	other := newJob(t, st, bytesInput("b.ndjson", linesOf(30, 40)))
	if _, err := other.Do(t.Context()); err == nil || !strings.Contains(err.Error(), "a load is half done: a.ndjson") || !strings.Contains(err.Error(), "7 of 30 customers") || !strings.Contains(err.Error(), "--abandon") {
		t.Errorf("%v", err)
	}
	events := newJob(t, st, first.Inputs...)
	events.Events = true
	if _, err := events.Do(t.Context()); err == nil || !strings.Contains(err.Error(), "with other flags") {
		t.Errorf("%v", err)
	}
	if m, err := Abandon(t.Context(), st, "local", "command"); err != nil || m.Done != 7 {
		t.Errorf("%+v %v", m, err)
	}
	if m, err := Abandon(t.Context(), st, "local", "command"); err != nil || m != nil {
		t.Errorf("again: %+v %v", m, err)
	}
	if report := other.do(t); report.Written != 10 {
		t.Errorf("%+v", report)
	}
	if rows := auditRows(t, st); len(rows) != 2 {
		t.Errorf("%+v", rows)
	}
}

// TestNumbersOfLaterLines: a customer without a number gets none that a later line has.
func TestNumbersOfLaterLines(t *testing.T) {
	t.Parallel()
	st := newStore(t)
	without := func(n int) string {
		return strings.Replace(plainLine(n), fmt.Sprintf(`"customer_number":"%d",`, 100_100+n), "", 1)
	}
	in := without(0) + "\n" + without(1) + "\n" + strings.Replace(plainLine(2), "100102", "100001", 1) + "\n" + plainLine(3) + "\n"
	j := newJob(t, st, bytesInput("a.ndjson", []byte(in)))
	j.Results = filepath.Join(t.TempDir(), "results.csv")
	j.do(t)
	var numbers []string
	for _, r := range rowsOfFile(t, j.Results) {
		numbers = append(numbers, r[2])
	}
	if diff := cmp.Diff([]string{"100104", "100105", "100001", "100103"}, numbers); diff != "" {
		t.Error(diff)
	}
}
