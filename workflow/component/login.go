package component

import (
	"rator/access"
	"rator/customer"
	"rator/customer/search"
	"rator/failure"
	"rator/store"
	"rator/workflow/value"
)

const loginArea = "Login"

func init() {
	register(Component{
		Name: "authenticate_user", Area: loginArea, Reads: true,
		Desc:  "Find the user with that login (USERNAME) and password. Which of the two was wrong is not told, and the answer to a wrong password waits, the longer the more of them came for the login or from the same source.",
		In:    []Param{mandatory("LOGIN"), mandatory("PASSWORD")},
		Out:   []string{"ID", "ACCOUNT_ID", "ROLE"},
		Fails: []*failure.Code{customer.WrongPassword},
		Run:   authenticateUser,
	})
	register(Component{
		Name: "find_customer", Area: loginArea, Reads: true,
		Desc:  "Find a customer by number, or by the phone number of a service. The user is the account's owner, or the one of the subscription.",
		In:    []Param{text("CUSTOMER_NUMBER"), text("PHONE_NUMBER")},
		Out:   []string{"ID", "ACCOUNT_ID", "ROLE"},
		Fails: []*failure.Code{customer.UnknownCustomer, search.NothingToFind},
		Run:   findCustomer,
	})
	register(Component{
		Name: "check_operator", Area: loginArea, Reads: true,
		Desc:  "Fail unless the operator has that password and the right to the hookpoint.",
		In:    []Param{mandatory("OPERATOR"), mandatory("PASSWORD"), mandatory("HOOKPOINT_KEY")},
		Fails: []*failure.Code{access.OperatorCheckFailed},
		Run:   checkOperator,
	})
}

func authenticateUser(c *Call, in value.Tree) (value.Tree, error) {
	a, u, err := customer.CheckPassword(c.Tx, c.Brand, in.Text("LOGIN"), in.Text("PASSWORD"))
	if wrong := failure.CodeOf(err) == customer.WrongPassword; wrong || err == nil {
		c.tried(in.Text("LOGIN"), !wrong)
	}
	return found(c, a, u, err)
}

func findCustomer(c *Call, in value.Tree) (value.Tree, error) {
	var (
		a   *customer.Account
		u   *customer.User
		err error
	)
	switch number, phone := in.Text("CUSTOMER_NUMBER"), in.Text("PHONE_NUMBER"); {
	case number != "":
		a, u, err = customer.FindByCustomerNumber(c.Tx, c.Brand, number)
	case phone != "":
		a, u, err = customer.FindByMSISDN(c.Tx, c.Brand, phone)
	default:
		err = search.NothingToFind.Error()
	}
	return found(c, a, u, err)
}

func found(c *Call, a *customer.Account, u *customer.User, err error) (value.Tree, error) {
	if err != nil {
		return nil, err
	}
	c.touch(a.ID)
	c.touch(u.ID)
	return value.Tree{
		value.OfString("ID", u.ID.String()),
		value.OfString("ACCOUNT_ID", a.ID.String()),
		value.OfString("ROLE", string(a.RoleOf(u.ID))),
	}, nil
}

func checkOperator(c *Call, in value.Tree) (value.Tree, error) {
	delay, err := c.Guard.CheckPassword(c.Ctx, c.Tx, in.Text("OPERATOR"), in.Text("PASSWORD"), in.Text("HOOKPOINT_KEY"), c.Operator)
	c.Delay = delay
	return nil, err
}

// billingGroupOf reads BILLING_GROUP_ID.
func billingGroupOf(in value.Tree) (store.ID, error) { return idOf(in, "BILLING_GROUP_ID") }
