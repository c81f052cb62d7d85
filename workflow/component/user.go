package component

import (
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
	"rator/workflow/value"
)

const userArea = "User"

func init() {
	register(Component{
		Name: "create_user", Area: userArea,
		Desc:  "Add a user to an account. FIELDS are the keys of a USER; a PASSWORD must come from a contract value with secret=\"password\".",
		In:    []Param{mandatory("ACCOUNT_ID"), below("FIELDS")},
		Out:   []string{"ID"},
		Fails: []*failure.Code{customer.UnknownAccount, customer.UsernameNotUnique, customer.WrongState, catalogue.PlaceNotUnderstood},
		Run:   func(c *Call, in value.Tree) (value.Tree, error) { return createUser(c, in, true) },
	})
	register(Component{
		Name: "create_address", Area: userArea,
		Desc:  "Add a user that is an address only: USERNAME and PASSWORD in FIELDS do not count.",
		In:    []Param{mandatory("ACCOUNT_ID"), below("FIELDS")},
		Out:   []string{"ID"},
		Fails: []*failure.Code{customer.UnknownAccount, customer.WrongState, catalogue.PlaceNotUnderstood},
		Run:   func(c *Call, in value.Tree) (value.Tree, error) { return createUser(c, in, false) },
	})
	register(Component{
		Name: "update_user", Area: userArea,
		Desc:  "Set those fields of a user that FIELDS has; USERNAME and PASSWORD are not among them.",
		In:    []Param{mandatory("USER_ID"), below("FIELDS")},
		Fails: []*failure.Code{customer.UnknownUser, customer.WrongState, catalogue.PlaceNotUnderstood},
		Run:   updateUser,
	})
	register(Component{
		Name: "set_password", Area: userArea,
		Desc:  "Give a user another password; it must come from a contract value with secret=\"password\".",
		In:    []Param{mandatory("USER_ID"), mandatory("PASSWORD")},
		Fails: []*failure.Code{customer.UnknownUser, customer.WrongState},
		Run:   setPassword,
	})
}

func createUser(c *Call, in value.Tree, login bool) (value.Tree, error) {
	account, err := idOf(in, "ACCOUNT_ID")
	if err != nil {
		return nil, err
	}
	n := customer.NewUser{Account: account}
	given := in.Items("FIELDS")
	if err := fill(&n.UserFields, given); err != nil {
		return nil, err
	}
	if login {
		n.Username, n.PasswordHash = given.Text("USERNAME"), given.Text("PASSWORD")
	}
	u, err := customer.CreateUser(c.Tx, c.Brand, n)
	if err != nil {
		return nil, err
	}
	c.touch(account)
	c.touch(u.ID)
	return onlyID(u.ID), nil
}

func updateUser(c *Call, in value.Tree) (value.Tree, error) {
	user, err := idOf(in, "USER_ID")
	if err != nil {
		return nil, err
	}
	_, err = customer.UpdateUser(c.Tx, c.Brand, user, func(f *customer.UserFields) error {
		return fill(f, in.Items("FIELDS"))
	})
	c.touch(user)
	return nil, err
}

func setPassword(c *Call, in value.Tree) (value.Tree, error) {
	var user store.ID
	if err := idsOf(in, map[string]*store.ID{"USER_ID": &user}); err != nil {
		return nil, err
	}
	_, err := customer.SetPasswordHash(c.Tx, c.Brand, user, in.Text("PASSWORD"))
	c.touch(user)
	return nil, err
}
