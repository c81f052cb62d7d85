package tmf_test

import (
	"encoding/json"
	"strings"
	"testing"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
	"rator/tmf"
	"rator/tmf/resource"
)

// TestVerifyFindsBrokenRecords breaks one thing that this face keeps at a time.
func TestVerifyFindsBrokenRecords(t *testing.T) {
	s := newBranch(t)
	g := s.signUp(t, customer.Private, "POST_PAID")
	for _, a := range []answer{
		s.do(t, "PATCH", v2014+"/customer/c"+g.account.String(), `{"description":"d"}`, "Idempotency-Key: 1"),
		s.do(t, "PATCH", g.path(), `{"description":"d"}`),
		s.do(t, "PATCH", g.path(), `{"status":"Paid"}`, "Idempotency-Key: 2"),
		s.do(t, "POST", accountPath, `{"name":"waits","accountType":"t","customer":{"id":"c1"}}`),
		s.do(t, "POST", meanPath, plainMean),
	} {
		if a.status >= 500 || a.status == 404 {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	const nowhere = `"299901010000000001"`
	for _, c := range []struct {
		kind, holds     string // the first record of a kind that holds this
		member, becomes string // "" = the record is deleted
		says            string
	}{
		{"tmf_overlay", `"Resource":"customer"`, "Written", `"{"`, "cannot be read"},
		{"tmf_overlay", `"Resource":"customer"`, "Had", `"["`, "cannot be read"},
		{"tmf_overlay", `"Resource":"customer"`, "Account", nowhere, "is of customer 299901010000000001"},
		{"tmf_overlay", `"Resource":"customer"`, "Object", nowhere, "is of customer 299901010000000001"},
		{"tmf_overlay", `"Resource":"customer"`, "Resource", `"cart"`, `lies over a "cart"`},
		{"tmf_overlay", g.group.String(), "Object", nowhere, "is of customerAccount 299901010000000001"},
		{"tmf_overlay", g.group.String(), "Object", `""`, "lies over nothing"},
		{"tmf_overlay", `"Resource":"paymentMean"`, "Object", nowhere, "is of paymentMean 299901010000000001"},
		{"tmf_overlay", `"Resource":"paymentMean"`, "", "", "has no document"},
		{"tmf_payment_mean", "", "Group", nowhere, "is of billing group 299901010000000001"},
		{"tmf_payment_mean", "", "Account", nowhere, "is of customer 299901010000000001"},
		{"tmf_payment_mean", "", "Brand", `"GONE"`, `is of brand "GONE"`},
		{"tmf_waiting_account", "", "Brand", `"GONE"`, `is of brand "GONE"`},
		{"tmf_overlay", `"Names":["name","accountType","customer"]`, "", "", "waiting account"},
	} {
		t.Run(c.kind+" "+c.member+" "+c.becomes, func(t *testing.T) {
			var faults []string
			undone := s.store.Update(t.Context(), func(tx store.Tx) error {
				resource.Verify(store.Looks{Txs: []store.Tx{tx}}, func(err error) { t.Errorf("before: %v", err) })
				faults = nil
				spoil(t, tx, c.kind, c.holds, c.member, c.becomes)
				resource.Verify(store.Looks{Txs: []store.Tx{tx}}, func(err error) { faults = append(faults, err.Error()) })
				return errUndone
			})
			if undone == nil || !strings.Contains(strings.Join(faults, "\n"), c.says) {
				t.Errorf("%v: found %q, want %q", undone, faults, c.says)
			}
		})
	}
	s.in(t, func(tx store.Tx, _ *catalogue.Brand) error {
		resource.Verify(store.Looks{Txs: []store.Tx{tx}}, func(err error) { t.Errorf("after all: %v", err) })
		return nil
	})
}

type undone struct{}

func (undone) Error() string { return "undone" }

var errUndone = undone{}

// spoil sets a member of the first record of a kind that holds a text, or deletes
// the record.
func spoil(t *testing.T, tx store.Tx, kind, holds, member, becomes string) {
	t.Helper()
	records, err := tx.Scan(kind, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		if !strings.Contains(string(r.Doc), holds) {
			continue
		}
		if member == "" {
			err = tx.Delete(kind, r.ID, r.Version)
		} else {
			doc := map[string]json.RawMessage{}
			if err := json.Unmarshal(r.Doc, &doc); err != nil {
				t.Fatal(err)
			}
			doc[member] = json.RawMessage(becomes)
			if r.Doc, err = json.Marshal(doc); err != nil {
				t.Fatal(err)
			}
			for _, info := range store.Infos() {
				if info.Name == kind {
					r.Keys, _ = info.Keys(r.Doc)
				}
			}
			err = tx.Put(kind, r)
		}
		if err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Fatalf("no %s holds %s", kind, holds)
}

// TestKeptAnswersAreChecked: those that could not be given again are faulty.
func TestKeptAnswersAreChecked(t *testing.T) {
	for body, says := range map[string]string{
		`{"Item":{"ID":"c2","Document":"{}"}}`: "", `{"Refused":{"Code":"4041","Status":404}}`: "",
		``: "unexpected end", `{}`: "there is none", `{"Item":{"Document":"{}"}}`: "there is none", `{"Item":{"ID":"c2","Document":"{"}}`: "kept TM Forum answer",
		`{"Refused":{"Code":"9000","Status":500}}`: "refuses with status 500", `{"Refused":{"Status":404}}`: "refuses with status 404",
	} {
		if err := tmf.CheckKept(body); (err == nil) != (says == "") || err != nil && !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", body, err)
		}
	}
}
