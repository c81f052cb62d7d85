package card

// scheme is numbers of one kind of card: those whose first digits are from first
// to last, which have as many digits, of a length in lengths.
type scheme struct {
	first, last string
	lengths     []int
}

var (
	longer = []int{16, 17, 18, 19}
	short  = []int{12, 13, 14, 15} // of Maestro, besides longer
	diners = []int{14, 16, 17, 18, 19}
)

// schemes are the ranges of issuer identification numbers in use (ISO/IEC 7812).
// All of them have a Luhn digit: those of UnionPay that work abroad do, and without
// it every long number that begins with 62 would be one.
var schemes = []scheme{
	{"4", "4", []int{13, 16, 18, 19}},          // Visa, Electron; with Dankort, Elo, Switch
	{"51", "55", []int{16}},                    // Mastercard
	{"2221", "2720", []int{16}},                // Mastercard
	{"34", "34", []int{15}},                    // American Express
	{"37", "37", []int{15}},                    // American Express
	{"300", "305", diners},                     // Diners Club
	{"309", "309", diners},                     // Diners Club
	{"36", "36", diners},                       // Diners Club
	{"38", "39", diners},                       // Diners Club, Discover, Hipercard
	{"60", "60", longer},                       // Discover, RuPay, Hipercard, UkrCard
	{"64", "65", longer},                       // Discover, RuPay, Elo, Troy, Verve
	{"62", "62", longer},                       // UnionPay, Discover, Elo
	{"81", "82", longer},                       // UnionPay, RuPay
	{"3528", "3589", longer},                   // JCB, RuPay, LankaPay
	{"1800", "1800", []int{15}},                // JCB
	{"2131", "2131", []int{15}},                // JCB
	{"50", "50", longer},                       // Maestro, Dankort, Elo, Verve, RuPay, Mir with Maestro
	{"5018", "5018", short},                    // Maestro
	{"5020", "5020", short},                    // Maestro
	{"5038", "5038", short},                    // Maestro
	{"56", "58", longer},                       // Maestro, Bankcard, Uzcard, Cabal, Naranja
	{"5893", "5893", short},                    // Maestro
	{"63", "63", longer},                       // Maestro, Elo, Solo, InterPayment, InstaPayment
	{"6304", "6304", short},                    // Laser
	{"66", "69", longer},                       // Maestro, Bancontact, Solo
	{"6759", "6759", short},                    // Maestro UK
	{"6761", "6763", short},                    // Maestro
	{"0604", "0604", append(short, longer...)}, // Maestro UK
	{"1946", "1946", []int{16}},                // GPN
	{"2200", "2205", longer},                   // Mir, Borica, PayPak
	{"8600", "8600", []int{16}},                // Uzcard
	{"9051", "9051", []int{16}},                // ArCa
	{"9112", "9112", []int{16}},                // Belkart
	{"9417", "9417", []int{16}},                // Elcart
	{"9704", "9704", []int{16, 19}},            // Napas
	{"9792", "9792", []int{16}},                // Troy
	{"9860", "9860", []int{16}},                // Humo
	{"11", "19", []int{15}},                    // UATP; 10 is a DECT phone's IMEI
}

// schemesOf are the schemes by the first two digits of their numbers.
var schemesOf = func() (of [100][]scheme) {
	for _, s := range schemes {
		for first := range of {
			two := string([]byte{byte('0' + first/10), byte('0' + first%10)})
			n := min(2, len(s.first))
			if s.first[:n] <= two[:n] && two[:n] <= s.last[:n] {
				of[first] = append(of[first], s)
			}
		}
	}
	return of
}()

// The lengths of card numbers.
const (
	shortest = 12
	longest  = 19
)

// mobiles begin the phone numbers, with country calling code, that are as long as
// the shortest card numbers: German and Austrian mobile phones.
var mobiles = []string{"4915", "4916", "4917", "436"}

// isNumber reports whether digits, all of them, are the number of a card.
func isNumber(digits []byte) bool {
	if len(digits) < shortest || len(digits) > longest {
		return false
	}
	for _, s := range schemesOf[(digits[0]-'0')*10+digits[1]-'0'] {
		if s.has(digits) {
			return luhn(digits) && !isMobile(digits)
		}
	}
	return false
}

func (s scheme) has(digits []byte) bool {
	for _, length := range s.lengths {
		if length == len(digits) {
			prefix := digits[:len(s.first)]
			return s.first <= string(prefix) && string(prefix) <= s.last
		}
	}
	return false
}

func isMobile(digits []byte) bool {
	if len(digits) > 13 {
		return false
	}
	for _, mobile := range mobiles {
		if string(digits[:len(mobile)]) == mobile {
			return true
		}
	}
	return false
}

// luhn reports whether the last digit is the check digit of the others.
func luhn(digits []byte) bool {
	sum := 0
	for i := range digits {
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
