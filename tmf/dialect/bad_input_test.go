package dialect_test

import (
	"strings"
	"testing"

	"rator/tmf/problem"
	"rator/tmf/tmftest"
)

// badInput is a request that must be refused. In its target and body ${live} is a
// customer with a live subscription, ${free} one without, ${account} the last
// billing group of a customer, ${mean} its bank details; ${base} is a dialect, one
// after the other, and 2014 where the target says so.
type badInput struct {
	name, method, target, body string
	headers                    []string
	problem                    *problem.Code
	words                      []string
}

const (
	mergePatch = "Content-Type: application/merge-patch+json"
	jsonPatch  = "Content-Type: application/json-patch+json"
	aCard      = "4111 1111 1111 1111"
)

var (
	ofCustomer = "${base}/customer/${free}"
	badInputs  = []badInput{
		{"malformed JSON (position)", "POST", "${base}/customer", "{\n \"name\":\"A\",\n \"x\":}", nil, problem.UnknownValue, []string{"3:6"}},
		{"malformed JSON in a PATCH (position)", "PATCH", ofCustomer, `{"name":"A"`, nil, problem.UnknownValue, []string{"1:12"}},
		{"no body", "POST", "${base}/customer", "", nil, problem.UnknownValue, []string{"body"}},
		{"a member that is there twice", "POST", "${base}/customer", `{"name":"A","name":"B"}`, nil, problem.UnknownValue, []string{"1:13"}},
		{"something behind the document", "POST", "${base}/customer", `{"name":"A"} {}`, nil, problem.UnknownValue, []string{"1:14"}},
		{"too deep", "POST", "${base}/customer", `{"name":"A","x":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + "}", nil, problem.UnknownValue, []string{"depth"}},
		{"not UTF-8", "POST", "${base}/customer", "{\"name\":\"A\xff\"}", nil, problem.UnknownValue, []string{"1:"}},
		{"wrong type (path)", "PATCH", ofCustomer, `{"contactMedium":[{"type":"Email","mediumType":"Email","preferred":1,"medium":{"emailAddress":"a"},"characteristic":{"emailAddress":"a"}}]}`, []string{mergePatch}, problem.BadFormat, []string{"contactMedium[0].preferred must be a boolean, not a number"}},
		{"missing mandatory", "POST", "${base}/customer", `{"status":"Active"}`, nil, problem.MissingField, []string{"name is mandatory"}},
		{"mandatory erased by a PATCH", "PATCH", ofCustomer, `{"name":null}`, nil, problem.MissingField, []string{"name is mandatory and must not be erased"}},
		{"mandatory removed by a JSON Patch", "PATCH", ofCustomer, `[{"op":"remove","path":"/name"}]`, []string{jsonPatch}, problem.MissingField, []string{"name"}},
		{"id in PATCH", "PATCH", ofCustomer, `{"id":"c7"}`, nil, problem.NotModifiable, []string{"id"}},
		{"href in PATCH", "PATCH", ofCustomer, `{"href":"http://x"}`, []string{mergePatch}, problem.NotModifiable, []string{"href"}},
		{"id in JSON Patch", "PATCH", ofCustomer, `[{"op":"replace","path":"/name","value":"lost"},{"op":"replace","path":"/id","value":"c7"}]`, []string{jsonPatch}, problem.NotModifiable, []string{"operation 1", "id"}},
		{"JSON Patch whose test fails, after other operations", "PATCH", ofCustomer, `[{"op":"replace","path":"/name","value":"lost"},{"op":"test","path":"/name","value":"other"}]`, []string{jsonPatch}, problem.Clash, []string{"operation 1", "/name"}},
		{"JSON Patch of a place that is not there", "PATCH", ofCustomer, `[{"op":"replace","path":"/name","value":"lost"},{"op":"remove","path":"/nowhere/0"}]`, []string{jsonPatch}, problem.UnknownValue, []string{"operation 1", "/nowhere/0"}},
		{"JSON Patch that is no array", "PATCH", ofCustomer, `{"op":"remove","path":"/name"}`, []string{jsonPatch}, problem.BadFormat, []string{"an array of operations"}},
		{"JSON Patch with an unknown op", "PATCH", ofCustomer, `[{"op":"erase","path":"/name"}]`, []string{jsonPatch}, problem.UnknownValue, []string{"operation 0", "erase"}},
		{"unknown filter attribute", "GET", "${base}/customer?colour=red", "", nil, problem.BadQuery, []string{`"colour"`}},
		{"unknown filter operator", "GET", "${base}/customer?name.like=A", "", nil, problem.BadOperator, []string{`"like"`, "eq, gt, gte, lt, lte and regex"}},
		{"filter value of another type", "GET", "${base}/customer?contactMedium.preferred=maybe", "", nil, problem.BadFormat, []string{"contactMedium.preferred"}},
		{"offset beyond the end", "GET", "${base}/customer?offset=100000", "", nil, problem.BeyondTheEnd, []string{"100001"}},
		{"range beyond the end", "GET", "${base}/customer", "", []string{"Range: items=100000-100010"}, problem.BeyondTheEnd, nil},
		{"range that is none", "GET", "${base}/customer", "", []string{"Range: items=9-3"}, problem.BadFormat, []string{"items=9-3"}},
		{"limit that is none", "GET", "${base}/customer?limit=many", "", nil, problem.BadFormat, []string{"limit"}},
		{"If-Match that does not match: PATCH", "PATCH", ofCustomer, `{"name":"lost"}`, []string{`If-Match: "old"`}, problem.LostRace, []string{"If-Match"}},
		{"If-Match that does not match: DELETE", "DELETE", ofCustomer, "", []string{`If-Match: "old"`}, problem.LostRace, []string{"If-Match"}},
		{"If-Match that does not match: GET", "GET", ofCustomer, "", []string{`If-Match: "old"`}, problem.LostRace, []string{"If-Match"}},
		{"If-Match that does not match: PUT", "PUT", "2014/customer/${free}", `{"name":"lost"}`, []string{`If-Match: "old"`}, problem.LostRace, []string{"If-Match"}},
		{"deleting a customer with live subscriptions", "DELETE", "${base}/customer/${live}", "", nil, problem.Clash, []string{"LIVE_SUBSCRIPTIONS"}},
		{"a status that the business cannot have", "PATCH", "${base}/customer/${live}", `{"name":"lost","status":"Terminated"}`, nil, problem.BadTransition, []string{"status", "LIVE_SUBSCRIPTIONS"}},
		{"a status that takes lines back", "PATCH", "${base}/customer/${live}", `{"name":"lost","status":"created"}`, nil, problem.BadTransition, []string{"status"}},
		{"deleting the last billing group", "DELETE", "2014/customerAccount/${account}", "", nil, problem.Clash, []string{"LAST_BILLING_GROUP"}},
		{"a condition that the business brings about", "PATCH", "2014/customerAccount/${account}", `{"name":"lost","status":"Paid"}`, nil, problem.BadTransition, []string{"status"}},
		{"an account that leaves its customer for nobody", "PATCH", "2014/customerAccount/${account}", `{"name":"lost","customer":{"id":"nobody"}}`, nil, problem.UnknownValue, []string{"customer.id"}},
		{"bank details without any", "PATCH", "2014/paymentMean/${mean}", `{"name":"lost","bankAccount":{"IBAN":null,"BIC":null}}`, nil, problem.MissingField, []string{"bankAccount"}},
		{"lastModified in PATCH", "PATCH", "2014/customerAccount/${account}", `{"name":"lost","lastModified":"2020-01-01"}`, nil, problem.NotModifiable, []string{"lastModified"}},
		{"a characteristic that counts when a customer is made only", "PATCH", "2014/customer/${free}", `[{"op":"replace","path":"/name","value":"lost"},{"op":"add","path":"/characteristic/0","value":{"name":"rator.accountType","value":"Company"}}]`, []string{jsonPatch}, problem.NotModifiable, []string{"rator.accountType"}},
		{"body over the limit", "POST", "${base}/customer", `{"name":"` + strings.Repeat("A", 1<<20) + `"}`, nil, problem.BodyTooLong, []string{"1048576"}},
		{"wrong media type", "POST", "${base}/customer", `{"name":"A"}`, []string{"Content-Type: text/plain"}, problem.WrongMediaType, []string{"text/plain", "application/json"}},
		{"wrong media type of a PATCH", "PATCH", ofCustomer, `{"name":"lost"}`, []string{"Content-Type: application/xml"}, problem.WrongMediaType, []string{"application/xml"}},
		{"a charset that JSON has not", "POST", "${base}/customer", `{"name":"A"}`, []string{"Content-Type: application/json;charset=iso-8859-1"}, problem.WrongMediaType, []string{"iso-8859-1"}},
		{"answers in nothing that is served", "GET", "${base}/customer", "", []string{"Accept: application/xml"}, problem.NotAcceptable, []string{"application/xml"}},
		{"an Idempotency-Key that is none", "POST", "${base}/customer", `{"name":"A"}`, []string{"Idempotency-Key: " + strings.Repeat("k", 129)}, problem.BadFormat, []string{"Idempotency-Key"}},
		{"a brand that is none", "POST", "${base}/customer", `{"name":"A","engagedParty":{"id":"1","@referredType":"Individual"}}`, []string{"X-Brand-Key: NONE"}, problem.BadUsage, []string{"NONE"}},
		{"hub callback not allowed", "POST", "${base}/hub", `{"callback":"http://10.0.0.1/x"}`, nil, problem.NotAllowed, []string{"10.0.0.1"}},
		{"hub callback that is no address", "POST", "${base}/hub", `{"callback":"mailto:x"}`, nil, nil, []string{"callback"}},
		{"hub without callback", "POST", "${base}/customer/hub", `{"query":"eventType=X"}`, nil, nil, []string{"callback"}},
		{"hub callback of another type", "POST", "${base}/hub", `{"callback":7}`, nil, problem.BadFormat, []string{"callback must be a string, not a number"}},
		{"hub that is not there", "DELETE", "${base}/hub/42", "", nil, problem.UnknownResource, []string{"42"}},
		{"nobody", "GET", ofCustomer, "", []string{"Authorization: Basic bm9ib2R5Og=="}, problem.NotAuthenticated, nil},
		{"an operator without the right", "DELETE", ofCustomer, "", []string{"Authorization: Basic bGltaXRlZDpsaW1pdGVk"}, problem.NotAllowed, []string{"TMF_DELETE_CUSTOMER"}},
		{"a customer that is not there", "GET", "${base}/customer/c99", "", nil, problem.UnknownResource, []string{"c99"}},
		{"a PATCH of one that is not there", "PATCH", "${base}/customer/99", `{"name":"A"}`, nil, problem.UnknownResource, []string{"99"}},
		{"a DELETE of one that is not there", "DELETE", "${base}/customer/x", "", nil, problem.UnknownResource, []string{"x"}},
		{"an account that is not there", "DELETE", "2014/customerAccount/ca99", "", nil, problem.UnknownResource, []string{"ca99"}},
		{"a mean that is not there", "PUT", "2014/paymentMean/pm99", `{"name":"A","type":"Cash","relatedParty":{}}`, nil, problem.UnknownResource, []string{"pm99"}},
		{"a read whose filter does not hold", "GET", "${base}/customer/${free}?name=Nobody", "", nil, problem.UnknownResource, []string{"not what the query asks for"}},
		{"a path that is not served", "GET", "${base}/order", "", nil, problem.UnknownResource, []string{`"order"`}},
		{"a path below an item", "GET", "${base}/customer/1/x", "", nil, problem.UnknownResource, []string{"/customer/1/x"}},
		{"wrong verb of a list", "DELETE", "${base}/customer", "", nil, problem.WrongMethod, []string{"GET, HEAD, POST, OPTIONS"}},
		{"wrong verb of an item", "POST", ofCustomer, `{"name":"A"}`, nil, problem.WrongMethod, []string{"PATCH"}},
		{"wrong verb of a hub", "PATCH", "${base}/hub/1", `{}`, nil, problem.WrongMethod, []string{"GET, HEAD, DELETE, OPTIONS"}},
		{"PUT in v4", "PUT", tmftest.DialectV4 + "/customer/${free}", `{"name":"lost"}`, nil, problem.WrongMethod, []string{"PUT"}},
		{"the number of a card in a text", "PATCH", ofCustomer, `{"name":"` + aCard + `"}`, nil, problem.BadUsage, []string{"CARD_NUMBER_REFUSED", "name"}},
		{"the number of a card in an unknown attribute", "PATCH", "2014/paymentMean/${mean}", `{"x":{"y":["` + aCard + `"]}}`, nil, problem.BadUsage, []string{"CARD_NUMBER_REFUSED", "x.y[0]"}},
		{"a card's verification code", "POST", "2014/paymentMean", `{"name":"A","type":"CreditCard","relatedParty":{},"creditCard":{"CVV":"123"}}`, nil, problem.BadUsage, []string{"creditCard.CVV"}},
	}
)

// TestBadInputs: every documented bad input is told the documented status, code,
// reason and message, as its dialect's document says, and changes nothing: over a
// store of few customers, each record and index is the same after each request.
func TestBadInputs(t *testing.T) {
	t.Parallel()
	t.Run("few", func(t *testing.T) {
		ts := tmftest.New(t)
		all := ts.Describe(t)
		playBadInputs(t, ts, []tmftest.Person{tmftest.MakePerson(t, ts, 2), tmftest.MakePerson(t, ts, 12)})
		for _, status := range []string{"400", "401", "403", "404", "405", "406", "409", "412", "413", "415", "416"} {
			if all.Checked[status] == 0 {
				t.Errorf("no %s was held against a document: %v", status, all.Checked)
			}
		}
	})
	t.Run("thousand", func(t *testing.T) {
		ts, _ := tmftest.NewThousand(t)
		playBadInputs(t, ts, []tmftest.Person{tmftest.MakePerson(t, ts, 2002), tmftest.MakePerson(t, ts, 2012)}) // as 2 and 12
	})
}

func playBadInputs(t *testing.T, ts *tmftest.Server, people []tmftest.Person) {
	live, free := people[0], people[1]
	for _, b := range badInputs {
		for i, base := range tmftest.Dialects {
			target := strings.NewReplacer("${live}", "c"+live.Account, "${free}", "c"+free.Account, "${account}", "ca"+free.Group, "${mean}", "pm"+free.Group, "${base}", base).Replace(b.target)
			if rest, is := strings.CutPrefix(target, "2014"); is {
				target = tmftest.Dialect2014 + rest
			}
			if i > 0 && !strings.Contains(b.target, "${base}") {
				continue
			}
			before := ts.Contents(t)
			a := ts.Ask(t, b.method, target, b.body, b.headers...)
			wanted := b.problem
			if wanted == nil { // what the hub's rules say, the owner of these tests
				wanted = &problem.Code{Number: a.Text(t, "code"), Status: 400, Reason: a.Text(t, "reason")}
			}
			a.Refused(t, wanted, b.words...)
			ts.SameContents(t, before, b.name)
			if i == 0 && len(b.headers) == 0 && b.method == "POST" && strings.HasPrefix(b.target, "${base}/customer") {
				again := ts.Ask(t, b.method, target, b.body, "Idempotency-Key: "+b.name)
				if again.Status != a.Status {
					t.Errorf("%s with a request id: %d, was %d", b.name, again.Status, a.Status)
				}
			}
		}
	}
}
