package tmf

import (
	"strings"
	"testing"
)

func TestCardNumbersAreMasked(t *testing.T) {
	for number, want := range map[string]string{
		"4111111111111111":    "xxxxxx1111",
		"4111 1111 1111 1234": "xxxxxx1234",
		"411111******1234":    "xxxxxx1234",
		"xxxxx1234":           "xxxxx1234",
		"xxxxxx1234":          "xxxxxx1234",
		"12345":               "xxxxxx2345",
		"٤١١١١١١١١١١١١١١١":    "xxxxxx١١١١",
		"":                    "",
	} {
		if got := maskCardNumber(number); got != want {
			t.Errorf("%q is kept as %q, want %q", number, got, want)
		}
	}
}

func TestCardDataIsRefused(t *testing.T) {
	limits := DefaultLimits()
	for _, c := range []struct{ doc, at string }{
		{`{"creditCard":{"cvv":"123"}}`, "creditCard.cvv "},
		{`{"creditCard":{"CVC":123}}`, "creditCard.CVC "},
		{`{"creditCard":{"cvv2":null}}`, "creditCard.cvv2 "},
		{`{"a":[{"b":{"Track_1":"%B4"}}]}`, "a[0].b.Track_1 "},
		{`{"track2":"x"}`, "track2 "},
		{`{"card-security-code":"1"}`, "card-security-code "},
		{`{"x":[{"name":"CVV","value":"123"}]}`, "x[0].name "},
		{`{"description":"it is 4111 1111-1111.1111"}`, "description "},
		{`{"n":4111111111111111}`, "n "},
		{`{"creditCard":{"type":"4111111111111111"}}`, "creditCard.type "},
		{`{"4111111111111111":1}`, "the document "},
		{`{"bankAccount":{"IBAN":"AB4111111111111111"}}`, "bankAccount.IBAN "},
		{`{"bankAccount":{"IBAN":"4111111111111111"}}`, "bankAccount.IBAN "},
		{`{"bankAccount":{"IBAN":["4111111111111111"]}}`, "bankAccount.IBAN[0] "},
		{`{"bankAccount":{"BIC":"PSSTFRPPPAR","IBAN":"FR4620061009010835927F33098"}}`, ""},
		{`{"bankAccount":{"IBAN":"DK50 0040 0440 1162 43"}}`, ""},
		{`{"id":"201401010000000204","imei":"490154203237518","iccid":"8945010000000000009","phone":"+436641234567"}`, ""},
		{`{"name":"cvv","track":{}}`, "track "},
		{`{"name":"cvv"}`, ""},
	} {
		doc, err := ReadJSON(c.doc, &limits)
		if err != nil {
			t.Fatal(err)
		}
		err = refuseCardData(doc)
		switch {
		case c.at == "" && err != nil:
			t.Errorf("%s: %v", c.doc, err)
		case c.at != "" && (problemOf(err) == nil || problemOf(err).ProblemCode != BadUsage || !strings.Contains(err.Error(), c.at)):
			t.Errorf("%s: got %v, want %s to be named", c.doc, err, c.at)
		case err != nil && strings.Contains(err.Error(), "1111"):
			t.Errorf("%s: the number is in the answer: %v", c.doc, err)
		}
	}
}

func TestCardsExpireAtTheEndOfAMonth(t *testing.T) {
	for literal, want := range map[string]string{
		"2014-09-30T00:00:00.0Z":    "2014-09-30T00:00:00.0Z",
		"2014-09-30":                "2014-09-30",
		"2014-09-01":                "2014-09-30T00:00:00Z",
		"2024-02-10T10:00:00Z":      "2024-02-29T00:00:00Z",
		"2014-09-01T00:00:00+02:00": "2014-09-30T00:00:00Z",
		"soon":                      "soon",
	} {
		if got := endOfMonth(literal); got != want {
			t.Errorf("%s is kept as %s, want %s", literal, got, want)
		}
	}
}
