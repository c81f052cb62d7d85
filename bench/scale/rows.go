package main

import (
	"fmt"
	"math"
	"slices"

	"rator/bench/rig"
)

// row says how a figure of a size is made of what was measured with it, of the same
// binary's with hardly a customer, and of the base's with as many.
type row struct {
	name  string
	value func(f, empty, base *figures) float64 // NaN = it was not measured
	bound rig.Bound
	based bool // of the base, so that it needs one
	empty bool // of the store without customers too
}

// ratio is NaN where either was not measured.
func ratio(a, b float64) float64 {
	if a == 0 || b == 0 {
		return math.NaN()
	}
	return a / b
}

// all are the rows: what is asked is compared with the store without customers, and with
// the base.
var all = slices.Concat([]row{
	{name: "load: customers a second against sign-ups of 64 callers", bound: rig.Bound{More: true, Sign: 3},
		value: func(f, _, _ *figures) float64 { return ratio(ratio(float64(f.Kept), f.Load), f.SignUps64.PerSecond) }},
	{name: "file a customer, KB", bound: rig.Bound{Sign: 4.5, Goal: 3.5},
		value: func(f, empty, _ *figures) float64 { return (f.File - empty.File) / float64(f.Kept-empty.Kept) / 1024 }},
	{name: "start after a clean stop: seconds more than without customers", bound: rig.Bound{Sign: 1},
		value: func(f, empty, _ *figures) float64 { return f.Start - empty.Start }},
	{name: "memory beyond the mapped file after the calls, against base", bound: rig.Bound{Sign: 2}, based: true, empty: true,
		value: func(f, _, base *figures) float64 { return f.Memory / base.Memory }},
	{name: "verify against a bare read of the file", bound: rig.Bound{Sign: 4},
		value: func(f, _, _ *figures) float64 { return f.Verify / f.Read }},
	{name: "backup against a bare copy of the file", bound: rig.Bound{Sign: 3},
		value: func(f, _, _ *figures) float64 { return f.Backup / f.Copy }},
	{name: "compact against a bare copy of the file",
		value: func(f, _, _ *figures) float64 { return ratio(f.Compact, f.Copy) }},
	{name: "billing run: milliseconds an invoice",
		value: func(f, _, _ *figures) float64 { return ratio(1000*f.Bill, float64(f.Kept)) }},
}, ofCalls(), []row{
	{name: "sign-ups of 16 callers a second against those without customers", bound: rig.Bound{More: true, Sign: 0.7},
		value: func(f, empty, _ *figures) float64 { return f.SignUps.PerSecond / empty.SignUps.PerSecond }},
	{name: "sign-ups of 16 callers: p99 against that without customers",
		value: func(f, empty, _ *figures) float64 { return f.SignUps.P99 / empty.SignUps.P99 }},
	{name: "sign-ups of 16 callers a second against base", bound: rig.Bound{More: true}, based: true, empty: true,
		value: func(f, _, base *figures) float64 { return f.SignUps.PerSecond / base.SignUps.PerSecond }},
})

// ofCalls are the rows of what is read.
func ofCalls() (rows []row) {
	of := func(f *figures, name string) calls {
		if c := f.Calls[name]; c != nil {
			return *c
		}
		return calls{}
	}
	for _, k := range kinds {
		rows = append(rows,
			row{name: k.name + ": a second against those without customers", bound: rig.Bound{More: true, Sign: 0.8},
				value: func(f, empty, _ *figures) float64 { return ratio(of(f, k.name).PerSecond, of(empty, k.name).PerSecond) }},
			row{name: k.name + ": p99 against that without customers",
				value: func(f, empty, _ *figures) float64 { return ratio(of(f, k.name).P99, of(empty, k.name).P99) }})
		if !k.loaded {
			rows = append(rows, row{name: k.name + ": CPU against base", based: true, empty: true,
				value: func(f, _, base *figures) float64 { return ratio(of(f, k.name).CPU, of(base, k.name).CPU) }})
		}
	}
	return rows
}

// rows makes the table, one size after the other.
func rows(measured []*figures, o options) (table []rig.Row) {
	find := func(who string, customers int) *figures {
		for _, f := range measured {
			if f.Who == who && f.Customers == customers {
				return f
			}
		}
		return nil
	}
	for _, customers := range append([]int{0}, o.sizes...) {
		for _, r := range all {
			if customers == 0 && !r.empty {
				continue
			}
			base := find("base", customers)
			value := func(who string) *float64 {
				f := find(who, customers)
				if f == nil || r.based && base == nil {
					return nil
				}
				v := r.value(f, find(who, 0), base)
				if math.IsNaN(v) {
					return nil
				}
				return &v
			}
			table = append(table, rig.NewRow(fmt.Sprintf("%d customers: %s", customers, r.name), value("base"), value("this"), r.bound))
		}
	}
	return table
}
