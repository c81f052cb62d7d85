package access

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"rator/password"
)

const (
	shortestPassword = 12 // characters
	fewestCharacters = 6  // different ones, besides what everybody tries
)

// tried is what everybody tries first, alone or one after the other: the most common
// of the passwords that leaked, and what administrators write until they have time.
var tried = []string{
	"1234567890", "0987654321", "123456789", "12345678", "1234567", "123456", "654321", "12345", "4321", "1234", "123",
	"qwertyuiop", "qwertyui", "qwerty", "qwertz", "azerty", "asdfghjkl", "asdfgh", "asdf", "zxcvbnm", "1q2w3e4r5t", "1q2w3e4r", "1q2w3e", "1qaz2wsx", "qazwsx", "q1w2e3",
	"abcdefgh", "abcdef", "abcd", "abc",
	"administrator", "admin", "operator", "service", "default", "guest", "system", "master", "root", "super", "user", "login", "access", "server", "rator", "soap",
	"password", "passwort", "passord", "adgangskode", "losenord", "motdepasse", "passw0rd", "p@ssw0rd", "p@ssword", "pass", "secret", "hemligt", "hemmelig", "geheim",
	"changeme", "change", "letmein", "welcome", "welkom", "willkommen", "velkommen", "iloveyou", "trustno1", "test", "demo", "temp", "example",
	"sunshine", "princess", "football", "baseball", "superman", "batman", "monkey", "dragon", "shadow", "michael", "jordan", "summer", "winter", "spring", "autumn",
}

var year = regexp.MustCompile(`(19|20)[0-9]{2}`)

// HashPassword makes the hash that Add and Passwd take, of a password that the
// operator of that name is to have. It costs tens of milliseconds by design: call it
// outside of a transaction. It fails with WeakPassword: a password has 12 characters
// and, once the operator's name, years and what everybody tries are taken out, 6
// different ones (after NIST SP 800-63B 3.1.1.2: length and a list, no rules of
// composition).
func HashPassword(name, plain string) (string, error) {
	if strings.TrimSpace(plain) == "" {
		return "", WeakPassword.With("it is empty; take at least %d characters", shortestPassword)
	}
	if n := utf8.RuneCountInString(plain); n < shortestPassword {
		return "", WeakPassword.With("it has %d characters; take at least %d", n, shortestPassword)
	}
	left := year.ReplaceAllString(strings.ToLower(plain), "")
	for _, known := range append([]string{strings.ToLower(name)}, tried...) {
		if known != "" {
			left = strings.ReplaceAll(left, known, "")
		}
	}
	different := map[rune]bool{}
	for _, r := range left {
		different[r] = true
	}
	if len(different) < fewestCharacters {
		return "", WeakPassword.With("it is little more than the operator's name, a repetition or what everybody tries first; take a few words that do not belong together, or draw one: openssl rand -base64 18")
	}
	return password.Hash(plain)
}
