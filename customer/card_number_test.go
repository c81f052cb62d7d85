package customer_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"rator/customer"
	"rator/store"
)

// The numbers that schemes and payment providers publish for tests.
var testCards = []string{
	"4111111111111111", "4012888888881881", "4242424242424242", "4222222222222", "4000056655665556", "4917610000000000", "4917484589897107", "4988438843884305", // Visa
	"5555555555554444", "5105105105105100", "5200828282828210", "2223003122003222", "2221000000000009", "2720992718374690", // Mastercard
	"378282246310005", "371449635398431", "378734493671000", "343434343434343", // American Express
	"30569309025904", "38520000023237", "36006666333344", "36700102000000", "3056930009020004", // Diners Club
	"6011111111111117", "6011000990139424", "6445644564456445", "6500000000000002", // Discover
	"3530111333300000", "3566002020360505", "3569990010095841", // JCB
	"6200000000000005", "6243030000000001", "6205500000000000004", "8171999927660000", "8171999900000000021", // UnionPay
	"5000550000000029", "6759649826438453", "6771798021000008", "6304000000000000", "5018000000000009", "6799990100000000019", "6761000000000006", // Maestro
	"5019555544445555", "5019717010103742", // Dankort
	"2201382000000013", "2200770239097761", "9792030000000000", "5066991111111118", "6362970000457013", "6062826786276634", // Mir, Troy, Elo, Hipercard
	"135410014004955",                         // UATP
	"5061460410120223210", "6074820000000009", // Verve, RuPay
}

func TestEveryBrandOfCardIsSeen(t *testing.T) {
	for _, card := range testCards {
		spaced := ""
		for i, digit := range card {
			if i > 0 && i%4 == 0 {
				spaced += " "
			}
			spaced += string(digit)
		}
		for _, text := range []string{card, spaced, "token:" + card, card + "/12-28", "x" + card + "y"} {
			if !customer.HoldsCardNumber(text) {
				t.Errorf("%q passes", text)
			}
		}
		last := card[:len(card)-1]
		if customer.HoldsCardNumber(last + fmt.Sprint((card[len(card)-1]-'0'+1)%10)) {
			t.Errorf("%s with another check digit is refused", card)
		}
	}
}

// Numbers that a telecom system is full of, and tickets as clients make them, are
// no card numbers, although many end in a Luhn digit.
func TestTelecomNumbersAreNoCards(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	digits := func(prefix string, length int) string {
		for len(prefix) < length {
			prefix += fmt.Sprint(r.IntN(10))
		}
		return prefix
	}
	one := func(of ...string) string { return of[r.IntN(len(of))] }
	imei := []string{"01", "35", "86", "99", "98", "45", "49", "91", "10"}
	iccid := []string{"8901", "8945", "8946", "8947", "8949", "8986"}
	mobiles := []struct {
		prefix string
		length int
	}{{"1303", 11}, {"4520", 10}, {"4670", 11}, {"4799", 10}, {"336", 11}, {"49151", 12}, {"49170", 13}, {"49160", 13}, {"4366", 13}, {"447", 12}, {"393", 12}, {"3538", 12}, {"3584", 12}, {"5255", 12}, {"5511", 13}, {"628", 13}, {"8613", 13}}
	kinds := map[string]func() string{
		"IMEI":  func() string { return withLuhn(digits(one(imei...), 14)) },
		"ICCID": func() string { return withLuhn(digits(one(iccid...), 18+r.IntN(2))) },
		"phone number": func() string {
			m := mobiles[r.IntN(len(mobiles))]
			return digits(m.prefix, m.length)
		},
		"id": func() string {
			return store.FirstIDAt(time.Unix(1<<30+r.Int64N(1<<30), 0)).String()[:14] + digits("", 4)
		},
		"ticket": func() string { return digits("2", 8+r.IntN(3)) + ":" + digits("1", 8+r.IntN(3)) },
	}
	for kind, number := range kinds {
		for range 100_000 {
			if n := number(); customer.HoldsCardNumber(n) {
				t.Errorf("%s %s is refused", kind, n)
				break
			}
		}
	}
}

// withLuhn adds a check digit.
func withLuhn(digits string) string {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 0 {
			d = d*2/10 + d*2%10
		}
		sum += d
	}
	return digits + fmt.Sprint((10-sum%10)%10)
}
