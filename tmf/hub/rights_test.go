package hub_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"rator/access"
	"rator/server"
	"rator/server/servertest"
	"rator/store"
	"rator/tmf/tmftest"
	"rator/wire"
	"rator/workflow/value"
)

// TestHubRights: who may register, look and forget, and what nobody is told who may
// not read it.
func TestHubRights(t *testing.T) {
	ts := servertest.New(t)
	a := tmftest.ListenTo(t, ts)
	for name, rights := range map[string][]string{
		"reads":     {"TMF_GET_*"},
		"registers": {"TMF_CREATE_HUB"},
		"accounts":  {"TMF_*_HUB", "TMF_GET_CUSTOMER_ACCOUNT"},
		"everybody": {"TMF_*"},
		"revoked":   {"TMF_*"},
		"disabled":  {"TMF_*"},
		"abroad":    {"TMF_*"},
	} {
		brands := []string{server.DemoBrand}
		if name == "abroad" {
			brands = []string{"DEMO2"}
		}
		ts.Update(t, func(tx store.Tx) error {
			_, err := access.Add(tx, access.CommandLine, access.NewOperator{Name: name, Brands: brands, Rights: rights, Trusted: []string{"127.0.0.0/8"}})
			return err
		})
	}
	const shared, customers, accounts = "/customerManagement/hub", "/customerManagement/customer/hub", "/customerManagement/customerAccount/hub"
	hub := func(name string) string { return fmt.Sprintf(`{"callback":%q}`, a.Web.URL+name) }
	paths := map[string]string{}
	for _, c := range []struct {
		operator, method, path, body string
		status                       int
		says                         string
	}{
		{"", "POST", shared, hub("/no"), 401, "4010"},
		{"", "GET", shared, "", 401, "4010"},
		{"nobody", "POST", customers, hub("/no"), 401, "4010"},
		{server.DemoOperator, "DELETE", customers + "/1", "", 401, "4010"}, // without its password
		{"reads", "GET", shared, "", 200, "[]"},
		{"reads", "POST", shared, hub("/no"), 403, "TMF_CREATE_HUB"},
		{"reads", "DELETE", shared + "/1", "", 403, "TMF_DELETE_HUB"},
		{"registers", "POST", customers, hub("/no"), 403, "TMF_GET_CUSTOMER"},
		{"registers", "GET", shared, "", 403, "TMF_GET_HUB"},
		{"accounts", "POST", customers, hub("/no"), 403, "TMF_GET_CUSTOMER"},
		{"accounts", "POST", accounts, hub("/own"), 201, ""},
		{"accounts", "POST", shared, hub("/part"), 201, ""},
		{"everybody", "POST", shared, hub("/all"), 201, ""},
		{"revoked", "POST", shared, hub("/revoked"), 201, ""},
		{"disabled", "POST", shared, hub("/disabled"), 201, ""},
		{"abroad", "POST", shared, hub("/abroad"), 201, ""},
		{"everybody", "GET", accounts, "", 200, "[]"}, // not another's
		{"everybody", "GET", "{accounts " + accounts + "}", "", 404, "4041"},
		{"everybody", "DELETE", "{accounts " + accounts + "}", "", 404, "4041"},
		{"accounts", "GET", "{accounts " + accounts + "}", "", 200, "/own"},
	} {
		path := c.path
		if saved, found := paths[strings.Trim(path, "{}")]; found {
			path = saved
		}
		r, err := http.NewRequestWithContext(t.Context(), c.method, strings.TrimSuffix(ts.Endpoint, wire.Path)+path, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		if c.operator != "" {
			r.SetBasicAuth(c.operator, "")
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || answer.StatusCode != c.status || !strings.Contains(string(body), c.says) || (c.status == 401) != (answer.Header.Get("WWW-Authenticate") != "") {
			t.Errorf("%s %s as %q: %d %s %v, want %d and %s", c.method, path, c.operator, answer.StatusCode, body, answer.Header, c.status, c.says)
		}
		if c.status == http.StatusCreated {
			var made struct{ ID string }
			if err := json.Unmarshal(body, &made); err != nil {
				t.Fatal(err)
			}
			paths[c.operator+" "+c.path] = c.path + "/" + made.ID
		}
	}
	ts.Update(t, func(tx store.Tx) error {
		if err := access.Revoke(tx, access.CommandLine, "revoked", "TMF_*"); err != nil {
			return err
		}
		return access.Disable(tx, access.CommandLine, "disabled")
	})
	made := ts.Call(t, "SOAP_SIGNUP_CUSTOMER", server.DemoCustomer()[:4]...).Items("ACCOUNT")
	ts.Call(t, "SOAP_UPDATE_USER", value.Of("USER", value.OfString("ID", made.Text("OWNER_ID")), value.OfString("LAST_NAME", "Holm")))
	a.Await(t, "/all", 4)
	tmftest.Quiet(t, ts)
	for name, want := range map[string]int{"/no": 0, "/own": 2, "/part": 2, "/all": 4, "/revoked": 0, "/disabled": 0, "/abroad": 0} {
		got := a.Heard(name)
		if len(got) != want {
			t.Errorf("%s was told %+v", name, got)
		}
		for _, h := range got {
			if want == 2 && h.Resource != "customerAccount" {
				t.Errorf("%s was told %+v", name, h)
			}
		}
	}
}
