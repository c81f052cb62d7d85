package webhook

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Signatures are those of the Standard Webhooks specification 1.0.0
// (standardwebhooks.com, "Signature scheme", symmetric).

const (
	// secretPrefix begins the text of every secret.
	secretPrefix = "whsec_"

	leastSecret = 24 // bytes, as the specification has it
	mostSecret  = 64
	drawnSecret = 32
)

// The headers of a delivery.
const (
	headerID        = "webhook-id"
	headerTimestamp = "webhook-timestamp"
	headerSignature = "webhook-signature"
)

// DrawSecret gives the text of a new secret: whsec_ and 32 random bytes in base64.
func DrawSecret() string {
	var b [drawnSecret]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	return secretPrefix + base64.StdEncoding.EncodeToString(b[:])
}

// CheckSecret fails with badWebhook for a text that is no secret. It repeats nothing of it.
func CheckSecret(text string) error {
	_, err := keyOf(text)
	return err
}

// keyOf gives the bytes that a secret's text stands for. It fails with badWebhook.
func keyOf(secret string) ([]byte, error) {
	encoded, found := strings.CutPrefix(secret, secretPrefix)
	key, err := base64.StdEncoding.DecodeString(encoded)
	switch {
	case strings.TrimSpace(secret) == "":
		return nil, badWebhook.With("the secret is missing: give one that begins with %s, or leave it out and one is drawn", secretPrefix)
	case !found || err != nil:
		return nil, badWebhook.With("a secret is %s and, in base64, %d to %d bytes", secretPrefix, leastSecret, mostSecret)
	case len(key) < leastSecret || len(key) > mostSecret:
		return nil, badWebhook.With("a secret has %d to %d bytes, and this one %d", leastSecret, mostSecret, len(key))
	}
	return key, nil
}

// sign puts a message's id, the time of the attempt and its signatures, one for each
// secret, into h.
func sign(h http.Header, secrets []string, id string, at time.Time, body []byte) error {
	stamp := strconv.FormatInt(at.Unix(), 10)
	var signatures []string
	for _, secret := range secrets {
		key, err := keyOf(secret)
		if err != nil {
			return err
		}
		mac := hmac.New(sha256.New, key)
		fmt.Fprintf(mac, "%s.%s.%s", id, stamp, body)
		signatures = append(signatures, "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	}
	h.Set(headerID, id)
	h.Set(headerTimestamp, stamp)
	h.Set(headerSignature, strings.Join(signatures, " "))
	return nil
}
