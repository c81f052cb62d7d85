package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/server/servertest"
)

const newPassword = "kettle-orbit-lantern-9"

// acme are flags of a catalogue that no terminal is asked about.
var acme = []string{"catalogue", "new", "--brand", "ACME", "--country", "NO", "--zone", "Europe/Oslo", "--tax", "25", "--price", "299"}

// TestFirstCatalogue: a new file is imported as it is, and a customer signs up.
func TestFirstCatalogue(t *testing.T) {
	store, file := filepath.Join(t.TempDir(), "rator.db"), filepath.Join(t.TempDir(), "acme.toml")
	p := startServer(t, "--store", store)
	for _, c := range []struct {
		stdin string
		args  []string
		says  string
	}{
		{"", append(acme, file), file + ": change what you want"},
		{"", []string{"catalogue", "check", file}, "no mistakes"},
		{"", []string{"catalogue", "import", "--store", store, file}, "6 added, 0 changed"},
		{newPassword, []string{"operator", "add", "gateway", "--right", "SOAP_*", "--store", store}, ""},
		{"", []string{"call", "SOAP_SIGNUP_CUSTOMER", "ACCOUNT_TYPE=0", "PRODUCT_CODE=POST_PAID", "USER.FIRST_NAME=Bo", "USER.LAST_NAME=Ek", "USER.CITY=Oslo", "USER.ZIP=0150",
			"USER.EMAIL=bo@example.com", "USER.USERNAME=bo", "SIGNUP_SERVICES.CDMA_SERVICE.ORDER_ID=1", "SIGNUP_SERVICES.CDMA_SERVICE.PRODUCT_OPTION_IDS.PRODUCT_OPTION_ID=POST_PAID_MONTHLY",
			"--brand", "ACME", "--operator", "gateway", "--password", newPassword, "--endpoint", p.endpoint}, "CUSTOMER_NUMBER"},
	} {
		if o := rator(t, c.stdin, c.args...); o.code != exitOK || !strings.Contains(o.out, c.says) {
			t.Fatalf("%v: %+v", c.args, o)
		}
	}
}

// TestCatalogueAsks: what no flag answers is asked for until it is right; defaults are in
// brackets.
func TestCatalogueAsks(t *testing.T) {
	file := filepath.Join(t.TempDir(), "new.toml")
	o := rator(t, "acme\nACME\nAcme Mobil\nAtlantis\nDanmark\n\nEurope/Copenhagen\nmuch\n25\n\nMobil\n1,50\n149.95\n", "catalogue", "new", file)
	if o.code != exitOK {
		t.Fatalf("%+v", o)
	}
	for _, want := range []string{`brand "acme": it must be`, `country "Atlantis": it must be`, "Currency of all prices [DKK]: ", `tax "much": it must be`, "(PRODUCT_CODE) [POST_PAID]: ", `price "1,50": it must be 0 or more, in DKK`} {
		if !strings.Contains(o.err, want) {
			t.Errorf("does not say %s:\n%s", want, o.err)
		}
	}
	text := servertest.Read(t, file)
	for _, want := range []string{`key = "ACME"`, `name = "Acme Mobil"`, `currency = "DKK"`, `country = "DK"`, `language = "DK"`, `time_zone = "Europe/Copenhagen"`, "rate = 25 ", `code = "POST_PAID"`, `name = "Mobil"`, "recurrent_price = 149.95\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("has no %s:\n%s", want, text)
		}
	}
}

// TestCatalogueNewRefuses: nothing is replaced, and nothing is left of a file whose answers
// are wrong; each mistake names the answer.
func TestCatalogueNewRefuses(t *testing.T) {
	dir := t.TempDir()
	there := servertest.Write(t, dir, "there.toml", "mine")
	for _, c := range []struct {
		args []string
		code int
		says []string
	}{
		{append(acme, there), exitUsage, []string{"there.toml exists; name a new file"}},
		{append(acme, filepath.Join(dir, "none", "new.toml")), exitUnreachable, []string{"new.toml"}},
		{append(acme, filepath.Join(dir, "new.toml"), "--country", "Atlantis", "--tax", "x", "--currency", "XX", "--price", "0.001"), exitUsage,
			[]string{`--country "Atlantis": it must be`, `--tax "x": `, `--currency "XX": `}},
		{append(acme, filepath.Join(dir, "new.toml"), "--price", "0.001"), exitUsage, []string{`--price "0.001": it must be 0 or more, in NOK`}},
		{[]string{"catalogue", "new", filepath.Join(dir, "new.toml"), "--brand", "ACME", "--country", "NO"}, exitUsage, []string{"nobody answers what tax is; give it with --tax"}},
	} {
		o := rator(t, "", c.args...)
		for _, want := range c.says {
			if o.code != c.code || !strings.Contains(o.err, want) {
				t.Errorf("%v: %+v, want %d %s", c.args, o, c.code, want)
			}
		}
	}
	if names, err := os.ReadDir(dir); err != nil || len(names) != 1 || servertest.Read(t, there) != "mine" {
		t.Errorf("%v %v", names, err)
	}
	if o := rator(t, "", append(acme, "-")...); o.code != exitOK || !strings.HasPrefix(o.out, "# What is sold.") {
		t.Errorf("%+v", o)
	}
}

// TestImportDryRun: what would change, from which day and for whom; nothing is written,
// by a server or without one.
func TestImportDryRun(t *testing.T) {
	store, dir := filepath.Join(t.TempDir(), "rator.db"), t.TempDir()
	p := startServer(t, "--store", store)
	file := filepath.Join(dir, "acme.toml")
	ok := func(stdin string, args ...string) string {
		t.Helper()
		o := rator(t, stdin, args...)
		if o.code != exitOK {
			t.Fatalf("%v: %+v", args, o)
		}
		return o.out
	}
	ok("", append(acme, file)...)
	ok("", "catalogue", "import", "--store", store, file)
	ok(newPassword, "operator", "add", "gateway", "--right", "SOAP_*", "--store", store)
	for _, name := range []string{"bo", "eva"} {
		ok("", "call", "SOAP_SIGNUP_CUSTOMER", "ACCOUNT_TYPE=0", "PRODUCT_CODE=POST_PAID", "USER.FIRST_NAME=Bo", "USER.LAST_NAME=Ek", "USER.CITY=Oslo", "USER.ZIP=0150",
			"USER.EMAIL="+name+"@example.com", "USER.USERNAME="+name, "SIGNUP_SERVICES.CDMA_SERVICE.ORDER_ID=1", "SIGNUP_SERVICES.CDMA_SERVICE.PRODUCT_OPTION_IDS.PRODUCT_OPTION_ID=POST_PAID_MONTHLY",
			"--brand", "ACME", "--operator", "gateway", "--password", newPassword, "--endpoint", p.endpoint)
	}
	text := servertest.Read(t, file)
	other := servertest.Write(t, dir, "other.toml", strings.NewReplacer("recurrent_price = 299", "recurrent_price = 319", "rate = 25", "rate = 20", "credit_days = 14", "credit_days = 21", `code = "FEE"`, `code = "OTHER"`).Replace(
		strings.ReplaceAll(text, text[strings.Index(text, `code = "FEE"`):strings.Index(text, `name = "Fee"`)], "code = \"FEE\"\nid = \"202001010000000001\"\n")))
	args := []string{"catalogue", "import", "--dry-run", "--valid-from", "2040-03-01", "--store", store, other}
	want := `changed  brand.product_option ACME POST_PAID_MONTHLY: recurrent_price 299 -> 319 from 2040-03-01; 2 subscriptions of 2 customers
changed  brand.product_config ACME POST_PAID: credit_days 14 -> 21; 2 subscriptions of 2 customers
added    brand.charge_item ACME OTHER
retired  brand.charge_item ACME FEE: retired none -> true
changed  brand.tax ACME TAX: rate 25 -> 20 from 2040-03-01; a brand of 2 customers
1 added, 3 changed, 1 retired, 2 unchanged; nothing was written
`
	before := ok("", "catalogue", "export", "--store", store)
	if diff := cmp.Diff(want, ok("", args...)); diff != "" {
		t.Errorf("served: %s", diff)
	}
	if diff := cmp.Diff(before, ok("", "catalogue", "export", "--store", store)); diff != "" {
		t.Errorf("written: %s", diff)
	}
	p.stop(t)
	bytes := servertest.Read(t, store)
	if diff := cmp.Diff(want, ok("", args...)); diff != "" {
		t.Errorf("at rest: %s", diff)
	}
	var said struct {
		Added   int
		Changes []struct {
			What, Table, Code, From  string
			Subscriptions, Customers int
		}
	}
	if err := json.Unmarshal([]byte(ok("", append(args, "--json")...)), &said); err != nil || said.Added != 1 || len(said.Changes) != 5 || said.Changes[0].From != "2040-03-01" || said.Changes[0].Subscriptions != 2 {
		t.Errorf("%v %+v", err, said)
	}
	if servertest.Read(t, store) != bytes {
		t.Error("a dry run writes to the file")
	}
}
