package query_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"rator/tmf/jsondoc"
	"rator/tmf/problem"
	"rator/tmf/tmftest"
)

// queryRow is a row of the table of tmf-customer.md 3 with an example: which of a
// list's documents a query must give.
type queryRow struct {
	row, list, query string
	takes            func(jsondoc.Value) bool
}

// is reports whether a document has a text at a path, of arrays in any element,
// without regard to case when fold.
func is(path string, fold bool, texts ...string) func(jsondoc.Value) bool {
	return func(doc jsondoc.Value) bool {
		return slices.ContainsFunc(tmftest.EveryAt(doc, path), func(v jsondoc.Value) bool {
			text := v.Text()
			if v.Kind() != jsondoc.String {
				text = v.String()
			}
			return slices.ContainsFunc(texts, func(want string) bool { return text == want || fold && strings.EqualFold(text, want) })
		})
	}
}

func both(a, b func(jsondoc.Value) bool) func(jsondoc.Value) bool {
	return func(doc jsondoc.Value) bool { return a(doc) && b(doc) }
}

func either(a, b func(jsondoc.Value) bool) func(jsondoc.Value) bool {
	return func(doc jsondoc.Value) bool { return a(doc) || b(doc) }
}

func not(a func(jsondoc.Value) bool) func(jsondoc.Value) bool {
	return func(doc jsondoc.Value) bool { return !a(doc) }
}

// amount compares the number at a path.
func amount(path string, ok func(float64) bool) func(jsondoc.Value) bool {
	return func(doc jsondoc.Value) bool {
		return slices.ContainsFunc(tmftest.EveryAt(doc, path), func(v jsondoc.Value) bool {
			n, err := strconv.ParseFloat(v.Text(), 64)
			return err == nil && ok(n)
		})
	}
}

// before compares the date-time at a path, which the server writes in UTC.
func before(path, instant string) func(jsondoc.Value) bool {
	return func(doc jsondoc.Value) bool {
		return slices.ContainsFunc(tmftest.EveryAt(doc, path), func(v jsondoc.Value) bool { return v.Text() < instant })
	}
}

var (
	active, suspended = is("status", true, "Active"), is("status", true, "Suspended")
	owes              = amount("receivableBalance", func(n float64) bool { return n > 10 })
)

var queryRows = []queryRow{
	{"3 equality, AND", "2014 customer", "status=Active&relatedParty.name=%C3%98re%206%20A/S", both(active, is("relatedParty.name", false, "Øre 6 A/S"))},
	{"3 equality: status=active matches Active in the 2014 dialect", "2014 customer", "status=active", active},
	{"3 equality: v3 looks at case", "v3 customer", "status=active", func(jsondoc.Value) bool { return false }},
	{"3 OR, same name repeated", "2014 customer", "status=Active&status=Suspended", either(active, suspended)},
	{"3 OR, comma", "v4 customer", "status=Active,Suspended", either(active, suspended)},
	{"3 OR, semicolon", "2014 customer", "status=Active;status=Suspended", either(active, suspended)},
	{"3 OR, semicolon without the name", "v3 customer", "status=Active;Suspended", either(active, suspended)},
	{"3 OR binds tighter than AND", "2014 customerAccount", "accountType=Business&status=Suspended;receivableBalance.gt=10", both(is("accountType", false, "Business"), either(suspended, owes))},
	{"3 operators: suffix .eq", "2014 customer", "status.eq=Terminated", is("status", true, "Terminated")},
	{"3 operators: suffix .gt", "2014 customerAccount", "receivableBalance.gt=10", owes},
	{"3 operators: suffix .gte", "2014 customerAccount", "customerAccountBalance.amount.gte=7.70", amount("customerAccountBalance.amount", func(n float64) bool { return n >= 7.7 })},
	{"3 operators: suffix .lt", "2014 customerAccount", "receivableBalance.lt=10", amount("receivableBalance", func(n float64) bool { return n < 10 })},
	{"3 operators: suffix .lte", "2014 customerAccount", "creditLimit.lte=700", amount("creditLimit", func(n float64) bool { return n <= 700 })},
	{"3 operators: suffix .regex", "2014 customer", "name.regex=%5E%C3%98re.*8", func(doc jsondoc.Value) bool {
		return strings.HasPrefix(tmftest.TextAt(doc, "name"), "Øre") && strings.Contains(tmftest.TextAt(doc, "name"), "8")
	}},
	{"3 operators: URL-encoded %3E", "2014 customerAccount", "receivableBalance%3E10", owes},
	{"3 operators: URL-encoded %3E%3D", "2014 customerAccount", "receivableBalance%3E%3D10", owes},
	{"3 operators: URL-encoded %3C and a date", "2014 customerAccount", "lastModified%3C2031-06-01", before("lastModified", "2031-06-01T00:00:00Z")},
	{"3 operators: URL-encoded %3C%3D", "2014 customerAccount", "creditLimit%3C%3D700", is("creditLimit", false, "700")},
	{"3 operators: URL-encoded %3D%3D", "v4 customer", "status%3D%3DSuspended", suspended},
	{"3 operators: URL-encoded %3D~", "v4 customer", "status%3D~Sus.*", suspended},
	{"3 range = AND of two operators on one name", "2014 customerAccount", "receivableBalance.gt=10&receivableBalance.lt=50", both(owes, amount("receivableBalance", func(n float64) bool { return n < 50 }))},
	{"3 range with OR", "2014 customerAccount", "receivableBalance.lt=1;receivableBalance.gt=50", either(amount("receivableBalance", func(n float64) bool { return n < 1 }), amount("receivableBalance", func(n float64) bool { return n > 50 }))},
	{"3 nested: dotted", "2014 paymentMean", "bankAccount.BIC=DABADKKK", is("bankAccount.BIC", false, "DABADKKK")},
	{"3 array members match if any element does", "2014 customer", "contactMedium.medium.emailAddress=n14@example.com", is("contactMedium.medium.emailAddress", false, "n14@example.com")},
	{"3 array members, deep", "2014 customerAccount", "contact.contactMedium.medium.emailAddress=bo@example.com", is("contact.contactMedium.medium.emailAddress", false, "bo@example.com")},
	{"3 values in double quotes", "v3 customer", "name=%22%C3%85se%20Number%2014%22", is("name", false, "Åse Number 14")},
	{"3 first-level filters: customer name", "2014 customer", "name=%C3%85se+Number+12", is("name", false, "Åse Number 12")},
	{"3 first-level filters: customer name that nobody has", "v4 customer", "name=Nobody", func(jsondoc.Value) bool { return false }},
	{"3 first-level filters: account name", "2014 customerAccount", "name=Summer%20house", is("name", false, "Summer house")},
	{"3 first-level filters: account status", "2014 customerAccount", "status=in%20arrears", is("status", true, "In arrears")},
	{"3 first-level filters: account accountType", "2014 customerAccount", "accountType=Business", is("accountType", false, "Business")},
	{"3 date compare: date-only operand", "2014 customerAccount", "paymentPlan.validFor.startDateTime.lt=2031-01-01", before("paymentPlan.validFor.startDateTime", "2031-01-01T00:00:00Z")},
	{"8.2 customer number as characteristic", "2014 customer", "characteristic.name=rator.customerNumber&characteristic.value=100500", is("characteristic.value", false, "100500")},
	{"8.3 the text shown is compared", "2014 customer", "status=Terminated", is("status", true, "Terminated")},
	{"3 unknown to nobody: a boolean", "2014 customer", "contactMedium.preferred=true", is("contactMedium.preferred", false, "true")},
	{"3 type of an account's mean", "2014 paymentMean", "type=CreditCard", not(is("type", false, "BankAccountDebit"))},
}

// listPath is the address of a list that is written as dialect and resource.
func listPath(list string) string {
	dialect, resource, _ := strings.Cut(list, " ")
	return map[string]string{"2014": tmftest.Dialect2014, "v3": tmftest.DialectV3, "v4": tmftest.DialectV4}[dialect] + "/" + resource
}

// TestQueryRowsOverAThousand: every row on filtering gives what a reader of the
// whole list picks, in its order. TestQueryRowsOverAnEmptyStore: and nothing where
// there is nothing.
func TestQueryRowsOverAThousand(t *testing.T) {
	t.Parallel()
	ts, _ := tmftest.NewThousand(t)
	whole := map[string][]jsondoc.Value{}
	for _, q := range queryRows {
		t.Run(q.row, func(t *testing.T) {
			if whole[q.list] == nil {
				whole[q.list] = ts.Ask(t, "GET", listPath(q.list), "").Document(t).Items()
			}
			var want, got []string
			for _, doc := range whole[q.list] {
				if q.takes(doc) {
					want = append(want, tmftest.TextAt(doc, "id"))
				}
			}
			a := ts.Ask(t, "GET", listPath(q.list)+"?"+q.query+"&fields=id", "").Want(t, 200)
			for _, doc := range a.Document(t).Items() {
				got = append(got, tmftest.TextAt(doc, "id"))
			}
			if !slices.Equal(got, want) || a.Header.Get("X-Total-Count") != strconv.Itoa(len(want)) || a.Header.Get("X-Result-Count") != strconv.Itoa(len(want)) {
				t.Errorf("%s gives %d, want %d; %v", q.query, len(got), len(want), a.Header)
			}
			nothing := strings.Contains(q.row, "nobody") || strings.Contains(q.row, "v3 looks")
			if (len(want) == 0) != nothing && q.query != "contactMedium.preferred=true" || len(want) == len(whole[q.list]) {
				t.Errorf("%s takes %d of %d: this row shows nothing", q.query, len(want), len(whole[q.list]))
			}
		})
	}
}

func TestQueryRowsOverAnEmptyStore(t *testing.T) {
	t.Parallel()
	ts := tmftest.New(t)
	ts.Describe(t)
	for _, q := range queryRows {
		a := ts.Ask(t, "GET", listPath(q.list)+"?"+q.query, "").Want(t, 200)
		if a.Body != "[]" || a.Header.Get("X-Total-Count") != "0" || a.Header.Get("X-Result-Count") != "0" {
			t.Errorf("%s: %s %s %v", q.row, a.Asked, a.Body, a.Header)
		}
	}
}

// TestPagingRows: the rows of tmf-customer.md 3 on paging, sorting and selection,
// over both stores.
func TestPagingRows(t *testing.T) {
	t.Parallel()
	for name, over := range map[string]func(*testing.T) (*tmftest.Server, int){
		"empty": func(t *testing.T) (*tmftest.Server, int) { return tmftest.New(t), 0 },
		"thousand": func(t *testing.T) (*tmftest.Server, int) {
			ts, _ := tmftest.NewThousand(t)
			return ts, tmftest.ThousandCustomers
		},
	} {
		t.Run(name, func(t *testing.T) {
			ts, total := over(t)
			if total == 0 { // a document takes its time for a thousand
				ts.Describe(t)
			}
			for _, base := range tmftest.Dialects {
				playPaging(t, ts, base, total)
			}
		})
	}
}

func playPaging(t *testing.T, ts *tmftest.Server, base string, total int) {
	list := base + "/customer"
	type page struct {
		row, query, header string
		status, first, n   int
		links              string
	}
	partial := http.StatusPartialContent
	if base == tmftest.DialectV4 {
		partial = http.StatusOK // v4 does not list 206
	}
	cut := func(n int) int { return max(0, min(n, total)) }
	rows := []page{
		{"3 no paging parameters: all matches", "", "", 200, 0, total, ""},
		{"3 paging: ?offset=20&limit=10", "offset=20&limit=10", "", partial, 20, 10, "first prev next last"},
		{"3 paging: offset default 0", "limit=10", "", partial, 0, 10, "first next last"},
		{"3 status when paged: 200 for complete", "limit=5000", "", 200, 0, total, "first last"},
		{"3 paging: offset alone", "offset=990", "", partial, 990, 10, ""},
		{"3 paging: an empty page at the end", fmt.Sprint("limit=10&offset=", total), "", 200, total, 0, "first prev last"},
		{"3 paging: limit 0", "limit=0", "", 200, 0, 0, ""},
		{"3 range form: items counted from 1", "", "items=11-20", 206, 10, 10, ""},
		{"3 range form: open end", "", "items=991-", 206, 990, 10, ""},
	}
	whole := ts.Ask(t, "GET", list+"?fields=id,name", "").Document(t).Items()
	if len(whole) != total {
		t.Fatalf("%s has %d", list, len(whole))
	}
	for _, p := range rows {
		if total == 0 && (p.header != "" || p.first > 0) {
			continue
		}
		if total == 0 {
			if p.status = 200; p.links != "" {
				p.links = "first"
			}
		}
		a := ts.Ask(t, "GET", list+"?fields=id,name&"+p.query, "", "Range: "+p.header).Want(t, p.status)
		items := a.Document(t).Items()
		if len(items) != cut(p.n) || a.Header.Get("X-Total-Count") != strconv.Itoa(total) || a.Header.Get("X-Result-Count") != strconv.Itoa(len(items)) {
			t.Errorf("%s %s: %d items, %v", base, p.row, len(items), a.Header)
		}
		for i, item := range items {
			if item.String() != whole[p.first+i].String() {
				t.Errorf("%s %s: item %d is %s, want %s", base, p.row, i, item, whole[p.first+i])
				break
			}
		}
		for rel := range strings.FieldsSeq("first prev next last") {
			if strings.Contains(a.Header.Get("Link"), `rel="`+rel+`"`) != slices.Contains(strings.Fields(p.links), rel) {
				t.Errorf("%s %s: Link is %q, want %s", base, p.row, a.Header.Get("Link"), p.links)
			}
		}
		if content := a.Header.Get("Content-Range"); (content != "") != (a.Status == 206) || content != "" && content != fmt.Sprintf("items %d-%d/%d", p.first+1, p.first+len(items), total) {
			t.Errorf("%s %s: Content-Range %q", base, p.row, content)
		}
	}
	for _, far := range []string{"items=1001-1010", "items=5000-"} {
		a := ts.Ask(t, "GET", list, "", "Range: "+far)
		a.Refused(t, problem.BeyondTheEnd)
		if got := a.Header.Get("Content-Range"); got != fmt.Sprint("items */", total) {
			t.Errorf("Content-Range %q", got)
		}
	}
	if total > 0 {
		ts.Ask(t, "GET", list+"?offset=1001", "").Refused(t, problem.BeyondTheEnd)
	}
	for _, bad := range []struct {
		query   string
		problem *problem.Code
		words   string
	}{
		{"nothing=1", problem.BadQuery, `no attribute "nothing"`}, {"name.ex=A", problem.BadOperator, `no operator "ex"`}, {"name!=A", problem.BadOperator, "name"},
		{"contactMedium.preferred=maybe", problem.BadFormat, "contactMedium.preferred"}, {"validFor.startDateTime.gt=soon", problem.BadFormat, "validFor.startDateTime"},
		{"limit=-1", problem.BadFormat, "limit"}, {"offset=x", problem.BadFormat, "offset"}, {"limit=1&limit=2", problem.BadQuery, "limit"}, {"sort=nothing", problem.BadQuery, "nothing"},
		{"filter=$.x", problem.BadQuery, "filter"}, {"name.regex=(", problem.BadQuery, "name"}, {"name", problem.BadOperator, "name"}, {"validFor=x", problem.BadQuery, "validFor"}, {"name=%zz", problem.BadQuery, ""},
	} {
		ts.Ask(t, "GET", list+"?"+bad.query, "").Refused(t, bad.problem, bad.words)
	}
	for _, sort := range []string{"name", "-name", "%2Bname", "+name", "-status,name", "status,-name", "-relatedParty.id,name"} {
		if base != tmftest.Dialect2014 && (total > 0 && sort != "-name" || strings.Contains(sort, "relatedParty")) {
			continue // each reads the whole list
		}
		a := ts.Ask(t, "GET", list+"?limit=60&fields=id,name,status,relatedParty.id&sort="+sort, "")
		checkSorted(t, a, sort)
	}
}

// checkSorted: "-" is descending, "+", encoded or not, and nothing ascending.
func checkSorted(t *testing.T, a tmftest.Answer, sort string) {
	t.Helper()
	items := a.Document(t).Items()
	text, err := url.QueryUnescape(sort)
	if err != nil {
		t.Fatal(err)
	}
	compare := func(x, y jsondoc.Value) int {
		for key := range strings.SplitSeq(strings.TrimLeft(text, "+ "), ",") {
			name, down := strings.CutPrefix(key, "-")
			order := strings.Compare(tmftest.TextAt(x, name), tmftest.TextAt(y, name))
			if down {
				order = -order
			}
			if order != 0 {
				return order
			}
		}
		return 0
	}
	if !slices.IsSortedFunc(items, compare) {
		t.Errorf("%s is not sorted by %s", a.Asked, text)
	}
}
