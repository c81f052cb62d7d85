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
// holds what looks like the number of a card. Where an IBAN belongs one may
// stand: its digits mean nothing to a card.
func refuseCardData(v Value) error { return refuseCardDataIn(v, "") }

func refuseCardDataIn(v Value, path string) error {
	switch v.kind {
	case String, Number:
		if customer.HoldsCardNumber(v.text) {
			return BadUsage.With("%s: %s holds what looks like the number of a payment card", customer.CardNumberRefused.Name, path)
		}
	case Array:
		for i, item := range v.items {
			if err := refuseCardDataIn(item, fmt.Sprintf("%s[%d]", path, i)); err != nil {
				return err
			}
		}
	case Object:
		if name, _ := v.Get("name"); isVerificationName(name.text) {
			if _, pair := v.Get("value"); pair {
				return verificationRefused(below(path, "name"))
			}
		}
		for _, m := range v.members {
			where := below(path, m.Name)
			if isVerificationName(m.Name) {
				return verificationRefused(where)
			}
			if customer.HoldsCardNumber(m.Name) {
				return BadUsage.With("%s: the name of a member of %s holds what looks like the number of a payment card", customer.CardNumberRefused.Name, whereIs(path))
			}
			if strings.EqualFold(m.Name, "iban") && isIBAN(m.Value.text) {
				continue
			}
			if err := refuseCardDataIn(m.Value, where); err != nil {
				return err
			}
		}
	}
	return nil
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
