package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestPast: a demo's customers have a past that ends at --clock, a store that is there
// goes on as it is, and only a demo has one.
func TestPast(t *testing.T) {
	store := filepath.Join(t.TempDir(), "year.db")
	search := func(p *serverProcess) string {
		o := rator(t, "", "call", "SOAP_SEARCH_CUSTOMERS", "NAME=Example", "--operator", "demo", "--password", "demo", "--brand", "DEMO", "--endpoint", p.endpoint)
		if o.code != exitOK {
			t.Fatalf("%+v", o)
		}
		return o.out
	}
	p := spawn(t, "--demo", "--past", "--clock", "2026-01-15", "--time-zone", "UTC", "--store", store)
	if said := p.log.String(); strings.Contains(said, "is not used") || !strings.Contains(said, "2026-01-15T00:0") {
		t.Errorf("it says:\n%s", said)
	}
	if found := search(p); !strings.Contains(found, "20250115000000") {
		t.Errorf("Ada did not sign up a year before:\n%s", found)
	}
	if o := rator(t, "", "call", "SOAP_SEARCH_CUSTOMERS", "CUSTOMER_NUMBER=100001", "--operator", "demo", "--password", "demo", "--endpoint", p.endpoint); !strings.Contains(p.log.String(), "CUSTOMER_NUMBER=100001") || !strings.Contains(o.out, "Ada") {
		t.Errorf("what the screen says to try finds nobody: %+v", o)
	}
	p.stop(t)
	p = spawn(t, "--demo", "--past", "--time-zone", "UTC", "--store", store)
	if said := p.log.String(); !strings.Contains(said, "is there already; --past is not used") {
		t.Errorf("it says:\n%s", said)
	}
	search(p)
	p.stop(t)
	if o := rator(t, "", "clock", "advance", "1", "month", "--store", store); o.code != exitOK || !strings.Contains(o.out, "invoices, ") {
		t.Errorf("%+v", o)
	}
	if o := rator(t, "", "serve", "--past", "--store", filepath.Join(t.TempDir(), "none.db")); o.code != exitUsage || !strings.Contains(o.err, "give --demo too") {
		t.Errorf("%+v", o)
	}
}
