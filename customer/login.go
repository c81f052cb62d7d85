package customer

import (
	"rator/catalogue"
	"rator/event"
	"rator/failure"
	"rator/password"
	"rator/store"
)

// SetPasswordHash gives a user another password; a token that was sent for one
// counts no longer. What is not a hash is refused with PASSWORD_NOT_HASHED, so that
// no password is kept readable by mistake. It fails as CheckNotErased.
func SetPasswordHash(tx store.Tx, brand *catalogue.Brand, user store.ID, hash string) (*User, error) {
	if !password.IsHash(hash) {
		return nil, PasswordNotHashed.Error()
	}
	u, err := UserByID(tx, brand, user)
	if err != nil {
		return nil, err
	}
	if err := CheckNotErased(tx, u); err != nil {
		return nil, err
	}
	u.PasswordHash, u.NewPassword = hash, NewPassword{}
	return u, u.putPassword(tx, brand)
}

// putPassword keeps a user with another password, which ends a token for one, and tells
// of it.
func (u *User) putPassword(tx store.Tx, brand *catalogue.Brand) error {
	if err := event.EndSecrets(tx, u.ID); err != nil {
		return err
	}
	if err := users.Put(tx, u); err != nil {
		return err
	}
	return tellUser(tx, passwordChanged, brand, u)
}

// CheckPassword finds the user whose login (USERNAME) and password these are,
// and the account. It fails with WRONG_PASSWORD, not telling which of the two
// was wrong and taking the same time for both: tens of milliseconds.
func CheckPassword(tx store.Tx, brand *catalogue.Brand, login, plain string) (*Account, *User, error) {
	a, u, err := FindByUsername(tx, brand, login)
	hash := password.Dummy()
	switch {
	case err == nil && u.PasswordHash != "":
		hash = u.PasswordHash
	case err != nil && failure.CodeOf(err) != UnknownCustomer:
		return nil, nil, err
	}
	right, err := password.Verify(hash, plain)
	if err != nil {
		return nil, nil, err
	}
	if !right {
		return nil, nil, WrongPassword.Error()
	}
	return a, u, nil
}
