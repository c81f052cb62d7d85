package main

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"rator/server"
	"rator/server/servertest"
	"rator/soap"
	"rator/wire"
	"rator/workflow/value"
)

// oldOperators is a store of a version that did not look at tokens: the demo
// catalogue, and the operator legacy with an-old-password.
const oldOperators = "../../testdata/store/operators-1.db.gz"

// postToken calls with a UsernameToken and gives what came: the errorCode, or the
// fault's code.
func postToken(t testing.TB, endpoint, operator, password, nonce string, created time.Time) string {
	t.Helper()
	const wsse = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
	header := fmt.Sprintf(`<S:Header><w:Security xmlns:w="%s" S:mustUnderstand="1"><w:UsernameToken><w:Username>%s</w:Username><w:Password>%s</w:Password><w:Nonce>%s</w:Nonce>`+
		`<u:Created xmlns:u="%s">%s</u:Created></w:UsernameToken></w:Security></S:Header><S:Body>`, wsse, operator, password,
		base64.StdEncoding.EncodeToString([]byte(nonce)), strings.Replace(wsse, "secext", "utility", 1), created.UTC().Format(time.RFC3339))
	request := string(soap.AppendRequest(nil, soap.Version11, "SOAP_GET_PRODUCT_CONFIGS", value.Tree{value.Of("CONTEXT", value.OfString("BRAND_KEY", server.DemoBrand))}))
	answer, err := http.Post(endpoint, "text/xml", strings.NewReader(strings.Replace(request, "<S:Body>", header, 1)))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	code := regexp.MustCompile(`<errorCode>(\d+)<|<faultcode[^>]*>([^<]*)<`).FindStringSubmatch(string(body))
	if code == nil {
		t.Fatalf("%s", body)
	}
	return code[1] + code[2]
}

// TestOperatorsOfAnOlderStoreAreLenient: their clients go on, are counted, and warned
// of once; one that was mended is made strict without a restart.
func TestOperatorsOfAnOlderStoreAreLenient(t *testing.T) {
	s := startServer(t, "--store", servertest.UnpackStore(t, oldOperators))
	ask := func(password, nonce string, created time.Time) string {
		return postToken(t, s.endpoint, "legacy", password, nonce, created)
	}
	const right = "an-old-password"
	long := time.Now().Add(-time.Hour)
	for range 3 {
		if got := ask(right, "n", long); got != "0" {
			t.Errorf("an hour old: %s", got)
		}
		if got := ask(right, "same", time.Now().Add(30*time.Second)); got != "0" {
			t.Errorf("the same nonce: %s", got)
		}
	}
	if got := ask("wrong", "n", long); got != "2" {
		t.Errorf("wrong password: %s", got)
	}
	_, shown := servertest.Get(t, strings.TrimSuffix(s.endpoint, wire.Path)+"/metrics")
	for refusal, times := range map[string]int{"USERNAME_TOKEN_STALE": 3, "USERNAME_TOKEN_USED": 2} {
		if want := fmt.Sprintf("rator_username_token_tolerated_total{operator=\"legacy\",refusal=%q} %d\n", refusal, times); !strings.Contains(shown, want) {
			t.Errorf("the metrics have no %s", want)
		}
	}
	s.waitFor(t, "WS-Security header tolerated")
	if n := strings.Count(s.log.String(), "WS-Security header tolerated"); n != 1 {
		t.Errorf("warned %d times", n)
	}
	for _, says := range []struct{ word, got string }{{"strict", "wsse:FailedAuthentication"}, {"lenient", "0"}} {
		if out, err := ratorProcess(t, "operator", "username-token", "legacy", says.word, "--store", s.store); err != nil || !strings.Contains(out, "now "+says.word) {
			t.Fatalf("%v %s", err, out)
		}
		if got := ask(right, "n", long); got != says.got {
			t.Errorf("%s: %s", says.word, got)
		}
	}
}

// TestUsernameTokenFlags: a new operator is strict unless it is said, and the server
// can be lenient to all.
func TestUsernameTokenFlags(t *testing.T) {
	long := time.Now().Add(-time.Hour)
	for _, c := range []struct {
		flag, demo, legacy string
	}{
		{"strict", "wsse:FailedAuthentication", "0"},
		{"lenient", "0", "0"},
	} {
		t.Run(c.flag, func(t *testing.T) {
			s := startServer(t, "--demo", "--username-token", c.flag)
			t.Setenv("RATOR_NEW_PASSWORD", "wet socks in may")
			if out, err := ratorProcess(t, "operator", "add", "legacy", "--brand", server.DemoBrand, "--right", "*", "--username-token", "lenient", "--store", s.store); err != nil {
				t.Fatalf("%v %s", err, out)
			}
			if got := postToken(t, s.endpoint, "demo", "demo", "n", long); got != c.demo {
				t.Errorf("demo: %s", got)
			}
			if got := postToken(t, s.endpoint, "legacy", "wet socks in may", "n", long); got != c.legacy {
				t.Errorf("legacy: %s", got)
			}
		})
	}
}
