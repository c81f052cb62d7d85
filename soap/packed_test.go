package soap_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"rator/soap"
	"rator/transport"
	"rator/wire"
	"rator/workflow"
	"rator/workflow/value"
)

// packed is text in a coding: gzip, zlib or bare.
func packed(t testing.TB, coding, text string) string {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	switch coding {
	case "gzip":
		w = gzip.NewWriter(&b)
	case "zlib":
		w = zlib.NewWriter(&b)
	default:
		bare, err := flate.NewWriter(&b, flate.BestCompression)
		if err != nil {
			t.Fatal(err)
		}
		w = bare
	}
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestPackedRequests(t *testing.T) {
	var hits limitsHit
	var logged []string
	h := soap.NewHandler(echo, soap.Options{Metrics: soap.Metrics{LimitHit: hits.hit}, Answered: func(a *soap.Answered) { logged = append(logged, a.Request) }})
	whole := packed(t, "gzip", request)
	longer := request // than any hookpoint takes
	for len(longer) <= soap.DefaultHookpointBytes {
		longer += "<!--" + strings.Repeat(" ", 60_000) + "-->"
	}
	for _, c := range []struct {
		name, coding, body string
		want               string // part of the fault; "" = taken
	}{
		{"gzip", "gzip", whole, ""},
		{"by its old name", "X-GZIP", whole, ""},
		{"in two members", "gzip", packed(t, "gzip", request[:50]) + packed(t, "gzip", request[50:]), ""},
		{"zlib", "deflate", packed(t, "zlib", request), ""},
		{"bare deflate", "deflate", packed(t, "bare", request), ""},
		{"among identities", "identity, gzip", whole, ""},
		{"cut off", "gzip", whole[:len(whole)-9], "the gzip body ends before its end: send it whole"},
		{"cut off in its head", "gzip", whole[:5], "the gzip body ends before its end"},
		{"nothing", "gzip", "", "the gzip body ends before its end"},
		{"bare, cut off", "deflate", packed(t, "bare", request)[:30], "the deflate body ends before its end"},
		{"not packed", "gzip", request, "not gzip as its Content-Encoding says"},
		{"wrong sum", "gzip", whole[:len(whole)-8] + "\x00\x00\x00\x00" + whole[len(whole)-4:], "not gzip as its Content-Encoding says: gzip: invalid checksum"},
		{"something behind", "deflate", packed(t, "zlib", request) + "<x/>", "something follows its end"},
		{"bomb", "gzip", packed(t, "gzip", request+strings.Repeat(" ", 100<<20)), "(limit message_bytes)"},
		{"bomb in zlib", "deflate", packed(t, "zlib", strings.Repeat("<", 100<<20)), "(limit message_bytes)"},
		{"too long for the hookpoint", "gzip", packed(t, "gzip", longer), "(limit hookpoint_bytes)"},
		{"too long as it comes", "gzip", strings.Repeat(packed(t, "gzip", ""), (1<<20)/23+1), "(limit message_bytes)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			logged = nil
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			w := post(h, c.body, header("Content-Encoding", c.coding))
			runtime.ReadMemStats(&after)
			if taken := w.Code == 200; taken != (c.want == "") || !strings.Contains(w.Body.String(), c.want) {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			if c.want != "" && !strings.Contains(w.Body.String(), "S:Client") {
				t.Errorf("no fault of the client: %s", w.Body)
			}
			if c.want == "" && (len(logged) != 1 || logged[0] != request) {
				t.Errorf("logged %q", logged)
			}
			if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 8<<20 { // security.md
				t.Errorf("%d bytes allocated", allocated)
			}
		})
	}
	if len(hits.seen) != 4 {
		t.Errorf("limits told: %v", hits.seen)
	}
}

// long is an answer worth packing; its key PIN makes it secret.
func long(key string) invoke {
	return func(context.Context, workflow.Request) (workflow.Result, error) {
		return workflow.Result{Values: value.Tree{value.OfString(key, strings.Repeat("Åse ", transport.WorthPacking))}}, nil
	}
}

func TestPackedAnswers(t *testing.T) {
	options := soap.Options{Secret: func(hookpoint string, answer value.Tree) bool {
		return hookpoint != "SIGNUP" || answer.Text("PIN") != ""
	}}
	short := invoke(func(context.Context, workflow.Request) (workflow.Result, error) { return workflow.Result{}, nil })
	for _, c := range []struct {
		name, accepts string
		invoke        invoke
		options       soap.Options
		body          string
		packed        bool
	}{
		{"asked for", "gzip", long("NAME"), options, request, true},
		{"as PHP asks", "gzip, deflate", long("NAME"), options, request, true},
		{"as a browser asks", "gzip, deflate, br, zstd", long("NAME"), options, request, true},
		{"anything", "*", long("NAME"), options, request, true},
		{"by weight", "br;q=1, GZIP ; Q=0.001", long("NAME"), options, request, true},
		{"not asked for", "", long("NAME"), options, request, false},
		{"something else", "br, deflate", long("NAME"), options, request, false},
		{"refused", "gzip;q=0, *", long("NAME"), options, request, false},
		{"refused with all", "*;q=0", long("NAME"), options, request, false},
		{"rather not", "gzip;q=0.5, identity", long("NAME"), options, request, false},
		{"a weight that is none", "gzip;q=2", long("NAME"), options, request, false},
		{"short", "gzip", short, options, request, false},
		{"secret", "gzip", long("PIN"), options, request, false},
		{"of another hookpoint", "gzip", long("NAME"), options, strings.Replace(request, "SIGNUP", "OTHER", 1), false},
		{"nobody says what is secret", "gzip", long("NAME"), soap.Options{}, request, false},
		{"fault", "gzip", long("NAME"), options, "<" + strings.Repeat("x", 120) + ">", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var told string
			c.options.Answered = func(a *soap.Answered) { told = string(a.Answer) }
			h := soap.NewHandler(c.invoke, c.options)
			plain := post(h, c.body).Body.String()
			w := post(h, c.body, header("Accept-Encoding", c.accepts))
			if told != plain {
				t.Errorf("the log was told %q", told)
			}
			if w.Header().Get("Content-Length") != strconv.Itoa(w.Body.Len()) {
				t.Errorf("Content-Length %s of %d", w.Header().Get("Content-Length"), w.Body.Len())
			}
			got := w.Body.String()
			if c.packed {
				if w.Header().Get("Vary") != "Accept-Encoding" || w.Body.Len() >= len(plain) {
					t.Errorf("%d bytes for %d, Vary %q", w.Body.Len(), len(plain), w.Header().Get("Vary"))
				}
				r, err := gzip.NewReader(w.Body)
				if err != nil {
					t.Fatal(err)
				}
				text, err := io.ReadAll(r)
				if err != nil {
					t.Fatal(err)
				}
				got = string(text)
			}
			if is := w.Header().Get("Content-Encoding") == "gzip"; is != c.packed || got != plain {
				t.Errorf("Content-Encoding %q, want packed %t: %.100q", w.Header().Get("Content-Encoding"), c.packed, got)
			}
		})
	}
}

// The client of this house reads packed answers, as net/http's does.
func TestClientReadsPackedAnswers(t *testing.T) {
	h := soap.NewHandler(long("NAME"), soap.Options{Secret: func(string, value.Tree) bool { return false }})
	codings := make(chan string, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r)
		codings <- w.Header().Get("Content-Encoding")
	}))
	defer server.Close()
	result, err := (&soap.Client{URL: server.URL}).Call(t.Context(), soap.Call{Hookpoint: "SIGNUP"})
	if coding := <-codings; err != nil || coding != "gzip" || !strings.HasPrefix(result.Values.Text("NAME"), "Åse ") {
		t.Errorf("%v, %q, %.40q", err, coding, result.Values.Text("NAME"))
	}
}

// BenchmarkCall is a call through the handler: as most clients make it, and with
// what is packed.
func BenchmarkCall(b *testing.B) {
	message := signup(b)
	small := packed(b, "gzip", message)
	h := soap.NewHandler(echo, soap.Options{Secret: func(string, value.Tree) bool { return false }})
	for _, c := range []struct{ name, body, header, text string }{
		{"plain", message, "SOAPAction", `""`},
		{"gzip-request", small, "Content-Encoding", "gzip"},
		{"gzip-answer", message, "Accept-Encoding", "gzip"},
	} {
		b.Run(c.name, func(b *testing.B) {
			r := httptest.NewRequest(http.MethodPost, wire.Path, nil)
			r.Header.Set("Content-Type", "text/xml; charset=utf-8")
			r.Header.Set(c.header, c.text)
			w := &discarded{header: http.Header{}}
			b.ReportAllocs()
			for b.Loop() {
				clear(w.header)
				r.Body, r.ContentLength = io.NopCloser(strings.NewReader(c.body)), int64(len(c.body))
				h.ServeHTTP(w, r)
			}
			if w.status != 200 {
				b.Fatal(w.status)
			}
		})
	}
}

type discarded struct {
	header http.Header
	status int
}

func (d *discarded) Header() http.Header         { return d.header }
func (d *discarded) WriteHeader(status int)      { d.status = status }
func (d *discarded) Write(p []byte) (int, error) { return len(p), nil }
