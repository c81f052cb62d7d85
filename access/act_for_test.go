package access_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rator/access"
	"rator/failure"
)

func TestActsFor(t *testing.T) {
	g := newGuarded(t)
	old := &access.Operator{Name: "old"}
	alone := &access.Operator{Name: "alone", ActFor: []string{}}
	gateway := &access.Operator{Name: "gateway", ActFor: []string{"selfcare", "webshop"}}
	all := &access.Operator{Name: "all", ActFor: []string{access.Any}}
	for _, c := range []struct {
		o       *access.Operator
		name    string
		unusual bool
		may     bool
	}{
		{old, "", false, true}, {old, "old", false, true},
		{old, "selfcare", true, true}, {old, "selfcare", false, true}, {old, "webshop", true, true},
		{alone, "alone", false, true}, {alone, "", false, true},
		{alone, "selfcare", true, false}, {alone, "selfcare", false, false}, {alone, "Alone", true, false},
		{gateway, "selfcare", false, true}, {gateway, "webshop", false, true}, {gateway, "crm", true, false},
		{all, "selfcare", false, true},
	} {
		unusual, err := g.ActsFor(c.o, c.name)
		if unusual != c.unusual || (err == nil) != c.may {
			t.Errorf("%s for %q: unusual %v, %v", c.o.Name, c.name, unusual, err)
		}
		if err != nil {
			wantCode(t, err, failure.NotAllowed)
			if !strings.Contains(err.Error(), c.o.Name) || !strings.Contains(err.Error(), fmt.Sprintf("%q", c.name)) {
				t.Errorf("%v names not both", err)
			}
		}
	}
	g.now = g.now.Add(24 * time.Hour)
	if unusual, _ := g.ActsFor(old, "selfcare"); !unusual {
		t.Error("nothing is said on the next day")
	}
}
