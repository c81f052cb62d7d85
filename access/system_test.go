package access

import "testing"

// The name of the system is none that an operator can get.
func TestSystemIsNoOperator(t *testing.T) {
	o := System()
	if checkName(o.Name) == nil {
		t.Errorf("an operator may be named %s", o.Name)
	}
	if !o.May("SOAP_ANYTHING") || !o.HasBrand("ANY_BRAND") || o.PasswordHash != "" {
		t.Errorf("%+v", o)
	}
}
