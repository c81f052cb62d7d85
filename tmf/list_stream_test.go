package tmf_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"rator/suite"
)

// firstWrite is a client that keeps nothing but how far the store was read when
// the first part of the answer left, and how much left at once at most.
type firstWrite struct {
	counter
	reads func() int64
	first int64
	most  int
}

func (f *firstWrite) Write(b []byte) (int, error) {
	if f.bytes == 0 {
		f.first = f.reads()
	}
	f.most = max(f.most, len(b))
	return f.counter.Write(b)
}

// TestListsLeaveWhileTheyAreRead: an unpaged list of the real store is on its way
// before most of it is read, in parts that do not grow with it. One that must be
// counted leaves while its documents are made.
func TestListsLeaveWhileTheyAreRead(t *testing.T) {
	if suite.Apart(t) {
		return
	}
	s := newShop(t)
	const n = 3000
	s.crowd(t, n)
	for _, c := range []struct {
		target string
		share  float64 // of what is read, that the first part may wait for
	}{
		{v2014 + "/customer", 0.5},
		{v4 + "/customer", 0.5},
		{v2014 + "/customerAccount", 0.5},
		{v2014 + "/customer?status=Active", 0.7},
		{v2014 + "/customer?contactMedium.type=Email", 0.7},
	} {
		s.counts.Reset()
		w := &firstWrite{counter: counter{header: http.Header{}}, reads: s.counts.Records}
		s.handler.ServeHTTP(w, httptest.NewRequest("GET", c.target, nil))
		all := s.counts.Records()
		if w.bytes < 2<<20 || w.header.Get("X-Total-Count") == "" {
			t.Errorf("%s: %d bytes, %v", c.target, w.bytes, w.header)
		}
		if float64(w.first) > c.share*float64(all) {
			t.Errorf("%s: the first part left when %d of %d records were read", c.target, w.first, all)
		}
		if w.most > 1<<20+1<<16 {
			t.Errorf("%s: %d of %d bytes left at once", c.target, w.most, w.bytes)
		}
		t.Logf("%s: first part after %d of %d records, at most %d of %d bytes at once", c.target, w.first, all, w.most, w.bytes)
	}
}
