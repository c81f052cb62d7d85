package mock_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"rator/replay/compare"
	"rator/replay/fixture"
	"rator/replay/mock"
	"rator/workflow/contract"
	"rator/workflow/value"
)

const (
	soap11 = "http://schemas.xmlsoap.org/soap/envelope/"
	soap12 = "http://www.w3.org/2003/05/soap-envelope"
	xsi    = "http://www.w3.org/2001/XMLSchema-instance"
	cdr    = "http://soap.CDRator.com/"
)

func envelope(space, body string) string {
	return `<S:Envelope xmlns:S="` + space + `"><S:Body>` + body + `</S:Body></S:Envelope>`
}

func ask(hookpoint, entries string) string {
	return envelope(soap11, `<n:executeMethod xmlns:n="`+cdr+`" xmlns:xsi="`+xsi+`"><arg0><hookpointKey>`+hookpoint+`</hookpointKey>`+entries+`</arg0></n:executeMethod>`)
}

func answer(entries string) string {
	return envelope(soap11, `<n:executeMethodResponse xmlns:n="`+cdr+`" xmlns:xsi="`+xsi+
		`"><return><errorCode>0</errorCode><errorMessage/><status>0</status>`+entries+`</return></n:executeMethodResponse>`)
}

func entry(kind, key, text string) string {
	return fmt.Sprintf(`<values xsi:type="n:%sValueDTO"><key>%s</key><value>%s</value></values>`, kind, key, text)
}

func text(key, text string) string { return entry("string", key, text) }

// context is CONTEXT with these keys and values.
func contextOf(pairs ...string) string {
	var b strings.Builder
	b.WriteString(`<values xsi:type="n:complexValueDTO"><key>CONTEXT</key>`)
	for i := 0; i < len(pairs); i += 2 {
		fmt.Fprintf(&b, `<value xsi:type="n:stringValueDTO"><key>%s</key><value>%s</value></value>`, pairs[i], pairs[i+1])
	}
	return b.String() + "</values>"
}

// folder writes files, name and content in turns, into a folder of its own.
func folder(tb testing.TB, files ...string) string {
	tb.Helper()
	dir := tb.TempDir()
	for i := 0; i < len(files); i += 2 {
		file := filepath.Join(dir, files[i])
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(files[i+1]), 0o644); err != nil {
			tb.Fatal(err)
		}
	}
	return dir
}

// serve starts a mock of folders.
func serve(tb testing.TB, o mock.Options, dirs ...string) (*mock.Server, string) {
	tb.Helper()
	scenarios, err := fixture.Find(fixture.Options{}, dirs...)
	if err != nil {
		tb.Fatal(err)
	}
	s, err := mock.New(tb.Context(), scenarios, o)
	if err != nil {
		tb.Fatal(err)
	}
	web := httptest.NewServer(s)
	tb.Cleanup(web.Close)
	return s, web.URL
}

// got is what came back.
type got struct {
	status int
	header http.Header
	body   string
}

func post(tb testing.TB, url, body string) got {
	tb.Helper()
	response, err := http.Post(url, "text/xml", strings.NewReader(body))
	if err != nil {
		tb.Fatal(err)
	}
	return read(tb, response)
}

func read(tb testing.TB, response *http.Response) got {
	tb.Helper()
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		tb.Fatal(err)
	}
	return got{response.StatusCode, response.Header, string(body)}
}

// TestEveryRecordedExchangeIsServed plays the project's own fixtures against a mock
// of them, as a client that takes ids from the answers it got.
func TestEveryRecordedExchangeIsServed(t *testing.T) {
	const recorded = "../../testdata/soap"
	scenarios, err := fixture.Find(fixture.Options{}, recorded)
	if err != nil {
		t.Fatal(err)
	}
	s, url := serve(t, mock.Options{}, recorded)
	placeholder := regexp.MustCompile(`\$\{(\d+):([^}]+)\}`)
	asked := 0
	for _, scenario := range scenarios {
		answers := map[string]string{}
		for i := range scenario.Steps {
			step := &scenario.Steps[i]
			if step.Do != "" {
				continue
			}
			x, err := scenario.Load(step)
			if err != nil {
				t.Fatal(err)
			}
			known := true
			request := placeholder.ReplaceAllStringFunc(string(x.Request.Body), func(p string) string {
				m := placeholder.FindStringSubmatch(p)
				v, err := compare.At([]byte(answers[m[1]]), m[2])
				known = known && err == nil // else only a deed said it
				return v
			})
			if !known || x.Request.Method != "" && x.Request.Method != http.MethodPost || !x.Request.Text || !compare.IsXML([]byte(request)) {
				continue
			}
			asked++
			a := post(t, url, request)
			answers[step.Number] = a.body
			differences, err := compare.Answers(x.Response.Body, []byte(a.body), &compare.Options{IDs: &compare.IDs{}})
			if a.status == http.StatusInternalServerError && x.Response.Status != a.status && !strings.Contains(string(x.Response.Body), "Fault") {
				t.Fatalf("%s/%s: %s", scenario.Name, step.Label(), a.body)
			}
			if err != nil || len(differences) > 0 {
				t.Fatalf("%s/%s was answered by %s: %v %+v", scenario.Name, step.Label(), a.header.Get("Rator-Mock"), err, differences)
			}
		}
	}
	if sum := s.Summary(); sum.Answered != asked || asked < 1000 || sum.Unknown > 0 {
		t.Errorf("asked %d: %+v", asked, sum)
	}
}

func TestWhatSaysTheSameMatches(t *testing.T) {
	dir := folder(t, "01-x.request.xml", ask("X", text("A", "1")+entry("double", "B", "1.50")+entry("date", "D", "2026-01-02T03:04:05Z")+contextOf("OPERATOR", "me", "PASSWORD", "***")),
		"01-x.response.xml", answer(text("R", "1")))
	s, url := serve(t, mock.Options{}, dir)
	for name, request := range map[string]string{
		"as recorded": ask("X", text("A", "1")+entry("double", "B", "1.50")+entry("date", "D", "2026-01-02T03:04:05Z")+contextOf("OPERATOR", "me", "PASSWORD", "***")),
		"another order, number and zone": ask("X", contextOf("PASSWORD", "s3cret", "OPERATOR", "me")+entry("date", "D", "2026-01-02T04:04:05+01:00")+
			entry("double", "B", "1.5")+text("A", "1")),
		"another prefix": strings.NewReplacer("n:", "x:", ":n=", ":x=", "S:", "soap:", ":S=", ":soap=").Replace(
			ask("X", text("A", "1")+entry("double", "B", "1.50")+entry("date", "D", "2026-01-02T03:04:05Z")+contextOf("OPERATOR", "me", "PASSWORD", ""))),
		"a request id": ask("X", text("A", "1")+entry("double", "B", "1.50")+entry("date", "D", "2026-01-02T03:04:05Z")+
			contextOf("OPERATOR", "me", "PASSWORD", "p", "REQUEST_ID", "r-1")),
	} {
		if a := post(t, url, request); a.status != http.StatusOK || a.body != answer(text("R", "1")) || !strings.HasSuffix(a.header.Get("Rator-Mock"), "/01-x") {
			t.Errorf("%s: %+v", name, a)
		}
	}
	for name, c := range map[string]struct{ request, says string }{
		"another value": {ask("X", text("A", "2")+entry("double", "B", "1.50")+entry("date", "D", "2026-01-02T03:04:05Z")+contextOf("OPERATOR", "me", "PASSWORD", "x")),
			`the nearest is NAME/01-x: arg0/values[A] is "2" (recorded: "1")`},
		"another type": {ask("X", entry("long", "A", "1")+entry("double", "B", "1.50")+entry("date", "D", "2026-01-02T03:04:05Z")+contextOf("OPERATOR", "me", "PASSWORD", "x")),
			"arg0/values[A]: the type is longValueDTO (recorded: stringValueDTO)"},
		"something missing": {ask("X", text("A", "1")+contextOf("OPERATOR", "me")),
			"arg0/values[B] is missing (recorded: several values); arg0/values[D] is missing (recorded: several values); arg0/values[CONTEXT]/PASSWORD is missing (recorded: ***)"},
		"something more":   {ask("X", text("A", "1")+text("A", "1")+entry("double", "B", "1.50")+entry("date", "D", "2026-01-02T03:04:05Z")), "arg0/values[A][1] is not in the recorded one"},
		"another method":   {ask("Y", text("A", "1")), "nothing is recorded for Y"},
		"another version":  {strings.Replace(ask("X", ""), soap11, soap12, 1), "X is recorded in another version of SOAP"},
		"no SOAP":          {"<a/>", "nothing is recorded for a"},
		"no XML":           {"hello", "nothing is recorded for POST / (known: X)"},
		"a secret of ours": {ask("X", text("PIN_CODE", "1234")), `arg0/values[PIN_CODE] is not in the recorded one (here: ***)`},
	} {
		a := post(t, url, c.request)
		says := strings.ReplaceAll(c.says, "NAME", filepath.Base(dir))
		if a.status != http.StatusInternalServerError || !strings.Contains(strings.ReplaceAll(a.body, "&#34;", `"`), says) && !strings.Contains(unescaped(a.body), says) {
			t.Errorf("%s: %+v\nwant %s", name, a, says)
		}
		if strings.Contains(a.body, "1234") {
			t.Errorf("%s shows a secret: %s", name, a.body)
		}
	}
	if sum := s.Summary(); sum.Recorded != 1 || sum.Unused != 0 || sum.Answered != 4 || sum.Unknown != 9 {
		t.Errorf("%+v", sum)
	}
}

func unescaped(s string) string {
	return strings.NewReplacer("&quot;", `"`, "&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}

func TestFaultsAreInTheVersionAsked(t *testing.T) {
	_, url := serve(t, mock.Options{}, folder(t, "01-x.request.xml", ask("X", ""), "01-x.response.xml", answer("")))
	if a := post(t, url, ask("Y", "")); a.header.Get("Content-Type") != "text/xml; charset=utf-8" || !strings.Contains(a.body, "<faultcode>S:Server</faultcode>") {
		t.Errorf("%+v", a)
	}
	if a := post(t, url, strings.Replace(ask("Y", ""), soap11, soap12, 1)); a.header.Get("Content-Type") != "application/soap+xml; charset=utf-8" ||
		!strings.Contains(a.body, "<S:Value>S:Receiver</S:Value>") {
		t.Errorf("%+v", a)
	}
}

func TestAnswersComeInTheOrderRecorded(t *testing.T) {
	same := ask("GET", text("A", "1"))
	dir := folder(t,
		"a/01-get.request.xml", same, "a/01-get.response.xml", answer(text("STATUS", "NEW")),
		"a/02-do.request.xml", ask("DO", ""), "a/02-do.response.xml", answer(""),
		"a/10-get.request.xml", same, "a/10-get.response.xml", answer(text("STATUS", "ACTIVE")),
		"b/01-get.request.xml", same, "b/01-get.response.xml", answer(text("STATUS", "CLOSED")))
	s, url := serve(t, mock.Options{}, dir)
	for i, want := range []string{"a/01-get", "a/10-get", "b/01-get", "b/01-get"} {
		if a := post(t, url, same); a.header.Get("Rator-Mock") != want {
			t.Errorf("%d: %+v", i, a)
		}
	}
	if sum := s.Summary(); sum.Unused != 1 {
		t.Errorf("%+v", sum)
	}
}

func TestIDsAreEchoed(t *testing.T) {
	const a, b, mine = "201512111025000001", "201512111025000002", "202601010000000001"
	request := func(id string) string { return ask("GET", text("ID", id)) }
	dir := folder(t,
		"01-get.request.xml", request(a), "01-get.response.xml", answer(text("ID", a)+text("NAME", "a")+text("OWNER", b)),
		"02-get.request.xml", request(b), "02-get.response.xml", answer(text("ID", b)+text("NAME", "b")))
	_, url := serve(t, mock.Options{}, dir)
	for _, c := range []struct{ id, want string }{
		{b, answer(text("ID", b) + text("NAME", "b"))},
		{mine, answer(text("ID", mine) + text("NAME", "a") + text("OWNER", b))}, // the one nobody asked for yet
		{a, answer(text("ID", a) + text("NAME", "a") + text("OWNER", b))},
	} {
		if got := post(t, url, request(c.id)); got.body != c.want {
			t.Errorf("%s: %s", c.id, got.body)
		}
	}
}

func TestRequestIDsAreEchoed(t *testing.T) {
	relates := `<S:Header><w:RelatesTo xmlns:w="urn:w">urn:uuid:1</w:RelatesTo></S:Header><S:Body>`
	asks := `<S:Header><w:MessageID xmlns:w="urn:w">urn:uuid:1</w:MessageID></S:Header><S:Body>`
	dir := folder(t, "01-x.request.xml", strings.Replace(ask("X", contextOf("REQUEST_ID", "r-1")), "<S:Body>", asks, 1),
		"01-x.response.xml", strings.Replace(answer(text("REQUEST_ID", "r-1")), "<S:Body>", relates, 1))
	_, url := serve(t, mock.Options{}, dir)
	a := post(t, url, strings.Replace(strings.Replace(ask("X", contextOf("REQUEST_ID", "mine")), "<S:Body>", asks, 1), "urn:uuid:1", "urn:uuid:2", 1))
	if want := strings.Replace(strings.Replace(answer(text("REQUEST_ID", "mine")), "<S:Body>", relates, 1), "urn:uuid:1", "urn:uuid:2", 1); a.body != want {
		t.Errorf("%s\nwant %s", a.body, want)
	}
}

func TestPlaceholders(t *testing.T) {
	dir := folder(t,
		"scenario.toml", "[variables]\nTOWN = \"Århus & by\"\n",
		"01-x.request.xml", ask("X", text("NAME", "${NAME}")+text("NOTE", "no. ${no} of ${all}")+text("ANY", "${xmlunit.ignore}")+text("N", "${xmlunit.isNumber}")),
		"01-x.response.xml", answer(text("A", "${NAME} no. ${no}")+text("B", "${TOWN}")+text("C", "${xmlunit.isNumber}")+text("D", "${xmlunit.isDateTime}")+
			text("E", `${xmlunit.matchesRegex(\d{3}-[a-f]+(x|y)&lt;)}`)+text("F", "${capture:token}")+text("G", "$${G}${xmlunit.ignore}")),
		"02-y.request.xml", ask("Y", text("ID", "$${plain}")), "02-y.response.xml", answer(""))
	_, url := serve(t, mock.Options{Now: func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }}, dir)
	request := func(name, note, n string) string {
		return ask("X", text("NAME", name)+text("NOTE", note)+text("ANY", "")+text("N", n))
	}
	a := post(t, url, request("Åse &amp; co", "no. 17 of 20", "5"))
	want := answer(text("A", "Åse &amp; co no. 17") + text("B", "Århus &amp; by") + text("C", "0") + text("D", "2026-01-02T03:04:05Z") +
		text("E", "000-ax&lt;") + text("F", "token") + text("G", "${G}"))
	if a.body != want {
		t.Errorf("%s\nwant %s", a.body, want)
	}
	if a := post(t, url, ask("Y", text("ID", "${plain}"))); a.status != http.StatusOK {
		t.Errorf("what is no placeholder: %+v", a)
	}
	if a := post(t, url, request("", "no. 17 of 20", "5")); a.status != http.StatusOK {
		t.Errorf("an empty name: %+v", a)
	}
	if a := post(t, url, request("x", "17 of 20", "5")); !strings.Contains(a.body, "arg0/values[NOTE]") {
		t.Errorf("another note: %+v", a)
	}
	if a := post(t, url, request("x", "no. 17 of 20", "five")); !strings.Contains(a.body, "arg0/values[N] is") {
		t.Errorf("no number: %+v", a)
	}
}

func TestVolatileValuesDoNotCount(t *testing.T) {
	contracts := func(hookpoint string) *contract.Contract {
		return &contract.Contract{Hookpoint: hookpoint, Request: []*contract.Value{{Key: "TOKEN", Type: value.String, Volatile: true}, {Key: "SSN", Type: value.String, Secret: contract.Masked}}}
	}
	dir := folder(t, "01-x.request.xml", ask("X", text("TOKEN", "abc")+text("SSN", "1")), "01-x.response.xml", answer(text("TOKEN", "abc")))
	_, url := serve(t, mock.Options{Contracts: contracts}, dir)
	if a := post(t, url, ask("X", text("TOKEN", "xyz")+text("SSN", "1"))); a.body != answer(text("TOKEN", "xyz")) {
		t.Errorf("%+v", a)
	}
	if a := post(t, url, ask("X", text("TOKEN", "xyz")+text("SSN", "77"))); !strings.Contains(unescaped(a.body), `arg0/values[SSN] is "***" (recorded: "***")`) {
		t.Errorf("%+v", a)
	}
}

func TestForeignServices(t *testing.T) {
	price := func(prefix, item string) string {
		return envelope(soap12, `<`+prefix+`:getPrice xmlns:`+prefix+`="urn:prices" at="2"><`+prefix+`:item id="1">`+item+`</`+prefix+`:item></`+prefix+`:getPrice>`)
	}
	dir := folder(t,
		"01-price.request.xml", price("p", "apple"), "01-price.response.xml", envelope(soap12, `<r xmlns="urn:prices">1.50</r>`),
		"01-price.http", "POST /prices HTTP/1.1\n\nHTTP/1.1 203\nX-Stock: 7\nContent-Length: 3\nContent-Encoding: gzip\n",
		"02-list.request.xml", "", "02-list.response.bin", "\x00\x01", "02-list.http", "GET /list?all=1 HTTP/1.1\n\nHTTP/1.1 200\nContent-Type: image/x\n",
		"03-raw.request.bin", "\xff\xfe\xfd", "03-raw.response.xml", "<ok/>",
		"04-down.request.xml", price("p", "pear"), "04-down.response.xml", envelope(soap12, `<S:Fault><S:Code><S:Value>S:Receiver</S:Value></S:Code></S:Fault>`))
	_, url := serve(t, mock.Options{}, dir)
	if a := post(t, url+"/elsewhere", price("x", "apple")); a.status != 203 || a.header.Get("X-Stock") != "7" || a.header.Get("Content-Encoding") != "" ||
		a.header.Get("Content-Type") != "application/soap+xml; charset=utf-8" || a.body != envelope(soap12, `<r xmlns="urn:prices">1.50</r>`) {
		t.Errorf("%+v", a)
	}
	response, err := http.Get(url + "/list?all=1")
	if err != nil {
		t.Fatal(err)
	}
	if a := read(t, response); a.status != 200 || a.body != "\x00\x01" || a.header.Get("Content-Type") != "image/x" {
		t.Errorf("%+v", a)
	}
	if a := post(t, url, "\xff\xfe\xfd"); a.status != 200 || a.body != "<ok/>" {
		t.Errorf("%+v", a)
	}
	if a := post(t, url, price("p", "pear")); a.status != 500 || !strings.Contains(a.body, "S:Receiver") {
		t.Errorf("%+v", a)
	}
	if a := post(t, url, price("p", "plum")); !strings.Contains(unescaped(a.body), `getPrice/item is "plum" (recorded: "apple")`) {
		t.Errorf("%+v", a)
	}
}

// TestDescriptionsNameTheMock: clients post to where a WSDL says.
func TestDescriptionsNameTheMock(t *testing.T) {
	wsdl := func(at string) string {
		return `<definitions><import location="` + at + `/x?xsd=1"/><soap:address xmlns:soap="urn:s" location="` + at + `/x"/><a>` + at + `80</a><b>http://other.example/</b></definitions>`
	}
	_, url := serve(t, mock.Options{}, folder(t, "01-w.request.bin", "", "01-w.response.xml", wsdl("http://real.example:80"), "01-w.http", "GET /x?wsdl HTTP/1.1\n"))
	response, err := http.Get(url + "/x?wsdl")
	if err != nil {
		t.Fatal(err)
	}
	if a := read(t, response); a.body != strings.Replace(wsdl(url), url+"80", "http://real.example:8080", 1) {
		t.Errorf("%+v", a)
	}
}

func TestCharsetOfTheContentType(t *testing.T) {
	_, url := serve(t, mock.Options{}, folder(t, "01-x.request.xml", ask("X", text("NAME", "Åse")), "01-x.response.xml", answer("")))
	for contentType, want := range map[string]int{"text/xml; charset=iso-8859-1": http.StatusOK, "text/xml": http.StatusInternalServerError} {
		response, err := http.Post(url, contentType, strings.NewReader(strings.Replace(ask("X", text("NAME", "Åse")), "Å", "\xc5", 1)))
		if err != nil {
			t.Fatal(err)
		}
		if a := read(t, response); a.status != want {
			t.Errorf("%s: %+v", contentType, a)
		}
	}
}

func TestForward(t *testing.T) {
	var forwarded []string
	upstream := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		forwarded = append(forwarded, r.URL.Path+" "+string(body))
		w.WriteHeader(http.StatusTeapot)
		fmt.Fprint(w, "real")
	})
	dir := folder(t, "01-x.request.xml", ask("X", ""), "01-x.response.xml", answer(""))
	s, url := serve(t, mock.Options{Forward: upstream}, dir)
	if a := post(t, url, ask("X", "")); a.status != http.StatusOK {
		t.Errorf("%+v", a)
	}
	if a := post(t, url+"/path", ask("Y", "")); a.status != http.StatusTeapot || a.body != "real" || len(forwarded) != 1 || forwarded[0] != "/path "+ask("Y", "") {
		t.Errorf("%+v %q", a, forwarded)
	}
	if sum := s.Summary(); sum.Answered != 1 || sum.Forwarded != 1 || sum.Unknown != 0 {
		t.Errorf("%+v", sum)
	}
}

func TestFailures(t *testing.T) {
	dir := folder(t, "01-x.request.xml", ask("X", ""), "01-x.response.xml", answer(""))
	for how, check := range map[string]func(got, error) bool{
		"100%":     func(a got, err error) bool { return err == nil && a.status == http.StatusServiceUnavailable },
		"100%:429": func(a got, err error) bool { return err == nil && a.status == http.StatusTooManyRequests },
		"100%:fault": func(a got, err error) bool {
			return err == nil && a.status == 500 && strings.Contains(a.body, "faultcode")
		},
		"100%:reset": func(_ got, err error) bool { return err != nil },
	} {
		fail, err := mock.ParseFailures([]string{how})
		if err != nil {
			t.Fatal(err)
		}
		s, url := serve(t, mock.Options{Fail: fail}, dir)
		var a got
		response, err := http.Post(url, "text/xml", strings.NewReader(ask("X", "")))
		if err == nil {
			a = read(t, response)
		}
		if !check(a, err) || s.Summary().Failed != 1 || s.Summary().Unused != 1 {
			t.Errorf("%s: %+v %v %+v", how, a, err, s.Summary())
		}
	}
}

func TestWrongFailuresAndDelays(t *testing.T) {
	for _, c := range []struct{ text, says string }{
		{"2", `"2": a share is such as 2%`}, {"0%", "above 0"}, {"101%", "up to 100"}, {"2%:200", "a status from 400 to 599"},
		{"2%:slow", "reset or fault"}, {"60%,50%:reset", "110% in all"},
	} {
		if _, err := mock.ParseFailures(strings.Split(c.text, ",")); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.text, err)
		}
	}
	for _, c := range []struct{ text, says string }{
		{"", "is no quantile"}, {"20ms", "is no quantile"}, {"p50=20", "a time is such as 20ms"}, {"p50=1h", "up to 10m"}, {"p99=1s", "has no p50"},
		{"p50=2s,p99=1s", "is shorter than"}, {"p50=1s,p50=2s", "given twice"}, {"p50=-1s", "above 0"},
	} {
		if _, err := mock.ParseDelay(c.text); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.text, err)
		}
	}
}

// TestMistakes: every recorded request that cannot be read is named with its place.
func TestMistakes(t *testing.T) {
	dir := folder(t, "01-x.request.xml", "<a>\n<b></a>", "01-x.response.xml", answer(""), "02-y.request.xml", "", "02-y.response.xml", "<a/>")
	scenarios, err := fixture.Find(fixture.Options{}, dir)
	if err != nil {
		t.Fatal(err)
	}
	_, err = mock.New(t.Context(), scenarios, mock.Options{})
	var placed *fixture.Error
	if !errors.As(err, &placed) || !strings.Contains(err.Error(), "01-x.request.xml:2:4: <b> is closed by </a>") || !strings.Contains(err.Error(), "02-y.request.xml:1:1: there is no element") {
		t.Error(err)
	}
}

// TestManyAtOnce: each of many clients gets an answer, and each recorded one is
// given before one is given again.
func TestManyAtOnce(t *testing.T) {
	const n = 50
	var files []string
	for i := range n {
		files = append(files, fmt.Sprintf("%02d-x.request.xml", i+1), ask("X", ""), fmt.Sprintf("%02d-x.response.xml", i+1), answer(text("N", fmt.Sprint(i))))
	}
	var log bytes.Buffer
	s, url := serve(t, mock.Options{Log: slog.New(slog.NewTextHandler(&log, nil))}, folder(t, files...))
	var mu sync.Mutex
	seen := map[string]int{}
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			response, err := http.Post(url, "text/xml", strings.NewReader(ask("X", "")))
			if err != nil {
				t.Error(err)
				return
			}
			a := read(t, response)
			mu.Lock()
			defer mu.Unlock()
			seen[a.body]++
		})
	}
	all.Wait()
	if len(seen) != n || s.Summary().Unused != 0 || strings.Count(log.String(), "msg=answered operation=X") != n {
		t.Errorf("%d different answers, %+v\n%s", len(seen), s.Summary(), log.String())
	}
}

// TestOddTypesAreServed: a recorded request whose xsi:type nobody knows is found
// again, by the types of XML Schema and by the contract's where it says none.
func TestOddTypesAreServed(t *testing.T) {
	odd := func(qname, text string) string {
		return `<values xmlns:xsd="http://www.w3.org/2001/XMLSchema" xsi:type="` + qname + `"><key>N</key><value>` + text + `</value></values>`
	}
	dir := folder(t, "s/01-odd.request.xml", ask("SOAP_X", odd("nope:T", "5")), "s/01-odd.response.xml", answer(text("A", "odd")),
		"s/02-int.request.xml", ask("SOAP_X", odd("xsd:int", "7")), "s/02-int.response.xml", answer(text("A", "int")))
	long := &contract.Contract{Hookpoint: "SOAP_X", Request: []*contract.Value{{Key: "N", Type: value.Long}}}
	_, url := serve(t, mock.Options{Contracts: func(string) *contract.Contract { return long }}, dir)
	for want, request := range map[string]string{"odd": odd("nope:T", "05"), "int": odd("xsd:int", "007")} {
		if a := post(t, url, ask("SOAP_X", request)); a.status != http.StatusOK || !strings.Contains(a.body, "<value>"+want+"</value>") {
			t.Errorf("%s is answered %d %s", request, a.status, a.body)
		}
	}
}
