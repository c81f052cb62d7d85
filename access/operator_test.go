package access_test

import (
	"testing"

	"rator/access"
)

func TestMay(t *testing.T) {
	tests := []struct {
		name      string
		rights    []string
		hookpoint string
		want      bool
	}{
		{"nothing granted", nil, "SOAP_GET_X", false},
		{"exact", []string{"SOAP_CREATE_USER"}, "SOAP_CREATE_USER", true},
		{"exact is not a prefix", []string{"SOAP_CREATE_USER"}, "SOAP_CREATE_USER_2", false},
		{"other case", []string{"SOAP_CREATE_USER"}, "soap_create_user", false},
		{"star", []string{"*"}, "SOAP_CREATE_USER", true},
		{"prefix", []string{"SOAP_GET_*"}, "SOAP_GET_WEB_USER_PROFILE", true},
		{"prefix of another", []string{"SOAP_GET_*"}, "SOAP_SIGNUP_CUSTOMER", false},
		{"question mark", []string{"TEST_?"}, "TEST_1", true},
		{"question mark is one", []string{"TEST_?"}, "TEST_12", false},
		{"class", []string{"TEST_[a-c]"}, "TEST_b", true},
		{"class without", []string{"TEST_[^a-c]"}, "TEST_b", false},
		{"second of two", []string{"SOAP_GET_*", "SOAP_UPDATE_*"}, "SOAP_UPDATE_USER", true},
		{"broken pattern", []string{"[", "SOAP_[a"}, "SOAP_a", false},
		{"empty hookpoint", []string{"SOAP_*"}, "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := access.Operator{Rights: tt.rights}
			if got := o.May(tt.hookpoint); got != tt.want {
				t.Errorf("rights %q, hookpoint %q: %v, want %v", tt.rights, tt.hookpoint, got, tt.want)
			}
		})
	}
}

func TestBrands(t *testing.T) {
	tests := []struct {
		name       string
		brands     []string
		has        map[string]bool
		defaultKey string
	}{
		{"none", nil, map[string]bool{"DEMO": false, "": false}, ""},
		{"one", []string{"DEMO"}, map[string]bool{"DEMO": true, "demo": false, "OTHER": false, "": false}, "DEMO"},
		{"first is the default", []string{"B", "A"}, map[string]bool{"A": true, "B": true}, "B"},
		{"all", []string{access.Any}, map[string]bool{"DEMO": true, "": false}, ""},
		{"all, with a default", []string{access.Any, "DEMO"}, map[string]bool{"OTHER": true}, "DEMO"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := access.Operator{Brands: tt.brands}
			for key, want := range tt.has {
				if got := o.HasBrand(key); got != want {
					t.Errorf("HasBrand(%q) = %v, want %v", key, got, want)
				}
			}
			if got := o.DefaultBrand(); got != tt.defaultKey {
				t.Errorf("DefaultBrand() = %q, want %q", got, tt.defaultKey)
			}
		})
	}
}
