package access_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rator/access"
	"rator/failure"
	"rator/store"
)

var ignoreBase = cmpopts.IgnoreFields(access.Operator{}, "Base")

func add(t *testing.T, st store.Store, n access.NewOperator) {
	t.Helper()
	update(t, st, func(tx store.Tx) error {
		_, err := access.Add(tx, local, n)
		return err
	})
}

func TestAdd(t *testing.T) {
	st := openStore(t)
	add(t, st, access.NewOperator{Name: "web.shop-1", PasswordHash: hash(t, "secret"), Brands: []string{"DEMO", "OTHER"},
		Rights: []string{"SOAP_GET_*", "SOAP_GET_*", "SOAP_CREATE_USER"}, Trusted: []string{"10.1.0.0/16", "192.0.2.7", "2001:db8::/32"}})
	want := &access.Operator{Name: "web.shop-1", Brands: []string{"DEMO", "OTHER"}, Rights: []string{"SOAP_GET_*", "SOAP_CREATE_USER"},
		Trusted:      []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("192.0.2.7/32"), netip.MustParsePrefix("2001:db8::/32")},
		StrictTokens: true, Enabled: true, Created: noon, ActFor: []string{}}
	if diff := cmp.Diff(want, operator(t, st, "web.shop-1"), ignoreBase, cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })); diff != "" {
		t.Error(diff)
	}
}

func TestAddRefuses(t *testing.T) {
	good := access.NewOperator{Name: "shop", Brands: []string{"DEMO"}, Rights: []string{"*"}}
	tests := []struct {
		name   string
		change func(*access.NewOperator)
		code   *failure.Code
		says   string
	}{
		{"acts for a name that nobody can have", func(n *access.NewOperator) { n.ActFor = []string{"*", "a b"} }, access.BadOperatorName, `"a b"`},
		{"one letter", func(n *access.NewOperator) { n.Name = "a" }, access.BadOperatorName, `"a"`},
		{"no name", func(n *access.NewOperator) { n.Name = "" }, access.BadOperatorName, `""`},
		{"33 letters", func(n *access.NewOperator) { n.Name = strings.Repeat("a", 33) }, access.BadOperatorName, "32"},
		{"space", func(n *access.NewOperator) { n.Name = "web shop" }, access.BadOperatorName, `"web shop"`},
		{"line end", func(n *access.NewOperator) { n.Name = "shop\n" }, access.BadOperatorName, `"shop\n"`},
		{"not ASCII", func(n *access.NewOperator) { n.Name = "butikå" }, access.BadOperatorName, "butikå"},
		{"name is taken", func(n *access.NewOperator) { n.Name = "taken" }, access.OperatorExists, `"taken"`},
		{"no brand", func(n *access.NewOperator) { n.Brands = nil }, access.BadBrand, "* for all"},
		{"empty brand", func(n *access.NewOperator) { n.Brands = []string{""} }, access.BadBrand, `""`},
		{"brand twice", func(n *access.NewOperator) { n.Brands = []string{"A", "B", "A"} }, access.BadBrand, `"A" is given twice`},
		{"empty right", func(n *access.NewOperator) { n.Rights = []string{""} }, access.BadRight, `""`},
		{"right with a slash", func(n *access.NewOperator) { n.Rights = []string{"SOAP/X"} }, access.BadRight, "SOAP/X"},
		{"open class", func(n *access.NewOperator) { n.Rights = []string{"SOAP_*", "SOAP_[a"} }, access.BadRight, "SOAP_[a"},
		{"empty class", func(n *access.NewOperator) { n.Rights = []string{"SOAP_[]"} }, access.BadRight, "SOAP_[]"},
		{"pattern for rights over the house", func(n *access.NewOperator) { n.Rights = []string{"SOAP_*", "ADMIN_*"} }, access.BadRight, `"ADMIN_*"; rights over the house are given by name only: name ADMIN_OPERATORS itself`},
		{"pattern for one right over the house", func(n *access.NewOperator) { n.Rights = []string{"TRACE*"} }, access.BadRight, "name TRACE itself"},
		{"not a network", func(n *access.NewOperator) { n.Trusted = []string{"office"} }, access.BadCIDR, `"office"`},
		{"length too long", func(n *access.NewOperator) { n.Trusted = []string{"10.0.0.0/33"} }, access.BadCIDR, "10.0.0.0/33"},
		{"bits beyond the length", func(n *access.NewOperator) { n.Trusted = []string{"10.1.2.3/16"} }, access.BadCIDR, "10.1.0.0/16 or 10.1.2.3/32"},
		{"IPv4 in IPv6", func(n *access.NewOperator) { n.Trusted = []string{"::ffff:10.0.0.0/104"} }, access.BadCIDR, "::ffff:"},
		{"zone", func(n *access.NewOperator) { n.Trusted = []string{"fe80::1%eth0"} }, access.BadCIDR, "eth0"},
	}
	st := openStore(t)
	add(t, st, access.NewOperator{Name: "taken", Brands: []string{"DEMO"}})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := good
			tt.change(&n)
			err := tryUpdate(st, func(tx store.Tx) error {
				_, err := access.Add(tx, local, n)
				return err
			})
			wantCode(t, err, tt.code)
			if !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%q does not say %q", err, tt.says)
			}
		})
	}
	if rows := rowsOf(t, st, access.Local); len(rows) != 1 {
		t.Errorf("%d audit rows, want only that of the operator that was added", len(rows))
	}
}

func TestNamesAreMatchedExactly(t *testing.T) {
	st := openStore(t)
	add(t, st, access.NewOperator{Name: "shop", Brands: []string{"DEMO"}})
	add(t, st, access.NewOperator{Name: "SHOP", Brands: []string{"OTHER"}})
	if got := operator(t, st, "SHOP").DefaultBrand(); got != "OTHER" {
		t.Errorf("SHOP has brand %s, want OTHER", got)
	}
}

func TestOnlyHashesAreKept(t *testing.T) {
	st := openStore(t)
	add(t, st, access.NewOperator{Name: "shop", Brands: []string{"DEMO"}})
	err := tryUpdate(st, func(tx store.Tx) error { return access.Passwd(tx, local, "shop", "secret") })
	if err == nil || failure.CodeOf(err) != nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("Passwd with a plain password gives %v, want an error without a code and without the password", err)
	}
	err = tryUpdate(st, func(tx store.Tx) error {
		_, err := access.Add(tx, local, access.NewOperator{Name: "two", PasswordHash: "secret", Brands: []string{"DEMO"}})
		return err
	})
	if err == nil || failure.CodeOf(err) != nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("Add with a plain password gives %v, want an error without a code and without the password", err)
	}
}

func TestOperatorsAreListedByName(t *testing.T) {
	st := openStore(t)
	for _, name := range []string{"zebra", "Ant", "bee"} {
		add(t, st, access.NewOperator{Name: name, PasswordHash: hash(t, name), Brands: []string{"DEMO"}})
	}
	var names []string
	view(t, st, func(tx store.Tx) error {
		all, err := access.Operators(tx)
		for _, o := range all {
			names = append(names, o.Name+o.PasswordHash)
		}
		return err
	})
	if diff := cmp.Diff([]string{"Ant", "bee", "zebra"}, names); diff != "" {
		t.Error(diff)
	}
}

func TestChangesOfAnOperator(t *testing.T) {
	tests := []struct {
		name    string
		change  func(store.Tx) error
		rights  []string
		enabled bool
		action  string
		notes   []string
	}{
		{"grant", func(tx store.Tx) error { return access.Grant(tx, local, "shop", "SOAP_GET_*", "B") },
			[]string{"A", "B", "SOAP_GET_*"}, true, "operator grant", []string{"shop", "SOAP_GET_* B"}},
		{"revoke", func(tx store.Tx) error { return access.Revoke(tx, local, "shop", "A") },
			[]string{"B"}, true, "operator revoke", []string{"shop", "A"}},
		{"disable", func(tx store.Tx) error { return access.Disable(tx, local, "shop") },
			[]string{"A", "B"}, false, "operator disable", []string{"shop"}},
		{"disable and enable", func(tx store.Tx) error {
			if err := access.Disable(tx, local, "shop"); err != nil {
				return err
			}
			return access.Enable(tx, local, "shop")
		}, []string{"A", "B"}, true, "operator enable", []string{"shop"}},
		{"act for", func(tx store.Tx) error { return access.ActFor(tx, local, "shop", "selfcare", "*") },
			[]string{"A", "B"}, true, "operator act-for", []string{"shop", "selfcare *"}},
		{"passwd", func(tx store.Tx) error { return access.Passwd(tx, local, "shop", secretHash) },
			[]string{"A", "B"}, true, "operator passwd", []string{"shop"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			st := openStore(t)
			add(t, st, access.NewOperator{Name: "shop", Brands: []string{"DEMO"}, Rights: []string{"A", "B"}})
			update(t, st, tt.change)
			o := operator(t, st, "shop")
			if diff := cmp.Diff(tt.rights, o.Rights); diff != "" {
				t.Errorf("rights: %s", diff)
			}
			if o.Enabled != tt.enabled {
				t.Errorf("enabled: %v, want %v", o.Enabled, tt.enabled)
			}
			rows := rowsOf(t, st, access.Local)
			want := access.AuditRow{Base: rows[len(rows)-1].Base, At: noon, Who: access.Local, Face: "command", Hookpoint: tt.action,
				Objects: []store.ID{o.ID}, Outcome: access.OutcomeOK, Notes: tt.notes}
			if diff := cmp.Diff(want, rows[len(rows)-1], sameRow); diff != "" {
				t.Errorf("audit row: %s", diff)
			}
		})
	}
}

func TestChangesRefused(t *testing.T) {
	tests := []struct {
		name   string
		change func(store.Tx) error
		code   *failure.Code
		says   string
	}{
		{"grant to nobody", func(tx store.Tx) error { return access.Grant(tx, local, "shpo", "A") }, access.UnknownOperator, `"shpo"`},
		{"revoke from nobody", func(tx store.Tx) error { return access.Revoke(tx, local, "shpo", "A") }, access.UnknownOperator, `"shpo"`},
		{"disable nobody", func(tx store.Tx) error { return access.Disable(tx, local, "shpo") }, access.UnknownOperator, `"shpo"`},
		{"enable nobody", func(tx store.Tx) error { return access.Enable(tx, local, "shpo") }, access.UnknownOperator, `"shpo"`},
		{"passwd of nobody", func(tx store.Tx) error { return access.Passwd(tx, local, "shpo", secretHash) }, access.UnknownOperator, `"shpo"`},
		{"no possible name", func(tx store.Tx) error { return access.Disable(tx, local, "s h") }, access.UnknownOperator, `"s h"`},
		{"name as long as a request", func(tx store.Tx) error { return access.Disable(tx, local, strings.Repeat("s", 70_000)) }, access.UnknownOperator, `: "` + strings.Repeat("s", 40) + `"`},
		{"grant a bad right", func(tx store.Tx) error { return access.Grant(tx, local, "shop", "B", "SOAP_[") }, access.BadRight, "SOAP_["},
		{"revoke what is not held", func(tx store.Tx) error { return access.Revoke(tx, local, "shop", "A", "B") }, access.RightNotHeld, `"B"; shop holds`},
	}
	st := openStore(t)
	add(t, st, access.NewOperator{Name: "shop", Brands: []string{"DEMO"}, Rights: []string{"A"}})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			// Committed in spite of the error, to see that the refusal itself wrote nothing.
			var refused error
			update(t, st, func(tx store.Tx) error {
				refused = tt.change(tx)
				return nil
			})
			wantCode(t, refused, tt.code)
			if !strings.Contains(refused.Error(), tt.says) {
				t.Errorf("%q does not say %q", refused, tt.says)
			}
			if diff := cmp.Diff([]string{"A"}, operator(t, st, "shop").Rights); diff != "" {
				t.Error(diff)
			}
			if n := len(rowsOf(t, st, access.Local)); n != 1 {
				t.Errorf("%d audit rows, want 1", n)
			}
		})
	}
}
