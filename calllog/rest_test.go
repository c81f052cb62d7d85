package calllog_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/calllog"
)

// restCall is the n-th call over TM Forum: a GET of a customer of that number.
func restCall(n int) calllog.Call {
	c := signUp(n)
	c.Face, c.Hookpoint, c.Hookpoints = calllog.FaceTMF, "TMF_GET_CUSTOMER", nil
	c.Method, c.Target, c.Object = "GET", "/customerManagement/customer/c20260102030405000"+string(rune('0'+n)), "c20260102030405000"+string(rune('0'+n))
	c.RequestType, c.AnswerType = "", "application/json"
	return c
}

// TestSearchREST has every way to ask for calls over TM Forum, and what tells both faces
// apart.
func TestSearchREST(t *testing.T) {
	f := open(t, nil)
	soap := signUp(0)
	soap.Brand, soap.Accounts, soap.Hookpoints = "DEMO", []uint64{202601020304050001}, []string{"SOAP_CREATE_USER", "SOAP_SIGNUP_CUSTOMER"}
	got, list, failed, broken := restCall(1), restCall(2), restCall(3), restCall(4)
	got.Accounts, got.Brand = []uint64{202601020304050001}, "OTHER"
	list.Target, list.Object, list.AnswerBytes = "/tmf-api/customerManagement/v4/customer?name=%C3%85se%20B&status.eq=Active", "", 100<<20
	failed.Status, failed.ErrorCode, failed.Hookpoint, failed.Method = 404, 4041, "TMF_UPDATE_CUSTOMER", "PATCH"
	broken.Status, broken.Hookpoint, broken.Target, broken.Object = 500, "", "/customerManagement/nothing", ""
	f.Keep(&soap, requestOf(0), []byte(answerOf(0)))
	f.Keep(&got, "", []byte(`{"id":"c202601020304050001","name":"\u00c5se <1>","n":17}`))
	f.Keep(&list, "", []byte(`[{"id":"c202601020304050007","href":"http://h/customer/c202601020304050008"},{"name":"cut`))
	f.Keep(&failed, `[{"op":"add","path":"/description","value":"order-4711"}]`, []byte(`{"code":"4041"}`))
	f.Keep(&broken, "", nil)
	f.flush()
	for _, c := range []struct {
		query calllog.Query
		want  []string
	}{
		{calllog.Query{}, []string{"4", "3", "2", "1", "0"}},
		{calllog.Query{Face: "tmf"}, []string{"4", "3", "2", "1"}},
		{calllog.Query{Face: "soap"}, []string{"0"}},
		{calllog.Query{Brand: "OTHER"}, []string{"1"}},
		{calllog.Query{Brand: "DEMO"}, []string{"0"}},
		{calllog.Query{Hookpoint: "TMF_GET_*"}, []string{"2", "1"}},
		{calllog.Query{Hookpoint: "/customerManagement/customer/*"}, []string{"3", "1"}},
		{calllog.Query{Hookpoint: "/tmf-api/customerManagement/v4/customer"}, []string{"2"}},
		{calllog.Query{Hookpoint: "SOAP_CREATE_USER"}, []string{"0"}},
		{calllog.Query{Outcome: "ok"}, []string{"2", "1", "0"}},
		{calllog.Query{Outcome: "failed"}, []string{"3"}},
		{calllog.Query{Outcome: "404"}, []string{"3"}},
		{calllog.Query{Outcome: "4041"}, []string{"3"}},
		{calllog.Query{Outcome: "fault"}, []string{"4"}},
		{calllog.Query{Account: "202601020304050001"}, []string{"1", "0"}},
		{calllog.Query{Account: "c202601020304050001", Face: "tmf"}, []string{"1"}},
		{calllog.Query{Account: "202601020304050003"}, []string{"3"}}, // nobody noted whose it is
		{calllog.Query{Object: "c202601020304050007"}, []string{"2"}},
		{calllog.Query{Object: "202601020304050008"}, []string{"2"}},
		{calllog.Query{Object: "Åse <1>"}, []string{"1"}},
		{calllog.Query{Object: "Åse B"}, []string{"2"}},
		{calllog.Query{Object: "Active"}, []string{"2"}},
		{calllog.Query{Object: "17"}, []string{"1"}},
		{calllog.Query{Object: "order-4711"}, []string{"3"}},
		{calllog.Query{Object: "order"}, nil},
		{calllog.Query{Object: "nothing"}, []string{"4"}},
		{calllog.Query{Object: "17", Account: "c202601020304050001"}, []string{"1"}},
		{calllog.Query{Object: "17", Account: "c202601020304050002"}, nil},
	} {
		if err := c.query.Check(); err != nil {
			t.Error(err)
		}
		if d := cmp.Diff(c.want, found(t, f.reader(), c.query)); d != "" {
			t.Errorf("%+v (-want +got):\n%s", c.query, d)
		}
	}
	if q := (calllog.Query{Face: "rest"}); q.Check() == nil {
		t.Error("a face that there is not passes")
	}
	for k, err := range f.reader().Calls(&calllog.Query{RequestID: "request-2"}) {
		list.ID = k.ID
		if d := cmp.Diff(list, k.Call, equateAddr); d != "" || err != nil {
			t.Error(d, err)
		}
	}
	// Who is erased is named by ids in documents and addresses, and as whose call it is.
	if calls, err := f.Forget([]uint64{202601020304050001, 202601020304050008, 202601020304050003}, 1); calls != 4 || err != nil {
		t.Error(calls, err)
	}
	if d := cmp.Diff([]string{"4"}, found(t, f.reader(), calllog.Query{})); d != "" {
		t.Error(d)
	}
}

// TestRESTIsMasked: path, query and documents go through the masker.
func TestRESTIsMasked(t *testing.T) {
	f := open(t, nil)
	c := restCall(1)
	c.Target = "/customer?pin=secret"
	f.Keep(&c, `{"pin":"secret"}`, []byte(`{"said":"secret"}`))
	f.flush()
	for k, err := range f.reader().Calls(&calllog.Query{}) {
		request, answer, failed := f.reader().Messages(k)
		if err != nil || failed != nil || k.Target != "/customer?pin=***" || string(request) != `{"pin":"***"}` || string(answer) != `{"said":"***"}` {
			t.Errorf("%+v %s %s %v %v", k.Call, request, answer, err, failed)
		}
	}
	if s := f.Stats(); s.Written != 1 {
		t.Errorf("%+v", s)
	}
}
