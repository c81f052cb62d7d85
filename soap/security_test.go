package soap_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/access"
	"rator/failure"
	"rator/soap"
	"rator/workflow"
	"rator/workflow/value"
)

const (
	wsse = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
	wsu  = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
)

// secured is executeMethod with a WS-Security header, in which w: and u: are its
// namespaces, and blocks of WS-Addressing.
func secured(v soap.Version, inside string) string {
	message := string(soap.AppendRequest(nil, v, "SIGNUP", value.Tree{value.OfString("NAME", "Bo")}))
	return strings.Replace(message, "<S:Body>", `<S:Header xmlns:a="`+wsa2005+`"><w:Security S:mustUnderstand="1" xmlns:w="`+wsse+`" xmlns:u="`+wsu+`">`+
		inside+`</w:Security>`+whole+`</S:Header><S:Body>`, 1)
}

func TestSecurityIsHandedOver(t *testing.T) {
	m, err := decodeWhole(secured(soap.Version11, `<u:Timestamp> <u:Created>2026-01-02T03:04:05Z</u:Created><u:Expires> later </u:Expires></u:Timestamp>
		<w:UsernameToken><w:Username>bo</w:Username><w:Password>p</w:Password><w:Nonce EncodingType="x#Base64Binary"> *&amp;* </w:Nonce><u:Created>now</u:Created></w:UsernameToken>`), soap.Media{})
	if err != nil {
		t.Fatal(err)
	}
	want := &access.Security{Nonce: "*&*", Created: "now", Issued: "2026-01-02T03:04:05Z", Expires: "later"}
	if diff := cmp.Diff(want, m.Security); diff != "" {
		t.Error(diff)
	}
}

// TestSecurityRefused has the header refused while it is read, and after the
// operator was found; each time with the fault that the standard names.
func TestSecurityRefused(t *testing.T) {
	const good = `<w:UsernameToken><w:Username>bo</w:Username><w:Password>p</w:Password></w:UsernameToken>`
	for name, c := range map[string]struct {
		inside, subcode, space string
		code                   *failure.Code
	}{
		"digest":             {strings.Replace(good, "<w:Password>", `<w:Password Type="x#PasswordDigest">`, 1), "wsse:UnsupportedSecurityToken", wsse, nil},
		"two tokens":         {good + good, "wsse:InvalidSecurity", wsse, nil},
		"two timestamps":     {"<u:Timestamp/><u:Timestamp/>", "wsse:InvalidSecurity", wsse, nil},
		"two nonces":         {"<w:UsernameToken><w:Nonce>YQ==</w:Nonce><w:Nonce>YQ==</w:Nonce></w:UsernameToken>", "wsse:InvalidSecurity", wsse, nil},
		"used":               {good, "wsse:FailedAuthentication", wsse, access.UsedToken},
		"stale":              {good, "wsse:FailedAuthentication", wsse, access.StaleToken},
		"malformed":          {good, "wsse:InvalidSecurityToken", wsse, access.BadToken},
		"expired":            {good, "wsu:MessageExpired", wsu, access.MessageExpired},
		"timestamp is wrong": {good, "wsse:InvalidSecurity", wsse, access.BadTimestamp},
	} {
		for _, v := range []soap.Version{soap.Version11, soap.Version12} {
			t.Run(fmt.Sprintf("%s %s", v, name), func(t *testing.T) {
				h := soap.NewHandler(invoke(func(context.Context, workflow.Request) (workflow.Result, error) {
					return workflow.Result{}, &workflow.SecurityError{Cause: c.code.With("because")}
				}), soap.Options{NewMessageID: func() string { return "urn:mine" }})
				w := post(h, secured(v, c.inside))
				prefix, _, _ := strings.Cut(c.subcode, ":")
				want := fmt.Sprintf(`<faultcode xmlns:%s="%s">%s</faultcode>`, prefix, c.space, c.subcode)
				if v == soap.Version12 {
					want = fmt.Sprintf(`<S:Code><S:Value>S:Sender</S:Value><S:Subcode><S:Value xmlns:%s="%s">%s</S:Value></S:Subcode></S:Code>`, prefix, c.space, c.subcode)
				}
				body := w.Body.String()
				if w.Code != 500 || !strings.Contains(body, want) {
					t.Errorf("%d %s\nwant %s", w.Code, body, want)
				}
				if c.code != nil && !strings.Contains(body, c.code.TextIn("EN")) {
					t.Errorf("the fault does not say why: %s", body)
				}
				// The blocks after it count, whatever it was refused for.
				if !strings.Contains(body, ">urn:q:&amp;1</wsa:RelatesTo>") || !strings.Contains(body, wsa2005+"/soap/fault</wsa:Action>") {
					t.Errorf("the fault relates to nothing: %s", body)
				}
			})
		}
	}
}
