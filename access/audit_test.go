package access_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rator/access"
	"rator/failure"
	"rator/store"
)

// What changed is tested by itself: its digests are salted.
var sameRow = cmp.Options{cmpopts.IgnoreFields(access.AuditRow{}, "Base", "Changed"), cmpopts.EquateComparable(netip.Addr{})}

func TestRecordKeepsEverything(t *testing.T) {
	st := openStore(t)
	row := access.AuditRow{At: noon.Add(-time.Minute), Who: "shop", From: netip.MustParseAddr("192.0.2.7"), Face: "soap",
		Hookpoint: "SOAP_CREATE_USER", Objects: []store.ID{202603041200000001, 202603041200000002}, Outcome: "USERNAME_NOT_UNIQUE",
		Duration: 1234567 * time.Nanosecond, RequestID: "abc-1", Notes: []string{"asked twice"}, Trace: json.RawMessage(`[{"name":"create_user"}]`)}
	update(t, st, func(tx store.Tx) error { return access.Record(tx, row) })
	if diff := cmp.Diff([]access.AuditRow{row}, rowsOf(t, st, "shop"), sameRow); diff != "" {
		t.Error(diff)
	}
}

func TestRecordTakesTheTransactionsTime(t *testing.T) {
	st := openStore(t)
	update(t, st, func(tx store.Tx) error { return access.Record(tx, access.AuditRow{Who: "shop"}) })
	if got := rowsOf(t, st, "shop")[0].At; !got.Equal(noon) {
		t.Errorf("at %v, want %v", got, noon)
	}
}

func TestRowsOfObject(t *testing.T) {
	st := openStore(t)
	const account, user store.ID = 202603041200000001, 202603041200000002
	update(t, st, func(tx store.Tx) error {
		for i, objects := range [][]store.ID{{account, user}, nil, {user, account}, {account}} {
			if err := access.Record(tx, access.AuditRow{RequestID: fmt.Sprint(i), Objects: objects}); err != nil {
				return err
			}
		}
		return nil
	})
	view(t, st, func(tx store.Tx) error {
		if diff := cmp.Diff([]string{"0", "3"}, requestsOf(t, access.RowsOfObject(tx, account, 0))); diff != "" {
			t.Error(diff)
		}
		return nil
	})
}

// A row with an account is found by that, whatever its objects are.
func TestRowsOfAccount(t *testing.T) {
	st := openStore(t)
	const account, other, user store.ID = 202603041200000001, 202603041200000002, 202603041200000003
	update(t, st, func(tx store.Tx) error {
		for i, row := range []access.AuditRow{{Account: account, Objects: []store.ID{user}}, {Account: other, Objects: []store.ID{account}},
			{Account: account}, {Objects: []store.ID{user}}} {
			row.RequestID, row.Brand = fmt.Sprint(i), "DEMO"
			if err := access.Record(tx, row); err != nil {
				return err
			}
		}
		return nil
	})
	view(t, st, func(tx store.Tx) error {
		if diff := cmp.Diff([]string{"0", "2"}, requestsOf(t, access.RowsOfAccount(tx, account, 0))); diff != "" {
			t.Error(diff)
		}
		for row, err := range access.RowsOfAccount(tx, account, 0) {
			if err != nil || row.Brand != "DEMO" {
				t.Errorf("%+v, %v", row, err)
			}
			if diff := cmp.Diff([]string{"2"}, requestsOf(t, access.RowsOfAccount(tx, account, row.ID))); diff != "" {
				t.Error(diff)
			}
			break
		}
		if diff := cmp.Diff([]string{"3"}, requestsOf(t, access.RowsOfObject(tx, user, 0))); diff != "" {
			t.Error(diff)
		}
		return nil
	})
}

func requestsOf(t *testing.T, rows iter.Seq2[*access.AuditRow, error]) (ids []string) {
	t.Helper()
	for row, err := range rows {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, row.RequestID)
	}
	return ids
}

// Whoever is refused chooses the texts of the row: they must not be able to fill
// the store, to break an index or to forge lines on a screen.
func TestRecordTamesTexts(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"plain", "Åse & <Øre> €", "Åse & <Øre> €"},
		{"long", strings.Repeat("x", 70_000), strings.Repeat("x", 128)},
		{"cut inside a letter", strings.Repeat("x", 127) + "Å", strings.Repeat("x", 127)},
		{"control characters", "a\nb\x00c\x1b[31m\u0085", "a?b?c?[31m?"},
		{"not UTF-8", "a\xff\xfeb", "ab"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			st := openStore(t)
			update(t, st, func(tx store.Tx) error {
				return access.Record(tx, access.AuditRow{Who: tt.text, Hookpoint: tt.text, RequestID: tt.text})
			})
			want := []access.AuditRow{{At: noon, Who: tt.want, Hookpoint: tt.want, RequestID: tt.want}}
			if diff := cmp.Diff(want, rowsOf(t, st, tt.text), sameRow); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOutcome(t *testing.T) {
	tests := []struct {
		err  error
		want string
	}{
		{nil, "OK"},
		{access.UnknownOperator.Error(), "UNKNOWN_OPERATOR"},
		{fmt.Errorf("wrapped: %w", failure.NotAllowed.With("X")), "NOT_ALLOWED"},
		{errors.New("disk"), "INTERNAL"},
	}
	for _, tt := range tests {
		if got := access.Outcome(tt.err); got != tt.want {
			t.Errorf("Outcome(%v) = %s, want %s", tt.err, got, tt.want)
		}
	}
}
