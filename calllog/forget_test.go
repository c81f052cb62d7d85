package calllog_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/calllog"
)

// TestForget takes every call that names somebody out, wherever it is: of older
// segments, of those that wait, and of those that began before and come later. What
// begins afterwards stays, and the folder knows how far it followed.
func TestForget(t *testing.T) {
	f := open(t, nil)
	f.keep(0, 5)
	f.Close()
	f.reopen()
	f.keep(5, 8)
	c := signUp(8)
	c.Object = "000000000000000003"
	f.after(time.Minute)
	f.Keep(&c, "<nothing/>", nil) // waits
	calls, err := f.Forget([]uint64{3, 6}, 17)
	if err != nil || calls != 2 && calls != 3 { // the one that waited may have been written
		t.Fatal(calls, err)
	}
	late, later := signUp(3), signUp(6)
	late.At, later.At = f.now(), f.now().Add(time.Second)
	late.RequestID, later.RequestID = "late", "later"
	f.Keep(&late, requestOf(3), []byte(answerOf(3)))
	f.Keep(&later, requestOf(6), []byte(answerOf(6)))
	f.flush()
	var left []string
	for k, err := range f.reader().Calls(&calllog.Query{}) {
		if err != nil {
			t.Fatal(err)
		}
		left = append(left, k.RequestID)
	}
	if d := cmp.Diff([]string{"later", "request-7", "request-5", "request-4", "request-2", "request-1", "request-0"}, left); d != "" {
		t.Error(d)
	}
	if s := f.Stats(); s.Lost != 0 {
		t.Errorf("%d calls count as lost", s.Lost)
	}
	if last, err := calllog.Forgotten(f.config.Dir); last != 17 || err != nil {
		t.Error(last, err)
	}
	if _, err := calllog.Forget(f.config.Dir, []uint64{7}, 18); !errors.Is(err, calllog.ErrInUse) {
		t.Error(err)
	}
	f.Close()
	if calls, err := calllog.Forget(f.config.Dir, []uint64{7}, 18); calls != 1 || err != nil {
		t.Error(calls, err)
	}
	if last, err := calllog.Forgotten(f.config.Dir); last != 18 || err != nil {
		t.Error(last, err)
	}
	file := filepath.Join(f.config.Dir, "forgotten")
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info.Mode(), err)
	}
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := calllog.Forgotten(f.config.Dir); err == nil {
		t.Error("a broken number reads")
	}
}
