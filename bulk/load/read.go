package load

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"rator/billing/verify"
	"rator/bulk"
	"rator/catalogue"
	"rator/failure"
	"rator/store"
)

// read reads a row.
func (j *Job) read(one row) (*bulk.Customer, []bulk.Mistake) {
	if one.bad != "" {
		return nil, []bulk.Mistake{{Text: one.bad}}
	}
	if one.csv != nil {
		return one.csv.Read(one.text)
	}
	return j.lines().Read(one.text)
}

// lines is how lines are read.
func (j *Job) lines() bulk.Reader { return bulk.Reader{ForeignIDs: j.IDs != ""} }

// fill finds the brand of a customer, and fills in what its line left out.
func (r *running) fill(tx store.Tx, one *bulk.Customer) (*catalogue.Brand, []bulk.Mistake, error) {
	key := r.brandOf(one)
	if key == "" {
		return nil, []bulk.Mistake{{Path: "account.brand", Text: "is missing; say which of the store's brands it is of, or give --brand KEY for all lines that say none"}}, nil
	}
	brand, err := catalogue.BrandByKey(tx, key)
	if err != nil {
		if m, ok := saidOf(nil, err, nil); ok {
			m.Path = "account.brand"
			return nil, []bulk.Mistake{m}, nil
		}
		return nil, nil, err
	}
	return brand, one.Fill(tx, brand), nil
}

// brandOf is the key of a customer's brand; "" = nothing says it.
func (r *running) brandOf(one *bulk.Customer) string { return cmp.Or(one.Account.Brand, r.brand) }

// brandOf is the brand of lines that name none: the one that was said, or the only one of
// the store. It fails for one that is not there.
func brandOf(tx store.Tx, key string) (*catalogue.Brand, error) {
	if key != "" {
		return catalogue.BrandByKey(tx, key)
	}
	var only *catalogue.Brand
	for b, err := range catalogue.AllBrands(tx) {
		switch {
		case err != nil:
			return nil, err
		case b.Retired:
		case only != nil:
			return nil, nil
		default:
			only = b
		}
	}
	if only == nil {
		return nil, errors.New("the store has no brand: bring a catalogue in first (rator catalogue import)")
	}
	return only, nil
}

// keep loads a customer into the rooms whose it is: a line takes the number that a
// reservation holds for it, so those come first.
func keep(tx store.Tx, brand *catalogue.Brand, one *bulk.Customer) error {
	for _, r := range one.Reservations {
		if err := r.Load(tx); err != nil {
			return err
		}
	}
	if err := one.Whole.Load(tx, brand); err != nil {
		return err
	}
	if err := one.Books.Load(tx, brand); err != nil {
		return err
	}
	for _, n := range one.Returned {
		if err := n.Load(tx); err != nil {
			return err
		}
	}
	for _, e := range one.Erasures {
		if err := e.Load(tx); err != nil {
			return err
		}
	}
	if err := one.Resources.Load(tx, one.Account); err != nil && failure.CodeOf(err) == nil {
		return failure.InvalidRequest.With("%v", err)
	} else if err != nil {
		return err
	}
	return nil
}

// check has a customer's rooms look whether all is in order.
func check(tx store.Tx, one *bulk.Customer, report func(error)) {
	one.Whole.Verify(tx, report)
	verify.Customer(tx, one.BillingGroups, report)
	for _, r := range one.Reservations {
		r.Verify(tx, report)
	}
	for _, n := range one.Returned {
		n.Verify(tx, report)
	}
	one.Resources.Verify(tx, report)
}

// tellOf tells of a customer what a sign-up would.
func tellOf(tx store.Tx, brand *catalogue.Brand, one *bulk.Customer) error {
	if !one.Account.Deleted.IsZero() {
		return nil
	}
	return one.TellCreated(tx, brand)
}

// appendPairs adds the ids of another form, each with the id that it got.
func appendPairs(to *strings.Builder, one *bulk.Customer) {
	for other, id := range one.IDs() {
		fmt.Fprintf(to, "%s,%s\n", quoted(other), id)
	}
}

// CountsOf says how many records of each kind there are.
func CountsOf(things map[string]int64) string {
	var all []string
	for _, kind := range slices.Sorted(maps.Keys(things)) {
		all = append(all, fmt.Sprintf("%s %d", kind, things[kind]))
	}
	return strings.Join(all, ", ")
}

// quoted is a field of CSV.
func quoted(text string) string {
	if !strings.ContainsAny(text, ",\"\n\r") {
		return text
	}
	return `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
}
