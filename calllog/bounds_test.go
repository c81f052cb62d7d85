package calllog_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/calllog"
)

// noise does not compress.
func noise(bytes int) string {
	var b strings.Builder
	r := rand.New(rand.NewPCG(1, 2))
	for b.Len() < bytes {
		b.WriteByte(byte('!' + r.IntN(90)))
	}
	return b.String()
}

// TestSizeIsBounded: the folder never grows beyond its bound, and what goes is the
// oldest.
func TestSizeIsBounded(t *testing.T) {
	f := open(t, func(c *calllog.Config) { c.MaxBytes = calllog.MinBytes })
	long := noise(40 << 10)
	for n := range 60 {
		c := signUp(n)
		f.Keep(&c, long, nil)
		f.flush()
		var bytes int64
		files, err := os.ReadDir(f.config.Dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			info, err := file.Info()
			if err != nil {
				t.Fatal(err)
			}
			bytes += info.Size()
		}
		if bytes > calllog.MinBytes || bytes != f.Stats().Bytes {
			t.Fatalf("%d bytes after %d calls, and the log says %d", bytes, n+1, f.Stats().Bytes)
		}
	}
	got := found(t, f.reader(), calllog.Query{})
	if len(got) < 15 || len(got) >= 60 || got[0] != "59" || got[len(got)-1] != fmt.Sprint(60-len(got)) {
		t.Errorf("there are %v", got)
	}
	if s := f.Stats(); !s.Oldest.Equal(signUp(60 - len(got)).At) {
		t.Errorf("%+v", s)
	}
	c := signUp(60)
	f.Keep(&c, noise(3<<20), nil)
	if err := f.Flush(); err == nil || !strings.Contains(err.Error(), "longer than the whole log may be") {
		t.Errorf("a call longer than the log: %v", err)
	}
	if s := f.Stats(); s.Lost != 1 || s.Written != 60 {
		t.Errorf("a call longer than the log: %+v", s)
	}
}

// TestAgeIsBounded: calls go when they are old, also while nothing is called and
// also those of a server before.
func TestAgeIsBounded(t *testing.T) {
	f := open(t, func(c *calllog.Config) { c.MaxAge = 24 * time.Hour })
	put := func(n int) {
		c := signUp(0)
		c.At, c.RequestID = f.now(), fmt.Sprint(n)
		f.Keep(&c, requestOf(n), nil)
		f.flush()
	}
	for n := range 40 {
		put(n)
		f.after(time.Hour)
	}
	got := found(t, f.reader(), calllog.Query{})
	if len(got) < 23 || len(got) > 26 || got[0] != "39" {
		t.Errorf("hourly calls: %v", got)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	f.after(30 * time.Hour)
	f.reopen()
	if got := found(t, f.reader(), calllog.Query{}); got != nil || f.Stats().Bytes != 0 {
		t.Errorf("after a day without a server: %v %+v", got, f.Stats())
	}
	put(40)
	for k, err := range f.reader().Calls(&calllog.Query{}) {
		if err != nil || k.ID.Segment <= 2 {
			t.Errorf("numbers are given again: %v %v", k.ID, err)
		}
	}
}

// gate is a Masker that waits until it is opened.
type gate struct{ opened chan struct{} }

func (g gate) Append(to []byte, _, _, message string) []byte {
	<-g.opened
	return append(to, message...)
}

func (g gate) REST(target, _, request, _, answer string) (string, string, string) {
	<-g.opened
	return target, request, answer
}

// TestFullQueue: whoever calls never waits, what finds the queue full is counted,
// and the log tells of it.
func TestFullQueue(t *testing.T) {
	opened := make(chan struct{})
	f := open(t, func(c *calllog.Config) { c.Mask, c.QueueBytes = gate{opened}, 10_000 })
	const calls = 50
	for n := range calls {
		c := signUp(n)
		f.Keep(&c, noise(1000), nil) // returns, though nothing is taken out
	}
	close(opened)
	f.flush()
	if s := f.Stats(); s.Written != 10 || s.Lost != calls-10 {
		t.Errorf("%+v", s)
	}
	r := f.reader()
	if got := found(t, r, calllog.Query{}); len(got) != 10 || r.Lost != calls-10 {
		t.Errorf("%v and %d lost", got, r.Lost)
	}
	f.keep(0, 1) // there is room again
	if s := f.Stats(); s.Written != 11 {
		t.Errorf("%+v", s)
	}
	f.Close()
	c := signUp(1)
	f.Keep(&c, "late", nil)
	if s := f.Stats(); s.Lost != calls-10+1 {
		t.Errorf("a call after the end: %+v", s)
	}
}

// TestMaskerThatFails: a call whose secrets cannot be hidden is left out.
func TestMaskerThatFails(t *testing.T) {
	f := open(t, func(c *calllog.Config) { c.Mask = hide{"panic"} })
	c := signUp(1)
	f.Keep(&c, "panic", nil)
	f.keep(2, 3)
	if got := found(t, f.reader(), calllog.Query{}); len(got) != 1 || f.Stats().Lost != 1 {
		t.Errorf("%v %+v", got, f.Stats())
	}
}

// TestFileThatCannotBeMade: calls that cannot be written are counted, and once
// they can be, they are.
func TestFileThatCannotBeMade(t *testing.T) {
	f := open(t, nil)
	inTheWay := filepath.Join(f.config.Dir, "calls-0000000001")
	if err := os.Mkdir(inTheWay, 0o700); err != nil {
		t.Fatal(err)
	}
	c := signUp(0)
	f.Keep(&c, requestOf(0), nil)
	if err := f.Flush(); err == nil || f.Stats().Lost != 1 {
		t.Errorf("%v %+v", err, f.Stats())
	}
	if err := os.Remove(inTheWay); err != nil {
		t.Fatal(err)
	}
	f.keep(1, 2)
	r := f.reader()
	if got := found(t, r, calllog.Query{}); len(got) != 1 || r.Lost != 1 {
		t.Errorf("%v, %d lost", got, r.Lost)
	}
}

// TestPurge takes calls out for good, of every segment.
func TestPurge(t *testing.T) {
	f := open(t, nil)
	f.keep(0, 5)
	f.Close()
	f.reopen()
	f.keep(5, 10)
	gone, err := f.Purge(&calllog.Query{Object: "13035550003"})
	if err != nil || gone != 1 {
		t.Fatal(gone, err)
	}
	gone, err = f.Purge(&calllog.Query{Object: "000000000000000007"})
	if err != nil || gone != 1 {
		t.Fatal(gone, err)
	}
	r := f.reader()
	if d := cmp.Diff([]string{"9", "8", "6", "5", "4", "2", "1", "0"}, found(t, r, calllog.Query{})); d != "" {
		t.Error(d)
	}
	for k, err := range r.Calls(&calllog.Query{}) {
		if err != nil {
			t.Fatal(err)
		}
		request, answer, err := r.Messages(k)
		n := strings.TrimPrefix(k.RequestID, "request-")
		if err != nil || !strings.Contains(string(request), "Åse "+n+"<") || !strings.Contains(string(answer), n+"<") {
			t.Errorf("%s: %s %s %v", k.RequestID, request, answer, err)
		}
	}
	f.keep(10, 11)
	if gone, err = f.Purge(&calllog.Query{Before: start.Add(10 * time.Second)}); err != nil || gone != 8 {
		t.Error(gone, err)
	}
	if d := cmp.Diff([]string{"10"}, found(t, f.reader(), calllog.Query{})); d != "" {
		t.Error(d)
	}
	if s := f.Stats(); !s.Oldest.Equal(signUp(10).At) {
		t.Errorf("%+v", s)
	}
	f.Close()
	left := filepath.Join(f.config.Dir, "calls-0000000001.new")
	if err := os.WriteFile(left, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	f.reopen()
	if _, err := os.Stat(left); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what a killed purge left is there: %v", err)
	}
}

// TestMessagesOfASegmentWrittenAnew: who has found calls reads the messages of those that
// stay, wherever they are now, and of those that went hears so; nobody is shown another
// call's.
func TestMessagesOfASegmentWrittenAnew(t *testing.T) {
	f := open(t, nil)
	f.keep(0, 5)
	if err := f.Flush(); err != nil {
		t.Fatal(err)
	}
	r := f.reader()
	calls := func() (all []*calllog.Kept) {
		for k, err := range r.Calls(&calllog.Query{}) {
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, k)
		}
		return all
	}
	before := calls()
	if _, _, err := r.Messages(before[0]); err != nil { // of the block that r then knows
		t.Fatal(err)
	}
	if gone, err := f.Purge(&calllog.Query{Object: "000000000000000001"}); err != nil || gone != 1 {
		t.Fatal(gone, err)
	}
	for who, found := range map[string][]*calllog.Kept{"before": before, "anew": calls()} {
		for _, k := range found {
			request, answer, err := f.reader().Messages(k)
			if who == "anew" {
				request, answer, err = r.Messages(k)
			}
			n := strings.TrimPrefix(k.RequestID, "request-")
			if n == "1" {
				if !errors.Is(err, calllog.ErrUnknown) {
					t.Errorf("%s: %v", who, err)
				}
			} else if err != nil || !strings.Contains(string(request), "Åse "+n+"<") || !strings.Contains(string(answer), n+"<") {
				t.Errorf("%s: %s: %s %s %v", who, k.RequestID, request, answer, err)
			}
		}
	}
}

// TestReadersWhileItIsWritten: while calls come from many sides, segments end and
// go, and some are purged, readers see whole calls only, and whoever follows sees
// each once, in order.
func TestReadersWhileItIsWritten(t *testing.T) {
	const writers, each = 4, 300
	f := open(t, func(c *calllog.Config) { c.MaxBytes, c.Wait = 64<<20, time.Millisecond })
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var all, readers sync.WaitGroup
	long := noise(20 << 10)
	for w := range writers {
		all.Go(func() {
			for i := range each {
				n := w*each + i
				c := signUp(n)
				f.Keep(&c, requestOf(n)+long, []byte(answerOf(n)))
				if i%16 == 15 {
					if err := f.Flush(); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	whole := func(r *calllog.Reader, k *calllog.Kept) {
		request, answer, err := r.Messages(k)
		n := strings.TrimPrefix(k.RequestID, "request-")
		if err != nil || !strings.Contains(string(request), "Åse "+n+"<") || !strings.Contains(string(answer), n+"<") {
			t.Errorf("%s: %.100s %s %v", k.RequestID, request, answer, err)
		}
	}
	done := make(chan struct{})
	readers.Go(func() {
		for {
			r := f.reader()
			for k, err := range r.Calls(&calllog.Query{}) {
				if err != nil {
					t.Error(err)
					return
				}
				whole(r, k)
			}
			if r.Damaged != nil {
				t.Error(r.Damaged)
			}
			select {
			case <-done:
				return
			default:
			}
		}
	})
	seen := map[string]int{}
	readers.Go(func() {
		r := f.reader()
		var last calllog.ID
		followed := r.Follow(&calllog.Query{}, calllog.ID{})
		stopped := errors.New("all are seen")
		err := followed.Run(ctx, func(k *calllog.Kept) error {
			whole(r, k)
			if last.Segment > k.ID.Segment || last.Segment == k.ID.Segment && last.Number >= k.ID.Number {
				t.Errorf("%s after %s", k.ID, last)
			}
			last = k.ID
			if seen[k.RequestID]++; len(seen) == writers*each {
				return stopped
			}
			return nil
		})
		if !errors.Is(err, stopped) {
			t.Errorf("%d of %d calls seen: %v", len(seen), writers*each, err)
		}
	})
	all.Wait()
	f.flush()
	close(done)
	readers.Wait()
	for id, times := range seen {
		if times != 1 {
			t.Errorf("%s was seen %d times", id, times)
		}
	}
	if s := f.Stats(); s.Lost != 0 || s.Written != writers*each {
		t.Errorf("%+v", s)
	}
}
