package access_test

import (
	"context"
	"testing"
	"time"

	"rator/access"
	"rator/failure"
	"rator/password"
	"rator/server/servertest"
	"rator/store"
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

var local = access.Administrator{Who: access.Local, Face: "command"}

// openStore opens an empty store whose time stands still at noon, and checks its
// integrity at the end.
func openStore(t *testing.T) store.Store {
	t.Helper()
	st := servertest.Store(t, func() time.Time { return noon })
	t.Cleanup(func() {
		if _, err := st.Verify(context.Background(), func(fault error) { t.Error(fault) }); err != nil {
			t.Error(err)
		}
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return st
}

// update runs fn twice, as a store may, and keeps what the second run did.
func update(t *testing.T, st store.Store, fn func(store.Tx) error) {
	t.Helper()
	if err := tryUpdate(st, fn); err != nil {
		t.Fatal(err)
	}
}

func tryUpdate(st store.Store, fn func(store.Tx) error) error {
	return st.Update(context.Background(), func(tx store.Tx) error {
		undo := failure.TryAgain.Error()
		_ = tx.Savepoint(func() error {
			_ = fn(tx)
			return undo
		})
		return fn(tx)
	})
}

func view(t *testing.T, st store.Store, fn func(store.Tx) error) {
	t.Helper()
	if err := st.View(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

// hash makes a password hash; it is slow by design.
func hash(t *testing.T, plain string) string {
	t.Helper()
	h, err := password.Hash(plain)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func wantCode(t *testing.T, err error, want *failure.Code) {
	t.Helper()
	if got := failure.CodeOf(err); got != want {
		t.Fatalf("error is %v, want code %s", err, want.Name)
	}
}

func operator(t *testing.T, st store.Store, name string) *access.Operator {
	t.Helper()
	var o *access.Operator
	view(t, st, func(tx store.Tx) (err error) {
		o, err = access.OperatorByName(tx, name)
		return err
	})
	return o
}

// rowsOf gives the audit rows of who.
func rowsOf(t *testing.T, st store.Store, who string) []access.AuditRow {
	t.Helper()
	var rows []access.AuditRow
	view(t, st, func(tx store.Tx) error {
		for row, err := range access.RowsOfOperator(tx, who) {
			if err != nil {
				return err
			}
			rows = append(rows, *row)
		}
		return nil
	})
	return rows
}
