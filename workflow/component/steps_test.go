package component_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"rator/access"
	"rator/catalogue"
	"rator/customer"
	"rator/server"
	"rator/server/servertest"
	"rator/soap"
	"rator/store"
	"rator/tmf/problem"
	"rator/tmf/tmftest"
	"rator/workflow/value"
)

// siteSteps are scripts of a site for the steps of a customer's life: some do otherwise
// than the shipped ones, some refuse.
var siteSteps = map[string]string{
	"CREATE_CUSTOMER": `def run(p):
    account = call.create_account(TYPE = p.ACCOUNT_TYPE, SALES_CHANNEL = "the site's")
    owner = call.create_user(ACCOUNT_ID = account.ID, FIELDS = p.USER)
    call.set_account_owner(ACCOUNT_ID = account.ID, USER_ID = owner.ID)
    group = call.create_billing_group(ACCOUNT_ID = account.ID, OWNER_ID = owner.ID, PRODUCT_CODE = p.PRODUCT_CODE, FIELDS = p.BILLING_GROUP)
    note("signed up by the site")
    return {"ACCOUNT_ID": account.ID, "OWNER_ID": owner.ID, "BILLING_GROUP_ID": group.ID}
`,
	"CREATE_BILLING_GROUP": `def run(p):
    return {"BILLING_GROUP_ID": call.create_billing_group(
        ACCOUNT_ID = p.ACCOUNT_ID, OWNER_ID = p.OWNER_ID, PRODUCT_CODE = p.PRODUCT_CODE, BILLING_GROUP_ID = p.BILLING_GROUP_ID,
        FIELDS = {"NAME": "site's " + p.BILLING_GROUP.NAME},
    ).ID}
`,
	"BLOCK_SUBSCRIPTION": `def run(p):
    call.block_subscription(SUBSCRIPTION_ID = p.SUBSCRIPTION_ID, BLOCK_TYPE = p.BLOCK_TYPE, REASON = "site: " + (p.REASON or "none"))
    return {}
`,
	"END_BILLING_GROUP": "", "CLOSE_ACCOUNT": "", "UNBLOCK_SUBSCRIPTION": "", "CHANGE_OWNER": "",
}

// newSiteServer has a site's steps over the shipped ones. A script that is "" refuses.
func newSiteServer(t *testing.T, steps map[string]string) *tmftest.Server {
	t.Helper()
	dir := t.TempDir()
	servertest.Write(t, dir, "scenario.toml", servertest.WithCatalogue()+"clock = 2026-01-02T03:04:05Z\ntime_zone = \"UTC\"\nhookpoints = [\"hookpoints\"]\n")
	for key, script := range steps {
		contract := servertest.Read(t, filepath.Join(servertest.Root, "workflow/hookpoints", key, "contract.xml"))
		if script == "" {
			contract = strings.Replace(contract, "</errors>", `<error name="SITE_SAYS_NO" number="10201" desc="always"><text lang="EN">the site says no</text></error></errors>`, 1)
			script = fmt.Sprintf("def run(p):\n    fail(\"SITE_SAYS_NO\", %q)\n", key)
		}
		servertest.Write(t, dir, "hookpoints/"+key+"/contract.xml", contract)
		servertest.Write(t, dir, "hookpoints/"+key+"/workflow.star", script)
	}
	return tmftest.Of(t, dir)
}

// stepper is one customer of a server with a site's steps, made over one face.
type stepper struct {
	*testing.T
	ts                                  *tmftest.Server
	account, owner, other, subscription string
}

// complete gives the customer another user and an active line, over SOAP.
func (s *stepper) complete() {
	s.Helper()
	account := s.ts.Call(s.T, "SOAP_GET_ACCOUNT", text("ACCOUNT_ID", s.account)).Items("ACCOUNT")
	if channel := account.Text("SALES_CHANNEL"); channel != "the site's" {
		s.Errorf("it came by %q", channel)
	}
	s.owner = account.Text("OWNER_ID")
	group := account.Path("BILLING_GROUPS/BILLING_GROUP/ID").Text
	s.other = s.ts.Call(s.T, "SOAP_CREATE_USER", text("ACCOUNT_ID", s.account), value.Of("USER", text("FIRST_NAME", "Ida"), text("LAST_NAME", "Holm"), text("CITY", "Odense"), text("ZIP", "5000"))).Path("USER/ID").Text
	s.subscription = s.ts.Call(s.T, "SOAP_SIGNUP_SUBSCRIPTION", value.Of("SIGNUP_INFO",
		text("BILLING_GROUP_ID", group), text("OWNER_ID", s.owner), text("PRODUCT_CODE", "POST_PAID"))).Path("SUBSCRIPTION/ID").Text
	s.ts.Call(s.T, "SOAP_ACTIVATE_SUBSCRIPTION", text("SUBSCRIPTION_ID", s.subscription))
}

// blocked checks by whom and why the line is blocked.
func (s *stepper) blocked(kind, reason string) {
	s.Helper()
	err := s.ts.Store.View(s.Context(), func(tx store.Tx) error {
		id, err := store.ParseID(s.account)
		if err != nil {
			return err
		}
		brand, err := catalogue.BrandByKey(tx, server.DemoBrand)
		if err != nil {
			return err
		}
		w, err := customer.LoadWhole(tx, brand, id)
		if err != nil {
			return err
		}
		blocks := w.Subscriptions[0].Blocks
		if len(blocks) != 1 || blocks[0].Type != kind || blocks[0].By != server.DemoOperator || blocks[0].Reason != reason || blocks[0].From.IsZero() {
			s.Errorf("blocked %+v, want %s by %s because of %q", blocks, kind, server.DemoOperator, reason)
		}
		return nil
	})
	if err != nil {
		s.Error(err)
	}
}

// no wants a call over SOAP refused by the site's script for a step.
func (s *stepper) no(step, hookpoint string, values ...value.Entry) {
	s.Helper()
	values = append(values, value.Of("CONTEXT", text("OPERATOR", server.DemoOperator), text("PASSWORD", server.DemoPassword), text("BRAND_KEY", server.DemoBrand)))
	r, err := s.ts.Client.Call(s.Context(), soap.Call{Hookpoint: hookpoint, Values: values})
	if err != nil || r.ErrorCode != 10201 || !strings.Contains(r.ErrorMessage, step) {
		s.Errorf("%s: %v %d %s", hookpoint, err, r.ErrorCode, r.ErrorMessage)
	}
}

// TestASitesStepsCountOverSOAP: what lies over the steps of a customer's life is what
// the SOAP_ hookpoints do.
func TestASitesStepsCountOverSOAP(t *testing.T) {
	s := &stepper{T: t, ts: newSiteServer(t, siteSteps)}
	for _, hookpoint := range []string{"SOAP_SIGNUP_CUSTOMER", "SOAP_SIGNUP_CUSTOMER_NO_SUBSCRIPTION"} {
		made := s.ts.Call(t, hookpoint, text("ACCOUNT_TYPE", "0"), text("PRODUCT_CODE", "POST_PAID"), value.Of("USER", text("FIRST_NAME", "Bo"), text("LAST_NAME", "Ek"),
			text("CITY", "Odense"), text("ZIP", "5000"), text("EMAIL", "bo@example.com"), text("USERNAME", hookpoint)))
		s.account = made.Path("ACCOUNT/ID").Text
		s.complete()
	}
	subscription := text("SUBSCRIPTION_ID", s.subscription)
	s.ts.Call(t, "SOAP_BLOCK_SERVICE", subscription, text("BLOCK_TYPE", "BLOCK_AS_LOST"), text("REASON", "in the sea"))
	s.blocked(customer.BlockAsLost, "site: in the sea")
	s.no("UNBLOCK_SUBSCRIPTION", "SOAP_UNBLOCK_SERVICE", subscription)
	s.no("CHANGE_OWNER", "SOAP_CHANGE_OWNER", text("ACCOUNT_ID", s.account), text("OWNER_ID", s.other))
	s.no("CLOSE_ACCOUNT", "SOAP_CLOSE_ACCOUNT", text("ACCOUNT_ID", s.account))
	group := s.ts.Call(t, "SOAP_CREATE_BILLING_GROUP", text("ACCOUNT_ID", s.account), text("OWNER_ID", s.owner), text("PRODUCT_CODE", "POST_PAID"),
		value.Of("BILLING_GROUP", text("NAME", "second"))).Items("BILLING_GROUP")
	if name := group.Text("NAME"); name != "site's second" {
		t.Errorf("the billing group is called %q", name)
	}
}

// TestASitesStepsCountOverTMF: and what clients of TM Forum do, in every dialect that has
// the deed.
func TestASitesStepsCountOverTMF(t *testing.T) {
	ts := newSiteServer(t, siteSteps)
	for base, patched := range map[string]int{tmftest.Dialect2014: 200, tmftest.DialectV3: 201, tmftest.DialectV4: 200} {
		t.Run(base, func(t *testing.T) {
			made := ts.Ask(t, "POST", base+"/customer", `{"name":"Bo Ek","engagedParty":{"id":"1","@referredType":"Individual"}}`).Want(t, 201)
			path := base + "/customer/" + made.Text(t, "id")
			if !strings.Contains(made.Document(t).String(), `"value":"the site's"`) {
				t.Errorf("made as %s", made.Document(t))
			}
			s := &stepper{T: t, ts: ts, account: made.Text(t, "id")[1:]}
			s.complete()
			ts.Ask(t, "PATCH", path, `{"status":"Suspended","statusReason":"unpaid"}`).Want(t, patched)
			if base == tmftest.Dialect2014 { // which has no place for a reason
				s.blocked(customer.BlockByOperator, "site: none")
			} else {
				s.blocked(customer.BlockByOperator, "site: unpaid")
			}
			no := func(p *problem.Code, step, method, path, body string) {
				t.Helper()
				ts.Ask(t, method, path, body).Refused(t, p, "SITE_SAYS_NO", step)
			}
			no(problem.BadTransition, "UNBLOCK_SUBSCRIPTION", "PATCH", path, `{"status":"Active"}`)
			no(problem.BadTransition, "CLOSE_ACCOUNT", "PATCH", path, `{"status":"Terminated"}`)
			no(problem.Clash, "CLOSE_ACCOUNT", "DELETE", path, "")
			party := "engagedParty"
			if base == tmftest.Dialect2014 {
				party = "relatedParty"
			}
			no(problem.Clash, "CHANGE_OWNER", "PATCH", path, fmt.Sprintf(`{%q:{"id":%q}}`, party, s.other))
			if base != tmftest.Dialect2014 {
				return
			}
			group := ts.Ask(t, "POST", tmftest.AccountsPath, fmt.Sprintf(`{"name":"second","accountType":"a","customer":{"id":"c%s"}}`, s.account)).Want(t, 201)
			named := func(id, want string) {
				t.Helper()
				group := ts.Call(t, "SOAP_GET_BILLING_GROUP", text("BILLING_GROUP_ID", id[2:])).Items("BILLING_GROUP")
				if name := group.Text("NAME"); name != want {
					t.Errorf("billing group %s is called %q, want %q", id, name, want)
				}
			}
			ts.Ask(t, "PATCH", tmftest.AccountsPath+"/"+group.Text(t, "id"), `{"description":"what else clients say renames nothing"}`).Want(t, patched)
			named(group.Text(t, "id"), "site's second")
			no(problem.Clash, "END_BILLING_GROUP", "DELETE", tmftest.AccountsPath+"/"+group.Text(t, "id"), "")
			no(problem.Clash, "CHANGE_OWNER", "PATCH", tmftest.AccountsPath+"/"+group.Text(t, "id"),
				fmt.Sprintf(`{"contact":[{"contactName":"Ida","contactType":"primary","relatedParty":{"id":%q}}]}`, s.other))
			waiting := ts.Ask(t, "POST", tmftest.AccountsPath, `{"name":"third","accountType":"a"}`).Want(t, 201).Text(t, "id")
			ts.Ask(t, "PATCH", tmftest.AccountsPath+"/"+waiting, fmt.Sprintf(`{"customer":{"id":"c%s"}}`, s.account)).Want(t, patched)
			named(waiting, "site's third")
		})
	}
	var notes []string
	if err := ts.Store.View(t.Context(), func(tx store.Tx) error {
		for row, err := range access.RowsOfOperator(tx, server.DemoOperator) {
			if err != nil {
				return err
			}
			if row.Hookpoint == "TMF_CREATE_CUSTOMER" {
				if notes = append(notes, row.Notes[1:]...); !strings.Contains(string(row.Trace), `{"name":"CREATE_CUSTOMER","kind":"api"`) || !strings.Contains(string(row.Trace), `"create_billing_group"`) || len(row.Objects) < 3 {
					t.Errorf("audited as %s of %v", row.Trace, row.Objects)
				}
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if want := "signed up by the site"; strings.Join(notes, "/") != want+"/"+want+"/"+want {
		t.Errorf("notes %q", notes)
	}
}

// TestAFaultOfASitesStepIsPlaced: callers of either face learn which script is at fault, and
// nothing of it is left.
func TestAFaultOfASitesStepIsPlaced(t *testing.T) {
	ts := newSiteServer(t, map[string]string{"CREATE_CUSTOMER": `def run(p):
    account = call.create_account(TYPE = p.ACCOUNT_TYPE)
    for a in range(1000):
        for b in range(1000):
            c = a * b
    return {"ACCOUNT_ID": account.ID, "OWNER_ID": account.ID, "BILLING_GROUP_ID": account.ID}
`})
	for _, base := range []string{tmftest.Dialect2014, tmftest.DialectV3, tmftest.DialectV4} {
		ts.Ask(t, "POST", base+"/customer", `{"name":"Bo Ek","engagedParty":{"id":"1","@referredType":"Individual"}}`).
			Refused(t, problem.Technical, "CREATE_CUSTOMER/workflow.star:4:9", "incident")
	}
	r, err := ts.Client.Call(t.Context(), soap.Call{Hookpoint: "SOAP_SIGNUP_CUSTOMER", Values: server.DemoCustomer()})
	if err != nil || !strings.Contains(r.ErrorMessage, "CREATE_CUSTOMER/workflow.star:4:9") || !strings.Contains(r.ErrorMessage, "incident") {
		t.Errorf("%v %d %s", err, r.ErrorCode, r.ErrorMessage)
	}
	if made := ts.Ask(t, "GET", tmftest.Dialect2014+"/customer", "").Want(t, 200); made.Body != "[]" {
		t.Errorf("left: %s", made.Body)
	}
}
