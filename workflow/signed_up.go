package workflow

import (
	"context"
	"net/netip"

	"rator/access"
	"rator/customer"
	"rator/store"
	"rator/workflow/component"
	"rator/workflow/value"
)

// SignUp is a customer whom another face signed up by itself, in a transaction of
// its own that goes on.
type SignUp struct {
	Operator            string // name
	Brand               *component.Brand
	Account             *customer.Account
	Owner, BillingGroup store.ID
	ProductCode         string
}

// Asked is what the workflows of a site did when they were asked, for the audit row
// of whoever asked.
type Asked struct {
	Bound   bool // one was asked
	Touched []store.ID
	Notes   []string
}

// SignedUp asks the internal hookpoint SIGNUP, as SOAP_SIGNUP_CUSTOMER does, in the
// transaction of the sign-up: what a site's workflow fails with must fail that. One
// that is not bound is not asked. It takes the hookpoints that run now.
func (e *Engine) SignedUp(ctx context.Context, tx store.Tx, s SignUp) (Asked, error) {
	set := e.Registry.Current()
	if set.bound(signupHook, s.ProductCode) == nil {
		return Asked{}, nil
	}
	x := &execution{set: set, cards: e.cards(), call: &component.Call{
		Ctx: ctx, Tx: tx, Brand: s.Brand, Operator: s.Operator, Guard: e.Gate.Guard, Fonts: e.Fonts, Unprinted: e.Unprinted,
		NewPasswordLimit: func(login string) error {
			return e.newPasswords.take(login, access.Source(s.Operator, netip.Addr{}), e.Gate.Now())
		},
	}}
	x.runtime.Host, x.runtime.Operator, x.runtime.Brand = x, s.Operator, s.Brand.Key
	x.runtime.Now, x.runtime.Zone, x.runtime.Clock = tx.Now(), s.Brand.Zone(), e.Gate.Now
	in := value.Tree{value.Of("ACCOUNT",
		value.OfString("ID", s.Account.ID.String()), value.OfString("CUSTOMER_NUMBER", s.Account.CustomerNumber),
		value.OfString("ACCOUNT_TYPE", s.Account.Type), value.OfString("OWNER_ID", s.Owner.String()),
		value.OfString("REFERENCED_BY", s.Account.ReferencedBy))}
	for _, part := range []struct {
		component, by, of string
		put               func(value.Tree)
	}{
		{"user_view", "USER_ID", s.Owner.String(), func(user value.Tree) { in = append(in, value.Of("USERS", value.Of("USER", user...))) }},
		{"billing_group", "BILLING_GROUP_ID", s.BillingGroup.String(), func(group value.Tree) { in = append(in, value.Of("BILLING_GROUP", group...)) }},
		{"product_config", "CODE", s.ProductCode, func(config value.Tree) { in = append(in, value.Of("PRODUCT_CONFIG", config...)) }},
	} {
		out, err := x.Component(component.ByName(part.component), value.Tree{value.OfString(part.by, part.of)})
		if err != nil {
			return Asked{}, err
		}
		part.put(out)
	}
	_, _, err := x.Hook(signupHook, s.ProductCode, in)
	if err == nil {
		err = x.call.Finish()
	}
	return Asked{true, x.call.Touched, x.notes}, err
}

const signupHook = "SIGNUP"
