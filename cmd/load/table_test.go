package main

import (
	"bytes"
	"encoding/json"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// aReport is a table with every kind of row.
func aReport() report {
	tenth := target{reach: "≤ 1/10 of base", based: true, reached: func(this, base float64) bool { return this <= base/10 }}
	pair := func(load string, base, this float64, to target) row {
		b, f := newFigure(load, base, inMillis(base), to), newFigure(load, this, inMillis(this), to, "two cores")
		return newRow("s", &b, &f)
	}
	alone := newFigure("alone", 3, "3", tenth)
	return report{This: "b", Base: "a", Said: []string{"s could not be run: no room"}, Rows: []row{
		pair("reached", 20, 2, tenth), pair("missed", 20, 2.5, tenth), pair("endless before", math.Inf(1), 30_000, tenth),
		pair("never", 20, math.Inf(1), atMost(50, "≤ 50 ms")), pair("nothing asked", 20, 30, target{}), newRow("s", nil, &alone),
	}}
}

func TestTable(t *testing.T) {
	r := aReport()
	var b bytes.Buffer
	if err := r.print(&b); err != nil {
		t.Fatal(err)
	}
	want := `this b, base a
s could not be run: no room

load            base   this    to reach        
reached         20 ms  2.0 ms  ≤ 1/10 of base  ok
missed          20 ms  2.5 ms  ≤ 1/10 of base  MISS
endless before  never  30.0 s  ≤ 1/10 of base  ok
never           20 ms  never   ≤ 50 ms         MISS
nothing asked   20 ms  30 ms   -               -
alone           -      3       ≤ 1/10 of base  -

reached, this: two cores
missed, this: two cores
endless before, this: two cores
never, this: two cores
nothing asked, this: two cores
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("the table (-want +got):\n%s", diff)
	}
}

func TestTableAsJSON(t *testing.T) {
	r := aReport()
	var b bytes.Buffer
	if err := r.printJSON(&b); err != nil {
		t.Fatal(err)
	}
	var back struct {
		Rows []struct {
			Load  string
			Reach string
			OK    *bool
			Base  *struct{ Value *float64 }
			This  struct{ Value *float64 }
		}
	}
	if err := json.Unmarshal(b.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	reached, never, alone := back.Rows[0], back.Rows[3], back.Rows[5]
	if reached.OK == nil || !*reached.OK || reached.Base == nil || *reached.Base.Value != 20 || reached.Reach != "≤ 1/10 of base" {
		t.Errorf("%+v", reached)
	}
	if never.OK == nil || *never.OK || never.This.Value != nil {
		t.Errorf("%+v", never)
	}
	if alone.OK != nil || alone.Base != nil {
		t.Errorf("nobody can judge what has no base: %+v", alone)
	}
}
