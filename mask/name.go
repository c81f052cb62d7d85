package mask

import (
	"slices"
	"strings"

	"rator/card"
	"rator/workflow/contract"
)

// foreignWords make a name a secret's in XML and JSON of others, beside those of
// contract.NamedLikeSecret.
var foreignWords = map[string]bool{
	"TOKEN": true, "TOKENS": true, "PWD": true, "PASS": true, "OTP": true, "NONCE": true, "APIKEY": true, "SECRETS": true, "PASSWORDS": true,
	"PW": true, "KENNWORT": true, "PASSWORT": true, "USERPASS": true,
	"CREDENTIAL": true, "CREDENTIALS": true, "AUTHORIZATION": true, "COOKIE": true, "BEARER": true, "PINCODE": true, "PUKCODE": true, "CSC": true,
}

// foreignParts make a name a secret's wherever they stand in it, for names that
// do not part their words: userpassword, accesstoken.
var foreignParts = []string{"PASSWORD", "PASSWD", "PASSPHRASE", "PASSCODE", "SECRET", "TOKEN", "APIKEY", "API_KEY", "API-KEY", "PRIVATEKEY", "PRIVATE_KEY", "PRIVATE-KEY", "ACCESSKEY", "ACCESS_KEY", "ACCESS-KEY",
	"SESSIONID", "SESSION_ID", "SESSION-ID", "KENNWORT", "PASSWORT"}

// harmless are names that only sound like a secret's: what they hold is named
// for itself.
var harmless = map[string]bool{"USERNAMETOKEN": true, "SECURITYTOKENREFERENCE": true, "TOKENTYPE": true, "TOKEN_TYPE": true}

// named reports whether a name says that what it names is a secret.
func named(name string) bool {
	if len(name) < 2 || len(name) > 256 {
		return len(name) > 256
	}
	if contract.NamedLikeSecret(name) || card.Verifies(name) {
		return true
	}
	upper := strings.ToUpper(name)
	if harmless[upper] {
		return false
	}
	for _, part := range foreignParts {
		if strings.Contains(upper, part) {
			return true
		}
	}
	parted := words(name)
	if contract.NamedLikeSecret(parted) {
		return true
	}
	for word := range strings.SplitSeq(parted, "_") {
		if foreignWords[strings.ToUpper(strings.TrimRight(word, "0123456789"))] {
			return true
		}
	}
	return false
}

// secretName reports whether a name in JSON or in a query is a secret's. Characters that
// names do not have do not count.
func (m *Masker) secretName(name string) bool {
	if m.kept(name) {
		return false
	}
	if named(name) || m.declaredNow().has(name) {
		return true
	}
	odd := func(r rune) bool { return r < 0x80 && !isNameByte(byte(r)) }
	if strings.IndexFunc(name, odd) < 0 {
		return false
	}
	parts := strings.FieldsFunc(name, odd)
	return slices.ContainsFunc(parts, named) || named(strings.Join(parts, ""))
}

// words parts a name where its words begin: newPinCode is new_Pin_Code, simPUK
// sim_PUK, PINCode PIN_Code.
func words(name string) string {
	var b strings.Builder
	for i := range len(name) {
		c := name[i]
		switch {
		case c == '-' || c == '.' || c == ' ' || c == ':':
			c = '_'
		case isUpper(c) && i > 0 && (!isUpper(name[i-1]) || i+1 < len(name) && isLower(name[i+1])):
			b.WriteByte('_')
		}
		b.WriteByte(c)
	}
	return b.String()
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
func isLower(c byte) bool { return 'a' <= c && c <= 'z' }

// local is a name without its prefix.
func local(name string) string { return name[strings.LastIndexByte(name, ':')+1:] }
