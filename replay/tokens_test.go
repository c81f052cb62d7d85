package replay_test

import (
	"encoding/base64"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/replay"
)

// tokens is a message with a WS-Security header; Nonce, Created and Expires are
// marks.
const tokens = "\xEF\xBB\xBF<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/' xmlns:u=\"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd\">\n" +
	"<e:Header><w:Security xmlns:w='http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd'>" +
	"<u:Timestamp u:Id='t'><u:Created>ISSUED</u:Created><u:Expires>EXPIRES</u:Expires></u:Timestamp>" +
	"<w:UsernameToken><w:Username>Åse</w:Username>\r\n<w:Password Type='x#PasswordText'>p</w:Password><w:Nonce a='>'>NONCE</w:Nonce><u:Created>CREATED</u:Created></w:UsernameToken></w:Security></e:Header>\n" +
	"<e:Body><make><Nonce>NONCE</Nonce><u:Created>CREATED</u:Created></make></e:Body></e:Envelope>"

// sentTokens plays a request twice and gives what was sent, with the times in marks again.
func sentTokens(t *testing.T, body, settings string) (sent [2]string) {
	t.Helper()
	var c counter
	scenarios := suite(t, map[string]string{"s/scenario.toml": settings, "s/01-a.request.xml": body, "s/02-b.request.xml": body})
	s := play(t, &replay.Player{Target: remote(t, c.serve)}, scenarios)
	if len(c.sent) != 2 {
		t.Fatalf("%d were sent: %v", len(c.sent), lines(s))
	}
	return [2]string(c.sent)
}

func TestTokensAreMadeAnew(t *testing.T) {
	for name, c := range map[string]struct{ issued, expires, nonce, created string }{
		"old":             {"2019-01-01T00:00:00Z", "2019-01-01T00:01:00Z", "YQ==", "2019-01-01T00:00:00Z"},
		"no times":        {"soon", "later", "***", "*"},
		"placeholders":    {"${A}", "${B}", "${NONCE}", "${CREATED}"},
		"expires at once": {"2019-01-01T00:00:00Z", "2019-01-01T00:00:00Z", "YQ==", "2019-01-01T00:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			head, rest, _ := strings.Cut(tokens, "</e:Header>")
			body := strings.NewReplacer("ISSUED", c.issued, "EXPIRES", c.expires, "NONCE", c.nonce, "CREATED", c.created).Replace(head) + "</e:Header>" + rest
			before := time.Now().Add(-time.Second)
			sent := sentTokens(t, body, "")
			parts := regexp.MustCompile(`(?s)^(.*<u:Created>)(.*?)(</u:Created><u:Expires>)(.*?)(</u:Expires>.*<w:Nonce a='>'>)(.*?)(</w:Nonce><u:Created>)(.*?)(</u:Created></w:UsernameToken>.*)$`)
			nonces := map[string]bool{}
			for _, message := range sent {
				found := parts.FindStringSubmatch(message)
				if found == nil {
					t.Fatalf("sent %s", message)
				}
				// All but the four is as it was recorded.
				want := strings.NewReplacer("ISSUED", found[2], "EXPIRES", found[4], "NONCE", found[6], "CREATED", found[8]).Replace(head) + "</e:Header>" + rest
				if diff := cmp.Diff(want, message); diff != "" {
					t.Error(diff)
				}
				issued, expires, created := moment(t, found[2]), moment(t, found[4]), moment(t, found[8])
				lasts := 5 * time.Minute
				if name == "old" {
					lasts = time.Minute
				}
				if issued.Before(before) || !created.Equal(issued) || expires.Sub(issued) != lasts {
					t.Errorf("issued %s, expires %s, created %s", issued, expires, created)
				}
				if nonce, err := base64.StdEncoding.DecodeString(found[6]); err != nil || len(nonce) != 16 {
					t.Errorf("nonce %q", found[6])
				}
				nonces[found[6]] = true
			}
			if len(nonces) != 2 {
				t.Errorf("one nonce for two messages: %v", nonces)
			}
		})
	}
}

func moment(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Error(err)
	}
	return at
}

// TestTokensThatStay: what was computed over them would be wrong, or they are to stay.
func TestTokensThatStay(t *testing.T) {
	timeless := strings.Replace(tokens, tokens[strings.Index(tokens, "<u:Timestamp"):strings.Index(tokens, "<w:UsernameToken")], "", 1)
	for name, c := range map[string]struct{ body, settings string }{
		"a digest":          {strings.Replace(timeless, "#PasswordText", "#PasswordDigest", 1), ""},
		"a signature":       {strings.Replace(tokens, "</w:Security>", "<d:Signature xmlns:d='urn:d'/></w:Security>", 1), ""},
		"as recorded":       {tokens, `tokens = "recorded"`},
		"no header of SOAP": {strings.ReplaceAll(tokens, "e:Header", "e:Head"), ""},
	} {
		if diff := cmp.Diff([2]string{c.body, c.body}, sentTokens(t, c.body, c.settings)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
