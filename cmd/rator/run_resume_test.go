package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"rator/batch"
	"rator/failure"
	"rator/wire"
)

// behind puts a stop on the way to the server: each call is told to at, which
// may answer it. Calls are kept with their request ids.
func (r *runner) behind(t *testing.T, at func(call int, w http.ResponseWriter, req *http.Request, forward func(http.ResponseWriter)) bool) (asked func() []string) {
	t.Helper()
	var mu sync.Mutex
	var ids []string
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return
		}
		mu.Lock()
		ids = append(ids, req.Header.Get("Idempotency-Key"))
		call := len(ids)
		mu.Unlock()
		forward := func(w http.ResponseWriter) {
			again, err := http.NewRequestWithContext(context.WithoutCancel(req.Context()), req.Method, "/", bytes.NewReader(body))
			if err != nil {
				t.Error(err)
			}
			again.Header, again.RemoteAddr, again.URL.Path = req.Header, req.RemoteAddr, wire.Path
			r.Handler.ServeHTTP(w, again)
		}
		if at == nil || !at(call, w, req, forward) {
			forward(w)
		}
	}))
	t.Cleanup(web.Close)
	r.url = web.URL + wire.Path
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(ids)
	}
}

// TestRunResumes: a run that is interrupted after a call was done, and before its
// answer was heard, goes on where it was, and no row is done twice.
func TestRunResumes(t *testing.T) {
	for _, jobs := range []string{"1", "3"} {
		t.Run(jobs+" jobs", func(t *testing.T) {
			r := newRunner(t)
			people(t, 8, 0)
			ctx, interrupt := context.WithCancel(t.Context())
			asked := r.behind(t, func(call int, w http.ResponseWriter, req *http.Request, forward func(http.ResponseWriter)) bool {
				if call != 10 {
					return false
				}
				forward(httptest.NewRecorder())
				interrupt()
				<-req.Context().Done()
				return true
			})
			o := r.run(ctx, peopleRun+"--jobs "+jobs)
			if o.code != exitFailed || !strings.Contains(o.err, "rator: interrupted; the same command goes on where this one ended") || strings.Contains(o.out, " 0 left") {
				t.Fatalf("%+v", o)
			}
			// Of 9 calls before it, with 3 rows at a time and 3 calls a row, at
			// least one row's were all of them. Other jobs go on while it is done.
			most := 3
			if jobs != "1" {
				most = 7
			}
			done := len(resultsOf(t, "people.csv.results.jsonl"))
			if done == 0 || done > most {
				t.Errorf("%d rows were done", done)
			}
			before := len(asked())
			// A crash leaves half a line.
			f, err := os.OpenFile("people.csv.results.jsonl", os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprint(f, `{"row":5,"outcome":"ok"`)
			f.Close()

			o = r.run(t.Context(), peopleRun+"--jobs "+jobs)
			if o.code != exitOK || !strings.HasPrefix(o.out, "8 rows: 8 ok, 0 failed, 0 left;") || !strings.Contains(o.err, fmt.Sprintf("%d of 8 rows are done", done)) {
				t.Fatalf("%+v", o)
			}
			if !strings.Contains(o.err, "calls had been made before; the answers kept from then were taken") {
				t.Errorf("nothing was repeated:\n%s", o.err)
			}
			all := resultsOf(t, "people.csv.results.jsonl")
			if len(all) != 8 || r.customers(t) != 8 {
				t.Errorf("%d results, %d customers", len(all), r.customers(t))
			}
			ids := asked()
			calls := 0
			for _, one := range all {
				calls += one.Calls
			}
			if slices.Sort(ids); calls != 24 || len(slices.Compact(ids)) != 24 {
				t.Errorf("%d calls, %d request ids: %v", calls, len(ids), ids)
			}
			// A third time there is nothing to do.
			if o := r.run(t.Context(), peopleRun); o.code != exitOK || len(asked()) != len(ids) && len(asked()) < before {
				t.Errorf("%+v", o)
			}
			// Without the results nothing is done twice either.
			if err := os.Remove("people.csv.results.jsonl"); err != nil {
				t.Fatal(err)
			}
			if o := r.run(t.Context(), peopleRun+"--json"); o.code != exitOK || !strings.Contains(o.out, `"repeated":24`) || r.customers(t) != 8 {
				t.Errorf("%+v", o)
			}
		})
	}
}

// TestRunFailingRow: a row that fails is told with its line, and the others go on;
// --stop-on-error begins no more.
func TestRunFailingRow(t *testing.T) {
	r := newRunner(t)
	people(t, 5, 3)
	o := r.run(t.Context(), peopleRun)
	const complaint = "people.csv:4: row 3: chain.star:3:15: api.SOAP_SIGNUP_CUSTOMER: USERNAME_NOT_UNIQUE: username is not unique"
	if o.code != exitFailed || !strings.HasPrefix(o.out, "5 rows: 4 ok, 1 failed, 0 left;") || !strings.HasPrefix(o.err, complaint) {
		t.Errorf("%+v", o)
	}
	bad := resultsOf(t, "people.csv.results.jsonl")[3]
	if bad.Outcome != batch.Failed || bad.Values != nil || bad.Error == nil || bad.Error.Code != "USERNAME_NOT_UNIQUE" || bad.Error.File != "chain.star" || bad.Error.Line != 3 || bad.Error.Column != 15 || bad.Error.Step != "api.SOAP_SIGNUP_CUSTOMER" || bad.Calls != 1 {
		t.Errorf("%+v %+v", bad, bad.Error)
	}
	if o := r.run(t.Context(), peopleRun); o.code != exitFailed || !strings.HasPrefix(o.out, "5 rows: 4 ok, 1 failed, 0 left;") {
		t.Errorf("again: %+v", o)
	}
	people(t, 6, 3)
	o = r.run(t.Context(), peopleRun+"--stop-on-error --results other.jsonl --set REFERENCED_BY=x")
	if o.code != exitFailed || !strings.HasPrefix(o.out, "6 rows: 0 ok, 1 failed, 5 left; results in other.jsonl") {
		t.Errorf("stop: %+v", o)
	}
	if got := r.customers(t); got != 4 {
		t.Errorf("%d customers", got)
	}
}

// TestRunStops: what is no row's fault ends the run, and its row is not done.
func TestRunStops(t *testing.T) {
	fault := `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><S:Fault><faultcode>S:Server</faultcode><faultstring>down</faultstring></S:Fault></S:Body></S:Envelope>`
	answer := func(code failure.Code) string {
		return fmt.Sprintf(`<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><n:executeMethodResponse xmlns:n="http://soap.CDRator.com/"><return><errorCode>%d</errorCode><errorMessage>%s</errorMessage><status>2</status></return></n:executeMethodResponse></S:Body></S:Envelope>`, code.Number, code.Name)
	}
	xml := func(status int, body string) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "text/xml; charset=utf-8")
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		}
	}
	proxy := func(w http.ResponseWriter) { http.Error(w, "<html>", http.StatusBadGateway) }
	for _, c := range []struct {
		name   string
		answer func(http.ResponseWriter)
		from   int // call, and those after it
		to     int // call from which on all is well
		code   int
		says   string
		out    string
	}{
		{"busy for long", xml(200, answer(*failure.TryAgain)), 4, 99, exitUnreachable, "chain.star:3:15: api.SOAP_SIGNUP_CUSTOMER: BUSY", "3 rows: 1 ok, 0 failed, 2 left"},
		{"busy for a while", xml(200, answer(*failure.TryAgain)), 4, 6, exitOK, "", "3 rows: 3 ok, 0 failed, 0 left"},
		{"a fault for a while", xml(500, fault), 4, 6, exitOK, "", "3 rows: 3 ok, 0 failed, 0 left"},
		{"a fault for long", xml(500, fault), 4, 7, exitFailed, "row 2: chain.star:3:15: api.SOAP_SIGNUP_CUSTOMER: soap fault Server: down", "3 rows: 2 ok, 1 failed, 0 left"},
		{"no SOAP", proxy, 4, 99, exitUnreachable, "502 Bad Gateway", "3 rows: 1 ok, 0 failed, 2 left"},
		{"wrong password", xml(200, answer(*failure.NotAuthenticated)), 4, 99, exitFailed, "NOT_AUTHENTICATED", "3 rows: 1 ok, 0 failed, 2 left"},
		{"no right", xml(200, answer(*failure.NotAllowed)), 5, 99, exitFailed, "chain.star:5:15: api.SOAP_SIGNUP_SUBSCRIPTION: NOT_ALLOWED", "3 rows: 1 ok, 0 failed, 2 left"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRunner(t)
			people(t, 3, 0)
			well := false
			r.behind(t, func(call int, w http.ResponseWriter, _ *http.Request, _ func(http.ResponseWriter)) bool {
				if well || call < c.from || call >= c.to {
					return false
				}
				c.answer(w)
				return true
			})
			o := r.run(t.Context(), peopleRun)
			if o.code != c.code || !strings.Contains(o.err, c.says) || !strings.HasPrefix(o.out, c.out) {
				t.Errorf("%+v", o)
			}
			well = true
			if o := r.run(t.Context(), peopleRun); o.code != exitOK || !strings.HasPrefix(o.out, "3 rows: 3 ok, 0 failed, 0 left") || r.customers(t) != 3 {
				t.Errorf("going on: %+v", o)
			}
		})
	}
}
