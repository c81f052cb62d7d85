package billing

import (
	"testing"

	"rator/billing/ledger"
	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

func (b *books) block(p person, kind string) {
	b.Helper()
	b.life(p, func(tx store.Tx, brand *catalogue.Brand, id store.ID) (*customer.Subscription, error) {
		return customer.BlockSubscription(tx, brand, id, customer.NewBlock{BlockFields: customer.BlockFields{BlockType: kind}})
	})
}

// billsWhileBlocked makes the brand bill only in blocks of those types.
func (b *books) billsWhileBlocked(types ...string) {
	b.Helper()
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		brand.BilledBlocks = types
		return catalogue.Brands.Put(tx, brand)
	})
}

// TestDaysBlocked: days on which a subscription is blocked all day cost nothing, when
// the brand does not bill in that type of block. LINE is 310 a month.
func TestDaysBlocked(t *testing.T) {
	for _, c := range []struct {
		name, zone             string
		blocked, lifted, ended string // in UTC; "" = never
		kind                   string
		billed                 []string // by the brand; nil = in all
		want                   string
	}{
		{"billed, nothing said", "UTC", "2026-01-10 09:00:00", "2026-01-20 09:00:00", "", customer.BlockByOperator, nil, `
			  2026-01-01 RECURRENT Line 2026-01-01..2026-01-31 310`},
		{"billed, another type is", "UTC", "2026-01-10 09:00:00", "2026-01-20 09:00:00", "", customer.BlockByOperator, []string{customer.BlockByOperator}, `
			  2026-01-01 RECURRENT Line 2026-01-01..2026-01-31 310`},
		{"the days of beginning and end are billed", "UTC", "2026-01-10 09:00:00", "2026-01-20 09:00:00", "", customer.BlockAsStolen, []string{customer.BlockByCustomer}, `
			  2026-01-01 RECURRENT Line 2026-01-01..2026-01-10 100
			  2026-01-20 RECURRENT Line 2026-01-20..2026-01-31 120`},
		{"from midnight to midnight", "Europe/Copenhagen", "2026-01-09 23:00:00", "2026-01-19 23:00:00", "", customer.BlockAsStolen, []string{"NONE"}, `
			  2026-01-01 RECURRENT Line 2026-01-01..2026-01-09 90
			  2026-01-20 RECURRENT Line 2026-01-20..2026-01-31 120`},
		{"inside a day", "UTC", "2026-01-10 00:00:00", "2026-01-10 23:59:59", "", customer.BlockAsStolen, []string{"NONE"}, `
			  2026-01-01 RECURRENT Line 2026-01-01..2026-01-31 310`},
		{"two half days", "UTC", "2026-01-10 09:00:00", "2026-01-11 09:00:00", "", customer.BlockAsStolen, []string{"NONE"}, `
			  2026-01-01 RECURRENT Line 2026-01-01..2026-01-31 310`},
		{"not lifted", "UTC", "2026-01-10 09:00:00", "", "", customer.BlockAsLost, []string{"NONE"}, `
			  2026-01-01 RECURRENT Line 2026-01-01..2026-01-10 100`},
		{"ended while it is blocked", "UTC", "2026-01-10 09:00:00", "", "2026-01-15 09:00:00", customer.BlockByCustomer, []string{"NONE"}, `
			  2026-01-01 RECURRENT Line 2026-01-01..2026-01-10 100`},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := openIn(t, c.zone)
			if c.billed != nil {
				b.billsWhileBlocked(c.billed...)
			}
			p := b.signUp("MONTH", "Øre")
			b.subscribe(p, "LINE")
			b.life(p, customer.ActivateSubscription)
			b.at(c.blocked)
			b.block(p, c.kind)
			if c.lifted != "" {
				b.at(c.lifted)
				b.life(p, customer.UnblockSubscription)
			}
			if c.ended != "" {
				b.at(c.ended)
				b.life(p, customer.TerminateSubscription)
			}
			b.run("2026-02-01")
			if got := b.recurrentLines(p); got != outdent(c.want) {
				t.Errorf("billed:\n%swant:\n%s", got, outdent(c.want))
			}
		})
	}
}

// recurrentLines are a person's lines for recurrent prices.
func (b *books) recurrentLines(p person) (text string) {
	b.Helper()
	b.look(func(tx store.Tx, _ *catalogue.Brand) error {
		for p, err := range ledger.Postings.All(tx, ledger.ByGroup, p.group.String()) {
			if err != nil {
				return err
			}
			if p.Kind == ledger.Recurrent {
				text += "  " + line(p) + "\n"
			}
		}
		return nil
	})
	return text
}
