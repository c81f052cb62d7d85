package access_test

import (
	"strings"
	"testing"

	"rator/access"
	"rator/password"
)

func TestWeakPasswords(t *testing.T) {
	for _, c := range []struct{ plain, says string }{
		{"", "it is empty"},
		{" \t  \n           ", "it is empty"},
		{"Xk7#pQ2!vL9", "it has 11 characters; take at least 12"},
		{"ææøøååßéüñþ", "it has 11 characters"},
		{"aaaaaaaaaaaaaaaa", "little more than"},
		{"121212121212", "little more than"},
		{"1234567890123", "little more than"},
		{"qwertyuiop123", "little more than"},
		{"PasswordPassword", "little more than"},
		{"P@ssw0rd2026!", "little more than"},
		{"changeme-changeme", "little more than"},
		{"Selfcare-Selfcare-1", "little more than"},
		{"selfcare2026!", "little more than"},
		{"administrator1", "little more than"},
		{"summer-2025-winter", "little more than"},
	} {
		_, err := access.HashPassword("selfcare", c.plain)
		wantCode(t, err, access.WeakPassword)
		if !strings.Contains(err.Error(), c.says) || c.plain != "" && strings.Contains(err.Error(), c.plain) {
			t.Errorf("%q: %v", c.plain, err)
		}
	}
	for _, plain := range []string{
		"a long password", "correct horse battery staple", "vfR8bqk0tLw2", "blåbærgrød på lørdag", "selfcare likes muddy boots",
		"lösenordet är krångligt", "пароль из слов", "Xk7#pQ2!vL9z",
	} {
		h, err := access.HashPassword("selfcare", plain)
		if err != nil {
			t.Errorf("%q: %v", plain, err)
		} else if right, err := password.Verify(h, plain); !right || err != nil {
			t.Errorf("%q: %v %v", plain, right, err)
		}
	}
}
