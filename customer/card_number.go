package customer

import (
	"strings"

	"rator/failure"
)

// CardNumberRefused is told where an opaque ticket is wanted and what came looks
// like the number of a payment card (security.md, "Card data").
var CardNumberRefused = failure.Declare(430, "CARD_NUMBER_REFUSED", failure.Invalid, failure.Text{
	"EN": "card numbers are not accepted, send a ticket", "DK": "kortnumre modtages ikke, send en billet", "SE": "kortnummer tas inte emot, skicka en biljett",
	"NO": "kortnumre tas ikke imot, send en billett", "FR": "les numéros de carte ne sont pas acceptés, envoyez un ticket", "DE": "Kartennummern werden nicht angenommen, senden Sie ein Ticket"})

// cardBrand is the numbers of one kind of card: those that begin with a prefix
// from first to last, which have as many digits, of a length in lengths.
type cardBrand struct {
	first, last string
	lengths     []int
}

// cardBrands are the number ranges of the schemes in use, the wider ones first.
var cardBrands = []cardBrand{
	{"4", "4", []int{13, 16, 18, 19}},                       // Visa, Electron
	{"51", "55", []int{16}},                                 // Mastercard
	{"2221", "2720", []int{16}},                             // Mastercard
	{"34", "34", []int{15}},                                 // American Express
	{"37", "37", []int{15}},                                 // American Express
	{"300", "305", []int{14, 16}},                           // Diners Club
	{"309", "309", []int{14, 16}},                           // Diners Club
	{"36", "36", []int{14, 16, 17, 18, 19}},                 // Diners Club
	{"38", "39", []int{14, 16, 17, 18, 19}},                 // Diners Club, Discover
	{"60", "60", []int{16, 17, 18, 19}},                     // Discover, RuPay, Hipercard
	{"64", "65", []int{16, 17, 18, 19}},                     // Discover, RuPay, Elo
	{"62", "62", []int{16, 17, 18, 19}},                     // UnionPay, Elo
	{"81", "82", []int{16, 17, 18, 19}},                     // UnionPay, RuPay
	{"3528", "3589", []int{16, 17, 18, 19}},                 // JCB
	{"1800", "1800", []int{15}},                             // JCB
	{"2131", "2131", []int{15}},                             // JCB
	{"50", "50", []int{16, 17, 18, 19}},                     // Maestro, Dankort, Elo, Verve, RuPay
	{"5018", "5018", []int{12, 13, 14, 15}},                 // Maestro
	{"5020", "5020", []int{12, 13, 14, 15}},                 // Maestro
	{"5038", "5038", []int{12, 13, 14, 15}},                 // Maestro
	{"56", "58", []int{16, 17, 18, 19}},                     // Maestro
	{"5893", "5893", []int{12, 13, 14, 15}},                 // Maestro
	{"63", "63", []int{16, 17, 18, 19}},                     // Maestro, Elo, InterPayment, InstaPayment
	{"6304", "6304", []int{12, 13, 14, 15}},                 // Laser
	{"66", "69", []int{16, 17, 18, 19}},                     // Maestro
	{"6759", "6759", []int{12, 13, 14, 15}},                 // Maestro UK
	{"6761", "6763", []int{12, 13, 14, 15}},                 // Maestro
	{"0604", "0604", []int{12, 13, 14, 15, 16, 17, 18, 19}}, // Maestro UK
	{"2200", "2205", []int{16, 17, 18, 19}},                 // Mir, Borica
	{"8600", "8600", []int{16}},                             // Uzcard
	{"9704", "9704", []int{16, 19}},                         // Napas
	{"9792", "9792", []int{16}},                             // Troy
	{"9860", "9860", []int{16}},                             // Humo
	{"11", "19", []int{15}},                                 // UATP; 10 is a DECT phone's IMEI
}

// mobilePrefixes begin the phone numbers, with country calling code, that are as
// long as the shortest card numbers: German and Austrian mobile phones.
var mobilePrefixes = []string{"4915", "4916", "4917", "436"}

// HoldsCardNumber reports whether a text holds what looks like the number of a
// payment card: a scheme's prefix, its length, and the Luhn check, with single
// spaces, dots or dashes between the digits or none. Neither an IMEI nor an ICCID
// does, although both end in a Luhn digit, for no scheme has their prefixes.
func HoldsCardNumber(text string) bool {
	for text != "" {
		var run string
		if run, text = digitRun(text); isCardNumber(run) {
			return true
		}
	}
	return false
}

// digitRun takes the first run of digits from a text, without what separates
// them, and gives the rest.
func digitRun(text string) (run, rest string) {
	start := strings.IndexAny(text, "0123456789")
	if start < 0 {
		return "", ""
	}
	var digits strings.Builder
	i := start
	for i < len(text) {
		switch c := text[i]; {
		case '0' <= c && c <= '9':
			digits.WriteByte(c)
		case strings.IndexByte(" .-", c) < 0, i+1 == len(text), text[i+1] < '0', text[i+1] > '9':
			return digits.String(), text[i:]
		}
		i++
	}
	return digits.String(), ""
}

func isCardNumber(digits string) bool {
	if len(digits) < 12 || len(digits) > 19 || !luhn(digits) {
		return false
	}
	for _, mobile := range mobilePrefixes {
		if len(digits) <= 13 && strings.HasPrefix(digits, mobile) {
			return false
		}
	}
	for _, b := range cardBrands {
		prefix := digits[:len(b.first)]
		for _, length := range b.lengths {
			if length == len(digits) && b.first <= prefix && prefix <= b.last {
				return true
			}
		}
	}
	return false
}

// luhn reports whether the last digit is the check digit of the others.
func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
