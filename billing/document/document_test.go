package document

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/failure"
	"rator/store"
	"rator/store/bolt"
)

// TestTooLong: what no answer carries is refused, with the way out, and not cut.
func TestTooLong(t *testing.T) {
	st, err := bolt.Open(filepath.Join(t.TempDir(), "test.db"), bolt.Options{Unsynced: true})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	i := &ledger.Invoice{Base: store.Base{ID: 202601010000000001}, Number: "1"}
	err = st.Update(context.Background(), func(tx store.Tx) error {
		for range 3 {
			if err := ledger.Postings.Insert(tx, &ledger.Posting{Kind: ledger.Charge, Amount: decimal.NewFromInt(-1), Invoice: i.ID}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	err = st.View(context.Background(), func(tx store.Tx) error {
		for _, c := range []struct {
			lines, bytes int
			want         string
		}{{3, 1 << 20, ""}, {2, 1 << 20, "more than 2 lines"}, {3, 1000, "more than 1000, for its 3 lines"}} {
			pdf, _, err := within(tx, i, nil, c.lines, c.bytes)
			if c.want == "" && (err != nil || len(pdf) == 0) {
				t.Errorf("%+v: %v", c, err)
			}
			if c.want != "" && (failure.CodeOf(err) != TooLong || pdf != nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "SOAP_GET_INVOICE_DETAIL_LINES")) {
				t.Errorf("%+v: %v", c, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
