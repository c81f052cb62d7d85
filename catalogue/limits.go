package catalogue

import "github.com/shopspring/decimal"

// Limits bound what an account may take; a brand has them for all products, a
// product configuration for its own subscriptions. Embed it.
type Limits struct {
	MaxSubscriptions int             `key:"MAX_SUBSCRIPTIONS"` // of an account, terminated ones aside; 0 = no limit
	CreditLimit      decimal.Decimal `key:"CREDIT_LIMIT"`      // how much an account may owe and still add a subscription; 0 = no limit
}

func (l Limits) check(c *checker, e *Entry, currency string) {
	if l.MaxSubscriptions < 0 {
		c.mistake(e, "max_subscriptions", "max_subscriptions must not be negative; leave it out for no limit")
	}
	c.price(e, "credit_limit", l.CreditLimit, currency)
}
