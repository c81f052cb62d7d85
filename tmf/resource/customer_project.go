package resource

import (
	"slices"
	"strconv"
	"strings"

	"rator/catalogue"
	"rator/customer"
	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
)

// projectCustomer is what the business knows of a customer, as a neutral document
// (tmf-customer.md 8.1, 8.6); means refer to how it pays.
func projectCustomer(w *customer.Whole, brand *catalogue.Brand, means []jsondoc.Value) jsondoc.Value {
	return projectAttributes(w, brand, means, func(string) bool { return true })
}

// PartsOf are what w must have for projectAttributes.
var PartsOf = map[string]customer.Parts{
	"name": customer.OwnerPart, "status": customer.SubscriptionsPart, "relatedParty": customer.OwnerPart,
	"characteristic": customer.OwnerPart | customer.SubscriptionsPart, "contactMedium": customer.OwnerPart,
	"customerAccount": customer.BillingGroupsPart, "paymentMean": customer.BillingGroupsPart | customer.RechargeTicketsPart | customer.OwnerPart,
}

// projectAttributes is the part of projectCustomer that is wanted.
func projectAttributes(w *customer.Whole, brand *catalogue.Brand, means []jsondoc.Value, wanted func(name string) bool) jsondoc.Value {
	members := make([]jsondoc.Member, 0, len(PartsOf))
	add := func(name string, value func() jsondoc.Value) {
		if wanted(name) {
			members = append(members, jsondoc.MemberOf(name, value()))
		}
	}
	add("name", func() jsondoc.Value { return jsondoc.Text(nameOf(w.Account, w.Users[0])) })
	add("status", func() jsondoc.Value { return jsondoc.Text(statusOf(w)) })
	add("relatedParty", func() jsondoc.Value {
		owner := w.Users[0]
		return jsondoc.ObjectOf(
			jsondoc.MemberOf("id", jsondoc.Text(owner.ID.String())), jsondoc.MemberOf("role", jsondoc.Text("customer")), jsondoc.MemberOf("name", jsondoc.Text(nameOf(w.Account, owner))),
			jsondoc.MemberOf("@referredType", jsondoc.Text(partyType(w.Account))))
	})
	add("characteristic", func() jsondoc.Value { return projectCharacteristics(w, w.Users[0], brand) })
	if wanted("contactMedium") {
		if media := projectMedia(&w.Users[0].UserFields, brand); len(media) > 0 {
			members = append(members, jsondoc.MemberOf("contactMedium", jsondoc.ArrayOf(media...)))
		}
	}
	add("customerAccount", func() jsondoc.Value { return AccountRefs(w) })
	if len(means) > 0 && wanted("paymentMean") {
		members = append(members, jsondoc.MemberOf("paymentMean", jsondoc.ArrayOf(means...)))
	}
	return jsondoc.ObjectOf(members...)
}

const individualRef = "Individual"

func partyType(a *customer.Account) string {
	if a.Type == customer.Company {
		return dialect.Organization
	}
	return individualRef
}

// nameOf is the name to show: a company's, or a person's names; who has none is
// called by the number.
func nameOf(a *customer.Account, u *customer.User) string {
	person := strings.Join(strings.Fields(u.FirstName+" "+u.LastName), " ")
	company := strings.Join(strings.Fields(u.Company), " ")
	if a.Type == customer.Company {
		person, company = company, person
	}
	if person != "" {
		return person
	}
	if company != "" {
		return company
	}
	return accountNamed + a.CustomerNumber
}

const accountNamed = "Account "

// The statuses that mean something to the business (tmf-customer.md 8.3).
const (
	statusCreated     = "Created"
	statusProspective = "Prospective"
	statusActive      = "Active"
	statusSuspended   = "Suspended"
	statusTerminated  = "Terminated"
)

// statusOf is the state of an account and its subscriptions in one word.
func statusOf(w *customer.Whole) string {
	states := make([]customer.State, len(w.Subscriptions))
	for i, s := range w.Subscriptions {
		states[i] = s.State
	}
	return statusOfStates(w.Account.State, states)
}

func statusOfStates(account customer.State, subscriptions []customer.State) string {
	switch {
	case account == customer.Closed:
		return statusTerminated
	case slices.Contains(subscriptions, customer.Active):
		return statusActive
	case slices.Contains(subscriptions, customer.Blocked):
		return statusSuspended
	}
	return statusCreated
}

// The characteristics that show fields of the business. Those in fixedCharacteristics
// count at the creation only; the server computes the others in computed.
const (
	ratorPrefix    = "rator."
	rNumber        = "rator.customerNumber"
	rBrand         = "rator.brand"
	rSubscriptions = "rator.subscriptionCount"
	rUsername      = "rator.username"
	rType          = "rator.accountType"
	rProductCode   = "rator.productCode"
	rSalesChannel  = "rator.salesChannel"
	rSalesAgent    = "rator.salesAgentId"
	rReferencedBy  = "rator.referencedBy"
	rTitle         = "rator.title"
	rGender        = "rator.gender"
	rBirthDate     = "rator.birthDate"
	rPersonalID    = "rator.personalId"
	rVATNumber     = "rator.vatNumber"
	rLanguage      = "rator.language"
)

var fixedCharacteristics = []string{rType, rProductCode, rSalesChannel, rSalesAgent, rReferencedBy}

// signUpKeys are what the texts among them are called over SOAP.
var signUpKeys = map[string]string{
	rProductCode: "PRODUCT_CODE", rSalesChannel: "SALES_CHANNEL", rSalesAgent: "SALES_AGENT_ID", rReferencedBy: "REFERENCED_BY",
}

// personal are the characteristics that are fields of the owner.
var personal = []struct {
	name, key string // key over SOAP
	field     func(*customer.UserFields) *string
}{
	{rTitle, "TITLE", func(f *customer.UserFields) *string { return &f.Title }},
	{rGender, "GENDER", func(f *customer.UserFields) *string { return &f.Gender }},
	{rBirthDate, "BIRTHDAY", func(f *customer.UserFields) *string { return &f.Birthday }},
	{rPersonalID, "PERSONAL_ID", func(f *customer.UserFields) *string { return &f.PersonalID }},
	{rVATNumber, "VAT_NUMBER", func(f *customer.UserFields) *string { return &f.VATNumber }},
	{rLanguage, "LANGUAGE_CODE", func(f *customer.UserFields) *string { return &f.LanguageCode }},
}

// What rator.accountType says.
const (
	typePrivate = "Private"
	typeCompany = "Company"
)

func projectCharacteristics(w *customer.Whole, owner *customer.User, brand *catalogue.Brand) jsondoc.Value {
	all := make([]jsondoc.Value, 0, 8) // more than most have
	add := func(name, value string) {
		if value != "" {
			all = append(all, jsondoc.ObjectOf(jsondoc.MemberOf("name", jsondoc.Text(name)), jsondoc.MemberOf("value", jsondoc.Text(value))))
		}
	}
	live := 0
	for _, s := range w.Subscriptions {
		if s.State != customer.Terminated {
			live++
		}
	}
	kind := typePrivate
	if w.Account.Type == customer.Company {
		kind = typeCompany
	}
	add(rNumber, w.Account.CustomerNumber)
	add(rBrand, w.Account.Brand)
	add(rType, kind)
	add(rSubscriptions, strconv.Itoa(live))
	add(rUsername, owner.Username)
	add(rSalesChannel, w.Account.SalesChannel)
	add(rSalesAgent, w.Account.SalesAgentID)
	add(rReferencedBy, w.Account.ReferencedBy)
	for _, p := range personal {
		text := *p.field(&owner.UserFields)
		if p.name == rBirthDate { // a day, the same whatever zone it was written in
			text = customer.CalendarDay(brand, text)
		}
		add(p.name, text)
	}
	return jsondoc.ArrayOf(all...)
}

// AccountRefs are the billing groups of a customer as references.
func AccountRefs(w *customer.Whole) jsondoc.Value {
	refs := make([]jsondoc.Value, len(w.BillingGroups))
	for i, g := range w.BillingGroups {
		refs[i] = jsondoc.ObjectOf(jsondoc.MemberOf("id", jsondoc.Text(accountID(g.ID))), jsondoc.MemberOf("name", jsondoc.Text(fallback(g.Name, g.ID.String()))))
	}
	return jsondoc.ArrayOf(refs...)
}

// projectMedia are the ways to reach a user: of each kind the first is preferred.
func projectMedia(f *customer.UserFields, brand *catalogue.Brand) []jsondoc.Value {
	var all []jsondoc.Value
	add := func(kind string, first bool, medium ...jsondoc.Member) {
		members := []jsondoc.Member{jsondoc.MemberOf("type", jsondoc.Text(kind)), jsondoc.MemberOf("medium", jsondoc.ObjectOf(medium...))}
		if first {
			members = append([]jsondoc.Member{jsondoc.MemberOf("preferred", jsondoc.BoolOf(true))}, members...)
		}
		all = append(all, jsondoc.ObjectOf(members...))
	}
	numbers := func(kind, member string, values ...string) {
		first := true
		for _, v := range values {
			if v != "" {
				add(kind, first, jsondoc.MemberOf(member, jsondoc.Text(v)))
				first = false
			}
		}
	}
	numbers(email, "emailAddress", f.Email, f.Email2)
	numbers(phone, "number", f.Phone1, f.Phone2, f.Phone3)
	numbers(fax, "number", f.Fax)
	country := f.Country
	if f.Country == brand.Country {
		country = ""
	}
	if streetOf(f)+f.Address2+f.City+f.State+f.ZIP+country == "" {
		return all
	}
	var medium []jsondoc.Member
	for _, m := range []jsondoc.Member{
		jsondoc.MemberOf("street1", jsondoc.Text(streetOf(f))), jsondoc.MemberOf("street2", jsondoc.Text(f.Address2)), jsondoc.MemberOf("city", jsondoc.Text(f.City)),
		jsondoc.MemberOf("stateOrProvince", jsondoc.Text(f.State)), jsondoc.MemberOf("postcode", jsondoc.Text(zipOf(f))), jsondoc.MemberOf("country", jsondoc.Text(f.Country)),
	} {
		if m.Value.Text() != "" {
			medium = append(medium, m)
		}
	}
	add(address, true, medium...)
	return all
}

// streetOf is the street in one line, in the order that invoices have it.
func streetOf(f *customer.UserFields) string {
	return strings.Join(strings.Fields(strings.Join([]string{f.StreetDirection, f.Street, f.StreetNumber, f.StreetUnit, f.Floor, f.FloorUnit}, " ")), " ")
}

func zipOf(f *customer.UserFields) string {
	if f.ZIPExtension == "" {
		return f.ZIP
	}
	return f.ZIP + "-" + f.ZIPExtension
}
