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
		"contactMedium.medium.emailAddress": ownerColumn("Email", "Email2"),
		"contactMedium.medium.number":       ownerColumn("Phone1", "Phone2", "Phone3", "Fax"),
		"contactMedium.medium.street1":      streetColumn, "contactMedium.medium.street2": ownerColumn("Address2"),
		"contactMedium.medium.city": ownerColumn("City"), "contactMedium.medium.stateOrProvince": ownerColumn("State"),
		"contactMedium.medium.postcode": zipColumn, "contactMedium.medium.country": countryColumn,
	}
	columnsLater = map[string]*column{
		"name": nameColumn, "status": statusColumn, "engagedParty.id": partyColumn, "engagedParty.name": nameColumn,
		"contactMedium.characteristic.emailAddress": ownerColumn("Email", "Email2"),
		"contactMedium.characteristic.phoneNumber":  ownerColumn("Phone1", "Phone2", "Phone3"),
		"contactMedium.characteristic.faxNumber":    ownerColumn("Fax"),
		"contactMedium.characteristic.street1":      streetColumn, "contactMedium.characteristic.street2": ownerColumn("Address2"),
		"contactMedium.characteristic.city": ownerColumn("City"), "contactMedium.characteristic.stateOrProvince": ownerColumn("State"),
		"contactMedium.characteristic.postCode": zipColumn, "contactMedium.characteristic.country": countryColumn,
	}
)

// ownerColumn is of members of the owner that are shown as they are.
func ownerColumn(names ...string) *column {
	return &column{texts: func(c *customer.Partial) ([]string, bool, error) {
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

// madeColumn is of members of the account and of the owner put together.
func madeColumn(account, owner []string, text func(account, owner []string) string) *column {
	return &column{texts: func(c *customer.Partial) ([]string, bool, error) {
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
	nameColumn = madeColumn([]string{"Type", "CustomerNumber"}, []string{"FirstName", "LastName", "Company"}, func(a, o []string) string {
		account := customer.Account{CustomerNumber: a[1]}
		account.Type = a[0]
		return nameOf(&account, &customer.User{UserFields: customer.UserFields{FirstName: o[0], LastName: o[1], Company: o[2]}})
	})
	streetColumn = madeColumn(nil, []string{"StreetDirection", "Street", "StreetNumber", "StreetUnit", "Floor", "FloorUnit"}, func(_, o []string) string {
		return streetOf(&customer.UserFields{StreetDirection: o[0], Street: o[1], StreetNumber: o[2], StreetUnit: o[3], Floor: o[4], FloorUnit: o[5]})
	})
	zipColumn = madeColumn(nil, []string{"ZIP", "ZIPExtension"}, func(_, o []string) string {
		return zipOf(&customer.UserFields{ZIP: o[0], ZIPExtension: o[1]})
	})
	// An owner of whom nothing but the brand's own country is known has no address.
	countryColumn = &column{texts: ownerColumn("Country").texts, more: true}
)

// partyColumn is of the owner's id.
var partyColumn = &column{texts: func(c *customer.Partial) ([]string, bool, error) {
	owner, ok := c.Account.Text("Owner")
	return []string{owner}, ok, nil
}}

var statusColumn = &column{texts: func(c *customer.Partial) ([]string, bool, error) {
	account, ok := c.Account.Text("State")
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
		text, ok := d.Text("State")
		if !ok {
			return nil, false, nil
		}
		states[i] = customer.State(text)
	}
	return []string{statusOfStates(customer.State(account), states)}, true, nil
}}
