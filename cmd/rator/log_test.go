package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/calllog"
	"rator/server"
	"rator/server/servertest"
	"rator/soap"
	"rator/suite"
	"rator/wire"
	"rator/workflow/value"
)

// TestLogCommand asks in every way for the calls that a server answered.
func TestLogCommand(t *testing.T) {
	s, endpoint, store := servertest.Logged(t, "SOAP_GET_OPER*")
	signedUp := servertest.CallAt(t, endpoint, "SOAP_SIGNUP_CUSTOMER", "sign-up", servertest.SignUpValues("one")...)
	account := accountOf(signedUp)
	servertest.CallAt(t, endpoint, "SOAP_GET_WEB_USER_PROFILE_INTERNAL", "profile", value.OfString("CUSTOMER_NUMBER", "100001"))
	servertest.CallAt(t, endpoint, "SOAP_GET_WEB_USER_PROFILE_INTERNAL", "nobody", value.OfString("CUSTOMER_NUMBER", "7"))
	servertest.CallAt(t, endpoint, "SOAP_GET_OPERATOR_THINGS", "skipped")
	servertest.CallAt(t, endpoint, "LOGGED", "logged", value.OfString("ACCOUNT_ID", account))
	for _, body := range []string{"<x>", "\x1b[2Jno XML"} {
		resp, err := http.Post(endpoint, "text/xml", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	}
	if err := s.Calls.Flush(); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) outcome { return rator(t, "", append(args, "--store", store)...) }
	ids := func(args ...string) string {
		t.Helper()
		o := run(append([]string{"log", "--json"}, args...)...)
		var calls []callJSON
		if err := json.Unmarshal([]byte(o.out), &calls); err != nil || (o.code == exitOK) != (len(calls) > 0) {
			t.Errorf("%v: %v %+v", args, err, o)
		}
		var all []string
		for _, c := range calls {
			all = append(all, c.ID)
		}
		return strings.Join(all, " ")
	}
	for args, want := range map[string]string{
		"":                             "1-6 1-5 1-4 1-3 1-2 1-1",
		"--limit 2":                    "1-6 1-5",
		"--limit 0 --since 1h":         "1-6 1-5 1-4 1-3 1-2 1-1",
		"--since 2999-01-01":           "",
		"--hookpoint SOAP_GET_*":       "1-3 1-2",
		"--request-id nobody":          "1-3",
		"--operator demo --outcome ok": "1-4 1-2 1-1",
		"--outcome failed":             "1-3",
		"--outcome UNKNOWN_CUSTOMER":   "1-3",
		"--outcome fault":              "1-6 1-5",
		"--object 100001":              "1-2 1-1",
		"--object " + account:          "1-4 1-2 1-1",
		"--account " + account:         "1-4 1-2 1-1",
		"--account 100001 --limit 1":   "1-2",
		"--brand DEMO --limit 2":       "1-4 1-3",
		"--hookpoint *_SUBSCRIPTIONS":  "1-1", // the one that was asked for calls it
		"--brand NONE":                 "",
		"--face soap --limit 1":        "1-6",
		"--face tmf":                   "",
	} {
		if got := ids(strings.Fields(args)...); got != want {
			t.Errorf("%s: %s, want %s", args, got, want)
		}
	}
	for _, want := range []string{
		`(?m)^ID +TIME +FACE +HOOKPOINT +BRAND +ACCOUNT +OPERATOR +OBJECT +OUTCOME +TOOK +REQUEST ID$`,
		`(?m)^1-1 +20\d\d-\S+Z +soap +SOAP_SIGNUP_CUSTOMER +DEMO +` + account + ` +demo +` + account + ` +ok +\S+ +sign-up$`,
		`(?m)^1-3 +\S+ +soap +SOAP_GET_WEB_USER_PROFILE_INTERNAL +DEMO +- +demo +\S+ +\d+ UNKNOWN_CUSTOMER +\S+ +nobody$`,
		`(?m)^1-4 +\S+ +soap +LOGGED +DEMO +- +demo +` + account + ` +ok +\S+ +logged$`,
		`(?m)^1-5 +\S+ +soap +- +- +- +- +- +fault Client +\S+ +-$`,
	} {
		if o := run("log", "list"); o.code != exitOK || o.err != "" || !regexp.MustCompile(want).MatchString(o.out) {
			t.Errorf("no %s in %+v", want, o)
		}
	}
	if o := run("log", "list", "--hookpoint", "NONE"); o.code != exitFailed || !strings.Contains(o.err, "no such call in "+server.CallLogOf(store)) {
		t.Errorf("%+v", o)
	}
	for _, id := range []string{"1-1", "sign-up"} {
		o := run("log", "show", id)
		for _, want := range []string{"Hookpoint    SOAP_SIGNUP_CUSTOMER\n", "Ran          CREATE_CUSTOMER SOAP_SIGNUP_CUSTOMER SOAP_SIGNUP_SUBSCRIPTIONS\n", "\nRequest\n<?xml", "\n        <hookpointKey>SOAP_SIGNUP_CUSTOMER</hookpointKey>\n", "\nAnswer\n<?xml", "\n        <errorCode>0</errorCode>\n", "<value>" + account + "</value>\n"} {
			if o.code != exitOK || !strings.Contains(o.out, want) {
				t.Errorf("%s: no %q in %+v", id, want, o)
			}
		}
	}
	masked := strings.ReplaceAll(string(soap.AppendRequest(nil, soap.Version11, "LOGGED", value.Tree{value.OfString("ACCOUNT_ID", account), servertest.Context()})),
		"<value>demo</value></value><value xsi:type=\"ns2:stringValueDTO\"><key>BRAND", "<value>***</value></value><value xsi:type=\"ns2:stringValueDTO\"><key>BRAND")
	if o := run("log", "show", "logged", "--request", "--raw"); o.out != masked || !strings.Contains(masked, "***") {
		t.Errorf("%s", cmp.Diff(masked, o.out))
	}
	if o := run("log", "show", "1-6", "--request"); o.out != "\uFFFD[2Jno XML\n" {
		t.Errorf("%q", o.out)
	}
	var shown struct {
		callJSON
		Request, RequestType, Answer, AnswerType string
	}
	if o := run("log", "show", "1-4", "--json"); json.Unmarshal([]byte(o.out), &shown) != nil || shown.Request != masked || shown.Object != account ||
		shown.Remote != "127.0.0.1" || shown.AnswerType != "text/xml; charset=utf-8" || !strings.Contains(shown.Answer, "<errorCode>0<") {
		t.Errorf("%+v", o)
	}
	_, metrics := servertest.Get(t, strings.TrimSuffix(endpoint, wire.Path)+"/metrics")
	for _, want := range []string{`(?m)^rator_call_log_calls_total 6$`, `(?m)^rator_call_log_dropped_total 0$`, `(?m)^rator_call_log_bytes [1-9]`, `(?m)^rator_call_log_oldest_timestamp_seconds [1-9]`} {
		if !regexp.MustCompile(want).MatchString(metrics) {
			t.Errorf("/metrics has no %s", want)
		}
	}
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"log show 1-7", exitFailed, "neither an id nor a request id of a call"},
		{"log show nobody-knows", exitFailed, "neither an id nor a request id of a call"},
		{"log show", exitUsage, "<id>"},
		{"log --since yesterday", exitUsage, `--since "yesterday" is neither a duration`},
		{"log --outcome UNHEARD_OF", exitUsage, "ok, failed, fault or the number"},
		{"log --hookpoint [", exitUsage, "is no pattern"},
		{"log --face rest", exitUsage, "is not soap or tmf"},
		{"log --limit -1", exitUsage, "--limit"},
		{"log purge", exitUsage, "--object ID, --before TIME"},
		{"log purge --before x", exitUsage, "--before"},
		{"log purge --object 1", exitUnreachable, "another process writes this call log; name the store of its server"},
		{"log list --call-log " + store + ".none", exitUnreachable, "there is no call log; rator serve keeps one"},
		{"log purge --object 1 --call-log " + store + ".none", exitUnreachable, "there is no call log"},
		{"record --from-log sign-up", exitUsage, "--dir is missing"},
		{"record --from-log sign-up --dir x --to http://127.0.0.1:1", exitUsage, "--to and --from-log exclude each other"},
		{"record --from-log 9-9 --dir x", exitFailed, "9-9 is neither an id nor a request id"},
		{"record --from-log 9-9 --dir x --call-log " + store + ".none", exitUnreachable, "there is no call log"},
		{"serve --call-log-size 5", exitUsage, "at least 1MiB"},
		{"serve --call-log-size x", exitUsage, "is no size such as 16MiB"},
		{"serve --call-log-age 5s", exitUsage, "at least a minute"},
		{"serve --call-log-age x", exitUsage, "is no duration such as 7d"},
		{"serve --call-log-skip [", exitUsage, "is no pattern"},
		{"serve --listen 127.0.0.1:0 --call-log " + store, exitUnreachable, "call log: "},
	} {
		other := servertest.StoreFile(t)
		if !strings.HasPrefix(c.args, "serve") {
			other = store
		}
		if o := rator(t, "", append(strings.Fields(c.args), "--store", other)...); o.code != c.code || !strings.Contains(o.out+o.err, c.says) {
			t.Errorf("%s: %+v", c.args, o)
		}
	}
}

// TestLogFollow: what comes is printed as it comes.
func TestLogFollow(t *testing.T) {
	_, endpoint, store := servertest.Logged(t)
	servertest.CallAt(t, endpoint, "LOGGED", "first", value.OfString("ACCOUNT_ID", "1"))
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var out servertest.LockedBuffer
	var ended sync.WaitGroup
	ended.Go(func() {
		terminal := &terminal{ctx: ctx, out: &out, err: io.Discard}
		if code := run(terminal, &commands{}, []string{"log", "--follow", "--json", "--hookpoint", "LOGGED", "--store", store}); code != exitOK {
			t.Errorf("exit code %d", code)
		}
	})
	wait := func(id string) {
		t.Helper()
		for !strings.Contains(out.String(), `"requestId":"`+id+`"`) {
			if ctx.Err() != nil {
				t.Fatalf("%s is not shown: %s", id, out.String())
			}
			time.Sleep(5 * time.Millisecond)
		}
	}
	wait("first")
	servertest.CallAt(t, endpoint, "NONE", "other")
	servertest.CallAt(t, endpoint, "LOGGED", "second", value.OfString("ACCOUNT_ID", "2"))
	wait("second")
	cancel()
	ended.Wait()
	if n := strings.Count(out.String(), "\n"); n != 2 {
		t.Errorf("%d lines: %s", n, out.String())
	}
}

// TestLogOfARunningServer: the log lies beside the store of rator serve, which says
// so; calls are purged while it runs, and in peace; switched off there is none; a
// backup leaves it out.
func TestLogOfARunningServer(t *testing.T) {
	p := startServer(t, "--demo")
	dir := server.CallLogOf(p.store)
	p.waitFor(t, dir)
	list := func(more ...string) outcome {
		return rator(t, "", append([]string{"log", "--store", p.store}, more...)...)
	}
	servertest.CallAt(t, p.endpoint, "SOAP_SIGNUP_CUSTOMER", "to-go", servertest.SignUpValues("to-go")...)
	servertest.CallAt(t, p.endpoint, "NONE", "to-stay")
	if o := list("--request-id", "to-stay"); o.code != exitOK {
		t.Errorf("a call just made is not found: %+v", o)
	}
	backup := filepath.Join(t.TempDir(), "copy.db")
	if o := rator(t, "", "backup", backup, "--store", p.store); o.code != exitOK {
		t.Fatalf("%+v", o)
	}
	if copied, err := os.ReadFile(backup); err != nil || bytes.Contains(copied, []byte("executeMethod")) {
		t.Errorf("the backup holds messages: %v", err)
	}
	if o := rator(t, "", "log", "purge", "--object", "to-go", "--before", "0s", "--store", p.store); o.code != exitOK || o.out != "1 calls purged\n" {
		t.Errorf("%+v", o)
	}
	if o := list("--request-id", "to-go"); o.code != exitFailed {
		t.Errorf("purged and there: %+v", o)
	}
	if o := rator(t, "", "log", "purge", "--object", "x", "--call-log", dir, "--store", p.store+"x"); o.code != exitUnreachable {
		t.Errorf("%+v", o)
	}
	servertest.CallAt(t, p.endpoint, "NONE", "after")
	if o := list("--request-id", "after"); o.code != exitOK {
		t.Errorf("a call just made is not found: %+v", o)
	}
	p.stop(t)
	if o := rator(t, "", "log", "purge", "--before", "0s", "--store", p.store); o.code != exitOK || !regexp.MustCompile(`^[3-9] calls purged\n$`).MatchString(o.out) {
		t.Errorf("%+v", o)
	}
	if o := list(); o.code != exitFailed {
		t.Errorf("%+v", o)
	}

	off := startServer(t, "--demo", "--call-log", "off")
	if _, err := os.Stat(server.CallLogOf(off.store)); !os.IsNotExist(err) || strings.Contains(off.log.String(), "call log") {
		t.Errorf("switched off: %v\n%s", err, off.log.String())
	}
}

// TestKilledServerKeepsItsLog kills servers under traffic: what their logs hold is
// whole, and each goes on in the log of the one before.
func TestKilledServerKeepsItsLog(t *testing.T) {
	t.Parallel()
	rounds := suite.Rounds(t, 2, 8)
	c := &crash{file: servertest.StoreFile(t), acknowledged: map[string]string{}}
	c.letIn(t)
	seen := 0
	for range rounds {
		p := spawn(t, "--store", c.file)
		c.round(t, p, 4, 700*time.Millisecond)
		r, err := calllog.OpenReader(server.CallLogOf(c.file))
		if err != nil {
			t.Fatal(err)
		}
		before := seen
		seen = 0
		for k, err := range r.Calls(&calllog.Query{}) {
			if err != nil {
				t.Fatal(err)
			}
			request, answer, err := r.Messages(k)
			if err != nil || !bytes.Contains(request, []byte(k.RequestID)) || !bytes.Contains(answer, []byte(k.RequestID)) {
				t.Fatalf("%+v: %v\n%s\n%s", k.Call, err, request, answer)
			}
			seen++
		}
		if seen < before {
			t.Errorf("%d calls, and %d before", seen, before)
		}
	}
	t.Logf("%d of %d acknowledged calls are in the log of %d killed servers", seen, len(c.acknowledged), rounds)
	if seen == 0 {
		t.Error("nothing was logged")
	}
}

// TestIndentXML: tags and texts stay as they are; what is no XML too.
func TestIndentXML(t *testing.T) {
	for in, want := range map[string]string{
		`<?xml version="1.0"?><a x='1'><b>t &amp; <![CDATA[<]]></b><c/><d></d></a>`: "<?xml version=\"1.0\"?>\n<a x='1'>\n  <b>t &amp; <![CDATA[<]]></b>\n  <c/>\n  <d></d>\n</a>",
		"<a>\n   <b> x </b>\n\n</a>\n":                                              "<a>\n  <b> x </b>\n</a>",
		"<p:a xmlns:p=\"u\">mixed <b>x</b> text</p:a>":                              "<p:a xmlns:p=\"u\">mixed \n  <b>x</b>\n  text\n</p:a>",
		"<a><b>":            "<a>\n  <b>",
		"<a></b></a>":       "<a></b>\n</a>",
		"no XML":            "no XML",
		"<a>x<":             "<a>x\n  <",
		"":                  "",
		"<a><!-- c --></a>": "<a>\n  <!-- c -->\n</a>",
	} {
		if got := indentXML(in); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", in, got, want)
		}
	}
}
