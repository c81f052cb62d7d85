package component

import (
	"rator/billing"
	"rator/customer"
	"rator/failure"
	"rator/store"
	"rator/workflow/value"
)

func init() {
	register(Component{
		Name: "transactions", Area: billingArea, Reads: true,
		Desc: "A page of a billing group's postings, newest first, as a list of TRANSACTION, each with the BALANCE it left; those dated from the day START_DATE to the day END_DATE. CURSOR and PAGE_SIZE are as in invoices.",
		In: append([]Param{mandatory("BILLING_GROUP_ID"), {Key: "START_DATE", Type: value.Date}, {Key: "END_DATE", Type: value.Date}},
			paging...),
		Out:   []string{"TRANSACTIONS", "NEXT_CURSOR"},
		Fails: []*failure.Code{customer.UnknownBillingGroup, billing.DateOutOfRange},
		Run:   transactions,
	})
}

func transactions(c *Call, in value.Tree) (value.Tree, error) {
	id, err := billingGroupOf(in)
	if err != nil {
		return nil, err
	}
	days, err := daysOf(c, in)
	if err != nil {
		return nil, err
	}
	of := store.Compose("transactions", id.String())
	position, err := c.cursorOf(in, of)
	if err != nil {
		return nil, err
	}
	from, err := billing.ParsePlace(string(position))
	if err != nil {
		return nil, err
	}
	size, err := pageSize(in, usualPage, mostOfPage)
	if err != nil {
		return nil, err
	}
	page, next, err := billing.Transactions(c.Tx, c.Brand, id, days, from, size)
	if err != nil {
		return nil, err
	}
	c.touch(id)
	numbers := invoiceNumbers{}
	list := make(value.Tree, 0, len(page))
	for _, t := range page {
		posting, err := numbers.posting(c, t.Posting)
		if err != nil {
			return nil, err
		}
		posting = append(posting, value.OfMoney("AMOUNT", t.Amount), value.OfMoney("BALANCE", t.Balance))
		list = append(list, value.Of("TRANSACTION", posting...))
	}
	return value.Tree{value.Of("TRANSACTIONS", list...), c.nextCursor(of, []byte(next.String()))}, nil
}
