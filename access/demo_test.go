package access_test

import (
	"context"
	"net/netip"
	"testing"
	"time"

	"rator/access"
	"rator/failure"
	"rator/password"
	"rator/store"
)

// demoGuarded is a Guard that lets operators of demos in, or not.
func demoGuarded(t *testing.T, st store.Store, demo bool) *access.Guard {
	t.Helper()
	g, err := access.NewGuard(access.GuardConfig{
		Now: func() time.Time { return noon }, Key: make([]byte, 32), Demo: demo, Sleep: func(context.Context, time.Duration) {},
		Verify: func(hash, plain string) (bool, error) { return hash == secretHash && plain == secret, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// TestDemoOperator: it comes in by no way where no demo is given, as if it were not
// there, until it has another password.
func TestDemoOperator(t *testing.T) {
	st := openStore(t)
	o := shop
	o.Demo = true
	add(t, st, o)
	_, token := addToken(t, st, "shop", time.Time{})
	tried := func(demo bool) (in map[string]bool) {
		g, in := demoGuarded(t, st, demo), map[string]bool{}
		for way, ask := range map[string]func() error{
			"password": func() error {
				_, err := g.Authenticate(t.Context(), st, access.Credentials{Operator: "shop", Password: secret}, office)
				return err
			},
			"trusted network": func() error {
				_, err := g.Authenticate(t.Context(), st, access.Credentials{Operator: "shop"}, netip.MustParseAddr("10.0.0.1"))
				return err
			},
			"certificate": func() error {
				_, err := g.Authenticate(t.Context(), st, access.Credentials{Operator: "shop", Certificate: true}, office)
				return err
			},
			"token": func() error {
				_, err := g.Authenticate(t.Context(), st, access.Credentials{Token: token, Bearer: true}, office)
				return err
			},
			"asked about": func() error {
				return st.View(t.Context(), func(tx store.Tx) error {
					_, err := g.CheckPassword(t.Context(), tx, "shop", secret, "SOAP_GET_X", "other")
					return err
				})
			},
		} {
			err := ask()
			if code := failure.CodeOf(err); err != nil && code != failure.NotAuthenticated && code != access.OperatorCheckFailed {
				t.Errorf("%s: %v", way, err)
			}
			in[way] = err == nil
		}
		return in
	}
	want := func(what string, demo, in bool) {
		t.Helper()
		for way, got := range tried(demo) {
			if got != in {
				t.Errorf("%s, by %s: let in %v", what, way, got)
			}
		}
	}
	want("with --demo", true, true)
	want("without", false, false)
	update(t, st, func(tx store.Tx) error { return access.Passwd(tx, local, "shop", secretHash) })
	want("with another password", false, true)
}

// TestMarkDemo recognises the demo's operator of a store that is older than the mark,
// and no other.
func TestMarkDemo(t *testing.T) {
	demoHash := hash(t, "demo")
	old := `{"Name":"demo","PasswordHash":"` + demoHash + `","Brands":["DEMO"],"Rights":["*"],"Trusted":null,"Enabled":true,"Created":"2026-01-02T03:04:05Z"}`
	for _, c := range []struct {
		what string
		make func(store.Tx) error
		want bool
	}{
		{"nobody", func(store.Tx) error { return nil }, false},
		{"an old one", insertOperator(old), true},
		{"an old one with another password", func(tx store.Tx) error {
			if err := insertOperator(old)(tx); err != nil {
				return err
			}
			return access.Passwd(tx, local, "demo", secretHash)
		}, false},
		{"one of that name and password that was made since", func(tx store.Tx) error {
			_, err := access.Add(tx, local, access.NewOperator{Name: "demo", PasswordHash: demoHash, Brands: []string{"DEMO"}})
			return err
		}, false},
	} {
		t.Run(c.what, func(t *testing.T) {
			st := openStore(t)
			update(t, st, c.make)
			for range 2 {
				if err := access.MarkDemo(t.Context(), st, local, "demo", "demo"); err != nil {
					t.Fatal(err)
				}
			}
			view(t, st, func(tx store.Tx) error {
				o, err := access.OperatorByName(tx, "demo")
				if marked := err == nil && o.Demo; marked != c.want {
					t.Errorf("marked %v, %v", marked, err)
				}
				return nil
			})
			marks := 0
			for _, row := range rowsOf(t, st, access.Local) {
				if row.Hookpoint == "operator demo" {
					marks++
				}
			}
			if marks > 1 || (marks == 1) != c.want {
				t.Errorf("%d audit rows", marks)
			}
		})
	}
	if right, err := password.Verify(demoHash, "demo"); !right || err != nil {
		t.Error(right, err)
	}
}

// insertOperator keeps the record of an operator as an older version wrote it.
func insertOperator(doc string) func(store.Tx) error {
	return func(tx store.Tx) error {
		id, err := tx.NextID()
		if err != nil {
			return err
		}
		return tx.Insert("operator", store.Record{ID: id, Doc: []byte(doc), Keys: []store.Key{{Index: "name", Value: "demo", Unique: true}}})
	}
}
