package card_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"rator/card"
)

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

// withGS1 adds the check digit of a GLN or an EAN.
func withGS1(digits string) string {
	sum := 0
	for i := range len(digits) {
		weight := 3 - i%2*2
		sum += weight * int(digits[len(digits)-1-i]-'0')
	}
	return digits + fmt.Sprint((10-sum%10)%10)
}

// withMod97 is an IBAN.
func withMod97(country, rest string) string {
	remainder := 0
	for _, c := range rest + country + "00" {
		if c >= 'A' {
			remainder = (remainder*100 + int(c-'A') + 10) % 97
		} else {
			remainder = (remainder*10 + int(c-'0')) % 97
		}
	}
	return fmt.Sprintf("%s%02d%s", country, 98-remainder, rest)
}

// TestNumbersUnderTheirKeys: 100,000 numbers of each kind, as any device, network,
// bank or gateway may have, of which none is refused under a key of its kind, though
// many would be under another.
func TestNumbersUnderTheirKeys(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	digits := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte('0' + r.IntN(10))
		}
		return string(b)
	}
	one := func(of ...string) string { return of[r.IntN(len(of))] }
	for _, kind := range []struct {
		keys   []string
		number func() string
		cards  bool // some look like cards
	}{
		{[]string{"IMEI", "imei", "MEID", "DEVICE_IMEI", "IMEI2"}, func() string { return withLuhn(digits(14)) }, true},
		{[]string{"IMEISV", "imeiSv", "MEID"}, func() string { return digits(16) }, true},
		{[]string{"ICCID", "SIM_ICCID"}, func() string { return withLuhn("89" + digits(16+r.IntN(2))) }, false},
		{[]string{"ICCID"}, func() string {
			n := withLuhn("89" + digits(16))
			return n[:4] + " " + n[4:8] + " " + n[8:12] + " " + n[12:16] + " " + n[16:]
		}, true},
		{[]string{"IMSI", "imsi"}, func() string { return digits(14 + r.IntN(2)) }, true},
		{[]string{"GLN", "GLN_NUMBER", "EAN_NUMBER", "EANNumber", "EAN13"}, func() string { return withGS1(digits(12)) }, true},
		{[]string{"IBAN_NUMBER", "IBAN", "iban"}, func() string {
			n := withMod97(one("DK", "NO", "SE", "DE", "FR", "PL", "LT"), one("", "NWBK")+digits(11+r.IntN(10)))
			if r.IntN(2) == 0 {
				n = n[:4] + " " + n[4:8] + " " + n[8:12] + " " + n[12:]
			}
			return n
		}, true},
		{[]string{"KID", "KID_NUMBER"}, func() string { return withLuhn(digits(4 + r.IntN(20))) }, true},
		{[]string{"OCR", "OCR_REFERENCE"}, func() string { return withLuhn(digits(4 + r.IntN(20))) }, true},
		{[]string{"MSISDN", "NEW_MSISDN", "PHONE1", "PHONE_NUMBER", "phoneNumber", "FAX", "mobile"}, func() string {
			return one("", "+", "00", "011") + one("1", "2", "3", "4", "5", "6", "7", "8", "9") + digits(7+r.IntN(8))
		}, true},
		{[]string{"VAT_NUMBER"}, func() string { return one("SE", "", "DK", "LT") + one("5020", "6759", "5018") + digits(8) }, true},
		{[]string{"PERSONAL_ID", "SSN"}, func() string { return withLuhn(digits(12)) }, true},
	} {
		cards := 0
		for n := range 100_000 {
			number, key := kind.number(), kind.keys[n%len(kind.keys)]
			if card.KindOf(key) != card.Identifier || card.Holds(number) && !card.Identifies(key, number) {
				t.Fatalf("%s %s is refused", key, number)
			}
			if card.Holds(number) {
				cards++
			}
		}
		if kind.cards != (cards > 0) {
			t.Errorf("%s: %d of 100,000 look like cards", kind.keys[0], cards)
		}
	}
}

// TestIdsAreNoCards: ids of ours in any key.
func TestIdsAreNoCards(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 100_000 {
		id := fmt.Sprintf("%04d%02d%02d%010d", 1990+r.IntN(150), 1+r.IntN(12), 1+r.IntN(28), r.Int64N(1e10))
		if card.Holds(id) || card.Holds("about "+id+".") {
			t.Fatalf("%s is refused", id)
		}
	}
}

func TestIdentifiesNothingElse(t *testing.T) {
	const number = "4111111111111111"
	for key, text := range map[string]string{
		"STREET": number, "": number, "NAME": number, "IDENTIFIER": number, "BANK_ACCOUNT_NUMBER": number, "PHONETIC": number,
		"PHONE1": number, "MSISDN": "+" + number, "FAX": "Visa 411111111111111", "IBAN": number, "IBAN_NUMBER": "AB" + number, "ICCID": number,
		"EAN_NUMBER": number, "VAT_NUMBER": "SE" + number, "PERSONAL_ID": number, "IMEI": "x" + number, "KID": "see " + number,
	} {
		if card.Identifies(key, text) {
			t.Errorf("%s %s passes", key, text)
		}
	}
}

func TestReferencesByName(t *testing.T) {
	for key, want := range map[string]card.Kind{
		"TRANSACTION_ID": card.Reference, "PAYMENT_REFERENCE": card.Reference, "transactionNumber": card.Reference, "PSP_REF": card.Reference,
		"REFERENCE": card.Text, "REFERENCED_BY": card.Text, "TRANSACTION": card.Text, "TRANSACTION_TYPE": card.Text, "PAYMENT_REFERENCE_TEXT": card.Text,
	} {
		if got := card.KindOf(key); got != want {
			t.Errorf("%s: %d", key, got)
		}
	}
}

func TestConceal(t *testing.T) {
	key, other := card.NewKey([]byte(strings.Repeat("k", 32))), card.NewKey([]byte(strings.Repeat("o", 32)))
	kept := key.Conceal("PAY-6011111111111117/2")
	if !strings.HasPrefix(kept, "PAY-xxxxxx1117-") || !strings.HasSuffix(kept, "/2") || len(kept) != len("PAY-xxxxxx1117-/2")+32 {
		t.Error(kept)
	}
	if again := key.Conceal("PAY-6011111111111117/2"); again != kept || key.Conceal(kept) != kept {
		t.Error(again, key.Conceal(kept))
	}
	if key.Conceal("PAY-6011000000001117/2") == kept && card.Holds("6011000000001117") {
		t.Error("another number with the same last digits is kept alike")
	}
	if other.Conceal("PAY-6011111111111117/2") == kept || key.Print() == other.Print() {
		t.Error("another key makes the same hash")
	}
	if text := "TX 201401010000000301"; key.Conceal(text) != text {
		t.Error(key.Conceal(text))
	}
}

// TestReferencesAreKeptApart: no two of 100,000 references that a gateway may make
// are kept alike, and each as what it was kept as before.
func TestReferencesAreKeptApart(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	key := card.NewKey(make([]byte, 32))
	of, masked := map[string]string{}, 0
	for range 100_000 {
		reference := fmt.Sprint(4_000_000_000_000_000 + r.Int64N(1e15))
		kept := key.Conceal(reference)
		if was, found := of[kept]; found && was != reference {
			t.Fatalf("%s and %s are both kept as %s", was, reference, kept)
		}
		of[kept] = reference
		if kept != reference {
			masked++
		}
		if card.Holds(kept) || key.Conceal(kept) != kept {
			t.Fatalf("%s is kept as %s", reference, kept)
		}
	}
	if masked < 5_000 {
		t.Errorf("only %d look like cards", masked)
	}
}
