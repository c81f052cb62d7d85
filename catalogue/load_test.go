package catalogue_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rator/catalogue"
)

// Each file in testdata/mistakes says behind #! in a line what Load must find
// there; a mistake that is not said, and one that is said and not found, fail.
func TestLoadFindsMistakes(t *testing.T) {
	files, err := filepath.Glob("testdata/mistakes/*.toml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			f, mistakes := catalogue.Load(file, src)
			if f != nil {
				t.Error("Load gives a File in spite of mistakes")
			}
			var found []string
			for _, m := range mistakes {
				found = append(found, m.String())
			}
			for n, line := range strings.Split(string(src), "\n") {
				for _, want := range strings.Split(line, "#!")[1:] {
					found = take(t, found, fmt.Sprintf("%s:%d:", file, n+1), strings.TrimSpace(want))
				}
			}
			for _, m := range found {
				t.Errorf("unexpected: %s", m)
			}
		})
	}
}

// take removes the wanted mistake from those found.
func take(t *testing.T, found []string, place, want string) []string {
	for i, m := range found {
		if strings.HasPrefix(m, place) && strings.Contains(m, want) {
			return append(found[:i:i], found[i+1:]...)
		}
	}
	t.Errorf("%s not found: %s", place, want)
	return found
}

func TestMistakesComeInOrder(t *testing.T) {
	const file = "testdata/mistakes/duplicates.toml"
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, mistakes := catalogue.Load(file, src)
	for i := 1; i < len(mistakes); i++ {
		if mistakes[i].Line < mistakes[i-1].Line {
			t.Errorf("line %d comes after line %d", mistakes[i].Line, mistakes[i-1].Line)
		}
	}
}

func TestLoadTakesInlineTables(t *testing.T) {
	const src = `brand = [{key = "DEMO", id = "201401010000000001", name = "Demo", currency = "USD", country = "US", language = "EN", rate_plan = [{code = "STANDARD", id = "201401010000000010", name = 'Standard "quoted"'}]}]`
	f, mistakes := catalogue.Load("inline.toml", []byte(src))
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	if got := f.Brands[0].RatePlans[0].Name; got != `Standard "quoted"` {
		t.Errorf("name = %s", got)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(catalogue.Demo())
	files, _ := filepath.Glob("testdata/mistakes/*.toml")
	for _, file := range files {
		if src, err := os.ReadFile(file); err == nil {
			f.Add(src)
		}
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		file, mistakes := catalogue.Load("fuzz.toml", src)
		if (file == nil) != (len(mistakes) > 0) {
			t.Errorf("File %v with %d mistakes", file, len(mistakes))
		}
		for _, m := range mistakes {
			if m.Line < 1 || m.Column < 1 || m.Message == "" {
				t.Errorf("a mistake without place or message: %+v", m)
			}
		}
	})
}

// TestLoadSkipsByteOrderMark: an editor's mark is no part of the file, and moves no place.
func TestLoadSkipsByteOrderMark(t *testing.T) {
	const mark = "\xef\xbb\xbf"
	if _, mistakes := catalogue.Load("f", append([]byte(mark), catalogue.Demo()...)); len(mistakes) > 0 {
		t.Error(mistakes)
	}
	_, mistakes := catalogue.Load("f", []byte(mark+"x = 1"))
	if _, without := catalogue.Load("f", []byte("x = 1")); len(without) == 0 || fmt.Sprint(mistakes) != fmt.Sprint(without) {
		t.Errorf("%v; without a mark %v", mistakes, without)
	}
}
