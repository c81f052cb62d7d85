package resource

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"rator/billing"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
	"rator/unit"
	"rator/workflow/value"
)

// customerAccount: a Billing Group, or one that waits for its customer.
//
// An account whose customer is not known here is no Billing Group yet: the
// business has none without a customer who is complete (rator-api.md 2.2). It is
// kept whole beside the business, listed and read like every other, and becomes a
// Billing Group of the same id when a change of its attribute customer names one
// who is known.

// accountRead is what an account is made of: one or the other.
type accountRead struct {
	group   *accountParts
	waiting *waitingAccount
}

type (
	accountEntity = entity[accountRead]
	accountEntry  = entry[accountRead]
)

func init() {
	collections["customerAccount"] = func(b *Business) Collection {
		return &collection[accountRead]{business: b, mapping: accountMapping{b}}
	}
}

type accountMapping struct{ business *Business }

// waitingAccount is an account without a known customer. What it says is in its
// overlay.
type waitingAccount struct {
	store.Base
	Brand    string // key
	Name     string
	Customer string // what its reference says, "" for none
	Made     time.Time
}

const (
	byWaitingName     = "name"
	byWaitingCustomer = "customer"
)

var WaitingAccounts = store.Define("tmf_waiting_account", nil, func(w *waitingAccount) *store.Base { return &w.Base },
	store.Index[waitingAccount]{Name: byWaitingName, Value: func(w *waitingAccount) string { return indexText(w.Brand, w.Name) }},
	store.Index[waitingAccount]{Name: byWaitingCustomer, Value: func(w *waitingAccount) string { return indexText(w.Brand, w.Customer) }})

// indexText is a text of a client's as an index has it: by its beginning, where it
// is too long.
func indexText(brand, text string) string {
	const longest = 256
	if len(text) > longest {
		text = text[:longest]
	}
	text = strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "")
	if text == "" {
		return ""
	}
	return store.Compose(brand, text)
}

func (accountMapping) optional() []string {
	return []string{"contact", "paymentPlan", "customerAccountRelationship"}
}

func (accountMapping) show(_ *dialect.Dialect, _ *time.Location, neutral jsondoc.Value) jsondoc.Value {
	return hidePIN(neutral)
}

func (m accountMapping) take(_ *dialect.Dialect, _ *time.Location, before, shown, doc jsondoc.Value) (jsondoc.Value, error) {
	return m.business.PINs.takePIN(before, shown, doc), refuseCardData(doc, shown)
}

// readID reads the id of an address or reference: the letters of its resource and
// the business's own, or that alone.
func readID(prefix, id string) (store.ID, bool) {
	n, err := store.ParseID(strings.TrimPrefix(id, prefix))
	return n, err == nil && n != 0
}

func (accountMapping) resource() string { return "customerAccount" }

func (m accountMapping) find(u *Work, ids []string) ([]*accountEntity, error) {
	var b store.Batch
	type found struct {
		group   *customer.BillingGroup
		waiting *waitingAccount
	}
	asked := make([]found, len(ids))
	for i, id := range ids {
		if object, ok := readID("ca", id); ok {
			customer.AskBillingGroup(&b, object, &asked[i].group)
			WaitingAccounts.AskID(&b, object, &asked[i].waiting)
		}
	}
	if err := b.Answer(u.Tx); err != nil {
		return nil, err
	}
	var (
		some  []accountEntry
		which []int
	)
	for i, f := range asked {
		switch {
		case f.group != nil:
			some, which = append(some, groupEntry(f.group)), append(which, i)
		case f.waiting != nil:
			some, which = append(some, waitingEntry(f.waiting)), append(which, i)
		}
	}
	made, err := opened(u, &accountOpener{}, some, false)
	byID := map[store.ID]*accountEntity{}
	for _, t := range made {
		byID[t.place] = t.entity
	}
	all := make([]*accountEntity, len(ids))
	for n, e := range some {
		all[which[n]] = byID[e.id]
	}
	return all, err
}

func (w *waitingAccount) entity() *accountEntity {
	return &accountEntity{id: accountID(w.ID), object: w.ID, projection: jsondoc.ObjectOf(), parts: []store.Base{w.Base}, modified: w.Made, read: accountRead{waiting: w}}
}

// entity gives a billing group of the brand; nil when its customer is deleted.
func (m accountMapping) entity(u *Work, g *customer.BillingGroup) (*accountEntity, error) {
	made, err := opened(u, &accountOpener{}, []accountEntry{groupEntry(g)}, false)
	if err != nil || len(made) == 0 {
		return nil, err
	}
	return made[0].entity, nil
}

// accountEntityOf gives a billing group of a customer who was read before, with how it
// pays, and what a client made for it to pay by, or nil.
func accountEntityOf(u *Work, w *customer.Whole, g *customer.BillingGroup, standing *billing.Standing, made *madeMean) *accountEntity {
	terms, _ := g.TermsOn(u.Brand.Day(u.Tx.Now()))
	p := &accountParts{whole: w, group: g, standing: standing, cycle: terms.BillingCycle, origin: u.Call.Origin()}
	t := &accountEntity{id: accountID(g.ID), object: g.ID, account: g.Account, modified: p.standing.Last, fallbacks: []string{"accountType"}, read: accountRead{group: p}}
	t.consists(w.Account.Base, keptOr(w.Account.Modified, w.Account.Closed))
	if means := meansOfGroup(u, w, g, made); len(means) > 0 {
		p.mean = means[0].id
		t.consists(means[0].parts[0], means[0].modified)
	}
	for _, x := range w.BillingGroups {
		t.consists(x.Base, x.Modified)
	}
	for _, x := range w.Users {
		if x.ID == g.Owner || x.ID == g.BillingAddress || x.ID == w.Account.Owner || x.ID == w.Account.DeliveryAddress {
			t.consists(x.Base, x.Modified)
		}
	}
	for _, x := range w.Memberships {
		if x.BillingGroup == g.ID {
			t.consists(x.Base, x.Modified)
			if s := w.Subscription(x.Subscription); s != nil {
				t.consists(s.Base, s.Modified)
			}
		}
	}
	for _, i := range p.standing.Open {
		t.consists(i.Base, keptOr(i.Modified, i.Dunned()))
	}
	if p.standing.Posted {
		t.computed = []string{"receivableBalance", "customerAccountBalance"}
	}
	t.projection = p.project()
	return t
}

// consists adds what an entity is made of.
func (t *entity[T]) consists(of store.Base, modified time.Time) {
	t.parts = append(t.parts, of)
	if modified.After(t.modified) {
		t.modified = modified
	}
}

// keptOr is when something was changed last, or what is known of that where it was
// by a version that did not keep it.
func keptOr(modified, otherwise time.Time) time.Time {
	if modified.IsZero() {
		return otherwise
	}
	return modified
}

// origin is scheme and host of the call's home; "" where the home has none of its own.
func (call *Call) Origin() string {
	for _, b := range call.Dialect.Bases {
		if origin, found := strings.CutSuffix(call.Home, b.Path); found && !strings.HasSuffix(origin, "/customerManagement") {
			return origin
		}
	}
	return ""
}

// knownCustomer finds the customer that a document's reference names; nil when
// there is none such.
func knownCustomer(u *Work, doc jsondoc.Value) (a *customer.Account, reference string, err error) {
	ref, _ := doc.Get("customer")
	id, _ := ref.Get("id")
	object, ok := readID("c", id.Text())
	if !ok {
		return nil, id.Text(), nil
	}
	a, err = customer.AccountByID(u.Tx, u.Brand, object)
	if failure.CodeOf(err) == customer.UnknownAccount || err == nil && !a.Deleted.IsZero() {
		return nil, id.Text(), nil
	}
	return a, id.Text(), err
}

func (m accountMapping) create(u *Work, doc jsondoc.Value) (*accountEntity, error) {
	a, reference, err := knownCustomer(u, doc)
	if err != nil {
		return nil, err
	}
	if a == nil {
		w := &waitingAccount{Brand: u.Brand.Key, Name: memberText(doc, "name"), Customer: reference, Made: u.Tx.Now()}
		err := WaitingAccounts.Insert(u.Tx, w)
		return w.entity(), err
	}
	return m.settle(u, a, 0, doc)
}

// settle makes a billing group of a customer's, with an id that it had before or a
// new one.
func (m accountMapping) settle(u *Work, a *customer.Account, id store.ID, doc jsondoc.Value) (*accountEntity, error) {
	product, err := usualProduct(u)
	if err != nil {
		return nil, err
	}
	g, err := m.addGroup(u, a, id, product.Code, memberText(doc, "name"))
	if err != nil {
		return nil, err
	}
	t, err := m.entity(u, g)
	if err != nil {
		return nil, err
	}
	if err := unit.KeptAreOf(u.Tx, t.id, t.account); err != nil {
		return nil, err
	}
	return m.apply(u, t, jsondoc.ObjectOf(), doc)
}

// addGroup makes a billing group in the steps of every one.
func (m accountMapping) addGroup(u *Work, a *customer.Account, id store.ID, product, name string) (*customer.BillingGroup, error) {
	values := value.Tree{
		value.OfString("ACCOUNT_ID", a.ID.String()), value.OfString("OWNER_ID", a.Owner.String()), value.OfString("PRODUCT_CODE", product),
		fieldsAs("BILLING_GROUP", &customer.BillingGroupFields{Name: name}),
	}
	if id != 0 {
		values = append(values, value.OfString("BILLING_GROUP_ID", id.String()))
	}
	made, err := m.business.create(u, createBillingGroup, "BILLING_GROUP_ID", values...)
	if err == nil && id != 0 && made != id {
		err = failure.WorkflowFailed.Because(fmt.Errorf("%s made billing group %s, and not as %s, which BILLING_GROUP_ID says", createBillingGroup, made, id))
	}
	if err != nil {
		return nil, err
	}
	return customer.BillingGroupByID(u.Tx, u.Brand, made)
}

// usualProduct is what a billing group is made for when nobody says: the first
// post-paid product that the brand sells, else its first.
func usualProduct(u *Work) (*catalogue.ProductConfig, error) {
	sold, err := catalogue.SoldProductConfigs(u.Tx, u.Brand)
	if err != nil {
		return nil, err
	}
	if len(sold) == 0 {
		return nil, catalogue.UnknownProductCode.With("brand %s sells nothing, so that nobody can be billed", u.Brand.Key)
	}
	i := slices.IndexFunc(sold, func(p *catalogue.ProductConfig) bool { return p.BillingGroupType == catalogue.PostPaid })
	return sold[max(i, 0)], nil
}

func (m accountMapping) change(u *Work, t *accountEntity, before, after jsondoc.Value) (*accountEntity, error) {
	w := t.read.waiting
	if w == nil {
		return m.apply(u, t, before, after)
	}
	a, reference, err := knownCustomer(u, after)
	if err != nil {
		return nil, err
	}
	if a == nil {
		w.Name, w.Customer = memberText(after, "name"), reference
		err := WaitingAccounts.Put(u.Tx, w)
		return w.entity(), err
	}
	if err := WaitingAccounts.Delete(u.Tx, w); err != nil {
		return nil, err
	}
	return m.settle(u, a, w.ID, after)
}

func (m accountMapping) remove(u *Work, t *accountEntity) error {
	if w := t.read.waiting; w != nil {
		if err := WaitingAccounts.Delete(u.Tx, w); err != nil {
			return err
		}
		return t.overlay.forget(u.Tx)
	}
	if err := detachMean(u, t.object); err != nil {
		return err
	}
	if err := m.business.step(u, endBillingGroup, value.OfString("BILLING_GROUP_ID", t.object.String())); err != nil {
		return err
	}
	if err := t.overlay.forget(u.Tx); err != nil {
		return err
	}
	bank, err := OverlayOf(u.Tx, "paymentMean", t.object)
	if err != nil {
		return err
	}
	return bank.forget(u.Tx)
}

func memberText(doc jsondoc.Value, name string) string {
	v, _ := doc.Get(name)
	if v.Kind() != jsondoc.String {
		return ""
	}
	return v.Text()
}

// IsAbsent reports whether a kind that has no code for it does not have a record.
func IsAbsent(err error) bool { return errors.Is(err, store.ErrAbsent) }

// forget deletes an overlay, if it is kept.
func (o *overlay) forget(tx store.Tx) error {
	if o.ID == 0 {
		return nil
	}
	return Overlays.Delete(tx, o)
}
