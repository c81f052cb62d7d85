package main

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

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
	o := options{base: file, this: file, sizes: []int{150, 300}, rounds: 1, calls: 200, dir: kept}
	for range 2 {
		r, err := measured(t.Context(), o, t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		if want := 3 + 2*len(all); len(r.Rows) != want || len(r.Measured) != 3*2 || len(r.Said) > 0 {
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
			if f.File <= 0 || f.Start <= 0 || f.Read <= 0 || f.Verify <= 0 || f.Copy <= 0 || f.Backup <= 0 || f.Memory <= 0 || f.SignUps <= 0 {
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
		return &figures{Who: who, Customers: customers, File: 1000 + n*float64(customers)*1024, Start: 1 + n, Read: 2, Verify: 2 * n, Copy: 4, Backup: 4 * n,
			Memory: 100 * n, ProfileCPU: 10 * n, SignUps: 1000 / n}
	}
	measured := []*figures{of("base", 0, 1), of("this", 0, 2), of("base", 10, 2), of("this", 10, 5)}
	var got strings.Builder
	rig.PrintRows(&got, rows(measured, options{sizes: []int{10}}))
	want := "\tbase\tthis\tto sign\t\tgoal\n" +
		"0 customers: memory beyond the mapped file after the calls, against base\t1.00\t2.00\t≤ 2.00\treached\t-\n" +
		"0 customers: profile: CPU against base\t1.00\t2.00\t-\t-\t-\n" +
		"0 customers: sign-ups of 16 callers a second against base\t1.00\t0.50\t-\t-\t-\n" +
		"10 customers: file a customer, KB\t2.00\t5.00\t≤ 4.50\tMISS\t≤ 3.50\n" +
		"10 customers: start after a clean stop: seconds more than without customers\t1.00\t3.00\t≤ 1.00\tMISS\t-\n" +
		"10 customers: memory beyond the mapped file after the calls, against base\t1.00\t2.50\t≤ 2.00\tMISS\t-\n" +
		"10 customers: verify against a bare read of the file\t2.00\t5.00\t≤ 4.00\tMISS\t-\n" +
		"10 customers: backup against a bare copy of the file\t2.00\t5.00\t≤ 3.00\tMISS\t-\n" +
		"10 customers: profile: CPU against that without customers\t2.00\t2.50\t-\t-\t-\n" +
		"10 customers: profile: CPU against base\t1.00\t2.50\t-\t-\t-\n" +
		"10 customers: sign-ups of 16 callers a second against those without customers\t0.50\t0.40\t-\t-\t-\n" +
		"10 customers: sign-ups of 16 callers a second against base\t1.00\t0.40\t-\t-\t-\n"
	if got.String() != want {
		t.Errorf("got\n%swant\n%s", &got, want)
	}
	for _, alone := range rows(measured[1:2], options{}) {
		if alone.This != nil || alone.OK != nil {
			t.Errorf("without a base: %+v", alone)
		}
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
