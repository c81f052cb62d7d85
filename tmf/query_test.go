package tmf_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/tmf/jsondoc"
	"rator/tmf/query"
)

// queried are customers with what section 3 filters by. Their ids are c1 to c4.
var queried = []string{
	`{"name":"John Smith","status":"Active","customerRank":"3","relatedParty":{"id":"1","role":"customer"},"validFor":{"startDateTime":"2013-06-19T04:00:00.0Z"},"contactMedium":[{"type":"Email","medium":{"emailAddress":"j@example.org"}},{"type":"TelephoneNumber","preferred":true,"medium":{"type":"mobile","number":"+436641234567"}}],"characteristic":[{"name":"shoe","value":"44"}],"customerCreditProfile":[{"creditProfileDate":"2014-01-01","validFor":{},"creditScore":5},{"creditProfileDate":"2013-01-01T12:00:00+0200","validFor":{},"creditScore":"70"}]}`,
	`{"name":"Berg, Anna","status":"New","customerRank":"1","validFor":{"startDateTime":"2014-06-19T04:00:00+02:00"},"contactMedium":[{"type":"PostalAddress","medium":{"city":"Wien","streetOne":"Lassallestrasse 7"}}]}`,
	`{"name":"a;b=c&d","status":"active","description":"\"quoted\"","customerAccount":[{"id":"ca1","status":"Due"},{"id":"ca2","status":"Paid"}]}`,
	`{"name":"Zed"}`,
}

func queryServer(t testing.TB) *server {
	t.Helper()
	s := newServer(t)
	for _, body := range queried {
		s.create(t, v2014+"/customer", body)
	}
	return s
}

// ids are those of a list, with spaces between them.
func ids(t testing.TB, a answer) string {
	t.Helper()
	if a.status >= 300 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	var all []string
	for _, item := range a.value(t).Items() {
		id, _ := item.Get("id")
		all = append(all, id.Text())
	}
	return strings.Join(all, " ")
}

// TestFilters: the rows of tmf-customer.md 3, and what the Go library does to
// them (0.8).
func TestFilters(t *testing.T) {
	s := queryServer(t)
	for _, c := range []struct{ name, query, want string }{
		{"none", "", "c1 c2 c3 c4"},
		{"empty groups", "&&", "c1 c2 c3 c4"},
		{"equality and AND", "status=Active&customerRank=3", "c1"},
		{"equality without regard to case", "status=aCTIVE", "c1 c3"},
		{"name with regard to case", "name=zed", ""},
		{"nothing matches", "name=None", ""},
		{"the default status", "status=Created", "c4"},
		{"OR, name repeated", "status=New&status=Created", "c2 c4"},
		{"OR, comma", "status=New,Created", "c2 c4"},
		{"OR, encoded comma", "status=New%2CCreated", "c2 c4"},
		{"OR, semicolon with name", "status=New;status=Created", "c2 c4"},
		{"OR, semicolon without name", "status=New;Created", "c2 c4"},
		{"OR, semicolon, other attribute", "customerRank=3;name=Zed", "c1 c4"},
		{"OR, semicolon, operator again", "customerRank.gt=1;Z", "c1"},
		{"OR binds tighter", "status=Active&name=John%20Smith;name=Zed", "c1"},
		{"encoded semicolon is text", "name=a%3Bb%3Dc%26d", "c3"},
		{"eq suffix", "name.eq=Zed", "c4"},
		{"gt suffix", "customerRank.gt=1", "c1"},
		{"gte suffix", "customerRank.gte=1", "c1 c2"},
		{"lt suffix", "customerRank.lt=3", "c2"},
		{"lte suffix", "customerRank.lte=3", "c1 c2"},
		{"regex suffix", "name.regex=%5EJ.*h%24", "c1"},
		{"encoded >", "customerRank%3E1", "c1"},
		{"encoded > in small letters", "customerRank%3e1", "c1"},
		{"encoded >=", "customerRank%3E%3D1", "c1 c2"},
		{"encoded > and raw =", "customerRank%3E=1", "c1 c2"},
		{"raw >", "customerRank>1", "c1"},
		{"encoded <", "customerRank%3C3", "c2"},
		{"encoded <=", "customerRank%3C%3D3", "c1 c2"},
		{"encoded ==", "name%3D%3DZed", "c4"},
		{"encoded =~", "name%3D~Sm", "c1"},
		{"encoded =%7E", "name%3D%7ESm", "c1"},
		{"encoded = alone", "name%3DZed", "c4"},
		{"dateTime%3E2013 has an empty value in net/url", "validFor.startDateTime%3E2014-01-01", "c2"},
		{"an operator in a value", "name=a%3Bb=c%26d", "c3"},
		{"a range", "customerCreditProfile.creditScore.gt=4&customerCreditProfile.creditScore.lt=6", "c1"},
		{"numbers by value", "customerCreditProfile.creditScore=5.0", "c1"},
		{"numbers in text", "customerCreditProfile.creditScore=70", "c1"},
		{"numbers not as text", "customerCreditProfile.creditScore.lt=5", ""},
		{"nested", "relatedParty.role=customer", "c1"},
		{"array, any element", "contactMedium.type=TelephoneNumber", "c1"},
		{"array in array's object", "contactMedium.medium.city=Wien", "c2"},
		{"array, other spelling stored", "contactMedium.medium.street1=Lassallestrasse%207", "c2"},
		{"array, other spelling asked", "contactMedium.medium.streetOne=Lassallestrasse%207", "c2"},
		{"array, nested status without regard to case", "customerAccount.status=paid", "c3"},
		{"boolean", "contactMedium.preferred=true", "c1"},
		{"boolean default", "contactMedium.preferred=false", "c1 c2"},
		{"quotes", "name=%22John%20Smith%22", "c1"},
		{"quotes with raw ones", `name="John%20Smith"`, "c1"},
		{"quotes protect commas", "name=%22Berg,%20Anna%22,Zed", "c2 c4"},
		{"commas in the stored text", "name=Berg,%20Anna", "c2"},
		{"quotes in the stored text", "description=%22quoted%22", "c3"},
		{"plus is a space", "name=John+Smith", "c1"},
		{"encoded plus", "contactMedium.medium.number=%2B436641234567", "c1"},
		{"href", "href=http://tmf.example:8080/customerManagement/customer/c4", "c4"},
		{"id", "id=c1,c3", "c1 c3"},
		{"an address that is filled in", "relatedParty.href=http://tmf.example:8080/partyManagement/individual/1", "c1"},
		{"date-only, greater", "validFor.startDateTime.gt=2013-06-19", "c1 c2"},
		{"date-only, equal is the day", "validFor.startDateTime=2013-06-19", "c1"},
		{"the same instant in another zone", "validFor.startDateTime=2014-06-19T02:00:00Z", "c2"},
		{"the same instant with +0200", "validFor.startDateTime=2013-06-19T06:00:00%2B0200", "c1"},
		{"a zone whose + became a space", "validFor.startDateTime=2014-06-19T04:00:00+02:00", "c2"},
		{"no zone is UTC", "validFor.startDateTime=2013-06-19T04:00:00", "c1"},
		{"date-times as text", "validFor.startDateTime.regex=%5E2013", "c1"},
		{"date in array, zone without colon", "customerCreditProfile.creditProfileDate.lt=2013-06-01", "c1"},
		{"empty value", "name=", ""},
		{"filter and selection", "status=New&fields=name", "c2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := ids(t, s.do(t, "GET", v2014+"/customer?"+c.query, "")); got != c.want {
				t.Errorf("?%s: %q, want %q", c.query, got, c.want)
			}
		})
	}
}

// TestFiltersRefused: an unknown attribute or operator, or a bad value, is a 400
// that names it.
func TestFiltersRefused(t *testing.T) {
	s := queryServer(t)
	for _, c := range []struct{ query, code, word string }{
		{"nickname=x", "4001", `"nickname"`},
		{"contactMedium.medium.planet=Mars", "4001", `"contactMedium.medium.planet"`},
		{"accountType=x", "4001", `Customer has no attribute "accountType"`},
		{"nickname", "4001", `"nickname"`},
		{"name", "4011", "name is compared with nothing"},
		{"name.ne=x", "4011", `no operator "ne"`},
		{"name.like=x", "4011", `no operator "like"`},
		{"name!=x", "4011", `"!"`},
		{"name*=x", "4011", `"*"`},
		{"relatedParty=1", "4001", "relatedParty is an object"},
		{"relatedParty.gt=1", "4001", "relatedParty is an object"},
		{"customerCreditProfile.creditScore=many", "4012", "customerCreditProfile.creditScore must be compared with an integer"},
		{"customerCreditProfile.creditScore=1e999999999", "4012", "customerCreditProfile.creditScore"},
		{"validFor.startDateTime.gt=soon", "4012", "validFor.startDateTime must be compared with a date-time"},
		{"validFor.startDateTime=2013-02-30", "4012", "validFor.startDateTime"},
		{"contactMedium.preferred=maybe", "4012", "contactMedium.preferred must be compared with a boolean"},
		{"contactMedium.preferred.gt=true", "4011", "contactMedium.preferred is a boolean"},
		{"name.regex=%28", "4001", "name: the regular expression"},
		{"name.regex=%28a%7B1000%7D%29%7B1000%7D", "4001", "name: the regular expression"},
		{"name.regex=" + strings.Repeat("a", 257), "4001", "256 bytes"},
		{"name=%zz", "4001", `"%zz" is not URL-encoded`},
		{"name%zz=1", "4001", "is not URL-encoded"},
		{"offset=-1", "4012", "offset must be a number"},
		{"limit=ten", "4012", "limit must be a number"},
		{"limit=", "4012", "limit must be a number"},
		{"limit=1&limit=2", "4001", "limit is there twice"},
		{"limit.gt=1", "4011", "limit has no operator gt"},
		{"limit=1;offset=2", "4001", "limit cannot be one of several alternatives"},
		{"status=A;fields=name", "4001", "fields cannot be one of several alternatives"},
		{"sort=nickname", "4001", `"nickname"`},
		{"sort=validFor", "4001", "validFor is an object"},
		{"filter=$.x", "4001", "filter"},
		{strings.Repeat("name=x;", 101), "4001", "more than 100 comparisons"},
		{"name=" + strings.Repeat("x,", 600) + "&status=" + strings.Repeat("x,", 600), "4001", "more than 1000 values"},
		{"fields=" + strings.Repeat("a.", 9000), "4001", "more than 16384 bytes"},
		{"name.gt%3EA", "4011", `no operator "gt"`},
	} {
		s.do(t, "GET", v2014+"/customer?"+c.query, "").refused(t, 400, c.code, c.word)
	}
	// The same query is refused for one item, and in the other dialects.
	s.do(t, "GET", v2014+"/customer/c1?nickname=x", "").refused(t, 400, "4001", "nickname")
	s.do(t, "GET", v4+"/customer?customerRank=3", "").refused(t, 400, "4001", "customerRank")
	s.do(t, "GET", v2014+"/customer?@type=Customer", "").refused(t, 400, "4001", "@type")
}

// TestFirstLevelFilters: those that the profile wants (R16.5).
func TestFirstLevelFilters(t *testing.T) {
	s := newServer(t)
	s.create(t, v2014+"/customerAccount", `{"name":"A","accountType":"Residential","status":"Due","creditLimit":250.00}`)
	s.create(t, v2014+"/customerAccount", `{"name":"B","accountType":"Business","receivableBalance":12}`)
	s.now = s.now.AddDate(1, 0, 0)
	s.create(t, v2014+"/customerAccount", `{"name":"C","accountType":"Business","receivableBalance":60}`)
	for query, want := range map[string]string{
		"name=B": "ca2", "status=due": "ca1", "accountType=Business": "ca2 ca3", "creditLimit=250": "ca1",
		"receivableBalance.gt=10&receivableBalance.lt=50": "ca2", "lastModified.gt=2025-01-01T00:00:00Z": "ca3",
		"lastModified%3E2025-01-01": "ca3", "sort=-lastModified,name": "ca3 ca1 ca2",
	} {
		if got := ids(t, s.do(t, "GET", v2014+"/customerAccount?"+query, "")); got != want {
			t.Errorf("?%s: %q, want %q", query, got, want)
		}
	}
}

// TestDialectsFilter: v3 and v4 compare the status to the letter, and v4 any
// value of a characteristic.
func TestDialectsFilter(t *testing.T) {
	s := newServer(t)
	s.create(t, v3+"/customer", `{"name":"A","status":"Active"}`)
	party := `"engagedParty":{"id":"1","@referredType":"Organization"}`
	s.create(t, v4+"/customer", `{"name":"A",`+party+`,"characteristic":[{"name":"n","value":7.0}]}`)
	s.create(t, v4+"/customer", `{"name":"B",`+party+`,"characteristic":[{"name":"n","value":{"x":{"y":"z"}}},{"name":"m","value":true}]}`)
	for target, want := range map[string]string{
		v3 + "/customer?status=Active":                                     "c1",
		v3 + "/customer?status=active":                                     "",
		v3 + "/customer?name=%22A%22":                                      "c1",
		v4 + "/customer?characteristic.value=7":                            "c1",
		v4 + "/customer?characteristic.value.gt=6":                         "c1",
		v4 + "/customer?characteristic.value.x.y=z":                        "c2",
		v4 + "/customer?characteristic.value=true":                         "c2",
		v4 + "/customer?@type=Customer":                                    "c1 c2",
		v4 + "/customer?engagedParty.@referredType=Organization&name.gt=A": "c2",
	} {
		if got := ids(t, s.do(t, "GET", target, "")); got != want {
			t.Errorf("%s: %q, want %q", target, got, want)
		}
	}
}

// TestEqualities: what a Collection may use an index for.
func TestEqualities(t *testing.T) {
	s := newServer(t)
	s.do(t, "GET", v2014+"/customer?status=New,Old&status=Older&name=%22Berg,%20A%22&customerRank.gt=1&name=x;status=y&contactMedium.medium.streetTwo=z&customerCreditProfile.creditScore=5", "")
	asked := s.memories["2014 customer"].asked
	want := []query.Equality{
		{Attribute: "status", Values: []string{"New", "Old", "New,Old", "Older"}, Fold: true},
		{Attribute: "name", Values: []string{"Berg, A", `"Berg, A"`}},
		{Attribute: "contactMedium.medium.street2", Values: []string{"z"}},
	}
	if diff := cmp.Diff(want, asked[len(asked)-1].Equalities()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var none *query.Filter
	if !none.Empty() || none.Equalities() != nil || !none.Match(jsondoc.Value{}) || none.String() != "" {
		t.Error("no filter is one")
	}
}

// TestNetURLCannot shows why queries are cut by hand (tmf-customer.md 0.8).
func TestNetURLCannot(t *testing.T) {
	if _, err := url.ParseQuery("status=Active;status=New"); err == nil {
		t.Error("net/url takes semicolons now")
	}
	if v, _ := url.ParseQuery("dateTime%3E2013"); v.Get("dateTime>2013") != "" || !v.Has("dateTime>2013") {
		t.Error("net/url finds operators now")
	}
	if v, _ := url.ParseQuery("sort=+name"); v.Get("sort") != " name" {
		t.Error("net/url keeps a + now")
	}
}

// TestSelection: ?fields in each dialect.
func TestSelection(t *testing.T) {
	s := newServer(t)
	const customer = `{"name":"A","nickname":"n","relatedParty":{"id":"1","role":"r"},"contactMedium":[{"type":"Email","medium":{"emailAddress":"a","x":1}},{"type":"Fax","medium":{"number":"1"}}],"customerAccount":[{"id":"ca1","name":"X"}]}`
	s.create(t, v2014+"/customer", customer)
	s.create(t, v2014+"/customerAccount", `{"name":"A","accountType":"T","contact":[{"type":"primary","name":"B","partyRoleType":"p"}]}`)
	s.create(t, v3+"/customer", `{"name":"A","status":"S"}`)
	s.create(t, v4+"/customer", `{"name":"A","engagedParty":{"id":"1","@referredType":"Individual"}}`)
	whole := s.do(t, "GET", v2014+"/customer/c1", "").body
	for target, want := range map[string]string{
		v2014 + "/customer/c1?fields=name":                                    `{"id":"c1","name":"A"}`,
		v2014 + "/customer/c1?fields=name,%20status":                          `{"id":"c1","status":"Created","name":"A"}`,
		v2014 + "/customer/c1?fields=name&fields=status":                      `{"id":"c1","status":"Created","name":"A"}`,
		v2014 + "/customer/c1?:fields=name":                                   `{"id":"c1","name":"A"}`,
		v2014 + "/customer/c1?%3Afields=name":                                 `{"id":"c1","name":"A"}`,
		v2014 + "/customer/c1?fields=none":                                    `{"id":"c1","href":"http://tmf.example:8080/customerManagement/customer/c1"}`,
		v2014 + "/customer/c1?fields=all":                                     whole,
		v2014 + "/customer/c1?fields=all,name":                                whole,
		v2014 + "/customer/c1?fields=":                                        whole,
		v2014 + "/customer/c1":                                                whole,
		v2014 + "/customer/c1?fields=nobody":                                  `{"id":"c1"}`,
		v2014 + "/customer/c1?fields=description":                             `{"id":"c1"}`,
		v2014 + "/customer/c1?fields=nickname":                                `{"id":"c1","nickname":"n"}`,
		v2014 + "/customer/c1?fields=relatedParty.role":                       `{"id":"c1","relatedParty":{"role":"r"}}`,
		v2014 + "/customer/c1?fields=contactMedium.type":                      `{"id":"c1","contactMedium":[{"type":"Email"},{"type":"Fax"}]}`,
		v2014 + "/customer/c1?fields=contactMedium.medium.x":                  `{"id":"c1","contactMedium":[{"medium":{"x":1}},{"medium":{}}]}`,
		v2014 + "/customer/c1?fields=relatedParty,relatedParty.role":          `{"id":"c1","relatedParty":{"id":"1","href":"http://tmf.example:8080/partyManagement/individual/1","role":"r"}}`,
		v2014 + "/customer/c1?fields=relatedParty.role,relatedParty":          `{"id":"c1","relatedParty":{"id":"1","href":"http://tmf.example:8080/partyManagement/individual/1","role":"r"}}`,
		v2014 + "/customer/c1?fields=customerAccount.id,customerAccount.href": `{"id":"c1","customerAccount":[{"id":"ca1","href":"http://tmf.example:8080/customerManagement/customerAccount/ca1"}]}`,
		v2014 + "/customerAccount/ca1?fields=contact.contactName":             `{"id":"ca1","contact":[{"name":"B"}]}`,
		v2014 + "/customer/c1/?fields=name&status=created":                    `{"id":"c1","name":"A"}`,
		v2014 + "/customer?status=Created&fields=name":                        `[{"id":"c1","name":"A"}]`,
		v3 + "/customer/c1?fields=name":                                       `{"name":"A"}`,
		v3 + "/customer?fields=status":                                        `[{"status":"S"}]`,
		v3 + "/customer/c1?fields=none":                                       `{"id":"c1","href":"http://tmf.example:8080/tmf-api/customerManagement/v3/customer/c1"}`,
		v4 + "/customer/c1?fields=name":                                       `{"id":"c1","href":"http://tmf.example:8080/tmf-api/customerManagement/v4/customer/c1","name":"A"}`,
		v4 + "/customer/c1?fields=none":                                       `{"id":"c1","href":"http://tmf.example:8080/tmf-api/customerManagement/v4/customer/c1"}`,
		v4 + "/customer/c1?fields=@type":                                      `{"id":"c1","href":"http://tmf.example:8080/tmf-api/customerManagement/v4/customer/c1","@type":"Customer"}`,
	} {
		s.do(t, "GET", target, "").want(t, 200, want)
	}
	s.do(t, "GET", v2014+"/customer/c1?status=Active", "").refused(t, 404, "4041", "c1 is not what the query asks for")
}

func TestSorting(t *testing.T) {
	s := queryServer(t)
	for query, want := range map[string]string{
		"sort=name":                              "c2 c1 c4 c3",
		"sort=-name":                             "c3 c4 c1 c2",
		"sort=+name":                             "c2 c1 c4 c3",
		"sort=%2Bname":                           "c2 c1 c4 c3",
		"sort=-status,-name":                     "c2 c4 c3 c1",
		"sort=-status,%20name":                   "c2 c4 c1 c3",
		"sort=-status&sort=name":                 "c2 c4 c1 c3",
		"sort=description":                       "c3 c1 c2 c4",
		"sort=customerRank":                      "c2 c1 c3 c4",
		"sort=-customerRank":                     "c1 c2 c3 c4",
		"sort=validFor.startDateTime":            "c1 c2 c3 c4",
		"sort=-validFor.startDateTime":           "c2 c1 c3 c4",
		"sort=customerCreditProfile.creditScore": "c1 c2 c3 c4",
		"sort=contactMedium.type":                "c1 c2 c3 c4",
		"sort=-contactMedium.type":               "c2 c1 c3 c4",
		"sort=":                                  "c1 c2 c3 c4",
		"sort=-name&limit=2":                     "c3 c4",
		"sort=-name&offset=1&limit=2":            "c4 c1",
		"sort=name&status=active":                "c1 c3",
		"sort=name&offset=3":                     "c3",
	} {
		if got := ids(t, s.do(t, "GET", v2014+"/customer?"+query, "")); got != want {
			t.Errorf("?%s: %q, want %q", query, got, want)
		}
	}
}
