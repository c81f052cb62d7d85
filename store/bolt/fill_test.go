package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rator/store"
	"rator/store/storetest"
	"rator/store/transfer"
)

// TestSorter: texts come in order, also those that do not fit.
func TestSorter(t *testing.T) {
	for _, most := range []int{1 << 20, 100, 1} {
		s := sorter{dir: t.TempDir(), most: most}
		rng := rand.New(rand.NewPCG(1, 2))
		for range 2 { // once more when it has forgotten
			var want, got []string
			for range 200 {
				text := fmt.Sprint(rng.IntN(150))
				want = append(want, text)
				if err := s.add([]byte(text)); err != nil {
					t.Fatal(err)
				}
			}
			slices.Sort(want)
			err := s.each(func(text []byte) error {
				got = append(got, string(bytes.Clone(text)))
				return nil
			})
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("holding %d bytes: %v, %v; want %v", most, got, err, want)
			}
		}
		if files, _ := filepath.Glob(filepath.Join(s.dir, "*")); len(files) > 0 {
			t.Errorf("it leaves %v", files)
		}
	}
}

// fillFrom fills a file from a store until the context ends.
func fillFrom(ctx context.Context, t *testing.T, from transfer.Source, path string, say func(string)) (transfer.Done, error) {
	t.Helper()
	to, err := OpenFill(path)
	if err != nil {
		return transfer.Done{}, err
	}
	to.entries.most = 1000 // so that it does not hold all
	done, err := transfer.Copy(ctx, from, to, say)
	return done, errors.Join(err, to.Close())
}

// TestFill: a file that is filled is the store that it was filled from; until then nobody
// opens it, and a run that ended in the middle is gone on with.
func TestFill(t *testing.T) {
	from := openTest(t, Options{Unsynced: true})
	storetest.Fill(t, from)
	path := filepath.Join(t.TempDir(), "filled.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	ended, end := context.WithCancel(t.Context())
	err := func() error {
		_, err := fillFrom(store.Telling(ended, func(p store.Progress) {
			if p.Of == "events" {
				end()
			}
		}), t, from, path, func(text string) { t.Errorf("a new file says: %s", text) })
		return err
	}()
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("it was ended: %v", err)
	}
	if db, err := Open(path, Options{}); err == nil || !strings.Contains(err.Error(), "run that again") {
		t.Errorf("half a store opens: %v, %v", db, err)
	}
	other := openTest(t, Options{Unsynced: true})
	if _, err := fillFrom(t.Context(), t, other, path, func(string) {}); err == nil || !strings.Contains(err.Error(), "from another state") {
		t.Errorf("it goes on from another store: %v", err)
	}
	var said []string
	done, err := fillFrom(t.Context(), t, from, path, func(text string) { said = append(said, text) })
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(said, "storetest_thing: is whole already") {
		t.Errorf("what was there is not told: %q", said)
	}
	if done.Records != 295 || done.Events != 291 || done.Kinds != 2 {
		t.Errorf("it says that it did %+v", done)
	}
	if _, err := fillFrom(t.Context(), t, from, path, func(string) {}); err == nil || !strings.Contains(err.Error(), "there is a store already") {
		t.Errorf("a store is filled: %v", err)
	}
	to, err := Open(path, Options{Unsynced: true})
	if err != nil {
		t.Fatal(err)
	}
	defer to.Close()
	storetest.Check(t, to)
	storetest.Same(t, from, to)
}
