package catalogue_test

import (
	"strings"
	"testing"

	"rator/catalogue"
	"rator/failure"
	"rator/store"
)

func TestDeviceID(t *testing.T) {
	for text, want := range map[string]string{
		"A1000049ABCDEF":          "A1000049ABCDEF",
		" a1000049-abcdef ":       "A1000049ABCDEF",
		"A1000049ABCDEF7":         "A1000049ABCDEF", // check digit
		"A1000049ABCDEFA":         "A1000049ABCDEF", // a MEID's may be a letter
		"270113184911259375":      "A1000049ABCDEF", // in decimal
		"27011 31849 1125 9375":   "A1000049ABCDEF",
		"35000001123456":          "35000001123456",
		"350000011234560":         "35000001123456", // IMEI with check digit
		"35-000001-123456-0":      "35000001123456",
		"35/000001/123456.0":      "35000001123456",
		"3500000112345601":        "35000001123456", // with software version
		"429496729516777215":      "FFFFFFFFFFFFFF",
		"000000000000000000":      "00000000000000",
		"429496729600000000":      "", // more than 8 digits of 0 to F
		"000000000016777216":      "", // more than 6
		"A100004911259375AB":      "", // 18, not decimal
		"A1000049ABCDEF01":        "", // 16, not decimal
		"A1000049ABCDE":           "",
		"35000001123456012":       "",
		"A1000049ABCDEG":          "",
		"٣٥٠٠٠٠٠١١٢٣٤٥٦":          "",
		"":                        "",
		strings.Repeat("1", 1000): "",
	} {
		got, ok := catalogue.DeviceID(text)
		if got != want || ok != (want != "") {
			t.Errorf("DeviceID(%.30q) = %q, %v; want %q", text, got, ok, want)
		}
	}
}

func TestCheckDevice(t *testing.T) {
	s := open(t)
	importFile(t, s, brandOf(rows("device",
		`meid = "A100"; status = "ACTIVE"; ownership_code = "PLBL"`,
		`meid = "A10000"; status = "ACTIVE"`,
		`meid = "A1000049000001"; status = "STOLEN"`,
		`meid = "A1000049000002"; status = "LOST"; ownership_code = "PLBL"`,
		`meid = "A1000049000003"; status = "BLOCKED"`,
		`meid = "A1000049000004"; status = "STOLEN"; retired = true`,
		`meid = "A10001"; status = "ACTIVE"; retired = true`)))
	tests := []struct {
		meid, ownership string
		want            string // name of the row
		code            *failure.Code
	}{
		{"A1000049000005", "ANY", "device 1", nil},
		{"A1009949000005", "PLBL", "device 0", nil},
		{"A1009949000005", " plbl ", "device 0", nil},
		{"A1009949000005", "OTHR", "", catalogue.WrongOwnershipCode},
		{"A1009949000005", "", "", catalogue.WrongOwnershipCode},
		{"A1000049000001", "ANY", "", catalogue.DeviceNotUsable},
		{"A1000049000002", "PLBL", "", catalogue.DeviceNotUsable},
		{"A1000049000002", "OTHR", "", catalogue.WrongOwnershipCode}, // its state is its owner's
		{"A1000049000003", "", "", catalogue.DeviceNotUsable},
		{"A1000049000004", "", "device 1", nil},     // the retired row does not count, the wider one does
		{"A1000149000001", "PLBL", "device 0", nil}, // as here
		{"A2000049000001", "PLBL", "", catalogue.DoesNotExistInDB},
		{"A10000", "PLBL", "", catalogue.DoesNotExistInDB},
		{"", "PLBL", "", catalogue.DoesNotExistInDB},
	}
	view(t, s, func(tx store.Tx) error {
		demo := brand(t, tx, "DEMO")
		for _, test := range tests {
			got := ""
			d, err := catalogue.CheckDevice(tx, demo, test.meid, test.ownership)
			if err == nil {
				got = d.Name
			}
			if got != test.want || failure.CodeOf(err) != test.code {
				t.Errorf("%s %s: %q, %v; want %q, %v", test.meid, test.ownership, got, err, test.want, test.code)
			}
		}
		return nil
	})
}

func TestCoverage(t *testing.T) {
	s := open(t)
	importFile(t, s, brandOf(rows("coverage",
		`zip = "8"; csa = "WEST"`,
		`zip = "802"; csa = "DENVER"`,
		`zip = "80293"; no_coverage = true`,
		`zip = "802931"; csa = "ROOF"`,
		`zip = "803"; no_coverage = true; retired = true`,
		`zip = "SW1A"; csa = "LONDON"`)))
	view(t, s, func(tx store.Tx) error {
		demo := brand(t, tx, "DEMO")
		for zip, want := range map[string]string{
			"80202": "DENVER", "80202-1234": "DENVER", " 80 202 ": "DENVER", "802": "DENVER", "80": "WEST", "90210": "",
			"80293": "", "80293-0999": "", "80293-1000": "ROOF", "80301": "WEST",
			"sw1a 1aa": "LONDON", "SW1B": "", "": "", "€": "", strings.Repeat("8", 1000): "WEST",
		} {
			got := ""
			v, err := catalogue.CoverageOf(tx, demo, zip)
			if err == nil {
				got = v.CSA
			}
			if got != want || (want == "") != (failure.CodeOf(err) == catalogue.NoCoverage) {
				t.Errorf("%.20q: %q, %v; want %q", zip, got, err, want)
			}
		}
		return nil
	})
}
