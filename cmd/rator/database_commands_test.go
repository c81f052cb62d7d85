package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"rator/server/servertest"
)

// TestDatabaseIsChangedByCommands: what commands change in a database beside its server is
// what the server goes by, and goes out and into another database as it is.
func TestDatabaseIsChangedByCommands(t *testing.T) {
	at, dir := newAddress(t, "rator_changes"), t.TempDir()
	p := startServer(t, "--demo", "--store", at, "--tmf-pin-key", filepath.Join(dir, "pin-key"), "--call-log", "off", "--hub-allow", "127.0.0.1")
	base := strings.TrimSuffix(p.endpoint, "/workflow-soap/InvokerService")
	does := func(code int, says, in string, args ...string) []string {
		t.Helper()
		o := ratorOutside(t, in, args...)
		found := regexp.MustCompile(says).FindStringSubmatch(o.out + o.err)
		if o.code != code || found == nil || strings.Contains(o.out+o.err, "sesame") {
			t.Fatalf("rator %q: exit %d, want %d and %q\n%s%s", args, o.code, code, says, o.out, o.err)
		}
		return found
	}
	await := func(what string, so func() bool) {
		t.Helper()
		for end := time.Now().Add(patience); !so(); time.Sleep(20 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("not so: %s", what)
			}
		}
	}
	call := func(says string, args ...string) {
		t.Helper()
		does(0, says, "", append([]string{"call", "--operator", "demo", "--password", "demo", "--endpoint", p.endpoint}, args...)...)
	}
	signedUp := 0
	signUp := func() {
		t.Helper()
		signedUp++
		call("CUSTOMER_NUMBER", "SOAP_SIGNUP_CUSTOMER", "ACCOUNT_TYPE=0", "PRODUCT_CODE=POST_PAID", "USER.FIRST_NAME=Ann", "USER.LAST_NAME=Ek", "USER.CITY=Odense", "USER.ZIP=5000",
			"USER.EMAIL=ann@example.com", fmt.Sprint("USER.USERNAME=ann", signedUp))
	}

	// The catalogue.
	catalogue := filepath.Join(dir, "catalogue.toml")
	does(0, "", "", "catalogue", "export", catalogue, "--store", at)
	changed := strings.Replace(servertest.Read(t, catalogue), `"Voice mail"`, `"Letters by voice"`, 1)
	does(0, "^0 added, 1 changed, 0 retired", "", "catalogue", "import", servertest.Write(t, dir, "catalogue.toml", changed), "--store", at)
	does(0, "Letters by voice", "", "catalogue", "export", "-", "--store", at)

	// Customers.
	lines := `{"format":"rator-customer/1","account":{"brand":"DEMO","customer_number":"777001","account_type":"0"},"users":[{"first_name":"Bo","last_name":"Ek","username":"bo777"}],"billing_groups":[{"type":"POST_PAID","billing_cycle":"MONTHLY"}]}
{"format":"rator-customer/1","account":{"brand":"DEMO","customer_number":"777002","account_type":"0"},"users":[{"first_name":"Eva","last_name":"Ek","username":"eva777"}],"billing_groups":[{"type":"POST_PAID","billing_cycle":"MONTHLY"}]}
`
	does(0, "2 customers .*are loaded", "", "load", servertest.Write(t, dir, "customers.ndjson", lines), "--store", at)
	does(1, `CUSTOMER_NUMBER_TAKEN: .*777001`, "", "load", servertest.Write(t, dir, "again.ndjson", strings.ReplaceAll(lines, "Bo", "Ib")), "--store", at)
	call("Eva", "SOAP_SEARCH_CUSTOMERS", "CUSTOMER_NUMBER=777002")

	// Webhooks.
	does(0, "", "a password of crm's\n", "operator", "add", "crm", "--right", "EVENTS_READ", "--store", at)
	r := servertest.NewReceiver(t)
	webhook := does(0, `^webhook (\d{18}) of crm; its secret is shown this once:\n`, servertest.WebhookSecret+"\n",
		"webhook", "add", r.URL+"/in", "--topic", "customer.created", "--topic", "user.new_password", "--operator", "crm", "--secret", "-", "--hub-allow", "127.0.0.1", "--store", at)[1]
	does(0, `^taken\n$`, "", "webhook", "test", webhook, "--hub-allow", "127.0.0.1", "--store", at)
	if took := r.Took(); !strings.Contains(took, "webhook.test") {
		t.Errorf("the receiver took %s", took)
	}
	signUp()
	await("the server tells the webhook", func() bool { return strings.Contains(r.Took(), "customer.created") })
	r.Say(http.StatusGone)
	does(1, "410", "", "webhook", "test", webhook, "--hub-allow", "127.0.0.1", "--store", at)
	signUp()
	await("the webhook is suspended", func() bool {
		return strings.Contains(ratorOutside(t, "", "webhook", "list", "--store", at).out, "SUSPENDED")
	})
	r.Say(http.StatusOK)
	told := strings.Count(r.Took(), "customer.created")
	does(0, `^resumed; 1 events? waits?\n`, "", "webhook", "resume", webhook, "--store", at)
	await("what waited is told", func() bool { return strings.Count(r.Took(), "customer.created") > told })
	does(0, "whsec_", "", "webhook", "rotate", webhook, "--store", at)

	// A secret that has ended stays in no event; the key of the token is in what was told.
	call("STATUS", "SOAP_GET_NEW_PASSWORD", "LOGIN=bo777", "SEND_TYPE=EMAIL")
	token := regexp.MustCompile(`"TOKEN":"([^"]+)"`)
	await("the token is told", func() bool { return token.MatchString(r.Took()) })
	secret := token.FindStringSubmatch(r.Took())[1]
	holds := func() bool {
		t.Helper()
		file := filepath.Join(t.TempDir(), "backup.db")
		does(0, "", "", "backup", "--store", at, file)
		return strings.Contains(servertest.Read(t, file), secret)
	}
	if !holds() {
		t.Error("no event has the token")
	}
	call("STATUS", "SOAP_REDEEM_NEW_PASSWORD", "LOGIN=bo777", "TOKEN="+secret, "PASSWORD=a new one")
	if holds() {
		t.Error("the token stays in an event")
	}
	does(0, "removed", "", "webhook", "remove", webhook, "--store", at)

	// Hubs.
	heard := servertest.NewReceiver(t)
	made, err := servertest.AskTMF(http.DefaultClient, http.MethodPost, base+"/customerManagement/hub", `{"callback":"`+heard.URL+`/heard"}`, http.StatusCreated)
	if err != nil {
		t.Fatal(err)
	}
	var hub struct{ ID string }
	if err := json.Unmarshal([]byte(made), &hub); err != nil {
		t.Fatal(err)
	}
	signUp()
	await("the server tells the hub", func() bool { return heard.Took() != "" })
	does(0, hub.ID+` +ACTIVE`, "", "hub", "list", "--store", at)
	does(0, `^resumed\n$`, "", "hub", "resume", hub.ID, "--store", at)
	does(0, `^removed\n$`, "", "hub", "remove", hub.ID, "--store", at)
	does(1, "there is no such hub", "", "hub", "remove", hub.ID, "--store", at)
	if _, err := servertest.AskTMF(http.DefaultClient, http.MethodGet, base+"/customerManagement/hub/"+hub.ID, "", http.StatusNotFound); err != nil {
		t.Error(err)
	}

	// All of it goes into another database.
	out, other := filepath.Join(dir, "out.ndjson.gz"), newAddress(t, "rator_changes_too")
	does(0, "", "", "export", "--out", out, "--store", at)
	does(0, `\d added, 0 changed`, "", "catalogue", "import", catalogue, "--store", other)
	does(0, "6 customers .*are loaded", "", "load", out, "--store", other)
	does(0, `"customer_number":"777001"`, "", "export", "--customer", "777001", "--store", other)
	for _, address := range []string{at, other} {
		does(0, "0 faults", "", "verify", "--store", address)
	}
}
