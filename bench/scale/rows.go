package main

import (
	"fmt"

	"rator/bench/rig"
)

// row says how a figure of a size is made of what was measured with it, of the same
// binary's with no customers, and of the base's with as many.
type row struct {
	name  string
	value func(f, empty, base *figures) float64
	bound rig.Bound
	based bool // of the base, so that it needs one
	empty bool // of the store without customers too
}

var all = []row{
	{name: "file a customer, KB", bound: rig.Bound{Sign: 4.5, Goal: 3.5},
		value: func(f, empty, _ *figures) float64 { return (f.File - empty.File) / float64(f.Customers) / 1024 }},
	{name: "start after a clean stop: seconds more than without customers", bound: rig.Bound{Sign: 1},
		value: func(f, empty, _ *figures) float64 { return f.Start - empty.Start }},
	{name: "memory beyond the mapped file after the calls, against base", bound: rig.Bound{Sign: 2}, based: true, empty: true,
		value: func(f, _, base *figures) float64 { return f.Memory / base.Memory }},
	{name: "verify against a bare read of the file", bound: rig.Bound{Sign: 4},
		value: func(f, _, _ *figures) float64 { return f.Verify / f.Read }},
	{name: "backup against a bare copy of the file", bound: rig.Bound{Sign: 3},
		value: func(f, _, _ *figures) float64 { return f.Backup / f.Copy }},
	{name: "profile: CPU against that without customers",
		value: func(f, empty, _ *figures) float64 { return f.ProfileCPU / empty.ProfileCPU }},
	{name: "profile: CPU against base", based: true, empty: true,
		value: func(f, _, base *figures) float64 { return f.ProfileCPU / base.ProfileCPU }},
	{name: "sign-ups of 16 callers a second against those without customers", bound: rig.Bound{More: true},
		value: func(f, empty, _ *figures) float64 { return f.SignUps / empty.SignUps }},
	{name: "sign-ups of 16 callers a second against base", bound: rig.Bound{More: true}, based: true, empty: true,
		value: func(f, _, base *figures) float64 { return f.SignUps / base.SignUps }},
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
				return &v
			}
			table = append(table, rig.NewRow(fmt.Sprintf("%d customers: %s", customers, r.name), value("base"), value("this"), r.bound))
		}
	}
	return table
}
