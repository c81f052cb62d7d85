package webhook

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"rator/failure"
)

// The vector that the libraries of Standard Webhooks publish.
const (
	publishedSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	publishedID     = "msg_p5jXN8AQM9LWM0D4loKWxJek"
	publishedBody   = `{"test": 2432232314}`
	publishedSign   = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
)

var publishedAt = time.Unix(1614265330, 0)

func TestPublishedSignature(t *testing.T) {
	h := http.Header{}
	if err := sign(h, []string{publishedSecret}, publishedID, publishedAt.Add(999*time.Millisecond), []byte(publishedBody)); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"webhook-id": publishedID, "webhook-timestamp": "1614265330", "webhook-signature": publishedSign}
	for name, value := range want {
		if got := h.Get(name); got != value {
			t.Errorf("%s is %s, want %s", name, got, value)
		}
	}
	if len(h) != len(want) {
		t.Errorf("%v", h)
	}
}

// TestSignedByBoth: while a secret is replaced both sign, the new one first.
func TestSignedByBoth(t *testing.T) {
	h := http.Header{}
	fresh := DrawSecret()
	if err := sign(h, []string{fresh, publishedSecret}, publishedID, publishedAt, []byte(publishedBody)); err != nil {
		t.Fatal(err)
	}
	both := strings.Split(h.Get(headerSignature), " ")
	if len(both) != 2 || both[1] != publishedSign || both[0] == publishedSign || !strings.HasPrefix(both[0], "v1,") {
		t.Errorf("%q", both)
	}
}

func TestSecrets(t *testing.T) {
	of := func(n int) string {
		return secretPrefix + base64.StdEncoding.EncodeToString([]byte(strings.Repeat("k", n)))
	}
	for _, secret := range []string{publishedSecret, of(leastSecret), of(mostSecret), DrawSecret()} {
		if err := CheckSecret(secret); err != nil {
			t.Errorf("%s: %v", secret, err)
		}
	}
	for secret, says := range map[string]string{
		"":  "the secret is missing",
		" ": "the secret is missing",
		strings.TrimPrefix(publishedSecret, secretPrefix): "a secret is whsec_",
		"whsec_not base64":    "a secret is whsec_",
		"whsk_" + publishedID: "a secret is whsec_",
		of(leastSecret - 1):   "24 to 64 bytes, and this one 23",
		of(mostSecret + 1):    "and this one 65",
	} {
		err := CheckSecret(secret)
		if failure.CodeOf(err) != badWebhook || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", secret, err)
		}
		if strings.TrimSpace(secret) != "" && strings.Contains(err.Error(), strings.TrimPrefix(secret, secretPrefix)) {
			t.Errorf("the secret is told: %v", err)
		}
	}
	if first, second := DrawSecret(), DrawSecret(); first == second {
		t.Error("the same secret twice")
	}
}
