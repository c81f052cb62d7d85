package bulk

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/billing/verify"
	"rator/catalogue"
	"rator/store"
)

var givenID = regexp.MustCompile(`"20260601120000[0-9]{4}"`)

// counted has the ids of a line that were given count from "#0".
func counted(line string) string {
	first := 0
	return givenID.ReplaceAllStringFunc(line, func(id string) string {
		n, err := strconv.Atoi(id[len(id)-5 : len(id)-1])
		if err != nil {
			panic(err)
		}
		if first == 0 {
			first = n
		}
		return strconv.Quote("#" + strconv.Itoa(n-first))
	})
}

// The smallest customers, and what they are when they are complete.
func TestComplete(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, line string
		want       []string // parts of the complete line
	}{
		{"the smallest", `{"format":"rator-customer/1","account":{"customer_number":"4711","account_type":"0"},"users":[{"first_name":"Bo","last_name":"Ek","username":"bo"}],"subscriptions":[{"product_code":"POST_PAID"}],"services":[{"msisdn":"303 555 0101"}]}`,
			[]string{
				`"account":{"id":"#0","brand":"DEMO","customer_number":"4711","owner_id":"#1","status":"ACTIVE","account_type":"0"}`,
				`"users":[{"id":"#1","username":"bo","first_name":"Bo","last_name":"Ek","country":"US"}]`,
				`"billing_groups":[{"id":"#2","owner_id":"#1","type":"POST_PAID","billing_cycle":"MONTHLY","credit_days":14,"created":"2026-06-01T12:00:00Z","balance":{"currency":"USD"},"name":"4711-1"}]`,
				`"memberships":[{"id":"#3","subscription":"#4","billing_group":"#2","from":"2026-06-01T12:00:00Z"}]`,
				`"subscriptions":[{"id":"#4","user_id":"#1","product_code":"POST_PAID","product_id":"201312240052364157","rate_plan_id":"201312292352141290","status":"CREATED"}]`,
				`"services":[{"id":"#5","subscription":"#4","code":"CDMA","status":"CREATED","number":"13035550101","msisdn":"13035550101"}]`,
			}},
		{"a balance brought along, of a customer in use", `{"format":"rator-customer/1","account":{"account_type":"1"},"users":[{"company":"Ek"}],"billing_groups":[{"balance":{"amount":"-250.00"}}],"subscriptions":[{"product_code":"POST_PAID","start_date":"2019-03-01T12:00:00Z"}],"services":[{"msisdn":"303 555 0101"}],"options":[{"option_id":"VOICE_MAIL"}]}`,
			[]string{
				`"customer_number":"100001"`, `"status":"ACTIVE","start_date":"2019-03-01T12:00:00Z"`,
				`"balance":{"amount":"-250","currency":"USD"}`,
				`"option_key":"VOICE_MAIL","name":"Voice mail","from":"2019-03-01T12:00:00Z"`,
				`"ledgers":[{"id":"#7","group":"#2","unused":"-250"}]`,
				`"postings":[{"id":"#8","billing_group_id":"#2","type":"OPENING","amount":"-250","currency":"USD","description":"brought along","date":"2026-06-01T12:00:00Z","day":"2026-06-01T00:00:00Z"}]`,
			}},
		{"names, of two people with two lines", `{"format":"rator-customer/1","account":{"account_type":"0","owner_id":"#eva"},"users":[{"id":"#bo","first_name":"Bo"},{"id":"#eva","first_name":"Eva"}],"subscriptions":[{"id":"#a","user_id":"#bo","product_code":"POST_PAID"},{"id":"#b","user_id":"#eva","product_code":"PRE_PAID_CARD"}],"services":[{"subscription":"#b","msisdn":"303 555 0102"},{"subscription":"#a","msisdn":"303 555 0101"}]}`,
			[]string{`"owner_id":"#2"`, `"name":"100001-1"`, `"name":"100001-2"`,
				`"subscriptions":[{"id":"#7","user_id":"#1"`, `"services":[{"id":"#9","subscription":"#8"`}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			read, mistakes := (Reader{}).Read([]byte(c.line))
			if len(mistakes) == 0 {
				mistakes = completed(t, demo(t), "DEMO", read)
			}
			if len(mistakes) > 0 {
				t.Fatal(mistakes)
			}
			line := string(Append(nil, read, Options{}))
			for _, part := range c.want {
				if plain := counted(line); !strings.Contains(plain, part) {
					t.Errorf("%s\nis not in\n%s", part, plain)
				}
			}
			again, mistakes := (Reader{}).Read([]byte(line))
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

// TestCompleteCustomersAreRight has the customers of the document be kept, and looked at as
// rator verify looks at all.
func TestCompleteCustomersAreRight(t *testing.T) {
	t.Parallel()
	s := demo(t)
	for _, example := range examples(t, "json") {
		c, mistakes := (Reader{}).Read([]byte(example))
		if len(mistakes) == 0 {
			mistakes = completed(t, s, "DEMO", c)
		}
		if len(mistakes) > 0 {
			t.Fatal(mistakes)
		}
		if err := s.Update(context.Background(), func(tx store.Tx) error {
			brand, err := catalogue.BrandByKey(tx, "DEMO")
			if err != nil {
				return err
			}
			if err := c.Whole.Load(tx, brand); err != nil {
				return err
			}
			if err := c.Books.Load(tx, brand); err != nil {
				return err
			}
			report := func(err error) { t.Errorf("%v\nof %s", err, Append(nil, c, Options{})) }
			c.Whole.Verify(tx, report)
			verify.Customer(tx, c.BillingGroups, report)
			return nil
		}); err != nil {
			t.Error(err)
		}
	}
}
