package component

import (
	"time"

	"rator/billing"
	"rator/billing/ledger"
	"rator/customer"
	"rator/failure"
	"rator/workflow/value"
)

func init() {
	register(Component{
		Name: "pause_dunning", Area: billingArea,
		Desc:  "Keep the invoices of a billing group from being dunned until the day PAUSED_UNTIL, on which dunning goes on; without one and without REASON the pause ends.",
		In:    []Param{mandatory("BILLING_GROUP_ID"), {Key: "PAUSED_UNTIL", Type: value.Date}, text("REASON")},
		Out:   []string{"PAUSED_UNTIL"},
		Fails: []*failure.Code{customer.UnknownBillingGroup, billing.DunningPauseOutOfRange, billing.NotInvoiced},
		Run:   pauseDunning,
	})
	register(Component{
		Name: "overdue", Area: billingArea, Reads: true,
		Desc: "A page of the billing groups that owe something whose due date has passed, the longest overdue first, as a list of OVERDUE_GROUP: with whose it is, its invoices, dunning, pause and promised payments. CURSOR and PAGE_SIZE are as in search_customers.",
		In: append([]Param{{Key: "MIN_DAYS", Type: value.Long}, amount("MIN_AMOUNT"), text("DUNNING_STATE")},
			paging...),
		Out:   []string{"OVERDUE_GROUPS", "NEXT_CURSOR"},
		Fails: []*failure.Code{ledger.InvalidAmount},
		Run:   overdue,
	})
}

func pauseDunning(c *Call, in value.Tree) (value.Tree, error) {
	id, err := billingGroupOf(in)
	if err != nil {
		return nil, err
	}
	until, err := c.dayOf(in, "PAUSED_UNTIL")
	if err != nil {
		return nil, err
	}
	if until.IsZero() && in.Text("REASON") != "" {
		return nil, failure.InvalidRequest.With("PAUSED_UNTIL is missing or no date; to end a pause leave REASON out too")
	}
	g, err := billing.PauseDunning(c.Tx, c.Brand, id, until, in.Text("REASON"))
	if err != nil {
		return nil, err
	}
	c.touch(g.ID)
	return value.Tree{dateOrNull("PAUSED_UNTIL", until)}, nil
}

// dayOf reads the calendar day that a date means, as midnight UTC; the zero time of
// an absent or null one.
func (c *Call) dayOf(in value.Tree, key string) (time.Time, error) {
	t, err := c.dateOf(in, key)
	if err != nil || t.IsZero() {
		return time.Time{}, err
	}
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC), nil
}

// dateOrNull is a day, or null for the zero time.
func dateOrNull(key string, day time.Time) value.Entry {
	if day.IsZero() {
		return value.OfNull(key, value.Date)
	}
	return value.OfDate(key, day)
}

// overdueList is its name in cursors.
const overdueList = "overdue"

func overdue(c *Call, in value.Tree) (value.Tree, error) {
	f := billing.OverdueFilter{Dunning: ledger.Dunning(in.Text("DUNNING_STATE"))}
	least, err := moneyOf(in, "MIN_AMOUNT")
	if err != nil {
		return nil, err
	}
	if least != nil {
		f.MinAmount = *least
	}
	if f.MinDays, err = wholeNumber(in, "MIN_DAYS"); err != nil {
		return nil, err
	}
	after, err := c.cursorOf(in, overdueList)
	if err != nil {
		return nil, err
	}
	limit, err := pageSize(in, usualHits, mostHits)
	if err != nil {
		return nil, err
	}
	page, next, err := billing.OverduePage(c.Tx, c.Brand, f, after, limit)
	if err != nil {
		return nil, err
	}
	list := make(value.Tree, 0, len(page))
	for _, o := range page {
		c.touch(o.Group.ID)
		list = append(list, value.Of("OVERDUE_GROUP", overdueView(o)...))
	}
	return value.Tree{value.Of("OVERDUE_GROUPS", list...), c.nextCursor(overdueList, next)}, nil
}

// wholeNumber reads a number from 0 to 10,000; 0 when it is absent or null.
func wholeNumber(in value.Tree, key string) (int, error) {
	e := in.Get(key)
	if e == nil || e.Null || e.Text == "" {
		return 0, nil
	}
	n, err := value.ParseLong(e.Text)
	if err != nil || n < 0 || n > 10_000 {
		return 0, failure.InvalidRequest.With("%s must be 0 to 10000", key)
	}
	return int(n), nil
}

func overdueView(o *billing.Overdue) value.Tree {
	receiver := o.Receiver
	if receiver == nil {
		receiver = &customer.User{}
	}
	var list, promises value.Tree
	for _, i := range o.Invoices {
		list = append(list, value.Of("INVOICE", value.OfString("ID", i.ID.String()), value.OfString("INVOICE_NUMBER", i.Number), value.OfDate("DUE_DATE", i.DueDate),
			value.OfString("DUNNING_STATE", string(i.Dunning)), value.OfMoney("OPEN_AMOUNT", i.Outstanding()), value.OfMoney("OVERDUE_AMOUNT", i.Left)))
	}
	for _, p := range o.Promises {
		promises = append(promises, value.Of("PROMISE", value.OfString("PAYMENT_ID", p.ID.String()), value.OfMoney("AMOUNT", p.Amount), value.OfDate("PAYMENT_DATE", p.Date),
			value.OfString("PAYMENT_REFERENCE", p.Reference), value.OfString("CHANNEL", p.Channel)))
	}
	pause := o.Group.DunningPause
	if pause == nil {
		pause = &customer.DunningPause{}
	}
	return value.Tree{
		value.OfString("ACCOUNT_ID", o.Account.ID.String()), value.OfString("CUSTOMER_NUMBER", o.Account.CustomerNumber), value.OfString("STATUS", string(o.Account.State)),
		value.OfString("FIRST_NAME", receiver.FirstName), value.OfString("LAST_NAME", receiver.LastName), value.OfString("COMPANY", receiver.Company),
		value.OfString("BILLING_GROUP_ID", o.Group.ID.String()), value.OfString("BILLING_GROUP_NAME", o.Group.Name), value.OfString("CURRENCY", o.Group.Balance.Currency),
		value.OfMoney("OVERDUE_AMOUNT", o.Amount), value.OfLong("DAYS_OVERDUE", int64(o.Days)), value.OfString("DUNNING_STATE", string(o.Dunning)),
		dateOrNull("NEXT_DUNNING_DATE", o.Next), dateOrNull("PAUSED_UNTIL", pause.Until), value.OfString("PAUSE_REASON", pause.Reason),
		value.OfMoney("PROMISED_AMOUNT", o.Promised), value.Of("INVOICES", list...), value.Of("PROMISES", promises...),
	}
}

// pauseView is the pause of a billing group that holds on a day; nothing when none
// does.
func pauseView(g *customer.BillingGroup, day time.Time) value.Tree {
	if !g.DunningPausedOn(day) {
		return nil
	}
	return value.Tree{value.Of("DUNNING_PAUSE", view(g.DunningPause)...)}
}
