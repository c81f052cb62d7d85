package bulk

import (
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"

	"rator/catalogue"
	"rator/customer"
	"rator/customer/number"
	"rator/store"
	"rator/workflow/contract"
)

// Fill fills what a line left out as a sign-up would, from the catalogue of the brand, but
// for what Number gives; it only reads. What a store once held is whole: of a line that
// Append wrote nothing changes. With mistakes the customer cannot be loaded.
func (c *Customer) Fill(tx store.Tx, brand *catalogue.Brand) []Mistake {
	f := filling{tx: tx, brand: brand, c: c}
	f.account()
	f.users()
	f.subscriptions()
	f.groups()
	f.memberships()
	f.services()
	f.options()
	f.others()
	f.books()
	return f.mistakes
}

// Number gives a customer that is filled, and has no mistakes, the numbers that only the
// transaction that writes it can give: a customer number and ids where it has none. The
// names of billing groups that have none are made of the former.
func (c *Customer) Number(tx store.Tx, brand *catalogue.Brand) []Mistake {
	f := filling{tx: tx, brand: brand, c: c}
	if c.Account.CustomerNumber == "" {
		number, err := customer.NextCustomerNumber(tx, brand)
		if !f.failed("account.customer_number", err) {
			c.Account.CustomerNumber = number
		}
	}
	for n, g := range c.BillingGroups {
		if g.Name == "" {
			g.Name = c.Account.CustomerNumber + "-" + strconv.Itoa(n+1)
		}
	}
	f.ids()
	return f.mistakes
}

// IDs are the ids of another system that the line has, each with the one that Number
// gave in its place.
func (c *Customer) IDs() iter.Seq2[string, store.ID] {
	return func(yield func(string, store.ID) bool) {
		for _, n := range c.names.all {
			if n.text != "" && !strings.HasPrefix(n.text, "#") && !yield(n.text, n.given) {
				return
			}
		}
	}
}

// filling is a customer that is being completed.
type filling struct {
	tx       store.Tx
	brand    *catalogue.Brand
	c        *Customer
	products map[string]*catalogue.ProductConfig // by code
	mistakes []Mistake
}

func (f *filling) mistake(path, format string, args ...any) {
	if len(f.mistakes) < mostMistakes {
		f.mistakes = append(f.mistakes, Mistake{path, fmt.Sprintf(format, args...)})
	}
}

// failed notes an error as a mistake.
func (f *filling) failed(path string, err error) bool {
	if err != nil {
		f.mistake(path, "%s", err)
	}
	return err != nil
}

// new is a stand-in for the id of something that the line does not have.
func (f *filling) new() store.ID {
	id, n := f.c.names.standIn("")
	n.declared = true
	return id
}

// isNew reports whether something was in no store of ours: what was says its version. Where
// emptiness has a meaning of its own there, only what is new is filled.
func isNew(b store.Base) bool { return b.Version == 0 }

// only is what a reference that was left out means, where there is one such thing; field
// stays as it is where something is said.
func only[T any](f *filling, path, what string, field *store.ID, all []*T, id func(*T) store.ID) {
	switch {
	case *field != 0:
	case len(all) == 1:
		*field = id(all[0])
	case len(all) == 0:
		f.mistake(path, "is missing, and the line has no %s", what)
	default:
		f.mistake(path, "is missing; the line has %d %ss: say which one by its id", len(all), what)
	}
}

func (f *filling) user(path string, field *store.ID) {
	only(f, path, "user", field, f.c.Users, func(u *customer.User) store.ID { return u.ID })
}

func (f *filling) subscription(path string, field *store.ID) {
	only(f, path, "subscription", field, f.c.Subscriptions, func(s *customer.Subscription) store.ID { return s.ID })
}

func (f *filling) group(path string, field *store.ID) {
	only(f, path, "billing group", field, f.c.BillingGroups, func(g *customer.BillingGroup) store.ID { return g.ID })
}

func (f *filling) account() {
	a := f.c.Account
	if a.Brand == "" {
		a.Brand = f.brand.Key
	}
	if a.State == "" {
		a.State = customer.Active
		if !a.Closed.IsZero() {
			a.State = customer.Closed
		}
	}
	if a.Type == "" {
		f.mistake("account.account_type", "is missing; write %q for a person, %q for a company", customer.Private, customer.Company)
	}
	f.user("account.owner_id", &a.Owner)
}

// product finds a product configuration of the brand, retired ones too.
func (f *filling) product(path, code string) *catalogue.ProductConfig {
	if p, ok := f.products[code]; ok {
		return p
	}
	var p *catalogue.ProductConfig
	if code != "" {
		var err error
		if p, err = catalogue.ProductConfigByCode(f.tx, f.brand, code); err != nil {
			p = nil
			f.mistake(path, "%s%s", err, f.likeProduct(code))
		}
	}
	if f.products == nil {
		f.products = map[string]*catalogue.ProductConfig{}
	}
	f.products[code] = p
	return p
}

// likeProduct ends a sentence about a product code that the brand does not have.
func (f *filling) likeProduct(code string) string {
	all, err := catalogue.ListProductConfigs(f.tx, f.brand)
	if err != nil {
		return ""
	}
	var codes []string
	for _, p := range all {
		codes = append(codes, p.Code)
	}
	return contract.Suggest(code, codes)
}

func (f *filling) subscriptions() {
	for n, s := range f.c.Subscriptions {
		path := fmt.Sprintf("subscriptions[%d]", n)
		f.user(path+".user_id", &s.User)
		if s.State == "" {
			switch {
			case !s.Ended.IsZero():
				s.State = customer.Terminated
			case !s.Started.IsZero():
				s.State = customer.Active
			default:
				s.State = customer.Created
			}
		}
		f.life(path, s)
		if s.ProductCode == "" {
			f.mistake(path+".product_code", "is missing")
			continue
		}
		if s.ProductID != "" && s.RatePlanID != "" && !isCode(s.RatePlanID) {
			continue
		}
		product := f.product(path+".product_code", s.ProductCode)
		if product == nil {
			continue
		}
		if s.ProductID == "" {
			s.ProductID = product.CatalogueID
		}
		if s.RatePlanID == "" || isCode(s.RatePlanID) {
			plan, err := catalogue.RatePlanNamed(f.tx, f.brand, orElse(s.RatePlanID, product.RatePlan))
			if !f.failed(path+".rate_plan_id", err) {
				s.RatePlanID = plan.CatalogueID
			}
		}
	}
}

// life looks at the dates of a new subscription.
func (f *filling) life(path string, s *customer.Subscription) {
	switch {
	case !isNew(s.Base):
	case s.Started.IsZero() && s.State != customer.Created:
		f.mistake(path+".start_date", "is missing: a subscription that is %s has started", s.State)
	case s.State == customer.Terminated && s.Ended.IsZero():
		f.mistake(path+".end_date", "is missing: a subscription that is %s has ended", s.State)
	case s.State != customer.Terminated && !s.Ended.IsZero():
		f.mistake(path+".end_date", "is of a subscription that is %s; leave out one of the two", s.State)
	case s.Ended.Before(s.Started) && !s.Ended.IsZero():
		f.mistake(path+".end_date", "%s is before it started", s.Ended.Format(time.RFC3339))
	case s.Started.After(f.tx.Now()):
		f.mistake(path+".start_date", "%s is to come: leave it out, and the subscription waits to be activated", s.Started.Format(time.RFC3339))
	}
}

// isCode reports whether a text that means something of the catalogue is no id of it.
func isCode(text string) bool {
	_, err := store.ParseID(text)
	return err != nil
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func (f *filling) services() {
	for n, s := range f.c.Services {
		path := fmt.Sprintf("services[%d]", n)
		f.subscription(path+".subscription", &s.Subscription)
		sub := f.c.Subscription(s.Subscription)
		if sub == nil {
			continue // Check says so
		}
		if s.State == "" {
			s.State = sub.State
		}
		if s.Code == "" {
			if product := f.product(fmt.Sprintf("%s.code", path), sub.ProductCode); product != nil {
				s.Code = product.ServiceTypes[0]
			}
		}
		if s.Number == "" && s.MSISDN != "" {
			read, err := number.Read(f.tx, f.brand, "MSISDN", s.MSISDN)
			if !f.failed(path+".msisdn", err) {
				s.MSISDN, s.Number = read, read
			}
		}
		if s.MSISDN == "" {
			s.MSISDN = s.Number
		}
	}
}

func (f *filling) options() {
	for n, o := range f.c.Options {
		path := fmt.Sprintf("options[%d]", n)
		f.subscription(path+".subscription", &o.Subscription)
		if o.From.IsZero() {
			o.From = f.since(o.Subscription)
		}
		if o.OptionID != "" && o.OptionKey != "" {
			continue
		}
		named := orElse(o.OptionID, o.OptionKey)
		if named == "" {
			f.mistake(path+".option_id", "is missing; write the id of an option of the catalogue, or its key")
			continue
		}
		option, err := catalogue.OptionNamed(f.tx, f.brand, named)
		if f.failed(path+".option_id", err) {
			continue
		}
		o.OptionID, o.OptionKey, o.Name = option.CatalogueID, option.OptionKey, orElse(o.Name, option.Name)
	}
}

// since is when a subscription began, now for one that did not yet.
func (f *filling) since(subscription store.ID) time.Time {
	if s := f.c.Subscription(subscription); s != nil && !s.Started.IsZero() {
		return s.Started
	}
	return f.tx.Now()
}
