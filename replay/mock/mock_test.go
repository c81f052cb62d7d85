package mock_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"rator/replay/compare"
	"rator/replay/fixture"
	"rator/replay/mock"
	"rator/workflow/contract"
	"rator/workflow/value"
)

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
