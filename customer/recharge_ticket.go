package customer

import (
	"iter"
	"strings"

	"github.com/shopspring/decimal"

	"rator/card"
	"rator/catalogue"
	"rator/event"
	"rator/failure"
	"rator/store"
)

// RechargeTicket stands for a card kept elsewhere, for automatic top-up of a
// billing group; a group has one at most (rator-api.md 2.7).
type RechargeTicket struct {
	Part
	BillingGroup store.ID `key:"BILLING_GROUP_ID"`
	RechargeTicketFields
}

// RechargeTicketFields are what a request says of a recharge ticket. Amounts are
// decimal literals, as they came.
type RechargeTicketFields struct {
	TicketID         string `key:"TICKET_ID"` // opaque, never a card number; REFERENCE unless given
	Reference        string `key:"REFERENCE"` // TICKET_ID unless given
	TicketType       string `key:"TICKET_TYPE"`
	RechargeAmount   string `key:"RECHARGE_AMOUNT"`    // of one top-up
	RechargeToAmount string `key:"RECHARGE_TO_AMOUNT"` // balance to reach
	RechargeLimit    string `key:"RECHARGE_LIMIT"`     // balance below which to top up
}

const byGroup = "billing_group"

var rechargeTickets = define[RechargeTicket]("recharge_ticket", UnknownRechargeTicket,
	store.Index[RechargeTicket]{Name: byGroup, Value: func(t *RechargeTicket) string { return t.BillingGroup.String() }, Taken: RechargeTicketExists,
		Told: func(t *RechargeTicket) string { return "billing group " + t.BillingGroup.String() }})

// defaultTicketType is the only TICKET_TYPE that was ever seen.
const defaultTicketType = "BASE"

// Default fills what a recharge ticket need not say.
func (t *RechargeTicketFields) Default() {
	if t.TicketID == "" {
		t.TicketID = t.Reference
	}
	if t.Reference == "" {
		t.Reference = t.TicketID
	}
	if t.TicketType == "" {
		t.TicketType = defaultTicketType
	}
}

// CreateRechargeTicket gives a billing group its recharge ticket. TICKET_ID and
// REFERENCE are two spellings of one value: either will do, two that differ are
// INVALID_REQUEST. One that holds a card number is CARD_NUMBER_REFUSED.
func CreateRechargeTicket(tx store.Tx, brand *catalogue.Brand, group store.ID, fields RechargeTicketFields) (*RechargeTicket, error) {
	g, a, err := billingGroups.in(tx, brand, group)
	if err != nil {
		return nil, err
	}
	if err := a.open(); err != nil {
		return nil, err
	}
	t := &RechargeTicket{Part: Part{Account: a.ID}, BillingGroup: g.ID, RechargeTicketFields: fields}
	t.Default()
	if err := t.check(); err != nil {
		return nil, err
	}
	if err := rechargeTickets.Insert(tx, t); err != nil {
		return nil, err
	}
	if before, err := bornBefore(tx, a.ID); err != nil || !before {
		return t, err
	}
	return t, g.tell(tx, ticketCreated, brand)
}

// RechargeTicketOf finds the recharge ticket of a billing group of the brand, or
// fails with UNKNOWN_RECHARGE_TICKET.
func RechargeTicketOf(tx store.Tx, brand *catalogue.Brand, group store.ID) (*RechargeTicket, error) {
	g, err := BillingGroupByID(tx, brand, group)
	if err != nil {
		return nil, err
	}
	return rechargeTickets.By(tx, byGroup, g.ID.String())
}

// RechargeTicketByID finds a recharge ticket of the brand, or fails with
// UNKNOWN_RECHARGE_TICKET.
func RechargeTicketByID(tx store.Tx, brand *catalogue.Brand, id store.ID) (*RechargeTicket, error) {
	t, _, err := rechargeTickets.in(tx, brand, id)
	return t, err
}

// RechargeTicketsAfter gives every recharge ticket of every brand whose id is
// after another's, oldest first, to who is likely to want so many.
func RechargeTicketsAfter(tx store.Tx, after store.ID, likely int) iter.Seq2[*RechargeTicket, error] {
	return rechargeTickets.ScanSome(tx, after, likely)
}

// DeleteRechargeTicket forgets the recharge ticket of a billing group, or fails
// with UNKNOWN_RECHARGE_TICKET. A closed account's can go too.
func DeleteRechargeTicket(tx store.Tx, brand *catalogue.Brand, group store.ID) (*RechargeTicket, error) {
	t, err := RechargeTicketOf(tx, brand, group)
	if err != nil {
		return nil, err
	}
	if err := rechargeTickets.Delete(tx, t); err != nil {
		return nil, err
	}
	if err := TouchBillingGroup(tx, brand, group); err != nil {
		return nil, err
	}
	return t, ticketDeleted.Emit(tx, of(brand, t.Account), event.ID(groupKey.Name, group))
}

func (t *RechargeTicket) check() error {
	switch {
	case t.TicketID == "":
		return failure.InvalidRequest.With("TICKET_ID is missing")
	case t.TicketID != t.Reference:
		return failure.InvalidRequest.With("TICKET_ID and REFERENCE are one value, and differ")
	case card.Holds(t.TicketID):
		return CardNumberRefused.With("TICKET_ID")
	case card.Holds(t.TicketType):
		return CardNumberRefused.With("TICKET_TYPE")
	}
	for _, amount := range []struct{ key, literal string }{
		{"RECHARGE_AMOUNT", t.RechargeAmount},
		{"RECHARGE_TO_AMOUNT", t.RechargeToAmount},
		{"RECHARGE_LIMIT", t.RechargeLimit},
	} {
		if card.Holds(amount.literal) {
			return CardNumberRefused.With("%s", amount.key)
		}
		if !isAmount(amount.literal) {
			return failure.InvalidRequest.With("%s %.40q must be an amount such as 20.00", amount.key, amount.literal)
		}
	}
	return nil
}

// maxRecharge is the most that a ticket may name, whatever its currency.
var maxRecharge = decimal.New(10_000_000, 0)

// isAmount reports whether a literal is empty or a decimal number, not negative
// and of at most maxRecharge.
func isAmount(literal string) bool {
	literal = strings.TrimSpace(literal)
	if literal == "" {
		return true
	}
	if len(literal) > 20 || strings.ContainsAny(literal, "eE") {
		return false
	}
	d, err := decimal.NewFromString(literal)
	return err == nil && !d.IsNegative() && !d.GreaterThan(maxRecharge)
}
