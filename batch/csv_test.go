package batch

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"rator/workflow/value"
)

func write(t *testing.T, dir, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// wide is a text in UTF-16LE with a byte order mark, as Excel's "Unicode text" is.
func wide(text string) string {
	b := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(text)) {
		b = append(b, byte(unit), byte(unit>>8))
	}
	return string(b)
}

// TestCSV has what spreadsheets write, and what is left of it.
func TestCSV(t *testing.T) {
	t.Chdir(t.TempDir())
	row := func(line int, items ...value.Entry) string {
		return fmt.Sprintf("%d: %s", line, value.Tree(items).JSON())
	}
	people := []string{
		row(2, value.OfString("NAME", "Åse; \"ø\""), value.Of("USER", value.OfString("CITY", "Malmö\nS"))),
		row(4, value.OfString("NAME", "Bo")),
	}
	for name, c := range map[string]struct {
		src  string
		want []string
	}{
		"comma":             {"NAME,USER.CITY\n\"Åse; \"\"ø\"\"\",\"Malmö\nS\"\nBo,\n", people},
		"semicolon":         {"NAME;USER.CITY\r\n\"Åse; \"\"ø\"\"\";\"Malmö\nS\"\r\nBo;\r\n", people},
		"tab":               {"NAME\tUSER.CITY\nÅse; \"\"ø\"\"\t\"Malmö\nS\"\nBo\t", nil},
		"tab, quoted":       {"\"NAME\"\t\"USER.CITY\"\n\"Åse; \"\"ø\"\"\"\t\"Malmö\nS\"\nBo\t", people},
		"byte order mark":   {"\ufeffNAME;USER.CITY\n\"Åse; \"\"ø\"\"\";\"Malmö\nS\"\nBo;", people},
		"UTF-16":            {wide("NAME\tUSER.CITY\r\n\"Åse; \"\"ø\"\"\"\t\"Malmö\nS\"\r\nBo\t\r\n"), people},
		"a line says it":    {"sep=|\r\nNAME|B\r\na,b;c|\r\n", []string{row(3, value.OfString("NAME", "a,b;c"))}},
		"UTF-16, said":      {wide("sep=;\nNAME;B\na;b"), []string{row(3, value.OfString("NAME", "a"), value.OfString("B", "b"))}},
		"one column":        {"NAME\na;b\n", []string{row(2, value.OfString("NAME", "a;b"))}},
		"only a header":     {"NAME", []string{}},
		"other letters":     {"Fødselsdag;post-nr\n1;2\n", []string{row(2, value.OfString("Fødselsdag", "1"), value.OfString("post-nr", "2"))}},
		"items of lists":    {"T[1];T[2];L[1].A;L[1].B;L[2].A\na;b;c;d;e\n", []string{row(2, value.OfString("T", "a"), value.OfString("T", "b"), value.Of("L", value.OfString("A", "c"), value.OfString("B", "d")), value.Of("L", value.OfString("A", "e")))}},
		"empty cells":       {"A;B;;\n;;;\n1;;;\n", []string{row(3, value.OfString("A", "1"))}},
		"commas in a value": {"A;B\n1,5;2\n", []string{row(2, value.OfString("A", "1,5"), value.OfString("B", "2"))}},
	} {
		write(t, ".", "a.csv", c.src)
		got, err := readRows("a.csv", nil)
		if c.want == nil {
			if err == nil || !strings.HasPrefix(err.Error(), "a.csv:2:") {
				t.Errorf("%s: %v, %v", name, got, err)
			}
			continue
		}
		shown := []string{}
		for _, r := range got.rows {
			shown = append(shown, row(r.line, r.values...))
		}
		if d := cmp.Diff(c.want, shown); d != "" || err != nil {
			t.Errorf("%s: %v %s", name, err, d)
		}
	}
}

// TestCSVHeader: a name that can be no key is told with its place, before anything
// runs; a numbered item makes a list, of one too.
func TestCSVHeader(t *testing.T) {
	t.Chdir(t.TempDir())
	for src, want := range map[string]string{
		"A;B,C\n":          "a.csv:1:3: column 2, \"B,C\": ',' is no part of a key, which is letters, digits, _ and -",
		"A, B\n":           "a.csv:1:3: column 2, \" B\": ' ' is no part of a key",
		"sep=;\nA;B C\n":   "a.csv:2:3: column 2, \"B C\": ' ' is no part",
		"A,\"B;C\"\n":      "a.csv:1:3: column 2, \"B;C\": ';' is no part",
		"\"A\tB\"\n":       "a.csv:1:1: column 1, \"A\\tB\": '\\t' is no part",
		"A=1\n":            "'=' is no part",
		"A;;B\n":           "a.csv:1:3: column 2, \"\": a key is empty",
		"A;B;\n1;2;3\n":    "a.csv:2:5: there is a value in column 3, which has no key in the header",
		"A;B;;\n1;2;3\n":   "a.csv:2:1: the row has 3 cells, the header 4",
		"A.;B\n":           "column 1, \"A.\": a key is empty",
		"A,B,A\n":          "a.csv:1:5: column 3, \"A\": the key is there twice; the items of a list are A[1], A[2]",
		"B.A,B.A\n":        "column 2, \"B.A\": the key is there twice",
		"B[1].A,B.A\n":     "column 2, \"B.A\": the key is there twice",
		"T,T[1]\n":         "column 2, \"T[1]\": the key is there twice",
		"A.B,A\n":          "column 2, \"A\": A is a value of its own in one column, and has keys below it in another",
		"A,A.B\n":          "column 2, \"A.B\": A is a value of its own in one column, and has keys below it in another",
		"A[x],B\n":         "column 1, \"A[x]\": A[x]: the item of a list is a number from 1",
		"sep=;;\nA;B\n":    "a.csv:1:5: \";;\" separates no cells; write sep=; or leave the line out",
		"A,B\n1\n":         "a.csv:2:1: the row has 1 cells, the header 2",
		"A;B\n\n1;2;3\n":   "a.csv:3:1: the row has 3 cells, the header 2; a cell that holds ';' stands in quotes",
		"T[2]\n1\n":        "a.csv:2:1: T[2]: T[2] is not the next item of the list, which is T[1]",
		"A\x00B\n":         "a.csv:1: the text is not UTF-8, nor UTF-16 with a byte order mark",
		"A\nx\nB\xe6rum\n": "a.csv:3: the text is not UTF-8",
	} {
		write(t, ".", "a.csv", src)
		if got, err := readRows("a.csv", nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, %v; want %s", src, got, err, want)
		}
	}
	write(t, ".", "a.csv", "T[1],L[1].A,B.A\n1,2,3\n")
	got, err := readRows("a.csv", nil)
	if d := cmp.Diff(lists{"T/": true, "L/": true}, got.lists); d != "" || err != nil {
		t.Errorf("%v %s", err, d)
	}
	for src, want := range map[string]string{
		`{"A": 1, "A": 2}`:               "a.json:1: row 1: A is there twice; a list is an array: {\"A\": […]}",
		"[{},\n{\"U\": {\"A;B\": 1}}]":   "a.json:2: row 2: ';' is no part of a key",
		`{"USER.CITY": 1}`:               "'.' is no part of a key",
		`{"": 1}`:                        "a key is empty",
		"{\"A\": 1}\n{\"A\": {\"\": 1}}": "a.json:2: row 2: a key is empty",
	} {
		write(t, ".", "a.json", src)
		if got, err := readRows("a.json", nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, %v; want %s", src, got, err, want)
		}
	}
	write(t, ".", "a.json", wide(`{"A": "Å"}`))
	if got, err := readRows("a.json", nil); err != nil || got.rows[0].values.Text("A") != "Å" {
		t.Errorf("%v, %v", got, err)
	}
}
