package component_test

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/server"
	"rator/server/servertest"
	"rator/store"
	"rator/wire"
	"rator/workflow"
	"rator/workflow/value"
)

// zonesHookpoints are a site's: TEST_ZONE answers what a script sees of dates, through a
// nested hookpoint too.
var zonesHookpoints = map[string]string{
	"SOAP_ZONES/contract.xml": `<soapcall><request><hookpointKey>SOAP_ZONES</hookpointKey><values><value key="D" type="d"/><value key="TEXT" type="s"/></values></request>
		<response><values><value key="NOW" type="d"/><value key="IN" type="d"/><value key="NESTED" type="d"/><value key="TEXT" type="d"/><value key="NEXT_DAY" type="d"/>
		<value key="OPEN" type="c"><values/></value></values></response></soapcall>`,
	"SOAP_ZONES/workflow.star": `def run(p):
    inner = hook("INNER_ZONE", D = p.TEXT)
    return {"NOW": now, "IN": p.D, "NESTED": inner.D, "TEXT": p.TEXT, "NEXT_DAY": inner.D.add(days = 1) if inner.D else None, "OPEN": {"D": p.D}}
`,
	"INNER_ZONE/contract.xml":  `<soapcall internal="true"><request><hookpointKey>INNER_ZONE</hookpointKey><values><value key="D" type="d"/></values></request><response><values><value key="D" type="d"/></values></response></soapcall>`,
	"INNER_ZONE/workflow.star": "def run(p):\n    return {\"D\": p.D}\n",
}

// newZonesServer has the brands DEMO, in the server's zone, and OSLO and TOKYO in their
// own, with the same offer.
func newZonesServer(t *testing.T, zone string) *servertest.Server {
	t.Helper()
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range zonesHookpoints {
		write("hookpoints/"+name, text)
	}
	brand := func(key, zone, digit string) string {
		return strings.NewReplacer("KEY", key, "ZONE", zone, "#", digit).Replace(`
[[brand]]
key = "KEY"
id = "20260101000000000#"
name = "KEY"
currency = "EUR"
country = "NO"
language = "EN"
time_zone = "ZONE"
[[brand.rate_plan]]
code = "PLAN"
id = "20260101000000001#"
name = "Plan"
[[brand.product_config]]
code = "POST_PAID"
id = "20260101000000002#"
name = "Line"
billing_group_type = "POST_PAID"
billing_cycle = "MONTHLY"
credit_days = 14
rate_plan = "PLAN"
service_types = ["CDMA"]
number_series = "SERIES"
[[brand.number_series]]
code = "SERIES"
id = "20260101000000003#"
name = "Numbers"
country = "NO"
prefix = "479000#"
from = "000"
to = "999"
[[brand.campaign]]
code = "FEBRUARY"
id = "20260101000000004#"
name = "February"
products = ["POST_PAID"]
valid_from = "2026-02-01"
valid_to = "2026-02-28"
`)
	}
	write("brands.toml", brand("OSLO", "Europe/Oslo", "1")+brand("TOKYO", "Asia/Tokyo", "2"))
	write("scenario.toml", "[server]\nclock = 2026-01-31T23:30:00Z\ncatalogue = [\"brands.toml\"]\nhookpoints = [\"hookpoints\"]\n")
	if zone != "" {
		text, err := os.ReadFile(filepath.Join(dir, "scenario.toml"))
		if err != nil {
			t.Fatal(err)
		}
		write("scenario.toml", string(text)+"time_zone = \""+zone+"\"\n")
	}
	return servertest.Of(t, dir)
}

// brandCaller calls hookpoints as a brand.
type brandCaller struct {
	*servertest.Server
	t     *testing.T
	brand string
}

func (b brandCaller) call(hookpoint string, values ...value.Entry) workflow.Result {
	b.t.Helper()
	about := value.Of("CONTEXT", value.OfString("OPERATOR", server.DemoOperator), value.OfString("PASSWORD", server.DemoPassword), value.OfString("BRAND_KEY", b.brand))
	r, err := b.Engine.Invoke(b.t.Context(), workflow.Request{Hookpoint: hookpoint, Values: append(values, about)})
	if err != nil {
		b.t.Fatal(err)
	}
	return r
}

// done is call of one that must succeed.
func (b brandCaller) done(hookpoint string, values ...value.Entry) value.Tree {
	b.t.Helper()
	r := b.call(hookpoint, values...)
	if r.ErrorCode != 0 {
		b.t.Fatalf("%s: %s: %d %s", b.brand, hookpoint, r.ErrorCode, r.ErrorMessage)
	}
	return r.Values
}

func (b brandCaller) signUp(username, birthday string) (owner, group, subscription, account string) {
	b.t.Helper()
	user := value.Of("USER", value.OfString("FIRST_NAME", "Bo"), value.OfString("LAST_NAME", "Ek"), value.OfString("CITY", "Malmö"),
		value.OfString("ZIP", "21119"), value.OfString("EMAIL", "bo@example.com"), value.OfString("USERNAME", username))
	if birthday != "" {
		user.Items = append(user.Items, aDate("BIRTHDAY", birthday))
	}
	a := b.done("SOAP_SIGNUP_CUSTOMER", value.OfString("ACCOUNT_TYPE", "0"), value.OfString("PRODUCT_CODE", "POST_PAID"), user,
		value.Of("SIGNUP_SERVICES", value.Of("CDMA_SERVICE", value.OfString("ORDER_ID", "1")))).Items("ACCOUNT")
	g := a.Path("BILLING_GROUPS/BILLING_GROUP").Items
	return a.Text("OWNER_ID"), g.Text("ID"), g.Path("SUBSCRIPTIONS/SUBSCRIPTION").Items.Text("ID"), a.Text("ID")
}

// aDate is a date as a client wrote it.
func aDate(key, literal string) value.Entry {
	return value.Entry{Key: key, Type: value.Date, Text: literal}
}

// TestDatesAreOfTheBrandsZone: dates without a zone, today and days, on every way in, for
// brands in three zones: it is 23:30 on 31 January in UTC, 16:30 in Denver, 00:30 on 1
// February in Oslo and 08:30 in Tokyo.
func TestDatesAreOfTheBrandsZone(t *testing.T) {
	s := newZonesServer(t, "America/Denver")
	for _, c := range []struct {
		brand, offset, now, tenUTC, today, yesterday string
		campaigns                                    int
	}{
		{"DEMO", "-07:00", "2026-01-31T16:30:00-07:00", "2026-01-20T17:00:00Z", "2026-01-31", "2026-01-30", -1},
		{"OSLO", "+01:00", "2026-02-01T00:30:00+01:00", "2026-01-20T09:00:00Z", "2026-02-01", "2026-01-31", 1},
		{"TOKYO", "+09:00", "2026-02-01T08:30:00+09:00", "2026-01-20T01:00:00Z", "2026-02-01", "2026-01-31", 1},
	} {
		t.Run(c.brand, func(t *testing.T) {
			b := brandCaller{s, t, c.brand}
			is := func(what, got, want string) {
				t.Helper()
				if got != want {
					t.Errorf("%s is %q, want %q", what, got, want)
				}
			}
			// Scripts: now, a request's date, a text that a nested hookpoint takes for a date, an answer's.
			seen := b.done("SOAP_ZONES", aDate("D", "2026-03-01"), value.OfString("TEXT", "2026-03-01T10:00"))
			is("now", seen.Text("NOW"), c.now)
			is("a date", seen.Text("IN"), "2026-03-01T00:00:00"+c.offset)
			is("a date in an open value", seen.Items("OPEN").Text("D"), "2026-03-01T00:00:00"+c.offset)
			is("a nested date", seen.Text("NESTED"), "2026-03-01T10:00:00"+c.offset)
			is("a text as a date", seen.Text("TEXT"), "2026-03-01T10:00:00"+c.offset)
			is("the next day", seen.Text("NEXT_DAY"), "2026-03-02T10:00:00"+c.offset)
			for _, bad := range []string{"2026-03-01T10:00:00+15:00", "0000-03-01", "2026-03-01T10:00:00,5"} {
				seen := b.done("SOAP_ZONES", aDate("D", bad))
				for _, e := range []*value.Entry{seen.Get("IN"), seen.Items("OPEN").Get("D")} {
					if e == nil || !e.Null {
						t.Errorf("%s is answered as %v", bad, e)
					}
				}
				if r := b.call("SOAP_ZONES", value.OfString("TEXT", bad)); r.ErrorCode != failure.WorkflowFailed.Number {
					t.Errorf("a script's %s: %d %v", bad, r.ErrorCode, r.Values)
				}
			}

			owner, group, subscription, _ := b.signUp("bo", "1990-05-06")
			is("a birthday", b.done("SOAP_GET_USER", value.OfString("USER_ID", owner)).Items("USER").Text("BIRTHDAY")[:19], "1990-05-06T00:00:00")
			b.done("SOAP_ACTIVATE_SUBSCRIPTION", value.OfString("SUBSCRIPTION_ID", subscription))

			// Money: a payment's time, and which day it is of.
			pay := func(id, date string) {
				t.Helper()
				b.done("SOAP_SAVE_PAYMENT", value.OfString("BILLING_GROUP_ID", group), value.OfDouble("AMOUNT", 10), value.OfString("TRANSACTION_ID", c.brand+id), aDate("PAYMENT_DATE", date))
			}
			pay("1", "2026-01-20T10:00:00")
			pay("2", "2026-01-21T23:59:59")
			paid := func(day string) []string {
				var dates []string
				list := b.done("SOAP_GET_TRANSACTIONS", value.OfString("BILLING_GROUP_ID", group), aDate("START_DATE", day), aDate("END_DATE", day)).Items("TRANSACTIONS")
				for e := range list.All("TRANSACTION") {
					dates = append(dates, e.Items.Text("DATE"))
				}
				return dates
			}
			is("paid on the 20th", strings.Join(paid("2026-01-20"), " "), c.tenUTC)
			is("paid on the 21st", strings.Join(paid("2026-01-21T12:00:00"), " "), instantOf(t, "2026-01-21T23:59:59"+c.offset))

			// Today and in the past.
			refused := func(hookpoint string, code *failure.Code, values ...value.Entry) {
				t.Helper()
				if r := b.call(hookpoint, values...); r.ErrorCode != code.Number {
					t.Errorf("%s with %v: %d %s, not %s", hookpoint, values, r.ErrorCode, r.ErrorMessage, code.Name)
				}
			}
			of := value.OfString("SUBSCRIPTION_ID", subscription)
			refused("SOAP_TERMINATE_SUBSCRIPTION", customer.TerminationBeforeStart, of, aDate("TERMINATION_DATE", c.yesterday))
			refused("SOAP_CHANGE_BILLING_GROUP", customer.ChangeDateOutOfRange, of, aDate("CHANGE_DATE", c.yesterday))
			refused("SOAP_BLOCK_SERVICE", customer.StolenDateOutOfRange, of, aDate("STOLEN_DATE", "2026-02-02"))
			b.done("SOAP_CHANGE_BILLING_GROUP", of, aDate("CHANGE_DATE", c.today))
			b.done("SOAP_BLOCK_SERVICE", of, aDate("STOLEN_DATE", c.today))
			planned := b.done("SOAP_TERMINATE_SUBSCRIPTION", of, aDate("TERMINATION_DATE", "2026-02-10")).Items("SUBSCRIPTION_TERMINATION")
			is("the end", planned.Text("TERMINATION_DATE"), instantOf(t, "2026-02-10T00:00:00"+c.offset))
			if c.campaigns >= 0 {
				id := map[string]string{"OSLO": "202601010000000021", "TOKYO": "202601010000000022"}[c.brand]
				list := b.done("SOAP_GET_CAMPAIGNS", value.OfString("PRODUCT_ID", id)).Items("CAMPAIGNS")
				if len(list) != c.campaigns || list[0].Items.Text("VALID_FROM") != "2026-02-01T00:00:00"+c.offset {
					t.Errorf("campaigns: %v", list)
				}
			}
		})
	}

	// What is due by a day is so in each brand's zone: the days began in Tokyo and Oslo first.
	later := time.Date(2026, 2, 10, 12, 0, 0, 0, time.UTC)
	s.Clock.Store(&later)
	due, err := server.RunDue(t.Context(), s.Engine, server.AsOf{Day: time.Date(2026, 2, 9, 0, 0, 0, 0, time.UTC)}, func(server.DueOutcome) {})
	if err != nil || due.Any() {
		t.Errorf("on the day before: %+v, %v", due, err)
	}
	if due, err = server.RunDue(t.Context(), s.Engine, server.AsOf{Day: time.Date(2026, 2, 10, 0, 0, 0, 0, time.UTC)}, func(server.DueOutcome) {}); err != nil || due.Done != 3 {
		t.Errorf("on the day: %+v, %v", due, err)
	}
}

// instantOf is a date as stored moments are answered.
func instantOf(t *testing.T, literal string) string {
	t.Helper()
	at, err := value.ParseDate(literal, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	return value.FormatDate(at.UTC())
}

// TestBirthdayIsTheSameDay on SOAP and in the three dialects, for brands west and east of
// whoever writes it, in whatever form.
func TestBirthdayIsTheSameDay(t *testing.T) {
	s := newZonesServer(t, "America/Denver")
	home := strings.TrimSuffix(s.Endpoint, wire.Path)
	do := func(brand, method, path, body string) map[string]any {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, home+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.SetBasicAuth(server.DemoOperator, server.DemoPassword)
		r.Header.Set("X-Brand-Key", brand)
		if r.Header.Set("Content-Type", "application/json"); method == http.MethodPatch {
			r.Header.Set("Content-Type", "application/merge-patch+json")
		}
		a, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Body.Close()
		text, err := io.ReadAll(a.Body)
		var doc map[string]any
		if err != nil || json.Unmarshal(text, &doc) != nil || a.StatusCode >= 300 {
			t.Fatalf("%s %s: %d %s", method, path, a.StatusCode, text)
		}
		return doc
	}
	dialects := []string{"/customerManagement", "/tmf-api/customerManagement/v3", "/tmf-api/customerManagement/v4"}
	shown := func(doc map[string]any) string {
		all, _ := doc["characteristic"].([]any)
		for _, one := range all {
			if pair, _ := one.(map[string]any); pair["name"] == "rator.birthDate" {
				text, _ := pair["value"].(string)
				return text
			}
		}
		return ""
	}
	midnights := map[string]string{"DEMO": "1990-05-06T00:00:00-06:00", "OSLO": "1990-05-06T00:00:00+02:00", "TOKYO": "1990-05-06T00:00:00+09:00"}
	utc := map[string]string{"DEMO": "1990-05-06T06:00:00Z", "OSLO": "1990-05-05T22:00:00Z", "TOKYO": "1990-05-05T15:00:00Z"}
	for brand, midnight := range midnights {
		b := brandCaller{s, t, brand}
		owner, _, _, account := b.signUp("aase", "")
		read := func() string {
			return b.done("SOAP_GET_USER", value.OfString("USER_ID", owner)).Items("USER").Text("BIRTHDAY")
		}
		same := func(how, soap string) {
			t.Helper()
			if got := read(); got != soap {
				t.Errorf("%s: %s: SOAP says %s, want %s", brand, how, got, soap)
			}
			for _, base := range dialects {
				if got := shown(do(brand, "GET", base+"/customer/c"+account, "")); got != "1990-05-06" {
					t.Errorf("%s: %s: %s says %s", brand, how, base, got)
				}
			}
		}
		clear := func() {
			b.done("SOAP_UPDATE_USER", value.Of("USER", value.OfString("ID", owner), aDate("BIRTHDAY", "1970-01-01")))
		}
		for literal, soap := range map[string]string{
			"1990-05-06": midnight, "1990-05-06T00:00:00": midnight,
			"1990-05-06T00:00:00-10:00": "1990-05-06T00:00:00-10:00", "1990-05-06T00:00:00+14:00": "1990-05-06T00:00:00+14:00",
			"1990-05-06T00:00:00Z": "1990-05-06T00:00:00Z", "1990-05-06Z": "1990-05-06T00:00:00Z",
			"1990-05-06T23:30:00+01:00": "1990-05-06T23:30:00+01:00",
		} {
			clear()
			b.done("SOAP_UPDATE_USER", value.Of("USER", value.OfString("ID", owner), aDate("BIRTHDAY", literal)))
			same("SOAP "+literal, soap)
		}
		// A client of the brand's own zone that turns its dates into UTC.
		clear()
		b.done("SOAP_UPDATE_USER", value.Of("USER", value.OfString("ID", owner), aDate("BIRTHDAY", utc[brand])))
		want := utc[brand]
		if !strings.HasPrefix(want, "1990-05-06") {
			want = midnight
		}
		same("SOAP "+utc[brand], want)
		for _, base := range dialects {
			for _, literal := range []string{"1990-05-06", "1990-05-06T00:00:00", "1990-05-06T00:00:00.000+0000", "1990-05-06T00:00:00+14:00", "1990-05-06T00:00:00-1000", utc[brand]} {
				clear()
				do(brand, "PATCH", base+"/customer/c"+account, `{"characteristic":[{"name":"rator.birthDate","value":"`+literal+`"}]}`)
				same(base+" "+literal, midnight)
			}
		}
		// What is written back as it was read changes nothing.
		b.done("SOAP_UPDATE_USER", value.Of("USER", value.OfString("ID", owner), aDate("BIRTHDAY", "1990-05-06T00:00:00+05:00")))
		do(brand, "PATCH", dialects[0]+"/customer/c"+account, `{"characteristic":[{"name":"rator.birthDate","value":"1990-05-06"}]}`)
		same("written back", "1990-05-06T00:00:00+05:00")
	}
}

// TestDateTimesOfQueriesAreOfTheBrandsZone: a date-time without a zone, in a filter, in a
// sort or in a document, is the brand's.
func TestDateTimesOfQueriesAreOfTheBrandsZone(t *testing.T) {
	s := newZonesServer(t, "")
	home := strings.TrimSuffix(s.Endpoint, wire.Path)
	do := func(brand, method, path, body string) string {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, home+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.SetBasicAuth(server.DemoOperator, server.DemoPassword)
		r.Header.Set("X-Brand-Key", brand)
		r.Header.Set("Content-Type", "application/json")
		a, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Body.Close()
		text, err := io.ReadAll(a.Body)
		if err != nil || a.StatusCode >= 300 {
			t.Fatalf("%s %s: %d %s, %v", method, path, a.StatusCode, text, err)
		}
		return string(text)
	}
	names := func(brand, query string) string {
		var list []struct{ Name string }
		if err := json.Unmarshal([]byte(do(brand, "GET", "/customerManagement/customer?fields=name&name=Local,Universal&"+query, "")), &list); err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, one := range list {
			all = append(all, one.Name)
		}
		return strings.Join(all, ",")
	}
	for _, brand := range []string{"OSLO", "TOKYO"} {
		for name, start := range map[string]string{"Local": "2026-01-15T00:30:00", "Universal": "2026-01-15T00:00:00Z"} {
			do(brand, "POST", "/customerManagement/customer", `{"name":"`+name+`","validFor":{"startDateTime":"`+start+`"}}`)
		}
	}
	// v3 and v4 answer RFC 3339, of what they and others wrote.
	for brand, want := range map[string][2]string{
		"OSLO": {"2026-01-14T23:30:00Z", "2026-01-14T23:00:00Z"}, "TOKYO": {"2026-01-14T15:30:00Z", "2026-01-14T15:00:00Z"},
	} {
		for _, base := range []string{"/tmf-api/customerManagement/v3", "/tmf-api/customerManagement/v4"} {
			if got := do(brand, "GET", base+"/customer?name=Local&fields=validFor", ""); !strings.Contains(got, want[0]) {
				t.Errorf("%s: %s", brand, got)
			}
			got := do(brand, "POST", base+"/customer", `{"name":"Later","engagedParty":{"id":"1","@referredType":"Individual"},"validFor":{"startDateTime":"2026-01-15"}}`)
			if !strings.Contains(got, `{"startDateTime":"`+want[1]+`"}`) {
				t.Errorf("%s: %s", brand, got)
			}
		}
	}
	for query, want := range map[string]map[string]string{
		// Local midnight and a half is 23:30Z of the day before in Oslo, 15:30Z in Tokyo.
		"validFor.startDateTime.lt=2026-01-15T00:00:00Z":                             {"OSLO": "Local", "TOKYO": "Local"},
		"validFor.startDateTime.lt=2026-01-14T20:00:00Z":                             {"OSLO": "", "TOKYO": "Local"},
		"validFor.startDateTime.gte=2026-01-15T05:00:00":                             {"OSLO": "", "TOKYO": "Universal"}, // 00:00Z is 09:00 in Tokyo
		"validFor.startDateTime=2026-01-15&sort=-validFor.startDateTime":             {"OSLO": "Universal,Local", "TOKYO": "Universal,Local"},
		"validFor.startDateTime=2026-01-14&sort=-validFor.startDateTime":             {"OSLO": "", "TOKYO": ""},
		"validFor.startDateTime.lte=2026-01-15T01:00:00&sort=validFor.startDateTime": {"OSLO": "Local,Universal", "TOKYO": "Local"},
	} {
		for brand, want := range want {
			if got := names(brand, query); got != want {
				t.Errorf("%s %s: %q, want %q", brand, query, got, want)
			}
		}
	}
}

// TestBrandsHaveTheServersZone until they name one, and the store's is the last it was
// served in.
func TestBrandsHaveTheServersZone(t *testing.T) {
	s := newZonesServer(t, "")
	zones := func() string {
		var all []string
		err := s.Store.View(t.Context(), func(tx store.Tx) error {
			for b, err := range catalogue.AllBrands(tx) {
				if err != nil {
					return err
				}
				all = append(all, b.Key+" "+b.Zone().String())
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(all, ", ")
	}
	if got := zones(); got != "DEMO UTC, DEMO2 UTC, OSLO Europe/Oslo, TOKYO Asia/Tokyo" {
		t.Error(got)
	}
	for _, name := range []string{"America/Denver", "Asia/Kolkata"} {
		err := s.Store.Update(t.Context(), func(tx store.Tx) error { return catalogue.ServeIn(tx, name) })
		if err != nil {
			t.Fatal(err)
		}
		if got := zones(); got != "DEMO "+name+", DEMO2 "+name+", OSLO Europe/Oslo, TOKYO Asia/Tokyo" {
			t.Error(got)
		}
	}
}
