package customer

import "strings"

// Marks are the texts that tell a user from others, in lower case, for whoever looks
// for what was said of them. Shorter ones are in anybody's texts.
func (u *User) Marks() []string {
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
