package component

import (
	"rator/customer"
	"rator/failure"
	"rator/workflow/value"
)

func init() {
	register(Component{
		Name: "request_new_password", Area: loginArea,
		Desc:  "Make a one-time token for the user with that login, to be sent to the user by an event and shown to nobody else: not in an answer, not in a note. For a login that nobody has all of it is empty.",
		In:    []Param{mandatory("LOGIN"), text("SEND_TYPE")},
		Out:   []string{"USER_ID", "ACCOUNT_ID", "TOKEN", "EXPIRY_DATE"},
		Fails: []*failure.Code{customer.TooManyNewPasswords},
		Run:   requestNewPassword,
	})
	register(Component{
		Name: "redeem_new_password", Area: loginArea,
		Desc:  "Set the password of the user with that login by a token of request_new_password; PASSWORD must come from a contract value with secret=\"password\". Whether login or token was wrong is not told.",
		In:    []Param{mandatory("LOGIN"), mandatory("TOKEN"), mandatory("PASSWORD")},
		Out:   []string{"USER_ID"},
		Fails: []*failure.Code{customer.WrongNewPasswordToken, customer.NewPasswordTokenUsed, customer.NewPasswordTokenExpired},
		Run:   redeemNewPassword,
	})
}

func requestNewPassword(c *Call, in value.Tree) (value.Tree, error) {
	if c.NewPasswordLimit != nil {
		if err := c.NewPasswordLimit(customer.LoginKey(c.Brand, in.Text("LOGIN"))); err != nil {
			return nil, err
		}
	}
	u, token, err := customer.RequestNewPassword(c.Tx, c.Brand, in.Text("LOGIN"), c.sendType(in))
	if err != nil {
		return nil, err
	}
	if u == nil {
		return value.Tree{value.OfString("USER_ID", ""), value.OfString("ACCOUNT_ID", ""), value.OfString("TOKEN", ""), value.OfNull("EXPIRY_DATE", value.Date)}, nil
	}
	c.touch(u.ID)
	return value.Tree{value.OfString("USER_ID", u.ID.String()), value.OfString("ACCOUNT_ID", u.Account.String()),
		value.OfString("TOKEN", token), value.OfDate("EXPIRY_DATE", u.NewPassword.Expires)}, nil
}

// sendType is how a token is to be sent. Scripts of before did not hand on what the
// request says of it.
func (c *Call) sendType(in value.Tree) string {
	if in.Get("SEND_TYPE") != nil {
		return in.Text("SEND_TYPE")
	}
	return c.Asked.Text("SEND_TYPE")
}

func redeemNewPassword(c *Call, in value.Tree) (value.Tree, error) {
	u, err := customer.RedeemNewPassword(c.Tx, c.Brand, in.Text("LOGIN"), in.Text("TOKEN"), in.Text("PASSWORD"))
	if wrong := failure.CodeOf(err) == customer.WrongNewPasswordToken; wrong || err == nil {
		c.tried(in.Text("LOGIN"), !wrong)
	}
	if err != nil {
		return nil, err
	}
	c.touch(u.ID)
	return value.Tree{value.OfString("USER_ID", u.ID.String())}, nil
}
