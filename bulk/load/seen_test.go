package load

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestSeen: each value that stands twice is found, also among more than are kept in memory,
// with its first row; and nothing is left on the disk.
func TestSeen(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := newSeen(dir)
	value := func(n int64) sum { return s.sumOf([]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}) }
	const rows = 400_000
	for row := int64(1); row <= rows; row++ {
		of := row
		switch row {
		case 9, 300_000:
			of = 5
		case 399_999:
			of = 399_998
		}
		if err := s.add([]sighting{{value(of), row}}); err != nil {
			t.Fatal(err)
		}
	}
	if s.parts[0].file == nil {
		t.Error("nothing was written to a file, so that is not tested")
	}
	var found [][2]int64
	if err := s.doubles(func(first int64, again sighting) { found = append(found, [2]int64{first, again.row}) }); err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(found, func(a, b [2]int64) int { return int(a[1] - b[1]) })
	if want := [][2]int64{{5, 9}, {5, 300_000}, {399_998, 399_999}}; !slices.Equal(found, want) {
		t.Errorf("%d, want %d", found, want)
	}
	if err := s.close(); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v left in %s, %v", left, dir, err)
	}
}

// TestJournal: a file is what was written to the store, wherever it was cut.
func TestJournal(t *testing.T) {
	t.Parallel()
	const all = "1,2\n3,4\n5,6\n7,8\n"
	for synced := 0; synced <= len(all); synced += 4 { // groups that were told to be durable
		for cut := synced; cut <= len(all)+3; cut++ { // what the disk has
			file := filepath.Join(t.TempDir(), "ids.csv")
			j, err := openJournal(file, Tail{})
			if err != nil {
				t.Fatal(err)
			}
			var tail Tail
			for at := 0; at < len(all); at += 4 {
				j.extend(&tail, all[at:at+4])
				if at < synced {
					if err := j.append(Tail{tail.Length, all[at : at+4]}); err != nil {
						t.Fatal(err)
					}
				}
			}
			if err := j.close(); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(all + "9,9")[:cut], 0o600); err != nil {
				t.Fatal(err)
			}
			again, err := openJournal(file, tail)
			if err != nil {
				t.Fatalf("synced %d, cut %d: %v", synced, cut, err)
			}
			again.close()
			if text, err := os.ReadFile(file); err != nil || string(text) != all {
				t.Errorf("synced %d, cut %d: %q, %v", synced, cut, text, err)
			}
		}
	}
	file := filepath.Join(t.TempDir(), "other.csv")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tail := range []Tail{{}, {Length: 8, Text: "7,8\n"}} {
		if _, err := openJournal(file, tail); err == nil {
			t.Errorf("another file is taken for %+v", tail)
		}
	}
}
