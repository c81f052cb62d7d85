package main

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"rator/server/servertest"
	"rator/tmf"
)

// TestLogCommandTMF: calls over TM Forum stand among those over SOAP, and are found and
// shown by what they have.
func TestLogCommandTMF(t *testing.T) {
	s, endpoint, store := servertest.Logged(t, "TMF_DELETE_*", "/customerManagement/skipped")
	tmfs := servertest.TMFAt(t, endpoint)
	servertest.CallAt(t, endpoint, "NONE", "over-soap")
	_, made := tmfs.Ask("POST", "/customerManagement/customer", `{"name":"Åse","characteristic":[{"name":"pin","value":"2468"}]}`, "Idempotency-Key: made")
	var customer struct{ ID string }
	if err := json.Unmarshal([]byte(made), &customer); err != nil {
		t.Fatal(err, made)
	}
	id := customer.ID
	tmfs.Ask("GET", "/customerManagement/customer?name=%C3%85se&fields=id", "")
	tmfs.Ask("PATCH", "/tmf-api/customerManagement/v4/customer/"+id, `{"name":7}`, "X-Brand-Key: NONE", "Idempotency-Key: wrong")
	tmfs.Ask("GET", "/customerManagement/nothing", "")
	tmfs.Ask("GET", "/customerManagement/skipped", "")
	tmfs.Ask("DELETE", "/customerManagement/customer/"+id, "")
	tmfs.Ask("GET", "/customerManagement/openapi.json", "")
	if err := s.Calls.Flush(); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) outcome { return rator(t, "", append(args, "--store", store)...) }
	for args, want := range map[string]string{
		"":                                  "1-5 1-4 1-3 1-2 1-1",
		"--face tmf":                        "1-5 1-4 1-3 1-2",
		"--face soap":                       "1-1",
		"--hookpoint TMF_GET_CUSTOMER":      "1-3",
		"--hookpoint /customerManagement/*": "1-5 1-3 1-2",
		"--hookpoint /tmf-api/*/v4/*/*":     "1-4",
		"--account " + id:                   "1-4 1-3 1-2",
		"--account " + id[1:]:               "1-4 1-3 1-2",
		"--object " + id:                    "1-4 1-3 1-2",
		"--object Åse":                      "1-3 1-2",
		"--brand DEMO --face tmf":           "1-3 1-2",
		"--request-id made":                 "1-2",
		"--outcome failed":                  "1-5 1-4",
		"--outcome 404":                     "1-5",
		"--outcome 4041":                    "1-5",
		"--outcome ok":                      "1-3 1-2",
	} {
		o := run(append([]string{"log", "--json"}, strings.Fields(args)...)...)
		var calls []callJSON
		if err := json.Unmarshal([]byte(o.out), &calls); err != nil {
			t.Errorf("%s: %v %+v", args, err, o)
		}
		var ids []string
		for _, c := range calls {
			ids = append(ids, c.ID)
		}
		if got := strings.Join(ids, " "); got != want && !(args == "--outcome failed" && got == want+" 1-1") {
			t.Errorf("%s: %s, want %s", args, got, want)
		}
	}
	listed := run("log").out
	for _, want := range []string{
		`(?m)^1-2 +\S+ +tmf +TMF_CREATE_CUSTOMER +DEMO +` + id[1:] + ` +demo +` + id + ` +ok +\S+ +made$`,
		`(?m)^1-3 +\S+ +tmf +TMF_GET_CUSTOMER +DEMO +- +demo +- +ok +\S+ +-$`,
		`(?m)^1-4 +\S+ +tmf +TMF_UPDATE_CUSTOMER +NONE +` + id[1:] + ` +demo +` + id + ` +HTTP 400 \d+ +\S+ +wrong$`,
		`(?m)^1-5 +\S+ +tmf +GET /customerManagement/nothing +- +- +demo +- +HTTP 404 4041 +\S+ +-$`,
	} {
		if !regexp.MustCompile(want).MatchString(listed) {
			t.Errorf("no %s in\n%s", want, listed)
		}
	}
	shown := run("log", "show", "made")
	for _, want := range []string{
		"\nFace          tmf\n", "\nHTTP request  POST /customerManagement/customer\n", "\nHTTP status   201\n",
		"\nRequest\n{\n  \"name\": \"Åse\",\n  \"characteristic\": [\n    {\n      \"name\": \"pin\",\n      \"value\": \"***\"\n    }\n  ]\n}\n", "\nAnswer\n{\n  \"id\": \"" + id + "\",\n",
	} {
		if shown.code != exitOK || !strings.Contains(shown.out, want) {
			t.Errorf("no %q in %+v", want, shown)
		}
	}
	if o := run("log", "show", "1-3"); strings.Contains(o.out, "Request\n") || !strings.Contains(o.out, "GET /customerManagement/customer?name=%C3%85se&fields=id\n") {
		t.Errorf("%+v", o)
	}
	var whole struct {
		callJSON
		Request, Answer string
		AnswerBytes     int64
	}
	if o := run("log", "show", "1-2", "--json"); json.Unmarshal([]byte(o.out), &whole) != nil || whole.Method != "POST" || whole.Target != "/customerManagement/customer" ||
		whole.Face != "tmf" || whole.Answer != strings.Replace(made, "2468", "***", 1) || whole.AnswerBytes != 0 || strings.Join(whole.Accounts, " ") != id[1:] {
		t.Errorf("%+v", o)
	}
	if o := run("record", "--from-log", "made", "--dir", t.TempDir()); o.code != exitFailed || !strings.Contains(o.err, "1-2 is a call of TM Forum, POST /customerManagement/customer: fixtures are made of SOAP calls") {
		t.Errorf("%+v", o)
	}
}

// TestLogOfALongList: of a list that is longer than the log keeps there is the beginning,
// and how long it was.
func TestLogOfALongList(t *testing.T) {
	s, endpoint, store := servertest.Logged(t)
	tmfs := servertest.TMFAt(t, endpoint)
	for range 4 {
		tmfs.Ask("POST", "/customerManagement/customer", `{"name":"Bo","description":"`+strings.Repeat("long ", 5000)+`"}`)
	}
	_, list := tmfs.Ask("GET", "/customerManagement/customer", "")
	if len(list) < tmf.AnswerKept {
		t.Fatal(len(list))
	}
	if err := s.Calls.Flush(); err != nil {
		t.Fatal(err)
	}
	o := rator(t, "", "log", "show", "1-5", "--store", store)
	if want := fmt.Sprintf("\nAnswer, the beginning of %d bytes\n[\n  {\n    \"id\": \"c", len(list)); !strings.Contains(o.out, want) || len(o.out) < tmf.AnswerKept/2 {
		t.Errorf("no %q in %d bytes: %.900s", want, len(o.out), o.out)
	}
}

// TestIndentJSON: texts stay as they are, what is broken too.
func TestIndentJSON(t *testing.T) {
	for in, want := range map[string]string{
		`{"a":1,"b":[true,null,{"c":"x, {y}: \"z\\"}],"d":{},"e":[ ]}`: "{\n  \"a\": 1,\n  \"b\": [\n    true,\n    null,\n    {\n      \"c\": \"x, {y}: \\\"z\\\\\"\n    }\n  ],\n  \"d\": {},\n  \"e\": []\n}",
		"{\r\n \"a\" : [ 1 , 2 ]}":                                     "{\n  \"a\": [\n    1,\n    2\n  ]\n}",
		`[{"a":"cut`:                                                   "[\n  {\n    \"a\": \"cut",
		`[1]***`:                                                       "[\n  1\n]***",
		`{]}}`:                                                         "{\n  \n]\n}\n}",
	} {
		if got := indent(in); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", in, got, want)
		}
	}
}
