package access_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/access"
	"rator/store"
)

// holed is a transaction of a store in which a record cannot be read.
type holed struct {
	store.Tx
	bad store.BadRecordError
}

func (h holed) Get(kind string, id store.ID) (store.Record, error) {
	if kind == h.bad.Kind && id == h.bad.ID {
		return store.Record{}, &h.bad
	}
	return h.Tx.Get(kind, id)
}

func (h holed) Scan(kind string, after store.ID, limit int) ([]store.Record, error) {
	page, err := h.Tx.Scan(kind, after, limit)
	for _, r := range page {
		if kind == h.bad.Kind && r.ID == h.bad.ID {
			return nil, &h.bad
		}
	}
	return page, err
}

// A record that cannot be read hides nothing else that was done to the audit.
func TestDamagedIsPlaced(t *testing.T) {
	const gone = "audit: row #11 of segment 4 is gone"
	tests := []struct {
		kind string
		n    int
		want []string
	}{
		{"audit", 5, []string{"audit: row #5 of segment 2 was changed", gone}},
		{"audit", 16, []string{gone}}, // it is not sealed: what is wrong with it is for the store to say
		{"audit_segment", 1, []string{"audit: segment 2 is gone",
			"audit: 3 rows before row #6 are of segments that are gone, so that nobody can tell whether they are what they were", gone}},
		{"audit_seal", 0, []string{gone, "audit: the seal, which names the newest segment, is gone; there are segments up to 5"}},
		{"audit_detail", 2, []string{"audit: the values of what row #7 changed cannot be read", gone}},
	}
	for _, tt := range tests {
		t.Run(tt.kind, func(t *testing.T) {
			c := newChain(t)
			c.change(t, func(tx store.Tx) error { return remove(tx, "audit", c.rows[11]) })
			var faults []string
			err := c.View(t.Context(), func(tx store.Tx) error {
				bad := store.BadRecordError{Kind: tt.kind, Reason: "the checksum is wrong"}
				if tt.kind == "audit" {
					bad.ID = c.rows[tt.n]
				} else {
					bad.ID = records(tx, tt.kind)[tt.n].ID
				}
				_, err := access.VerifyAudit(holed{tx, bad}, access.Anchor{}, func(fault error) {
					text := fault.Error()
					for i, id := range c.rows {
						text = strings.ReplaceAll(text, id.String(), "#"+strconv.Itoa(i))
					}
					faults = append(faults, text)
				})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, faults); diff != "" {
				t.Error(diff)
			}
		})
	}
}
