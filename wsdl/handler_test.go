package wsdl_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/wire"
	"rator/workflow/contract"
	"rator/wsdl"
)

const endpoint = "http://bss.example.com:8080/workflow-soap/InvokerService"

func pages() http.Handler {
	all := append(shown(), internal(), dynamic())
	return wsdl.New(func() []*contract.Contract { return all }, topics(), func(r *http.Request) string { return wire.Address(r, false) })
}

// ask sends a request with some header lines.
func ask(method, query string, header ...string) *http.Response {
	w := httptest.NewRecorder()
	r := httptest.NewRequest(method, endpoint+query, nil)
	for _, line := range header {
		name, text, _ := strings.Cut(line, ": ")
		r.Header.Set(name, text)
	}
	pages().ServeHTTP(w, r)
	return w.Result()
}

// unpacked is the body of an answer that must be gzip, and as long as it says.
func unpacked(t *testing.T, r *http.Response) string {
	t.Helper()
	packed := body(t, r)
	if r.Header.Get("Content-Encoding") != "gzip" || r.Header.Get("Content-Length") != strconv.Itoa(len(packed)) {
		t.Fatalf("Content-Encoding %q, Content-Length %s of %d", r.Header.Get("Content-Encoding"), r.Header.Get("Content-Length"), len(packed))
	}
	reader, err := gzip.NewReader(strings.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestHandlerPublishes(t *testing.T) {
	typed, err := wsdl.Typed(endpoint, signup())
	if err != nil {
		t.Fatal(err)
	}
	all, err := wsdl.Typed(endpoint, shown()...)
	if err != nil {
		t.Fatal(err)
	}
	two, err := wsdl.Typed(endpoint, bareCall(), signup())
	if err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
		"?singleWsdl":       string(wsdl.SingleWSDL(endpoint)),
		"?SINGLEWSDL=":      string(wsdl.SingleWSDL(endpoint)),
		"?wsdl&hookpoint=*": string(all),
		"?wsdl&hookpoint=SOAP_BARE,SOAP_SIGNUP_CUSTOMER,SOAP_BARE": string(two),
		"?wsdl&hookpoint=SOAP_BARE,%20SOAP_SIGNUP_CUSTOMER":        string(two),
		"?singleWsdl&hookpoint=SOAP_SIGNUP_CUSTOMER":               string(typed),
		"?wsdl":                                 string(wsdl.WSDL(endpoint)),
		"?WSDL":                                 string(wsdl.WSDL(endpoint)),
		"?wsdl=":                                string(wsdl.WSDL(endpoint)),
		"?wsdl&x=%zz":                           string(wsdl.WSDL(endpoint)),
		"?wsdl=1.2":                             string(wsdl.WSDL12(endpoint)),
		"?Wsdl=1.2":                             string(wsdl.WSDL12(endpoint)),
		"?xsd=1":                                string(wsdl.Schema()),
		"?XSD":                                  string(wsdl.Schema()),
		"?wsdl&hookpoint=SOAP_SIGNUP_CUSTOMER":  string(typed),
		"?hookpoint=SOAP_SIGNUP_CUSTOMER&wsdl":  string(typed),
		"?WSDL&Hookpoint=SOAP_SIGNUP_CUSTOMER&": string(typed),
	} {
		t.Run(query, func(t *testing.T) {
			got := ask(http.MethodGet, query)
			if got.StatusCode != http.StatusOK || got.Header.Get("Content-Type") != "text/xml; charset=utf-8" {
				t.Errorf("%d %s", got.StatusCode, got.Header.Get("Content-Type"))
			}
			if diff := cmp.Diff(want, body(t, got)); diff != "" {
				t.Error(diff)
			}
			if packed := ask(http.MethodGet, query, "Accept-Encoding: gzip"); unpacked(t, packed) != want || packed.Header.Get("Vary") != "Accept-Encoding" {
				t.Error("what is packed is something else")
			}
			head := ask(http.MethodHead, query)
			if head.StatusCode != http.StatusOK || body(t, head) != "" || head.Header.Get("Content-Length") != strconv.Itoa(len(want)) {
				t.Errorf("HEAD: %d, Content-Length %s of %d", head.StatusCode, head.Header.Get("Content-Length"), len(want))
			}
		})
	}
}

func TestHandlerSaysWhatIsNotThere(t *testing.T) {
	for _, c := range []struct {
		method, query string
		status        int
		says          []string
		hides         string
	}{
		{http.MethodGet, "?wsdl=2.0", http.StatusNotFound, []string{`"2.0"`, "?wsdl=1.2"}, ""},
		{http.MethodGet, "?xsd=2", http.StatusNotFound, []string{`"2"`, "?xsd=1"}, ""},
		{http.MethodGet, "?wsdl&hookpoint=SOAP_SINGUP_CUSTOMER", http.StatusNotFound, []string{`"SOAP_SINGUP_CUSTOMER"`, "SOAP_SIGNUP_CUSTOMER"}, ""},
		{http.MethodGet, "?wsdl&hookpoint=", http.StatusNotFound, []string{"no hookpoint"}, "SUB_CAN_TERMINATE"},
		{http.MethodGet, "?wsdl&hookpoint=SUB_CAN_TERMINATE", http.StatusNotFound, []string{"no hookpoint"}, "mean SUB_CAN"},
		{http.MethodGet, "?wsdl&hookpoint=" + strings.Repeat("Z", 5000), http.StatusNotFound, []string{"no hookpoint"}, strings.Repeat("Z", 200)},
		{http.MethodGet, "?wsdl&hookpoint=PRODUCT_OPTION_SUBSCRIBE@PLAN_A", http.StatusNotFound, []string{"PRODUCT_OPTION_SUBSCRIBE@PLAN_A", "executeMethod"}, ""},
		{http.MethodGet, "?wsdl=1.2&hookpoint=SOAP_SIGNUP_CUSTOMER", http.StatusNotFound, []string{"SOAP 1.1"}, ""},
		{http.MethodGet, "?disco", http.StatusNotFound, []string{`"?disco"`, "?singleWsdl"}, "<"},
		{http.MethodGet, "?hookpoint=SOAP_BARE", http.StatusNotFound, []string{"?wsdl&hookpoint=KEY"}, ""},
		{http.MethodGet, "?%zz", http.StatusNotFound, []string{"?wsdl"}, ""},
		{http.MethodGet, "?" + strings.Repeat("z", 5000), http.StatusNotFound, []string{"?wsdl"}, strings.Repeat("z", 200)},
		{http.MethodGet, "?singleWsdl=2.0", http.StatusNotFound, []string{`"2.0"`, "?singleWsdl"}, ""},
		{http.MethodGet, "?wsdl&hookpoint=SOAP_BARE,SOAP_BAER", http.StatusNotFound, []string{`"SOAP_BAER"`, "SOAP_BARE"}, ""},
		{http.MethodGet, "?wsdl&hookpoint=SOAP_BARE,", http.StatusNotFound, []string{`""`}, ""},
		{http.MethodGet, "?wsdl&hookpoint=*,SOAP_BARE", http.StatusNotFound, []string{`"*"`}, ""},
		{http.MethodPost, "", http.StatusMethodNotAllowed, []string{"GET"}, ""},
		{http.MethodPut, "?wsdl", http.StatusMethodNotAllowed, []string{"GET"}, ""},
	} {
		t.Run(c.method+c.query, func(t *testing.T) {
			got := ask(c.method, c.query)
			text := body(t, got)
			if got.StatusCode != c.status || !strings.HasPrefix(got.Header.Get("Content-Type"), "text/plain") {
				t.Errorf("%d %s", got.StatusCode, got.Header.Get("Content-Type"))
			}
			for _, s := range c.says {
				if !strings.Contains(text, s) {
					t.Errorf("%q does not say %s", text, s)
				}
			}
			if c.hides != "" && strings.Contains(text, c.hides) {
				t.Errorf("%q says %s", text, c.hides)
			}
			if c.status == http.StatusMethodNotAllowed && !strings.Contains(got.Header.Get("Allow"), "GET") {
				t.Errorf("Allow: %s", got.Header.Get("Allow"))
			}
		})
	}
}

// A page that is packed once is right for every address, and its length is told
// for what is sent.
func TestPackedPage(t *testing.T) {
	h := pages()
	for _, host := range []string{"one.example.com", "two.example.com:8443", strings.Repeat("a", 63) + ".example.com"} {
		var answers []*http.Response
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			r := httptest.NewRequest(method, "http://"+host+"/workflow-soap/InvokerService?", nil)
			r.Header.Set("Accept-Encoding", "br, gzip;q=0.5")
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			answers = append(answers, w.Result())
		}
		page := unpacked(t, answers[0])
		want, err := wsdl.Page(append(shown(), internal(), dynamic()), topics(), "http://"+host+"/workflow-soap/InvokerService")
		if diff := cmp.Diff(string(want), page); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", host, err, diff)
		}
		if head := answers[1]; body(t, head) != "" || head.Header.Get("Content-Length") != answers[0].Header.Get("Content-Length") || head.Header.Get("Content-Encoding") != "gzip" {
			t.Errorf("%s: HEAD says %v", host, head.Header)
		}
	}
}
