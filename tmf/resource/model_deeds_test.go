package resource_test

import (
	"fmt"
	"strings"

	"rator/tmf/jsondoc"
	"rator/tmf/tmftest"
)

// document is the customer as a client of a dialect writes it.
func (c *customerModel) document(base string) string {
	characteristics := `{"name":"hobby","value":"` + c.hobby + `"}`
	members := `"name":"` + c.name + `","extra":{"deep":["` + c.extra + `"]},"contactMedium":` + c.media(base)
	if base == tmftest.Dialect2014 {
		members += `,"description":"` + c.description + `"`
	} else {
		characteristics += `,{"name":"description","value":"` + c.description + `"}`
	}
	if base == tmftest.DialectV4 {
		members += `,"engagedParty":{"id":"1","@referredType":"Individual"}`
	}
	return "{" + members + `,"characteristic":[` + characteristics + "]}"
}

func (c *customerModel) media(base string) string {
	kind, medium := "type", "medium"
	switch base {
	case tmftest.DialectV4:
		kind, medium = "mediumType", "characteristic"
	case tmftest.DialectV3:
		medium = "characteristic"
	}
	var all []string
	for i, e := range c.emails {
		all = append(all, fmt.Sprintf(`{"%s":"Email","%s":{"emailAddress":"%s"},"mine":"%d"}`, kind, medium, e, i))
	}
	return "[" + strings.Join(all, ",") + "]"
}

// document is the account as a client writes it.
func (a *accountModel) document() string {
	doc := jsondoc.ObjectOf(jsondoc.Member{Name: "name", Value: jsondoc.Text(a.name)}, jsondoc.Member{Name: "accountType", Value: jsondoc.Text("Residential")})
	for name, s := range map[string]string{"description": a.description, "pin": a.pin, "extra": a.extra} {
		if s != "" {
			doc = doc.With(name, jsondoc.Text(s))
		}
	}
	if a.limit > 0 {
		doc = doc.With("creditLimit", jsondoc.NumberOf(number(a.limit)))
	}
	if a.customer != "" {
		doc = doc.With("customer", jsondoc.ObjectOf(jsondoc.Member{Name: "id", Value: jsondoc.Text(a.customer)}))
	}
	return doc.String()
}

func (w *walker) accountDeeds() map[string]func() bool {
	fresh := func() *accountModel {
		return &accountModel{written: true, name: "Account " + w.word(), description: w.word(), pin: w.word(), extra: w.word(), limit: 1 + w.random.IntN(900)}
	}
	patch := func(id, body string) { w.ask("PATCH", tmftest.AccountsPath+"/"+id, body, 200) }
	waiting := func() (string, *accountModel) {
		id := pick(w, w.world.accounts, func(a *accountModel) bool { return !a.known })
		return id, w.world.accounts[id]
	}
	either := func() (string, *accountModel) {
		if id, a := waiting(); a != nil && w.random.IntN(3) == 0 {
			return id, a
		}
		return w.group(nil)
	}
	// settle: the limit that came with an account is its owner's.
	settle := func(a *accountModel, customer string) {
		a.known, a.customer = true, customer
		if a.limit > 0 {
			w.world.customers[customer].limit = a.limit
		}
	}
	return map[string]func() bool{
		"account": func() bool {
			a := fresh()
			customer, _ := w.open()
			switch w.random.IntN(4) {
			case 0:
				customer = ""
			case 1:
				customer = "nobody " + w.word()
			}
			a.customer = customer
			id := w.ask("POST", tmftest.AccountsPath, a.document(), 201).Text(w.t, "id")
			w.world.accounts[id] = a
			if w.world.customers[customer] != nil {
				settle(a, customer)
			}
			return true
		},
		"PUT an account": func() bool {
			id, a := either()
			if a == nil {
				return false
			}
			n := fresh()
			n.customer = a.customer
			a.name, a.description, a.pin, a.extra, a.limit, a.written = n.name, n.description, n.pin, n.extra, n.limit, true
			w.ask("PUT", tmftest.AccountsPath+"/"+id, n.document(), 200)
			if a.known {
				w.world.customers[a.customer].limit = n.limit
			}
			return true
		},
		"patch an account's name": func() bool {
			id, a := either()
			if a == nil {
				return false
			}
			a.name = "Account " + w.word()
			patch(id, `{"name":"`+a.name+`"}`)
			return true
		},
		"patch an account's rest": func() bool {
			id, a := either()
			if a == nil {
				return false
			}
			a.description, a.pin, a.extra = w.word(), "", w.word()
			patch(id, `{"description":"`+a.description+`","pin":null,"extra":"`+a.extra+`"}`)
			return true
		},
		"JSON-Patch an account": func() bool {
			id, a := either()
			if a == nil {
				return false
			}
			a.pin = w.word()
			patch(id, `[{"op":"add","path":"/pin","value":"`+a.pin+`"},{"op":"test","path":"/name","value":"`+a.name+`"}]`)
			return true
		},
		"patch a credit limit": func() bool {
			id, a := w.group(nil)
			if a == nil {
				return false
			}
			c := w.world.customers[a.customer]
			if c.limit = w.random.IntN(3) * 100; c.limit == 0 {
				patch(id, `{"creditLimit":null}`)
				return true
			}
			patch(id, fmt.Sprintf(`{"creditLimit":%d}`, c.limit))
			return true
		},
		"an account finds its customer": func() bool {
			id, a := waiting()
			customer, c := w.open()
			if a == nil || c == nil {
				return false
			}
			patch(id, `{"customer":{"id":"`+customer+`","name":null,"href":null}}`)
			settle(a, customer)
			return true
		},
		"an account asks for what cannot be": func() bool {
			id, a := w.group(nil)
			if a == nil {
				return false
			}
			w.ask("PATCH", tmftest.AccountsPath+"/"+id, `{"name":"lost","customer":{"id":"nobody"}}`, 400)
			w.ask("PATCH", tmftest.AccountsPath+"/"+id, `{"name":"lost","status":"In collection"}`, 400)
			return true
		},
		"delete an account": func() bool {
			id, a := either()
			if a == nil {
				return false
			}
			if a.known {
				used := a.paid != "" || len(w.world.accountsOf(a.customer)) == 1
				for _, l := range w.world.customers[a.customer].lines {
					used = used || l.group == id && l.state != "terminated"
					if l.group == id && l.state == "terminated" {
						return false // what it was billed for is nobody's business here
					}
				}
				if used {
					w.ask("DELETE", tmftest.AccountsPath+"/"+id, "", 409)
					return true
				}
			}
			w.ask("DELETE", tmftest.AccountsPath+"/"+id, "", 204)
			w.ask("GET", tmftest.AccountsPath+"/"+id, "", 404)
			if m := w.world.means[a.mean]; m != nil {
				m.group = ""
			}
			delete(w.world.accounts, id)
			return true
		},
	}
}

func (m *meanModel) document() string {
	return `{"name":"` + m.name + `","type":"BankAccountDebit","bankAccount":{"IBAN":"` + m.iban + `"},"relatedParty":{"name":"somebody"},"extra":"` + m.extra + `"}`
}

func (w *walker) meanDeeds() map[string]func() bool {
	fresh := func() *meanModel {
		return &meanModel{name: "Mean " + w.word(), iban: strings.ToUpper(w.word()), extra: w.word()}
	}
	mean := func(ok func(*meanModel) bool) (string, *meanModel) {
		id := pick(w, w.world.means, ok)
		return id, w.world.means[id]
	}
	// One of a customer who has left stays as it is (409).
	any := func(m *meanModel) bool {
		a := w.world.accounts[m.group]
		return a == nil || !w.world.customers[a.customer].closed
	}
	bank := func() (string, *accountModel) {
		return w.group(func(a *accountModel) bool { return a.iban != "" && a.mean == "" })
	}
	// paid keeps the bank details of the group that pays by a mean the mean's.
	paid := func(m *meanModel) {
		if a := w.world.accounts[m.group]; a != nil {
			a.iban = m.iban
		}
	}
	return map[string]func() bool{
		"payment mean": func() bool {
			m := fresh()
			w.world.means[w.ask("POST", tmftest.MeansPath, m.document(), 201).Text(w.t, "id")] = m
			return true
		},
		"PUT a payment mean": func() bool {
			id, m := mean(any)
			if m == nil {
				return false
			}
			n := fresh()
			m.name, m.iban, m.extra = n.name, n.iban, n.extra
			w.ask("PUT", tmftest.MeansPath+"/"+id, m.document(), 200)
			paid(m)
			return true
		},
		"patch a payment mean": func() bool {
			id, m := mean(any)
			if m == nil {
				return false
			}
			m.name, m.iban = "Mean "+w.word(), strings.ToUpper(w.word())
			w.ask("PATCH", tmftest.MeansPath+"/"+id, `{"name":"`+m.name+`","bankAccount":{"IBAN":"`+m.iban+`"}}`, 200)
			paid(m)
			return true
		},
		"JSON-Patch a payment mean": func() bool {
			id, m := mean(any)
			if m == nil {
				return false
			}
			m.iban = strings.ToUpper(w.word())
			w.ask("PATCH", tmftest.MeansPath+"/"+id, `[{"op":"replace","path":"/bankAccount/IBAN","value":"`+m.iban+`"}]`, 200)
			paid(m)
			return true
		},
		"a group pays by a mean": func() bool {
			id, a := w.group(func(a *accountModel) bool { return a.mean == "" })
			mean, m := mean(func(m *meanModel) bool { return m.group == "" })
			if a == nil || m == nil {
				return false
			}
			w.ask("PATCH", tmftest.AccountsPath+"/"+id, `{"paymentPlan":[{"status":"Effective","type":"monthly","priority":1,"paymentMean":{"id":"`+mean+`"}}]}`, 200)
			m.group, a.mean, a.iban = id, mean, m.iban
			return true
		},
		"delete a payment mean": func() bool {
			id, m := mean(any)
			if m == nil {
				return false
			}
			if a := w.world.accounts[m.group]; a != nil {
				a.mean, a.iban = "", ""
			}
			delete(w.world.means, id)
			w.ask("DELETE", tmftest.MeansPath+"/"+id, "", 204)
			w.ask("GET", tmftest.MeansPath+"/"+id, "", 404)
			return true
		},
		"patch bank details": func() bool {
			id, a := bank()
			if a == nil {
				return false
			}
			a.bankName, a.iban, a.bankExtra = "Bank "+w.word(), strings.ToUpper(w.word()), w.word()
			w.ask("PATCH", tmftest.MeansPath+"/pm"+id[2:], `{"name":"`+a.bankName+`","bankAccount":{"IBAN":"`+a.iban+`"},"extra":"`+a.bankExtra+`"}`, 200)
			return true
		},
		"delete bank details": func() bool {
			id, a := bank()
			if a == nil {
				return false
			}
			a.iban, a.bankName, a.bankExtra = "", "", ""
			w.ask("DELETE", tmftest.MeansPath+"/pm"+id[2:], "", 204)
			return true
		},
	}
}
