package tmf_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
	"rator/suite"
	"rator/tmf"
	"rator/tmf/dialect"
)

// shownIn is everything that clients see: attributes by resource and id, for each
// dialect.
type shownIn map[string]map[string]map[string]any

func (s *branch) shown(t *testing.T) shownIn {
	t.Helper()
	all := shownIn{}
	for _, d := range dialect.All {
		for _, r := range d.Resources {
			var list []map[string]any
			a := s.get(t, d.Bases[0].Path+"/"+r.Name+"?limit=1000")
			if err := json.Unmarshal([]byte(a.body), &list); err != nil {
				t.Fatal(err)
			}
			for _, doc := range list {
				key := r.Name + " " + doc["id"].(string)
				delete(doc, "lastModified") // tells of changes that nothing else shows
				if all[key] == nil {
					all[key] = map[string]map[string]any{}
				}
				all[key][d.Name] = doc
			}
		}
	}
	return all
}

// told is what became of a resource: created, deleted, or in each dialect the
// attributes that changed.
type told struct {
	What   string
	Fields map[string][]string
}

func (was shownIn) to(is shownIn) map[string]told {
	all := map[string]told{}
	for key := range was {
		if is[key] == nil {
			all[key] = told{What: "deleted"}
		}
	}
	for key, docs := range is {
		if was[key] == nil {
			all[key] = told{What: "created"}
			continue
		}
		fields := map[string][]string{}
		for dialect, doc := range docs {
			names := maps.Clone(doc)
			maps.Copy(names, was[key][dialect])
			for _, name := range slices.Sorted(maps.Keys(names)) {
				if !reflect.DeepEqual(doc[name], was[key][dialect][name]) {
					fields[dialect] = append(fields[dialect], name)
				}
			}
		}
		if len(fields) > 0 {
			all[key] = told{"updated", fields}
		}
	}
	return all
}

// noted is what was kept for hubs since a change. What is kept of a resource must be what
// clients see of it: after the change, or before, when it was deleted.
func (s *branch) noted(t *testing.T, newest *store.ID, before, after shownIn) map[string]told {
	t.Helper()
	all := map[string]told{}
	if err := s.store.View(t.Context(), func(tx store.Tx) error {
		changes, err := tmf.Changes(tx, "http://tmf.example:8080", *newest)
		for _, c := range changes {
			*newest = c.ID
			for _, names := range c.Fields {
				slices.Sort(names)
			}
			key := c.Resource + " " + c.Thing
			all[key] = told{c.What.String(), c.Fields}
			seen := after[key]
			if c.What == store.Deleted {
				seen = before[key]
			}
			for dialect, text := range c.Documents {
				var doc map[string]any
				if err := json.Unmarshal([]byte(text), &doc); err != nil {
					return err
				}
				delete(doc, "lastModified")
				if diff := cmp.Diff(seen[dialect], doc); diff != "" {
					t.Errorf("%s %s in %s (-shown +kept):\n%s", key, c.What, dialect, diff)
				}
			}
			shown := slices.Sorted(maps.Keys(seen))
			if c.What == store.Updated {
				shown = slices.Sorted(maps.Keys(c.Fields))
			}
			if diff := cmp.Diff(shown, slices.Sorted(maps.Keys(c.Documents))); diff != "" {
				t.Errorf("%s %s is kept in other dialects (-shown +kept):\n%s", key, c.What, diff)
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestNotedAsShown: whatever a change does, it is noted of exactly the resources and
// attributes that clients then see otherwise.
func TestNotedAsShown(t *testing.T) {
	steps := suite.Size(t, 60, 500)
	s := newTeller(t)
	random := rand.New(rand.NewPCG(11, 4))
	guests := []guest{s.signUp(t, customer.Private, "POST_PAID"), s.signUp(t, customer.Company, "POST_PAID")}
	for _, base := range []string{v2014, v3, v4} {
		if a := s.do(t, "POST", base+"/hub", `{"callback":"`+s.listener.URL+`"}`); a.status != 201 {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	m := &noteModel{teller: s, random: random}
	newest := store.ID(0)
	done := map[string]int{}
	before := s.shown(t)
	s.noted(t, &newest, before, before)
	for step := range steps {
		deeds := m.deeds(t, pickOf(m, guests), pickOf(m, guests))
		name := slices.Sorted(maps.Keys(deeds))[random.IntN(len(deeds))]
		if deeds[name]() {
			done[name]++
		}
		after := s.shown(t)
		if diff := cmp.Diff(before.to(after), s.noted(t, &newest, before, after)); diff != "" {
			t.Fatalf("step %d, %s (-shown +noted):\n%s", step, name, diff)
		}
		before = after
	}
	for _, name := range slices.Sorted(maps.Keys(m.deeds(t, guests[0], guests[1]))) {
		if done[name] == 0 && steps >= 500 {
			t.Errorf("%s was never done", name)
		}
	}
}

// noteModel does random things to customers.
type noteModel struct {
	*teller
	random *rand.Rand
	words  int
	// ids of accounts that wait for a customer, and of means that nobody pays by
	waiting, means []string
}

func (m *noteModel) word() string {
	m.words++
	return fmt.Sprint("w", m.words)
}

func pickOf[T any](m *noteModel, all []T) T { return all[m.random.IntN(len(all))] }

// deeds are the things that can be done to a customer, over SOAP and TM Forum; false
// is one that was refused.
func (m *noteModel) deeds(t *testing.T, c, other guest) map[string]func() bool {
	var w *customer.Whole
	if err := m.store.View(t.Context(), func(tx store.Tx) (err error) {
		demo, err := catalogue.BrandByKey(tx, "DEMO")
		if err == nil {
			w, err = customer.LoadWhole(tx, demo, c.account)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	g, u, line := pickOf(m, w.BillingGroups), pickOf(m, w.Users), pickOf(m, w.Subscriptions)
	account, group, mean := "c"+c.account.String(), "ca"+g.ID.String(), "pm"+g.ID.String()
	over := func(deeds ...deed) func() bool {
		return func() bool {
			err := m.store.Update(t.Context(), func(tx store.Tx) error {
				demo, err := catalogue.BrandByKey(tx, "DEMO")
				for _, d := range deeds {
					if err == nil {
						err = d(tx, demo)
					}
				}
				return err
			})
			return err == nil
		}
	}
	ask := func(method, path, body string) func() bool {
		return func() bool { return m.do(t, method, path, body).status < 300 }
	}
	name := setUser(u.ID, func(f *customer.UserFields) { f.LastName = m.word() })
	iban := setGroup(g.ID, func(f *customer.BillingGroupFields) { f.IBANNumber = pickOf(m, []string{"", "DK5000400440116243"}) })
	called := setGroup(g.ID, func(f *customer.BillingGroupFields) { f.Name = m.word() })
	made := func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.CreateBillingGroup(tx, demo, customer.NewBillingGroup{Account: c.account, Owner: u.ID, ProductCode: "POST_PAID"})
		return err
	}
	return map[string]func() bool{
		"user's name":            over(name),
		"bank details":           over(iban),
		"group's name":           over(called),
		"name, group's and bank": over(name, called, iban),
		"group made":             over(made),
		"group made and named":   over(made, called),
		"ticket made": over(func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := customer.CreateRechargeTicket(tx, demo, g.ID, customer.RechargeTicketFields{TicketID: m.word()})
			return err
		}),
		"ticket deleted": over(func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := customer.DeleteRechargeTicket(tx, demo, g.ID)
			return err
		}),
		"user made and billed": over(func(tx store.Tx, demo *catalogue.Brand) error {
			made, err := customer.CreateUser(tx, demo, customer.NewUser{Account: c.account, UserFields: customer.UserFields{LastName: m.word()}})
			if err == nil {
				_, err = customer.SetBillingAddress(tx, demo, g.ID, made.ID)
			}
			return err
		}),
		"delivery": over(func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := customer.SetDeliveryAddress(tx, demo, c.account, u.ID)
			return err
		}),
		"owner": over(func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := customer.ChangeOwner(tx, demo, customer.Ownership{Account: c.account}, u.ID)
			return err
		}),
		"line's next state": over(func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := customer.ActivateSubscription(tx, demo, line.ID)
			if err != nil {
				_, err = customer.BlockSubscription(tx, demo, line.ID, customer.NewBlock{BlockFields: customer.BlockFields{BlockType: customer.BlockByOperator}})
			}
			if err != nil {
				_, err = customer.UnblockSubscription(tx, demo, line.ID)
			}
			return err
		}),
		"line moved": over(func(tx store.Tx, demo *catalogue.Brand) error {
			return customer.ChangeBillingGroup(tx, demo, line.ID, g.ID)
		}),
		"over a customer":     ask("PATCH", v2014+"/customer/"+account, `{"description":"`+m.word()+`"}`),
		"customer's own":      ask("PATCH", v4+"/customer/"+account, `{"characteristic":[{"name":"own","value":"`+m.word()+`"}]}`),
		"customer's status":   ask("PATCH", v3+"/customer/"+account, `{"status":"Vip"}`),
		"customer's accounts": ask("PATCH", v2014+"/customer/"+account, `{"customerAccount":[{"id":"`+group+`","name":"`+m.word()+`"}]}`),
		"customer's means":    ask("PATCH", v2014+"/customer/"+account, `{"paymentMean":[{"id":"`+mean+`","name":"`+m.word()+`"}]}`),
		"over an account":     ask("PATCH", accountPath+"/"+group, `{"description":"`+m.word()+`"}`),
		"account's siblings":  ask("PATCH", accountPath+"/"+group, `{"customerAccountRelationship":[{"relationshipType":"`+m.word()+`","customerAccount":[{"id":"x"}]}]}`),
		"account's name":      ask("PATCH", accountPath+"/"+group, `{"name":"`+m.word()+`"}`),
		"over a mean":         ask("PATCH", meanPath+"/"+mean, `{"note":"`+m.word()+`"}`),
		"mean's name":         ask("PATCH", meanPath+"/"+mean, `{"name":"`+m.word()+`"}`),
		"mean deleted":        ask("DELETE", meanPath+"/"+mean, ""),
		"account given away":  ask("PATCH", accountPath+"/"+group, `{"customer":{"id":"c`+other.account.String()+`"}}`),
		"account made":        ask("POST", accountPath, `{"name":"`+m.word()+`","accountType":"Residential","customer":{"id":"`+account+`"}}`),
		"account that waits": func() bool {
			return m.make(t, accountPath, `{"name":"`+m.word()+`","accountType":"Residential","status":"Created"}`, &m.waiting)
		},
		"account that waited": func() bool {
			return m.use(t, &m.waiting, func(id string) string { return accountPath + "/" + id },
				func(string) string { return `{"customer":{"id":"` + account + `"}}` })
		},
		"mean made": func() bool {
			return m.make(t, meanPath, `{"name":"`+m.word()+`","type":"BankAccountDebit","relatedParty":{"id":"1"},"bankAccount":{"IBAN":"DK5000400440116243"}}`, &m.means)
		},
		"mean paid by": func() bool {
			return m.use(t, &m.means, func(string) string { return accountPath + "/" + group },
				func(id string) string {
					return `{"paymentPlan":[{"status":"Effective","type":"Invoice","priority":1,"paymentMean":{"id":"` + id + `"}}]}`
				})
		},
		"account deleted": ask("DELETE", accountPath+"/"+group, ""),
	}
}

// make posts something and remembers its id.
func (m *noteModel) make(t *testing.T, path, body string, ids *[]string) bool {
	a := m.do(t, "POST", path, body)
	if a.status == 201 {
		*ids = append(*ids, a.member(t, "id"))
	}
	return a.status == 201
}

// use changes something by the last id remembered, once.
func (m *noteModel) use(t *testing.T, ids *[]string, path, body func(id string) string) bool {
	if len(*ids) == 0 {
		return false
	}
	id := (*ids)[len(*ids)-1]
	*ids = (*ids)[:len(*ids)-1]
	return m.do(t, "PATCH", path(id), body(id)).status < 300
}
