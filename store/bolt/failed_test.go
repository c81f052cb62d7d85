package bolt

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"

	"rator/failure"
	"rator/store"
	"rator/store/storetest"
	"rator/suite"
)

func TestFailedCommit(t *testing.T) {
	notWritten := func(tx *bbolt.Tx, err error) error { return errors.Join(tx.Rollback(), err) }
	written := func(tx *bbolt.Tx, err error) error { return errors.Join(tx.Commit(), err) }
	tests := []struct {
		name    string
		commit  func(*bbolt.Tx) error
		durable bool
		known   bool // that nothing was changed; then writes go on
	}{
		{"before anything is written", func(tx *bbolt.Tx) error { return notWritten(tx, syscall.EIO) }, false, false},
		{"after everything is written", func(tx *bbolt.Tx) error { return written(tx, syscall.EIO) }, true, false},
		{"a panic", func(*bbolt.Tx) error { panic("page 7 is damaged") }, false, false},
		{"full before the header is written", func(tx *bbolt.Tx) error {
			return notWritten(tx, &os.PathError{Op: "write", Path: "rator.db", Err: syscall.ENOSPC})
		}, false, true},
		{"full after the header is written", func(tx *bbolt.Tx) error { return written(tx, syscall.ENOSPC) }, true, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			db := openTest(t, Options{})
			mustKeep(t, db, "before")
			db.commit = test.commit
			err := db.Update(context.Background(), func(tx store.Tx) error {
				tx.After(func() { t.Error("After ran") })
				return keep("during")(tx)
			})
			if unknown := errors.Is(err, store.ErrOutcomeUnknown); unknown == test.known {
				t.Errorf("error is %v", err)
			}
			if full := failure.CodeOf(err) == store.Full; full != test.known {
				t.Errorf("error is %v", err)
			}
			db.commit = (*bbolt.Tx).Commit
			after := db.Update(context.Background(), keep("after"))
			want := []string{"before"}
			if test.known {
				want = append([]string{"after"}, want...)
				if after != nil || db.Ready() != nil {
					t.Errorf("error is %v, ready %v", after, db.Ready())
				}
			} else {
				for _, err := range []error{after, db.Ready()} {
					if !errors.Is(err, store.ErrNoWrites) || failure.CodeOf(err) != failure.TryAgain || !strings.Contains(err.Error(), "the server takes no changes until it is restarted") {
						t.Errorf("error is %v", err)
					}
				}
			}
			if test.durable {
				want = append(want, "during")
			}
			if diff := cmp.Diff(want, kept(t, db)); diff != "" {
				t.Errorf("reads go on: %s", diff)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, kept(t, openAt(t, db.path, Options{}))); diff != "" {
				t.Errorf("after opening again: %s", diff)
			}
		})
	}
}

func TestCommitThatTakesTooLong(t *testing.T) {
	db := openTest(t, Options{})
	db.waits.commit = 20 * time.Millisecond
	goOn := make(chan bool)
	db.commit = func(tx *bbolt.Tx) error { <-goOn; return tx.Commit() }
	err := db.Update(context.Background(), keep("slow"))
	if !errors.Is(err, store.ErrOutcomeUnknown) {
		t.Errorf("error is %v", err)
	}
	close(goOn)
	patient(t, db)
	mustKeep(t, db, "next") // it was only slow
	if diff := cmp.Diff([]string{"next", "slow"}, kept(t, db)); diff != "" {
		t.Error(diff)
	}
}

// TestFullDisk fills a real file system: writes are refused with one code while
// reads go on, and are taken again without opening anew once there is room.
func TestFullDisk(t *testing.T) {
	disk := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk).CombinedOutput(); err != nil {
		suite.Missing(t, "not root, who can mount a small file system: "+string(out))
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", disk).CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	})
	ballast := filepath.Join(disk, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	db := openAt(t, filepath.Join(disk, "rator.db"), Options{})
	insert := func() error {
		return db.Update(context.Background(), func(tx store.Tx) error {
			return storetest.Others.Insert(tx, &storetest.Thing{Note: strings.Repeat("x", 50_000)})
		})
	}
	count := func() (n int64) {
		err := db.View(context.Background(), func(tx store.Tx) (err error) {
			n, err = storetest.Others.Count(tx)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	var written int64
	for ; written < 100; written++ {
		if err := insert(); err != nil {
			if failure.CodeOf(err) != store.Full {
				t.Fatalf("error is %v", err)
			}
			break
		}
	}
	if err := insert(); failure.CodeOf(err) != store.Full {
		t.Errorf("error is %v", err)
	}
	if n := count(); n != written || written < 5 || written == 100 {
		t.Errorf("%d are there, %d were written", n, written)
	}
	storetest.Check(t, db)
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if err := insert(); err != nil || db.Ready() != nil {
		t.Errorf("error is %v, ready %v", err, db.Ready())
	}
	if n := count(); n != written+1 {
		t.Errorf("%d are there, %d were written", n, written+1)
	}
}
