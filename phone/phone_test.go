package phone_test

import (
	"errors"
	"testing"

	"rator/phone"
)

// these is a Known that knows some numbers.
func these(known ...string) phone.Known {
	return func(number string) (bool, error) {
		for _, k := range known {
			if k == number {
				return true, nil
			}
		}
		return false, nil
	}
}

func TestRead(t *testing.T) {
	for _, test := range []struct {
		name, text, country, want string
		known                     phone.Known
	}{
		{"national", "3035550001", "US", "13035550001", nil},
		{"with calling code", "13035550001", "US", "13035550001", nil},
		{"with 00", "0013035550001", "US", "13035550001", nil},
		{"with the country's prefix", "01113035550001", "US", "13035550001", nil},
		{"with +", "+1 303 555 0001", "US", "13035550001", nil},
		{"as Americans write it", "(303) 555-0001", "US", "13035550001", nil},
		{"with slash, dots and spaces of other sorts", "303/555.00\u00a001", "US", "13035550001", nil},
		{"with a dash of another sort", "303\u2011555\u20130001", "US", "13035550001", nil},
		{"number of nobody", "303 555 0123", "US", "13035550123", nil},
		{"from another country", "3035550001", "NO", "", nil},
		{"foreign number with +", "+1 303 555 0001", "NO", "13035550001", nil},
		{"foreign number with 00", "00 1 303 555 0001", "NO", "13035550001", nil},
		{"Norwegian line", "400 00 001", "NO", "4740000001", nil},
		{"national number that begins as the calling code does", "47123456", "NO", "4747123456", nil},
		{"five digits", "02800", "NO", "4702800", nil},
		{"five digits with calling code", "4702800", "NO", "4702800", nil},
		{"with trunk prefix", "01511 2345678", "DE", "4915112345678", nil},
		{"trunk prefix in brackets", "+49 (0) 1511 2345678", "DE", "4915112345678", nil},
		{"calling code and trunk prefix", "4901511 2345678", "DE", "4915112345678", nil},
		{"not the area 0491", "4915112345678", "DE", "4915112345678", nil},
		{"not the area 0491, though no mobile number either", "4917000001", "DE", "4917000001", nil},
		{"Indian mobile that begins as the calling code does", "91234 56789", "IN", "919123456789", nil},
		{"Brazilian area that is as the calling code", "55 99912-3456", "BR", "5555999123456", nil},
		{"Italian mobile that begins as the calling code does", "391 2345678", "IT", "393912345678", nil},
		{"without trunk prefix", "151 12345678", "DE", "4915112345678", nil},
		{"the area 0491", "0491 5112345", "DE", "494915112345", nil},
		{"not the area 452", "4520999999", "US", "4520999999", nil},
		{"not Switzerland", "4155559999", "US", "14155559999", nil},
		{"Switzerland", "+41 55 555 99 99", "US", "41555559999", nil},
		{"another country of the calling code", "416 555 0100", "US", "14165550100", nil},
		{"Italy keeps the zero", "06 1234 5678", "IT", "390612345678", nil},
		{"not every 00 is international", "0014 1 303 555 0001", "BR", "13035550001", nil},
		{"but the plain one is too", "00 55 11 98765 4321", "BR", "5511987654321", nil},
		{"nor plain", "0011 1 303 555 0001", "AU", "13035550001", nil},
		{"nor plain, for a machine", "0011 47 58 00 00 00 00 12", "AU", "47580000000012", nil},
		{"prefix that is not 00", "810 1 303 555 0001", "RU", "13035550001", nil},
		{"number of a network, not a country", "+88216 1234567", "US", "882161234567", nil},
		{"country without calling code", "+1 303 555 0001", "AQ", "13035550001", nil},
		{"no country", "3035550001", "AQ", "", nil},

		{"area that is none", "1 555 555 0100", "US", "15555550100", nil},
		{"area that is none with +", "+1 555 555 0100", "US", "15555550100", nil},
		{"area that is none nationally", "5555550100", "US", "", nil},
		{"which is known", "5555550100", "US", "15555550100", these("15555550100")},
		{"Norwegian machine", "+47 58 00 00 00 00 12", "NO", "47580000000012", nil},
		{"Norwegian machine with 00 from the US", "01147580000000012", "US", "47580000000012", nil},
		{"Norwegian machine with calling code", "47580000000012", "NO", "47580000000012", nil},
		{"Norwegian machine nationally", "580000000012", "NO", "", nil},
		{"which is known", "580000000012", "NO", "47580000000012", these("47580000000012")},
		{"Dutch machine", "0970 1234 5678", "NL", "3197012345678", nil},
		{"American machine", "1 521 123 4567", "US", "15211234567", nil},
		{"French machine", "+33 700 000 000 001 2", "FR", "337000000000012", nil},

		{"known digits are that", "4155559999", "US", "4155559999", these("4155559999")},
		{"known behind +", "+12345", "US", "12345", these("12345")},
		{"known behind 00", "0012345", "US", "12345", these("12345")},
		{"known behind the country's prefix", "01112345", "US", "", these("12346")},

		{"a digit too few", "1303555000", "US", "", nil},
		{"a digit too few with +", "+1 303 555 000", "US", "", nil},
		{"a digit too many", "+1 303 555 0001 2", "US", "", nil},
		{"two trunk prefixes", "+1 1 555 000 0123", "US", "", nil},
		{"16 digits", "+4912345678901234", "DE", "", nil},
		{"very many digits", "0000000000000000000000000000000000000000", "DE", "", nil},
		{"unknown calling code", "+999 12345678", "US", "", nil},
		{"nothing", "", "US", "", nil},
		{"only a sign", "+", "US", "", nil},
		{"sign inside", "1+3035550001", "US", "", nil},
		{"two signs", "++13035550001", "US", "", nil},
		{"letters", "1-800-FLOWERS", "US", "", nil},
		{"extension", "3035550001x12", "US", "", nil},
		{"digits of another script", "٣٠٣٥٥٥٠٠٠١", "US", "", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := phone.Read(test.text, test.country, test.known)
			if got != test.want {
				t.Errorf("%q in %s is %q, want %q", test.text, test.country, got, test.want)
			}
			if (test.want == "") != errors.Is(err, phone.ErrUnreadable) || test.want != "" && err != nil {
				t.Errorf("error is %v", err)
			}
		})
	}
}

func TestReadPassesErrorsOn(t *testing.T) {
	broken := errors.New("broken")
	for _, text := range []string{"3035550001", "12345", "+12345", "0012345", "01112345"} {
		if _, err := phone.Read(text, "US", func(string) (bool, error) { return false, broken }); !errors.Is(err, broken) {
			t.Errorf("%s: error is %v", text, err)
		}
	}
}

func TestSpellings(t *testing.T) {
	for country, want := range map[string]string{
		"US": "as +12015550123, 0012015550123, 12015550123 or, in US, 2015550123; spaces and - . ( ) / do not count",
		"AQ": "with + or 00 and the country calling code",
	} {
		if got := phone.Spellings(country); got != want {
			t.Errorf("%s: %q, want %q", country, got, want)
		}
	}
}
