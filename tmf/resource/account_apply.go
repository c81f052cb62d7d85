package resource

import (
	"cmp"
	"strings"

	"rator/billing"
	"rator/customer"
	"rator/store"
	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
	"rator/tmf/problem"
)

// apply makes a billing group mean what a document says that one before did not.
func (m accountMapping) apply(u *Work, t *accountEntity, before, after jsondoc.Value) (*accountEntity, error) {
	p := t.read.group
	id := p.group.ID
	if err := checkCondition(p, before, after); err != nil {
		return nil, err
	}
	a, reference, err := knownCustomer(u, after)
	switch {
	case err != nil:
		return nil, err
	case a == nil && reference != "":
		return nil, problem.UnknownValue.With("customer.id: there is no customer %.80q, and the account is of %s", reference, customerID(p.whole.Account.ID))
	case a != nil && a.ID != p.group.Account:
		if _, err := billing.GiveBillingGroup(u.Tx, u.Brand, id, a.ID); err != nil {
			return nil, err
		}
		if err := customer.CheckAccount(u.Tx, u.Brand, p.group.Account); err != nil {
			return nil, err
		}
	}
	// A new one has the name that the steps gave it which made it.
	if was, name := memberText(before, "name"), memberText(after, "name"); len(before.Members()) > 0 && name != was && name != p.group.Name {
		if _, err := customer.UpdateBillingGroup(u.Tx, u.Brand, id, func(f *customer.BillingGroupFields) error {
			f.Name = name
			return nil
		}); err != nil {
			return nil, err
		}
	}
	if err := applyCreditLimit(u, p, before, after); err != nil {
		return nil, err
	}
	if err := m.applyContacts(u, p, before, after); err != nil {
		return nil, err
	}
	if err := applyPlans(u, id, before, after); err != nil {
		return nil, err
	}
	g, err := customer.BillingGroupByID(u.Tx, u.Brand, id)
	if err != nil {
		return nil, err
	}
	if err := customer.CheckAccount(u.Tx, u.Brand, g.Account); err != nil {
		return nil, err
	}
	return m.entity(u, g)
}

// conditions that only the business brings about: nobody pays an invoice, or
// leaves, by saying so.
var businessConditions = []string{accountDue, accountPaid, accountInArrears, accountInCollection, accountSuspended, accountClosed}

// checkCondition fails when a change asks for a condition that is not the
// account's. Every other word is the client's own, and a new account may come
// with any.
func checkCondition(p *accountParts, before, after jsondoc.Value) error {
	was, is := memberText(before, "status"), memberText(after, "status")
	if len(before.Members()) == 0 || was == is || sameText(is, p.status()) {
		return nil
	}
	for _, c := range businessConditions {
		if sameText(is, c) {
			return problem.BadTransition.With("status: the account is %s; it becomes %s when its invoices and lines do", p.status(), c)
		}
	}
	return nil
}

// applyCreditLimit gives the owner of a billing group the limit, which is a whole
// number there; one that is not is only kept beside.
func applyCreditLimit(u *Work, p *accountParts, before, after jsondoc.Value) error {
	field := dialect.V2014.Resource("customerAccount").Shape.Field("creditLimit")
	was, _ := before.Get(field.Name)
	is, found := after.Get(field.Name)
	if was.Equal(is) {
		return nil
	}
	limit := int64(0)
	if found {
		literal, ok := field.Number(is)
		if d := jsondoc.Decimal(literal); !ok || !d.IsInteger() || d.IsNegative() || !jsondoc.IsInteger(literal) {
			return nil
		} else {
			limit = d.IntPart()
		}
	}
	g, err := customer.BillingGroupByID(u.Tx, u.Brand, p.group.ID)
	if err != nil {
		return err
	}
	_, err = customer.UpdateUser(u.Tx, u.Brand, g.Owner, func(f *customer.UserFields) error {
		f.CreditLimit = limit
		return nil
	})
	return err
}

// applyContacts makes the users of the account what the contacts say they are: a
// contact that refers to a user as primary makes it the owner of the group, as
// billing the billing address, as delivery the account's delivery address. A
// billing contact who is nobody here becomes a user. What else contacts say is
// kept beside.
func (m accountMapping) applyContacts(u *Work, p *accountParts, before, after jsondoc.Value) error {
	was, _ := before.Get("contact")
	is, _ := after.Get("contact")
	if was.Equal(is) {
		return nil
	}
	g, err := customer.BillingGroupByID(u.Tx, u.Brand, p.group.ID)
	if err != nil {
		return err
	}
	w, err := customer.LoadWhole(u.Tx, u.Brand, g.Account)
	if err != nil {
		return err
	}
	contact, user := contactOf(is, contactPrimary, w)
	if contact.Kind() == jsondoc.Object && user != nil && user.ID != g.Owner {
		if err := m.business.own(u, "BILLING_GROUP_ID", g.ID, user.ID); err != nil {
			return err
		}
	}
	contact, user = contactOf(is, contactDelivery, w)
	if contact.Kind() == jsondoc.Object && user != nil && user.ID != w.Account.DeliveryAddress {
		if _, err := customer.SetDeliveryAddress(u.Tx, u.Brand, w.Account.ID, user.ID); err != nil {
			return err
		}
	}
	return applyBillingContact(u, w, g, was, is)
}

func applyBillingContact(u *Work, w *customer.Whole, g *customer.BillingGroup, was, is jsondoc.Value) error {
	contact, user := contactOf(is, contactBilling, w)
	old, _ := contactOf(was, contactBilling, w)
	address := g.BillingAddress
	switch {
	case contact.Kind() != jsondoc.Object && old.Kind() == jsondoc.Object:
		address = 0
	case contact.Kind() != jsondoc.Object:
	case user != nil:
		address = user.ID
	case !old.Equal(contact):
		fields := userOfContact(contact)
		if err := cmp.Or(
			dialect.CheckLength("FIRST_NAME", fields.FirstName, "the first name in contact.contactName"),
			dialect.CheckLength("LAST_NAME", fields.LastName, "the last name in contact.contactName")); err != nil {
			return err
		}
		made, err := customer.CreateUser(u.Tx, u.Brand, customer.NewUser{Account: g.Account, UserFields: fields})
		if err != nil {
			return err
		}
		address = made.ID
	}
	if address == g.BillingAddress {
		return nil
	}
	_, err := customer.SetBillingAddress(u.Tx, u.Brand, g.ID, address)
	return err
}

// contactOf finds the first contact of a type, and the user of the account that it
// refers to.
func contactOf(contacts jsondoc.Value, kind string, w *customer.Whole) (contact jsondoc.Value, user *customer.User) {
	for _, c := range contacts.Items() {
		_, is, _ := dialect.Contact2014.Field("contactType").In(c)
		if !sameText(is.Text(), kind) {
			continue
		}
		party, _ := c.Get("relatedParty")
		if id, err := store.ParseID(memberText(party, "id")); err == nil {
			user = w.User(id)
		}
		return c, user
	}
	return jsondoc.Value{}, nil
}

// userOfContact is a contact as a new user: its name, and the first way of each
// kind to reach it.
func userOfContact(contact jsondoc.Value) (f customer.UserFields) {
	_, name, _ := dialect.Contact2014.Field("contactName").In(contact)
	first, last, several := strings.Cut(strings.TrimSpace(name.Text()), " ")
	if f.FirstName, f.LastName = first, last; !several {
		f.FirstName, f.LastName = "", first
	}
	_, media, _ := dialect.Contact2014.Field("contactMedium").In(contact)
	for _, m := range media.Items() {
		medium, _ := m.Get("medium")
		text := func(attribute string) string {
			_, v, _ := dialect.Medium2014.Field(attribute).In(medium)
			return v.Text()
		}
		switch kindOfMedium(memberText(m, "type")) {
		case email:
			setFirst(&f.Email, text("emailAddress"))
		case phone:
			setFirst(&f.Phone1, text("number"))
		case fax:
			setFirst(&f.Fax, text("number"))
		case address:
			if f.Street == "" && f.City == "" {
				f.Street, f.Address2, f.City = text("street1"), text("street2"), text("city")
				f.State, f.ZIP, f.Country = text("stateOrProvince"), text("postcode"), text("country")
			}
		}
	}
	return f
}

func setFirst(field *string, text string) {
	if *field == "" {
		*field = text
	}
}

// applyPlans has the group paid by the payment means that its plans refer to.
func applyPlans(u *Work, group store.ID, before, after jsondoc.Value) error {
	was, _ := before.Get("paymentPlan")
	is, _ := after.Get("paymentPlan")
	if was.Equal(is) {
		return nil
	}
	for _, plan := range is.Items() {
		ref, _ := plan.Get("paymentMean")
		if err := attachMean(u, memberText(ref, "id"), group); err != nil {
			return err
		}
	}
	return nil
}
