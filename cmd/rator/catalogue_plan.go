package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// plannedChange is what an import would do to an object, and whom that is of.
type plannedChange struct {
	catalogue.Change
	Subscriptions int `json:"subscriptions"` // that have it, and are not terminated
	Customers     int `json:"customers"`     // whose these are; of a brand or a tax all of the brand
}

// plan says what an import would change and for whom; it writes nothing.
func (c *catalogueImportCommand) plan(t *terminal, st store.Store, f *catalogue.File, from time.Time) error {
	var counts catalogue.Changes
	var all []plannedChange
	err := st.View(t.ctx, func(tx store.Tx) error {
		changes, plan, err := catalogue.Plan(tx, f, from)
		if err != nil {
			return err
		}
		counts = changes
		all, err = concerned(tx, plan)
		return err
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(t.out).Encode(struct {
			Added     int             `json:"added"`
			Changed   int             `json:"changed"`
			Retired   int             `json:"retired"`
			Unchanged int             `json:"unchanged"`
			Changes   []plannedChange `json:"changes"`
		}{counts.Added, counts.Changed, counts.Retired, counts.Unchanged, all})
	}
	for _, p := range all {
		fmt.Fprintln(t.out, p)
	}
	_, err = fmt.Fprintf(t.out, "%d added, %d changed, %d retired, %d unchanged; nothing was written\n", counts.Added, counts.Changed, counts.Retired, counts.Unchanged)
	return err
}

// concerned counts whom changes are of. What is new is nobody's yet.
func concerned(tx store.Tx, plan []catalogue.Change) ([]plannedChange, error) {
	ids := map[string]bool{}
	for _, p := range plan {
		switch p.Table {
		case "brand.product_config", "brand.rate_plan", "brand.product_option":
			ids[p.ID] = ids[p.ID] || p.What != "added"
		}
	}
	takers, err := customer.CountTakers(tx, ids)
	if err != nil {
		return nil, err
	}
	all := make([]plannedChange, len(plan))
	for n, p := range plan {
		all[n] = plannedChange{p, takers[p.ID].Subscriptions, takers[p.ID].Customers}
		if p.Table == "brand" || p.Table == "brand.tax" {
			if all[n].Customers, err = customersOf(tx, p.Brand); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// customersOf is how many customers a brand has; none where it is new.
func customersOf(tx store.Tx, key string) (int, error) {
	b, err := catalogue.BrandByKey(tx, key)
	if failure.CodeOf(err) == catalogue.UnknownBrand {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return customer.CountCustomers(tx, b)
}

// String is the change in one line.
func (p plannedChange) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-7s  %s %s", p.What, p.Table, p.Brand)
	if p.Code != "" {
		b.WriteString(" " + p.Code)
	}
	for n, k := range p.Keys {
		separator := ", "
		if n == 0 {
			separator = ": "
		}
		fmt.Fprintf(&b, "%s%s %s -> %s", separator, k.Key, orNone(k.Was), orNone(k.Is))
	}
	if p.From != "" {
		b.WriteString(" from " + p.From)
	}
	switch {
	case p.Subscriptions > 0:
		fmt.Fprintf(&b, "; %d subscriptions of %d customers", p.Subscriptions, p.Customers)
	case p.Customers > 0:
		fmt.Fprintf(&b, "; a brand of %d customers", p.Customers)
	}
	return b.String()
}

func orNone(value string) string {
	if value == "" {
		return "none"
	}
	return value
}
