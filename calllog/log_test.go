package calllog_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rator/calllog"
)

var equateAddr = cmpopts.EquateComparable(netip.Addr{})

var start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// hide is a Masker that replaces one word.
type hide struct{ word string }

func (h hide) masked(message string) string {
	if h.word == "panic" && strings.Contains(message, "panic") {
		panic("for the test")
	}
	return strings.ReplaceAll(message, h.word, "***")
}

func (h hide) Append(to []byte, _, _, message string) []byte {
	return append(to, h.masked(message)...)
}

func (h hide) REST(target, _, request, _, answer string) (string, string, string) {
	return h.masked(target), h.masked(request), h.masked(answer)
}

type fixture struct {
	*calllog.Log
	t      testing.TB
	config calllog.Config
	mu     sync.Mutex
	time   time.Time
}

// open starts a log in a folder of its own; change may change its configuration.
func open(t testing.TB, change func(*calllog.Config)) *fixture {
	t.Helper()
	f := &fixture{t: t, time: start}
	f.config = calllog.Config{
		Dir: filepath.Join(t.TempDir(), "calls"), Mask: hide{"secret"}, MaxBytes: 256 << 20, MaxAge: 7 * 24 * time.Hour,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: f.now,
	}
	if change != nil {
		change(&f.config)
	}
	f.reopen()
	t.Cleanup(func() { f.Close() })
	return f
}

func (f *fixture) now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.time
}

func (f *fixture) after(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.time = f.time.Add(d)
}

func (f *fixture) reopen() {
	f.t.Helper()
	var err error
	if f.Log, err = calllog.Open(f.config); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) flush() {
	f.t.Helper()
	if err := f.Flush(); err != nil {
		f.t.Fatal(err)
	}
}

// signUp is the n-th call of the tests.
func signUp(n int) calllog.Call {
	return calllog.Call{
		At: start.Add(time.Duration(n) * time.Second), Took: 3 * time.Millisecond, Hookpoint: "SOAP_SIGNUP_CUSTOMER", Operator: "demo",
		Face: calllog.FaceSOAP, RequestID: fmt.Sprintf("request-%d", n), Object: fmt.Sprint(n), Remote: netip.MustParseAddr("192.0.2.1"), Status: 200,
		RequestType: "text/xml", AnswerType: "text/xml; charset=utf-8",
	}
}

func requestOf(n int) string {
	return fmt.Sprintf("<request><NAME>Åse %d</NAME><PASSWORD>secret</PASSWORD><MSISDN>1303555%04d</MSISDN></request>", n, n)
}

func answerOf(n int) string {
	return fmt.Sprintf("<answer><ID>%018d</ID><OWNER_ID>202601020304050001</OWNER_ID></answer>", n)
}

func (f *fixture) keep(from, to int) {
	for n := from; n < to; n++ {
		c := signUp(n)
		f.Keep(&c, requestOf(n), []byte(answerOf(n)))
	}
	f.flush()
}

func (f *fixture) reader() *calllog.Reader { return readerOf(f.t, f.config.Dir) }

func readerOf(t testing.TB, dir string) *calllog.Reader {
	t.Helper()
	r, err := calllog.OpenReader(dir)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// found are the request ids of the calls a query finds.
func found(t testing.TB, r *calllog.Reader, q calllog.Query) []string {
	t.Helper()
	var all []string
	for k, err := range r.Calls(&q) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, strings.TrimPrefix(k.RequestID, "request-"))
	}
	return all
}

// TestWhatIsKept: a call comes back as it was handed over but for its secrets.
func TestWhatIsKept(t *testing.T) {
	f := open(t, nil)
	want := []calllog.Call{signUp(1), {At: start, Face: "soap", Fault: "Client", Status: 500, AnswerType: "text/xml"}, {At: start, Face: "soap", Status: 415}}
	want[0].Operator, want[0].Brand = "the secret", "DEMO"
	want[0].Accounts, want[0].Hookpoints = []uint64{202601020304050001, 7}, []string{"SOAP_CREATE_USER", "SOAP_SIGNUP_CUSTOMER"}
	f.Keep(&want[0], requestOf(1), []byte(answerOf(1)))
	f.Keep(&want[1], "<", []byte("<fault>secret</fault>"))
	f.flush()
	f.Keep(&want[2], "", nil)
	f.flush()
	want[0].Operator = "the ***"
	messages := [][2]string{
		{strings.ReplaceAll(requestOf(1), "secret", "***"), answerOf(1)}, {"<", "<fault>***</fault>"}, {"", ""},
	}
	r := f.reader()
	n := len(want)
	for k, err := range r.Calls(&calllog.Query{}) {
		if err != nil {
			t.Fatal(err)
		}
		n--
		want[n].ID = calllog.ID{Segment: 1, Number: uint64(n + 1)}
		if d := cmp.Diff(want[n], k.Call, equateAddr); d != "" {
			t.Errorf("%d (-want +got):\n%s", n, d)
		}
		request, answer, err := r.Messages(k)
		if err != nil || string(request) != messages[n][0] || string(answer) != messages[n][1] {
			t.Errorf("%d: %q %q %v", n, request, answer, err)
		}
	}
	if n != 0 || r.Lost != 0 || r.Damaged != nil {
		t.Errorf("%d calls missing, %d lost, %v", n, r.Lost, r.Damaged)
	}
	if s := f.Stats(); s.Written != 3 || s.Lost != 0 || s.Bytes == 0 || !s.Oldest.Equal(signUp(1).At) {
		t.Errorf("%+v", s)
	}
}

// TestFilesAreTheOwners: nobody else may look into the folder.
func TestFilesAreTheOwners(t *testing.T) {
	f := open(t, nil)
	f.keep(0, 1)
	for name, want := range map[string]os.FileMode{".": 0o700, "calls-0000000001": 0o600, "lock": 0o600} {
		info, err := os.Stat(filepath.Join(f.config.Dir, name))
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v %v", name, info.Mode(), err)
		}
	}
}

// TestOneWriter: a second writer is refused, and the log goes on after the first
// with another segment.
func TestOneWriter(t *testing.T) {
	f := open(t, nil)
	f.keep(0, 2)
	if _, err := calllog.Open(f.config); err == nil || !strings.Contains(err.Error(), "another process writes this call log") {
		t.Errorf("a second writer: %v", err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	f.reopen()
	f.keep(2, 4)
	if d := cmp.Diff([]string{"3", "2", "1", "0"}, found(t, f.reader(), calllog.Query{})); d != "" {
		t.Error(d)
	}
	if _, err := f.reader().Call(calllog.ID{Segment: 2, Number: 1}); err != nil {
		t.Error(err)
	}
}

// TestSearch has every way to ask.
func TestSearch(t *testing.T) {
	f := open(t, nil)
	failed, fault, other := signUp(1), signUp(2), signUp(3)
	failed.ErrorCode, failed.Operator = 404, "clerk"
	fault.Fault, fault.Status, fault.Hookpoint = "Client", 500, ""
	other.Hookpoint, other.Object = "SOAP_GET_USER", "7/8 & 9"
	f.keep(0, 1)
	for i, c := range []calllog.Call{failed, fault, other} {
		f.Keep(&c, requestOf(i+1), []byte(answerOf(i+1)))
	}
	f.flush()
	for _, c := range []struct {
		query calllog.Query
		want  []string
	}{
		{calllog.Query{}, []string{"3", "2", "1", "0"}},
		{calllog.Query{Hookpoint: "SOAP_SIGNUP_*"}, []string{"1", "0"}},
		{calllog.Query{Hookpoint: "SOAP_GET_USER"}, []string{"3"}},
		{calllog.Query{Operator: "clerk"}, []string{"1"}},
		{calllog.Query{RequestID: "request-2"}, []string{"2"}},
		{calllog.Query{Outcome: "ok"}, []string{"3", "0"}},
		{calllog.Query{Outcome: "0"}, []string{"3", "0"}},
		{calllog.Query{Outcome: "failed"}, []string{"1"}},
		{calllog.Query{Outcome: "404"}, []string{"1"}},
		{calllog.Query{Outcome: "fault"}, []string{"2"}},
		{calllog.Query{Since: start.Add(2 * time.Second)}, []string{"3", "2"}},
		{calllog.Query{Before: start.Add(2 * time.Second)}, []string{"1", "0"}},
		{calllog.Query{Object: "7/8 & 9"}, []string{"3"}},
		{calllog.Query{Object: "000000000000000002"}, []string{"2"}},
		{calllog.Query{Object: "202601020304050001"}, []string{"3", "2", "1", "0"}},
		{calllog.Query{Object: "202601020304050002"}, nil},
		{calllog.Query{Object: "13035550001"}, []string{"1"}},
		{calllog.Query{Object: "3035550001"}, nil},
		{calllog.Query{Object: "Åse 2", Outcome: "ok"}, nil},
	} {
		if err := c.query.Check(); err != nil {
			t.Error(err)
		}
		if d := cmp.Diff(c.want, found(t, f.reader(), c.query)); d != "" {
			t.Errorf("%+v (-want +got):\n%s", c.query, d)
		}
	}
	for _, q := range []calllog.Query{{Hookpoint: "["}, {Outcome: "bad"}} {
		if q.Check() == nil {
			t.Errorf("%+v passes", q)
		}
	}
}

// TestTornTail cuts the file behind each of its bytes, as a crash may, and wants
// every block that is whole. That the end is torn is told once the log goes on in
// another segment: before, it may only not be written yet.
func TestTornTail(t *testing.T) {
	f := open(t, nil)
	var ends []int64
	for n := range 3 {
		f.keep(n, n+1)
		ends = append(ends, f.Stats().Bytes)
	}
	whole, err := os.ReadFile(filepath.Join(f.config.Dir, "calls-0000000001"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for length := range whole {
		if err := os.WriteFile(filepath.Join(dir, "calls-0000000001"), whole[:length], 0o600); err != nil {
			t.Fatal(err)
		}
		want, torn := 0, length > 0
		for _, end := range ends {
			if int64(length) >= end {
				want++
			}
			torn = torn && int64(length) != end
		}
		r := readerOf(t, dir)
		if got := found(t, r, calllog.Query{}); len(got) != want || r.Damaged != nil {
			t.Fatalf("of %d bytes: %v, want %d; %v", length, got, want, r.Damaged)
		}
		if err := os.WriteFile(filepath.Join(dir, "calls-0000000002"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if got := found(t, r, calllog.Query{}); len(got) != want || (r.Damaged != nil) != torn {
			t.Fatalf("of %d bytes, and another segment: %v, want %d; %v", length, got, want, r.Damaged)
		}
		if err := os.Remove(filepath.Join(dir, "calls-0000000002")); err != nil {
			t.Fatal(err)
		}
		for k := range r.Calls(&calllog.Query{}) {
			if _, _, err := r.Messages(k); err != nil {
				t.Fatalf("of %d bytes: %v", length, err)
			}
		}
	}
	// A log goes on after a torn segment, in a new one.
	f.Close()
	if err := os.Truncate(filepath.Join(f.config.Dir, "calls-0000000001"), ends[2]-1); err != nil {
		t.Fatal(err)
	}
	f.reopen()
	f.keep(7, 8)
	if d := cmp.Diff([]string{"7", "1", "0"}, found(t, f.reader(), calllog.Query{})); d != "" {
		t.Error(d)
	}
}

// TestDamage flips one bit in each byte: never is a call shown as it was not, what
// is behind the damage is still found, and the damage is told.
func TestDamage(t *testing.T) {
	f := open(t, nil)
	f.keep(0, 1)
	first := f.Stats().Bytes
	f.keep(1, 2)
	whole, err := os.ReadFile(filepath.Join(f.config.Dir, "calls-0000000001"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for i := range whole {
		broken := bytes.Clone(whole)
		broken[i] ^= 4
		if err := os.WriteFile(filepath.Join(dir, "calls-0000000001"), broken, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "calls-0000000002"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		r := readerOf(t, dir)
		whole, damaged := 0, 0
		for k := range r.Calls(&calllog.Query{}) {
			request, _, err := r.Messages(k)
			if err != nil {
				damaged++
				continue
			}
			if n := strings.TrimPrefix(k.RequestID, "request-"); !strings.Contains(string(request), "Åse "+n) || (int64(i) < first) == (n == "0") {
				t.Fatalf("byte %d: %s", i, request)
			}
			whole++
		}
		if whole != 1 || damaged+len(r.Damaged) == 0 {
			t.Fatalf("byte %d: %d whole, %d damaged, %v", i, whole, damaged, r.Damaged)
		}
	}
}
