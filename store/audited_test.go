package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/store"
)

type audited struct {
	store.Base
	FirstName string `key:"NAME"`
	VATNumber string
	ProductID string
	Hash      string
	Modified  string
	Parts     []string `json:",omitempty"`
	fieldsOf
}

type fieldsOf struct {
	City  string `json:"town"`
	Empty int
}

var _ = store.Define("audited_for_test", nil, func(x *audited) *store.Base { return &x.Base }).Audited("Hash")

func TestDifferences(t *testing.T) {
	const before = `{"FirstName":"Ann","VATNumber":"1","ProductID":"","Hash":"a","Modified":"1","town":"Oslo","Empty":0}`
	tests := []struct {
		name, old, new string
		want           [][3]string
	}{
		{"nothing", before, before, nil},
		{"what every change changes", before, `{"FirstName":"Ann","VATNumber":"1","ProductID":"","Hash":"a","Modified":"2","town":"Oslo","Empty":0}`, nil},
		{"some", before, `{"FirstName":"Ane","VATNumber":"1","ProductID":"P","Hash":"a","Modified":"2","town":"","Empty":0}`,
			[][3]string{{"NAME", `"Ann"`, `"Ane"`}, {"PRODUCT_ID", "", `"P"`}, {"CITY", `"Oslo"`, ""}}},
		{"a secret", before, `{"FirstName":"Ann","VATNumber":"1","ProductID":"","Hash":"b","Modified":"2","town":"Oslo","Empty":0}`,
			[][3]string{{"HASH", `"***"`, `"***"`}}},
		{"one that was left out, and one that no version knows", `{"FirstName":"Ann","FormerName":"x"}`, `{"FirstName":"Ann","Parts":["a,b}"]}`,
			[][3]string{{"PARTS", "", `["a,b}"]`}, {"FORMER_NAME", `"x"`, ""}}},
		{"all", before, ``, [][3]string{{"NAME", `"Ann"`, ""}, {"VAT_NUMBER", `"1"`, ""}, {"HASH", `"***"`, ""}, {"CITY", `"Oslo"`, ""}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got [][3]string
			for _, d := range store.AuditOf("audited_for_test").Differences([]byte(tt.old), []byte(tt.new)) {
				got = append(got, [3]string{d.Key, string(d.Old), string(d.New)})
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAuditedNeedsAMember(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a secret that no member is called was taken")
		}
	}()
	store.Define("audited_for_test_2", nil, func(x *audited) *store.Base { return &x.Base }).Audited("hash")
}
