package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"rator/store"
	"rator/store/storetest"
)

func backup(t *testing.T, db *DB) []byte {
	t.Helper()
	var b bytes.Buffer
	size, err := db.Backup(context.Background(), &b)
	if err != nil || size != int64(b.Len()) {
		t.Fatalf("%d bytes were written, %d said: %v", b.Len(), size, err)
	}
	return b.Bytes()
}

// restore writes a backup to a file and gives its path.
func restore(t *testing.T, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "restored.db")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestBackupUnderLoad takes backups while writers keep things in pairs: each must
// open, be sound, hold whole pairs, and all that was acknowledged before it began.
func TestBackupUnderLoad(t *testing.T) {
	db := openTest(t, Options{})
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	var (
		mu    sync.Mutex
		acked int
		wg    sync.WaitGroup
	)
	for writer := range 4 {
		wg.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				err := db.Update(context.Background(), func(tx store.Tx) error {
					pair := fmt.Sprintf("%d-%d", writer, n)
					return errors.Join(keep("a"+pair)(tx), keep("b"+pair)(tx), tx.Emit(store.Event{Topic: "pair", Body: []byte(`{}`)}))
				})
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				acked++
				mu.Unlock()
			}
		})
	}
	type copied struct {
		data []byte
		min  int
	}
	var copies []copied
	for range 4 {
		mu.Lock()
		least := acked
		mu.Unlock()
		copies = append(copies, copied{backup(t, db), least})
	}
	stop()
	wg.Wait()
	for _, c := range copies {
		names := kept(t, openAt(t, restore(t, c.data), Options{}))
		for i, name := range names[:len(names)/2] {
			if name[1:] != names[len(names)/2+i][1:] {
				t.Fatalf("half a pair: %s", name)
			}
		}
		if len(names)/2 < c.min {
			t.Errorf("%d pairs are there, %d were acknowledged", len(names)/2, c.min)
		}
	}
}

func TestRestoredStoreGoesOn(t *testing.T) {
	db := openTest(t, Options{})
	mustKeep(t, db, "a")
	restored := openAt(t, restore(t, backup(t, db)), Options{})
	mustKeep(t, restored, "b")
	mustKeep(t, db, "c")
	if got := fmt.Sprint(kept(t, restored), kept(t, db)); got != "[a b] [a c]" {
		t.Errorf("they have %s", got)
	}
}

func TestHalfABackupIsRefused(t *testing.T) {
	db := openTest(t, Options{})
	for n := range 20 {
		mustKeep(t, db, fmt.Sprint(n, strings.Repeat("x", 3000)))
	}
	whole := backup(t, db)
	for cut := 1; cut < len(whole); cut += 1499 {
		db, err := Open(restore(t, whole[:cut]), Options{})
		if err == nil {
			t.Fatal(errors.Join(fmt.Errorf("%d of %d bytes were opened", cut, len(whole)), db.Close()))
		}
	}
	storetest.Check(t, openAt(t, restore(t, whole), Options{}))
}

func TestBackupStopsWithItsContext(t *testing.T) {
	db := openTest(t, Options{})
	ctx, cancel := context.WithCancel(context.Background())
	_, err := db.Backup(ctx, writerFunc(func(b []byte) (int, error) { cancel(); return len(b), nil }))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }
