package resource_test

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"rator/server/servertest"
	"rator/tmf/tmftest"
	"rator/workflow/value"
)

var (
	modelSteps = flag.Int("model.steps", 250, "how many steps the model test of the TM Forum face takes")
	modelSeed  = flag.Uint64("model.seed", 0, "what its randomness starts from; 0: something new")
)

// walker does random things to a server and to the model of it.
type walker struct {
	t      *testing.T
	ts     *tmftest.Server
	world  *world
	random *rand.Rand
	words  int
	did    string
	count  map[string]int
}

// TestFacesAgree does random things over the three dialects and SOAP and compares
// everything that clients see with a model, after each; and it holds entity tags and
// times of changes against what clients see.
func TestFacesAgree(t *testing.T) {
	t.Parallel()
	seed := *modelSeed
	if seed == 0 {
		seed = 1
	}
	t.Logf("-model.seed=%d -model.steps=%d", seed, *modelSteps)
	w := &walker{t: t, ts: tmftest.New(t), world: newWorld(), random: rand.New(rand.NewPCG(seed, 8)), count: map[string]int{}}
	deeds := w.deeds()
	names := slices.Sorted(maps.Keys(deeds))
	tags := tagWatch{}
	for step := range *modelSteps {
		name := names[w.random.IntN(len(names))]
		if step < 12 {
			name = []string{"customer over TM Forum", "customer over SOAP", "account", "payment mean"}[step%4]
		}
		w.did = name
		now := servertest.Now.Add(time.Duration(step) * time.Second)
		w.ts.Clock.Store(&now)
		if !deeds[name]() {
			continue
		}
		w.count[name]++
		w.world.compare(t, w.ts, tmftest.Dialects[step%len(tmftest.Dialects)])
		tags.compare(t, w.ts, w.world)
		if t.Failed() {
			t.Fatalf("step %d: %s", step, w.did)
		}
	}
	for _, name := range names {
		if w.count[name] == 0 && *modelSteps >= 1000 {
			t.Errorf("%s was never done", name)
		}
	}
}

func (w *walker) word() string {
	w.words++
	return fmt.Sprint("w", w.words)
}

// ask asks the TM Forum face, which must answer with one of the statuses.
func (w *walker) ask(method, target, body string, status ...int) tmftest.Answer {
	w.t.Helper()
	media := "application/json"
	if strings.HasPrefix(body, "[") {
		media = "application/json-patch+json"
	}
	a := w.ts.Ask(w.t, method, target, body, "Content-Type: "+media)
	w.did += "\n" + a.Asked + ": " + a.Body
	if !slices.Contains(status, a.Status) {
		w.t.Errorf("%s: got %d, want %d: %s", a.Asked, a.Status, status, a.Body)
	}
	return a
}

func (w *walker) tell(hookpoint string, values ...value.Entry) value.Tree {
	w.t.Helper()
	w.did += "\n" + hookpoint + " " + string(value.Tree(values).JSON())
	return w.ts.Tell(w.t, hookpoint, values...)
}

// pick gives an id for which ok holds, "" when there is none.
func pick[T any](w *walker, from map[string]*T, ok func(*T) bool) string {
	ids := slices.Sorted(maps.Keys(from))
	ids = slices.DeleteFunc(ids, func(id string) bool { return !ok(from[id]) })
	if len(ids) == 0 {
		return ""
	}
	return ids[w.random.IntN(len(ids))]
}

// open is a customer who has not left.
func (w *walker) open() (string, *customerModel) {
	id := pick(w, w.world.customers, func(c *customerModel) bool { return !c.closed })
	return id, w.world.customers[id]
}

// group is a billing group of one who has not left.
func (w *walker) group(ok func(*accountModel) bool) (string, *accountModel) {
	id := pick(w, w.world.accounts, func(a *accountModel) bool {
		return a.known && !w.world.customers[a.customer].closed && (ok == nil || ok(a))
	})
	return id, w.world.accounts[id]
}

func (w *walker) base() string { return tmftest.Dialects[w.random.IntN(len(tmftest.Dialects))] }

func text(key, s string) value.Entry { return value.OfString(key, s) }

// learn puts the first account and owner of a customer that was made into the
// model.
func (w *walker) learn(id string, c *customerModel) {
	doc := w.ts.Ask(w.t, "GET", tmftest.Dialect2014+"/customer/"+id, "").Document(w.t)
	c.owner = w.tell("SOAP_GET_ACCOUNT", text("ACCOUNT_ID", id[1:])).Path("ACCOUNT/OWNER_ID").Text
	w.world.customers[id] = c
	for _, ref := range tmftest.At(doc, "customerAccount").Items() {
		w.world.accounts[tmftest.TextAt(ref, "id")] = &accountModel{customer: id, known: true, name: tmftest.TextAt(ref, "name")}
	}
}

// deeds are the things that can be done; one that cannot now does nothing and
// gives false.
func (w *walker) deeds() map[string]func() bool {
	all := map[string]func() bool{}
	maps.Copy(all, w.customerDeeds())
	maps.Copy(all, w.accountDeeds())
	maps.Copy(all, w.meanDeeds())
	maps.Copy(all, w.soapDeeds())
	return all
}

func (w *walker) customerDeeds() map[string]func() bool {
	anybody := func() (string, *customerModel) {
		id := pick(w, w.world.customers, func(*customerModel) bool { return true })
		return id, w.world.customers[id]
	}
	patch := func(id, base, body string) {
		w.ask("PATCH", base+"/customer/"+id, body, tmftest.PatchStatus(base))
	}
	fresh := func() *customerModel {
		c := &customerModel{name: "First " + w.word(), description: w.word(), hobby: w.word(), extra: w.word()}
		for range w.random.IntN(4) {
			c.emails = append(c.emails, w.word()+"@x")
		}
		return c
	}
	return map[string]func() bool{
		"customer over TM Forum": func() bool {
			c, base := fresh(), w.base()
			c.written = true
			w.learn(w.ask("POST", base+"/customer", c.document(base), 201).Text(w.t, "id"), c)
			return true
		},
		"PUT a customer": func() bool {
			id, c := w.open()
			base := w.base()
			if c == nil || base == tmftest.DialectV4 {
				return false
			}
			n := fresh()
			c.name, c.description, c.hobby, c.extra, c.emails = n.name, n.description, n.hobby, n.extra, n.emails
			if len(c.emails) == 0 {
				c.emails = []string{w.word() + "@x"}
			}
			c.free, c.written = "", true
			w.ask("PUT", base+"/customer/"+id, c.document(base), 200)
			return true
		},
		"patch a name": func() bool {
			id, c := w.open()
			if c == nil {
				return false
			}
			c.name = w.word() + " Patched"
			patch(id, w.base(), `{"name":"`+c.name+`"}`)
			return true
		},
		"patch what nobody knows": func() bool {
			id, c := anybody()
			if c == nil {
				return false
			}
			c.extra = w.word()
			patch(id, w.base(), `{"extra":{"deep":["`+c.extra+`"]}}`)
			return true
		},
		"JSON-Patch a name": func() bool {
			id, c := w.open()
			if c == nil {
				return false
			}
			before := c.name
			c.name = w.word()
			patch(id, w.base(), `[{"op":"test","path":"/name","value":"`+before+`"},{"op":"replace","path":"/name","value":"`+c.name+`"}]`)
			return true
		},
		"JSON-Patch that fails": func() bool {
			id, c := anybody()
			if c == nil {
				return false
			}
			w.ask("PATCH", w.base()+"/customer/"+id, `[{"op":"replace","path":"/name","value":"lost"},{"op":"test","path":"/name","value":"other"}]`, 409)
			return true
		},
		"patch addresses": func() bool {
			id, c := w.open()
			if c == nil {
				return false
			}
			base := w.base()
			c.emails = fresh().emails
			if len(c.emails) == 0 {
				c.emails = []string{w.word() + "@x"}
			}
			patch(id, base, `{"contactMedium":`+c.media(base)+`}`)
			return true
		},
		"patch a description in 2014": func() bool {
			id, c := anybody()
			if c == nil {
				return false
			}
			c.description = w.word()
			patch(id, tmftest.Dialect2014, `{"description":"`+c.description+`"}`)
			return true
		},
		"a status of one's own": func() bool {
			id, c := w.open()
			if c == nil {
				return false
			}
			c.free, c.freeFor, c.changed = "free "+w.word(), c.business(), false
			patch(id, w.base(), `{"status":"`+c.free+`"}`)
			return true
		},
		"suspend": func() bool {
			id := pick(w, w.world.customers, func(c *customerModel) bool { return c.business() == "Active" })
			c := w.world.customers[id]
			if c == nil {
				return false
			}
			patch(id, w.base(), `{"status":"Suspended"}`)
			c.free = ""
			for _, l := range c.lines {
				if l.state == "active" {
					l.state = "blocked"
				}
			}
			return true
		},
		"delete a customer": func() bool {
			id, c := anybody()
			if c == nil || len(w.world.customers) < 3 {
				return false
			}
			owes := slices.ContainsFunc(w.world.accountsOf(id), func(a string) bool { return w.world.accounts[a].paid != "" })
			if c.live() > 0 || owes {
				w.ask("DELETE", w.base()+"/customer/"+id, "", 409)
				return true
			}
			base := w.base()
			w.ask("DELETE", base+"/customer/"+id, "", 204)
			for _, a := range w.world.accountsOf(id) {
				w.ask("GET", tmftest.Dialect2014+"/customerAccount/"+a, "", 404)
				if m := w.world.means[w.world.accounts[a].mean]; m != nil {
					m.group = "" // it stands alone again
				}
				delete(w.world.accounts, a)
			}
			delete(w.world.customers, id)
			w.ask("GET", base+"/customer/"+id, "", 404)
			return true
		},
	}
}

func (w *walker) soapDeeds() map[string]func() bool {
	line := func(state string) (*customerModel, *lineModel) {
		var found []*lineModel
		owners := map[*lineModel]*customerModel{}
		for _, id := range slices.Sorted(maps.Keys(w.world.customers)) {
			for _, l := range w.world.customers[id].lines {
				if l.state == state {
					found, owners[l] = append(found, l), w.world.customers[id]
				}
			}
		}
		if len(found) == 0 {
			return nil, nil
		}
		l := found[w.random.IntN(len(found))]
		return owners[l], l
	}
	move := func(from, to, hookpoint string, more ...value.Entry) func() bool {
		return func() bool {
			_, l := line(from)
			if l == nil {
				return false
			}
			w.tell(hookpoint, append([]value.Entry{text("SUBSCRIPTION_ID", l.id)}, more...)...)
			l.state = to
			return true
		}
	}
	return map[string]func() bool{
		"customer over SOAP": func() bool {
			c := &customerModel{name: "Soap " + w.word(), emails: []string{w.word() + "@soap"}, description: "null"}
			account := w.tell("SOAP_SIGNUP_CUSTOMER_NO_SUBSCRIPTION", text("PRODUCT_CODE", "POST_PAID"), value.Of("USER",
				text("FIRST_NAME", "Soap"), text("LAST_NAME", c.name[5:]), text("EMAIL", c.emails[0]))).Items("ACCOUNT")
			id := "c" + account.Text("ID")
			c.description, c.hobby, c.extra = w.word(), w.word(), w.word()
			// What only clients know comes at once, so that all customers have it.
			w.ask("PATCH", tmftest.Dialect2014+"/customer/"+id, `[{"op":"add","path":"/description","value":"`+c.description+`"},{"op":"add","path":"/extra","value":{"deep":["`+c.extra+`"]}},{"op":"add","path":"/characteristic/0","value":{"name":"hobby","value":"`+c.hobby+`"}}]`, 200)
			w.learn(id, c)
			return true
		},
		"name over SOAP": func() bool {
			_, c := w.open()
			if c == nil {
				return false
			}
			c.name = "Soap " + w.word()
			w.tell("SOAP_UPDATE_USER", value.Of("USER", text("ID", c.owner), text("FIRST_NAME", "Soap"), text("LAST_NAME", c.name[5:])))
			return true
		},
		"e-mail over SOAP": func() bool {
			_, c := w.open()
			if c == nil {
				return false
			}
			mail := w.word() + "@soap"
			if len(c.emails) == 0 {
				c.emails = []string{mail}
			}
			c.emails[0] = mail
			w.tell("SOAP_UPDATE_USER", value.Of("USER", text("ID", c.owner), text("EMAIL", mail)))
			return true
		},
		"credit limit over SOAP": func() bool {
			_, c := w.open()
			if c == nil {
				return false
			}
			c.limit = 1 + w.random.IntN(900)
			w.tell("SOAP_UPDATE_USER", value.Of("USER", text("ID", c.owner), value.OfLong("CREDIT_LIMIT", int64(c.limit))))
			return true
		},
		"user over SOAP": func() bool {
			id, c := w.open()
			if c == nil {
				return false
			}
			if n := len(c.users); n > 0 && w.random.IntN(2) == 0 {
				w.tell("SOAP_DELETE_USER", text("USER_ID", c.users[n-1]))
				c.users = c.users[:n-1]
				return true
			}
			made := w.tell("SOAP_CREATE_USER", text("ACCOUNT_ID", id[1:]), value.Of("USER", text("FIRST_NAME", "Extra"), text("LAST_NAME", w.word())))
			c.users = append(c.users, made.Path("USER/ID").Text)
			return true
		},
		"billing group over SOAP": func() bool {
			id, c := w.open()
			if c == nil || len(w.world.accountsOf(id)) > 3 {
				return false
			}
			name := "Group " + w.word()
			made := w.tell("SOAP_CREATE_BILLING_GROUP", text("ACCOUNT_ID", id[1:]), text("OWNER_ID", c.owner), text("PRODUCT_CODE", "POST_PAID"), value.Of("BILLING_GROUP", text("NAME", name)))
			w.world.accounts["ca"+made.Path("BILLING_GROUP/ID").Text] = &accountModel{customer: id, known: true, name: name}
			return true
		},
		"group's name over SOAP": func() bool {
			id, a := w.group(nil)
			if a == nil {
				return false
			}
			a.name = "Group " + w.word()
			w.tell("SOAP_UPDATE_BILLING_GROUP", value.Of("BILLING_GROUP", text("ID", id[2:]), text("NAME", a.name)))
			return true
		},
		"bank details over SOAP": func() bool {
			id, a := w.group(nil)
			if a == nil {
				return false
			}
			a.iban = strings.ToUpper(w.word())
			if a.mean != "" {
				w.world.means[a.mean].iban = a.iban
			}
			w.tell("SOAP_UPDATE_BILLING_GROUP", value.Of("BILLING_GROUP", text("ID", id[2:]), text("IBAN_NUMBER", a.iban)))
			return true
		},
		"recharge ticket over SOAP": func() bool {
			id, a := w.group(nil)
			if a == nil {
				return false
			}
			if a.ticket != "" {
				w.tell("SOAP_DELETE_RECHARGE_TICKET", text("BILLING_GROUP_ID", id[2:]))
				a.ticket = ""
				return true
			}
			ticket := w.word()
			w.tell("SOAP_CREATE_RECHARGE_TICKET", text("BILLING_GROUP_ID", id[2:]), text("TICKET_ID", ticket))
			for _, doc := range w.ts.Ask(w.t, "GET", tmftest.MeansPath, "").Document(w.t).Items() {
				if tmftest.TextAt(doc, "creditCard.ticket") == ticket { // SOAP does not say its id
					a.ticket = tmftest.TextAt(doc, "id")
				}
			}
			return true
		},
		"subscription over SOAP": func() bool {
			id, a := w.group(nil)
			if a == nil {
				return false
			}
			c := w.world.customers[a.customer]
			made := w.tell("SOAP_SIGNUP_SUBSCRIPTION", value.Of("SIGNUP_INFO", text("BILLING_GROUP_ID", id[2:]), text("OWNER_ID", c.owner), text("PRODUCT_CODE", "POST_PAID")))
			c.lines = append(c.lines, &lineModel{made.Path("SUBSCRIPTION/ID").Text, id, "pending"})
			return true
		},
		"activate over SOAP":  move("pending", "active", "SOAP_ACTIVATE_SUBSCRIPTION"),
		"block over SOAP":     move("active", "blocked", "SOAP_BLOCK_SERVICE", text("BLOCK_TYPE", "BLOCK_AS_LOST")),
		"unblock over SOAP":   move("blocked", "active", "SOAP_UNBLOCK_SERVICE"),
		"terminate over SOAP": move("active", "terminated", "SOAP_TERMINATE_SUBSCRIPTION"),
		"payment over SOAP": func() bool {
			id, a := w.group(nil)
			if a == nil {
				return false
			}
			amount := decimal.New(int64(1+w.random.IntN(9999)), -2)
			sum, _ := decimal.NewFromString("0" + a.paid)
			a.paid = sum.Add(amount).String()
			w.tell("SOAP_SAVE_PAYMENT", text("BILLING_GROUP_ID", id[2:]), value.OfMoney("AMOUNT", amount), text("PAYMENT_CAPTURED", "true"))
			return true
		},
		"close over SOAP": func() bool {
			id, c := w.open()
			if c == nil || len(w.world.customers) < 4 || w.random.IntN(2) == 0 {
				return false
			}
			w.tell("SOAP_CLOSE_ACCOUNT", text("ACCOUNT_ID", id[1:]), value.OfBoolean("TERMINATE_SUBSCRIPTIONS", true), value.OfBoolean("ACCEPT_BALANCE", true))
			c.closed = true
			for _, l := range c.lines {
				l.state = "terminated"
			}
			return true
		},
	}
}
