package resource

import (
	"iter"
	"slices"
	"strings"

	"rator/customer"
	"rator/store"
	"rator/tmf/jsondoc"
)

// Who is erased (customer.ErasePerson) is erased here too: from what clients wrote
// about them, and from the payment means that clients made for them.

func init() { customer.OnErase(forgetPerson) }

// refuseErased fails with WRONG_STATE when the owner of a customer was erased:
// clients say nothing of the person again.
func refuseErased(u *Work, account store.ID) error {
	if account == 0 {
		return nil
	}
	a, err := customer.AccountByID(u.Tx, u.Brand, account)
	if err != nil {
		return err
	}
	owner, err := customer.UserByID(u.Tx, u.Brand, a.Owner)
	if err != nil {
		return err
	}
	return customer.CheckNotErased(u.Tx, owner)
}

// erasure is one person and what is theirs.
type erasure struct {
	tx      store.Tx
	account *customer.Account
	user    *customer.User
	groups  map[store.ID]*customer.BillingGroup // of the account
}

// forgetPerson takes everything from what is the user's own: a customer with all
// its resources whose owner it is, and accounts and payment means of billing groups
// that it owns. From what else is the customer's it takes contacts, parties, and
// attributes that speak of the user; from other customers' what forgetElsewhere finds.
func forgetPerson(tx store.Tx, a *customer.Account, user *customer.User) error {
	e := &erasure{tx, a, user, map[store.ID]*customer.BillingGroup{}}
	groups, err := customer.BillingGroupsOf(tx, a.ID)
	if err != nil {
		return err
	}
	for _, g := range groups {
		e.groups[g.ID] = g
	}
	written, err := Collect(Overlays.All(tx, ByAccount, a.ID.String()))
	if err != nil {
		return err
	}
	for _, o := range written {
		if err := e.forget(o); err != nil {
			return err
		}
	}
	return e.forgetElsewhere()
}

// forget takes from what lies over an object.
func (e *erasure) forget(o *overlay) error {
	if o.Resource == "paymentMean" {
		return e.forgetMean(o)
	}
	g := e.groups[o.Object]
	return e.take(o, g != nil && g.Owner == e.user.ID)
}

// forgetMean: a payment mean of nobody but the person goes altogether; one that a
// group pays by is what the business has of it.
func (e *erasure) forgetMean(o *overlay) error {
	made, err := MadeMeans.Get(e.tx, o.Object)
	switch {
	case IsAbsent(err):
		g := e.groups[o.Object] // none: of a recharge ticket that is gone
		return e.take(o, g == nil || g.Owner == e.user.ID)
	case err != nil:
		return err
	}
	g := e.groups[made.Group]
	own := g != nil && g.Owner == e.user.ID || made.Payer == e.user.ID
	if !own && e.account.Owner != e.user.ID {
		return e.take(o, false)
	}
	if made.Group == 0 {
		if err := MadeMeans.Delete(e.tx, made); err != nil {
			return err
		}
		return o.forget(e.tx)
	}
	made.Name, made.Payer, made.Account = "", 0, 0
	if err := MadeMeans.Put(e.tx, made); err != nil {
		return err
	}
	return e.take(o, true)
}

// take empties what lies over an object that is the person's own, or of a customer
// of theirs, and else what of it speaks of them.
func (e *erasure) take(o *overlay, own bool) error {
	if own || e.account.Owner == e.user.ID {
		o.Names, o.Written, o.Had, o.Data = nil, "", "", ""
		return o.keep(e.tx)
	}
	var err error
	if o.Written, err = e.without(o.Written); err != nil {
		return err
	}
	if o.Had, err = e.without(o.Had); err != nil {
		return err
	}
	return o.keep(e.tx)
}

// personalAttributes are the attributes that are about people, in any dialect.
var personalAttributes = []string{"contact", "relatedParty", relatedParties, "engagedParty"}

func (e *erasure) without(text string) (string, error) {
	doc, err := jsondoc.ReadKept(text)
	if err != nil {
		return "", err
	}
	marks := e.user.IdentifyingTexts()
	var kept []jsondoc.Member
	for _, m := range doc.Members() {
		name := m.Name[strings.LastIndexByte(m.Name, ':')+1:]
		if !slices.Contains(personalAttributes, name) && !Mentions(m.Value, marks) {
			kept = append(kept, m)
		}
	}
	return textOf(kept), nil
}

// mentions reports whether any text in v, names of members included, has a mark.
func Mentions(v jsondoc.Value, marks []string) bool {
	has := func(text string) bool {
		text = strings.ToLower(text)
		return slices.ContainsFunc(marks, func(mark string) bool { return strings.Contains(text, mark) })
	}
	return has(v.Text()) ||
		slices.ContainsFunc(v.Items(), func(item jsondoc.Value) bool { return Mentions(item, marks) }) ||
		slices.ContainsFunc(v.Members(), func(m jsondoc.Member) bool { return has(m.Name) || Mentions(m.Value, marks) })
}

// collect reads all, for those who change what they go through.
func Collect[T any](all iter.Seq2[T, error]) ([]T, error) {
	var xs []T
	for x, err := range all {
		if err != nil {
			return nil, err
		}
		xs = append(xs, x)
	}
	return xs, nil
}
