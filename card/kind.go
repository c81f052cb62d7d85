package card

import "strings"

// Kind is what a key holds, as far as card numbers go.
type Kind uint8

// The kinds. A Text must not look like a card number. An Identifier is a number of
// a device, a network, a person or a bank, which may. A Reference was made by a
// gateway, a bank or a shop: what looks like a card number in it is kept masked.
const (
	Unsaid Kind = iota // for who has no kind to tell; KindOf tells one
	Text
	Identifier
	Reference
)

// KindOf is the kind that a key's name says, in any spelling: IMEI_2, phoneNumber.
func KindOf(key string) Kind {
	switch words := wordsOf(key); {
	case formOf(words) != nil:
		return Identifier
	case len(words) == 2 && referred[words[0]] && refers[words[1]]:
		return Reference
	}
	return Text
}

// Identifies reports whether a text is nothing but a number of the kind that a
// key's name says, whatever card it looks like. Under a key that names no such kind
// nothing is.
func Identifies(key, text string) bool {
	fits := formOf(wordsOf(key))
	return fits != nil && fits(text)
}

// What gateways and banks make references of, and what they call them.
var (
	referred = wordSet("TRANSACTION PAYMENT GATEWAY ACQUIRER PSP AUTHORIZATION AUTHORISATION CAPTURE REFUND SETTLEMENT REMITTANCE")
	refers   = wordSet("ID REFERENCE REF NUMBER NO NR CODE")
)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		set[word] = true
	}
	return set
}

// form reports whether a text is written as the numbers of one kind are.
type form func(text string) bool

// forms are those of numbers that may look like a card's, by the words that name
// them. Our ids need none: they begin with a year, and no scheme's numbers do.
var forms = func() map[string]form {
	of := map[string]form{}
	for words, fits := range map[string]form{
		"MSISDN PHONE TELEPHONE MOBILE CELLPHONE FAX": isPhone,
		"IMEI IMEISV MEID ESN":                        digits(8, 18),
		"IMSI":                                        digits(14, 15),
		"ICCID":                                       isICCID,
		"GLN EAN GTIN":                                digits(8, 14),
		"KID OCR":                                     digits(2, 25),
		"IBAN":                                        validIBAN,
		"VAT":                                         isVAT,
		"PERSONAL SSN":                                isPersonal,
	} {
		for word := range strings.FieldsSeq(words) {
			of[word] = fits
		}
	}
	return of
}()

func formOf(words []string) form {
	for _, word := range words {
		if fits := forms[word]; fits != nil {
			return fits
		}
	}
	return nil
}

// wordsOf parts a name where its words begin, in capitals and without the digits
// that count them: NEW_IMEI2 and newImei2 are NEW and IMEI.
func wordsOf(name string) []string {
	var words []string
	start := 0
	cut := func(end int) {
		if word := strings.TrimRight(name[start:end], "0123456789"); word != "" {
			words = append(words, strings.ToUpper(word))
		}
	}
	for i := range len(name) {
		switch c := name[i]; {
		case c == '_' || c == '-' || c == '.' || c == ' ' || c == ':':
			cut(i)
			start = i + 1
		case i > start && isUpper(c) && (!isUpper(name[i-1]) || i+1 < len(name) && isLower(name[i+1])):
			cut(i)
			start = i
		}
	}
	cut(len(name))
	return words
}

// numeral is the digits of a text that has only those and what people write between
// them, "" when it has others.
func numeral(text string) string {
	var digits strings.Builder
	for i := range len(text) {
		switch c := text[i]; {
		case isDigit(c):
			digits.WriteByte(c)
		case strings.IndexByte("+()-./ ", c) < 0:
			return ""
		}
	}
	return digits.String()
}

// digits are numbers of at least and at most as many.
func digits(least, most int) form {
	return func(text string) bool {
		n := len(numeral(text))
		return least <= n && n <= most
	}
}

// isPhone: ITU-T E.164 has 15 digits at most; a prefix to dial abroad is beside.
func isPhone(text string) bool {
	n := numeral(text)
	n = strings.TrimPrefix(n, "011")
	n = strings.TrimPrefix(n, "00")
	return n != "" && len(n) <= 15
}

// isICCID: ITU-T E.118 has all of them begin with 89.
func isICCID(text string) bool {
	n := numeral(text)
	return 18 <= len(n) && len(n) <= 22 && strings.HasPrefix(n, "89")
}

// isVAT: a country's letters and 12 digits at most, as Sweden's SE502032908101.
func isVAT(text string) bool {
	n := len(numeral(strings.TrimLeftFunc(text, func(r rune) bool { return r < 0x80 && isLetter(byte(r)) })))
	return 8 <= n && n <= 12
}

// isPersonal: no country's number of a person or company has more than 13 digits,
// but China's, whose 7th to 14th are a birthday. South Africa's 13 have a Luhn digit.
func isPersonal(text string) bool {
	n := numeral(text)
	return 6 <= len(n) && len(n) <= 13 || len(n) == 18 && (n[6:8] == "19" || n[6:8] == "20")
}
