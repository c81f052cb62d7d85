package resource_test

import (
	"maps"
	"slices"
	"strconv"
	"testing"

	"rator/tmf/jsondoc"
	"rator/tmf/tmftest"
)

// world is an in-memory model of what clients see: customers, accounts and payment
// means, whichever face changed them.
type world struct {
	customers map[string]*customerModel
	accounts  map[string]*accountModel
	means     map[string]*meanModel
}

// customerModel is a customer: of the business its owner's name, addresses and
// lines; of clients the rest.
type customerModel struct {
	owner                           string // user id
	name, description, hobby, extra string
	emails                          []string // two of them are the business's
	lines                           []*lineModel
	limit                           int    // credit limit of the owner; 0 = none
	free, freeFor                   string // a client's own status, and what the business said then
	changed                         bool   // the business said something else since
	closed                          bool
	written                         bool     // whole by a client, which may have named another party
	users                           []string // besides the owner, of no use
}

// lineModel is a subscription.
type lineModel struct{ id, group, state string }

// accountModel is an account: a billing group when its customer is known.
type accountModel struct {
	customer                      string // id, "" for none
	known                         bool
	name, description, pin, extra string
	limit                         int    // of one that waits for its customer
	paid                          string // what was paid in advance, "" when nothing was ever posted
	iban, bankName                string // bank details of its own, and the name a client gave these
	bankExtra                     string
	mean                          string // that a client made for it
	ticket                        string
	written                       bool // whole by a client
}

// meanModel is a payment mean that a client made.
type meanModel struct{ name, iban, extra, group string }

func newWorld() *world {
	return &world{map[string]*customerModel{}, map[string]*accountModel{}, map[string]*meanModel{}}
}

// status is the customer's own word, or what its lines make of it (8.3).
func (c *customerModel) status() string {
	business := c.business()
	if c.free != "" && c.freeFor == business {
		return c.free
	}
	return business
}

func (c *customerModel) business() string {
	if c.closed {
		return "Terminated"
	}
	return lineStatus(c.lines, "Created", "Created")
}

// lineStatus is Active where a line is, Suspended where all are blocked.
func lineStatus(lines []*lineModel, none, _ string) string {
	status := none
	for _, l := range lines {
		switch l.state {
		case "active":
			return "Active"
		case "blocked":
			status = "Suspended"
		}
	}
	return status
}

func (c *customerModel) live() (n int) {
	for _, l := range c.lines {
		if l.state != "terminated" {
			n++
		}
	}
	return n
}

// accountsOf are the ids of a customer's billing groups, in order.
func (w *world) accountsOf(customer string) (ids []string) {
	for id, a := range w.accounts {
		if a.known && a.customer == customer {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// meansOf are the payment means that a customer's document refers to, by id.
func (w *world) meansOf(customer string) map[string]string {
	all := map[string]string{}
	for _, id := range w.accountsOf(customer) {
		maps.Copy(all, w.meansOfAccount(id))
	}
	return all
}

// meansOfAccount are the ids and names of the payment means of a billing group.
func (w *world) meansOfAccount(id string) map[string]string {
	a, all := w.accounts[id], map[string]string{}
	switch {
	case a.mean != "":
		all[a.mean] = w.means[a.mean].name
	case a.iban != "":
		all["pm"+id[2:]] = a.bank()
	}
	if a.ticket != "" {
		all[a.ticket] = "Recharge ticket of " + a.name
	}
	return all
}

func (a *accountModel) bank() string {
	if a.bankName != "" {
		return a.bankName
	}
	return "Bank account of " + a.name
}

// allMeans are the ids and names of every payment mean there is.
func (w *world) allMeans() map[string]string {
	all := map[string]string{}
	for id, m := range w.means {
		all[id] = m.name
	}
	for id, a := range w.accounts {
		if a.known {
			maps.Copy(all, w.meansOfAccount(id))
		}
	}
	return all
}

// compare reads everything and reports what is not as the model has it.
func (w *world) compare(t *testing.T, ts *tmftest.Server, base string) {
	t.Helper()
	listed := func(base, resource string, n int) []jsondoc.Value {
		items := ts.Ask(t, "GET", base+"/"+resource, "").Want(t, 200).Document(t).Items()
		if len(items) != n {
			t.Errorf("%s/%s lists %d, want %d", base, resource, len(items), n)
		}
		return items
	}
	for _, doc := range listed(base, "customer", len(w.customers)) {
		w.compareCustomer(t, base, doc)
	}
	for _, doc := range listed(tmftest.Dialect2014, "customerAccount", len(w.accounts)) {
		w.compareAccount(t, doc)
	}
	means := w.allMeans()
	for _, doc := range listed(tmftest.Dialect2014, "paymentMean", len(means)) {
		id := tmftest.TextAt(doc, "id")
		wantText(t, doc, "name", means[id])
		iban, extra := "", ""
		if m := w.means[id]; m != nil {
			iban, extra = m.iban, m.extra
			wantText(t, doc, "type", "BankAccountDebit")
		} else if a := w.accounts["ca"+id[2:]]; a != nil {
			iban, extra = a.iban, a.bankExtra
		}
		wantText(t, doc, "bankAccount.IBAN", orNull(iban))
		wantText(t, doc, "extra", orNull(extra))
		if tmftest.At(doc, "relatedParty").Kind() != jsondoc.Object {
			t.Errorf("nobody pays %s", doc)
		}
	}
}

func (w *world) compareCustomer(t *testing.T, base string, doc jsondoc.Value) {
	t.Helper()
	id := tmftest.TextAt(doc, "id")
	c := w.customers[id]
	if c == nil {
		t.Errorf("%s is not known: %s", id, doc)
		return
	}
	accounts, means, party, medium := "customerAccount", "paymentMean", "relatedParty", "medium"
	if base != tmftest.Dialect2014 {
		accounts, means, party, medium = "account", "paymentMethod", "engagedParty", "characteristic"
	}
	wantText(t, doc, "name", c.name)
	if c.business() != c.freeFor {
		c.changed = true
	}
	if !c.changed || tmftest.TextAt(doc, "status") != c.business() { // once it changed, the own status need not come back
		wantText(t, doc, "status", c.status())
	}
	wantText(t, doc, "extra.deep.0", c.extra)
	if !c.written {
		wantText(t, doc, party+".id", c.owner)
	}
	said := map[string]string{}
	for _, x := range tmftest.At(doc, "characteristic").Items() {
		said[tmftest.TextAt(x, "name")] = tmftest.TextAt(x, "value")
	}
	if base == tmftest.Dialect2014 {
		said["description"] = tmftest.TextAt(doc, "description")
	}
	if said["hobby"] != c.hobby || said["description"] != c.description || said["rator.subscriptionCount"] != strconv.Itoa(c.live()) {
		t.Errorf("%s says %v, want %+v", id, said, c)
	}
	var emails []string
	for _, x := range tmftest.EveryAt(doc, "contactMedium."+medium+".emailAddress") {
		emails = append(emails, x.Text())
	}
	if !slices.Equal(emails, c.emails) {
		t.Errorf("%s has e-mails %q, want %q", id, emails, c.emails)
	}
	var refs []string
	for _, x := range tmftest.At(doc, accounts).Items() {
		refs = append(refs, tmftest.TextAt(x, "id"))
		wantText(t, x, "name", w.accounts[tmftest.TextAt(x, "id")].named())
	}
	slices.Sort(refs)
	if want := w.accountsOf(id); !slices.Equal(refs, want) {
		t.Errorf("%s has accounts %q, want %q", id, refs, want)
	}
	got := map[string]string{}
	for _, x := range tmftest.At(doc, means).Items() {
		got[tmftest.TextAt(x, "id")] = tmftest.TextAt(x, "name")
	}
	if want := w.meansOf(id); !maps.Equal(got, want) {
		t.Errorf("%s has payment means %q, want %q", id, got, want)
	}
}

func (a *accountModel) named() string {
	if a == nil {
		return "no account"
	}
	return a.name
}

func (w *world) compareAccount(t *testing.T, doc jsondoc.Value) {
	t.Helper()
	id := tmftest.TextAt(doc, "id")
	a := w.accounts[id]
	if a == nil {
		t.Errorf("%s is not known: %s", id, doc)
		return
	}
	wantText(t, doc, "name", a.name)
	wantText(t, doc, "description", orNull(a.description))
	wantText(t, doc, "pin", orNull(a.pin))
	wantText(t, doc, "extra", orNull(a.extra))
	wantText(t, doc, "customer.id", orNull(a.customer))
	if !a.known {
		wantText(t, doc, "creditLimit", number(a.limit))
		wantText(t, doc, "status", "Created")
		return
	}
	c := w.customers[a.customer]
	wantText(t, doc, "creditLimit", number(c.limit))
	for _, path := range []string{"customer.name", "contact.contactName"} {
		if !a.written || tmftest.TextAt(doc, path) != "null" { // what a client left out stays out
			wantText(t, doc, path, c.name)
		}
	}
	wantText(t, doc, "receivableBalance", "0")
	deposit := "null"
	if a.paid != "" {
		deposit = a.paid
	}
	wantText(t, doc, "customerAccountBalance.1.amount", deposit)
	status := "Created"
	if a.paid != "" {
		status = "Active"
	}
	var lines []*lineModel
	for _, l := range c.lines {
		if l.group == id {
			lines = append(lines, l)
		}
	}
	if status = lineStatus(lines, status, ""); c.closed {
		status = "Closed"
	}
	wantText(t, doc, "status", status)
	mean := "null"
	if means := w.meansOfAccount(id); a.mean != "" {
		mean = a.mean
	} else if a.iban != "" {
		mean = "pm" + id[2:]
	} else if len(means) > 0 {
		mean = a.ticket
	}
	if plans := tmftest.At(doc, "paymentPlan").Items(); len(plans) > 0 && tmftest.TextAt(plans[0], "type") == "Invoice" {
		wantText(t, doc, "paymentPlan.paymentMean.id", mean)
	}
}

func wantText(t *testing.T, doc jsondoc.Value, path, want string) {
	t.Helper()
	if got := tmftest.TextAt(doc, path); got != want {
		t.Errorf("%s of %s is %s, want %s: %.1500s", path, tmftest.TextAt(doc, "id"), got, want, doc)
	}
}

func orNull(text string) string {
	if text == "" {
		return "null"
	}
	return text
}

func number(n int) string {
	if n == 0 {
		return "null"
	}
	return strconv.Itoa(n)
}
