package access_test

import (
	"slices"
	"strings"
	"testing"

	"rator/access"
	"rator/store"
)

// TestHouseRightsAreNamed: no pattern gives one, whatever a store has of older days.
func TestHouseRightsAreNamed(t *testing.T) {
	if want := []string{"ADMIN_OPERATORS", "ADMIN_CATALOGUE", "ADMIN_HOOKPOINTS", "EVENTS_READ", "AUDIT_READ", "CALLS_READ", "TRACE"}; !slices.Equal(access.HouseRights, want) {
		t.Errorf("rights over the house are %q", access.HouseRights)
	}
	all := access.Operator{Rights: []string{"*", "ADMIN_*", "*_READ", "TRACE*", "????E", "ADMIN_OPERATOR[S]", "AUDIT_READ*"}}
	for _, right := range access.HouseRights {
		if all.May(right) || access.System().May(right) {
			t.Errorf("a pattern gives %s", right)
		}
		one := access.Operator{Rights: []string{"SOAP_GET_*", right}}
		for _, other := range access.HouseRights {
			if one.May(other) != (other == right) {
				t.Errorf("%s by its name: may %s is %v", right, other, one.May(other))
			}
		}
	}
	if !all.May("ADMIN_ELSE") || !all.May("AUDIT_READER") {
		t.Error("patterns of older days match hookpoints no more")
	}
}

// TestPersonsAreExportedByName: who may call everything may not call that, nor the server
// itself; the patterns that match it are good for the others.
func TestPersonsAreExportedByName(t *testing.T) {
	all := access.Operator{Rights: []string{"*", "SOAP_*", "SOAP_EXPORT_*", "SOAP_EXPORT_PERSO[N]"}}
	if all.May(access.RightPerson) || access.System().May(access.RightPerson) || !all.May("SOAP_ERASE_PERSON") {
		t.Error("a pattern gives what is given by name only")
	}
	if one := (access.Operator{Rights: []string{access.RightPerson}}); !one.May("SOAP_EXPORT_PERSON") || one.May("SOAP_ERASE_PERSON") {
		t.Error("its name does not give it, and it alone")
	}
}

// TestHouseRightsAreGranted by name, one by one, and taken back so.
func TestHouseRightsAreGranted(t *testing.T) {
	st := openStore(t)
	add(t, st, access.NewOperator{Name: "shop", Brands: []string{"DEMO"}, Rights: []string{"*", "A*", "*_READ", "TRA*", "AUDITS_*"}})
	update(t, st, func(tx store.Tx) error { return access.Grant(tx, local, "shop", access.HouseRights...) })
	if o := operator(t, st, "shop"); !o.May(access.RightTrace) || !o.May(access.RightOperators) {
		t.Errorf("rights %q", o.Rights)
	}
	for _, pattern := range []string{"ADMIN_*", "ADMIN*", "ADMIN_CATALOGU?", "EVENTS_*", "AUDIT_R[EF]AD", "CALLS_READ*", "TRACE*"} {
		err := tryUpdate(st, func(tx store.Tx) error { return access.Grant(tx, local, "shop", pattern) })
		wantCode(t, err, access.BadRight)
		if !strings.Contains(err.Error(), pattern) {
			t.Errorf("%v does not say %s", err, pattern)
		}
	}
	update(t, st, func(tx store.Tx) error { return access.Revoke(tx, local, "shop", access.RightTrace) })
	if operator(t, st, "shop").May(access.RightTrace) {
		t.Error("a right that was taken back is still there")
	}
}
