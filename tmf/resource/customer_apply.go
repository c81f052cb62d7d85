package resource

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
	"rator/tmf/problem"
	"rator/workflow/value"
)

// applyPerson changes fields of an owner where after says something else than
// before: so what a document shows in other words is not written back.
func applyPerson(brand *catalogue.Brand, f *customer.UserFields, accountType string, before, after jsondoc.Value) error {
	if was, is := before.TextIn("name"), after.TextIn("name"); was != is {
		if err := setName(f, accountType, is); err != nil {
			return err
		}
	}
	was, is := reachOf(before), reachOf(after)
	set := func(field *string, was, is string) {
		if was != is {
			*field = is
		}
	}
	set(&f.Email, was.emails[0], is.emails[0])
	set(&f.Email2, was.emails[1], is.emails[1])
	set(&f.Phone1, was.phones[0], is.phones[0])
	set(&f.Phone2, was.phones[1], is.phones[1])
	set(&f.Phone3, was.phones[2], is.phones[2])
	set(&f.Fax, was.fax, is.fax)
	if was.street1 != is.street1 {
		f.Street, f.StreetNumber, f.StreetDirection, f.StreetUnit, f.Floor, f.FloorUnit = is.street1, "", "", "", "", ""
	}
	set(&f.Address2, was.street2, is.street2)
	set(&f.City, was.city, is.city)
	set(&f.State, was.state, is.state)
	if was.postcode != is.postcode {
		f.ZIP, f.ZIPExtension = is.postcode, ""
	}
	set(&f.Country, was.country, is.country)
	had, has := characteristicsOf(before), characteristicsOf(after)
	for _, p := range personal {
		value, said := has[p.name]
		if !said || value == had[p.name] {
			continue
		}
		if err := dialect.CheckLength(p.key, value, "characteristic "+p.name); err != nil {
			return err
		}
		if p.name == rBirthDate && value != "" {
			_, _, ok := dialect.ParseInstant(value, time.UTC)
			day := customer.CalendarDay(brand, value)
			if !ok || day == "" {
				return problem.BadFormat.With("characteristic %s must be a date, not %.40q", p.name, value)
			}
			if day == had[p.name] {
				continue
			}
			value = day
		}
		*p.field(f) = value
	}
	return nil
}

// setName takes a name apart: what stands last is a person's last name. It fails with
// a *problem.Error when a part is too long.
func setName(f *customer.UserFields, accountType, name string) error {
	words := strings.Fields(name)
	if accountType == customer.Company {
		f.Company = strings.Join(words, " ")
		return dialect.CheckLength("COMPANY", f.Company, "name")
	}
	last := len(words) - 1
	f.FirstName, f.LastName = strings.Join(words[:last], " "), words[last]
	return cmp.Or(
		dialect.CheckLength("FIRST_NAME", f.FirstName, "the first name in name"), dialect.CheckLength("LAST_NAME", f.LastName, "the last name in name"))
}

// reach is the contact media that the business has places for: of each kind as
// many as it has, the first ones.
type reach struct {
	emails                                           [2]string
	phones                                           [3]string
	fax                                              string
	street1, street2, city, state, postcode, country string
}

func reachOf(doc jsondoc.Value) reach {
	var (
		m      reach
		e, p   int
		faxed  bool
		lodged bool
	)
	list, _ := doc.Get("contactMedium")
	for _, item := range list.Items() {
		medium, _ := item.Get("medium")
		text := func(name string) string {
			if _, v, found := dialect.Medium2014.Field(name).In(medium); found && v.Kind() == jsondoc.String {
				return v.Text()
			}
			return ""
		}
		switch kindOfMedium(item.TextIn("type")) {
		case email:
			if e < len(m.emails) {
				m.emails[e] = text("emailAddress")
				e++
			}
		case phone:
			if p < len(m.phones) {
				m.phones[p] = text("number")
				p++
			}
		case fax:
			if !faxed {
				m.fax, faxed = text("number"), true
			}
		case address:
			if !lodged {
				m.street1, m.street2, m.city = text("street1"), text("street2"), text("city")
				m.state, m.postcode, m.country, lodged = text("stateOrProvince"), text("postcode"), text("country"), true
			}
		}
	}
	return m
}

// characteristicsOf are the characteristics that mean something to the business.
func characteristicsOf(doc jsondoc.Value) map[string]string {
	said := map[string]string{}
	list, _ := doc.Get("characteristic")
	for _, item := range list.Items() {
		name, value := item.TextIn("name"), item.TextIn("value")
		if _, twice := said[name]; strings.HasPrefix(name, ratorPrefix) && !twice {
			said[name] = value
		}
	}
	return said
}

// refuseFixedCharacteristics fails when a characteristic changes that counts when
// a customer is made only.
func refuseFixedCharacteristics(before, after map[string]string) error {
	for _, name := range fixedCharacteristics {
		if value, said := after[name]; said && value != before[name] {
			return problem.NotModifiable.With("characteristic %s is set when a customer is made and cannot be changed", name)
		}
	}
	return nil
}

// isCompany reports whether a new customer is a company: by its characteristic,
// else by the party it names.
func isCompany(doc jsondoc.Value, said map[string]string) bool {
	switch strings.ToLower(said[rType]) {
	case "company", "business", customer.Company:
		return true
	case "":
	default:
		return false
	}
	party, _ := doc.Get("relatedParty")
	return party.TextIn("@referredType") == dialect.Organization || strings.Contains(party.TextIn("href"), "/organization/")
}

// statusMeanings are the statuses that ask something of the business.
var statusMeanings = map[string]string{
	"created": statusCreated, "prospective": statusProspective, "active": statusActive, "suspended": statusSuspended,
	"terminated": statusTerminated, "closed": statusTerminated,
}

// applyStatus asks the business for what a new status means; one that it has no
// word for is the client's own (tmf-customer.md 8.3). It reports whether anything
// was done.
func (c *customers) applyStatus(u *Work, t *customerEntity, before, after jsondoc.Value) (bool, error) {
	is := after.TextIn("status")
	meaning := statusMeanings[strings.ToLower(is)]
	if is == "" || is == before.TextIn("status") || meaning == "" {
		return false, nil
	}
	w := t.read
	now := statusOf(w)
	var err error
	switch {
	case meaning == now:
		return false, nil
	case meaning == statusTerminated:
		err = c.close(u, w.Account.ID)
	case now == statusTerminated:
		return false, problem.BadTransition.With("status: a %s customer does not become %s again", now, meaning)
	case meaning == statusSuspended:
		return c.block(u, w, after.TextIn("statusReason"))
	case meaning == statusActive:
		return c.unblock(u, w)
	case now == statusActive || now == statusSuspended:
		return false, problem.BadTransition.With("status: a customer with subscriptions is %s and does not become %s", now, meaning)
	default:
		return false, nil // nothing that the business could tell apart
	}
	return err == nil, impossible(err)
}

// impossible turns what the business refuses into the answer of tmf-customer.md 8.3.
func impossible(err error) error {
	if failure.KindOf(err) == failure.Conflict {
		return problem.BadTransition.With("status: %s", problem.Of(err).Message)
	}
	return err
}

// close ends an account in the steps of every end.
func (c *customers) close(u *Work, account store.ID) error {
	return c.business.step(u, closeAccount, value.OfString("ACCOUNT_ID", account.String()))
}

// block blocks every active subscription, in the name of the operator.
func (c *customers) block(u *Work, w *customer.Whole, reason string) (moved bool, err error) {
	for _, s := range w.Subscriptions {
		if s.State != customer.Active {
			continue
		}
		if err := c.business.step(u, blockSubscription, value.OfString("SUBSCRIPTION_ID", s.ID.String()),
			value.OfString("BLOCK_TYPE", customer.BlockByOperator), value.OfString("REASON", clip(reason, customer.LongestReason))); err != nil {
			return false, impossible(err)
		}
		moved = true
	}
	return moved, nil
}

// unblock gives back what the operator blocked; a stolen line stays blocked.
func (c *customers) unblock(u *Work, w *customer.Whole) (moved bool, err error) {
	blocked := slices.ContainsFunc(w.Subscriptions, func(s *customer.Subscription) bool { return s.State == customer.Blocked })
	for _, s := range w.Subscriptions {
		if s.State != customer.Blocked || s.BlockType != customer.BlockByOperator {
			continue
		}
		if err := c.business.step(u, unblockSubscription, value.OfString("SUBSCRIPTION_ID", s.ID.String())); err != nil {
			return false, impossible(err)
		}
		moved = true
	}
	if blocked && !moved {
		return false, problem.BadTransition.With("status: the customer's subscriptions are blocked, and not by an operator")
	}
	return moved, nil
}
