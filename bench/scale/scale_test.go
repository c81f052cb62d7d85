package main

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rator/bench/rig"
	"rator/suite"
)

// TestEverythingIsMeasured runs all of it with few customers, with this checkout as the
// base too, and wants every row; a second run takes the stores of the first.
func TestEverythingIsMeasured(t *testing.T) {
	suite.Long(t, "signs up a few hundred customers, and starts servers over them")
	t.Chdir("../..")
	file, kept := filepath.Join(t.TempDir(), "rator"), t.TempDir()
	if out, err := rig.Output(t.Context(), "go", "build", "-o", file, "./cmd/rator"); err != nil {
		t.Fatal(err, out)
	}
	atZero := 0
	for _, row := range all {
		if row.empty {
			atZero++
		}
	}
	o := options{base: file, this: file, sizes: []int{150, 300}, rounds: 1, calls: 200, dir: kept}
	for range 2 {
		r, err := measured(t.Context(), o, t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		if want := atZero + 2*len(all); len(r.Rows) != want || len(r.Measured) != 3*2 || len(r.Said) > 0 {
			t.Fatalf("%d rows of %d, %d measurements, said %q", len(r.Rows), want, len(r.Measured), r.Said)
		}
		for _, row := range r.Rows {
			for _, value := range []*float64{row.Base, row.This} {
				if value == nil || math.IsInf(*value, 0) || math.IsNaN(*value) {
					t.Errorf("%s: %s", row.Name, rig.Shown(value))
				}
			}
		}
		for _, f := range r.Measured {
			if f.File <= 0 || f.Start <= 0 || f.Read <= 0 || f.Verify <= 0 || f.Copy <= 0 || f.Backup <= 0 || f.Memory <= 0 || f.Compact <= 0 || f.Bill <= 0 || f.Load <= 0 || len(f.Calls) != len(kinds) {
				t.Errorf("%+v", f)
			}
		}
	}
	entries, err := os.ReadDir(kept)
	if err != nil || len(entries) != 3 { // of one binary, three sizes
		t.Errorf("%d stores are kept, %v", len(entries), err)
	}
	for _, e := range entries {
		left, err := os.ReadDir(filepath.Join(kept, e.Name()))
		if err != nil || len(left) != 2 { // the store and the mark
			t.Errorf("in %s: %v %v", e.Name(), left, err)
		}
	}
}

func TestRows(t *testing.T) {
	of := func(who string, customers int, n float64) *figures {
		f := &figures{Who: who, Customers: customers, Kept: max(customers, few), File: 1000 + n*float64(max(customers, few))*1024, Start: 1 + n, Read: 2, Verify: 2 * n,
			Copy: 4, Backup: 4 * n, Compact: 8, Memory: 100 * n, Bill: 20, Load: 0.01, Calls: map[string]*calls{}, SignUps: calls{10 * n, 1000 / n, 1, n}, SignUps64: calls{10, 500, 1, 1}}
		for _, k := range kinds {
			f.Calls[k.name] = &calls{10 * n, 1000 / n, 1, n}
		}
		return f
	}
	base := of("base", 100, 2)
	delete(base.Calls, "search by NAME")
	table := map[string]string{}
	for _, r := range rows([]*figures{of("base", 0, 1), of("this", 0, 2), base, of("this", 100, 5)}, options{sizes: []int{100}}) {
		var said strings.Builder
		rig.PrintRows(&said, []rig.Row{r})
		table[r.Name] = strings.TrimSpace(strings.SplitN(strings.SplitN(said.String(), "\n", 3)[1], "\t", 2)[1])
	}
	for name, want := range map[string]string{
		"0 customers: memory beyond the mapped file after the calls, against base":       "1.00\t2.00\t≤ 2.00\treached\t-",
		"0 customers: profile: CPU against base":                                         "1.00\t2.00\t-\t-\t-",
		"0 customers: sign-ups of 16 callers a second against base":                      "1.00\t0.50\t-\t-\t-",
		"100 customers: load: customers a second against sign-ups of 64 callers":         "20.00\t20.00\t≥ 3.00\treached\t-",
		"100 customers: start after a clean stop: seconds more than without customers":   "1.00\t3.00\t≤ 1.00\tMISS\t-",
		"100 customers: memory beyond the mapped file after the calls, against base":     "1.00\t2.50\t≤ 2.00\tMISS\t-",
		"100 customers: verify against a bare read of the file":                          "2.00\t5.00\t≤ 4.00\tMISS\t-",
		"100 customers: backup against a bare copy of the file":                          "2.00\t5.00\t≤ 3.00\tMISS\t-",
		"100 customers: compact against a bare copy of the file":                         "2.00\t2.00\t-\t-\t-",
		"100 customers: billing run: milliseconds an invoice":                            "200.00\t200.00\t-\t-\t-",
		"100 customers: profile: a second against those without customers":               "0.50\t0.40\t≥ 0.80\tMISS\t-",
		"100 customers: profile: CPU against base":                                       "1.00\t2.50\t-\t-\t-",
		"100 customers: search by NAME: a second against those without customers":        "-\t0.40\t≥ 0.80\tMISS\t-",
		"100 customers: search by NAME: p99 against that without customers":              "-\t2.50\t-\t-\t-",
		"100 customers: sign-ups of 16 callers a second against those without customers": "0.50\t0.40\t≥ 0.70\tMISS\t-",
	} {
		if got, there := table[name]; !there || got != want {
			t.Errorf("%s\n%q, want\n%q", name, got, want)
		}
	}
	for _, alone := range rows([]*figures{of("this", 0, 2)}, options{}) {
		if alone.This != nil || alone.OK != nil {
			t.Errorf("without a base: %+v", alone)
		}
	}
}

// TestLine: customers differ, and are asked for by what they have.
func TestLine(t *testing.T) {
	s := &store{customers: 1_000_000, loaded: true, month: time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)}
	for n, want := range map[int64]string{1: "202610010000000001", 599_999: "202610010000599999", 600_000: "202610010001000000", 1_000_000: "202610010001400000"} {
		if got := s.id(n); got != want {
			t.Errorf("customer %d is %s, want %s", n, got, want)
		}
	}
	seen := map[int64]bool{}
	for n := range int64(1000) {
		seen[s.of(n+1)] = true
	}
	if len(seen) != 1000 {
		t.Errorf("1,000 calls ask for %d customers", len(seen))
	}
}

func TestSizes(t *testing.T) {
	var o options
	if err := o.parseSizes("300,20"); err != nil || len(o.sizes) != 2 || o.sizes[0] != 20 {
		t.Errorf("%v %v", o.sizes, err)
	}
	for _, list := range []string{"", "0", "many", "5,", "10000001"} {
		if err := new(options).parseSizes(list); err == nil {
			t.Errorf("%q is taken", list)
		}
	}
}
