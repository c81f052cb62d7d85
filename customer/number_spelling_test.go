package customer_test

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"rator/catalogue"
	"rator/customer"
	"rator/customer/number"
	"rator/customer/search"
	"rator/failure"
	"rator/store"
)

// brandsIn is a catalogue with a brand named by each country, which has a product
// LINE, and SERIES of a thousand numbers that begin as series says.
func brandsIn(series map[string]string) string {
	var b bytes.Buffer
	n := 1000
	id := func() string { n++; return fmt.Sprintf("20260101000000%04d", n) }
	for country, prefix := range series {
		fmt.Fprintf(&b, "[[brand]]\nkey=%q\nid=%q\nname=\"X\"\ncurrency=\"EUR\"\ncountry=%q\nlanguage=\"EN\"\n", country, id(), country)
		fmt.Fprintf(&b, "[[brand.rate_plan]]\ncode=\"STANDARD\"\nid=%q\nname=\"X\"\n", id())
		fmt.Fprintf(&b, "[[brand.product_config]]\ncode=\"LINE\"\nid=%q\nname=\"X\"\nbilling_group_type=\"POST_PAID\"\nbilling_cycle=\"MONTHLY\"\nrate_plan=\"STANDARD\"\nservice_types=[\"CDMA\"]\n", id())
		if prefix != "" {
			fmt.Fprintf(&b, "number_series=\"SERIES\"\n[[brand.number_series]]\ncode=\"SERIES\"\nid=%q\nname=\"X\"\ncountry=%q\nprefix=%q\nfrom=\"000\"\nto=\"999\"\n", id(), country, prefix)
		}
	}
	return b.String()
}

// One line in two countries and more, in every spelling, at every place where a
// number comes in.
func TestOneNumberInEverySpelling(t *testing.T) {
	s := openWith(t, nil, brandsIn(map[string]string{"US": "1720555 0", "NO": "+47 990 00", "DE": "01511 5550"}))
	for _, test := range []struct {
		brand, number string
		spellings     []string
	}{
		{"US", "13035550123", []string{"13035550123", "3035550123", "0013035550123", "01113035550123", "+1 303 555 0123", "(303) 555-0123", "1.303.555.0123", "+1-303-555-0123"}},
		{"US", "17205550123", []string{"17205550123", "7205550123", "0017205550123", "01117205550123", "+1 720 555 0123"}}, // of a series
		{"US", "14155559999", []string{"4155559999", "+14155559999"}},                                                      // not Switzerland
		{"US", "4520999999", []string{"4520999999", "0114520999999", "+45 20 99 99 99"}},                                   // not the area 452
		{"NO", "4740000001", []string{"40000001", "4740000001", "004740000001", "+47 400 00 001", "400 00 001"}},
		{"NO", "4799000123", []string{"99000123", "4799000123", "004799000123", "+47 99 00 01 23"}},
		{"NO", "4702800", []string{"02800", "4702800", "+47 02800"}},
		{"NO", "47580000000012", []string{"+47 58 00 00 00 00 12", "47580000000012", "0047580000000012", "580000000012"}}, // the last one because it is known
		{"DE", "4915112345678", []string{"4915112345678", "015112345678", "01511/2345678", "+49 1511 2345678", "+49 (0)1511 2345678", "004915112345678"}},
		{"DE", "4915115550123", []string{"015115550123", "4915115550123", "+49 1511 5550123"}},
	} {
		t.Run(test.brand+" "+test.number, func(t *testing.T) {
			for _, as := range test.spellings[:len(test.spellings)-1] {
				undone(t, s, test.brand, func(tx store.Tx, b *catalogue.Brand) {
					if err := newLine(tx, b, "aase", as); err != nil {
						t.Fatalf("signed up as %s: %v", as, err)
					}
					everywhere(t, tx, b, test.number, as, test.spellings)
				})
			}
		})
	}
}

// Numbers that no numbering plan has are read in every spelling where they are of a
// series.
func TestSeriesOfNumbersThatNoPlanHas(t *testing.T) {
	s := openWith(t, nil, brandsIn(map[string]string{"US": "1555000 0", "NO": "+47 58 00 00 00 0"}))
	for _, test := range []struct {
		brand, number string
		spellings     []string
	}{
		{"US", "15550000123", []string{"5550000123", "15550000123", "01115550000123"}},
		{"NO", "47580000000123", []string{"580000000123", "47580000000123", "0047580000000123"}},
	} {
		for _, as := range test.spellings {
			undone(t, s, test.brand, func(tx store.Tx, b *catalogue.Brand) {
				if err := newLine(tx, b, "aase", as); err != nil {
					t.Fatalf("signed up as %s: %v", as, err)
				}
				everywhere(t, tx, b, test.number, as, test.spellings)
			})
		}
	}
}

// undone runs fn in a unit that is undone.
func undone(t *testing.T, s store.Store, brandKey string, fn func(store.Tx, *catalogue.Brand)) {
	t.Helper()
	undo := failure.TryAgain.Error()
	if err := s.Update(t.Context(), func(tx store.Tx) error {
		fn(tx, brand(t, tx, brandKey))
		return undo
	}); err != undo {
		t.Fatal(err)
	}
}

// everywhere says each spelling of the number of aase's line at each place.
func everywhere(t *testing.T, tx store.Tx, b *catalogue.Brand, digits, as string, spellings []string) {
	t.Helper()
	if err := newLine(tx, b, "bo", ""); err != nil {
		t.Fatal(err)
	}
	hits, _, err := search.Users(tx, b, search.Criteria{Username: "bo"}, nil, 1)
	if err != nil {
		t.Fatal(err)
	}
	bo, err := customer.LoadWhole(tx, b, hits[0].Account.ID)
	if err != nil {
		t.Fatal(err)
	}
	want := func(what, text string, err error, code *failure.Code) {
		t.Helper()
		if failure.CodeOf(err) != code {
			t.Errorf("signed up as %s, %s %s: %v, want %s", as, what, text, err, code.Name)
		}
	}
	for _, text := range spellings {
		want("a line of", text, tx.Savepoint(func() error { return newLine(tx, b, "cy", text) }), number.Taken)
		want("a port-in of", text, tx.Savepoint(func() error {
			_, err := customer.RequestNumberPorting(tx, b, bo.Subscriptions[0].ID, customer.NumberPortingFields{PhoneNumber: text})
			return err
		}), number.Taken)
		if got := whose(t, tx, b.Key, text); got != "aase" {
			t.Errorf("signed up as %s, the profile by %s is of %s", as, text, got)
		}
		hits, _, err := search.Users(tx, b, search.Criteria{MSISDN: text}, nil, 1)
		if err != nil || len(hits) != 1 || hits[0].User.Username != "aase" || hits[0].MSISDNs[0] != digits {
			t.Errorf("signed up as %s, the search by %s finds %+v, %v", as, text, hits, err)
		}
		_, err = number.Reserve(tx, b, number.NewReservation{Series: "SERIES", MSISDN: text})
		if code := failure.CodeOf(err); code != number.Taken && code != number.NotInSeries {
			t.Errorf("signed up as %s, a reservation of %s: %v", as, text, err)
		}
	}
}

// What keeps a number from others keeps it in every spelling: a reservation, a
// port-in and the quarantine.
func TestKeptNumberInEverySpelling(t *testing.T) {
	s := openWith(t, nil, brandsIn(map[string]string{"US": "1720555 0", "NO": "+47 990 00", "DE": "01511 5550"}))
	for key, spellings := range map[string][]string{
		"US": {"7205550007", "17205550007", "+1 720 555 0007", "011 1 720 555 0007"},
		"NO": {"99000007", "4799000007", "+47 99 00 00 07", "0047 99000007"},
		"DE": {"015115550007", "4915115550007", "+49 1511 5550007", "0049 1511 5550007"},
	} {
		for _, first := range spellings {
			undone(t, s, key, func(tx store.Tx, b *catalogue.Brand) {
				r, err := number.Reserve(tx, b, number.NewReservation{Series: "SERIES", MSISDN: first})
				if err != nil {
					t.Fatal(err)
				}
				keep(t, tx, b, first, spellings, number.Reserved)
				for i, text := range spellings {
					if err := tx.Savepoint(func() error {
						if err := reservedLine(tx, b, fmt.Sprint("holder", i), text, r.ID.String()); err != nil {
							t.Errorf("reserved as %s, taken as %s: %v", first, text, err)
						}
						return failure.TryAgain.Error()
					}); failure.CodeOf(err) != failure.TryAgain {
						t.Fatal(err)
					}
				}
				if _, err := number.Release(tx, b, r.ID); err != nil {
					t.Fatal(err)
				}
				if err := newLine(tx, b, "aase", first); err != nil { // given back by the reservation
					t.Fatal(err)
				}
				a, _, err := customer.FindByMSISDN(tx, b, first)
				if err != nil {
					t.Fatal(err)
				}
				w, err := customer.LoadWhole(tx, b, a.ID)
				if err != nil {
					t.Fatal(err)
				}
				sub := w.Subscriptions[0].ID
				for _, step := range []lifecycleStep{customer.ActivateSubscription, customer.TerminateSubscription} {
					if _, err := step(tx, b, sub); err != nil {
						t.Fatal(err)
					}
				}
				keep(t, tx, b, first, spellings, number.InQuarantine)
				if _, err := customer.ReactivateSubscription(tx, b, sub); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

func reservedLine(tx store.Tx, b *catalogue.Brand, username, msisdn, reservation string) error {
	if err := newLine(tx, b, username, ""); err != nil {
		return err
	}
	hits, _, err := search.Users(tx, b, search.Criteria{Username: username}, nil, 1)
	if err != nil {
		return err
	}
	w, err := customer.LoadWhole(tx, b, hits[0].Account.ID)
	if err != nil {
		return err
	}
	n := customer.NewService{Subscription: w.Subscriptions[0].ID}
	n.MSISDN, n.ReservationID = msisdn, reservation
	_, err = customer.CreateService(tx, b, n)
	return err
}

func keep(t *testing.T, tx store.Tx, b *catalogue.Brand, first string, spellings []string, want *failure.Code) {
	t.Helper()
	for _, text := range spellings {
		for what, err := range map[string]error{
			"line": tx.Savepoint(func() error { return newLine(tx, b, "other", text) }),
			"reservation": tx.Savepoint(func() error {
				_, err := number.Reserve(tx, b, number.NewReservation{Series: "SERIES", MSISDN: text})
				return err
			}),
			"port-in": tx.Savepoint(func() error {
				if err := newLine(tx, b, "other", ""); err != nil {
					return err
				}
				hits, _, err := search.Users(tx, b, search.Criteria{Username: "other"}, nil, 1)
				if err != nil {
					return err
				}
				w, err := customer.LoadWhole(tx, b, hits[0].Account.ID)
				if err != nil {
					return err
				}
				_, err = customer.RequestNumberPorting(tx, b, w.Subscriptions[0].ID, customer.NumberPortingFields{PhoneNumber: text})
				return err
			}),
		} {
			if failure.CodeOf(err) != want {
				t.Errorf("%s as %s, %s as %s: %v", want.Name, first, what, text, err)
			}
		}
	}
}

// A national spelling means the brand's country, whatever a brand of another country
// has; a number is one over all brands.
func TestBrandsOfTwoCountries(t *testing.T) {
	s := openWith(t, nil, brandsIn(map[string]string{"US": "", "NO": ""}))
	update(t, s, func(tx store.Tx) error {
		us, no := brand(t, tx, "US"), brand(t, tx, "NO")
		if err := newLine(tx, no, "kari", "47 92 00 00 01"); err != nil {
			return err
		}
		for _, text := range []string{"+47 92 00 00 01", "011 4792000001", "004792000001"} {
			if err := tx.Savepoint(func() error { return newLine(tx, us, "bo", text) }); failure.CodeOf(err) != number.Taken {
				t.Errorf("%s: error %v, want NUMBER_TAKEN", text, err)
			}
		}
		if err := newLine(tx, us, "bo", "4792000001"); err != nil { // in Arkansas
			return err
		}
		for _, test := range []struct{ brand, text, want string }{
			{"NO", "4792000001", "kari"}, {"NO", "92000001", "kari"}, {"US", "4792000001", "bo"}, {"US", "+1 479 200 0001", "bo"},
			{"US", "+4792000001", "UNKNOWN_CUSTOMER"}, {"NO", "+14792000001", "UNKNOWN_CUSTOMER"},
		} {
			if got := whose(t, tx, test.brand, test.text); got != test.want {
				t.Errorf("%s in %s is %s's, want %s's", test.text, test.brand, got, test.want)
			}
		}
		return nil
	})
}

// What is no number says under which key it came, and which spellings are taken.
func TestNoNumber(t *testing.T) {
	s := openWith(t, nil, brandsIn(map[string]string{"US": "1720555 0", "NO": "+47 990 00"}))
	for key, spellings := range map[string]string{"US": "+12015550123, 0012015550123, 12015550123 or, in US, 2015550123", "NO": "+4721234567, 004721234567, 4721234567 or, in NO, 21234567"} {
		undone(t, s, key, func(tx store.Tx, b *catalogue.Brand) {
			if err := newLine(tx, b, "bo", ""); err != nil {
				t.Fatal(err)
			}
			hits, _, err := search.Users(tx, b, search.Criteria{Username: "bo"}, nil, 1)
			if err != nil {
				t.Fatal(err)
			}
			w, err := customer.LoadWhole(tx, b, hits[0].Account.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range []string{"123456", "x", "+999 1234567", "1303555012", strings.Repeat("1", 60)} {
				for name, test := range map[string]struct {
					key  string
					code *failure.Code
					run  func() error
				}{
					"line": {"MSISDN", failure.InvalidRequest, func() error { return newLine(tx, b, "aase", text) }},
					"reservation": {"MSISDN", failure.InvalidRequest, func() error {
						_, err := number.Reserve(tx, b, number.NewReservation{Series: "SERIES", MSISDN: text})
						return err
					}},
					"port-in": {"PHONE_NUMBER", failure.InvalidRequest, func() error {
						_, err := customer.RequestNumberPorting(tx, b, w.Subscriptions[0].ID, customer.NumberPortingFields{PhoneNumber: text})
						return err
					}},
					"search": {"MSISDN", failure.InvalidRequest, func() error {
						_, _, err := search.Users(tx, b, search.Criteria{MSISDN: text}, nil, 1)
						return err
					}},
					"profile": {"PHONE_NUMBER", customer.UnknownCustomer, func() error {
						_, _, err := customer.FindByMSISDN(tx, b, text)
						return err
					}},
				} {
					err := tx.Savepoint(test.run)
					if failure.CodeOf(err) != test.code || !strings.Contains(err.Error(), test.key+" ") || !strings.Contains(err.Error(), spellings) {
						t.Errorf("%s of %s in %s: %v", name, text, key, err)
					}
				}
			}
		})
	}
}

// What a brand's format writes reads back as the same line, in every country and
// of every sort of number.
func TestFormatsReadBack(t *testing.T) {
	data, err := os.ReadFile("../phone/testdata/numbers.txt")
	if err != nil {
		t.Fatal(err)
	}
	numbers, series := map[string][]string{}, map[string]string{}
	for line := range strings.Lines(string(data)) {
		if f := strings.Fields(line); f[0] != "#" {
			numbers[f[0]], series[f[0]] = f[1:], ""
		}
	}
	if len(numbers) < 40 {
		t.Fatalf("only %d countries", len(numbers))
	}
	s := openWith(t, nil, brandsIn(series))
	national := 0
	for country, own := range numbers {
		foreign := slices.Concat([]string{"41555559999", "4520999999"}, numbers["NO"], numbers["US"])
		undone(t, s, country, func(tx store.Tx, b *catalogue.Brand) {
			for i, digits := range slices.Concat(own, foreign) {
				if err := newLine(tx, b, fmt.Sprint("user", i), "+"+digits); err != nil && failure.CodeOf(err) != number.Taken {
					t.Fatalf("%s in %s: %v", digits, country, err)
				}
			}
			for _, format := range []catalogue.MSISDNFormat{"", catalogue.E164Digits, catalogue.E164, catalogue.National} {
				b.MSISDNFormat = format
				for _, digits := range slices.Concat(own, foreign) {
					text, err := number.Write(tx, b, digits)
					if err != nil {
						t.Fatal(err)
					}
					hits, _, err := search.Users(tx, b, search.Criteria{MSISDN: text}, nil, 1)
					if err != nil || len(hits) != 1 || len(hits[0].MSISDNs) != 1 || hits[0].MSISDNs[0] != text {
						t.Errorf("%s in %s is written %s, which finds %+v, %v", digits, country, text, hits, err)
					}
					if again, err := number.Write(tx, b, digits); err != nil || again != text {
						t.Errorf("%s in %s is written %s, then %s, %v", digits, country, text, again, err)
					}
					if format == catalogue.National && !strings.HasPrefix(text, "+") {
						national++
					}
				}
			}
		})
	}
	if national < 350 {
		t.Errorf("only %d are written as they are dialled", national)
	}
}

func TestFormats(t *testing.T) {
	s := openWith(t, nil, brandsIn(map[string]string{"US": "", "NO": "", "DE": ""}))
	for _, test := range []struct {
		brand  string
		format catalogue.MSISDNFormat
		digits string
		want   string
	}{
		{"US", "", "13035550123", "13035550123"}, {"US", "e164digits", "13035550123", "13035550123"},
		{"US", "e164", "13035550123", "+13035550123"}, {"US", "national", "13035550123", "3035550123"},
		{"NO", "national", "4740000001", "40000001"}, {"DE", "national", "4915112345678", "015112345678"},
		{"US", "national", "4740000001", "+4740000001"}, {"US", "e164", "4740000001", "+4740000001"}, {"US", "", "4740000001", "4740000001"},
		{"NO", "national", "47580000000012", "+47580000000012"}, // nobody's, so that it would not be read
		{"US", "national", "", ""}, {"US", "e164", "", ""},
	} {
		undone(t, s, test.brand, func(tx store.Tx, b *catalogue.Brand) {
			b.MSISDNFormat = test.format
			if got, err := number.Write(tx, b, test.digits); err != nil || got != test.want {
				t.Errorf("%s in %s as %s is %q, %v; want %q", test.digits, test.brand, test.format, got, err, test.want)
			}
		})
	}
	// Where another line's number is the national spelling, it is not.
	undone(t, s, "US", func(tx store.Tx, b *catalogue.Brand) {
		b.MSISDNFormat = catalogue.National
		if err := newLine(tx, b, "kari", "+4792000001"); err != nil {
			t.Fatal(err)
		}
		if got, err := number.Write(tx, b, "14792000001"); err != nil || got != "+14792000001" {
			t.Errorf("it is written %s, %v", got, err)
		}
	})
}
