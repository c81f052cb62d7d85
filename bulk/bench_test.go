package bulk

import (
	"fmt"
	"strings"
	"testing"
)

// ordinary is a line of about 4 KB: a customer with two lines, and what was posted in half
// a year.
func ordinary(b *testing.B) []byte {
	b.Helper()
	var postings []string
	for n := range 8 {
		postings = append(postings, fmt.Sprintf(`{"type":"CHARGE","amount":"-%d.50","description":"Voice mail, a month of it","date":"2026-0%d-01T09:30:00Z","charge_item_id":"201401010000000301"}`, n+1, n%6+1))
	}
	read, mistakes := (Reader{}).Read([]byte(`{"format":"rator-customer/1","account":{"account_type":"0","owner_id":"#eva","customer_number":"4711"},` +
		`"users":[{"id":"#bo","first_name":"Bo","last_name":"Ek","username":"bo.ek@example.com","email":"bo.ek@example.com","street":"Larimer Street","street_number":"1420","city":"Denver","zip":"80202","state":"CO","phone1":"+1 303 555 0101","birthday":"1980-02-29"},` +
		`{"id":"#eva","first_name":"Eva","last_name":"Ek","username":"eva.ek@example.com","email":"eva.ek@example.com","street":"Larimer Street","street_number":"1420","city":"Denver","zip":"80202","state":"CO","phone1":"+1 303 555 0102","birthday":"1979-12-24"}],` +
		`"subscriptions":[{"id":"#a","user_id":"#bo","product_code":"POST_PAID","start_date":"2019-03-01T12:00:00Z"},{"id":"#b","user_id":"#eva","product_code":"POST_PAID","start_date":"2021-07-15T12:00:00Z"}],` +
		`"services":[{"subscription":"#a","msisdn":"303 555 0101"},{"subscription":"#b","msisdn":"303 555 0102"}],` +
		`"options":[{"subscription":"#a","option_id":"VOICE_MAIL"},{"subscription":"#b","option_id":"VOICE_MAIL"}],` +
		`"postings":[` + strings.Join(postings, ",") + `]}`))
	if len(mistakes) == 0 {
		mistakes = completed(b, demo(b), "DEMO", read)
	}
	if len(mistakes) > 0 {
		b.Fatal(mistakes)
	}
	return Append(nil, read, Options{})
}

func BenchmarkRead(b *testing.B) {
	line := ordinary(b)
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	for b.Loop() {
		if _, mistakes := (Reader{}).Read(line); len(mistakes) > 0 {
			b.Fatal(mistakes)
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	line := ordinary(b)
	c, _ := (Reader{}).Read(line)
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	for b.Loop() {
		line = Append(line[:0], c, Options{})
	}
}
