package resource

import (
	"time"

	"rator/customer"
	"rator/failure"
	"rator/store"
	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
	"rator/tmf/problem"
	"rator/tmf/query"
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

func unknownMean(id string) *problem.Error {
	return problem.UnknownResource.With("there is no paymentMean %.80q", id)
}

func (m meanMapping) find(u *Work, id string) (*meanEntity, error) {
	object, ok := readID("pm", id)
	if !ok {
		return nil, unknownMean(id)
	}
	made, err := MadeMeans.Get(u.Tx, object)
	switch {
	case err == nil && made.Brand == u.Brand.Key:
		return m.made(u, made)
	case err != nil && !IsAbsent(err):
		return nil, err
	}
	t, err := m.ofBusiness(u, object)
	if err != nil || t != nil {
		return t, err
	}
	return nil, unknownMean(id)
}

// ofBusiness finds how a group pays by the group's id, or a recharge ticket by its
// own; nil when there is none.
func (m meanMapping) ofBusiness(u *Work, object store.ID) (*meanEntity, error) {
	g, err := customer.BillingGroupByID(u.Tx, u.Brand, object)
	if err == nil {
		w, err := customer.LoadWhole(u.Tx, u.Brand, g.Account)
		if err != nil || !w.Account.Deleted.IsZero() {
			return nil, err
		}
		return meanOfGroup(u, w, g)
	}
	if failure.CodeOf(err) != customer.UnknownBillingGroup {
		return nil, err
	}
	t, err := customer.RechargeTicketByID(u.Tx, u.Brand, object)
	if failure.CodeOf(err) == customer.UnknownRechargeTicket {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return m.ticket(u, t)
}

// meanOfGroup is what a billing group pays by: what a client made for it, else its
// bank details, else its recharge ticket; nil when there is none.
func meanOfGroup(u *Work, w *customer.Whole, g *customer.BillingGroup) (*meanEntity, error) {
	made, err := meanMadeFor(u.Tx, g.ID)
	if err != nil {
		return nil, err
	}
	if all := meansOfGroup(u, w, g, made); len(all) > 0 {
		return all[0], nil
	}
	return nil, nil
}

func meanMadeFor(tx store.Tx, group store.ID) (*madeMean, error) {
	for m, err := range MadeMeans.All(tx, byMeanGroup, group.String()) {
		return m, err
	}
	return nil, nil
}

// meansMade are the means that clients made for billing groups, by the group's id.
type meansMade map[store.ID]*madeMean

// meansMadeFor reads those of the billing groups of customers, at once.
func meansMadeFor(tx store.Tx, of ...*customer.Whole) (meansMade, error) {
	var (
		b    store.Batch
		read = map[store.ID]*[]*madeMean{}
	)
	for _, w := range of {
		for _, g := range w.BillingGroups {
			read[g.ID] = new([]*madeMean)
			MadeMeans.Ask(&b, byMeanGroup, g.ID.String(), read[g.ID])
		}
	}
	if err := b.Answer(tx); err != nil {
		return nil, err
	}
	made := meansMade{}
	for group, all := range read {
		if len(*all) > 0 {
			made[group] = (*all)[0]
		}
	}
	return made, nil
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

func (m meanMapping) made(u *Work, made *madeMean) (*meanEntity, error) {
	if made.Group == 0 {
		return madeMeanEntity(u, made, nil, nil), nil
	}
	g, err := customer.BillingGroupByID(u.Tx, u.Brand, made.Group)
	if err != nil {
		return nil, err
	}
	w, err := customer.LoadWhole(u.Tx, u.Brand, g.Account)
	if err != nil {
		return nil, err
	}
	return madeMeanEntity(u, made, w, g), nil
}

func (m meanMapping) ticket(u *Work, t *customer.RechargeTicket) (*meanEntity, error) {
	w, err := customer.LoadWhole(u.Tx, u.Brand, t.Account)
	if err != nil || !w.Account.Deleted.IsZero() {
		return nil, err
	}
	return ticketEntity(u, w, t), nil
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
		return m.ticket(u, p.ticket)
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

func (m meanMapping) page(u *Work, of wanted, after []byte, skip, limit int) ([]*meanEntity, []byte, error) {
	from, seen := placeAfter(after), brandsOf{}
	made := func(x *madeMean) meanEntry {
		return meanEntry{x.ID, listedIn(x.Brand, meanID(x.ID)), func(u *Work) (*meanEntity, error) { return m.made(u, x) }}
	}
	bank := func(g *customer.BillingGroup) meanEntry {
		return meanEntry{g.ID, func(u *Work) (string, error) {
			if !hasBank(g) {
				return "", nil
			}
			if x, err := meanMadeFor(u.Tx, g.ID); err != nil || x != nil {
				return "", err
			}
			return seen.listed(g.Account, meanID(g.ID))(u)
		}, func(u *Work) (*meanEntity, error) {
			w, err := customer.LoadWhole(u.Tx, u.Brand, g.Account)
			if err != nil {
				return nil, err
			}
			return bankEntity(u, w, g), nil
		}}
	}
	ticket := func(t *customer.RechargeTicket) meanEntry {
		return meanEntry{t.ID, seen.listed(t.Account, meanID(t.ID)), func(u *Work) (*meanEntity, error) { return m.ticket(u, t) }}
	}
	if ids, found := idsAsked(of.filter); found {
		var sources []entries[payment]
		for _, id := range ids {
			sources = append(sources, beyond(oneEntry(func() (*meanEntity, error) { return m.find(u, id) }), from))
		}
		return newMerged(sources...).page(u, of, skip, limit)
	}
	return newMerged(
		entriesOf(customer.BillingGroupsAfter(u.Tx, from), bank),
		entriesOf(customer.RechargeTicketsAfter(u.Tx, from), ticket),
		entriesOf(MadeMeans.ScanAfter(u.Tx, from), made),
	).page(u, of, skip, limit)
}

// idsAsked are the ids that a filter asks for.
func idsAsked(f *query.Filter) (ids []string, found bool) {
	for _, e := range f.Equalities() {
		if e.Attribute == "id" && len(e.Values) <= maxIndexed {
			return e.Values, true
		}
	}
	return nil, false
}

func (meanMapping) bounded(_ *dialect.Dialect, f *query.Filter) bool {
	_, found := idsAsked(f)
	return found
}

// count is not known: whether a group has bank details, only reading it tells.
func (meanMapping) count(*Work, *query.Filter) (int, bool, error) { return 0, false, nil }
