package export_test

import (
	"fmt"
	"strings"
	"testing"

	"rator/bulk/export"
	"rator/customer"
	"rator/server/servertest"
	"rator/store"
	"rator/store/storetest"
)

// TestTrips: what is kept of a customer is read at as few goes of twenty of each thing as of one.
func TestTrips(t *testing.T) {
	t.Parallel()
	one, twenty := tripsOf(t, 1), tripsOf(t, 20)
	if len(one) == 0 || len(twenty) > len(one) {
		t.Errorf("of one of each it asks %d times, of twenty %d times:\n%s\n\n%s", len(one), len(twenty), strings.Join(one, "\n"), strings.Join(twenty, "\n"))
	}
}

// tripsOf is what the store is asked for the line of a customer with n of each thing.
func tripsOf(t *testing.T, n int) []string {
	t.Helper()
	s := servertest.New(t)
	var groups, subscriptions, services, options []string
	for i := range n {
		groups = append(groups, fmt.Sprintf(`{"id":"#g%d","balance":{"amount":"-%d.50"},"type":"POST_PAID","billing_cycle":"MONTHLY"}`, i, i+1))
		subscriptions = append(subscriptions, fmt.Sprintf(`{"id":"#s%d","product_code":"POST_PAID","start_date":"2019-03-01T12:00:00Z"}`, i))
		services = append(services, fmt.Sprintf(`{"subscription":"#s%d","msisdn":"1303555%04d"}`, i, i))
		options = append(options, fmt.Sprintf(`{"subscription":"#s%d","option_id":"VOICE_MAIL"}`, i))
	}
	line := fmt.Sprintf(`{"format":"rator-customer/1","account":{"id":"201901011000000001","brand":"DEMO","customer_number":"4711","account_type":"0"},"users":[{"first_name":"Bo","last_name":"Ek","username":"bo"}],`+
		`"billing_groups":[%s],"subscriptions":[%s],"services":[%s],"options":[%s]}`,
		strings.Join(groups, ","), strings.Join(subscriptions, ","), strings.Join(services, ","), strings.Join(options, ","))
	if err := loaded(t, s.Store, []byte(line+"\n")); err != nil {
		t.Fatal(err)
	}
	trips := new(storetest.Trips)
	counted := storetest.Counted(s.Store, trips)
	for range 2 { // when the copies are there
		trips.Reset()
		err := counted.View(t.Context(), func(tx store.Tx) error {
			all, err := customer.LoadEach(tx, []store.ID{201901011000000001})
			if err == nil {
				_, err = (&export.Query{}).Customer(tx, nil, all[0])
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return trips.Asked()
}
