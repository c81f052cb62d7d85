package main

import "testing"

// TestLoadSummary: one is not many.
func TestLoadSummary(t *testing.T) {
	t.Parallel()
	records := map[string]int64{"account": 1}
	for _, c := range []struct {
		summary loadSummary
		want    string
	}{
		{loadSummary{Customers: 1, Records: records}, "1 customer is loaded: account 1"},
		{loadSummary{Customers: 2, Records: records}, "2 customers are loaded: account 1"},
		{loadSummary{Customers: 2, Before: 1, Written: 1, Records: records}, "2 customers are loaded, 1 of them now: account 1"},
		{loadSummary{Customers: 1, DryRun: true, Records: records}, "1 customer can be loaded: account 1; dry, nothing is written"},
		{loadSummary{Customers: 1, Loaded: "yesterday"}, "this customer was loaded yesterday; nothing is done"},
		{loadSummary{Customers: 2, Loaded: "yesterday"}, "these 2 customers were loaded yesterday; nothing is done"},
		{loadSummary{Customers: 1, Mistakes: 1}, "1 mistake in 1 customer; nothing is written"},
	} {
		if got := c.summary.text(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
