package phone_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"rator/phone"
)

// plans are the countries of numbers.txt and their numbers.
func plans(t testing.TB) map[string][]string {
	t.Helper()
	data, err := os.ReadFile("testdata/numbers.txt")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for line := range strings.Lines(string(data)) {
		if fields := strings.Fields(line); fields[0] != "#" {
			all[fields[0]] = fields[1:]
		}
	}
	if len(all) < 40 {
		t.Fatalf("only %d countries", len(all))
	}
	return all
}

// international is the prefix of countries where that does not begin with 00.
var international = map[string]string{"US": "011", "CA": "011", "JP": "010", "RU": "810"}

// A number that is spelled whole means the same everywhere, and what was read once
// is itself from then on.
func TestWholeNumbers(t *testing.T) {
	all := plans(t)
	for country, numbers := range all {
		for _, number := range numbers {
			for _, reader := range []string{country, "US", "NO", "DE", "IN", "BR", "AU", "HK", "JP", "RU"} {
				spellings := []string{"+" + number, "+" + number[:2] + " (" + number[2:4] + ")/" + number[4:], "00" + number}
				if prefix := international[reader]; prefix != "" {
					spellings = append(spellings, prefix+number)
				}
				if reader == country {
					spellings = append(spellings, number)
				}
				for _, text := range spellings {
					got, err := phone.Read(text, reader, nil)
					if err != nil || got != number {
						t.Errorf("%s in %s is %q, %v; want %s of %s", text, reader, got, err, number, country)
					}
					if again, err := phone.Read(got, reader, these(number)); err != nil || again != got {
						t.Errorf("%s in %s is %s, and that is %s, %v", text, reader, got, again, err)
					}
				}
			}
		}
	}
}

// What a country dials is the number, or another that has a right to be dialled so;
// it is the number where that is known.
func TestNationalNumbers(t *testing.T) {
	all := plans(t)
	read, back := 0, 0
	for country, numbers := range all {
		for _, number := range numbers {
			text := phone.National(number, country)
			if text == "" {
				t.Errorf("%s is not dialled in %s", number, country)
				continue
			}
			read++
			got, err := phone.Read(text, country, these(number))
			if err == nil && got == number {
				back++
			} else {
				t.Logf("%s in %s, for %s, is %q, %v", text, country, number, got, err)
			}
			if other := map[bool]string{true: "NO", false: "US"}[country == "US"]; country != other && !(country == "CA" && other == "US") && phone.National(number, other) != "" {
				t.Errorf("%s of %s is dialled in %s", number, country, other)
			}
		}
	}
	if back*100 < read*97 {
		t.Errorf("%d of %d national spellings read back", back, read)
	}
}

// Whatever digits are read as, that is read as itself.
func TestReadingSettles(t *testing.T) {
	all := plans(t)
	var countries []string
	for country := range all {
		countries = append(countries, country)
	}
	r := rand.New(rand.NewPCG(1, 2))
	read := 0
	for range 20_000 {
		country := countries[r.IntN(len(countries))]
		digits := fmt.Sprintf("%0*d", 5+r.IntN(11), r.Int64N(1e15))
		if r.IntN(2) == 0 { // nearly a number
			number := []byte(all[country][r.IntN(len(all[country]))])
			number[r.IntN(len(number))] = '0' + byte(r.IntN(10))
			digits = string(number)
		}
		if r.IntN(4) == 0 {
			digits = "00" + digits
		}
		number, err := phone.Read(digits, country, nil)
		if err != nil {
			continue
		}
		read++
		for _, text := range []string{number, "+" + number, "00" + number} {
			if again, err := phone.Read(text, country, these(number)); err != nil || again != number {
				t.Errorf("%s in %s is %s, then %s is %q, %v", digits, country, number, text, again, err)
			}
		}
		if elsewhere, err := phone.Read("+"+number, countries[r.IntN(len(countries))], nil); err != nil || elsewhere != number {
			t.Errorf("%s in %s is %s, elsewhere %q, %v", digits, country, number, elsewhere, err)
		}
	}
	if read < 3000 {
		t.Errorf("only %d were numbers", read)
	}
}

func BenchmarkRead(b *testing.B) {
	for _, test := range []struct {
		name, text string
		known      phone.Known
	}{
		{"known", "13035550123", these("13035550123")},
		{"with calling code", "13035550123", nil},
		{"national", "3035550123", nil},
		{"foreign", "+4740000001", nil},
	} {
		b.Run(test.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := phone.Read(test.text, "US", test.known); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
