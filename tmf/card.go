package tmf

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"rator/customer"
)

// Card data (security.md, "Card data"): the number of a card is masked before it
// is kept, what proves that somebody holds the card is refused, and a card number
// anywhere else is refused too.

// cardMask stands for the digits of a card number that are not kept.
const cardMask = "xxxxxx"

// cardDigits are the last digits of a card number, which are kept.
const cardDigits = 4

// maskCardNumber gives a card number as it may be kept: the mask and the last four
// digits. One that shows no more than four digits is masked already, and stays.
func maskCardNumber(number string) string {
	var digits []rune
	for _, c := range number {
		if unicode.IsNumber(c) {
			digits = append(digits, c)
		}
	}
	if len(digits) <= cardDigits {
		return number
	}
	return cardMask + string(digits[len(digits)-cardDigits:])
}

// verificationNames are the members that hold a card's verification code or the
// data of its tracks, without regard to case and to what is neither letter nor
// digit.
var verificationNames = []string{
	"cvv", "cvv2", "cvc", "cvc2", "cvn", "cvn2", "cav", "cav2", "csc", "cid2", "icvv", "dcvv",
	"cvvcode", "cvccode", "cvvnumber", "cvcnumber", "cvvvalue", "cvcvalue", "cardcvv", "cardcvc",
	"securitycode", "cardsecuritycode", "cardcode", "verificationcode", "verificationvalue",
	"cardverificationcode", "cardverificationvalue", "cardverificationnumber", "cardverification",
	"track", "track1", "track2", "track3", "trackdata", "track1data", "track2data", "track3data", "trackone", "tracktwo",
	"magstripe", "magneticstripe", "magstripedata", "magneticstripedata", "pinblock",
}

func isVerificationName(name string) bool {
	plain := strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return unicode.ToLower(c)
		}
		return -1
	}, name)
	return slices.Contains(verificationNames, plain)
}

// refuseCardData fails with a *Problem when a document, at any depth, has a member
// for a card's verification code or tracks, also as a pair of name and value, or
// holds what looks like the number of a card. Where an IBAN belongs one may stand,
// for its digits mean nothing to a card, and where the number of a telephone or fax
// belongs anything that people can dial: some of these look like cards.
//
// What doc has as shown has it is not looked at: nobody sends it now, and other
// faces may have put it there.
func refuseCardData(doc, shown Value) error {
	if doc.kind != Object {
		return cardCheck{}.refuse(doc, "")
	}
	fresh := make([]Member, 0, len(doc.members))
	for _, m := range doc.members {
		if was, found := shown.Get(m.Name); !found || !was.identical(m.Value) {
			fresh = append(fresh, m)
		}
	}
	return cardCheck{}.refuse(ObjectOf(fresh...), "")
}

// cardCheck is where in a document refuseCardData is.
type cardCheck struct {
	inMedium bool // in what the contact medium of a telephone or fax says
}

func (c cardCheck) refuse(v Value, path string) error {
	switch v.kind {
	case String, Number:
		if customer.HoldsCardNumber(v.text) {
			return BadUsage.With("%s: %s holds what looks like the number of a payment card", customer.CardNumberRefused.Name, path)
		}
	case Array:
		for i, item := range v.items {
			if err := (cardCheck{}).refuse(item, fmt.Sprintf("%s[%d]", path, i)); err != nil {
				return err
			}
		}
	case Object:
		return c.refuseIn(v, path)
	}
	return nil
}

func (c cardCheck) refuseIn(v Value, path string) error {
	if name, _ := v.Get("name"); isVerificationName(name.text) {
		if _, pair := v.Get("value"); pair {
			return verificationRefused(below(path, "name"))
		}
	}
	medium := saysPhone(v)
	for _, m := range v.members {
		where := below(path, m.Name)
		switch {
		case isVerificationName(m.Name):
			return verificationRefused(where)
		case customer.HoldsCardNumber(m.Name):
			return BadUsage.With("%s: the name of a member of %s holds what looks like the number of a payment card", customer.CardNumberRefused.Name, whereIs(path))
		case strings.EqualFold(m.Name, "iban") && isIBAN(m.Value.text):
			continue
		case c.inMedium && slices.Contains(phoneNames, m.Name) && canBeDialled(m.Value):
			continue
		}
		below := cardCheck{inMedium: medium && (m.Name == "medium" || m.Name == "characteristic")}
		if err := below.refuse(m.Value, where); err != nil {
			return err
		}
	}
	return nil
}

// phoneNames are what dialects call the number of a telephone or fax.
var phoneNames = []string{"number", "phoneNumber", "faxNumber"}

// saysPhone reports whether an object is a contact medium of a telephone or fax.
func saysPhone(v Value) bool {
	for _, name := range []string{"type", "mediumType"} {
		if kind := kindOfMedium(textIn(v, name)); kind == phone || kind == fax {
			return true
		}
	}
	return false
}

// canBeDialled reports whether a text is nothing but a phone number, as people
// write it, of at most the digits of ITU-T E.164 and a prefix to dial abroad.
func canBeDialled(v Value) bool {
	digits := 0
	for _, c := range v.text {
		switch {
		case '0' <= c && c <= '9':
			digits++
		case !strings.ContainsRune("+()-./ ", c):
			return false
		}
	}
	return v.kind == String && digits <= 19
}

func verificationRefused(path string) *Problem {
	return BadUsage.With("%s: %s is for a card's verification code or track data, which must not be sent", customer.CardNumberRefused.Name, path)
}

func whereIs(path string) string {
	if path == "" {
		return "the document"
	}
	return path
}

// isIBAN reports whether a text is one: a country's two letters, two check digits
// and 11 to 30 letters and digits, spaces aside, that pass the check.
func isIBAN(text string) bool {
	text = strings.ToUpper(strings.ReplaceAll(text, " ", ""))
	if len(text) < 15 || len(text) > 34 {
		return false
	}
	rest := 0
	for i := range len(text) {
		c := text[(i+4)%len(text)]
		switch {
		case isDigit(c):
			rest = (rest*10 + int(c-'0')) % 97
		case 'A' <= c && c <= 'Z':
			rest = (rest*100 + int(c-'A') + 10) % 97
		default:
			return false
		}
	}
	return rest == 1 && !isDigit(text[0]) && !isDigit(text[1]) && isDigit(text[2]) && isDigit(text[3])
}
