package calllog_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/calllog"
)

// TestSegmentsOfVersion1: what a version before this one wrote is read and searched, and
// written anew when calls are taken out of it.
func TestSegmentsOfVersion1(t *testing.T) {
	old, err := os.ReadFile(filepath.Join("testdata", "rlb1", "calls-0000000001"))
	if err != nil {
		t.Fatal(err)
	}
	f := open(t, nil)
	f.Close()
	file := filepath.Join(f.config.Dir, "calls-0000000001")
	if err := os.WriteFile(file, old, 0o600); err != nil {
		t.Fatal(err)
	}
	f.reopen()
	f.keep(4, 5) // of the newest version, in a segment of its own
	for _, c := range []struct {
		query calllog.Query
		want  []string
	}{
		{calllog.Query{}, []string{"4", "3", "2", "1", "0"}},
		{calllog.Query{Face: "soap"}, []string{"4", "3", "2", "1", "0"}},
		{calllog.Query{Face: "tmf"}, nil},
		{calllog.Query{Hookpoint: "SOAP_SIGNUP_*"}, []string{"4", "2", "1", "0"}},
		{calllog.Query{Outcome: "404", Operator: "clerk"}, []string{"2"}},
		{calllog.Query{Outcome: "fault"}, []string{"3"}},
		{calllog.Query{Account: "000000000000000001"}, []string{"1"}},
		{calllog.Query{Object: "13035550002"}, []string{"2"}},
	} {
		if d := cmp.Diff(c.want, found(t, f.reader(), c.query)); d != "" {
			t.Errorf("%+v (-want +got):\n%s", c.query, d)
		}
	}
	if calls, err := f.Forget([]uint64{1}, 1); calls != 1 || err != nil {
		t.Fatal(calls, err)
	}
	anew, err := os.ReadFile(file)
	if err != nil || bytes.Contains(anew, []byte("rlb1")) || !bytes.HasPrefix(anew, []byte("rlb4")) {
		t.Errorf("%.8q %v", anew, err)
	}
	r := f.reader()
	if d := cmp.Diff([]string{"4", "3", "2", "0"}, found(t, r, calllog.Query{})); d != "" || r.Damaged != nil {
		t.Error(d, r.Damaged)
	}
	for k, err := range r.Calls(&calllog.Query{RequestID: "request-2"}) {
		want := signUp(2)
		want.ID, want.ErrorCode, want.Operator = k.ID, 404, "clerk"
		if request, answer, failed := r.Messages(k); err != nil || failed != nil || !cmp.Equal(want, k.Call, equateAddr) ||
			!bytes.Contains(request, []byte("Åse 2")) || string(answer) != answerOf(2) {
			t.Errorf("%+v %v %v", k.Call, err, failed)
		}
	}
}

// TestSegmentsOfVersion2 are compressed as RFC 1951 has it.
func TestSegmentsOfVersion2(t *testing.T) {
	old, err := os.ReadFile(filepath.Join("testdata", "rlb2", "calls-0000000001"))
	if err != nil {
		t.Fatal(err)
	}
	f := open(t, nil)
	f.Close()
	file := filepath.Join(f.config.Dir, "calls-0000000001")
	if err := os.WriteFile(file, old, 0o600); err != nil {
		t.Fatal(err)
	}
	f.reopen()
	f.keep(5, 6)
	for _, c := range []struct {
		query calllog.Query
		want  []string
	}{
		{calllog.Query{}, []string{"5", "4", "3", "2", "1", "0"}},
		{calllog.Query{Face: "tmf"}, []string{"4"}},
		{calllog.Query{Outcome: "fault"}, []string{"3"}},
		{calllog.Query{Object: "13035550002"}, []string{"2"}},
	} {
		if d := cmp.Diff(c.want, found(t, f.reader(), c.query)); d != "" {
			t.Errorf("%+v (-want +got):\n%s", c.query, d)
		}
	}
	if calls, err := f.Forget([]uint64{1}, 1); calls != 1 || err != nil {
		t.Fatal(calls, err)
	}
	anew, err := os.ReadFile(file)
	if err != nil || bytes.Contains(anew, []byte("rlb2")) || !bytes.HasPrefix(anew, []byte("rlb4")) {
		t.Errorf("%.8q %v", anew, err)
	}
	r := f.reader()
	if d := cmp.Diff([]string{"5", "4", "3", "2", "0"}, found(t, r, calllog.Query{})); d != "" || r.Damaged != nil {
		t.Error(d, r.Damaged)
	}
	for k, err := range r.Calls(&calllog.Query{Face: "tmf"}) {
		if _, answer, failed := r.Messages(k); err != nil || failed != nil || string(answer) != `{"id":"c202601020304050001"}` || k.Brand != "DEMO" || k.Method != "GET" {
			t.Errorf("%+v %s %v %v", k.Call, answer, err, failed)
		}
	}
}

// TestSegmentsOfVersion3 do not say which server had the call.
func TestSegmentsOfVersion3(t *testing.T) {
	old, err := os.ReadFile(filepath.Join("testdata", "rlb3", "calls-0000000001"))
	if err != nil {
		t.Fatal(err)
	}
	f := open(t, func(c *calllog.Config) { c.Server = "second" })
	f.Close()
	file := filepath.Join(f.config.Dir, "calls-0000000001")
	if err := os.WriteFile(file, old, 0o600); err != nil {
		t.Fatal(err)
	}
	f.reopen()
	f.keep(5, 6)
	servers := func() (all []string) {
		for k, err := range f.reader().Calls(&calllog.Query{}) {
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, k.Object+k.Server)
		}
		return all
	}
	if d := cmp.Diff([]string{"5second", "4", "3", "2", "1", "0"}, servers()); d != "" {
		t.Error(d)
	}
	if calls, err := f.Forget([]uint64{1}, 1); calls != 1 || err != nil {
		t.Fatal(calls, err)
	}
	if d := cmp.Diff([]string{"5second", "4", "3", "2", "0"}, servers()); d != "" {
		t.Errorf("written anew: %s", d)
	}
}
