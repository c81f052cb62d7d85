package server_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rator/server"
	"rator/server/servertest"
	"rator/soap"
	"rator/workflow/value"
)

// TestNoSecretIsLogged plants secrets wherever a caller may put them, and looks for
// them in every byte of the folder, as it is and decompressed.
func TestNoSecretIsLogged(t *testing.T) {
	s, endpoint, store := servertest.Logged(t)
	const card, spaced = "4111111111111111", "5500 0000 0000 0004"
	secret := func(i int) string { return fmt.Sprintf("planted-%d-secret", i) }
	post := func(contentType, body string, change func(*http.Request)) {
		t.Helper()
		r, err := http.NewRequest(http.MethodPost, endpoint, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", contentType)
		if change != nil {
			change(r)
		}
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	}
	customer := servertest.SignUpValues("secretive")
	for i := range customer {
		if customer[i].Key == "USER" {
			customer[i].Items = append(customer[i].Items, value.OfString("NOTE", card), value.OfString("PIN", secret(1)))
			*customer[i].Items.Get("PASSWORD") = value.OfString("PASSWORD", secret(2))
		}
	}
	whole := string(soap.AppendRequest(nil, soap.Version11, "SOAP_SIGNUP_CUSTOMER", append(customer,
		value.OfString("PUK", secret(3)), value.OfString("CVV", secret(4)), value.OfString("RECHARGE", spaced),
		value.Of("CONTEXT", value.OfString("OPERATOR", server.DemoOperator), value.OfString("PASSWORD", secret(5)), value.OfString("REQUEST_ID", card)))))
	security := `<S:Header><w:Security xmlns:w="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"><w:UsernameToken><w:Username>demo</w:Username><w:Password>` + secret(6) + `</w:Password></w:UsernameToken></w:Security></S:Header><S:Body>`
	post("text/xml", whole, nil)
	post("text/xml", strings.Replace(whole, "<S:Body>", security, 1), nil)
	post("text/xml", whole, func(r *http.Request) { r.SetBasicAuth("demo", secret(7)); r.Header.Set("Idempotency-Key", card) })
	post("text/xml", whole, func(r *http.Request) { r.SetBasicAuth(card, secret(8)) })
	for i := 40; i < len(whole); i += 17 { // cut off anywhere
		post("text/xml", whole[:i], nil)
	}
	post("application/soap+xml", strings.ReplaceAll(whole, soap.Version11.Namespace(), soap.Version12.Namespace()), nil)
	utf16 := []byte{0xFF, 0xFE}
	for _, r := range strings.Replace(whole, "UTF-8", "UTF-16", 1) {
		utf16 = append(utf16, byte(r), byte(r>>8))
	}
	post("text/xml", string(utf16), nil)
	post("text/xml", `<x><password>`+secret(9)+`</password><n>`+card+`</n>`, nil)
	post("text/xml", `password=`+secret(10), func(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") })
	post("text/xml; charset="+card, whole, nil)
	servertest.CallAt(t, endpoint, "TELLS_SECRETS", "told", value.OfString("FIRST_PET", secret(11)))
	post("text/xml", string(soap.AppendRequest(nil, soap.Version11, card, nil)), nil)
	if err := s.Calls.Flush(); err != nil {
		t.Fatal(err)
	}
	if stats := s.Calls.Stats(); stats.Written < 100 || stats.Lost != 0 {
		t.Errorf("%+v", stats)
	}
	calls := 0
	look := func(where string, b []byte) {
		t.Helper()
		text := strings.ReplaceAll(string(b), "\x00", "")
		for i := range 12 {
			if strings.Contains(text, secret(i)) {
				t.Errorf("%s holds %s", where, secret(i))
			}
		}
		for _, number := range []string{card, spaced} {
			if strings.Contains(text, number) {
				t.Errorf("%s holds %s", where, number)
			}
		}
		calls += strings.Count(text, "hookpointKey>SOAP_SIGNUP_CUSTOMER")
	}
	dir := server.CallLogOf(store)
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		look(f.Name(), b)
	}
	look("the log, decompressed,", decompressed(t, dir))
	if calls < 50 {
		t.Errorf("only %d sign-ups were found: the search does not see what is logged", calls)
	}
}
