package card

import (
	"slices"
	"strings"
	"unicode"
)

// verificationNames are names of what proves that somebody holds a card, its
// verification code or the data of its tracks, without regard to case and to what
// is neither letter nor digit.
var verificationNames = []string{
	"cvv", "cvv2", "cvc", "cvc2", "cvn", "cvn2", "cav", "cav2", "csc", "cid2", "icvv", "dcvv",
	"cvvcode", "cvccode", "cvvnumber", "cvcnumber", "cvvvalue", "cvcvalue", "cardcvv", "cardcvc",
	"securitycode", "cardsecuritycode", "cardcode", "verificationcode", "verificationvalue",
	"cardverificationcode", "cardverificationvalue", "cardverificationnumber", "cardverification",
	"track", "track1", "track2", "track3", "trackdata", "track1data", "track2data", "track3data", "trackone", "tracktwo",
	"magstripe", "magneticstripe", "magstripedata", "magneticstripedata", "pinblock",
}

// Verifies reports whether a name is one of what proves that somebody holds a card,
// which nobody may keep.
func Verifies(name string) bool {
	plain := strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return unicode.ToLower(c)
		}
		return -1
	}, name)
	return slices.Contains(verificationNames, plain)
}

// HoldsTrack reports whether a text holds the data of a card's magnetic stripe (ISO
// 7813): B, the number, ^, as on track 1; the number, = and four digits of its
// expiry, as on track 2.
func HoldsTrack(text string) bool {
	for i := shortest; i < len(text); i++ {
		if text[i] != '^' && text[i] != '=' {
			continue
		}
		start := i
		for start > 0 && isDigit(text[start-1]) {
			start--
		}
		switch n := i - start; {
		case n < shortest || n > longest:
		case text[i] == '^' && start > 0 && (text[start-1] == 'B' || text[start-1] == 'b'):
			return true
		case text[i] == '=' && len(text) > i+4 && isDigit(text[i+1]) && isDigit(text[i+2]) && isDigit(text[i+3]) && isDigit(text[i+4]):
			return true
		}
	}
	return false
}
