package catalogue_test

import (
	"strings"
	"testing"

	"rator/catalogue"
	"rator/store"
)

// A series that says nothing has the defaults, one that says 0 days of quarantine
// has none, and an export keeps both.
func TestNumberPolicy(t *testing.T) {
	for _, test := range []struct {
		name, days              string
		reservation, quarantine int
	}{
		{"nothing said", "", 7, 90},
		{"both said", "reservation_days = 3\nquarantine_days = 45", 3, 45},
		{"no quarantine", "quarantine_days = 0", 7, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			src := string(catalogue.Demo())
			src = strings.Replace(src, "reservation_days = 7 ", "# ", 1)
			src = strings.Replace(src, "quarantine_days = 90 ", test.days+"\n# ", 1)
			s := open(t)
			importFile(t, s, src)
			view(t, s, func(tx store.Tx) error {
				got, err := catalogue.NumberSeriesByCode(tx, brand(t, tx, "DEMO"), "DENVER")
				if err == nil && (got.ReservationDays != test.reservation || got.QuarantineDays != test.quarantine) {
					t.Errorf("%d days reserved, %d in quarantine", got.ReservationDays, got.QuarantineDays)
				}
				return err
			})
			var exported []byte
			view(t, s, func(tx store.Tx) (err error) {
				exported, err = catalogue.Export(tx)
				return err
			})
			if changes := importFile(t, s, string(exported)); changes.Any() {
				t.Errorf("the export changes %+v", changes)
			}
		})
	}
}

// A series of an older store, which has no policy yet.
func TestNumberPolicyOfAnOldRecord(t *testing.T) {
	if reservation, quarantine := (catalogue.NumberPolicy{}).Days(); reservation != 7 || quarantine != 90 {
		t.Errorf("%d and %d days", reservation, quarantine)
	}
	if reservation, quarantine := (catalogue.NumberPolicy{ReservationDays: 2}).Days(); reservation != 2 || quarantine != 0 {
		t.Errorf("%d and %d days", reservation, quarantine)
	}
}

func TestNumberSeriesOf(t *testing.T) {
	s := openDemo(t)
	for msisdn, want := range map[string]string{
		"13035550000": "DENVER", "13035559999": "DENVER", "4799900000": "MOBIL", // of another brand
		"13035549999": "", "13035560000": "", "1303555000": "", "130355500001": "", "": "",
	} {
		view(t, s, func(tx store.Tx) error {
			got, err := catalogue.NumberSeriesOf(tx, msisdn)
			if err == nil && (got == nil) != (want == "") || got != nil && got.Code != want {
				t.Errorf("%s is of %+v, want %q", msisdn, got, want)
			}
			return err
		})
	}
}
