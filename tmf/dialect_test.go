package tmf_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
	"rator/tmf/problem"
)

// TestDialects: the table of tmf-customer.md 0.1, row by row.
func TestDialects(t *testing.T) {
	const party = `"engagedParty":{"id":"1","@referredType":"Individual"}`
	for _, d := range []struct {
		base          string
		body          string
		media         string
		patch, delete int
		deleteType    string
		put           bool
		fieldsName    string // the names that ?fields=name gives
		always        string // the names in every answer
	}{
		{"/customerManagement", `{"name":"A"}`, "application/json", 200, 204, "", true, "id name", "id href status name"},
		{"/customerManagement/v1", `{"name":"A"}`, "application/json", 200, 204, "", true, "id name", "id href status name"},
		{"/DSCustomerManagement/api/customerManagement/v2", `{"name":"A"}`, "application/json", 200, 204, "", true, "id name", "id href status name"},
		{v3, `{"name":"A"}`, "application/json", 201, 204, "application/json", true, "name", "id href status name"},
		{v4, `{"name":"A",` + party + `}`, "application/json;charset=utf-8", 200, 204, "", false, "id href name", "id href status @type name engagedParty"},
	} {
		t.Run(d.base, func(t *testing.T) {
			s := newServer(t)
			path := d.base + "/customer"
			made := s.do(t, "POST", path, d.body)
			href := "http://tmf.example:8080" + path + "/c1"
			if made.status != 201 || made.header.Get("Location") != href || made.member(t, "href") != href || made.header.Get("Content-Type") != d.media {
				t.Errorf("POST: %v", made)
			}
			if got := names(t, made); got != d.always {
				t.Errorf("always %q, want %q", got, d.always)
			}
			if id, _ := made.value(t).Get("id"); id.Kind() != jsondoc.String {
				t.Errorf("the id is %s", id.Kind())
			}
			if got := names(t, s.do(t, "GET", path+"/c1?fields=name", "")); got != d.fieldsName {
				t.Errorf("?fields=name: %q, want %q", got, d.fieldsName)
			}
			for _, target := range []string{path, path + "/", path + "//"} {
				if a := s.do(t, "GET", target, ""); a.status != 200 || ids(t, a) != "c1" || a.header.Get("Content-Type") != d.media {
					t.Errorf("GET %s: %v", target, a)
				}
			}
			for _, target := range []string{path + "/c1", path + "/c1/"} {
				if a := s.do(t, "GET", target, ""); a.status != 200 || a.body != made.body {
					t.Errorf("GET %s: %v", target, a)
				}
				if a := s.do(t, "PATCH", target, `{"name":"B"}`); a.status != d.patch || a.member(t, "name") != "B" {
					t.Errorf("PATCH %s: %v", target, a)
				}
				s.do(t, "PATCH", target, `{"name":"A"}`)
			}
			if a := s.do(t, "POST", path+"/", d.body); a.status != 201 || a.header.Get("Location") != strings.Replace(href, "c1", "c2", 1) {
				t.Errorf("POST %s/: %v", path, a)
			}
			if a := s.do(t, "PUT", path+"/c1", d.body); (a.status == 200) != d.put || !d.put && a.status != 405 {
				t.Errorf("PUT: %v", a)
			}
			a := s.do(t, "DELETE", path+"/c1/", "")
			if a.status != d.delete || a.body != "" || a.header.Get("Content-Type") != d.deleteType {
				t.Errorf("DELETE: %v", a)
			}
			s.do(t, "GET", path+"/c1", "").refused(t, 404, "4041", "c1")
			s.do(t, "DELETE", path+"/c1", "").refused(t, 404, "4041", "c1")
		})
	}
}

// names are those of an object's members, with spaces between them.
func names(t testing.TB, a answer) string {
	t.Helper()
	var all []string
	for _, m := range a.value(t).Members() {
		all = append(all, m.Name)
	}
	return strings.Join(all, " ")
}

// TestResources: which dialect has which, and what events are called.
func TestResources(t *testing.T) {
	got := map[string]dialect.Events{}
	for _, d := range dialect.All {
		for _, r := range d.Resources {
			got[d.Name+" "+r.Name] = r.Events
		}
	}
	want := map[string]dialect.Events{
		"2014 customer":        {Create: "CustomerCreateNotification", Update: "CustomerUpdateNotification", State: "CustomerUpdateNotification", Delete: "CustomerDeleteNotification"},
		"2014 customerAccount": {Create: "CustomerAccountCreateNotification", Update: "CustomerAccountUpdateNotification", State: "CustomerAccountUpdateNotification", Delete: "CustomerAccountDeleteNotification"},
		"2014 paymentMean":     {Create: "PaymentMeanCreateNotification", Update: "PaymentMeanUpdateNotification", State: "PaymentMeanUpdateNotification", Delete: "PaymentMeanDeleteNotification"},
		"v3 customer":          {Create: "CustomerCreationNotification", Update: "CustomerAttributeValueChangeNotification", State: "CustomerStateChangeNotification", Delete: "CustomerRemoveNotification"},
		"v4 customer":          {Create: "CustomerCreateEvent", Update: "CustomerAttributeValueChangeEvent", State: "CustomerStateChangeEvent", Delete: "CustomerDeleteEvent"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	s := newServer(t)
	for _, base := range []string{v3, v4} {
		s.do(t, "GET", base+"/customerAccount", "").refused(t, 404, "4041", `"customerAccount"`)
		s.do(t, "GET", base+"/paymentMean/1", "").refused(t, 404, "4041", `"paymentMean"`)
	}
}

// TestProblemCodes: the codes of the reference implementation, and the statuses
// of tmf-customer.md 2 and 5.
func TestProblemCodes(t *testing.T) {
	for _, c := range []struct {
		problem *problem.Code
		code    string
		status  int
	}{
		{problem.BadUsage, "4000", 400}, {problem.BadQuery, "4001", 400}, {problem.BadTransition, "4002", 400}, {problem.MissingField, "4003", 400},
		{problem.UnknownValue, "4004", 400}, {problem.BadOperator, "4011", 400}, {problem.NotModifiable, "4011", 400}, {problem.BadFormat, "4012", 400},
		{problem.NotAuthenticated, "4010", 401}, {problem.NotAllowed, "4030", 403}, {problem.UnknownResource, "4041", 404}, {problem.WrongMethod, "4050", 405},
		{problem.NotAcceptable, "4060", 406}, {problem.BodyTooSlow, "4080", 408}, {problem.Clash, "4090", 409}, {problem.LostRace, "4120", 412},
		{problem.BodyTooLong, "4130", 413}, {problem.WrongMediaType, "4150", 415}, {problem.BeyondTheEnd, "4160", 416},
		{problem.Technical, "9000", 500}, {problem.TryAgain, "5030", 503},
	} {
		if c.problem.Number != c.code || c.problem.Status != c.status || c.problem.Reason == "" {
			t.Errorf("%+v, want %s and %d", c.problem, c.code, c.status)
		}
	}
}

// TestTablesAreSound: no name or spelling is there twice in a shape, shapes of
// one name are one in a dialect, and every field is described.
func TestTablesAreSound(t *testing.T) {
	for _, d := range dialect.All {
		shapes := map[string]*dialect.Shape{}
		var walk func(s *dialect.Shape)
		walk = func(s *dialect.Shape) {
			if other := shapes[s.Name]; other != nil {
				if other != s {
					t.Errorf("%s has two shapes %s", d.Name, s.Name)
				}
				return
			}
			shapes[s.Name] = s
			var spellings []string
			for _, f := range s.Fields {
				for _, spelling := range append(f.Aliases, f.Name) {
					if slices.Contains(spellings, spelling) {
						t.Errorf("%s.%s is there twice", s.Name, spelling)
					}
					spellings = append(spellings, spelling)
				}
				if (f.Shape != nil) != (f.Type == dialect.OfObject) || f.Desc == "" {
					t.Errorf("%s %s.%s: shape %v, %q", d.Name, s.Name, f.Name, f.Shape, f.Desc)
				}
				for _, n := range f.Needed {
					if s.Field(n.Field) == nil {
						t.Errorf("%s.%s is needed by an unknown %s", s.Name, f.Name, n.Field)
					}
				}
				if f.Shape != nil {
					walk(f.Shape)
				}
			}
		}
		for _, r := range d.Resources {
			walk(r.Shape)
		}
	}
}

// TestAlways: the fields that are always there are those of the smallest answer.
func TestAlways(t *testing.T) {
	s := newServer(t)
	for target, body := range map[string]string{
		"2014 customer":        `{"name":"A"}`,
		"2014 customerAccount": `{"name":"A","accountType":"T"}`,
		"2014 paymentMean":     `{"name":"A","type":"Cash","relatedParty":{}}`,
		"v3 customer":          `{"name":"A"}`,
		"v4 customer":          `{"name":"A","engagedParty":{"id":"1","@referredType":"Individual"}}`,
	} {
		named, resource, _ := strings.Cut(target, " ")
		for _, d := range dialect.All {
			if d.Name != named {
				continue
			}
			var always []string
			for _, f := range d.Resource(resource).Shape.Fields {
				if f.Always() {
					always = append(always, f.Name)
				}
			}
			got := strings.Fields(names(t, s.do(t, "POST", d.Bases[0].Path+"/"+resource, body)))
			slices.Sort(got)
			slices.Sort(always)
			if !slices.Equal(got, always) {
				t.Errorf("%s: %q, want %q", target, got, always)
			}
		}
	}
}

// TestReferences: an address is filled in where only the id was given, relative
// to the host and base path that were asked.
func TestReferences(t *testing.T) {
	s := newServer(t)
	ds := "/DSCustomerManagement/api/customerManagement/v2"
	s.create(t, ds+"/customer", `{"name":"A","relatedParty":{"id":"a b"},"customerAccount":[{"id":"ca1"},{"id":"2","href":"http://elsewhere/2"}],"paymentMean":[{"id":"pm1","href":null}]}`)
	a := s.do(t, "GET", ds+"/customer/c1", "")
	for path, want := range map[string]string{
		"relatedParty.href":    "http://tmf.example:8080/partyManagement/individual/a%20b",
		"customerAccount.href": "http://tmf.example:8080" + ds + "/customerAccount/ca1",
		"paymentMean.href":     "http://tmf.example:8080" + ds + "/paymentMean/pm1",
	} {
		if got := a.member(t, path); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
	if !strings.Contains(a.body, `{"id":"2","href":"http://elsewhere/2"}`) {
		t.Errorf("%s", a.body)
	}
	s.create(t, v2014+"/customerAccount", `{"name":"A","accountType":"T","customer":{"id":"c1"},"customerAccountRelationship":[{"relationshipType":"t","customerAccount":[{"id":"ca9"}]}],"contact":[{"contactName":"B","relatedParty":{"id":"5"}}],"paymentPlan":[{"status":"s","type":"t","priority":1,"paymentMean":{"id":"pm1"}}]}`)
	a = s.do(t, "GET", v2014+"/customerAccount/ca1", "")
	for path, want := range map[string]string{
		"customer.href": "/customer/c1", "customerAccountRelationship.customerAccount.href": "/customerAccount/ca9",
		"paymentPlan.paymentMean.href": "/paymentMean/pm1",
	} {
		if got := a.member(t, path); got != "http://tmf.example:8080"+v2014+want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
	s.create(t, v4+"/customer", `{"name":"A","engagedParty":{"id":"1","@referredType":"Organization"},"relatedParty":[{"id":"2","@referredType":"Individual"},{"name":"no id"}],"account":[{"id":"ca1","name":"n"}],"paymentMethod":[{"id":"pm1"}],"agreement":[{"id":"9"}]}`)
	a = s.do(t, "GET", v4+"/customer/c1", "")
	for path, want := range map[string]string{
		"engagedParty.href":  `"http://tmf.example:8080/tmf-api/partyManagement/v4/organization/1"`,
		"relatedParty.href":  `"http://tmf.example:8080/tmf-api/partyManagement/v4/individual/2"`,
		"account.href":       `"http://tmf.example:8080/customerManagement/customerAccount/ca1"`,
		"paymentMethod.href": `"http://tmf.example:8080/customerManagement/paymentMean/pm1"`,
		"agreement.href":     `null`,
	} {
		if got := a.member(t, path); got != strings.Trim(want, `"`) {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
}

// TestMount: net/http's mux finds every path, with a slash at the end or not.
func TestMount(t *testing.T) {
	s := newServer(t)
	mux := http.NewServeMux()
	s.handler.Mount(mux)
	for _, d := range dialect.All {
		for _, b := range d.Bases {
			for _, path := range []string{"", "/", "/customer", "/customer/", "/customer/c1", "/customer/c1/"} {
				r, _ := http.NewRequest("GET", "http://x"+b.Path+path, nil)
				if h, _ := mux.Handler(r); h != s.handler.Handler {
					t.Errorf("%s%s is not served", b.Path, path)
				}
			}
		}
	}
}
