package record_test

import (
	"bufio"
	"bytes"
	"compress/gzip"

	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/replay/fixture"
	"rator/replay/record"
)

func TestAnExchangeBecomesAFixtureWithoutItsSecrets(t *testing.T) {
	r := start(t, answering(http.StatusOK, usual, answer), nil)
	if status, got := r.post(fmt.Sprintf(question, "hunter2")); status != http.StatusOK || got != answer {
		t.Fatal(status, got)
	}
	r.post(fmt.Sprintf(question, "hunter3"))
	r.post(fmt.Sprintf(question, "hunter2"))
	if diff := cmp.Diff(record.Totals{Exchanges: 3, Scenarios: 1}, r.stop()); diff != "" {
		t.Error(diff)
	}
	want := []string{"0001-connection/01-SOAP_GET_USER.request.xml", "0001-connection/01-SOAP_GET_USER.response.xml",
		"0001-connection/02-SOAP_GET_USER.request.xml", "0001-connection/02-SOAP_GET_USER.response.xml",
		"0001-connection/03-SOAP_GET_USER.request.xml", "0001-connection/03-SOAP_GET_USER.response.xml", "0001-connection/scenario.toml"}
	if diff := cmp.Diff(want, r.files()); diff != "" {
		t.Error(diff)
	}
	for name, body := range map[string]string{
		"01-SOAP_GET_USER.request.xml":  strings.Replace(fmt.Sprintf(question, "${PASSWORD}"), "${5}", "$${5}", 1),
		"02-SOAP_GET_USER.request.xml":  strings.Replace(fmt.Sprintf(question, "${PASSWORD_2}"), "${5}", "$${5}", 1),
		"03-SOAP_GET_USER.request.xml":  strings.Replace(fmt.Sprintf(question, "${PASSWORD}"), "${5}", "$${5}", 1),
		"01-SOAP_GET_USER.response.xml": strings.NewReplacer("4711", "${xmlunit.ignore}", "${y}", "$${y}").Replace(answer),
	} {
		if diff := cmp.Diff(body, r.file("0001-connection/"+name)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	settings := r.file("0001-connection/scenario.toml")
	for _, part := range []string{`path = "/service"`, "#   PASSWORD, first in 01-SOAP_GET_USER\n", "#   PASSWORD_2, first in 02-SOAP_GET_USER\n"} {
		if !strings.Contains(settings, part) {
			t.Errorf("%q is not in\n%s", part, settings)
		}
	}
	scenarios, err := fixture.Find(fixture.Options{}, r.dir)
	if err != nil || len(scenarios) != 1 || len(scenarios[0].Steps) != 3 || scenarios[0].Config.Path != "/service" {
		t.Fatalf("%+v %v", scenarios, err)
	}
	x, err := scenarios[0].Load(&scenarios[0].Steps[0])
	if err != nil {
		t.Fatal(err)
	}
	sent, unknown := fixture.Expand(string(x.Request.Body), func(name string) (string, bool) { return "hunter2", name == "PASSWORD" })
	if unknown != nil || sent != fmt.Sprintf(question, "hunter2") {
		t.Errorf("what is read back is %s, %v", sent, unknown)
	}
}

// Nothing that looks like a secret is written, wherever it stands; and it is sent again.
func TestSecretsByShapeAreNotWritten(t *testing.T) {
	r := start(t, answering(http.StatusOK, usual, `<R><next>http://a:planted-1@h/?sig=planted-2</next><!-- token: planted-3 --></R>`), nil)
	request, err := http.NewRequest(http.MethodPost, r.url+"/svc;jsessionid=planted-4?pw=planted-5&town=Odense", strings.NewReader(
		`<ask><pw>planted-6</pw><url>http://a:planted-7@h/?password=planted-8&amp;x=1</url><auth>Bearer planted-9</auth><p n="password" v="planted-10"/><!-- password: planted-11 --></ask>`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = http.Header{"Content-Type": {usual}, "Referer": {"http://a:planted-12@h/"}, "Soapaction": {`"x?password=planted-13"`}, "X-Session": {"planted-14"}}
	response, err := r.web.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	r.stop()
	for _, name := range r.files() {
		if content := r.file(name); strings.Contains(content, "planted") {
			t.Errorf("a secret is in %s:\n%s", name, content)
		}
	}
	for name, want := range map[string]string{
		"01-ask.http":         "POST /svc;jsessionid=${JSESSIONID}?pw=${PW_2}&town=Odense HTTP/1.1\n",
		"01-ask.request.xml":  `<ask><pw>${PW}</pw><url>http://a:${PASSWORD}@h/?password=${PASSWORD_2}&amp;x=1</url><auth>Bearer ${TOKEN}</auth><p n="password" v="${PASSWORD_3}"/><!-- password: ${PASSWORD_4} --></ask>`,
		"01-ask.response.xml": `<R><next>http://a:${xmlunit.ignore}@h/?sig=${xmlunit.ignore}</next><!-- token: ${xmlunit.ignore} --></R>`,
		"scenario.toml":       "#   JSESSIONID, first in 01-ask\n",
	} {
		if content := r.file("0001-connection/" + name); !strings.Contains(content, want) {
			t.Errorf("%s is\n%s\nwithout %s", name, content, want)
		}
	}
}

// What the upstream is asked is what the client asks, and the client gets what it
// answers.
func TestRequestAndAnswerGoThroughUnchanged(t *testing.T) {
	type heard struct {
		Method, Target, Host, Body string
		Header                     http.Header
		Length                     int64
		Encoding                   []string
	}
	all := make(chan heard, 2)
	r := start(t, http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		all <- heard{q.Method, q.RequestURI, q.Host, string(body), q.Header.Clone(), q.ContentLength, q.TransferEncoding}
		w.Header()["Date"] = nil
		w.Header()["Content-Type"] = nil
		w.Header().Set("X-Own", "a")
		w.Header().Add("X-Own", "b")
		w.Header().Set("Trailer", "X-Checksum")
		w.WriteHeader(http.StatusTeapot)
		_, _ = io.WriteString(w, "part one, ")
		w.(http.Flusher).Flush()
		_, _ = io.WriteString(w, "part two")
		w.Header().Set("X-Checksum", "17")
	}), nil)
	connection, err := net.Dial("tcp", r.web.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	// Two requests at once, the first of them in chunks.
	fmt.Fprint(connection, "PATCH /a%2Fb?x=1;y=%zz HTTP/1.1\r\nHost: client.example\r\nX-Forwarded-For: 1.2.3.4\r\nx-twice: 1\r\nX-Twice: 2\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n<a>\r\n4\r\n</a>\r\n0\r\n\r\n"+
		"POST / HTTP/1.0\r\nContent-Length: 4\r\n\r\n<b/>")
	in := bufio.NewReader(connection)
	response, err := http.ReadResponse(in, nil)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil || string(body) != "part one, part two" || response.StatusCode != http.StatusTeapot {
		t.Errorf("%d %q %v", response.StatusCode, body, err)
	}
	if diff := cmp.Diff(http.Header{"X-Own": {"a", "b"}}, response.Header); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(http.Header{"X-Checksum": {"17"}}, response.Trailer); diff != "" {
		t.Error(diff)
	}
	want := heard{"PATCH", "/a%2Fb?x=1;y=%zz", strings.TrimPrefix(r.proxy.Upstream().String(), "http://"), "<a></a>",
		http.Header{"X-Forwarded-For": {"1.2.3.4"}, "X-Twice": {"1", "2"}}, -1, []string{"chunked"}}
	if diff := cmp.Diff(want, <-all); diff != "" {
		t.Errorf("the upstream heard (-want +got)\n%s", diff)
	}
	response, err = http.ReadResponse(in, nil)
	if err != nil {
		t.Fatal(err)
	}
	if body, err = io.ReadAll(response.Body); err != nil || string(body) != "part one, part two" {
		t.Errorf("%q %v", body, err)
	}
	if got := <-all; got.Body != "<b/>" || got.Length != 4 {
		t.Errorf("%+v", got)
	}
}

func TestTheClientGetsBytesAsTheyCome(t *testing.T) {
	read := make(chan bool)
	r := start(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "11")
		_, _ = io.WriteString(w, "first")
		w.(http.Flusher).Flush()
		<-read
		_, _ = io.WriteString(w, "second")
	}), nil)
	response, err := r.web.Client().Post(r.url, usual, strings.NewReader("<a/>"))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	first := make([]byte, 5)
	if _, err := io.ReadFull(response.Body, first); err != nil || string(first) != "first" {
		t.Errorf("%q %v", first, err)
	}
	close(read)
	if rest, err := io.ReadAll(response.Body); err != nil || string(rest) != "second" {
		t.Errorf("%q %v", rest, err)
	}
}

// head is what an .http file says, "" when there is none.
func (r *recording) head(stem string) string {
	if _, err := os.Stat(filepath.Join(r.dir, stem+".http")); err != nil {
		return ""
	}
	return r.file(stem + ".http")
}

func TestWhatIsNotUsualIsWrittenBeside(t *testing.T) {
	const soap12 = "application/soap+xml; charset=utf-8"
	fault := `<S:Envelope xmlns:S="x"><S:Body><S:Fault/></S:Body></S:Envelope>`
	zipped := func(text string) string {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, _ = io.WriteString(w, text)
		_ = w.Close()
		return b.String()
	}
	for name, test := range map[string]struct {
		status      int
		contentType string
		answer      string
		header      []string // of the request
		answered    http.Header
		head        string
		ending      string
		body        string
	}{
		"usual":           {status: 200, contentType: `text/xml;charset="UTF-8"`, answer: "<a/>", ending: "xml", body: "<a/>"},
		"fault":           {status: 500, contentType: usual, answer: fault, ending: "xml", body: fault},
		"fault with 200":  {status: 200, contentType: usual, answer: fault, head: "HTTP/1.1 200\n", ending: "xml", body: fault},
		"SOAP 1.2":        {status: 200, contentType: soap12, answer: "<a/>", header: []string{"Content-Type", soap12, "SOAPAction", ""}, ending: "xml", body: "<a/>", head: "POST /service HTTP/1.1\nContent-Type: application/soap+xml; charset=utf-8\nSoapaction: \n\nHTTP/1.1 200\nContent-Type: application/soap+xml; charset=utf-8\n"},
		"credentials":     {status: 200, contentType: usual, answer: "<a/>", header: []string{"Authorization", "Basic aHVudGVyMg=="}, ending: "xml", body: "<a/>", head: "POST /service HTTP/1.1\nAuthorization: ${AUTHORIZATION}\nContent-Type: text/xml; charset=utf-8\nSoapaction: \"\"\n"},
		"no XML":          {status: 503, contentType: "text/plain", answer: "busy, pay 4111111111111111", answered: http.Header{"Retry-After": {"3"}}, ending: "bin", body: "busy, pay ***", head: "HTTP/1.1 503\nContent-Type: text/plain\nRetry-After: 3\n"},
		"broken XML":      {status: 200, contentType: usual, answer: "<a><pin>4711</pi", ending: "bin", body: "<a><pin>***"},
		"empty":           {status: 202, contentType: usual, ending: "bin", head: "HTTP/1.1 202\n"},
		"packed":          {status: 200, contentType: usual, answer: zipped("<a><pin>4711</pin></a>"), answered: http.Header{"Content-Encoding": {"gzip"}}, ending: "xml", body: "<a><pin>${xmlunit.ignore}</pin></a>"},
		"several parts":   {status: 200, contentType: `multipart/related; boundary=b`, answer: "--b\r\nContent-Type: text/xml\r\n\r\n<pin>4711</pin>\r\n--b--\r\n", ending: "bin", body: "--b\r\nContent-Type: text/xml\r\n\r\n<pin>***</pin>\r\n--b--\r\n", head: "HTTP/1.1 200\nContent-Type: multipart/related; boundary=b\n"},
		"price of a card": {status: 200, contentType: usual, answer: "<a>$4111111111111111</a>", ending: "xml", body: "<a>&#36;${xmlunit.ignore}</a>"},
		"latin1":          {status: 200, contentType: "text/xml; charset=iso-8859-1", answer: "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>\xE5</a>", ending: "xml", body: "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>\xE5</a>", head: "HTTP/1.1 200\nContent-Type: text/xml; charset=iso-8859-1\n"},
	} {
		t.Run(name, func(t *testing.T) {
			r := start(t, http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
				for name, values := range test.answered {
					w.Header()[name] = values
				}
				answering(test.status, test.contentType, test.answer)(w, q)
			}), nil)
			r.post("<ask/>", test.header...)
			if diff := cmp.Diff(record.Totals{Exchanges: 1, Scenarios: 1}, r.stop()); diff != "" {
				t.Fatal(diff, r.saidAll())
			}
			const stem = "0001-connection/01-ask"
			if diff := cmp.Diff(test.head, r.head(stem)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(test.body, r.file(stem+".response."+test.ending)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWhatIsNotRecordedIsSaid(t *testing.T) {
	for name, test := range map[string]struct {
		upstream http.HandlerFunc
		request  string
		status   int
		said     string
	}{
		"long request": {answering(200, usual, "<a/>"), "<a>" + strings.Repeat("x", 2000) + "</a>", 200, "not recorded: POST /service: the request is longer than 1000 bytes"},
		"long answer":  {answering(200, usual, "<a>"+strings.Repeat("x", 2000)+"</a>"), "<a/>", 200, "not recorded: POST /service: the answer is longer than 1000 bytes"},
		"no answer": {func(_ http.ResponseWriter, q *http.Request) {
			_, _ = io.Copy(io.Discard, q.Body)
			<-q.Context().Done()
		}, "<a/>", 504, "not recorded: POST /service: the upstream did not answer within 50ms"},
		"unknown coding": {func(w http.ResponseWriter, q *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			answering(200, usual, "???")(w, q)
		}, "<a/>", 200, "not recorded: POST /service: the answer's body is in br, which is not known here"},
		"hung up": {func(w http.ResponseWriter, q *http.Request) {
			_, _ = io.Copy(io.Discard, q.Body) // else the connection is reset
			connection, _, _ := w.(http.Hijacker).Hijack()
			connection.Close()
		}, "<a/>", 502, "not recorded: POST /service: the upstream cannot be reached: EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			r := start(t, test.upstream, func(o *record.Options) {
				o.MaxBody = 1000
				if test.status == http.StatusGatewayTimeout {
					o.Timeout = 50 * time.Millisecond
				}
			})
			if status, _ := r.post(test.request); status != test.status {
				t.Errorf("status %d", status)
			}
			if diff := cmp.Diff(record.Totals{NotRecorded: 1}, r.stop()); diff != "" {
				t.Error(diff)
			}
			if said := r.saidAll(); said != test.said {
				t.Errorf("%q is said", said)
			}
			if files := r.files(); len(files) > 0 {
				t.Errorf("there are %v", files)
			}
		})
	}
}

// A packed answer whose end is missing is told as cut off too, though all of it came.
func TestAPackedAnswerThatIsCutOffIsRecordedSo(t *testing.T) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, "<a><b>whole</b></a>")
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r := start(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", usual)
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(b.Bytes()[:b.Len()-6])
	}), nil)
	request, err := http.NewRequest(http.MethodPost, r.url+"/service", strings.NewReader("<ask/>"))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = http.Header{"Content-Type": {usual}, "Accept-Encoding": {"gzip"}}
	response, err := r.web.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if got, err := io.ReadAll(response.Body); err != nil || len(got) != b.Len()-6 {
		t.Errorf("%d bytes came: %v", len(got), err)
	}
	if diff := cmp.Diff(record.Totals{Exchanges: 1, Scenarios: 1}, r.stop()); diff != "" {
		t.Error(diff)
	}
	if got := r.file("0001-connection/01-ask.response.xml"); got != "<a><b>whole</b></a>" {
		t.Error(got)
	}
	if settings := r.file("0001-connection/scenario.toml"); !strings.Contains(settings, "#   01-ask: the answer was cut off") {
		t.Error(settings)
	}
	if said := r.saidAll(); !strings.Contains(said, "the packed answer to POST /service was cut off after") {
		t.Error(said)
	}
}

// What the server said before it broke off is kept, and the client's answer
// breaks off as well.
func TestAnAnswerThatIsCutOffIsRecordedSo(t *testing.T) {
	r := start(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", usual)
		_, _ = io.WriteString(w, "<a><pin>47")
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}), nil)
	response, err := r.web.Client().Post(r.url+"/service", usual, strings.NewReader("<ask/>"))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if got, err := io.ReadAll(response.Body); err == nil || string(got) != "<a><pin>47" {
		t.Errorf("%q %v", got, err)
	}
	if diff := cmp.Diff(record.Totals{Exchanges: 1, Scenarios: 1}, r.stop()); diff != "" {
		t.Error(diff)
	}
	if got := r.file("0001-connection/01-ask.response.bin"); got != "<a><pin>***" {
		t.Error(got)
	}
	if settings := r.file("0001-connection/scenario.toml"); !strings.Contains(settings, "#   01-ask: the answer was cut off") {
		t.Error(settings)
	}
}

func TestManyClientsAtOnce(t *testing.T) {
	r := start(t, http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		answering(200, usual, "<answer>"+string(body)+"</answer>")(w, q)
	}), nil)
	const clients, each = 8, 20
	var all sync.WaitGroup
	for c := range clients {
		all.Go(func() {
			client := &http.Client{Transport: &http.Transport{MaxConnsPerHost: 1}}
			defer client.CloseIdleConnections()
			for i := range each {
				ask := fmt.Sprintf("<ask><client>%d</client><n>%d</n></ask>", c, i)
				response, err := client.Post(r.url, usual, strings.NewReader(ask))
				if err != nil {
					t.Error(err)
					return
				}
				got, err := io.ReadAll(response.Body)
				response.Body.Close()
				if err != nil || string(got) != "<answer>"+ask+"</answer>" {
					t.Errorf("%s %v", got, err)
				}
			}
		})
	}
	all.Wait()
	if diff := cmp.Diff(record.Totals{Exchanges: clients * each, Scenarios: clients}, r.stop()); diff != "" {
		t.Error(diff)
	}
	scenarios, err := fixture.Find(fixture.Options{}, r.dir)
	if err != nil || len(scenarios) != clients {
		t.Fatal(len(scenarios), err)
	}
	for _, s := range scenarios {
		client := ""
		for i := range s.Steps {
			x, err := s.Load(&s.Steps[i])
			if err != nil {
				t.Fatal(err)
			}
			ask := string(x.Request.Body)
			if client == "" {
				client, _, _ = strings.Cut(ask, "<n>")
			}
			if want := fmt.Sprintf("%s<n>%d</n></ask>", client, i); ask != want || string(x.Response.Body) != "<answer>"+ask+"</answer>" {
				t.Errorf("%s: %s, want %s", s.Dir, ask, want)
			}
		}
	}
}

// BenchmarkProxy is the time of an exchange that is recorded; direct is without
// the proxy. kept says that every exchange was written.
func BenchmarkProxy(b *testing.B) {
	upstream := answering(200, usual, "<a>"+strings.Repeat("<v>text</v>", 300)+"</a>")
	ask := fmt.Sprintf(question, "hunter2")
	for name, direct := range map[string]bool{"direct": true, "recorded": false} {
		b.Run(name, func(b *testing.B) {
			r := start(b, upstream, nil)
			if direct {
				r.url = r.proxy.Upstream().String()
			}
			for b.Loop() {
				r.post(ask)
			}
			if totals := r.stop(); !direct {
				b.ReportMetric(float64(totals.NotRecorded), "missed")
			}
		})
	}
}

// BenchmarkLongAnswer passes 64 MiB on that are too long to be recorded.
func BenchmarkLongAnswer(b *testing.B) {
	chunk := bytes.Repeat([]byte("x"), 1<<20)
	r := start(b, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for range 64 {
			_, _ = w.Write(chunk)
		}
	}), nil)
	b.SetBytes(64 << 20)
	b.ReportAllocs()
	for b.Loop() {
		response, err := r.web.Client().Post(r.url, usual, strings.NewReader("<a/>"))
		if err != nil {
			b.Fatal(err)
		}
		if n, err := io.Copy(io.Discard, response.Body); n != 64<<20 || err != nil {
			b.Fatal(n, err)
		}
		response.Body.Close()
	}
}
