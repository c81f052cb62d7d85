package workflow_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/failure"
	"rator/unit"
	"rator/workflow"
	"rator/workflow/value"
)

// once is a sign-up with a request id.
func once(username, id string, about ...value.Entry) workflow.Request {
	r := signUp(username)
	r.Values[len(r.Values)-1] = as("root", about...)
	r.RequestID = id
	return r
}

// TestExactlyOnce repeats a call: the second answer is the first one's, and
// nothing was done twice.
func TestExactlyOnce(t *testing.T) {
	h := newHouse(t)
	first := h.call(t, once("one", "r-1"))
	if first.ErrorCode != 0 || first.Replayed {
		t.Fatalf("%+v", first)
	}
	before := h.grown(t, nil)
	for name, request := range map[string]workflow.Request{
		"as it was":           once("one", "r-1"),
		"by CONTEXT":          once("one", "", text("REQUEST_ID", "r-1")),
		"in another language": once("one", "r-1", text("LANGUAGE", "DK")),
		"brand named":         once("one", "r-1", text("BRAND_KEY", "DEMO")),
		"other order": func() workflow.Request {
			r := once("one", "r-1")
			r.Values[0], r.Values[1] = r.Values[1], r.Values[0]
			return r
		}(),
	} {
		again := h.call(t, request)
		if !again.Replayed {
			t.Errorf("%s: not replayed: %+v", name, again)
		}
		if diff := cmp.Diff(plain(first), plain(again)); diff != "" {
			t.Errorf("%s: the answer differs:\n%s", name, diff)
		}
	}
	for name, request := range map[string]workflow.Request{
		"another value":     once("two", "r-1"),
		"another hookpoint": {Hookpoint: "SOAP_CREATE_USER", RequestID: "r-1", Values: tree(text("ACCOUNT_ID", "202601020304050001"), value.Of("USER", text("FIRST_NAME", "A"), text("LAST_NAME", "B"), text("EMAIL", "a@b.c"), text("CITY", "C"), text("ZIP", "1"), text("USERNAME", "u")), as("root"))},
	} {
		if r := h.call(t, request); r.ErrorCode != failure.RequestIDReused.Number {
			t.Errorf("%s: %+v", name, r)
		}
	}
	if grown := h.grown(t, before); len(grown) > 0 {
		t.Errorf("done twice: %v", grown)
	}
	// Another operator's id is another id.
	request := once("three", "r-1")
	request.Values[len(request.Values)-1] = as("other")
	if r := h.call(t, request); r.ErrorCode != 0 || r.Replayed {
		t.Errorf("another operator: %+v", r)
	}
}

// plain is what a caller sees of a result.
func plain(r workflow.Result) string {
	return fmt.Sprintf("%d %q %d %s", r.ErrorCode, r.ErrorMessage, r.Status, r.Values.JSON())
}

// TestBusinessFailuresAreKept: a repetition gets the same refusal, also when it
// would succeed by now; a breakdown is not kept.
func TestBusinessFailuresAreKept(t *testing.T) {
	h := newHouse(t, folders(map[string]folder{"T_BREAKS": {script: "def run(p):\n    return [][1]\n"}}))
	h.call(t, signUp("taken"))
	first := h.call(t, once("taken", "r-1"))
	again := h.call(t, once("taken", "r-1"))
	if first.ErrorCode != failure.ByName("USERNAME_NOT_UNIQUE").Number || !again.Replayed || again.ErrorMessage != first.ErrorMessage {
		t.Errorf("%+v\n%+v", first, again)
	}
	broken := workflow.Request{Hookpoint: "T_BREAKS", RequestID: "r-2", Values: tree(as("root"))}
	h.call(t, broken)
	if r := h.call(t, broken); r.Replayed || r.ErrorCode != failure.WorkflowFailed.Number {
		t.Errorf("%+v", r)
	}
}

// TestEqualRequestsAtOnce sends one request many times at the same moment.
func TestEqualRequestsAtOnce(t *testing.T) {
	h := newHouse(t)
	before := h.grown(t, nil)
	const many = 16
	results := make([]workflow.Result, many)
	var all sync.WaitGroup
	for i := range many {
		all.Go(func() { results[i] = h.call(t, once("one", "r-1")) })
	}
	all.Wait()
	fresh := 0
	for _, r := range results {
		if !r.Replayed {
			fresh++
		}
		if diff := cmp.Diff(plain(results[0]), plain(r)); diff != "" {
			t.Errorf("answers differ:\n%s", diff)
		}
	}
	if after := h.grown(t, before); fresh != 1 || after["account"] != before["account"]+1 {
		t.Errorf("%d ran: %v", fresh, after)
	}
}

// TestKeptRepliesAreSwept after their time, and not before.
func TestKeptRepliesAreSwept(t *testing.T) {
	h := newHouse(t, trials)
	const notes = 250 // more than one step of the sweep
	for i := range notes {
		h.call(t, workflow.Request{Hookpoint: "T_NOTES", RequestID: fmt.Sprint(i), Values: tree(as("root"))})
	}
	h.time.Add(10)
	h.call(t, once("one", "r-1"))
	sweep := func(want int) {
		t.Helper()
		if n, err := unit.SweepKept(t.Context(), h.gate.Store); n != want || err != nil {
			t.Errorf("%d swept, %v; want %d", n, err, want)
		}
	}
	h.time.Add(int64(unit.KeptFor.Seconds()) - 5)
	sweep(notes)
	if r := h.call(t, once("one", "r-1")); !r.Replayed {
		t.Errorf("within its time: %+v", r)
	}
	h.time.Add(10)
	sweep(1)
	if r := h.call(t, once("one", "r-1")); r.Replayed || r.ErrorCode == 0 {
		t.Errorf("after its time: %+v", r)
	}
}
