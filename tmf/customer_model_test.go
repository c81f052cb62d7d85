package tmf_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
	"rator/tmf/jsondoc"
)

// modelled is what the model knows of a customer.
type modelled struct {
	name, description string
	emails            []string // at most two are the business's
	hobby             string
	extra             string // an attribute that nobody knows
	live              bool   // has a subscription
}

// TestModel does random things from every side and compares every customer with a
// model after each: TM Forum in three dialects, and operations of the business.
func TestModel(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { runModel(t, seed) })
	}
}

func runModel(t *testing.T, seed uint64) {
	s := newShop(t)
	random := rand.New(rand.NewPCG(seed, 4))
	model := map[string]*modelled{}
	var ids []string
	bases := []string{v2014, v3, v4}
	for step := range 150 {
		base := bases[random.IntN(len(bases))]
		word := func() string { return fmt.Sprint("w", random.IntN(50)) }
		if len(ids) == 0 || random.IntN(6) == 0 {
			m := &modelled{name: "First " + word(), description: word(), hobby: word(), extra: word()}
			for range random.IntN(4) {
				m.emails = append(m.emails, word()+"@x")
			}
			id := s.create(t, base+"/customer", m.document(base))
			ids, model[id] = append(ids, id), m
			continue
		}
		id := ids[random.IntN(len(ids))]
		m, path := model[id], base+"/customer/"+id
		ok := []int{200, 201}
		var a answer
		switch random.IntN(8) {
		case 0: // PUT, which v4 has not
			if base == v4 {
				continue
			}
			n := *m
			n.name, n.description, n.hobby, n.extra = "Other "+word(), word(), word(), word()
			n.emails = []string{word() + "@y"}
			a, *m = s.do(t, "PUT", path, n.document(base), "Content-Type: application/json"), n
		case 1:
			m.name = word() + " B"
			a = s.do(t, "PATCH", path, `{"name":"`+m.name+`"}`, "Content-Type: application/json")
		case 2:
			m.extra = word()
			a = s.do(t, "PATCH", path, `{"extra":{"deep":["`+m.extra+`"]}}`, "Content-Type: application/merge-patch+json")
		case 3:
			m.name = word()
			a = s.do(t, "PATCH", path, `[{"op":"replace","path":"/name","value":"`+m.name+`"}]`, "Content-Type: application/json-patch+json")
		case 4: // the business changes the first address
			mail := word() + "@soap"
			if len(m.emails) == 0 {
				m.emails = []string{mail}
			} else {
				m.emails[0] = mail
			}
			s.changeOwnerFields(t, id, func(f *customer.UserFields) { f.Email = mail })
			continue
		case 5: // and the name
			m.name = "Soap " + word()
			s.changeOwnerFields(t, id, func(f *customer.UserFields) { f.FirstName, f.LastName = "Soap", m.name[5:] })
			continue
		case 6:
			if m.live {
				continue
			}
			m.live = true
			s.subscribe(t, id)
			continue
		case 7:
			a = s.do(t, "DELETE", path, "")
			if ok = []int{204}; m.live {
				ok = []int{409}
			} else {
				delete(model, id)
				ids = slices.DeleteFunc(ids, func(other string) bool { return other == id })
				s.do(t, "GET", path, "").refused(t, 404, "4041")
			}
		}
		if !slices.Contains(ok, a.status) {
			t.Fatalf("step %d: %d %s", step, a.status, a.body)
		}
		for id, m := range model {
			m.compare(t, s, bases[step%3], id)
		}
		if t.Failed() {
			t.Fatalf("step %d", step)
		}
	}
	for _, base := range bases {
		if a := s.do(t, "GET", base+"/customer", ""); len(a.value(t).Items()) != len(model) {
			t.Errorf("%s lists %d, want %d", base, len(a.value(t).Items()), len(model))
		}
	}
}

// document is the customer as a client of a dialect writes it.
func (m *modelled) document(base string) string {
	var media []jsondoc.Value
	for i, e := range m.emails {
		address := jsondoc.ObjectOf(jsondoc.Member{Name: "emailAddress", Value: jsondoc.Text(e)})
		mine := jsondoc.Member{Name: "mine", Value: jsondoc.Text(fmt.Sprint(i))}
		kind, medium := "type", "medium"
		switch base {
		case v4:
			kind, medium = "mediumType", "characteristic"
		case v3:
			medium = "characteristic"
		}
		media = append(media, jsondoc.ObjectOf(jsondoc.Member{Name: kind, Value: jsondoc.Text("Email")}, jsondoc.Member{Name: medium, Value: address}, mine))
	}
	hobby := jsondoc.ObjectOf(jsondoc.Member{Name: "name", Value: jsondoc.Text("hobby")}, jsondoc.Member{Name: "value", Value: jsondoc.Text(m.hobby)})
	chars := []jsondoc.Value{hobby}
	members := []jsondoc.Member{
		{Name: "name", Value: jsondoc.Text(m.name)},
		{Name: "extra", Value: jsondoc.ObjectOf(jsondoc.Member{Name: "deep", Value: jsondoc.ArrayOf(jsondoc.Text(m.extra))})},
		{Name: "contactMedium", Value: jsondoc.ArrayOf(media...)},
	}
	if base == v2014 {
		members = append(members, jsondoc.Member{Name: "description", Value: jsondoc.Text(m.description)})
	} else {
		chars = append(chars, jsondoc.ObjectOf(jsondoc.Member{Name: "name", Value: jsondoc.Text("description")}, jsondoc.Member{Name: "value", Value: jsondoc.Text(m.description)}))
	}
	if base == v4 {
		members = append(members, jsondoc.Member{Name: "engagedParty", Value: jsondoc.ObjectOf(jsondoc.Member{Name: "id", Value: jsondoc.Text("1")}, jsondoc.Member{Name: "@referredType", Value: jsondoc.Text("Individual")})})
	}
	members = append(members, jsondoc.Member{Name: "characteristic", Value: jsondoc.ArrayOf(chars...)})
	return jsondoc.ObjectOf(members...).String()
}

// compare reads the customer in a dialect.
func (m *modelled) compare(t *testing.T, s *shop, base, id string) {
	t.Helper()
	a := s.do(t, "GET", base+"/customer/"+id, "")
	if a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	doc := a.value(t)
	if got := a.member(t, "name"); got != m.name {
		t.Errorf("%s %s: name %s, want %s", base, id, got, m.name)
	}
	if got := a.member(t, "extra.deep"); got != `["`+m.extra+`"]` {
		t.Errorf("%s %s: extra %s, want %s", base, id, got, m.extra)
	}
	list, _ := doc.Get("contactMedium")
	var emails []string
	for _, item := range list.Items() {
		for _, name := range []string{"medium", "characteristic"} {
			if medium, found := item.Get(name); found {
				e, _ := medium.Get("emailAddress")
				emails = append(emails, e.Text())
			}
		}
	}
	if !slices.Equal(emails, m.emails) {
		t.Errorf("%s %s: e-mail %q, want %q: %s", base, id, emails, m.emails, a.body)
	}
	said := map[string]string{}
	chars, _ := doc.Get("characteristic")
	for _, c := range chars.Items() {
		name, _ := c.Get("name")
		v, _ := c.Get("value")
		said[name.Text()] = v.Text()
	}
	if base == v2014 {
		said["description"] = a.member(t, "description")
	}
	live := "0"
	if m.live {
		live = "1"
	}
	if said["hobby"] != m.hobby || said["description"] != m.description || said["rator.subscriptionCount"] != live || said["rator.customerNumber"] == "" {
		t.Errorf("%s %s: %v, want %+v", base, id, said, m)
	}
}

func (s *shop) changeOwnerFields(t testing.TB, id string, change func(*customer.UserFields)) {
	t.Helper()
	s.update(t, func(tx store.Tx, b *catalogue.Brand) error {
		n, _ := store.ParseID(id[1:])
		a, err := customer.AccountByID(tx, b, n)
		if err != nil {
			return err
		}
		_, err = customer.UpdateUser(tx, b, a.Owner, func(f *customer.UserFields) error {
			change(f)
			return nil
		})
		return err
	})
}

func (s *shop) subscribe(t testing.TB, id string) {
	t.Helper()
	s.update(t, func(tx store.Tx, b *catalogue.Brand) error {
		n, _ := store.ParseID(id[1:])
		w, err := customer.LoadWhole(tx, b, n)
		if err != nil {
			return err
		}
		return s.live(tx, b, w.BillingGroups[0], w.User(w.Account.Owner), 2)
	})
}
