package bulk

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// rows reads a CSV file: the lines of customers, and what is wrong.
func rows(t *testing.T, text string) (all []string) {
	t.Helper()
	zone, err := time.LoadLocation("America/Denver")
	if err != nil {
		t.Fatal(err)
	}
	c, err := OpenCSV("old.csv", strings.NewReader(text), Reader{}, zone)
	if err != nil {
		return []string{err.Error()}
	}
	s := demo(t)
	for {
		line, _, err := c.Line()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			return append(all, err.Error())
		}
		read, mistakes := c.Read(line)
		if len(mistakes) == 0 {
			mistakes = completed(t, s, "DEMO", read)
			c.Named(mistakes)
		}
		for _, m := range mistakes {
			all = append(all, m.String())
		}
		if len(mistakes) == 0 {
			all = append(all, counted(string(Append(nil, read, Options{}))))
		}
	}
}

func TestCSV(t *testing.T) {
	t.Parallel()
	got := rows(t, "sep=;\nCUSTOMER_NUMBER;ACCOUNT_TYPE;FIRST_NAME;LAST_NAME;USERNAME;CREDIT_LIMIT;PRODUCT_CODE;START_DATE;MSISDN;BALANCE;SUBSCRIBED_OPTION.OPTION_ID\n"+
		"4711;0;Bo;Ek;bo;500;POST_PAID;2019-03-01;303 555 0101;-12.50;VOICE_MAIL\n;;;;;;;;;;\n")
	want := []string{`{"format":"rator-customer/1","account":{"id":"#0","brand":"DEMO","customer_number":"4711","owner_id":"#1","status":"ACTIVE","account_type":"0"},` +
		`"users":[{"id":"#1","username":"bo","first_name":"Bo","last_name":"Ek","country":"US","credit_limit":500}],` +
		`"billing_groups":[{"id":"#2","owner_id":"#1","type":"POST_PAID","billing_cycle":"MONTHLY","credit_days":14,"created":"2026-06-01T12:00:00Z","balance":{"amount":"-12.5","currency":"USD"},"name":"4711-1"}],` +
		`"memberships":[{"id":"#3","subscription":"#4","billing_group":"#2","from":"2019-03-01T07:00:00Z"}],` +
		`"subscriptions":[{"id":"#4","user_id":"#1","product_code":"POST_PAID","product_id":"201312240052364157","rate_plan_id":"201312292352141290","status":"ACTIVE","start_date":"2019-03-01T07:00:00Z"}],` +
		`"services":[{"id":"#5","subscription":"#4","code":"CDMA","status":"ACTIVE","number":"13035550101","msisdn":"13035550101"}],` +
		`"options":[{"id":"#6","subscription":"#4","option_id":"201401010000000220","option_key":"VOICE_MAIL","name":"Voice mail","from":"2019-03-01T07:00:00Z"}],` +
		`"ledgers":[{"id":"#7","group":"#2","unused":"-12.5"}],` +
		`"postings":[{"id":"#8","billing_group_id":"#2","type":"OPENING","amount":"-12.5","currency":"USD","description":"brought along","date":"2026-06-01T12:00:00Z","day":"2026-06-01T00:00:00Z"}]}`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestMistakesOfCSV(t *testing.T) {
	t.Parallel()
	const begin = "ACCOUNT_TYPE,FIRST_NAME,PRODUCT_CODE,MSISDN"
	cases := []struct{ name, text, want string }{
		{"an unknown column", "ACCOUNT_TYPE,FIRSTNAME\n", `old.csv:1:14: column 2, "FIRSTNAME": is no column (did you mean FIRST_NAME?)`},
		{"a column that may be of several", "STATUS\n", `old.csv:1:1: column 1, "STATUS": may mean ACCOUNT.STATUS, SERVICE.STATUS or SUBSCRIPTION.STATUS; write which`},
		{"a column that is there twice", "FIRST_NAME,USER.FIRST_NAME\n", `old.csv:1:12: column 2, "USER.FIRST_NAME": is there twice, here and as FIRST_NAME`},
		{"a second account", "ACCOUNT[2].ACCOUNT_TYPE\n", `old.csv:1:1: column 1, "ACCOUNT[2].ACCOUNT_TYPE": is of something that there is one of`},
		{"a day that there is not", begin + ",BIRTHDAY\n0,Bo,POST_PAID,3035550101,1981-02-29\n", `BIRTHDAY: "1981-02-29" is not a day that there is, as "1980-02-29"`},
		{"neither a day nor a moment", begin + ",START_DATE\n0,Bo,POST_PAID,3035550101,2019-02-30\n", `START_DATE: "2019-02-30" is neither a day that there is, as "2024-02-29", nor a moment, as "2024-02-29T13:00:00Z"`},
		{"no whole number", begin + ",CREDIT_LIMIT\n0,Bo,POST_PAID,3035550101,5.5\n", `CREDIT_LIMIT: must be a whole number, not a text`},
		{"a product that is unknown", begin + "\n0,Bo,POSTPAID,3035550101\n", `PRODUCT_CODE: UNKNOWN_PRODUCT_CODE: unknown product code: DEMO/POSTPAID (did you mean POST_PAID?)`},
		{"nothing where there has to be something", begin + "\n,Bo,POST_PAID,3035550101\n", `ACCOUNT_TYPE: is missing; write "0" for a person, "1" for a company`},
		{"a cell too many", begin + "\n0,Bo,POST_PAID,3035550101,5\n", `old.csv:2:1: the row has 5 cells, the header 4; a cell that holds ',' stands in quotes`},
		{"an empty file", "", `old.csv: the file is empty; its first line names the keys`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := rows(t, c.text); len(got) != 1 || got[0] != c.want {
				t.Errorf("said:   %q\nwanted: %q", got, c.want)
			}
		})
	}
}
