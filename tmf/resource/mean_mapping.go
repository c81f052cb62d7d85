package resource

import (
	"time"

	"rator/customer"
	"rator/failure"
	"rator/store"
	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
	"rator/tmf/problem"
	"rator/unit"
)

// paymentMean: the bank details of a Billing Group, its recharge ticket, or one
// that clients made.
//
// What clients make stands alone until an account refers to it in a payment plan:
// then the group pays by it. From there on the group's bank details are this
// payment mean, whoever changes them.

func init() {
	collections["paymentMean"] = func(b *Business) Collection {
		return &collection[payment]{business: b, mapping: meanMapping{}}
	}
}

type meanMapping struct{}

// madeMean is a payment mean that a client made. What it says is in its overlay.
type madeMean struct {
	store.Base
	Brand string // key
	Name  string
	Type  string
	Group store.ID // the billing group that pays by it, or none
	Payer store.ID // the user that its relatedParty names, or none
	// Account is the payer's: whose it is as long as no group pays by it.
	Account store.ID
	Made    time.Time
	// Modified is when it was changed last; zero: by a version that did not keep it.
	Modified time.Time `json:",omitzero"`
}

const (
	byMeanName  = "name"
	byMeanGroup = "group"
)

var MadeMeans = store.Define("tmf_payment_mean", nil, func(m *madeMean) *store.Base { return &m.Base },
	store.Index[madeMean]{Name: byMeanName, Value: func(m *madeMean) string { return indexText(m.Brand, m.Name) }},
	store.Index[madeMean]{Name: byMeanGroup, Value: func(m *madeMean) string { return m.Group.String() }, Taken: failure.TryAgain}).
	Stamp(func(tx store.Tx, m *madeMean) { m.Modified = tx.Now() })

// payment is what a payment mean is of: what a client made, else a recharge ticket, else
// the bank details of the group.
type payment struct {
	made   *madeMean
	ticket *customer.RechargeTicket
	group  *customer.BillingGroup // nil: of what a client made
}

type (
	meanEntity = entity[payment]
	meanEntry  = entry[payment]
)

func (meanMapping) optional() []string { return nil }

func (meanMapping) show(_ *dialect.Dialect, _ *time.Location, neutral jsondoc.Value) jsondoc.Value {
	return neutral
}

func (meanMapping) take(_ *dialect.Dialect, _ *time.Location, _, shown, doc jsondoc.Value) (jsondoc.Value, error) {
	return maskedMean(doc, shown)
}

func (meanMapping) resource() string { return "paymentMean" }

// find takes the id of what a client made, of a billing group, for what that pays by, and
// of a recharge ticket.
func (m meanMapping) find(u *Work, ids []string) ([]*meanEntity, error) {
	var b store.Batch
	found := make([]payment, len(ids))
	for i, id := range ids {
		if object, ok := readID("pm", id); ok {
			MadeMeans.AskID(&b, object, &found[i].made)
			customer.AskBillingGroup(&b, object, &found[i].group)
			customer.AskRechargeTicket(&b, object, &found[i].ticket)
		}
	}
	if err := b.Answer(u.Tx); err != nil {
		return nil, err
	}
	var (
		some  []meanEntry
		which []int
	)
	for i, p := range found {
		e := meanEntry{read: p}
		switch {
		case p.made != nil && p.made.Brand == u.Brand.Key:
			e.read.group, e.read.ticket = nil, nil
		case p.group != nil:
			e.account, e.read.made, e.read.ticket = p.group.Account, nil, nil
		case p.ticket != nil:
			e.account, e.read.made = p.ticket.Account, nil
		default:
			continue
		}
		some, which = append(some, e), append(which, i)
	}
	all := make([]*meanEntity, len(ids))
	made, err := m.found(u, some)
	for i, t := range made {
		all[which[i]] = t
	}
	return all, err
}

// found makes the entities of what ids name; nil where the customer is not listed.
func (m meanMapping) found(u *Work, some []meanEntry) ([]*meanEntity, error) {
	if err := readCustomers(u, new(store.Batch), some); err != nil {
		return nil, err
	}
	var (
		open  []meanEntry
		which []int
	)
	for i := range some {
		listed, err := some[i].isListed(u)
		if err != nil {
			return nil, err
		}
		if listed {
			open, which = append(open, some[i]), append(which, i)
		}
	}
	made, err := m.open(u, open)
	all := make([]*meanEntity, len(some))
	for i, t := range made {
		all[which[i]] = t
	}
	return all, err
}

func meanMadeFor(tx store.Tx, group store.ID) (*madeMean, error) {
	for m, err := range MadeMeans.All(tx, byMeanGroup, group.String()) {
		return m, err
	}
	return nil, nil
}

func bankEntity(u *Work, w *customer.Whole, g *customer.BillingGroup) *meanEntity {
	t := &meanEntity{id: meanID(g.ID), object: g.ID, account: g.Account, projection: projectBank(w, g, u.Call.Origin()), fallbacks: []string{"name"}, read: payment{group: g}}
	t.consists(g.Base, g.Modified)
	t.paidBy(w, g)
	return t
}

func ticketEntity(u *Work, w *customer.Whole, r *customer.RechargeTicket) *meanEntity {
	g := w.BillingGroup(r.BillingGroup)
	t := &meanEntity{id: meanID(r.ID), object: r.ID, account: r.Account, projection: projectTicket(w, r, u.Call.Origin()), fallbacks: []string{"name"}, read: payment{group: g, ticket: r}}
	t.consists(r.Base, r.Modified)
	t.consists(g.Base, g.Modified)
	t.paidBy(w, g)
	return t
}

func (t *entity[T]) paidBy(w *customer.Whole, g *customer.BillingGroup) {
	if owner := w.User(g.Owner); owner != nil {
		t.consists(owner.Base, owner.Modified)
	}
}

// madeMeanEntity is what a client made: with the bank details of the group that pays
// by it, where there is one.
func madeMeanEntity(u *Work, made *madeMean, w *customer.Whole, g *customer.BillingGroup) *meanEntity {
	t := &meanEntity{id: meanID(made.ID), object: made.ID, parts: []store.Base{made.Base}, modified: keptOr(made.Modified, made.Made), read: payment{made: made}}
	t.projection = jsondoc.ObjectOf(
		jsondoc.MemberOf("name", jsondoc.Text(fallback(made.Name, "Payment mean "+made.ID.String()))),
		jsondoc.MemberOf("type", jsondoc.Text(made.Type)),
		jsondoc.MemberOf("relatedParty", payerOf(w, g, u.Call.Origin())))
	if g == nil {
		t.account = made.Account
		return t
	}
	t.account = g.Account
	t.consists(g.Base, g.Modified)
	t.paidBy(w, g)
	if hasBank(g) && sameText(made.Type, bankAccountDebit) {
		t.projection = t.projection.With("bankAccount", bankOf(w, g).Without("accountHolder"))
	}
	return t
}

// made is what a client made, of which no more was read.
func (m meanMapping) made(u *Work, made *madeMean) (*meanEntity, error) {
	all, err := m.open(u, []meanEntry{{read: payment{made: made}}})
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

func (m meanMapping) create(u *Work, doc jsondoc.Value) (*meanEntity, error) {
	made := &madeMean{Brand: u.Brand.Key, Name: memberText(doc, "name"), Type: memberText(doc, "type"), Made: u.Tx.Now()}
	if err := made.paidBy(u, doc); err != nil {
		return nil, err
	}
	if err := MadeMeans.Insert(u.Tx, made); err != nil {
		return nil, err
	}
	return m.made(u, made)
}

// paidBy notes the user that a document's relatedParty names, where there is one
// such. It fails with WRONG_STATE when that user was erased.
func (m *madeMean) paidBy(u *Work, doc jsondoc.Value) error {
	m.Payer, m.Account = 0, 0
	id, ok := ParseID("", partyID(doc))
	if !ok {
		return nil
	}
	user, err := customer.UserByID(u.Tx, u.Brand, id)
	if failure.CodeOf(err) == customer.UnknownUser {
		return nil
	}
	if err != nil {
		return err
	}
	m.Payer, m.Account = user.ID, user.Account
	return customer.CheckNotErased(u.Tx, user)
}

func (m meanMapping) change(u *Work, t *meanEntity, before, after jsondoc.Value) (*meanEntity, error) {
	if made := t.read.made; made != nil {
		made.Name, made.Type = memberText(after, "name"), memberText(after, "type")
		if err := made.paidBy(u, after); err != nil {
			return nil, err
		}
		if err := MadeMeans.Put(u.Tx, made); err != nil {
			return nil, err
		}
		if err := changeBank(u, made.Group, before, after); err != nil {
			return nil, err
		}
		return m.made(u, made)
	}
	p := t.read
	if p.ticket != nil {
		return findOne[payment](u, m, t.id)
	}
	if err := changeBank(u, p.group.ID, before, after); err != nil {
		return nil, err
	}
	g, err := customer.BillingGroupByID(u.Tx, u.Brand, p.group.ID)
	if err != nil {
		return nil, err
	}
	if !hasBank(g) {
		return nil, problem.MissingField.With("bankAccount: a billing group's bank details need a BIC, an IBAN or an accountNumber; delete the payment mean instead")
	}
	w, err := customer.LoadWhole(u.Tx, u.Brand, g.Account)
	if err != nil {
		return nil, err
	}
	return bankEntity(u, w, g), nil
}

// changeBank gives a billing group the bank details that a document has and one
// before did not.
func changeBank(u *Work, group store.ID, before, after jsondoc.Value) error {
	was, _ := before.Get("bankAccount")
	is, _ := after.Get("bankAccount")
	if group == 0 || was.Equal(is) {
		return nil
	}
	_, err := customer.UpdateBillingGroup(u.Tx, u.Brand, group, func(f *customer.BillingGroupFields) error {
		bankFields(after, f)
		return nil
	})
	return err
}

func (m meanMapping) remove(u *Work, t *meanEntity) error {
	var group store.ID
	switch x, made := t.read, t.read.made; {
	case made != nil:
		if err := MadeMeans.Delete(u.Tx, made); err != nil {
			return err
		}
		if made.Group != 0 {
			if err := customer.TouchBillingGroup(u.Tx, u.Brand, made.Group); err != nil {
				return err
			}
		}
		if sameText(made.Type, bankAccountDebit) {
			group = made.Group
		}
	case x.ticket != nil:
		if _, err := customer.DeleteRechargeTicket(u.Tx, u.Brand, x.group.ID); err != nil {
			return err
		}
	default:
		group = x.group.ID
	}
	if err := changeBank(u, group, jsondoc.ObjectOf(jsondoc.MemberOf("bankAccount", jsondoc.ObjectOf())), jsondoc.ObjectOf()); err != nil {
		return err
	}
	return t.overlay.forget(u.Tx)
}

// attachMean has a billing group pay by a payment mean that a client made and no
// other group pays by. Other references stay what clients say.
func attachMean(u *Work, reference string, group store.ID) error {
	object, ok := readID("pm", reference)
	if !ok {
		return nil
	}
	made, err := MadeMeans.Get(u.Tx, object)
	if IsAbsent(err) || err == nil && (made.Brand != u.Brand.Key || made.Group != 0) {
		return nil
	}
	if err != nil {
		return err
	}
	if other, err := meanMadeFor(u.Tx, group); err != nil || other != nil {
		return err
	}
	made.Group = group
	if err := MadeMeans.Put(u.Tx, made); err != nil {
		return err
	}
	over, err := OverlayOf(u.Tx, "paymentMean", made.ID)
	if err != nil {
		return err
	}
	doc, err := over.compose(madeMeanEntity(u, made, nil, nil).projection)
	if err != nil {
		return err
	}
	if sameText(made.Type, bankAccountDebit) {
		if err := changeBank(u, group, jsondoc.ObjectOf(), doc); err != nil {
			return err
		}
	}
	t, err := meanMapping{}.made(u, made)
	if err != nil {
		return err
	}
	over.Account = t.account
	over.split(doc, t.projection)
	if err := over.keep(u.Tx); err != nil {
		return err
	}
	return unit.KeptAreOf(u.Tx, t.id, t.account)
}

// detachMean makes a payment mean that a client made stand alone again, before its
// billing group or customer goes. It keeps all it says.
func detachMean(u *Work, group store.ID) error {
	made, err := meanMadeFor(u.Tx, group)
	if err != nil || made == nil {
		return err
	}
	t, err := meanMapping{}.made(u, made)
	if err != nil {
		return err
	}
	over, err := OverlayOf(u.Tx, "paymentMean", made.ID)
	if err != nil {
		return err
	}
	doc, err := over.compose(t.projection)
	if err != nil {
		return err
	}
	made.Group = 0
	if err := MadeMeans.Put(u.Tx, made); err != nil {
		return err
	}
	over.split(doc, madeMeanEntity(u, made, nil, nil).projection)
	return over.keep(u.Tx)
}
