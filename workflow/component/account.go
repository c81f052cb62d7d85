package component

import (
	"rator/customer"
	"rator/failure"
	"rator/store"
	"rator/workflow/value"
)

const accountArea = "Account"

func init() {
	register(Component{
		Name: "create_account", Area: accountArea,
		Desc: "Make an account of the call's brand. It still needs an owner and a billing group: a call that leaves one incomplete fails.",
		In:   []Param{mandatory("TYPE"), text("BRAND"), text("REFERENCED_BY"), text("SALES_CHANNEL"), text("SALES_AGENT_ID")},
		Out:  []string{"ID", "CUSTOMER_NUMBER"},
		Run:  createAccount,
	})
	register(Component{
		Name: "set_account_owner", Area: accountArea,
		Desc:  "Make a user of the account its owner.",
		In:    []Param{mandatory("ACCOUNT_ID"), mandatory("USER_ID")},
		Fails: []*failure.Code{customer.UnknownAccount, customer.UnknownUser, customer.WrongAccount, customer.WrongState},
		Run:   setAccountOwner,
	})
	register(Component{
		Name: "set_delivery_address", Area: accountArea,
		Desc:  "Make a user of the account its delivery address.",
		In:    []Param{mandatory("ACCOUNT_ID"), mandatory("USER_ID")},
		Fails: []*failure.Code{customer.UnknownAccount, customer.UnknownUser, customer.WrongAccount, customer.WrongState},
		Run:   setDeliveryAddress,
	})
}

func createAccount(c *Call, in value.Tree) (value.Tree, error) {
	if b := in.Text("BRAND"); b != "" && b != c.Brand.Key {
		return nil, failure.InvalidRequest.With("BRAND %s: an account is made in the call's brand, %s", b, c.Brand.Key)
	}
	f := customer.AccountFields{Type: in.Text("TYPE")}
	if err := fill(&f, in); err != nil {
		return nil, err
	}
	a, err := customer.CreateAccount(c.Tx, c.Brand, f)
	if err != nil {
		return nil, err
	}
	c.restructured(a.ID)
	return append(onlyID(a.ID), value.OfString("CUSTOMER_NUMBER", a.CustomerNumber)), nil
}

func setAccountOwner(c *Call, in value.Tree) (value.Tree, error) {
	account, user, err := accountAndUser(in)
	if err != nil {
		return nil, err
	}
	_, err = customer.SetOwner(c.Tx, c.Brand, account, user)
	c.restructured(account)
	return nil, err
}

func setDeliveryAddress(c *Call, in value.Tree) (value.Tree, error) {
	account, user, err := accountAndUser(in)
	if err != nil {
		return nil, err
	}
	_, err = customer.SetDeliveryAddress(c.Tx, c.Brand, account, user)
	c.touch(account)
	return nil, err
}

func accountAndUser(in value.Tree) (account, user store.ID, err error) {
	err = idsOf(in, map[string]*store.ID{"ACCOUNT_ID": &account, "USER_ID": &user})
	return account, user, err
}
