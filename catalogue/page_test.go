package catalogue

import (
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const page = "../docs/catalogue.md"

// declared gives the keys of every table by its path, as [[brand.tax]] has it; those of
// every table aside. Options below options have the same keys and are one table.
func declared(all map[string][]string, path string, of reflect.Type) {
	for _, f := range fieldsOf(of) {
		x := of.FieldByIndex(f.index)
		switch {
		case x.Type.Kind() == reflect.Slice && x.Type.Elem().Kind() == reflect.Pointer:
			if f.name != "sub_option" {
				declared(all, strings.TrimPrefix(path+"."+f.name, "."), x.Type.Elem().Elem())
			}
		case slices.Contains(everyTable(of), f.name):
		default:
			all[path] = append(all[path], f.name)
		}
	}
	slices.Sort(all[path])
}

// everyTable are the keys that a type has of Entry.
func everyTable(of reflect.Type) (names []string) {
	if _, entry := of.FieldByName("Entry"); entry {
		for _, f := range fieldsOf(reflect.TypeFor[Entry]()) {
			names = append(names, f.name)
		}
	}
	return names
}

// documented gives the keys that the page has, by the heading they stand below.
func documented(text string) map[string][]string {
	all := map[string][]string{}
	heading := ""
	for line := range strings.Lines(text) {
		if m := regexp.MustCompile("^## (.*)$").FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			heading = strings.Trim(m[1], "`[]")
		}
		cells := strings.Split(line, "|")
		if len(cells) < 4 || !strings.Contains(cells[1], "`") {
			continue
		}
		for _, m := range regexp.MustCompile("`([a-z_]+)`").FindAllStringSubmatch(cells[1], -1) {
			all[heading] = append(all[heading], m[1])
		}
	}
	for _, keys := range all {
		slices.Sort(keys)
	}
	return all
}

// TestPage: docs/catalogue.md has every key of every table, and none that is not there.
func TestPage(t *testing.T) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{}
	declared(want, "", reflect.TypeFor[File]())
	delete(want, "") // the file itself has tables alone
	want["Keys of every table"] = everyTable(reflect.TypeFor[Brand]())
	slices.Sort(want["Keys of every table"])
	if diff := cmp.Diff(want, documented(string(text))); diff != "" {
		t.Errorf("the page (+) and the declarations (-) differ:\n%s", diff)
	}
}

// TestPageExample: the page's example has no mistake and no warning, and a row of every table.
func TestPageExample(t *testing.T) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile("(?s)```toml\n(.*?)```").FindSubmatch(text)
	f, mistakes := Load("example.toml", m[1])
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	if warnings := f.Warnings(); len(warnings) > 0 {
		t.Error(warnings)
	}
	want := map[string][]string{}
	declared(want, "", reflect.TypeFor[File]())
	for _, table := range slices.Sorted(maps.Keys(want)) {
		shown := regexp.MustCompile(`(?m)^\[\[` + strings.ReplaceAll(regexp.QuoteMeta(table), "product_option", `product_option(\.sub_option)?`) + `\]\]$`)
		if table != "" && !shown.Match(m[1]) {
			t.Errorf("the example has no [[%s]]", table)
		}
	}
}
