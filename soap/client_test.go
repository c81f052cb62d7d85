package soap_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/soap"
	"rator/transport"
	"rator/unit"
	"rator/wire"
	"rator/workflow"
	"rator/workflow/value"
)

// everything is a tree with every type, null, empty and what must be escaped.
var everything = value.Tree{
	value.OfString("NAME", "Åse & <Øre> €"),
	value.OfString("INJECTION", `</value></values><values><key>X</key><value>`),
	value.OfString("CDATA", "]]><![CDATA[<!-- & -->"),
	value.OfString("QUOTES", `"'`),
	value.OfString("LINES", "a\r\nb\rc\td\n"),
	value.OfString("SPACE", "  "),
	value.OfString("EMPTY", ""),
	value.OfString("WIDE", "😀\u0085\u2028\uFFFD"),
	value.OfString("<key>&amp;", "a key is text too"),
	value.OfString("SCRIPT", "def run(p):\n  return {}"),
	value.OfNull("NULL", value.Long),
	value.OfLong("LONG", 9007199254740993),
	value.OfDouble("DOUBLE", 12.5),
	{Key: "FLOAT", Type: value.Float, Text: "1.5"},
	value.OfBoolean("BOOLEAN", true),
	{Key: "DATE", Type: value.Date, Text: "1980-01-31T00:00:00"},
	value.Of("COMPLEX", value.OfString("ID", "1"), value.OfString("ID", "2"), value.Of("INNER", value.OfLong("N", 7))),
	value.Of("NOTHING"),
}

func TestClientCalls(t *testing.T) {
	var got workflow.Request
	server := httptest.NewServer(soap.NewHandler(invoke(func(_ context.Context, r workflow.Request) (workflow.Result, error) {
		got = r
		return workflow.Result{ErrorCode: 104, ErrorMessage: "username is <not> unique", Status: 1, Values: r.Values, Replayed: true}, nil
	}), soap.Options{}))
	defer server.Close()
	for _, version := range []soap.Version{soap.Version11, soap.Version12} {
		client := soap.Client{URL: server.URL + wire.Path, Version: version}
		result, err := client.Call(t.Context(), soap.Call{Hookpoint: "SIGNUP", Values: everything, RequestID: "r-1"})
		if err != nil {
			t.Fatal(err)
		}
		if got.Hookpoint != "SIGNUP" || got.RequestID != "r-1" {
			t.Errorf("SOAP %s: the server got %q %q", version, got.Hookpoint, got.RequestID)
		}
		if diff := cmp.Diff(everything, got.Values); diff != "" {
			t.Errorf("SOAP %s: request (-want +got):\n%s", version, diff)
		}
		want := workflow.Result{ErrorCode: 104, ErrorMessage: "username is <not> unique", Status: 1, Values: everything, Replayed: true}
		if diff := cmp.Diff(want, result); diff != "" {
			t.Errorf("SOAP %s: answer (-want +got):\n%s", version, diff)
		}
	}
}

// TestClientUnpacks: net/http unpacks gzip when it asked for it, and nothing else.
func TestClientUnpacks(t *testing.T) {
	message := envelope(`<S:Body><n:executeMethodResponse xmlns:n="http://soap.CDRator.com/"><return><errorCode>104</errorCode></return></n:executeMethodResponse></S:Body>`)
	var deflated bytes.Buffer
	w := zlib.NewWriter(&deflated)
	if _, err := io.WriteString(w, message); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for coding, c := range map[string]struct{ body, want string }{
		"deflate": {deflated.String(), ""},
		"x-gzip":  {string(transport.AppendGzip(nil, []byte(message))), ""},
		"gzip":    {message, "the body is not gzip"},
		"br":      {message, "body is in br, which is not known here"},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/xml")
			w.Header().Set("Content-Encoding", coding)
			fmt.Fprint(w, c.body)
		}))
		client := soap.Client{URL: server.URL, HTTP: &http.Client{Transport: &http.Transport{DisableCompression: true}}}
		r, err := client.Call(t.Context(), soap.Call{Hookpoint: "SIGNUP"})
		server.Close()
		if c.want == "" && (err != nil || r.ErrorCode != 104) || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %+v, %v", coding, r, err)
		}
	}
}

func TestClientGetsFaults(t *testing.T) {
	server := httptest.NewServer(soap.NewHandler(invoke(func(context.Context, workflow.Request) (workflow.Result, error) {
		return workflow.Result{}, unit.ErrOutcomeUnknown
	}), soap.Options{NewNumber: func() string { return "7" }}))
	defer server.Close()
	for _, version := range []soap.Version{soap.Version11, soap.Version12} {
		client := soap.Client{URL: server.URL + wire.Path, Version: version}
		for hookpoint, want := range map[string]soap.Fault{
			"":       {Code: soap.FaultClient, Text: "executeMethod names no hookpoint: put its key into arg0/hookpointKey"},
			"SIGNUP": {Code: soap.FaultServer, Text: "outcome unknown, repeat with the same request id (incident 7)"},
		} {
			_, err := client.Call(t.Context(), soap.Call{Hookpoint: hookpoint})
			var fault *soap.Fault
			if !errors.As(err, &fault) {
				t.Fatalf("SOAP %s: %v", version, err)
			}
			if diff := cmp.Diff(&want, fault); diff != "" {
				t.Errorf("SOAP %s (-want +got):\n%s", version, diff)
			}
		}
	}
}

func TestClientReportsWhatIsNoAnswer(t *testing.T) {
	answer := func(inside string) string {
		return envelope(`<S:Body><n:executeMethodResponse xmlns:n="http://soap.CDRator.com/">` + inside + `</n:executeMethodResponse></S:Body>`)
	}
	for _, c := range []struct{ name, contentType, body, want string }{
		{"page", "text/html", "<html>", "answered 502 Bad Gateway with text/html, which is not SOAP"},
		{"page sent as xml", "text/xml", "<html/>", "1:1: the root element {}html is not a SOAP Envelope"},
		{"cut off", "text/xml", answer("")[:80], "the message ends inside"},
		{"other envelope", "text/xml", `<Envelope xmlns="urn:x"/>`, "Expecting Envelope in namespace"},
		{"no body", "text/xml", envelope(""), "the Envelope has no Body"},
		{"no return", "text/xml", answer(""), "the answer has no return"},
		{"not ours", "text/xml", envelope("<S:Body><x/></S:Body>"), "{}x is not the answer to executeMethod"},
		{"bad number", "text/xml", answer("<return><errorCode>many</errorCode></return>"), `errorCode is not a number: "many"`},
		{"too long", "text/xml", answer(strings.Repeat(" ", 2000)), "longer than 1000 bytes (limit message_bytes)"},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", c.contentType)
			w.WriteHeader(http.StatusBadGateway)
			fmt.Fprint(w, c.body)
		}))
		limits := soap.DefaultAnswerLimits()
		limits.MessageBytes = 1000
		client := soap.Client{URL: strings.Replace(server.URL, "//", "//operator:secret@", 1), Limits: limits}
		_, err := client.Call(t.Context(), soap.Call{Hookpoint: "SIGNUP"})
		server.Close()
		var fault *soap.Fault
		switch {
		case err == nil || !strings.Contains(err.Error(), c.want):
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		case errors.As(err, &fault):
			t.Errorf("%s: taken for a fault of the server: %v", c.name, err)
		case strings.Contains(err.Error(), "secret"):
			t.Errorf("%s: the error shows the password: %v", c.name, err)
		}
	}
}

func TestClientReportsAnUnreachableServer(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	for _, url := range []string{server.URL, "::"} {
		if _, err := (&soap.Client{URL: url}).Call(t.Context(), soap.Call{}); err == nil {
			t.Errorf("%s answered", url)
		}
	}
}
