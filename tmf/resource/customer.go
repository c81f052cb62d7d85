package resource

import (
	"strings"

	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
	"rator/tmf/problem"
	"rator/workflow"
	"rator/workflow/value"
)

// customers are the accounts of the business with their owners, as customers: the
// mapping of tmf-customer.md 8. Neutral documents have the names of the 2014
// dialect (customer_dialect.go).
type customers struct {
	business  *Business
	pageIndex pageIndex
}

// customerEntity is a customer as its mapping reads it.
type customerEntity = entity[*customer.Whole]

func init() {
	collections["customer"] = func(b *Business) Collection {
		return &collection[*customer.Whole]{business: b, mapping: &customers{business: b}}
	}
}

// CustomerPrefix begins the ids of customers; the account's follows.
const CustomerPrefix = "c"

// ParseID reads the id of a resource: its prefix and the id of an object, or that id
// alone.
func ParseID(prefix, id string) (store.ID, bool) {
	n, err := store.ParseID(strings.TrimPrefix(id, prefix))
	return n, err == nil && n != 0
}

func (c *customers) optional() []string { return nil }

func (c *customers) resource() string { return "customer" }

func (c *customers) find(u *Work, ids []string) ([]*customerEntity, error) {
	var b store.Batch
	asked := make([]*customer.Partial, len(ids))
	for i, id := range ids {
		if n, ok := ParseID(CustomerPrefix, id); ok {
			asked[i] = customer.AskPartial(&b, u.Tx, n)
		}
	}
	if err := b.Answer(u.Tx); err != nil {
		return nil, err
	}
	var (
		accounts []*customer.Account
		which    []int
	)
	for i, p := range asked {
		if p == nil {
			continue
		}
		listed, err := p.Listed(u.Brand)
		if err != nil {
			return nil, err
		}
		if !listed {
			continue
		}
		a, err := p.Whole()
		if err != nil {
			return nil, err
		}
		accounts, which = append(accounts, a), append(which, i)
	}
	all := make([]*customerEntity, len(ids))
	found, err := summarized(u, accounts)
	for i, t := range found {
		all[which[i]] = t
	}
	return all, err
}

// summarized reads what the documents of customers are made of, at once.
func summarized(u *Work, accounts []*customer.Account) ([]*customerEntity, error) {
	read, err := customer.LoadSummaries(u.Tx, accounts)
	if err != nil {
		return nil, err
	}
	var b store.Batch
	overlays := make([]*overlay, len(read))
	for i, w := range read {
		askOverlay(&b, u.Call.Resource.Name, w.Account.ID, &overlays[i])
	}
	means, err := readMeans(u.Tx, &b, read...)
	if err != nil {
		return nil, err
	}
	all := make([]*customerEntity, len(read))
	for i, w := range read {
		if all[i], err = outlined(u, w, means); err != nil {
			return nil, err
		}
		all[i].overlay = overlays[i]
	}
	return all, nil
}

// summaryEntity gives a customer of whom an outline was read before.
func summaryEntity(u *Work, w *customer.Whole) (*customerEntity, error) {
	means, err := readMeans(u.Tx, new(store.Batch), w)
	if err != nil {
		return nil, err
	}
	return outlined(u, w, means)
}

// outlined gives a customer of whom an outline, and what there is of its payment means,
// was read before.
func outlined(u *Work, w *customer.Whole, of *meansRead) (*customerEntity, error) {
	a := w.Account
	t := &customerEntity{id: CustomerPrefix + a.ID.String(), object: a.ID, account: a.ID, read: w}
	t.parts = append(t.parts, a.Base, w.Users[0].Base)
	means, parts, err := meanRefs(u, w, of)
	if err != nil {
		return nil, err
	}
	t.parts = append(t.parts, parts...)
	for _, g := range w.BillingGroups {
		t.parts = append(t.parts, g.Base)
	}
	t.projection = projectCustomer(w, u.Brand, means)
	for _, s := range w.Subscriptions {
		t.parts = append(t.parts, s.Base)
	}
	for _, r := range w.RechargeTickets {
		t.parts = append(t.parts, r.Base)
	}
	return t, nil
}

// create makes the least customer there is: an account, its owner, and a billing
// group for a product (tmf-customer.md 8.5), in the steps of every sign-up.
func (c *customers) create(u *Work, doc jsondoc.Value) (*customerEntity, error) {
	fields, err := signUpFields(doc)
	if err != nil {
		return nil, err
	}
	product, err := productFor(u, characteristicsOf(doc)[rProductCode])
	if err != nil {
		return nil, err
	}
	var owner customer.UserFields
	if err := applyPerson(u.Brand, &owner, fields.Type, jsondoc.ObjectOf(), doc); err != nil {
		return nil, err
	}
	if err := c.checkReferences(u, jsondoc.ObjectOf(), doc); err != nil {
		return nil, err
	}
	made, err := c.business.create(u, createCustomer, "ACCOUNT_ID", append(workflow.Fields(&fields),
		value.OfString("PRODUCT_CODE", product), fieldsAs("USER", &owner))...)
	if err != nil {
		return nil, err
	}
	if err := attachMeans(u, made, jsondoc.ObjectOf(), doc); err != nil {
		return nil, err
	}
	t, err := findOne(u, c, CustomerPrefix+made.String())
	if err != nil {
		return nil, err
	}
	moved, err := c.applyStatus(u, t, jsondoc.ObjectOf(), doc)
	if err != nil || !moved {
		return t, err
	}
	return findOne(u, c, t.id)
}

// signUpFields are what a new customer's document says of the account.
func signUpFields(doc jsondoc.Value) (customer.AccountFields, error) {
	said := characteristicsOf(doc)
	fields := customer.AccountFields{
		Type: customer.Private, SalesChannel: said[rSalesChannel], SalesAgentID: said[rSalesAgent], ReferencedBy: said[rReferencedBy],
	}
	if isCompany(doc, said) {
		fields.Type = customer.Company
	}
	for _, name := range fixedCharacteristics {
		if err := dialect.CheckLength(signUpKeys[name], said[name], "characteristic "+name); err != nil {
			return fields, err
		}
	}
	return fields, nil
}

// productFor is the product that decides how a customer's first billing group is
// paid: the one that is asked for, else the brand's first post-paid one.
func productFor(u *Work, code string) (string, error) {
	if code != "" {
		return code, nil
	}
	sold, err := catalogue.SoldProductConfigs(u.Tx, u.Brand)
	if err != nil {
		return "", err
	}
	for _, p := range sold {
		if p.BillingGroupType == catalogue.PostPaid {
			return p.Code, nil
		}
	}
	return "", problem.MissingField.With("characteristic %s is mandatory: brand %s sells no post-paid product", rProductCode, u.Brand.Key)
}

func (c *customers) change(u *Work, t *customerEntity, before, after jsondoc.Value) (*customerEntity, error) {
	w := t.read
	if err := c.checkReferences(u, before, after); err != nil {
		return nil, err
	}
	if err := refuseFixedCharacteristics(characteristicsOf(before), characteristicsOf(after)); err != nil {
		return nil, err
	}
	other, err := c.changeOwner(u, w, before, after)
	if err != nil {
		return nil, err
	}
	owner := w.Users[0]
	if other {
		a, err := customer.AccountByID(u.Tx, u.Brand, t.object)
		if err != nil {
			return nil, err
		}
		if owner, err = customer.UserByID(u.Tx, u.Brand, a.Owner); err != nil {
			return nil, err
		}
	}
	fields := owner.UserFields
	if err := applyPerson(u.Brand, &fields, w.Account.Type, before, after); err != nil {
		return nil, err
	}
	if fields != owner.UserFields {
		_, err := customer.UpdateUser(u.Tx, u.Brand, owner.ID, func(f *customer.UserFields) error {
			*f = fields
			return nil
		})
		if err != nil {
			return nil, err
		}
		u.Touch(owner.ID)
	}
	if err := attachMeans(u, t.object, before, after); err != nil {
		return nil, err
	}
	if _, err := c.applyStatus(u, t, before, after); err != nil {
		return nil, err
	}
	return findOne(u, c, t.id)
}

// attachMeans has a customer's billing groups pay by the payment means that clients
// made and a document refers to, as one before did not: each by the first group that
// has none (tmf-customer.md 8.5).
func attachMeans(u *Work, account store.ID, before, after jsondoc.Value) error {
	known := idsIn(before, "paymentMean")
	list, _ := after.Get("paymentMean")
	for _, ref := range list.Items() {
		id := ref.TextIn("id")
		if known[id] {
			continue
		}
		groups, err := customer.BillingGroupsOf(u.Tx, account)
		if err != nil {
			return err
		}
		for _, g := range groups {
			if err := attachMean(u, id, g.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// changeOwner makes another user of the account its owner when relatedParty names
// one; every other party is a reference that the overlay keeps.
func (c *customers) changeOwner(u *Work, w *customer.Whole, before, after jsondoc.Value) (bool, error) {
	was, is := partyID(before), partyID(after)
	id, ok := ParseID("", is)
	if is == was || !ok || id == w.Account.Owner {
		return false, nil
	}
	party, err := customer.UserByID(u.Tx, u.Brand, id)
	if failure.CodeOf(err) == customer.UnknownUser || err == nil && party.Account != w.Account.ID {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := c.business.own(u, "ACCOUNT_ID", w.Account.ID, id); err != nil {
		return false, err
	}
	return true, nil
}

func partyID(doc jsondoc.Value) string {
	party, _ := doc.Get("relatedParty")
	id, _ := party.Get("id")
	return id.Text()
}

func (c *customers) remove(u *Work, t *customerEntity) error {
	for _, g := range t.read.BillingGroups {
		if err := detachMean(u, g.ID); err != nil {
			return err
		}
	}
	if t.read.Account.State != customer.Closed {
		if err := c.close(u, t.object); err != nil {
			return err
		}
	}
	_, err := customer.DeleteAccount(u.Tx, u.Brand, t.object)
	return err
}

// checkReferences sees to it, on a strict server, that references that are new
// lead somewhere.
func (c *customers) checkReferences(u *Work, before, after jsondoc.Value) error {
	if !c.business.Strict {
		return nil
	}
	known := idsIn(before, "customerAccount")
	for id := range idsIn(after, "customerAccount") {
		n, ok := ParseID("ca", id)
		if known[id] {
			continue
		}
		if !ok {
			return problem.UnknownValue.With("customerAccount.id: there is no customerAccount %.80q", id)
		}
		if _, err := customer.BillingGroupByID(u.Tx, u.Brand, n); failure.CodeOf(err) == customer.UnknownBillingGroup {
			return problem.UnknownValue.With("customerAccount.id: there is no customerAccount %.80q", id)
		} else if err != nil {
			return err
		}
	}
	if id := partyID(after); id != "" && id != partyID(before) {
		n, ok := ParseID("", id)
		if !ok {
			return problem.UnknownValue.With("relatedParty.id: there is no party %.80q", id)
		}
		if _, err := customer.UserByID(u.Tx, u.Brand, n); failure.CodeOf(err) == customer.UnknownUser {
			return problem.UnknownValue.With("relatedParty.id: there is no party %.80q", id)
		} else if err != nil {
			return err
		}
	}
	return nil
}

func idsIn(doc jsondoc.Value, name string) map[string]bool {
	ids := map[string]bool{}
	list, _ := doc.Get(name)
	for _, item := range list.Items() {
		if id, found := item.Get("id"); found {
			ids[id.Text()] = true
		}
	}
	return ids
}
