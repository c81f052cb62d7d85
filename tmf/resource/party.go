package resource

import (
	"strings"

	"rator/customer"
	"rator/store"
	"rator/tmf/jsondoc"
)

func customerID(id store.ID) string { return "c" + id.String() }

// customerName is what a customer is called: its owner's name.
func customerName(w *customer.Whole) string {
	if owner := w.User(w.Account.Owner); owner != nil {
		return userName(owner)
	}
	return "Account " + w.Account.CustomerNumber
}

func userName(u *customer.User) string {
	name := strings.Join(strings.Fields(u.FirstName+" "+u.LastName), " ")
	if u.Company != "" {
		name = u.Company
	}
	return fallback(name, "User "+u.ID.String())
}

func partyOf(u *customer.User, role, origin string) jsondoc.Value {
	members := []jsondoc.Member{jsondoc.MemberOf("id", jsondoc.Text(u.ID.String()))}
	if u.Company != "" {
		members = append(members, jsondoc.MemberOf("href", jsondoc.Text(origin+"/partyManagement/organization/"+u.ID.String())))
	}
	return jsondoc.ObjectOf(append(members, jsondoc.MemberOf("role", jsondoc.Text(role)), jsondoc.MemberOf("name", jsondoc.Text(userName(u))))...)
}

// waysToReach are the ways to reach a user, in the 2014 dialect's words.
func waysToReach(u *customer.User) []jsondoc.Value {
	var media []jsondoc.Value
	add := func(kind string, members ...jsondoc.Member) {
		kept := members[:0]
		for _, m := range members {
			if m.Value.Text() != "" {
				kept = append(kept, m)
			}
		}
		for _, m := range kept {
			if m.Name != "type" {
				media = append(media, jsondoc.ObjectOf(jsondoc.MemberOf("type", jsondoc.Text(kind)), jsondoc.MemberOf("medium", jsondoc.ObjectOf(kept...))))
				return
			}
		}
	}
	for _, address := range []string{u.Email, u.Email2} {
		add("Email", jsondoc.MemberOf("emailAddress", jsondoc.Text(address)))
	}
	for _, phone := range []struct{ kind, number string }{{"phone1", u.Phone1}, {"phone2", u.Phone2}, {"phone3", u.Phone3}, {"fax", u.Fax}} {
		add("TelephoneNumber", jsondoc.MemberOf("type", jsondoc.Text(phone.kind)), jsondoc.MemberOf("number", jsondoc.Text(phone.number)))
	}
	street := strings.Join(strings.Fields(strings.Join([]string{u.Street, u.StreetNumber, u.StreetDirection, u.StreetUnit, u.Floor, u.FloorUnit}, " ")), " ")
	if street+u.Address2+u.City+u.ZIP != "" {
		add("PostalAddress", jsondoc.MemberOf("street1", jsondoc.Text(street)), jsondoc.MemberOf("street2", jsondoc.Text(u.Address2)), jsondoc.MemberOf("city", jsondoc.Text(u.City)),
			jsondoc.MemberOf("stateOrProvince", jsondoc.Text(u.State)), jsondoc.MemberOf("postcode", jsondoc.Text(u.ZIP)), jsondoc.MemberOf("country", jsondoc.Text(u.Country)))
	}
	return media
}
