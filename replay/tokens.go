package replay

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"strings"
	"time"

	"rator/replay/compare"
	"rator/wire"
)

// The namespaces of WS-Security (SOAP Message Security 1.0 and 1.1).
const (
	securitySpace = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
	utilitySpace  = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
	// lifetime is that of a Timestamp that was recorded without one.
	lifetime = 5 * time.Minute
)

// freshTokens is a request whose WS-Security headers are made anew, as the client's
// stack does for each message: a server takes a Nonce once, and neither an old
// Created nor an Expires that has passed. What a digest or a signature was made over
// stays as it is.
func freshTokens(body []byte, now time.Time) []byte {
	if !bytes.Contains(body, []byte(securitySpace)) {
		return body
	}
	return compare.SetTexts(body, func(root *compare.Node) map[*compare.Node]string {
		texts := map[*compare.Node]string{}
		header := root.First(wire.Header)
		if header == nil {
			return nil
		}
		for security := range header.Elements() {
			if security.Name != (compare.QName{Space: securitySpace, Local: "Security"}) || security.First("Signature") != nil {
				continue
			}
			for part := range security.Elements() {
				switch part.Name {
				case compare.QName{Space: securitySpace, Local: "UsernameToken"}:
					freshToken(texts, part, now)
				case compare.QName{Space: utilitySpace, Local: "Timestamp"}:
					freshTimestamp(texts, part, now)
				}
			}
		}
		return texts
	})
}

func freshToken(texts map[*compare.Node]string, token *compare.Node, now time.Time) {
	if password := token.First("Password"); password != nil {
		if kind, _ := password.Attribute(compare.QName{Local: "Type"}); strings.HasSuffix(kind, "#PasswordDigest") {
			return
		}
	}
	if n := token.First("Nonce"); n != nil {
		var nonce [16]byte
		rand.Read(nonce[:])
		texts[n] = base64.StdEncoding.EncodeToString(nonce[:])
	}
	if n := token.First("Created"); n != nil {
		texts[n] = written(now)
	}
}

// freshTimestamp keeps how long the message counts.
func freshTimestamp(texts map[*compare.Node]string, timestamp *compare.Node, now time.Time) {
	lasts := lifetime
	created, expires := timestamp.First("Created"), timestamp.First("Expires")
	if created != nil && expires != nil {
		from, err := time.Parse(time.RFC3339, strings.TrimSpace(created.Content()))
		to, err2 := time.Parse(time.RFC3339, strings.TrimSpace(expires.Content()))
		if err == nil && err2 == nil && to.After(from) {
			lasts = to.Sub(from)
		}
	}
	if created != nil {
		texts[created] = written(now)
	}
	if expires != nil {
		texts[expires] = written(now.Add(lasts))
	}
}

func written(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
