package tmf_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"rator/access"
	"rator/catalogue"
	"rator/customer"
	"rator/store"
	"rator/suite"
	"rator/tmf/dialect"
)

// TestThousandCustomers lists customers of all kinds, every one complete in every
// dialect.
func TestThousandCustomers(t *testing.T) {
	if suite.Apart(t) {
		return
	}
	s := newShop(t)
	const n = 1000
	var ids []string
	for i := range n {
		f, kind := owner, customer.Private
		f.LastName = fmt.Sprint("Nr", i)
		switch i % 7 {
		case 1:
			kind, f = customer.Company, customer.UserFields{Company: fmt.Sprint("Firm ", i), VATNumber: "DK1"}
		case 2:
			f = customer.UserFields{} // an address without a name
		}
		id, _ := s.signUp(t, i, kind, f)
		ids = append(ids, id)
	}
	for _, base := range []string{v2014, v3, v4} {
		a := s.do(t, "GET", base+"/customer", "")
		items := a.value(t).Items()
		if a.status != 200 || len(items) != n || a.header.Get("X-Total-Count") != strconv.Itoa(n) {
			t.Fatalf("%s: %d items of %s, %d", base, len(items), a.header.Get("X-Total-Count"), a.status)
		}
		for i, item := range items {
			if id, _ := item.Get("id"); id.Text() != ids[i] {
				t.Fatalf("%s: item %d is %s, want %s", base, i, id, ids[i])
			}
			for _, name := range []string{"href", "status", "name"} {
				if v, _ := item.Get(name); v.Text() == "" {
					t.Errorf("%s: no %s in %s", base, name, item)
				}
			}
			if base == v4 {
				party, _ := item.Get("engagedParty")
				id, _ := party.Get("id")
				class, _ := party.Get("@referredType")
				if kind, _ := item.Get("@type"); id.Text() == "" || class.Text() == "" || kind.Text() != "Customer" {
					t.Errorf("%s: %s", base, item)
				}
			}
		}
	}
	for _, c := range []struct {
		query string
		count int
		first string
	}{
		{"id=" + ids[7], 1, ids[7]},
		{"id=" + ids[9] + "," + ids[7], 2, ids[7]},
		{"id=none", 0, ""},
		{"name=Firm%208", 1, ids[8]},
		{"name=firm%208", 0, ""},
		{"name=%C3%85se%20Nr3", 1, ids[3]},
		{"name=Account%20100003", 1, ids[2]},
		{"characteristic.name=rator.customerNumber&characteristic.value=100005", 1, ids[4]},
		{"characteristic.name=rator.customerNumber&characteristic.value=99", 0, ""},
		{"status=Suspended", n / 5, ids[3]},
		{"status=Terminated", n / 10, ids[4]},
		{"offset=990", 10, ids[990]},
		{"offset=998&limit=5", 2, ids[998]},
		{"offset=0&limit=3", 3, ids[0]},
	} {
		a := s.do(t, "GET", v2014+"/customer?fields=id&"+c.query, "")
		items := a.value(t).Items()
		if len(items) != c.count {
			t.Errorf("%s: %d items, want %d: %.200s", c.query, len(items), c.count, a.body)
			continue
		}
		if c.count > 0 && a.member(t, "id") != c.first {
			t.Errorf("%s: first is %s, want %s", c.query, a.member(t, "id"), c.first)
		}
	}
	s.do(t, "GET", v2014+"/customer?offset=1001", "").refused(t, 416, "4160")
	s.do(t, "DELETE", v2014+"/customer/"+ids[0], "").want(t, 204, "")
	if a := s.do(t, "GET", v2014+"/customer?offset=997&fields=id", ""); len(a.value(t).Items()) != 2 || a.member(t, "id") != ids[998] {
		t.Errorf("after a deletion: %s", a.body)
	}
}

// TestRights: what a request needs, whatever its spelling.
func TestRights(t *testing.T) {
	for _, c := range []struct{ method, path, want string }{
		{"GET", v2014 + "/customer", "TMF_GET_CUSTOMER"},
		{"HEAD", v4 + "/customer/c1", "TMF_GET_CUSTOMER"},
		{"POST", v2014 + "/v1/customerAccount/", "TMF_CREATE_CUSTOMER_ACCOUNT"},
		{"PUT", "/DSCustomerManagement/api/customerManagement/v2/paymentMean/1", "TMF_UPDATE_PAYMENT_MEAN"},
		{"PATCH", v3 + "/custome%72/1", "TMF_UPDATE_CUSTOMER"},
		{"DELETE", v4 + "/hub/1", "TMF_DELETE_HUB"},
		{"POST", v2014 + "/customer/hub", "TMF_CREATE_HUB"},
		{"GET", v4 + "/openapi.json", ""},
		{"TRACE", v4 + "/customer", ""},
		{"GET", "/elsewhere", ""},
	} {
		if got := dialect.RightOf(c.method, c.path); got != c.want {
			t.Errorf("%s %s needs %q, want %q", c.method, c.path, got, c.want)
		}
	}
}

func TestOperatorsAreCallers(t *testing.T) {
	s := newShop(t)
	const hash = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$QQCd8VPOryZiCF3MtwQnPTK7odKCaPcXJGplgNEuj1A"
	s.update(t, func(tx store.Tx, _ *catalogue.Brand) error {
		_, err := access.Add(tx, access.Administrator{Who: access.Local, Face: "command"}, access.NewOperator{
			Name: "crm", PasswordHash: hash, Brands: []string{"DEMO"}, Rights: []string{"TMF_GET_*"}, Trusted: []string{"10.0.0.0/8"}})
		return err
	})
	ask := func(r *http.Request, from string) answer {
		r.RemoteAddr = from
		w := httptest.NewRecorder()
		s.handler.Handler.ServeHTTP(w, r)
		return answer{w.Code, w.Header(), w.Body.String()}
	}
	for _, test := range []struct {
		name, password, method, from string
		want                         int
	}{
		{"crm", rightPassword, "GET", "192.0.2.1:1", 200},
		{"crm", "wrong", "GET", "192.0.2.1:1", 401},
		{"nobody", rightPassword, "GET", "192.0.2.1:1", 401},
		{"", "", "GET", "192.0.2.1:1", 401},
		{"crm", "", "GET", "10.1.2.3:1", 200},
		{"crm", rightPassword, "POST", "192.0.2.1:1", 403},
	} {
		r := httptest.NewRequest(test.method, v4+"/customer", nil)
		if test.name != "" {
			r.SetBasicAuth(test.name, test.password)
		}
		if a := ask(r, test.from); a.status != test.want {
			t.Errorf("%+v: %d %s", test, a.status, a.body)
		}
	}

	token := access.DrawToken()
	s.update(t, func(tx store.Tx, _ *catalogue.Brand) error {
		_, err := access.AddToken(tx, access.Administrator{Who: access.Local, Face: "command"}, access.NewToken{Operator: "crm", Text: token, Expires: tx.Now().Add(time.Hour)})
		return err
	})
	bearer := func(method, from, authorization string) answer {
		r := httptest.NewRequest(method, v4+"/customer", nil)
		r.Header.Set("Authorization", authorization)
		return ask(r, from)
	}
	for _, test := range []struct {
		method, from, authorization string
		want                        int
	}{
		{"GET", "192.0.2.1:1", "Bearer " + token, 200},
		{"GET", "192.0.2.1:1", "bearer  " + token + " ", 200},
		{"GET", "10.1.2.3:1", "Bearer " + token, 200},
		{"POST", "192.0.2.1:1", "Bearer " + token, 403},
		{"GET", "192.0.2.1:1", "Bearer", 401},
		{"GET", "10.1.2.3:1", "Bearer " + access.DrawToken(), 401},
		{"GET", "192.0.2.1:1", "Token " + token, 401},
	} {
		if a := bearer(test.method, test.from, test.authorization); a.status != test.want {
			t.Errorf("%+v: %d %s", test, a.status, a.body)
		}
	}
	s.now = s.now.Add(time.Hour)
	if a := bearer("GET", "10.1.2.3:1", "Bearer "+token); a.status != 401 {
		t.Errorf("an expired token: %d %s", a.status, a.body)
	}
	// Who is recognised has a row of each refusal; the others are counted.
	rows := func(who string) (got []string) {
		s.view(t, func(tx store.Tx) error {
			for row, err := range access.RowsOfOperator(tx, who) {
				if err != nil {
					return err
				}
				if row.Outcome != access.OutcomeOK {
					got = append(got, strings.Join(append([]string{row.Hookpoint, row.Outcome}, row.Notes...), "; "))
				}
			}
			return nil
		})
		return got
	}
	if got, want := rows("crm"), []string{"TMF_CREATE_CUSTOMER; NOT_ALLOWED; v4", "TMF_CREATE_CUSTOMER; NOT_ALLOWED; v4"}; !slices.Equal(got, want) {
		t.Errorf("audit rows %q", got)
	}
	defer func() {
		s.behind.Close()
		want := []string{`; NOT_AUTHENTICATED; 2 calls within a minute: NOT_AUTHENTICATED 2; names given: "crm" 1`,
			`; NOT_AUTHENTICATED; 12 calls within a minute: NOT_AUTHENTICATED 12; names given: "nobody" 3, "crm" 2`}
		if got := rows(access.Unrecognised); !slices.Equal(got, want) {
			t.Errorf("audit rows of strangers %q", got)
		}
	}()
	const hint = "send HTTP Basic with the operator's name and password, or a token of the operator as HTTP Bearer"
	for authorization, says := range map[string]string{
		"":                    "no operator is given: " + hint,
		"Token " + token:      "no operator is given: " + hint,
		"Basic Y3JtOg==":      "no password is given: " + hint, // crm, no password
		"Basic bm9ib2R5Og==":  "no password is given: " + hint, // nobody, no password
		"Basic bm9ib2R5Ong=":  "operator or password is wrong",
		"Bearer":              "no token is given",
		"Bearer " + token[1:]: "the token is unknown, expired or revoked, or its operator is disabled",
	} {
		bearer("GET", "192.0.2.1:1", authorization).refused(t, 401, "4010", says)
	}
}
