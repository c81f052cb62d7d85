package dialect_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/tmf/jsondoc"
	"rator/tmf/problem"
	"rator/tmf/tmftest"
)

// attribute is a row of the tables of tmf-customer.md 1.
type attribute struct {
	row       string
	name      string
	values    []string // that are taken: the first is POSTed and PUT, all are PATCHed
	faults    []fault
	mandatory bool
	computed  bool
	with      string // members of a POST that has it
	// erased is what a null in a PATCH leaves: "" nothing, "*" whatever the server
	// puts there.
	erased string
	// business says that the business decides what it is of an account of its own.
	business bool
}

// fault is a value that is refused. patch says that a PATCH with it is refused as
// well: one that lacks something may be merged with what has it.
type fault struct {
	value   string
	problem *problem.Code
	words   string
	patch   bool
}

// resourceRows are the rows of a resource in a dialect; least is the least
// document that a POST takes.
type resourceRows struct {
	resource, base, least string
	rows                  []attribute
}

func (r resourceRows) path() string { return r.base + "/" + r.resource }

// document is the least document with an attribute.
func (r resourceRows) document(t *testing.T, row attribute, value string) string {
	t.Helper()
	doc := tmftest.JSON(t, r.least)
	if row.with != "" {
		for _, m := range tmftest.JSON(t, "{"+row.with+"}").Members() {
			doc = doc.With(m.Name, m.Value)
		}
	}
	if value == "" {
		return doc.Without(row.name).String()
	}
	return doc.With(row.name, tmftest.JSON(t, value)).String()
}

// typed are the literals of the rows as v3 and v4 answer them: their documents have
// RFC 3339 and integers.
var typed = strings.NewReplacer(
	`"2013-04-19T20:42:23.000+0000"`, `"2013-04-19T20:42:23Z"`, `"2020-01-01"`, `"2020-01-01T00:00:00Z"`, `"2021-12-31T23:59:59"`, `"2021-12-31T23:59:59Z"`,
	`"2012-04-19"`, `"2012-04-19T00:00:00Z"`, `"2013-04-19"`, `"2013-04-19T00:00:00Z"`, `"creditScore":"7"`, `"creditScore":7`)

// answered is a value as the dialect answers it.
func (r resourceRows) answered(t *testing.T, value string) jsondoc.Value {
	t.Helper()
	if r.base != tmftest.Dialect2014 {
		value = typed.Replace(value)
	}
	return tmftest.JSON(t, value)
}

var everyRow = []resourceRows{customerRows, accountRows, meanRows, v3Rows, v4Rows}

// TestRowsOverAnEmptyStore, and TestRowsOverAThousand: every row of the tables, in
// every dialect. What is refused changes nothing.
func TestRowsOverAnEmptyStore(t *testing.T) {
	t.Parallel()
	ts := tmftest.New(t)
	all := ts.Describe(t)
	for _, r := range everyRow {
		ts.Ask(t, "GET", r.path(), "").Want(t, 200)
		playRows(t, ts, r, nil)
	}
	for _, status := range []string{"200", "201", "400"} {
		if all.Checked[status] < 100 {
			t.Errorf("the documents saw %v", all.Checked)
		}
	}
}

func TestRowsOverAThousand(t *testing.T) {
	t.Parallel()
	ts, th := tmftest.NewThousand(t)
	for _, r := range everyRow {
		playRows(t, ts, r, th)
	}
}

func playRows(t *testing.T, ts *tmftest.Server, r resourceRows, th *tmftest.Thousand) {
	for i, row := range r.rows {
		t.Run(r.base[1:]+" "+r.resource+"/"+row.row, func(t *testing.T) {
			if row.computed {
				playComputed(t, ts, r, row)
				return
			}
			id := playAccepted(t, ts, r, row)
			playFaults(t, ts, r, row, r.path()+"/"+id)
			if th != nil {
				playOverSOAP(t, ts, r, row, th.People[i%(len(tmftest.KindsOfCustomer)-5)])
			}
		})
	}
}

// playComputed: what a POST or PUT says is not looked at, and a PATCH is refused.
func playComputed(t *testing.T, ts *tmftest.Server, r resourceRows, row attribute) {
	for _, value := range []string{`"mine"`, `7`, `null`, `{"a":1}`} {
		a := ts.Ask(t, "POST", r.path(), r.document(t, row, value)).Want(t, 201)
		given := a.Text(t, row.name)
		if a.Text(t, "href") != a.Header.Get("Location") || given == "null" || given == "mine" {
			t.Errorf("%s: %s at %s", a.Asked, a.Body, a.Header.Get("Location"))
		}
		item := r.path() + "/" + a.Text(t, "id")
		if r.base != tmftest.DialectV4 {
			if put := ts.Ask(t, "PUT", item, r.document(t, row, value)).Want(t, 200); row.name != "lastModified" && put.Text(t, row.name) != given {
				t.Errorf("%s: %s", put.Asked, put.Body)
			}
		}
		before := ts.Contents(t)
		ts.Ask(t, "PATCH", item, `{"`+row.name+`":`+value+`}`).Refused(t, problem.NotModifiable, row.name)
		ts.Ask(t, "PATCH", item, `[{"op":"add","path":"/`+row.name+`","value":`+value+`}]`, "Content-Type: application/json-patch+json").Refused(t, problem.NotModifiable, row.name)
		ts.SameContents(t, before, row.row)
	}
}

// playAccepted: every value is taken by POST, PUT and PATCH and echoed, in the
// answer and when it is read; nothing else of the document changes.
func playAccepted(t *testing.T, ts *tmftest.Server, r resourceRows, row attribute) (id string) {
	t.Helper()
	for _, value := range row.values {
		made := ts.Ask(t, "POST", r.path(), r.document(t, row, value)).Want(t, 201)
		id = made.Text(t, "id")
		for _, a := range []tmftest.Answer{made, ts.Ask(t, "GET", r.path()+"/"+id, "")} {
			if got := tmftest.At(a.Document(t), row.name); !tmftest.Holds(got, r.answered(t, value)) {
				t.Errorf("%s: %s is %s, want %s", a.Asked, row.name, got, value)
			}
		}
	}
	item := r.path() + "/" + id
	if r.base != tmftest.DialectV4 {
		put := ts.Ask(t, "PUT", item, r.document(t, row, row.values[0])).Want(t, 200)
		if got := tmftest.At(put.Document(t), row.name); !tmftest.Holds(got, r.answered(t, row.values[0])) {
			t.Errorf("%s: %s is %s", put.Asked, row.name, got)
		}
	}
	for i, value := range row.values {
		before := ts.Ask(t, "GET", item, "").Document(t)
		media, body := "application/merge-patch+json", `{"`+row.name+`":`+value+`}`
		switch i % 3 {
		case 0:
			media = "application/json"
		case 1:
			media, body = "application/json-patch+json", `[{"op":"add","path":"/`+strings.ReplaceAll(row.name, "/", "~1")+`","value":`+value+`}]`
		}
		a := ts.Ask(t, "PATCH", item, body, "Content-Type: "+media).Want(t, tmftest.PatchStatus(r.base))
		if got := tmftest.At(a.Document(t), row.name); !tmftest.Holds(got, r.answered(t, value)) {
			t.Errorf("%s: %s is %s", a.Asked, row.name, got)
		}
		sameBut(t, a.Asked, before, a.Document(t), row.name)
	}
	a := ts.Ask(t, "PATCH", item, `{"`+row.name+`":null}`)
	if row.mandatory {
		a.Refused(t, problem.MissingField, row.name+" is mandatory")
		ts.Ask(t, "PATCH", item, `[{"op":"remove","path":"/`+row.name+`"}]`, "Content-Type: application/json-patch+json").Refused(t, problem.MissingField, row.name+" is mandatory")
		return id
	}
	if got := tmftest.At(a.Want(t, tmftest.PatchStatus(r.base)).Document(t), row.name).String(); row.erased != "*" && got != row.erased && (row.erased != "" || got != "null") {
		t.Errorf("%s: %s is %s, want %q", a.Asked, row.name, got, row.erased)
	}
	return id
}

// coupled are the attributes that follow from another.
var coupled = map[string][]string{
	"name":                   {"relatedParty", "engagedParty", "contact"},
	"customer":               {"accountType", "contact", "customerAccountRelationship", "paymentPlan"},
	"creditLimit":            {"contact"},
	"status":                 {"characteristic"},
	"customerAccountBalance": {"receivableBalance"},
	"relatedParty":           {"name"},
	"engagedParty":           {"name"},
}

// sameBut reports what of two documents differs but for an attribute and what
// follows from it.
func sameBut(t *testing.T, asked string, before, after jsondoc.Value, name string) {
	t.Helper()
	for _, other := range append(coupled[name], name, "lastModified") {
		before, after = before.Without(other), after.Without(other)
	}
	if diff := cmp.Diff(membersOf(before), membersOf(after)); diff != "" {
		t.Errorf("%s changed more (-before +after):\n%s", asked, diff)
	}
}

func membersOf(v jsondoc.Value) map[string]string {
	all := map[string]string{}
	for _, m := range v.Members() {
		all[m.Name] = m.Value.String()
	}
	return all
}

// playFaults: a POST, a PUT and a PATCH of what is wrong are told what and where,
// and leave every record as it was.
func playFaults(t *testing.T, ts *tmftest.Server, r resourceRows, row attribute, item string) {
	t.Helper()
	before := ts.Contents(t)
	if row.mandatory {
		for _, body := range []string{r.document(t, row, ""), r.document(t, row, "null")} {
			ts.Ask(t, "POST", r.path(), body).Refused(t, problem.MissingField, row.name+" is mandatory")
			if r.base != tmftest.DialectV4 {
				ts.Ask(t, "PUT", item, body).Refused(t, problem.MissingField, row.name+" is mandatory")
			}
		}
	}
	for _, f := range row.faults {
		ts.Ask(t, "POST", r.path(), r.document(t, row, f.value)).Refused(t, f.problem, f.words)
		if r.base != tmftest.DialectV4 {
			ts.Ask(t, "PUT", item, r.document(t, row, f.value)).Refused(t, f.problem, f.words)
		}
		if f.patch {
			ts.Ask(t, "PATCH", item, `{"`+row.name+`":`+f.value+`}`).Refused(t, f.problem, f.words)
			ts.Ask(t, "PATCH", item, `[{"op":"add","path":"/`+row.name+`","value":`+f.value+`}]`, "Content-Type: application/json-patch+json").Refused(t, f.problem, f.words)
		}
	}
	ts.SameContents(t, before, row.row)
}

// playOverSOAP changes the attribute of what SOAP made, as a client of the dialect
// does, and reads it in the other dialects too.
func playOverSOAP(t *testing.T, ts *tmftest.Server, r resourceRows, row attribute, p tmftest.Person) {
	t.Helper()
	if row.business || row.with != "" || row.mandatory && r.resource == "paymentMean" {
		return
	}
	item := r.path() + "/c" + p.Account
	switch r.resource {
	case "customerAccount":
		item = r.path() + "/ca" + p.Group
	case "paymentMean":
		return // bank details of a group: the mapping's tests
	}
	value := row.values[len(row.values)-1]
	before := ts.Ask(t, "GET", item, "").Want(t, 200).Document(t)
	a := ts.Ask(t, "PATCH", item, `{"`+row.name+`":`+value+`}`).Want(t, tmftest.PatchStatus(r.base))
	if got := tmftest.At(a.Document(t), row.name); !tmftest.Holds(got, r.answered(t, value)) {
		t.Errorf("%s of a customer that is %s: %s is %s", a.Asked, p.Kind, row.name, got)
	}
	sameBut(t, a.Asked+" of one that is "+p.Kind, before, a.Document(t), row.name)
	if again := ts.Ask(t, "GET", item, ""); again.Body != a.Body {
		t.Errorf("%s answered\n%s\nand is read as\n%s", a.Asked, a.Body, again.Body)
	}
	if r.resource == "customer" {
		for _, base := range tmftest.Dialects {
			other := ts.Ask(t, "GET", base+"/customer/c"+p.Account, "").Want(t, 200).Document(t)
			for _, name := range []string{"id", "href", "name", "status"} {
				if tmftest.TextAt(other, name) == "null" || tmftest.TextAt(other, name) == "" {
					t.Errorf("%s has no %s: %s", base, name, other)
				}
			}
		}
	}
	for _, f := range row.faults {
		if f.patch {
			ts.Ask(t, "PATCH", item, `{"`+row.name+`":`+f.value+`}`).Refused(t, f.problem, f.words)
		}
	}
}
