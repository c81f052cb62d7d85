package customer

import (
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"rator/catalogue"
	"rator/customer/internal/record"
	"rator/event"
	"rator/password"
	"rator/store"
)

// User is a person or company of an account: its owner, the user of a
// subscription, a billing or a delivery address (rator-api.md 2.2, 2.4).
type User struct {
	Part
	Brand    string // key of the account's brand
	Username string `key:"USERNAME"` // login; "" = none; unique within the brand, letter case aside
	// PasswordHash is an argon2id hash; "" = no login. It travels under no key.
	PasswordHash string
	NewPassword  NewPassword `json:",omitzero"`
	// Released is when it was last replaced as owner or address; zero = never.
	Released     time.Time    `json:",omitzero"`
	PlacesBefore []PlaceUntil `json:",omitempty"` // where it was before, oldest first
	UserFields
}

// UserFields are what a request may say of a user, at creation and later. Dates
// keep the literal they came with.
type UserFields struct {
	Company              string `key:"COMPANY"`
	Title                string `key:"TITLE"`
	FirstName            string `key:"FIRST_NAME"`
	LastName             string `key:"LAST_NAME"`
	Street               string `key:"STREET"`
	StreetNumber         string `key:"STREET_NUMBER"`
	StreetDirection      string `key:"STREET_DIRECTION" out:"-"`
	StreetUnit           string `key:"STREET_UNIT"`
	Floor                string `key:"FLOOR"`
	FloorUnit            string `key:"FLOOR_UNIT"`
	Address2             string `key:"ADDRESS2"`
	City                 string `key:"CITY"`
	ZIP                  string `key:"ZIP"`
	ZIPExtension         string `key:"ZIP_EXTENSION" out:"-"`
	State                string `key:"STATE" out:"ADDRESS_STATE"`
	Country              string `key:"COUNTRY"` // at creation the brand's unless given
	Phone1               string `key:"PHONE1"`
	Phone2               string `key:"PHONE2"`
	Phone3               string `key:"PHONE3"`
	Fax                  string `key:"FAX"`
	Email                string `key:"EMAIL"`
	Email2               string `key:"EMAIL2"`
	Birthday             string `key:"BIRTHDAY" out:"-"`
	PersonalID           string `key:"PERSONAL_ID"` // national id, or a company's number
	PersonalIDType       string `key:"PERSONAL_ID_TYPE" out:"-"`
	PersonalIDExpiryDate string `key:"PERSONAL_ID_EXPIRY_DATE" out:"-"`
	Gender               string `key:"GENDER"`
	CreditLimit          int64  `key:"CREDIT_LIMIT" out:"-"` // 0 = none
	LanguageCode         string `key:"LANGUAGE_CODE"`
	CommunicationType    string `key:"COMMUNICATION_TYPE" out:"-"`
	VATNumber            string `key:"VAT_NUMBER"`
}

const (
	byUsername = "username"
	byEmail2   = "email2"
)

var users = define[User]("user", UnknownUser,
	store.Index[User]{Name: byUsername, Value: func(u *User) string { return usernameKey(u.Brand, u.Username) }, Taken: UsernameNotUnique,
		Told: func(u *User) string { return "USERNAME " + u.Username }},
	store.Index[User]{Name: record.ByEmail, Value: func(u *User) string { return record.EmailKey(u.Brand, u.Email) }},
	store.Index[User]{Name: byEmail2, Value: func(u *User) string { return record.EmailKey(u.Brand, u.Email2) }},
	store.Index[User]{Name: record.ByPersonalID, Value: func(u *User) string { return record.PersonalIDKey(u.Brand, u.PersonalID) }},
	store.Index[User]{Name: record.ByFirstName, Value: func(u *User) string { return record.FirstNameKey(u.Brand, u.FirstName, u.LastName) }, Common: true},
	store.Index[User]{Name: record.ByLastName, Value: func(u *User) string { return record.LastNameKey(u.Brand, u.FirstName, u.LastName) }, Common: true},
	store.Index[User]{Name: record.ByCompany, Value: func(u *User) string { return record.CompanyKey(u.Brand, u.Company) }, Common: true}).
	secret("PasswordHash", "NewPassword")

// LoginKey is what two logins (USERNAME) of a brand that count as the same have in
// common; "" for none.
func LoginKey(brand *catalogue.Brand, login string) string { return usernameKey(brand.Key, login) }

// usernameKey is what two usernames that count as the same have in common.
func usernameKey(brand, username string) string {
	if username = strings.TrimSpace(username); username == "" {
		return ""
	}
	return store.Compose(brand, record.Fold(norm.NFC, username))
}

// NewUser is what CreateUser needs.
type NewUser struct {
	Account      store.ID
	Username     string // "" for an address
	PasswordHash string // what password.Hash gave; "" = no login
	UserFields
}

// CreateUser adds a user to an account. It fails with USERNAME_NOT_UNIQUE when
// another user of the brand has the username, and as catalogue.CheckPlace.
func CreateUser(tx store.Tx, brand *catalogue.Brand, n NewUser) (*User, error) {
	a, err := openAccount(tx, brand, n.Account)
	if err != nil {
		return nil, err
	}
	if n.PasswordHash != "" && !password.IsHash(n.PasswordHash) {
		return nil, PasswordNotHashed.Error()
	}
	u := &User{Part: Part{Account: a.ID}, Brand: a.Brand, PasswordHash: n.PasswordHash, UserFields: n.UserFields}
	u.Username = strings.TrimSpace(n.Username)
	if u.Country == "" {
		u.Country = brand.Country
	}
	if err := catalogue.CheckPlace(tx, brand, u.place()); err != nil {
		return nil, err
	}
	if err := users.Insert(tx, u); err != nil {
		return nil, err
	}
	if before, err := bornBefore(tx, a.ID); err != nil || !before {
		return u, err
	}
	return u, tellPart(tx, userCreated, brand, a.ID, event.ID(userKey.Name, u.ID))
}

// UserByID finds a user of the brand, or fails with UNKNOWN_USER.
func UserByID(tx store.Tx, brand *catalogue.Brand, id store.ID) (*User, error) {
	u, _, err := users.in(tx, brand, id)
	return u, err
}

// UpdateUser lets change set fields of a user; it may run more than once.
// USERNAME and password are not among them (rator-api.md 2.4). Where the user was
// before is kept, for what is billed of those days. It fails as CheckNotErased, and as
// catalogue.CheckPlace when country or state is another one.
func UpdateUser(tx store.Tx, brand *catalogue.Brand, id store.ID, change func(*UserFields) error) (*User, error) {
	u, err := UserByID(tx, brand, id)
	if err != nil {
		return nil, err
	}
	if err := CheckNotErased(tx, u); err != nil {
		return nil, err
	}
	was := u.place()
	if err := change(&u.UserFields); err != nil {
		return nil, err
	}
	if is := u.place(); is.Country != was.Country || is.State != was.State {
		if err := catalogue.CheckPlace(tx, brand, is); err != nil {
			return nil, err
		}
	}
	u.movedFrom(tx, brand, was)
	if err := users.Put(tx, u); err != nil {
		return nil, err
	}
	return u, tellUser(tx, userChanged, brand, u)
}

// released notes that a user is no longer what another is now.
func released(tx store.Tx, former, now store.ID) error {
	if former == 0 || former == now {
		return nil
	}
	u, err := users.Get(tx, former)
	if err != nil {
		return err
	}
	u.Released = tx.Now()
	return users.Put(tx, u)
}

// IdentifyingTexts are the texts that tell a user from others, in lower case, for whoever looks
// for what was said of them. Shorter ones are in anybody's texts.
func (u *User) IdentifyingTexts() []string {
	var marks []string
	full := ""
	if u.FirstName != "" && u.LastName != "" {
		full = u.FirstName + " " + u.LastName
	}
	for _, text := range []string{u.ID.String(), full, u.Company, u.Username, u.PersonalID, u.VATNumber, u.Email, u.Email2, u.Phone1, u.Phone2, u.Phone3, u.Fax} {
		if text = strings.ToLower(strings.TrimSpace(text)); len(text) >= 4 {
			marks = append(marks, text)
		}
	}
	return marks
}

// present finds a user of an account who may become something to it. It fails as
// parts.of and CheckNotErased.
func present(tx store.Tx, brand *catalogue.Brand, a *Account, id store.ID) (*User, error) {
	u, err := users.of(tx, brand, a, id)
	if err != nil {
		return nil, err
	}
	return u, CheckNotErased(tx, u)
}
