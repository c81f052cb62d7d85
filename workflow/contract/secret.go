package contract

import "strings"

// secretWords are the words that make a key a secret's, wherever they stand in
// it: PUK, PIN2, PASSWORD_PIN, CHECK_PASSWORD. Files written for a real Rator
// have no secret attribute, and what they carry must stay hidden all the same.
var secretWords = map[string]bool{
	"PASSWORD": true, "PASSWD": true, "PASSPHRASE": true, "PASSCODE": true, "SECRET": true,
	"PIN": true, "PUK": true, "CVV": true, "CVC": true,
}

// NamedLikeSecret reports whether a key's name says that its value is a secret.
func NamedLikeSecret(key string) bool {
	for word := range strings.FieldsFuncSeq(key, func(r rune) bool { return r == '_' || r == '.' || r == '-' }) {
		if secretWords[strings.ToUpper(strings.TrimRight(word, "0123456789"))] {
			return true
		}
	}
	return false
}
