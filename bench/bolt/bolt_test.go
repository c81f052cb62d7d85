package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"
)

// TestFrozenRows: they are what was counted of a sign-up of 5f5fc56, and each sign-up
// has keys of its own but for what it shares with all others.
func TestFrozenRows(t *testing.T) {
	rows, err := frozenRows()
	if err != nil {
		t.Fatal(err)
	}
	buckets, size, shared := map[string]bool{}, 0, 0
	for _, r := range rows {
		buckets[string(r.bucket)] = true
		key, value := r.key.appendTo(nil, 1), r.value.appendTo(nil, 1)
		size += len(key) + len(value)
		if bytes.Equal(key, r.key.appendTo(nil, 2)) {
			shared++ // counters, the tally and the newest id
		}
		if bytes.Contains(key, []byte("{")) {
			t.Errorf("a mark that nobody knows: %q", key)
		}
	}
	if len(rows) != 27 || len(buckets) != 20 || size != 3239 || shared != 8 {
		t.Errorf("%d rows in %d buckets, %d bytes, %d of all", len(rows), len(buckets), size, shared)
	}
}

// TestRecordFindsWhatIsFrozen: two files that are one sign-up of the frozen rows apart
// are recorded as these rows.
func TestRecordFindsWhatIsFrozen(t *testing.T) {
	files := []string{filepath.Join(t.TempDir(), "before"), filepath.Join(t.TempDir(), "after")}
	for i, file := range files {
		rows, err := frozenRows()
		if err != nil {
			t.Fatal(err)
		}
		for at := range rows { // what each sign-up writes anew has another value each time
			if len(rows[at].key) == 1 {
				rows[at].value = append(rows[at].value, part{mark: "user"})
			}
		}
		inFile(t, file, func(db *bbolt.DB) {
			w := writer{db: db, rows: rows}
			if err := w.fill(2 + i); err != nil {
				t.Fatal(err)
			}
			err := db.Update(func(tx *bbolt.Tx) error { return tx.DeleteBucket(notes) })
			if err != nil {
				t.Fatal(err)
			}
		})
	}
	var out strings.Builder
	if err := record(&out, files[0], files[1]); err != nil {
		t.Fatal(err)
	}
	var want []string
	for line := range strings.Lines(recorded) {
		if fields := strings.Split(strings.TrimSpace(line), "\t"); !strings.Contains(fields[1], "{") {
			line = strings.Join(append(fields[:2], strings.TrimSuffix(fields[2], `"`)+`{user}"`), "\t") + "\n"
		}
		want = append(want, line)
	}
	if diff := cmp.Diff(strings.Join(want, ""), out.String()); diff != "" {
		t.Error(diff)
	}
	if err := record(&out, files[0], files[0]); err == nil {
		t.Error("a file and itself are one sign-up apart")
	}
}

// TestLoopGoesOnInItsFile: a second run writes sign-ups of its own.
func TestLoopGoesOnInItsFile(t *testing.T) {
	for name, rows := range map[string]func() ([]row, error){"frozen": frozenRows, "six": sixRows} {
		l := loop{file: filepath.Join(t.TempDir(), "loop.db"), rows: rows, group: 8, times: 3, filled: 1005}
		for range 2 {
			r, err := l.run()
			if err != nil {
				t.Fatal(err)
			}
			if r.P50 <= 0 || r.P99 < r.P50 || r.PerSecond <= 0 || r.CPU < 0 {
				t.Errorf("%s: %+v", name, r)
			}
		}
		all, err := rows()
		if err != nil {
			t.Fatal(err)
		}
		records := all[len(all)-2].bucket
		inFile(t, l.file, func(db *bbolt.DB) {
			n := -1
			_ = db.View(func(tx *bbolt.Tx) error { n = tx.Bucket(records).Stats().KeyN; return nil })
			if want := (1005 + 2*3*8) * map[string]int{"frozen": 1, "six": 6}[name]; n != want {
				t.Errorf("%s: %d records in %s, want %d", name, n, fmt.Sprintf("%q", records), want)
			}
		})
	}
}

func inFile(t *testing.T, file string, do func(*bbolt.DB)) {
	t.Helper()
	db, err := bbolt.Open(file, 0o600, &bbolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	do(db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}
