package bulk

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The smallest customers, and what they are when they are complete.
func TestComplete(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, line string
		want       []string // parts of the complete line
	}{
		{"the smallest", `{"format":"rator-customer/1","account":{"customer_number":"4711","account_type":"0"},"users":[{"first_name":"Bo","last_name":"Ek","username":"bo"}],"subscriptions":[{"product_code":"POST_PAID"}],"services":[{"msisdn":"303 555 0101"}]}`,
			[]string{
				`"account":{"id":"202606011200000000","brand":"DEMO","customer_number":"4711","owner_id":"202606011200000001","status":"ACTIVE","account_type":"0"}`,
				`"users":[{"id":"202606011200000001","username":"bo","first_name":"Bo","last_name":"Ek","country":"US"}]`,
				`"billing_groups":[{"id":"202606011200000002","owner_id":"202606011200000001","type":"POST_PAID","billing_cycle":"MONTHLY","credit_days":14,"created":"2026-06-01T12:00:00Z","balance":{"currency":"USD"},"name":"4711-1"}]`,
				`"memberships":[{"id":"202606011200000003","subscription":"202606011200000004","billing_group":"202606011200000002","from":"2026-06-01T12:00:00Z"}]`,
				`"subscriptions":[{"id":"202606011200000004","user_id":"202606011200000001","product_code":"POST_PAID","product_id":"201401010000000101","rate_plan_id":"201401010000000102","status":"CREATED"}]`,
				`"services":[{"id":"202606011200000005","subscription":"202606011200000004","code":"CDMA","status":"CREATED","number":"13035550101","msisdn":"13035550101"}]`,
			}},
		{"a balance brought along, of a customer in use", `{"format":"rator-customer/1","account":{"account_type":"1"},"users":[{"company":"Ek"}],"billing_groups":[{"balance":{"amount":"-250.00"}}],"subscriptions":[{"product_code":"POST_PAID","start_date":"2019-03-01T12:00:00Z"}],"services":[{"msisdn":"303 555 0101"}],"options":[{"option_id":"VOICE_MAIL"}]}`,
			[]string{
				`"customer_number":"100001"`, `"status":"ACTIVE","start_date":"2019-03-01T12:00:00Z"`,
				`"balance":{"amount":"-250","currency":"USD"}`,
				`"option_key":"VOICE_MAIL","name":"Voice mail","from":"2019-03-01T12:00:00Z"`,
				`"ledgers":[{"id":"202606011200000007","group":"202606011200000002","unused":"-250"}]`,
				`"postings":[{"id":"202606011200000008","billing_group_id":"202606011200000002","type":"OPENING","amount":"-250","currency":"USD","description":"brought along","date":"2026-06-01T12:00:00Z","day":"2026-06-01T00:00:00Z"}]`,
			}},
		{"names, of two people with two lines", `{"format":"rator-customer/1","account":{"account_type":"0","owner_id":"#eva"},"users":[{"id":"#bo","first_name":"Bo"},{"id":"#eva","first_name":"Eva"}],"subscriptions":[{"id":"#a","user_id":"#bo","product_code":"POST_PAID"},{"id":"#b","user_id":"#eva","product_code":"PRE_PAID_CARD"}],"services":[{"subscription":"#b","msisdn":"303 555 0102"},{"subscription":"#a","msisdn":"303 555 0101"}]}`,
			[]string{`"owner_id":"202606011200000002"`, `"name":"100001-1"`, `"name":"100001-2"`,
				`"subscriptions":[{"id":"202606011200000007","user_id":"202606011200000001"`, `"services":[{"id":"202606011200000009","subscription":"202606011200000008"`}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			read, mistakes := Read([]byte(c.line))
			if len(mistakes) == 0 {
				mistakes = completed(t, demo(t), "DEMO", read)
			}
			if len(mistakes) > 0 {
				t.Fatal(mistakes)
			}
			line := string(Append(nil, read, Options{}))
			for _, part := range c.want {
				if !strings.Contains(line, part) {
					t.Errorf("%s\nis not in\n%s", part, line)
				}
			}
			again, mistakes := Read([]byte(line))
			if len(mistakes) == 0 {
				mistakes = completed(t, demo(t), "DEMO", again)
			}
			if len(mistakes) > 0 {
				t.Error(mistakes)
			}
			if diff := cmp.Diff(read, again, same); diff != "" {
				t.Errorf("a complete customer is completed (-was +is):\n%s", diff)
			}
		})
	}
}

func TestForeignIDs(t *testing.T) {
	t.Parallel()
	line := `{"format":"rator-customer/1","account":{"id":"C-4711","account_type":"0","owner_id":"#bo"},"users":[{"id":"#bo","first_name":"Bo"}],"subscriptions":[{"id":"S/1","product_code":"POST_PAID"}],"services":[{"subscription":"S/1","msisdn":"303 555 0101"}]}`
	c, mistakes := Reader{ForeignIDs: true}.Read([]byte(line))
	if len(mistakes) == 0 {
		mistakes = completed(t, demo(t), "DEMO", c)
	}
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	got := map[string]string{}
	for old, id := range c.IDs() {
		got[old] = id.String()
	}
	want := map[string]string{"C-4711": c.Account.ID.String(), "S/1": c.Subscriptions[0].ID.String()}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if c.Services[0].Subscription != c.Subscriptions[0].ID {
		t.Errorf("the service is of %s", c.Services[0].Subscription)
	}
}
