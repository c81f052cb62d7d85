package server_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rator/calllog"
	"rator/catalogue"
	"rator/server"
	"rator/server/servertest"
	"rator/store/bolt"
	"rator/wire"
	"rator/workflow"
	"rator/workflow/value"
)

// forgetful is servers over one store, one after the other, whose store's clock moves
// on where the test says so.
type forgetful struct {
	t     *testing.T
	file  string
	later atomic.Int64 // days
}

func newForgetful(t *testing.T) *forgetful {
	f := &forgetful{t: t, file: filepath.Join(t.TempDir(), "rator.db")}
	st := f.open()
	servertest.PrepareReal(t, st)
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	return f
}

func (f *forgetful) now() time.Time { return time.Now().AddDate(0, 0, int(f.later.Load())) }

func (f *forgetful) open() *bolt.DB {
	st, err := bolt.Open(f.file, bolt.Options{Unsynced: true, Now: f.now})
	if err != nil {
		f.t.Fatal(err)
	}
	return st
}

// serve has a server with a call log in a folder, "" for none, answer calls, with the
// sweep or without; the server is gone when do returns.
func (f *forgetful) serve(calls string, sweeps bool, do func(endpoint string, s *server.Server)) {
	f.t.Helper()
	st := f.open()
	defer st.Close()
	c := server.Config{Store: st, Metrics: server.NewMetrics(), Log: slog.New(slog.DiscardHandler), Layers: []workflow.Layer{server.Shipped()}, UsualCallLog: server.CallLogOf(f.file), Now: f.now, GuardNow: time.Now}
	if calls != "" {
		c.CallLog = calllog.Config{Dir: calls, MaxBytes: 64 << 20, MaxAge: time.Hour}
	}
	s, err := server.New(c)
	if err != nil {
		f.t.Fatal(err)
	}
	defer s.Close()
	ctx, stop := context.WithCancel(f.t.Context())
	var swept sync.WaitGroup
	if sweeps {
		swept.Go(func() { s.Sweep(ctx) })
	}
	defer swept.Wait()
	defer stop()
	web := httptest.NewServer(s.Handler)
	defer web.Close()
	do(web.URL+wire.Path, s)
}

// person signs somebody up, and has calls about them, over both faces, also ones that are
// refused, and gives the user.
func (f *forgetful) person(endpoint, name string) value.Entry {
	person := value.Of("USER", value.OfString("FIRST_NAME", name), value.OfString("LAST_NAME", name), value.OfString("CITY", "Odense"), value.OfString("ZIP", "5000"),
		value.OfString("EMAIL", name+"@example.com"), value.OfString("USERNAME", name))
	account := servertest.CallAt(f.t, endpoint, "SOAP_SIGNUP_CUSTOMER_NO_SUBSCRIPTION", name, value.OfString("PRODUCT_CODE", "POST_PAID"), person).Values.Items("ACCOUNT")
	if refused := servertest.CallAt(f.t, endpoint, "SOAP_CREATE_USER", "", value.OfString("ACCOUNT_ID", account.Text("ID")), person); refused.ErrorCode == 0 {
		f.t.Fatal("one username twice")
	}
	servertest.CallAt(f.t, endpoint, "SOAP_SEARCH_CUSTOMERS", "", value.OfString("NAME", name))
	f.overTMF(endpoint, name, account)
	if r := servertest.CallAt(f.t, endpoint, "SOAP_CLOSE_ACCOUNT", "", value.OfString("ACCOUNT_ID", account.Text("ID"))); r.ErrorCode != 0 {
		f.t.Fatal(r.ErrorMessage)
	}
	return value.OfString("USER_ID", account.Text("OWNER_ID"))
}

// overTMF has calls over TM Forum about a customer: by its id in the path, in a reference,
// and only in what is answered to a question for a name.
func (f *forgetful) overTMF(endpoint, name string, account value.Tree) {
	a := servertest.TMFAt(f.t, endpoint)
	const v2014, v4 = "/customerManagement", "/tmf-api/customerManagement/v4"
	id := "c" + account.Text("ID")
	for _, c := range []struct {
		method, target, body string
		status               int
	}{
		{"GET", v2014 + "/customer/" + id, "", 200},
		{"GET", v4 + "/customer?name=" + name + "+" + name, "", 200},
		{"PATCH", v2014 + "/customer/" + id, `{"description":"` + name + `"}`, 200},
		{"PATCH", v4 + "/customer/" + id, `{"name":{"wrong":"` + name + `"}}`, 400},
		{"POST", v2014 + "/customerAccount", `{"name":"` + name + `","accountType":"x","customer":{"id":"` + id + `"}}`, 201},
		{"POST", v2014 + "/paymentMean", `{"name":"` + name + `","type":"Cash","relatedParty":{"id":"` + account.Text("OWNER_ID") + `"}}`, 201},
	} {
		if status, answer := a.Ask(c.method, c.target, c.body); status != c.status {
			f.t.Fatalf("%s %s: %d %s", c.method, c.target, status, answer)
		}
	}
}

func (f *forgetful) erase(endpoint string, user value.Entry) {
	f.later.Add(catalogue.DefaultRetentionDays + 1)
	if r := servertest.CallAt(f.t, endpoint, "SOAP_ERASE_PERSON", "", user); r.ErrorCode != 0 {
		f.t.Fatal(r.ErrorMessage)
	}
}

// saying counts the calls in a folder that have a word, and all.
func (f *forgetful) saying(dir, word string) (with, all int) {
	r, err := calllog.OpenReader(dir)
	if err != nil {
		f.t.Fatal(err)
	}
	for k, err := range r.Calls(&calllog.Query{}) {
		if err != nil {
			f.t.Fatal(err)
		}
		request, answer, err := r.Messages(k)
		if errors.Is(err, calllog.ErrUnknown) { // it went meanwhile
			continue
		}
		if err != nil {
			f.t.Fatal(err)
		}
		if all++; bytes.Contains(bytes.ToLower(append(request, answer...)), []byte(word)) || strings.Contains(k.Object+k.RequestID+k.Target, word) {
			with++
		}
	}
	return with, all
}

// waitForNone waits until no call of a folder has a word.
func (f *forgetful) waitForNone(dir, word string) {
	f.t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		with, all := f.saying(dir, word)
		switch {
		case with == 0 && all == 0:
			f.t.Fatalf("no call is left in %s", dir)
		case with == 0:
			return
		case time.Now().After(end):
			f.t.Fatalf("%d of %d calls in %s say %s", with, all, dir, word)
		}
	}
}

// TestErasedPersonLeavesTheCallLog: soon after SOAP_ERASE_PERSON no call of the log
// says anything of the person, the erasing one included, and others' calls stay; also
// when the server was killed in between, with a log that is switched off, and with one
// in another folder.
func TestErasedPersonLeavesTheCallLog(t *testing.T) {
	f := newForgetful(t)
	dir := server.CallLogOf(f.file)
	var closed value.Entry
	f.serve(dir, false, func(endpoint string, s *server.Server) {
		f.person(endpoint, "remains")
		f.erase(endpoint, f.person(endpoint, "killed"))
		if err := s.Calls.Flush(); err != nil {
			t.Fatal(err)
		}
	})
	if with, _ := f.saying(dir, "killed"); with < 9 {
		t.Fatalf("the log says little of the person: %d calls", with)
	}
	f.serve(dir, true, func(endpoint string, s *server.Server) {
		f.waitForNone(dir, "killed")
		user := f.person(endpoint, "running")
		f.erase(endpoint, user)
		if err := s.Calls.Flush(); err != nil {
			t.Fatal(err)
		}
		f.waitForNone(dir, "running")
		f.waitForNone(dir, user.Text) // the call that erased
		closed = f.person(endpoint, "silent")
	})
	f.serve("", true, func(endpoint string, _ *server.Server) {
		f.erase(endpoint, closed)
		f.waitForNone(dir, "silent")
	})
	moved := dir + ".moved"
	f.serve(moved, false, func(endpoint string, _ *server.Server) {
		closed = f.person(endpoint, "elsewhere")
	})
	f.serve("", true, func(endpoint string, _ *server.Server) {
		f.erase(endpoint, closed)
		f.person(endpoint, "remains-too")
	})
	f.serve(moved, true, func(endpoint string, s *server.Server) {
		f.person(endpoint, "remains-three")
		if err := s.Calls.Flush(); err != nil {
			t.Fatal(err)
		}
		f.waitForNone(moved, "elsewhere")
	})
	if with, _ := f.saying(dir, "remains"); with < 3 {
		t.Errorf("%d calls of another customer are left", with)
	}
}
