package wsdl_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/workflow/contract"
	"rator/wsdl"
)

const endpoint = "http://bss.example.com:8080/workflow-soap/InvokerService"

func pages() http.Handler {
	all := append(shown(), internal(), dynamic())
	return wsdl.New(func() []*contract.Contract { return all }, func(r *http.Request) string { return wsdl.Address(r, false) })
}

func ask(method, query string) *http.Response {
	w := httptest.NewRecorder()
	pages().ServeHTTP(w, httptest.NewRequest(method, endpoint+query, nil))
	return w.Result()
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
	typed, err := wsdl.Typed(signup(), endpoint)
	if err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
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
