package component

import (
	"rator/customer/search"
	"rator/failure"
	"rator/workflow/value"
)

// How long a page of a search is.
const (
	usualHits = 20
	mostHits  = 100
)

func init() {
	register(Component{
		Name: "search_customers", Area: viewArea, Reads: true,
		Desc: "Find the users of the brand whom all criteria given fit: CUSTOMERS, a list of CUSTOMER, and NEXT_CURSOR, empty when nothing follows. PAGE_SIZE is 20 unless given, 100 at most.",
		In: []Param{text("CUSTOMER_NUMBER"), text("MSISDN"), text("USERNAME"), text("EMAIL"), text("NAME"), text("PERSONAL_ID"),
			text("CURSOR"), {Key: "PAGE_SIZE", Type: value.Long}},
		Out:   []string{"CUSTOMERS", "NEXT_CURSOR"},
		Fails: []*failure.Code{search.NothingToFind},
		Run:   searchCustomers,
	})
}

func searchCustomers(c *Call, in value.Tree) (value.Tree, error) {
	var by search.Criteria
	if err := fill(&by, in); err != nil {
		return nil, err
	}
	after, err := c.cursorOf(in, customersList)
	if err != nil {
		return nil, err
	}
	limit, err := pageSize(in, usualHits, mostHits)
	if err != nil {
		return nil, err
	}
	hits, next, err := search.Users(c.Tx, c.Brand, by, after, limit)
	if err != nil {
		return nil, err
	}
	list := make(value.Tree, 0, len(hits))
	for _, h := range hits {
		c.touch(h.Account.ID)
		list = append(list, value.Of("CUSTOMER", hitView(h)...))
	}
	return value.Tree{value.Of("CUSTOMERS", list...), c.nextCursor(customersList, next)}, nil
}

// customersList is its name in cursors.
const customersList = "customers"

func hitView(h *search.Hit) value.Tree {
	numbers := make(value.Tree, 0, len(h.MSISDNs))
	for _, msisdn := range h.MSISDNs {
		numbers = append(numbers, value.OfString("MSISDN", msisdn))
	}
	return value.Tree{
		value.OfString("ACCOUNT_ID", h.Account.ID.String()), value.OfString("CUSTOMER_NUMBER", h.Account.CustomerNumber),
		value.OfString("ACCOUNT_TYPE", h.Account.Type), value.OfString("STATUS", string(h.Account.State)),
		value.OfString("USER_ID", h.User.ID.String()), value.OfString("ROLE", string(h.Account.RoleOf(h.User.ID))),
		value.OfString("FIRST_NAME", h.User.FirstName), value.OfString("LAST_NAME", h.User.LastName), value.OfString("COMPANY", h.User.Company),
		value.OfString("EMAIL", h.User.Email), value.OfString("USERNAME", h.User.Username), value.Of("MSISDNS", numbers...),
	}
}
