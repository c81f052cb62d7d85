package tmf

import (
	"strings"

	"rator/customer"
	"rator/store"
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

func partyOf(u *customer.User, role, origin string) Value {
	members := []Member{MemberOf("id", Text(u.ID.String()))}
	if u.Company != "" {
		members = append(members, MemberOf("href", Text(origin+"/partyManagement/organization/"+u.ID.String())))
	}
	return ObjectOf(append(members, MemberOf("role", Text(role)), MemberOf("name", Text(userName(u))))...)
}

// waysToReach are the ways to reach a user, in the 2014 dialect's words.
func waysToReach(u *customer.User) []Value {
	var media []Value
	add := func(kind string, members ...Member) {
		kept := members[:0]
		for _, m := range members {
			if m.Value.Text() != "" {
				kept = append(kept, m)
			}
		}
		for _, m := range kept {
			if m.Name != "type" {
				media = append(media, ObjectOf(MemberOf("type", Text(kind)), MemberOf("medium", ObjectOf(kept...))))
				return
			}
		}
	}
	for _, address := range []string{u.Email, u.Email2} {
		add("Email", MemberOf("emailAddress", Text(address)))
	}
	for _, phone := range []struct{ kind, number string }{{"phone1", u.Phone1}, {"phone2", u.Phone2}, {"phone3", u.Phone3}, {"fax", u.Fax}} {
		add("TelephoneNumber", MemberOf("type", Text(phone.kind)), MemberOf("number", Text(phone.number)))
	}
	street := strings.Join(strings.Fields(strings.Join([]string{u.Street, u.StreetNumber, u.StreetDirection, u.StreetUnit, u.Floor, u.FloorUnit}, " ")), " ")
	if street+u.Address2+u.City+u.ZIP != "" {
		add("PostalAddress", MemberOf("street1", Text(street)), MemberOf("street2", Text(u.Address2)), MemberOf("city", Text(u.City)),
			MemberOf("stateOrProvince", Text(u.State)), MemberOf("postcode", Text(u.ZIP)), MemberOf("country", Text(u.Country)))
	}
	return media
}
