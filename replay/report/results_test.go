package report_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"rator/replay"
	"rator/replay/compare"
	"rator/replay/fixture"
	"rator/replay/report"
	"rator/soap"
	"rator/wire"
	"rator/workflow/contract"
	"rator/workflow/value"
)

var began = time.Date(2026, 3, 1, 8, 30, 0, 0, time.UTC)

// playing is a set of results and their summary, made like a player does.
type playing struct {
	results  []*replay.Result
	summary  *replay.Summary
	coverage *report.Coverage
}

// scenario begins a result with exchanges of these names.
func scenario(name string, steps ...string) *replay.Result {
	s := &fixture.Scenario{Name: name, Dir: "testdata/" + name}
	for i, step := range steps {
		number := fmt.Sprintf("%02d", i+1)
		s.Steps = append(s.Steps, fixture.Step{
			Number: number, Name: step, Request: number + "-" + step + ".request.xml", Response: number + "-" + step + ".response.xml",
		})
	}
	return &replay.Result{Scenario: s, Started: began}
}

// played adds the next exchange.
func played(r *replay.Result, operation string, took time.Duration, change func(x *replay.Exchange)) {
	x := replay.Exchange{
		Step: r.Scenario.Steps[len(r.Exchanges)], Operation: operation, Started: r.Took, Status: 200, Outcome: replay.Equal,
		Latency: replay.Latency{Count: 1, Sum: took, Min: took, Max: took},
	}
	if change != nil {
		change(&x)
	}
	r.Exchanges = append(r.Exchanges, x)
	r.Took += took + 200*time.Microsecond
}

// unplayed adds the rest of the exchanges, as not played.
func unplayed(r *replay.Result, why, cause string) {
	for _, step := range r.Scenario.Steps[len(r.Exchanges):] {
		r.Exchanges = append(r.Exchanges, replay.Exchange{Step: step, Outcome: replay.NotPlayed, Why: why, Cause: cause})
	}
}

// finish sums results up.
func finish(results []*replay.Result) *replay.Summary {
	s := &replay.Summary{
		Started: began, Scenarios: map[replay.Outcome]int{}, Exchanges: map[replay.Outcome]int{}, Operations: map[string]*replay.Histogram{},
	}
	for _, r := range results {
		s.Scenarios[r.Outcome()]++
		s.Took += r.Took
		for i := range r.Exchanges {
			x := &r.Exchanges[i]
			s.Exchanges[x.Outcome]++
			s.Planned++
			if x.Outcome == replay.NotPlayed {
				continue
			}
			s.Played++
			h := s.Operations[x.Operation]
			if h == nil {
				h = &replay.Histogram{}
				s.Operations[x.Operation] = h
			}
			for range x.Latency.Count {
				h.Add(x.Latency.Sum / time.Duration(x.Latency.Count))
			}
		}
	}
	return s
}

func (p *playing) tell(t testing.TB, sink replay.Sink) {
	t.Helper()
	for _, r := range p.results {
		if err := sink.Played(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := sink.Done(p.summary); err != nil {
		t.Fatal(err)
	}
}

// answer is an executeMethod answer as our server writes it, on one line.
func answer(values ...value.Entry) []byte {
	return ended(soap.Version11, 0, 0, values)
}

// ended is the answer that a request with the same values becomes.
func ended(v soap.Version, errorCode, status int, values value.Tree) []byte {
	outcome := fmt.Sprintf("<return><errorCode>%d</errorCode><errorMessage></errorMessage><status>%d</status>", errorCode, status)
	return []byte(strings.NewReplacer(
		wire.Operation, wire.OperationAnswer, "<arg0><hookpointKey>X</hookpointKey>", outcome, "</arg0>", "</return>",
	).Replace(string(soap.AppendRequest(nil, v, "X", values))))
}

func request(hookpoint string, values ...value.Entry) []byte {
	return soap.AppendRequest(nil, soap.Version11, hookpoint, values)
}

func different(x *replay.Exchange, want, got []byte, differences ...compare.Difference) {
	x.Outcome, x.Want, x.Got, x.Differences = replay.Different, want, got, differences
	if x.Sent == nil {
		x.Sent = request(x.Operation, value.OfString("CUSTOMER_NUMBER", "100001"), value.Of("CONTEXT", value.OfString("PASSWORD", "demo-secret")))
	}
}

// at is the place of a part of a text, for the differences of these tests.
func at(text []byte, part string) (line, column int) {
	offset := strings.Index(string(text), part)
	if offset < 0 {
		panic("no " + part)
	}
	return fixture.Place(string(text), offset)
}

func differs(path string, kind compare.Kind, want, got string, text []byte, part string) compare.Difference {
	d := compare.Difference{Path: path, Kind: kind, Want: want, Got: got}
	if text != nil {
		d.Line, d.Column = at(text, part)
	}
	return d
}

// hostile does in a report what it must not: ends scripts and tags, writes on
// terminals, hides from the eye, and is no UTF-8.
const hostile = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\" onclick=alert(3) ' `${x}` \x1b[31mred\x1b[0m \x00 \u202egnp.exe \u00a0\xff]]> Åse Ørsted 日本 🙂"

// everything holds every outcome and every kind of difference.
func everything(t testing.TB) *playing {
	t.Helper()
	p := &playing{coverage: report.NewCoverage(contracts(t))}

	equal := scenario("billing/invoices", "list", "pay")
	equal.Scenario.Config.Description = "Invoices are listed, and one is paid."
	played(equal, "SOAP_LIST_INVOICES", 4*time.Millisecond, nil)
	played(equal, "SOAP_PAY", 7100*time.Microsecond, func(x *replay.Exchange) {
		x.Latency = replay.Latency{Count: 5, Sum: 35500 * time.Microsecond, Min: 5 * time.Millisecond, Max: 11 * time.Millisecond}
		x.Replaced = []replay.Replacement{
			{Recorded: "202601010304050007", Live: "202603010830000012", Why: "id"},
			{Recorded: "${PASSWORD}", Live: "planted-password", Why: "${PASSWORD}"},
		}
	})

	values := scenario("customer/Åse & <Søn>", "signup", "profile", "numbers", "headers", "null")
	account := answer(value.OfString("STATUS", "0"), value.Of("ACCOUNT", value.OfString("ID", "202601010304050007"),
		value.OfString("NAME", "Åse Ørsted"), value.Of("BILLING_GROUPS", value.Of("BILLING_GROUP", value.OfString("ID", "202601010304050009"), value.OfMoney("BALANCE", money("12.50"))))))
	got := answer(value.OfString("STATUS", "0"), value.Of("ACCOUNT", value.OfString("ID", "202603010830000012"),
		value.OfString("NAME", hostile), value.OfString("NICKNAME", "aase"), value.Of("BILLING_GROUPS", value.Of("BILLING_GROUP", value.OfString("ID", "202603010830000014")))))
	played(values, "SOAP_SIGNUP_CUSTOMER", 21*time.Millisecond, func(x *replay.Exchange) {
		x.Sent = request("SOAP_SIGNUP_CUSTOMER", value.OfString("ACCOUNT_TYPE", "0"), value.Of("USER", value.OfString("CITY", "Odense"), value.OfString("PASSWORD", "planted-password")))
		x.Replaced = []replay.Replacement{{Recorded: "202601010304050007", Live: "202603010830000012", Why: "id"}}
		different(x, account, got,
			differs("return/values[ACCOUNT]/NAME", compare.Value, "Åse Ørsted", hostile, account, "Åse"),
			differs("return/values[ACCOUNT]/NICKNAME", compare.Extra, "", "aase", account, "<value xsi:type=\"ns2:stringValueDTO\"><key>NAME"),
			differs("return/values[ACCOUNT]/BILLING_GROUPS[0]/BALANCE", compare.Missing, "12.50", "", account, "<value xsi:type=\"ns2:doubleValueDTO\"><key>BALANCE"))
	})
	pretty := []byte("<?xml version=\"1.0\"?>\n<Envelope>\n\t<Body>\n\t\t<getPriceResponse>\n\t\t\t<item id=\"1\">10.00</item>\n\t\t\t<item id=\"2\">20.00</item>\n\t\t</getPriceResponse>\n\t</Body>\n</Envelope>\n")
	played(values, "getPrice", 900*time.Microsecond, func(x *replay.Exchange) {
		different(x, pretty, []byte(`<e:Envelope xmlns:e="urn:e"><e:Body><getPriceResponse><item id="1">10.00</item><entry id="3">20.00</entry></getPriceResponse></e:Body></e:Envelope>`),
			differs("Envelope/Body/getPriceResponse/item[1]", compare.Name, "item", "entry", pretty, "<item id=\"2\""),
			differs("Envelope/Body/getPriceResponse/item[1]/@id", compare.Value, "2", "3", pretty, "<item id=\"2\""))
	})
	long := answer(value.OfString("TEXT", strings.Repeat("lorem ipsum ", 400)+"dolor"), value.OfLong("NUMBER", 7))
	played(values, "SOAP_LIST_INVOICES", 3*time.Millisecond, func(x *replay.Exchange) {
		different(x, long, answer(value.OfString("TEXT", strings.Repeat("lorem ipsum ", 400)+"amet"), value.OfString("NUMBER", "7")),
			differs("return/values[TEXT]", compare.Value, strings.Repeat("lorem ipsum ", 400)+"dolor", strings.Repeat("lorem ipsum ", 400)+"amet", long, "lorem"),
			differs("return/values[NUMBER]", compare.Type, "long", "string", long, "<values xsi:type=\"ns2:longValueDTO\""))
	})
	values.Scenario.Steps[3].HTTP = "04-headers.http"
	played(values, "SOAP_PAY", 2*time.Millisecond, func(x *replay.Exchange) {
		x.Status = 500
		different(x, []byte("one"), []byte("one"), compare.Difference{Path: "status", Kind: compare.Status, Want: "200", Got: "500", Line: 3},
			compare.Difference{Path: "Content-Type", Kind: compare.Header, Want: "text/xml", Got: "text/html"})
	})
	nulls := answer(value.OfString("NOTE", ""))
	played(values, "SOAP_PAY", 2*time.Millisecond, func(x *replay.Exchange) {
		x.ErrorCode = 104
		different(x, nulls, answer(value.OfNull("NOTE", value.String)), differs("return/values[NOTE]", compare.Null, "", "", nulls, "<values"))
	})
	p.results = append(p.results, equal, values)

	for i := range 8 {
		r := scenario(fmt.Sprintf("lists/%d", i), "list")
		list := answer(value.Of("INVOICES", value.Of("INVOICE", value.OfString("STATE", "OPEN"))))
		played(r, "SOAP_LIST_INVOICES", 5*time.Millisecond, func(x *replay.Exchange) {
			different(x, list, answer(value.Of("INVOICES", value.Of("INVOICE", value.OfString("STATE", "PAID")))),
				differs(fmt.Sprintf("return/values[INVOICES]/INVOICE[%d]/STATE", i), compare.Value, "OPEN", "PAID", list, "OPEN"))
		})
		p.results = append(p.results, r)
	}

	huge := scenario("raw/bytes", "download", "upload", "never")
	body := []byte(strings.Repeat("0123456789abcdef", 40_000))
	played(huge, "", 120*time.Millisecond, func(x *replay.Exchange) {
		x.Step.Response = "01-download.response.bin"
		different(x, body, append(body[:len(body):len(body)], 0xff, 0), compare.Difference{Path: "byte 640000", Kind: compare.Extra, Got: "\xff\x00", Line: 1, Column: 640001})
	})
	played(huge, "upload", 1500*time.Millisecond, func(x *replay.Exchange) {
		x.Outcome, x.Status, x.Sent = replay.Failed, 0, []byte("<a>"+hostile+"</a>")
		x.Err = &fixture.Error{File: "testdata/raw/bytes/02-upload.request.xml", Line: 3, Column: 7, Message: "unknown placeholder ${PIN}\nset it with --set PIN=…"}
	})
	huge.Err = huge.Exchanges[1].Err
	unplayed(huge, "the scenario ended before", "")

	gone := scenario("zz/gone", "first", "second")
	played(gone, "SOAP_PAY", time.Millisecond, nil)
	gone.Err = errors.New("http://127.0.0.1:9/: connection refused")
	unplayed(gone, "the endpoint does not answer", "")

	refused := scenario("zz/refused", "signup", "charge", "pay")
	played(refused, "SOAP_SIGNUP_CUSTOMER", 2*time.Millisecond, func(x *replay.Exchange) {
		x.ErrorCode = 104
		different(x, nulls, answer(value.OfString("NOTE", "taken")), differs("return/values[NOTE]", compare.Value, "", "taken", nulls, "<values"))
	})
	unplayed(refused, "step 01 failed: nothing came for 202601010304050007", "01")
	p.results = append(p.results, huge, gone, refused)

	p.summary = finish(p.results)
	p.summary.Endpoint, p.summary.Unreachable = "http://127.0.0.1:9/workflow-soap/InvokerService", true
	observe(p.coverage)
	return p
}

// allEqual is a playing without anything to say.
func allEqual() *playing {
	p := &playing{}
	for i := range 3 {
		r := scenario(fmt.Sprintf("s%d", i), "a", "b")
		played(r, "A", time.Millisecond, nil)
		played(r, "B", 2*time.Millisecond, nil)
		p.results = append(p.results, r)
	}
	p.summary = finish(p.results)
	return p
}

func contracts(t testing.TB) []*contract.Contract {
	t.Helper()
	var all []*contract.Contract
	for _, src := range []string{
		`<soapcall><request><hookpointKey>SOAP_PAY</hookpointKey><values><value key="INVOICE" type="c"><values><value key="ID" type="s"/>
			<value key="AMOUNT" type="f"/></values></value><value key="FREE" type="c"><values/></value></values></request>
			<response><values><value key="STATUS" type="s"/><value key="LINES" type="c" list="true"><values><value key="TEXT" type="s"/></values></value></values></response>
			<errors><error name="ALREADY_PAID" number="10104"><text lang="EN">paid</text></error><error name="NOT_YOURS" number="10105"><text lang="EN">no</text></error></errors></soapcall>`,
		`<soapcall><request><hookpointKey>SOAP_EMPTY</hookpointKey><values/></request><response><values/></response></soapcall>`,
		`<soapcall internal="true"><request><hookpointKey>INSIDE</hookpointKey><values><value key="A" type="s"/></values></request><response><values/></response></soapcall>`,
	} {
		c, mistakes := contract.Parse("contract.xml", []byte(src), nil)
		if len(mistakes) > 0 {
			t.Fatal(mistakes)
		}
		all = append(all, c)
	}
	return all
}

// observe uses a part of the contracts.
func observe(c *report.Coverage) {
	c.Observe("SOAP_PAY",
		request("SOAP_PAY", value.Of("INVOICE", value.OfString("ID", "1")), value.Of("CONTEXT", value.OfString("OPERATOR", "demo")), value.OfString("UNKNOWN", "1")),
		answer(value.OfString("STATUS", "0"), value.Of("LINES", value.OfString("TEXT", "a")), value.Of("LINES", value.OfString("TEXT", "b"))))
	c.Observe("SOAP_PAY", []byte("no XML"), ended(soap.Version12, 10104, 1, nil))
}
func money(s string) decimal.Decimal { return decimal.RequireFromString(s) }

type sinkCloser interface {
	replay.Sink
	Close() error
}

type noClose struct{ replay.Sink }

func (noClose) Close() error { return nil }

// limited takes so many bytes.
type limited struct {
	left int
	err  error
}

func (l *limited) Write(p []byte) (int, error) {
	if len(p) > l.left {
		n := l.left
		l.left = 0
		return n, l.err
	}
	l.left -= len(p)
	return len(p), nil
}
