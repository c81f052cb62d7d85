package load

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write what is said of the lines with mistakes")

// replaced is a line in which something else stands, which must have been there.
func replaced(n int, pairs ...string) string {
	text := plainLine(n)
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			panic(pairs[i] + " is not in " + text)
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	return text
}

const (
	options = `"options":[`
	number4 = `"customer_number":"100104"`
)

// wrong are lines of a file, most of them with a mistake.
var wrong = []struct{ what, line string }{
	{"right", plainLine(1)},
	{"no JSON", `{"format":"rator-customer/1"`},
	{"an unknown member", replaced(2, `"username"`, `"usrname"`)},
	{"several mistakes at once", replaced(3, `"account_type":"0"`, `"account_type":"7"`, `"1303555`, `"+9`, `"-3.50"`, `"-3,50"`)},
	{"right too", plainLine(4)},
	{"a customer number of another line", replaced(5, `"100105"`, `"100104"`)},
	{"a username of another line, letter case aside", replaced(6, `"bo6"`, `"BO4"`)},
	{"a phone number of another line", replaced(7, `"13035550007"`, `"303 555 0004"`)},
	{"an id of another line", replaced(8, `{"id":"201901011000000802"`, `{"id":"201901011000000402"`)},
	{"all of another line", plainLine(4)},
	{"a customer number of the store", replaced(10, `"100110"`, `"100200"`)},
	{"a username of the store", replaced(11, `"bo11"`, `"bo100"`)},
	{"a phone number of the store", replaced(12, `"13035550012"`, `"1 303 555 0100"`)},
	{"an id of the store", replaced(13, `{"id":"201901011000001301"`, `{"id":"201901041000001601"`)},
	{"three things of the store", replaced(14, `"100114"`, `"100200"`, `"bo14"`, `"bo100"`, `"13035550014"`, `"13035550100"`)},
	{"an unknown brand", replaced(15, `"account_type"`, `"brand":"OTHER","account_type"`)},
	{"an unknown product", replaced(16, `"POST_PAID"`, `"POSTPAID"`)},
	{"an unknown rate plan", replaced(17, `"product_code"`, `"rate_plan_id":"RATE","product_code"`)},
	{"an unknown option", replaced(18, `"VOICE_MAIL"`, `"VOICE"`)},
	{"an option twice", replaced(19, options, options+`{"option_id":"VOICE_MAIL"},`)},
	{"a balance that postings do not make", replaced(20, options, `"postings":[{"type":"CHARGE","amount":"-1.00"}],`+options)},
	{"invoices whose sums are wrong", replaced(21, options, `"invoices":[{"id":"201905011000002199","invoice_number":"I-1","sequence":1,"net":"10.00","total":"12.50","tax":"2.00","invoice_date":"2019-05-01T00:00:00Z","due_date":"2019-05-15T00:00:00Z","from_date":"2019-04-01T00:00:00Z","until_date":"2019-05-01T00:00:00Z"}],`+options)},
	{"two owners, of whom nobody says which", replaced(22, `"users":[`, `"users":[{"first_name":"Eva"},`)},
	{"a list that stands there twice", replaced(23, options, `"billing_groups":[],`+options)},
	{"a group that nothing says a type of", `{"format":"rator-customer/1","account":{"account_type":"0"},"users":[{"first_name":"Bo"}],"billing_groups":[{}]}`},
	{"no billing group and no product", `{"format":"rator-customer/1","account":{"account_type":"0"},"users":[{"first_name":"Bo"}]}`},
	{"an id of a time to come", replaced(26, `{"id":"201901011000002601"`, `{"id":"209901011000002601"`)},
	{"two open memberships", replaced(27, options, `"memberships":[{"from":"2019-03-01T12:00:00Z"},{"from":"2019-03-01T12:00:00Z"}],`+options)},
	{"a membership that has ended", replaced(28, options, `"memberships":[{"from":"2019-03-01T12:00:00Z","until":"2020-03-01T12:00:00Z"}],`+options)},
	{"a subscription without a service", replaced(29, `"services":[{"id":"201901021000000105","msisdn":"13035550029"}],`, ``)},
	{"a service in another state", replaced(30, `"msisdn"`, `"status":"BLOCKED","msisdn"`)},
	{"an owner of another customer", replaced(31, `"customer_number"`, `"owner_id":"201901011000000402","customer_number"`)},
	{"a closed account in use", replaced(32, `"customer_number"`, `"status":"CLOSED","closed":"2020-03-01T12:00:00Z","customer_number"`)},
	{"an id of another form", replaced(33, `{"id":"201901021000000501"`, `{"id":"C-4711"`)},
	{"two billing groups of a name", replaced(34, `"billing_groups":[{`, `"billing_groups":[{"name":"A","type":"POST_PAID","billing_cycle":"MONTHLY"},{"name":"A","type":"POST_PAID","billing_cycle":"MONTHLY",`)},
	{"a membership of nothing", replaced(35, options, `"memberships":[{"billing_group":"201901021000000799"}],`+options)},
	{"two usernames that are one", replaced(36, `"users":[`, `"users":[{"id":"#2","username":"Bo36"},`, `"account":{`, `"account":{"owner_id":"#2",`, `"subscriptions":[{`, `"subscriptions":[{"user_id":"#2",`)},
}

// TestMistakes holds what is said of them, all at once and in order, against
// testdata/mistakes.txt, and the store is as it was.
func TestMistakes(t *testing.T) {
	t.Parallel()
	st := newStore(t)
	newJob(t, st, bytesInput("before.ndjson", linesOf(100, 101))).do(t)
	before := contents(t, st)
	var in strings.Builder
	for _, w := range wrong {
		in.WriteString(w.line + "\n")
	}
	j := newJob(t, st, bytesInput("customers.ndjson", []byte(in.String())))
	report, err := j.Do(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	same(t, before, contents(t, st), "after a load with mistakes")
	if int(report.Mistakes) != len(j.mistakes) || report.Written != 0 {
		t.Errorf("%d told, %+v", len(j.mistakes), report)
	}
	var said strings.Builder
	for i, w := range wrong {
		said.WriteString("# " + w.what + "\n")
		at := "customers.ndjson:" + string(rune('0'+(i+1)/10)) + string(rune('0'+(i+1)%10)) + ":"
		at = strings.Replace(at, ":0", ":", 1)
		for _, m := range j.mistakes {
			if strings.HasPrefix(m, at) {
				said.WriteString(m + "\n")
			}
		}
	}
	path := filepath.Join("testdata", "mistakes.txt")
	if *update {
		if err := os.WriteFile(path, []byte(said.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(kept), said.String()); diff != "" {
		t.Errorf("what is said differs (-kept +said; -update writes it):\n%s", diff)
	}
	few := newJob(t, st, j.Inputs...)
	few.Mistakes = 3
	if report, err := few.Do(t.Context()); err != nil || len(few.mistakes) != 3 || int(report.Mistakes) != len(j.mistakes) {
		t.Errorf("with a limit: %d told, %+v, %v", len(few.mistakes), report, err)
	} else if diff := cmp.Diff(j.mistakes[:3], few.mistakes); diff != "" {
		t.Error(diff)
	}
}

// TestMistakesInCSV: they name lines and columns.
func TestMistakesInCSV(t *testing.T) {
	t.Parallel()
	const in = "CUSTOMER_NUMBER;ACCOUNT_TYPE;FIRST_NAME;USERNAME;PRODUCT_CODE;MSISDN\n" +
		"1;0;Bo;bo;POST_PAID;303 555 0101\n" +
		"2;0;Bo;BO;POST_PAID;303 555 0102\n" +
		"3;5;Bo;;POST_PAID;303 555 0103\n" +
		"4;0;Bo;;POSTPAID;303 555 0104\n"
	st := newStore(t)
	j := newJob(t, st, bytesInput("old.csv", []byte(in)))
	if _, err := j.Do(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"old.csv:3: USERNAME: ", "old.csv:4: ACCOUNT_TYPE: ", "old.csv:5: PRODUCT_CODE: "} {
		if i >= len(j.mistakes) || !strings.HasPrefix(j.mistakes[i], want) {
			t.Errorf("%d: want %s in %q", i, want, j.mistakes)
		}
	}
	right := newJob(t, st, bytesInput("old.csv", []byte(strings.Join(strings.SplitAfter(in, "\n")[:2], ""))))
	if report := right.do(t); report.Written != 1 {
		t.Errorf("%+v", report)
	}
}
