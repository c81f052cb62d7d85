package customer_test

import (
	"testing"
	"time"

	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/password"
	"rator/store"
)

const otherHash = "$argon2id$v=19$m=8,t=1,p=1$b3RoZXJzYWx0$QQCd8VPOryZiCF3MtwQnPTK7odKCaPcXJGplgNEuj1A"

func askForPassword(t *testing.T, s store.Store, brandKey, login string) (token string) {
	t.Helper()
	update(t, s, func(tx store.Tx) (err error) {
		_, token, err = customer.RequestNewPassword(tx, brand(t, tx, brandKey), login, "EMAIL")
		return err
	})
	return token
}

func redeem(login, token, hash string) func(store.Tx, *catalogue.Brand) error {
	return func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.RedeemNewPassword(tx, demo, login, token, hash)
		return err
	}
}

// hashOf reads what the user has for a password.
func hashOf(t *testing.T, s store.Store, user store.ID) (hash string) {
	t.Helper()
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		u, err := customer.UserByID(tx, demo, user)
		if err == nil {
			hash = u.PasswordHash
		}
		return err
	})
	return hash
}

func TestNewPasswordIsRedeemedOnce(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	s := openAt(t, &now)
	c := signUp(t, s, "Åse")
	first := askForPassword(t, s, "DEMO", "åse")
	second := askForPassword(t, s, "DEMO", " ÅSE ")
	refused(t, s, customer.WrongNewPasswordToken, redeem("Åse", first, otherHash))
	refused(t, s, customer.WrongNewPasswordToken, redeem("Åse", "", otherHash))
	refused(t, s, customer.PasswordNotHashed, redeem("Åse", second, "plain"))
	if got := hashOf(t, s, c.owner); got != secretHash {
		t.Errorf("refusals left the password %s", got)
	}
	now = now.Add(customer.NewPasswordLife - time.Microsecond)
	in(t, s, redeem("åse", second, otherHash))
	if got := hashOf(t, s, c.owner); got != otherHash {
		t.Errorf("password %s, want the new one", got)
	}
	refused(t, s, customer.NewPasswordTokenUsed, redeem("Åse", second, secretHash))
	now = now.Add(time.Hour)
	refused(t, s, customer.NewPasswordTokenUsed, redeem("Åse", second, secretHash))

	third := askForPassword(t, s, "DEMO", "Åse")
	now = now.Add(customer.NewPasswordLife)
	refused(t, s, customer.NewPasswordTokenExpired, redeem("Åse", third, secretHash))
	refused(t, s, customer.WrongNewPasswordToken, redeem("Åse", second, secretHash))
	if got := hashOf(t, s, c.owner); got != otherHash {
		t.Errorf("refusals left the password %s", got)
	}
}

// Whoever asks or tries for a login that is not there learns what one learns who
// does so for one that is.
func TestNewPasswordTellsNoLogin(t *testing.T) {
	s := open(t)
	c, otto := signUp(t, s, "aase"), signUp(t, s, "otto")
	token := askForPassword(t, s, "DEMO", "aase")
	closed := askForPassword(t, s, "DEMO", "otto")
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		if _, err := customer.TerminateSubscription(tx, demo, otto.subscription); err != nil {
			return err
		}
		_, err := customer.CloseAccount(tx, demo, otto.account)
		return err
	})
	for name, asked := range map[string][2]string{"nobody": {"DEMO", "nobody"}, "another brand": {"DEMO2", "aase"}, "no login": {"DEMO", ""}, "closed account": {"DEMO", "otto"}} {
		if got := askForPassword(t, s, asked[0], asked[1]); got != "" {
			t.Errorf("%s: token %s", name, got)
		}
	}
	refused(t, s, customer.WrongNewPasswordToken, redeem("nobody", token, otherHash))
	refused(t, s, customer.WrongNewPasswordToken, redeem("", token, otherHash))
	refused(t, s, customer.WrongNewPasswordToken, redeem("otto", closed, otherHash))
	if err := s.Update(t.Context(), func(tx store.Tx) error { return redeem("aase", token, otherHash)(tx, brand(t, tx, "DEMO2")) }); failure.CodeOf(err) != customer.WrongNewPasswordToken {
		t.Errorf("in another brand: %v", err)
	}
	if got := hashOf(t, s, c.owner); got != secretHash {
		t.Errorf("refusals left the password %s", got)
	}
}

func TestAnotherPasswordEndsTheToken(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	token := askForPassword(t, s, "DEMO", "aase")
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		u, err := customer.UserByID(tx, demo, c.owner)
		if err != nil {
			return err
		}
		if u.NewPassword.TokenHash == "" || u.NewPassword.TokenHash == token || password.IsHash(token) {
			t.Errorf("kept: %+v", u.NewPassword)
		}
		_, err = customer.SetPasswordHash(tx, demo, c.owner, otherHash)
		return err
	})
	refused(t, s, customer.WrongNewPasswordToken, redeem("aase", token, secretHash))
}
