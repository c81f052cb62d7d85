package password_test

import (
	"strings"
	"testing"

	"rator/password"
)

func TestTokens(t *testing.T) {
	token, hash := password.NewToken()
	other, otherHash := password.NewToken()
	if token == other || hash == otherHash || len(token) < 26 {
		t.Fatalf("tokens %s and %s with hashes %s and %s; want different ones of 26 characters", token, other, hash, otherHash)
	}
	if strings.Contains(hash, token) || password.IsHash(hash) {
		t.Errorf("%s tells the token, or passes for a password's hash", hash)
	}
	for tried, want := range map[string]bool{token: true, other: false, "": false, hash: false, strings.ToLower(token): false, token + " ": false} {
		if got := password.IsToken(hash, tried); got != want {
			t.Errorf("IsToken(hash of %s, %q) = %v, want %v", token, tried, got, want)
		}
	}
	if password.IsToken("", "") || password.IsToken("", token) {
		t.Error("a token fits no hash at all")
	}
}
