package billing

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/billing/verify"
	"rator/store"
)

// TestVerifyOfBalances finds a write-off below 0, and transfers whose two ends do
// not fit.
func TestVerifyOfBalances(t *testing.T) {
	b := open(t)
	p := b.signUp("MONTH", "Øre")
	second := b.addGroup(p)
	b.owing(p, 1)
	w := b.writeOff(p, NewWriteOff{})
	b.pay(p, "50")
	moved := b.transfer(p, second, "20")
	tests := []struct {
		name, want string
		id         store.ID
		spoil      func(*ledger.Posting)
	}{
		{"nothing", "", moved.In.ID, func(*ledger.Posting) {}},
		{"a debt given up below 0", "writes off -100", w.Postings[0].ID, func(x *ledger.Posting) { x.Amount = x.Amount.Neg() }},
		{"a transfer to nowhere", "names no other posting", moved.In.ID, func(x *ledger.Posting) { x.Reference = "" }},
		{"a transfer to something else", "is not its other end", moved.In.ID, func(x *ledger.Posting) { x.Reference = w.Postings[0].ID.String() }},
		{"two amounts", "is not its other end", moved.Out.ID, func(x *ledger.Posting) { x.Amount = x.Amount.Sub(decimal.NewFromInt(1)) }},
		{"one group", "is not its other end", moved.Out.ID, func(x *ledger.Posting) { x.Group = second.group }},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			found := b.spoilt(func(tx store.Tx) error {
				x, err := ledger.Postings.Get(tx, c.id)
				if err != nil {
					return err
				}
				c.spoil(x)
				return ledger.Postings.Put(tx, x)
			})
			if c.want == "" && len(found) > 0 || c.want != "" && !strings.Contains(strings.Join(found, "\n"), c.want) {
				t.Errorf("found %q, want %q", found, c.want)
			}
		})
	}
}

// spoilt gives what verify finds when something is changed behind the operations'
// back; nothing of it is kept.
func (b *books) spoilt(fn func(tx store.Tx) error) (found []string) {
	b.Helper()
	undone := errors.New("undone")
	err := b.Update(context.Background(), func(tx store.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		found = nil
		verify.Money(store.Looks{Txs: []store.Tx{tx}}, func(err error) { found = append(found, err.Error()) })
		return undone
	})
	if !errors.Is(err, undone) {
		b.Fatal(err)
	}
	return found
}
