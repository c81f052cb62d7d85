package soap_test

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rator/soap"
	"rator/workflow"
	"rator/workflow/value"
)

// TestAnswered: whoever listens is told every POST, whatever came of it, with the
// bytes that came and the bytes that went.
func TestAnswered(t *testing.T) {
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	clock := start
	fails := invoke(func(context.Context, workflow.Request) (workflow.Result, error) {
		return workflow.Result{}, errors.New("broken")
	})
	refused := &workflow.Result{ErrorCode: 404, Status: 1, ErrorMessage: "no such customer"}
	refuses := invoke(func(context.Context, workflow.Request) (workflow.Result, error) {
		clock = clock.Add(3 * time.Millisecond)
		return *refused, nil
	})
	deep := strings.Replace(request, "<values", strings.Repeat("<x>", 40)+strings.Repeat("</x>", 40)+"<values", 1)
	values := value.Tree{value.OfString("NAME", "Åse")}
	const plain = "text/plain; charset=utf-8"
	for _, c := range []struct {
		name    string
		invoker soap.Invoker
		body    string
		change  func(*http.Request)
		want    soap.Answered // without what all have, and the answer
		fault   soap.FaultCode
		limit   soap.Limit
	}{
		{"done", echo, request, func(r *http.Request) { r.SetBasicAuth("clerk", "secret"); r.Header.Set("Idempotency-Key", "once") },
			soap.Answered{Hookpoint: "SIGNUP", Values: values, Operator: "clerk", RequestID: "once", Result: &workflow.Result{Values: values}, Status: 200}, "", ""},
		{"refused", refuses, request, nil, soap.Answered{Hookpoint: "SIGNUP", Values: values, Result: refused, Status: 200, Took: 3 * time.Millisecond}, "", ""},
		{"broken", fails, request, nil, soap.Answered{Hookpoint: "SIGNUP", Values: values, Status: 500}, soap.FaultServer, ""},
		{"no XML", echo, "<", nil, soap.Answered{Status: 500}, soap.FaultClient, ""},
		{"limit", echo, deep, nil, soap.Answered{Hookpoint: "SIGNUP", Status: 500}, soap.FaultClient, "depth"},
		{"bad id", echo, request, header("Idempotency-Key", "ø"), soap.Answered{Hookpoint: "SIGNUP", Values: values, Status: 500}, soap.FaultClient, ""},
		{"no message of ours", echo, request, header("Content-Type", "application/json"), soap.Answered{RequestType: "application/json", AnswerType: plain, Status: 415}, "", ""},
	} {
		clock = start
		var got []soap.Answered
		var answer string
		h := soap.NewHandler(c.invoker, soap.Options{
			Now: func() time.Time { return clock }, NewNumber: func() string { return "1" },
			Answered: func(a *soap.Answered) { got, answer = append(got, *a), string(a.Answer) },
		})
		if c.change == nil {
			c.change = func(*http.Request) {}
		}
		w := post(h, c.body, c.change)
		if len(got) != 1 {
			t.Fatalf("%s: told %d times", c.name, len(got))
		}
		if answer != strings.TrimSuffix(w.Body.String(), "\n") && answer != w.Body.String() || answer == "" {
			t.Errorf("%s: told %q, answered %q", c.name, answer, w.Body)
		}
		if f := got[0].Fault; (f != nil) != (c.fault != "") || f != nil && f.Code != c.fault {
			t.Errorf("%s: fault %v, want %q", c.name, f, c.fault)
		}
		var limit *soap.LimitError
		if c.limit != "" && (!errors.As(got[0].Fault, &limit) || limit.Limit != c.limit) {
			t.Errorf("%s: %v", c.name, got[0].Fault)
		}
		c.want.At, c.want.Remote = start, netip.MustParseAddr("192.0.2.1")
		if c.want.AnswerType == "" {
			c.want.RequestType, c.want.AnswerType, c.want.Request = "text/xml; charset=utf-8", soap.Version11.ContentType(), c.body
		}
		if d := cmp.Diff(c.want, got[0], cmpopts.IgnoreFields(soap.Answered{}, "Answer", "Fault"), cmpopts.EquateComparable(netip.Addr{})); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, d)
		}
	}
}

// TestAnsweredWithNothing: a call whose answer nobody wants is told like any other.
func TestAnsweredWithNothing(t *testing.T) {
	var got []soap.Answered
	h := soap.NewHandler(echo, soap.Options{Answered: func(a *soap.Answered) { got = append(got, *a) }})
	post(h, addressed(soap.Version11, wsa2005, whole+to("ReplyTo", wsa2005+"/none")))
	if len(got) != 1 || got[0].Status != 202 || len(got[0].Answer) != 0 || got[0].Result == nil || got[0].RequestID != "urn:q:&1" {
		t.Errorf("%+v", got)
	}
}
