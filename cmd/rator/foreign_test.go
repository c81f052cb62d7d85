package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"rator/server/servertest"
)

// A SOAP 1.2 service that has nothing of ours: other namespaces, attributes, mixed
// content, faults with detail, and an answer in several parts.
func foreignService(t *testing.T) *httptest.Server {
	t.Helper()
	var orders atomic.Int64
	const envelope = `<?xml version="1.0"?><e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:s="urn:example:shop"><e:Body>%s</e:Body></e:Envelope>`
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		w.Header().Set("Content-Type", "application/soap+xml; charset=utf-8")
		switch text := string(body); {
		case strings.Contains(text, "placeOrder"):
			n := orders.Add(1)
			fmt.Fprintf(w, envelope, fmt.Sprintf(
				`<s:placeOrderResponse s:total="12.50" state='open'><s:number>2026112418300%05d</s:number><s:note>Thank <b>you</b>, order <i>%d</i></s:note></s:placeOrderResponse>`, n, n))
		case strings.Contains(text, "getOrder"):
			number := text[strings.Index(text, "<s:number>")+len("<s:number>"):]
			number = number[:strings.Index(number, "<")]
			if len(number) != 18 || !strings.HasPrefix(number, "2026112418300") || number > fmt.Sprintf("2026112418300%05d", orders.Load()) {
				w.WriteHeader(500)
				fmt.Fprintf(w, envelope, `<e:Fault><e:Code><e:Value>e:Sender</e:Value></e:Code><e:Reason><e:Text xml:lang="en">no such order</e:Text></e:Reason><e:Detail><s:missing number="`+number+`"/></e:Detail></e:Fault>`)
				return
			}
			fmt.Fprintf(w, envelope, `<s:getOrderResponse><s:order number="`+number+`" state="open"/></s:getOrderResponse>`)
		default:
			w.Header().Set("Content-Type", `multipart/related; type="application/xop+xml"; boundary=part`)
			io.WriteString(w, "--part\r\nContent-Type: application/xop+xml\r\n\r\n<s:scan xmlns:s=\"urn:example:shop\"/>\r\n--part\r\nContent-Type: image/png\r\n\r\n\x89PNG\x00\xff\r\n--part--\r\n")
		}
	}))
	t.Cleanup(s.Close)
	return s
}

// TestRoundTripOfAForeignService: recorded, played and mocked without a contract.
func TestRoundTripOfAForeignService(t *testing.T) {
	service := foreignService(t)
	r := startRecorder(t, service.URL, "--split", "none")
	send := func(address, operation, content string) string {
		t.Helper()
		body := `<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope"><env:Body><s:` + operation + ` xmlns:s="urn:example:shop">` + content + `</s:` + operation + `></env:Body></env:Envelope>`
		response, err := http.Post(address+"/shop", "application/soap+xml; charset=utf-8", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		got, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(response.StatusCode, response.Header.Get("Content-Type"), string(got))
	}
	all := func(address string) (answers []string) {
		const first = "202611241830000001"
		for _, x := range [][2]string{
			{"placeOrder", `<s:item code="A" count="2">blue &amp; <em>round</em></s:item>`},
			{"getOrder", "<s:number>" + first + "</s:number>"},
			{"getOrder", "<s:number>199912312359590001</s:number>"},
			{"getScan", ""},
		} {
			answers = append(answers, send(address, x[0], x[1]))
		}
		return answers
	}
	saw := all(r.url)
	if code := r.end(); code != exitOK {
		t.Fatalf("exit %d: %s", code, r.err.String())
	}
	// The service counts on, so the order has another number, and its text too.
	servertest.Write(t, r.dir, "scenario.toml", `ignore = ["**/note/**"]`)
	o := rator(t, "", "replay", r.dir, "--endpoint", service.URL, "-v")
	if o.code != exitOK || !strings.Contains(o.out, "202611241830000001 → 202611241830000002 (id)") {
		t.Errorf("played: %d\n%s%s", o.code, o.out, o.err)
	}
	// What the comparison must see.
	for old, changed := range map[string]string{
		`s:total="12.50"`: `s:total="12.51"`, `state='open'`: `state='closed'`, `urn:example:shop"><e:Body><s:getOrder`: `urn:example:other"><e:Body><s:getOrder`,
		"no such order": "no order", "\x89PNG": "\x88PNG", `<e:Value>e:Sender`: `<e:Value>e:Receiver`,
	} {
		var file, before string
		for _, f := range glob(t, r.dir, "*.response.*") {
			if text := servertest.Read(t, f); strings.Contains(text, old) {
				file, before = f, text
			}
		}
		if file == "" {
			t.Fatalf("no answer has %q", old)
		}
		edit(t, file, old, changed)
		if o := rator(t, "", "replay", r.dir, "--endpoint", service.URL); o.code != exitFailed {
			t.Errorf("%q for %q: %d\n%s", changed, old, o.code, o.out)
		}
		servertest.Write(t, filepath.Dir(file), filepath.Base(file), before)
	}
	address, stop := startMock(t, r.dir)
	again := all(address)
	for i := range saw {
		if saw[i] != again[i] {
			t.Errorf("the service: %s\nthe mock:    %s", saw[i], again[i])
		}
	}
	if code, said := stop(); code != exitOK {
		t.Errorf("%d %s", code, said)
	}
}
