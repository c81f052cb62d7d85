package resource

import (
	"rator/customer"
	"rator/store"
	"rator/tmf/dialect"
)

// columnOf finds the column of an attribute by its path in a dialect; nil when
// there is none.
func columnOf(d *dialect.Dialect, path string) *column {
	if d == dialect.V2014 {
		return columns2014[path]
	}
	return columnsLater[path]
}

// The columns, by the names of the 2014 dialect and by those of the later ones.
var (
	columns2014 = map[string]*column{
		"name": nameColumn, "status": statusColumn, "relatedParty.id": partyColumn, "relatedParty.name": nameColumn,
		"contactMedium.medium.emailAddress": emailColumn,
		"contactMedium.medium.number":       numberColumn,
		"contactMedium.medium.street1":      streetColumn, "contactMedium.medium.street2": secondStreetColumn,
		"contactMedium.medium.city": cityColumn, "contactMedium.medium.stateOrProvince": stateColumn,
		"contactMedium.medium.postcode": zipColumn, "contactMedium.medium.country": countryColumn,
	}
	columnsLater = map[string]*column{
		"name": nameColumn, "status": statusColumn, "engagedParty.id": partyColumn, "engagedParty.name": nameColumn,
		"contactMedium.characteristic.emailAddress": emailColumn,
		"contactMedium.characteristic.phoneNumber":  phoneColumn,
		"contactMedium.characteristic.faxNumber":    faxColumn,
		"contactMedium.characteristic.street1":      streetColumn, "contactMedium.characteristic.street2": secondStreetColumn,
		"contactMedium.characteristic.city": cityColumn, "contactMedium.characteristic.stateOrProvince": stateColumn,
		"contactMedium.characteristic.postCode": zipColumn, "contactMedium.characteristic.country": countryColumn,
	}
)

// The columns of members of the owner that are shown as they are.
var (
	emailColumn        = ownerColumn(func(u *customer.User) []*string { return []*string{&u.Email, &u.Email2} })
	numberColumn       = ownerColumn(func(u *customer.User) []*string { return []*string{&u.Phone1, &u.Phone2, &u.Phone3, &u.Fax} })
	secondStreetColumn = ownerColumn(func(u *customer.User) []*string { return []*string{&u.Address2} })
	cityColumn         = ownerColumn(func(u *customer.User) []*string { return []*string{&u.City} })
	stateColumn        = ownerColumn(func(u *customer.User) []*string { return []*string{&u.State} })
	phoneColumn        = ownerColumn(func(u *customer.User) []*string { return []*string{&u.Phone1, &u.Phone2, &u.Phone3} })
	faxColumn          = ownerColumn(func(u *customer.User) []*string { return []*string{&u.Fax} })
	ownCountryColumn   = ownerColumn(func(u *customer.User) []*string { return []*string{&u.Country} })
)

// ownerColumn is of members of the owner that are shown as they are.
func ownerColumn(members func(*customer.User) []*string) *column {
	names := namesOf(members)
	return &column{of: customer.OwnerPart, texts: func(c *customer.Partial) ([]string, bool, error) {
		owner, err := c.Owner()
		if err != nil {
			return nil, false, err
		}
		texts, ok := textsIn(owner, names...)
		return texts, ok, nil
	}}
}

func textsIn(d store.Doc, names ...string) ([]string, bool) {
	texts := make([]string, len(names))
	for i, name := range names {
		var ok bool
		if texts[i], ok = d.Text(name); !ok {
			return nil, false
		}
	}
	return texts, true
}

// namesOf are the names of members as they are kept.
func namesOf[T any](members func(*T) []*string) []string {
	names := make([]string, len(members(new(T))))
	for i := range names {
		names[i] = store.MemberName(func(x *T) *string { return members(x)[i] })
	}
	return names
}

func nothingOf(*customer.Account) []*string { return nil }

// madeColumn is of members of the account and of the owner put together.
func madeColumn(accountMembers func(*customer.Account) []*string, ownerMembers func(*customer.User) []*string, text func(account, owner []string) string) *column {
	account, owner := namesOf(accountMembers), namesOf(ownerMembers)
	return &column{of: customer.OwnerPart, texts: func(c *customer.Partial) ([]string, bool, error) {
		doc, err := c.Owner()
		if err != nil {
			return nil, false, err
		}
		a, ok := textsIn(c.Account, account...)
		if !ok {
			return nil, false, nil
		}
		o, ok := textsIn(doc, owner...)
		if !ok {
			return nil, false, nil
		}
		return []string{text(a, o)}, true, nil
	}}
}

var (
	nameColumn = madeColumn(
		func(a *customer.Account) []*string { return []*string{&a.Type, &a.CustomerNumber} },
		func(u *customer.User) []*string { return []*string{&u.FirstName, &u.LastName, &u.Company} }, func(a, o []string) string {
			account := customer.Account{CustomerNumber: a[1]}
			account.Type = a[0]
			return nameOf(&account, &customer.User{UserFields: customer.UserFields{FirstName: o[0], LastName: o[1], Company: o[2]}})
		})
	streetColumn = madeColumn(nothingOf, func(u *customer.User) []*string {
		return []*string{&u.StreetDirection, &u.Street, &u.StreetNumber, &u.StreetUnit, &u.Floor, &u.FloorUnit}
	}, func(_, o []string) string {
		return streetOf(&customer.UserFields{StreetDirection: o[0], Street: o[1], StreetNumber: o[2], StreetUnit: o[3], Floor: o[4], FloorUnit: o[5]})
	})
	zipColumn = madeColumn(nothingOf, func(u *customer.User) []*string { return []*string{&u.ZIP, &u.ZIPExtension} }, func(_, o []string) string {
		return zipOf(&customer.UserFields{ZIP: o[0], ZIPExtension: o[1]})
	})
	// An owner of whom nothing but the brand's own country is known has no address.
	countryColumn = &column{of: ownCountryColumn.of, texts: ownCountryColumn.texts, more: true}
)

// The members that are no texts of the owner, or stand alone.
var (
	accountOwner      = store.MemberName(func(a *customer.Account) *store.ID { return &a.Owner })
	accountState      = store.MemberName(func(a *customer.Account) *customer.State { return &a.State })
	subscriptionState = store.MemberName(func(s *customer.Subscription) *customer.State { return &s.State })
)

// partyColumn is of the owner's id.
var partyColumn = &column{texts: func(c *customer.Partial) ([]string, bool, error) {
	owner, ok := c.Account.Text(accountOwner)
	return []string{owner}, ok, nil
}}

var statusColumn = &column{of: customer.SubscriptionsPart, texts: func(c *customer.Partial) ([]string, bool, error) {
	account, ok := c.Account.Text(accountState)
	if !ok {
		return nil, false, nil
	}
	if customer.State(account) == customer.Closed {
		return []string{statusTerminated}, true, nil
	}
	docs, all, err := c.Subscriptions()
	if err != nil || !all {
		return nil, false, err
	}
	states := make([]customer.State, len(docs))
	for i, d := range docs {
		text, ok := d.Text(subscriptionState)
		if !ok {
			return nil, false, nil
		}
		states[i] = customer.State(text)
	}
	return []string{statusOfStates(customer.State(account), states)}, true, nil
}}
