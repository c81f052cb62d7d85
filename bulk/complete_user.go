package bulk

import (
	"fmt"
	"strings"

	"rator/catalogue"
	"rator/password"
)

// users fills people, and looks at what a sign-up would refuse.
func (f *filling) users() {
	for n, u := range f.c.Users {
		path := fmt.Sprintf("users[%d]", n)
		if u.Brand == "" {
			u.Brand = f.c.Account.Brand
		}
		if !isNew(u.Base) {
			continue
		}
		u.Username = strings.TrimSpace(u.Username)
		if u.Country == "" {
			u.Country = f.brand.Country
		}
		f.failed(path, catalogue.CheckPlace(f.tx, f.brand, catalogue.Place{Country: u.Country, State: u.State, City: u.City, ZIP: u.ZIP}))
		f.address(path+".email", "EMAIL", u.Email)
		f.address(path+".email2", "EMAIL2", u.Email2)
		if u.PasswordHash != "" && !password.IsHash(u.PasswordHash) {
			f.mistake(path+".password_hash", "is no hash that this program made; leave it out, and have the user ask for a new password")
		}
	}
}

// address holds an e-mail address against what a sign-up says of its key.
func (f *filling) address(path, key, text string) {
	if p := keys()[key].pattern; text != "" && !p.MatchString(text) {
		f.mistake(path, "%s is no e-mail address, as %q", quote(text), "bo@example.com")
	}
}
