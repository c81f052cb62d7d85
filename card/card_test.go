package card_test

import (
	"fmt"
	"strings"
	"testing"

	"rator/card"
)

// testCards are the numbers that schemes and payment providers publish for tests.
var testCards = []string{
	"4111111111111111", "4012888888881881", "4242424242424242", "4222222222222", "4000056655665556", "4917610000000000", "4917484589897107", "4988438843884305", // Visa
	"4571736000000075",                                                                                                     // Visa with Dankort
	"5555555555554444", "5105105105105100", "5200828282828210", "2223003122003222", "2221000000000009", "2720992718374690", // Mastercard
	"378282246310005", "371449635398431", "378734493671000", "343434343434343", // American Express
	"30569309025904", "38520000023237", "36006666333344", "36700102000000", "3056930009020004", "30950000000000", // Diners Club
	"6011111111111117", "6011000990139424", "6445644564456445", "6500000000000002", // Discover
	"3530111333300000", "3566002020360505", "3569990010095841", // JCB
	"6200000000000005", "6243030000000001", "6205500000000000004", "8171999927660000", "8171999900000000021", // UnionPay
	"5000550000000029", "6759649826438453", "6771798021000008", "6304000000000000", "5018000000000009", "6799990100000000019", "6761000000000006", // Maestro
	"5019555544445555", "5019717010103742", // Dankort
	"2201382000000013", "2200770239097761", "9792030000000000", "5066991111111118", "6362970000457013", "6062826786276634", // Mir, Troy, Elo, Hipercard
	"135410014004955",                                             // UATP
	"5061460410120223210", "6074820000000009", "6521520000000004", // Verve, RuPay
}

// written are the ways in which a number may stand in a text.
func written(number string) []string {
	grouped := func(size int, gap string) string {
		var groups []string
		for rest := number; rest != ""; rest = rest[min(size, len(rest)):] {
			groups = append(groups, rest[:min(size, len(rest))])
		}
		return strings.Join(groups, gap)
	}
	as := func(zero rune) string {
		return strings.Map(func(r rune) rune { return zero + r - '0' }, number)
	}
	forms := []string{number, as('０'), as('٠'), as('०'), as('\U0001D7CE'), number[:5] + "\u200B" + number[5:], number[:7] + "\n" + number[7:], number[:1] + "\r\n    " + number[1:]}
	for _, gap := range []string{" ", "-", ".", " - ", "\u00A0", "\u202F", "\u2009", "\u2013", "\u2011", "_", "/", "\n", "\r\n\t", ". "} {
		forms = append(forms, grouped(4, gap), grouped(1, gap), grouped(6, gap), number[:4]+gap+number[4:10]+gap+number[10:])
	}
	return forms
}

func TestEveryBrandOfCardIsSeen(t *testing.T) {
	for _, number := range testCards {
		for _, form := range written(number) {
			for _, text := range []string{form, "token:" + form, form + ", 12-28", "x" + form + "y", "Kort 2026 " + form + " 12/28", "é" + form, "Ref A-1 (" + form + ")", form + " 123"} {
				if !card.Holds(text) {
					t.Errorf("%q passes", text)
				}
				masked := card.Mask(text)
				if card.Holds(masked) || !strings.Contains(masked, "xxxxxx") {
					t.Errorf("%q is masked as %q", text, masked)
				}
			}
		}
		last := number[:len(number)-1]
		if card.Holds(last + fmt.Sprint((number[len(number)-1]-'0'+1)%10)) {
			t.Errorf("%s with another check digit is refused", number)
		}
	}
}

func TestWhatIsNoCard(t *testing.T) {
	for _, text := range []string{
		"", "Åse Ørsted", "4111 1111", "411111111111", "201401010000000301",
		"30.5.2026 - 30.6.2026", "2026-11-29 12:30:45.123456", "4.11.2026 14.12.2026", "04.11.26 14.12.26 13.01.27",
		"DK5000400440116243", "IBAN DK50 0040 0440 1162 43", "4111111111111111111111", "1111411111111111111111",
		"4,111,111,111,111,111", "4111:1111:1111:1111", "+49 151 12345675", "xxxxxx1111", "411111******1111",
	} {
		if card.Holds(text) || card.Mask(text) != text {
			t.Errorf("%q is taken for a card", text)
		}
	}
}

func TestHoldsNumeral(t *testing.T) {
	for literal, want := range map[string]bool{
		"4111111111111111": true, "-4111111111111111": true, "4111111111111111.00": true, "4.111111111111111": false, "4111.111111111111": false, "49.99": false, "": false,
	} {
		if got := card.HoldsNumeral(literal); got != want {
			t.Errorf("%s: %t", literal, got)
		}
	}
}

func TestMaskNumber(t *testing.T) {
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
		if got := card.MaskNumber(number); got != want {
			t.Errorf("%q is kept as %q, want %q", number, got, want)
		}
	}
}

func TestMaskLeavesTheRest(t *testing.T) {
	for text, want := range map[string]string{
		"paid 4111 1111 1111 1111 by Bo, 5500000000000004":  "paid xxxxxx1111 by Bo, xxxxxx0004",
		"4111 0531 1111 4861 1111 1111 1154":                "xxxxxxxxxxxx1154",
		"order 201401010000000301 of 2026-11-29, 49.95 EUR": "order 201401010000000301 of 2026-11-29, 49.95 EUR",
	} {
		if got := card.Mask(text); got != want {
			t.Errorf("%q is kept as %q, want %q", text, got, want)
		}
	}
}

func TestTracks(t *testing.T) {
	for text, want := range map[string]bool{
		"%B4111111111111111^EK/BO^2512101000?": true, "B1234567890123456^EK/BO^2512": true,
		";4111111111111111=25121010000000000000?": true, "1234567890123456=2512": true,
		"A=12345678901234=x": false, "x=1234567890123456": false, "1234=2512": false, "a^2": false, "": false,
	} {
		if got := card.HoldsTrack(text); got != want {
			t.Errorf("%s: %t", text, got)
		}
	}
}

func FuzzMask(f *testing.F) {
	for _, number := range testCards[:4] {
		for _, form := range written(number) {
			f.Add(form + " " + number)
		}
	}
	key := card.NewKey(make([]byte, 32))
	f.Fuzz(func(t *testing.T, text string) {
		masked, concealed := card.Mask(text), key.Conceal(text)
		if card.Holds(masked) || card.Holds(concealed) {
			t.Errorf("%q is kept as %q, %q", text, masked, concealed)
		}
		if !card.Holds(text) && (masked != text || concealed != text) {
			t.Errorf("%q has no card, and is kept as %q, %q", text, masked, concealed)
		}
		if key.Conceal(concealed) != concealed {
			t.Errorf("%q changes when it is concealed again", concealed)
		}
	})
}
