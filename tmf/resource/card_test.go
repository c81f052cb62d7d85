package resource

import (
	"math/rand/v2"
	"strings"
	"testing"

	"rator/store"
	"rator/tmf/jsondoc"
	"rator/tmf/problem"
)

func TestCardDataIsRefused(t *testing.T) {
	limits := jsondoc.DefaultLimits()
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
		{`{"contactMedium":[{"type":"TelephoneNumber","medium":{"number":"4222222222222"}}]}`, ""},
		{`{"contactMedium":[{"type":"TelephoneNumber","medium":{"number":"4111111111111111"}}]}`, "contactMedium[0].medium.number "},
		{`{"contactMedium":[{"type":"mobile","characteristic":{"phoneNumber":"+42 22.22 (22) 22-22/2"}}]}`, ""},
		{`{"contactMedium":[{"mediumType":"fax","characteristic":{"faxNumber":"00378282246310005"}}]}`, ""},
		{`{"contact":[{"contactMedium":[{"type":"Fax","medium":{"number":"378282246310005"}}]}]}`, ""},
		{`{"characteristic":[{"name":"imeiSv","value":"4111111111111111"},{"name":"KID","value":"4111111111111111"}]}`, ""},
		{`{"characteristic":[{"name":"colour","value":"4111111111111111"}]}`, "characteristic[0].value "},
		{`{"characteristic":[{"name":"x","value":"a %B1234567890123456^EK/BO^2512"}]}`, "characteristic[0].value "},
		{`{"price":4.111111111111111,"share":-49.99000000000001}`, ""},
		{`{"description":"４１１１１１１１１１１１１１１１"}`, "description "},
		{`{"description":"4111 1111\n1111 1111, 12/28"}`, "description "},
		{`{"contactMedium":[{"type":"Email","medium":{"number":"4111111111111111"}}]}`, "contactMedium[0].medium.number "},
		{`{"contactMedium":[{"type":"phone","medium":{"number":"Visa 4111111111111111"}}]}`, "contactMedium[0].medium.number "},
		{`{"contactMedium":[{"type":"phone","medium":{"note":"4111111111111111"}}]}`, "contactMedium[0].medium.note "},
		{`{"contactMedium":[{"type":"phone","medium":{"number":{"number":"4111111111111111"}}}]}`, "contactMedium[0].medium.number.number "},
		{`{"contactMedium":[{"type":"phone","number":"4111111111111111"}]}`, "contactMedium[0].number "},
		{`{"contactMedium":[{"type":"phone","medium":{"cvv":"411"}}]}`, "contactMedium[0].medium.cvv "},
		{`{"type":"phone","number":"4111111111111111"}`, "number "},
		{`{"name":"cvv"}`, ""},
	} {
		doc, err := jsondoc.Read(c.doc, &limits)
		if err != nil {
			t.Fatal(err)
		}
		err = refuseCardData(doc, jsondoc.Value{})
		switch {
		case c.at == "" && err != nil:
			t.Errorf("%s: %v", c.doc, err)
		case c.at != "" && (problem.Of(err) == nil || problem.Of(err).Code != problem.BadUsage || !strings.Contains(err.Error(), c.at)):
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

// TestTelecomNumbersArePassed: 100,000 documents with an IMEI, an ICCID, an id, a
// phone number where one belongs, and there one that passes for a card, too.
func TestTelecomNumbersArePassed(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	digits := func(prefix string, length int) string {
		for len(prefix) < length {
			prefix += string(rune('0' + r.IntN(10)))
		}
		return prefix
	}
	luhn := func(prefix string, length int) string {
		text := digits(prefix, length-1)
		sum := 0
		for i := range len(text) {
			d := int(text[len(text)-1-i] - '0')
			if i%2 == 0 {
				if d *= 2; d > 9 {
					d -= 9
				}
			}
			sum += d
		}
		return text + string(rune('0'+(10-sum%10)%10))
	}
	one := func(of ...string) string { return of[r.IntN(len(of))] }
	entry := func(name, value string) jsondoc.Value {
		return jsondoc.ObjectOf(jsondoc.MemberOf("name", jsondoc.Text(name)), jsondoc.MemberOf("value", jsondoc.Text(value)))
	}
	cards, refused := 0, 0
	for range 100_000 {
		phoneNumber := one("+", "00", "") + luhn(one("4", "34", "37", "36", "300"), 12+r.IntN(4))
		doc := jsondoc.ObjectOf(
			jsondoc.MemberOf("name", jsondoc.Text("A")),
			jsondoc.MemberOf("characteristic", jsondoc.ArrayOf(
				entry("imei", luhn(one("01", "35", "86", "99"), 15)), entry("iccid", luhn(one("8901", "8945", "8986"), 19+r.IntN(2))),
				entry("id", store.ID(20140101000000+r.Int64N(1<<40)).String()), entry("msisdn", digits(one("4520", "4670", "336", "49170"), 11)))),
			jsondoc.MemberOf("contactMedium", jsondoc.ArrayOf(jsondoc.ObjectOf(jsondoc.MemberOf("type", jsondoc.Text("TelephoneNumber")), jsondoc.MemberOf("medium", jsondoc.ObjectOf(jsondoc.MemberOf("number", jsondoc.Text(phoneNumber))))))))
		if err := refuseCardData(doc, jsondoc.Value{}); err != nil {
			if refused++; refused < 5 {
				t.Errorf("%s: %v", doc, err)
			}
		}
		if refuseCardData(jsondoc.ObjectOf(jsondoc.MemberOf("description", jsondoc.Text(phoneNumber))), jsondoc.Value{}) != nil {
			cards++
		}
	}
	if refused > 0 || cards < 5_000 {
		t.Errorf("%d of 100,000 refused; %d of the phone numbers pass for cards", refused, cards)
	}
}

// TestWhatWasShownIsNotLookedAt: a change of something else passes, whatever other
// faces have put in.
func TestWhatWasShownIsNotLookedAt(t *testing.T) {
	shown := jsondoc.ObjectOf(jsondoc.MemberOf("name", jsondoc.Text("4111111111111111")), jsondoc.MemberOf("status", jsondoc.Text("a")))
	if err := refuseCardData(shown.With("status", jsondoc.Text("b")), shown); err != nil {
		t.Error(err)
	}
	if err := refuseCardData(shown.With("name", jsondoc.Text("4111111111111111 ")), shown); err == nil {
		t.Error("a new card number passes")
	}
}
