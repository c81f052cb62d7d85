package customer

import (
	"time"

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

// NewPassword lets the user who forgot a password set another one: whoever has
// the token that was sent may, once, until it expires. A user has one at most;
// the next one asked for and every other change of the password end it.
type NewPassword struct {
	TokenHash string // of password.NewToken; "" = none was asked for
	Expires   time.Time
	Used      time.Time // zero until then
}

// NewPasswordLife is how long a token counts.
const NewPasswordLife = time.Hour

// What redeeming a token can fail with.
var (
	WrongNewPasswordToken = failure.Declare(242, "WRONG_NEW_PASSWORD_TOKEN", failure.Denied, failure.Text{
		"EN": "login or token is wrong", "DK": "login eller engangskode er forkert", "SE": "inloggning eller engångskod är fel",
		"NO": "innlogging eller engangskode er feil", "FR": "identifiant ou code à usage unique incorrect", "DE": "Anmeldename oder Einmalcode ist falsch"})
	NewPasswordTokenUsed = failure.Declare(243, "NEW_PASSWORD_TOKEN_USED", failure.Conflict, failure.Text{
		"EN": "the token has been used", "DK": "engangskoden er brugt", "SE": "engångskoden är redan använd",
		"NO": "engangskoden er allerede brukt", "FR": "le code à usage unique a déjà été utilisé", "DE": "der Einmalcode wurde schon benutzt"})
	NewPasswordTokenExpired = failure.Declare(244, "NEW_PASSWORD_TOKEN_EXPIRED", failure.Conflict, failure.Text{
		"EN": "the token has expired", "DK": "engangskoden er udløbet", "SE": "engångskoden har gått ut",
		"NO": "engangskoden er utløpt", "FR": "le code à usage unique a expiré", "DE": "der Einmalcode ist abgelaufen"})
)

// TooManyNewPasswords is what whoever asks too often is told, of a login that nobody
// has too.
var TooManyNewPasswords = failure.Declare(245, "TOO_MANY_NEW_PASSWORDS", failure.Busy, failure.Text{
	"EN": "a new password was asked for too often", "DK": "der er bedt om en ny adgangskode for mange gange", "SE": "ett nytt lösenord har begärts för många gånger",
	"NO": "det er bedt om et nytt passord for mange ganger", "FR": "un nouveau mot de passe a été demandé trop souvent", "DE": "ein neues Passwort wurde zu oft angefordert"})

// RequestNewPassword makes a token for the user with that login (USERNAME) and
// keeps its hash. The event user.new_password tells it to whoever sends it, and how it is
// to be sent, sendType; it must reach nobody but the user. A login that no user
// of an ACTIVE account has is no error, so that nobody learns by it who is a
// customer: the user is nil and the token "", and nothing is told.
func RequestNewPassword(tx store.Tx, brand *catalogue.Brand, login, sendType string) (*User, string, error) {
	token, hash := password.NewToken()
	a, u, err := FindByUsername(tx, brand, login)
	switch {
	case failure.CodeOf(err) == UnknownCustomer, err == nil && a.State != Active:
		return nil, "", nil
	case err != nil:
		return nil, "", err
	}
	if err := event.EndSecrets(tx, u.ID); err != nil { // the token before ends
		return nil, "", err
	}
	u.NewPassword = NewPassword{TokenHash: hash, Expires: tx.Now().Add(NewPasswordLife)}
	if err := users.Put(tx, u); err != nil {
		return nil, "", err
	}
	return u, token, newPasswordAsked.Emit(tx, of(brand, u.Account), event.ID(userKey.Name, u.ID), event.ID(accountKey.Name, u.Account),
		event.Text("SEND_TYPE", sendType), event.Text("TOKEN", token), event.Time("EXPIRY_DATE", u.NewPassword.Expires))
}

// RedeemNewPassword gives the user with that login the password of which hash was
// made. It fails with WRONG_NEW_PASSWORD_TOKEN, not telling whether login or token
// was wrong, and, for who has the right one only, with NEW_PASSWORD_TOKEN_USED and
// NEW_PASSWORD_TOKEN_EXPIRED.
func RedeemNewPassword(tx store.Tx, brand *catalogue.Brand, login, token, hash string) (*User, error) {
	if !password.IsHash(hash) {
		return nil, PasswordNotHashed.Error()
	}
	a, u, err := FindByUsername(tx, brand, login)
	if err != nil && failure.CodeOf(err) != UnknownCustomer {
		return nil, err
	}
	var kept NewPassword
	if err == nil && a.State == Active {
		kept = u.NewPassword
	}
	switch right := password.IsToken(kept.TokenHash, token); {
	case !right:
		return nil, WrongNewPasswordToken.Error()
	case !kept.Used.IsZero():
		return nil, NewPasswordTokenUsed.Error()
	case !tx.Now().Before(kept.Expires):
		return nil, NewPasswordTokenExpired.Error()
	}
	u.PasswordHash, u.NewPassword.Used = hash, tx.Now()
	return u, u.putPassword(tx, brand)
}
