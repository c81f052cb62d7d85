package history

import (
	"slices"
	"time"

	"rator/access"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// Customer is how a customer stands now.
type Customer struct {
	*customer.Whole
	Brand  *catalogue.Brand
	Owner  *customer.User
	Erased bool   // the owner, as a person
	Lines  []Line // the subscriptions, oldest first
}

// Line is how a subscription stands.
type Line struct {
	*customer.Subscription
	Numbers []string  // phone numbers of its services, as the brand writes them
	Since   time.Time // since when it is in its state; zero = not known
	Block   *Block    // while it is BLOCKED
}

// Block is why a subscription is BLOCKED. What is not known, for a version before did not
// keep it and the audit has no row of that time any more, is zero.
type Block struct {
	Since      time.Time
	Type       string // BLOCK_AS_STOLEN …
	StolenDate string
	By, Face   string // who asked for it, and over which face
	Reason     string
}

// Standing reads how a customer stands.
func Standing(tx store.Tx, a *customer.Account, brand *catalogue.Brand) (*Customer, error) {
	w, err := customer.LoadWhole(tx, brand, a.ID)
	if err != nil {
		return nil, err
	}
	c := &Customer{Whole: w, Brand: brand, Owner: w.User(a.Owner)}
	if c.Owner != nil {
		err := customer.CheckNotErased(tx, c.Owner)
		if c.Erased = failure.CodeOf(err) == customer.WrongState; err != nil && !c.Erased {
			return nil, err
		}
	}
	for _, s := range w.Subscriptions {
		l, err := c.line(tx, s)
		if err != nil {
			return nil, err
		}
		c.Lines = append(c.Lines, *l)
	}
	return c, nil
}

func (c *Customer) line(tx store.Tx, s *customer.Subscription) (*Line, error) {
	l := &Line{Subscription: s, Since: since(s)}
	for _, service := range c.ServicesOf(s.ID) {
		number, err := service.WriteMSISDN(tx, c.Brand)
		if err != nil {
			return nil, err
		}
		if number != "" && !slices.Contains(l.Numbers, number) {
			l.Numbers = append(l.Numbers, number)
		}
	}
	if s.State != customer.Blocked {
		return l, nil
	}
	l.Block = &Block{Since: l.Since, Type: s.BlockType, StolenDate: s.StolenDate}
	if l.Since.IsZero() {
		return l, nil
	}
	span := s.Blocks[len(s.Blocks)-1]
	l.Block.By, l.Block.Reason = span.By, span.Reason
	row, err := rowAt(tx, []store.ID{s.ID, c.Account.ID}, l.Since)
	if err == nil && row != nil && (span.By == "" || span.By == row.Who) {
		l.Block.By, l.Block.Face = row.Who, row.Face
	}
	return l, err
}

// since is when a subscription came into its state.
func since(s *customer.Subscription) time.Time {
	last := customer.BlockSpan{}
	if len(s.Blocks) > 0 {
		last = s.Blocks[len(s.Blocks)-1]
	}
	switch s.State {
	case customer.Blocked:
		if last.Until.IsZero() {
			return last.From
		}
	case customer.Terminated:
		return s.Ended
	case customer.Active:
		return slices.MaxFunc([]time.Time{s.Started, s.Reactivated, last.Until}, time.Time.Compare)
	}
	return time.Time{}
}

// rowAt is the row of the audit of the transaction at a time about one of the objects; nil
// when there is none.
func rowAt(tx store.Tx, objects []store.ID, at time.Time) (*access.AuditRow, error) {
	for _, id := range objects {
		for row, err := range rowsSince(tx, []store.ID{id}, at) {
			if err != nil || row.At.Equal(at) {
				return row, err
			}
			if row.At.Sub(at) > time.Minute { // rows of reads are kept a little later than they are of
				break
			}
		}
	}
	return nil, nil
}
