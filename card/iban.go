package card

import "strings"

// isIBAN reports whether the digits are the rest of a bank account's number that
// begins with the country before them: a checked number of another kind, which has
// a card's prefix by chance (ISO 13616).
func isIBAN(before string, digits []digit) bool {
	n := len(before)
	if n < 2 || !isUpper(before[n-1]) || !isUpper(before[n-2]) || n > 2 && isLetter(before[n-3]) || len(digits) > 32 {
		return false
	}
	var check iban
	for _, d := range digits[2:] {
		check.add(d.character)
	}
	check.add(before[n-2])
	check.add(before[n-1])
	for _, d := range digits[:2] {
		check.add(d.character)
	}
	return check == 1
}

// iban is the remainder of an IBAN's characters so far, its first four last.
type iban int

func (i *iban) add(c byte) {
	if isUpper(c) {
		*i = (*i*100 + iban(c-'A') + 10) % 97
		return
	}
	*i = (*i*10 + iban(c-'0')) % 97
}

// validIBAN reports whether a text is one: a country's two letters, two check digits
// and 11 to 30 letters and digits, spaces aside, that pass the check (ISO 13616).
func validIBAN(text string) bool {
	text = strings.ToUpper(strings.ReplaceAll(text, " ", ""))
	if len(text) < 15 || len(text) > 34 || !isUpper(text[0]) || !isUpper(text[1]) || !isDigit(text[2]) || !isDigit(text[3]) {
		return false
	}
	var check iban
	for i := range len(text) {
		c := text[(i+4)%len(text)]
		if !isUpper(c) && !isDigit(c) {
			return false
		}
		check.add(c)
	}
	return check == 1
}

func isUpper(c byte) bool  { return 'A' <= c && c <= 'Z' }
func isLower(c byte) bool  { return 'a' <= c && c <= 'z' }
func isLetter(c byte) bool { return isUpper(c) || isLower(c) }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
