package component_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/store"
	"rator/tmf/tmftest"
	"rator/workflow/value"
)

// toldDeed is a change that clients of both faces make of a customer of their own, who has
// another user, and an active line unless it is bare. A fresh one is not made yet.
type toldDeed struct {
	name  string
	bare  bool
	fresh bool
	want  []string
	soap  func(*changing)
	tmf   func(d *changing, customer string) // customer is its path in a dialect
	only  string                             // the dialect that has it; "" = all
}

// changing is a customer, and the events since it was made.
type changing struct {
	*testing.T
	ts                                 *tmftest.Server
	account, owner, other, group, line string
}

func (d *changing) call(hookpoint string, values ...value.Entry) value.Tree {
	d.Helper()
	return d.ts.Call(d.T, hookpoint, values...)
}

func (d *changing) ask(method, path, body string) tmftest.Answer {
	d.Helper()
	a := d.ts.Ask(d, method, path, body)
	if a.Status >= 300 {
		d.Errorf("%s: %d %s", a.Asked, a.Status, a.Body)
	}
	return a
}

var toldDeeds = []toldDeed{
	{name: "new customer", fresh: true,
		want: []string{`customer.created DEMO of ACCOUNT about ACCOUNT {"ACCOUNT_ID":"ACCOUNT"}`},
		soap: func(d *changing) { d.signUp("fresh") },
		tmf: func(d *changing, customer string) {
			d.account = d.ask("POST", strings.TrimSuffix(customer, "/c"), `{"name":"Bo Ek","engagedParty":{"id":"1","@referredType":"Individual"}}`).Text(d, "id")[1:]
		}},
	{name: "change of owner", bare: true,
		want: []string{`owner.changed DEMO of ACCOUNT about ACCOUNT OTHER {"ACCOUNT_ID":"ACCOUNT","OWNER_ID":"OTHER"}`},
		soap: func(d *changing) {
			d.call("SOAP_CHANGE_OWNER", text("ACCOUNT_ID", d.account), text("OWNER_ID", d.other))
		},
		tmf: func(d *changing, customer string) {
			party := "engagedParty"
			if strings.HasPrefix(customer, tmftest.Dialect2014) {
				party = "relatedParty"
			}
			d.ask("PATCH", customer, fmt.Sprintf(`{%q:{"id":%q}}`, party, d.other))
		}},
	{name: "change of a billing group's owner", bare: true, only: tmftest.Dialect2014,
		want: []string{`owner.changed DEMO of ACCOUNT about ACCOUNT GROUP OTHER {"ACCOUNT_ID":"ACCOUNT","BILLING_GROUP_ID":"GROUP","OWNER_ID":"OTHER"}`},
		soap: func(d *changing) {
			d.call("SOAP_CHANGE_OWNER", text("BILLING_GROUP_ID", d.group), text("OWNER_ID", d.other))
		},
		tmf: func(d *changing, _ string) {
			d.ask("PATCH", tmftest.AccountsPath+"/ca"+d.group, fmt.Sprintf(`{"contact":[{"contactName":"Ida","contactType":"primary","relatedParty":{"id":%q}}]}`, d.other))
		}},
	{name: "block",
		want: []string{`subscription.blocked DEMO of ACCOUNT about LINE {"SUBSCRIPTION_ID":"LINE","BLOCK_TYPE":"BLOCK_BY_OPERATOR"}`},
		soap: func(d *changing) {
			d.call("SOAP_BLOCK_SERVICE", text("SUBSCRIPTION_ID", d.line), text("BLOCK_TYPE", "BLOCK_BY_OPERATOR"))
		},
		tmf: func(d *changing, customer string) { d.ask("PATCH", customer, `{"status":"Suspended"}`) }},
	{name: "unblock",
		want: []string{
			`subscription.blocked DEMO of ACCOUNT about LINE {"SUBSCRIPTION_ID":"LINE","BLOCK_TYPE":"BLOCK_BY_OPERATOR"}`,
			`subscription.unblocked DEMO of ACCOUNT about LINE {"SUBSCRIPTION_ID":"LINE"}`,
		},
		soap: func(d *changing) {
			d.call("SOAP_BLOCK_SERVICE", text("SUBSCRIPTION_ID", d.line), text("BLOCK_TYPE", "BLOCK_BY_OPERATOR"))
			d.call("SOAP_UNBLOCK_SERVICE", text("SUBSCRIPTION_ID", d.line))
		},
		tmf: func(d *changing, customer string) {
			d.ask("PATCH", customer, `{"status":"Suspended"}`)
			d.ask("PATCH", customer, `{"status":"Active"}`)
		}},
	{name: "close", bare: true,
		want: []string{`account.closed DEMO of ACCOUNT about ACCOUNT {"ACCOUNT_ID":"ACCOUNT"}`},
		soap: func(d *changing) { d.call("SOAP_CLOSE_ACCOUNT", text("ACCOUNT_ID", d.account)) },
		tmf:  func(d *changing, customer string) { d.ask("PATCH", customer, `{"status":"Terminated"}`) }},
	{name: "new billing group", bare: true, only: tmftest.Dialect2014,
		want: []string{`billing_group.created DEMO of ACCOUNT about NEW {"ACCOUNT_ID":"ACCOUNT","BILLING_GROUP_ID":"NEW"}`},
		soap: func(d *changing) {
			d.call("SOAP_CREATE_BILLING_GROUP", text("ACCOUNT_ID", d.account), text("OWNER_ID", d.owner), text("PRODUCT_CODE", "POST_PAID"), value.Of("BILLING_GROUP", text("NAME", "second")))
		},
		tmf: func(d *changing, _ string) {
			d.ask("POST", tmftest.AccountsPath, fmt.Sprintf(`{"name":"second","accountType":"a","customer":{"id":"c%s"}}`, d.account))
		}},
	{name: "other e-mail of the owner", bare: true,
		want: []string{`user.changed DEMO of ACCOUNT about OWNER {"USER_ID":"OWNER"}`},
		soap: func(d *changing) {
			d.call("SOAP_UPDATE_USER", value.Of("USER", text("ID", d.owner), text("EMAIL", "new@example.com")))
		},
		tmf: func(d *changing, customer string) {
			d.ask("PATCH", customer, email(customer, "new@example.com"))
		}},
	{name: "the e-mail that the owner has", bare: true,
		want: []string{`user.changed DEMO of ACCOUNT about OWNER {"USER_ID":"OWNER"}`},
		soap: func(d *changing) {
			d.call("SOAP_UPDATE_USER", value.Of("USER", text("ID", d.owner), text("EMAIL", "bo@example.com")))
		},
		tmf: func(d *changing, customer string) { d.ask("PATCH", customer, email(customer, "bo@example.com")) }},
	{name: "other name of the owner", bare: true,
		want: []string{`user.changed DEMO of ACCOUNT about OWNER {"USER_ID":"OWNER"}`},
		soap: func(d *changing) {
			d.call("SOAP_UPDATE_USER", value.Of("USER", text("ID", d.owner), text("LAST_NAME", "Alm")))
		},
		tmf: func(d *changing, customer string) { d.ask("PATCH", customer, `{"name":"Bo Alm"}`) }},
	{name: "end of bank details", bare: true, only: tmftest.Dialect2014,
		want: []string{`billing_group.changed DEMO of ACCOUNT about GROUP {"BILLING_GROUP_ID":"GROUP","ACCOUNT_ID":"ACCOUNT"}`},
		soap: func(d *changing) {
			d.call("SOAP_UPDATE_BILLING_GROUP", value.Of("BILLING_GROUP", text("ID", d.group), text("IBAN_NUMBER", "")))
		},
		tmf: func(d *changing, _ string) { d.ask("DELETE", tmftest.MeansPath+"/pm"+d.group, "") }},
	{name: "end of a billing group", bare: true, only: tmftest.Dialect2014, // which no call over SOAP does
		want: []string{
			`billing_group.created DEMO of ACCOUNT about NEW {"ACCOUNT_ID":"ACCOUNT","BILLING_GROUP_ID":"NEW"}`,
			`billing_group.changed DEMO of ACCOUNT about NEW {"BILLING_GROUP_ID":"NEW","ACCOUNT_ID":"ACCOUNT"}`,
		},
		tmf: func(d *changing, _ string) {
			made := d.ask("POST", tmftest.AccountsPath, fmt.Sprintf(`{"name":"second","accountType":"a","customer":{"id":"c%s"}}`, d.account)).Text(d, "id")
			d.ask("DELETE", tmftest.AccountsPath+"/"+made, "")
		}},
	{name: "other bank details", bare: true, only: tmftest.Dialect2014,
		want: []string{`billing_group.changed DEMO of ACCOUNT about GROUP {"BILLING_GROUP_ID":"GROUP","ACCOUNT_ID":"ACCOUNT"}`},
		soap: func(d *changing) {
			d.call("SOAP_UPDATE_BILLING_GROUP", value.Of("BILLING_GROUP", text("ID", d.group), text("IBAN_NUMBER", "DE89370400440532013000")))
		},
		tmf: func(d *changing, _ string) {
			d.ask("PATCH", tmftest.MeansPath+"/pm"+d.group, `{"bankAccount":{"IBAN":"DE89370400440532013000"}}`)
		}},
	{name: "name of a billing group", bare: true, only: tmftest.Dialect2014,
		want: []string{`billing_group.changed DEMO of ACCOUNT about GROUP {"BILLING_GROUP_ID":"GROUP","ACCOUNT_ID":"ACCOUNT"}`},
		soap: func(d *changing) {
			d.call("SOAP_UPDATE_BILLING_GROUP", value.Of("BILLING_GROUP", text("ID", d.group), text("NAME", "Home")))
		},
		tmf: func(d *changing, _ string) { d.ask("PATCH", tmftest.AccountsPath+"/ca"+d.group, `{"name":"Home"}`) }},
}

// email is the patch that gives a customer one medium alone, in the dialect of its path.
func email(customer, address string) string {
	medium := "characteristic"
	if strings.HasPrefix(customer, tmftest.Dialect2014) {
		medium = "medium"
	}
	kind := "type"
	if strings.HasPrefix(customer, tmftest.DialectV4) {
		kind = "mediumType"
	}
	return fmt.Sprintf(`{"contactMedium":[{%q:"Email",%q:{"emailAddress":%q}}]}`, kind, medium, address)
}

// newChanging makes a customer, over SOAP.
func newChanging(t *testing.T, ts *tmftest.Server, login string, bare bool) *changing {
	t.Helper()
	d := &changing{T: t, ts: ts}
	d.signUp(login)
	d.other = d.call("SOAP_CREATE_USER", text("ACCOUNT_ID", d.account), value.Of("USER", text("FIRST_NAME", "Ida"), text("LAST_NAME", "Holm"), text("CITY", "Odense"), text("ZIP", "5000"))).Path("USER/ID").Text
	if !bare {
		d.line = d.call("SOAP_SIGNUP_SUBSCRIPTION", value.Of("SIGNUP_INFO", text("BILLING_GROUP_ID", d.group), text("OWNER_ID", d.owner), text("PRODUCT_CODE", "POST_PAID"))).Path("SUBSCRIPTION/ID").Text
		d.call("SOAP_ACTIVATE_SUBSCRIPTION", text("SUBSCRIPTION_ID", d.line))
	}
	return d
}

func (d *changing) signUp(login string) {
	d.Helper()
	account := d.call("SOAP_SIGNUP_CUSTOMER_NO_SUBSCRIPTION", text("ACCOUNT_TYPE", "0"), text("PRODUCT_CODE", "POST_PAID"), value.Of("USER", text("FIRST_NAME", "Bo"), text("LAST_NAME", "Ek"),
		text("CITY", "Odense"), text("ZIP", "5000"), text("EMAIL", "bo@example.com"), text("USERNAME", login)), value.Of("BILLING_GROUP", text("IBAN_NUMBER", "DK5000400440116243"))).Items("ACCOUNT")
	d.account, d.owner, d.group = account.Text("ID"), account.Text("OWNER_ID"), account.Path("BILLING_GROUPS/BILLING_GROUP/ID").Text
}

var anyID = regexp.MustCompile(`[0-9]{18}`)

// told is what a deed tells: topic, brand, account, what it is about and the body, with
// names in place of ids.
func (d *changing) told(deed func()) []string {
	d.Helper()
	before := newestEvent(d.T, d.ts.Store)
	deed()
	said := []string{}
	if err := d.ts.Store.View(d.Context(), func(tx store.Tx) error {
		events, err := tx.EventsAfter(before, 100)
		for _, e := range events {
			about := make([]string, len(e.About))
			for i, id := range e.About {
				about[i] = id.String()
			}
			said = append(said, fmt.Sprintf("%s %s of %s about %s %s", e.Topic, e.Brand, e.Account, strings.Join(about, " "), e.Body))
		}
		return err
	}); err != nil {
		d.Fatal(err)
	}
	names := []string{}
	for id, name := range map[string]string{d.account: "ACCOUNT", d.owner: "OWNER", d.other: "OTHER", d.group: "GROUP", d.line: "LINE"} {
		if id != "" {
			names = append(names, id, name)
		}
	}
	for i, text := range said {
		said[i] = anyID.ReplaceAllString(strings.NewReplacer(names...).Replace(text), "NEW")
	}
	return said
}

func newestEvent(t *testing.T, st store.Store) (newest int64) {
	t.Helper()
	if err := st.View(t.Context(), func(tx store.Tx) (err error) {
		span, err := tx.EventSpan()
		newest = span.Newest
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return newest
}

// TestBothFacesTellAlike: a change is told by the same events, in the same shape, whichever
// face asked for it.
func TestBothFacesTellAlike(t *testing.T) {
	ts := tmftest.New(t)
	for i, deed := range toldDeeds {
		t.Run(deed.name, func(t *testing.T) {
			made := func(login string) *changing {
				if deed.fresh {
					return &changing{T: t, ts: ts}
				}
				return newChanging(t, ts, login, deed.bare)
			}
			if deed.soap != nil {
				d := made(fmt.Sprint("soap", i))
				if diff := cmp.Diff(deed.want, d.told(func() { deed.soap(d) })); diff != "" {
					t.Errorf("over SOAP (-want +got):\n%s", diff)
				}
			}
			for n, base := range tmftest.Dialects {
				if deed.only != "" && deed.only != base {
					continue
				}
				d := made(fmt.Sprint("tmf", i, "of", n))
				if diff := cmp.Diff(deed.want, d.told(func() { deed.tmf(d, base+"/customer/c"+d.account) })); diff != "" {
					t.Errorf("over %s (-want +got):\n%s", base, diff)
				}
			}
		})
	}
}
