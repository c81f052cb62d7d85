package report

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// shown is a text laid out, a line each, with two spaces for each level.
func shown(body string) []string {
	var lines []string
	for _, l := range layout([]byte(body)) {
		lines = append(lines, strings.Repeat("  ", l.Depth)+l.Text)
	}
	return lines
}

func TestLayout(t *testing.T) {
	for _, tt := range []struct {
		name, body string
		want       []string
	}{
		{"elements", `<?xml version="1.0"?><a><b x="1">t</b><c/><d></d></a>`, []string{`<?xml version="1.0"?>`, "<a>", `  <b x="1">t</b>`, "  <c/>", "  <d></d>", "</a>"}},
		{
			"entries of ours", `<r><values t="c"><key>A</key><value t="s"><key>B</key><value>1</value></value></values><values><key>N</key></values></r>`,
			[]string{"<r>", `  <values t="c">`, "    <key>A</key>", `    <value t="s"><key>B</key><value>1</value></value>`, "  </values>", "  <values><key>N</key></values>", "</r>"},
		},
		{"mixed content", "<a>one <b>two</b> three<!-- four --></a>", []string{"<a>", "  one", "  <b>two</b>", "  three", "  <!-- four -->", "</a>"}},
		{"a tag of several lines", "<a\n  x='1'\n  y='2'><b/></a>", []string{"<a x='1' y='2'>", "  <b/>", "</a>"}},
		{"cut off", "<a><b>1</b><c><d>tex", []string{"<a>", "  <b>1</b>", "  <c>", "    <d>tex"}},
		{"crossed", "<a><b></a></b>", []string{"<a>", "  <b></a></b>"}},
		{"no XML", "one\r\ntwo\n", []string{"one", "two"}},
		{"multipart", "--x\nContent-Type: text/xml\n\n<a/>\n--x--", []string{"--x", "Content-Type: text/xml", "", "<a/>", "--x--"}},
		{"nothing", "", nil},
	} {
		if diff := cmp.Diff(tt.want, shown(tt.body)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// TestAlign: what is the same thing stands side by side, whatever its value.
func TestAlign(t *testing.T) {
	item := func(key, v string) string { return "<value><key>" + key + "</key><value>" + v + "</value></value>" }
	for _, tt := range []struct {
		name, want, got string
		rows            []aligned
	}{
		{"another value", "<a>" + item("X", "1") + item("Y", "2") + "</a>", "<a>" + item("X", "9") + item("Y", "2") + "</a>", []aligned{{0, 0}, {1, 1}, {2, 2}, {3, 3}}},
		{"prefixes", `<n:a xmlns:n="urn:n"><n:b>1</n:b></n:a>`, `<a xmlns="urn:n"><b>1</b></a>`, []aligned{{0, 0}, {1, 1}, {2, 2}}},
		{"the first of a list is missing", "<a>" + item("I", "1") + item("I", "2") + item("I", "3") + "</a>", "<a>" + item("I", "2") + item("I", "3") + "</a>", []aligned{{0, 0}, {1, -1}, {2, 1}, {3, 2}, {4, 3}}},
		{"extra", "<a><b/></a>", "<a><c/><b/></a>", []aligned{{0, 0}, {-1, 1}, {1, 2}, {2, 3}}},
		{"nothing came", "<a/>", "", []aligned{{0, -1}}},
	} {
		w, g := layout([]byte(tt.want)), layout([]byte(tt.got))
		if diff := cmp.Diff(tt.rows, align(w, g), cmp.AllowUnexported(aligned{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// TestAlignLong: texts too long for a table are aligned too, each line once.
func TestAlignLong(t *testing.T) {
	text := func(from int) string {
		var b strings.Builder
		b.WriteString("<a>")
		for i := from; i < 3000; i++ {
			b.WriteString("<n" + strings.Repeat("x", i%7) + ">" + strings.Repeat("y", i%11+from) + "</n" + strings.Repeat("x", i%7) + ">")
		}
		return b.String() + "</a>"
	}
	w, g := layout([]byte(text(0))), layout([]byte(text(1)))
	nextWant, nextGot, pairs := 0, 0, 0
	for _, r := range align(w, g) {
		if r.want >= 0 {
			if r.want != nextWant {
				t.Fatalf("line %d, want %d", r.want, nextWant)
			}
			nextWant++
		}
		if r.got >= 0 {
			if r.got != nextGot {
				t.Fatalf("line %d, want %d", r.got, nextGot)
			}
			nextGot++
		}
		if r.want >= 0 && r.got >= 0 {
			pairs++
		}
	}
	if nextWant != len(w) || nextGot != len(g) || pairs < 2990 {
		t.Errorf("%d of %d and %d of %d lines, %d pairs", nextWant, len(w), nextGot, len(g), pairs)
	}
}

func TestWithoutIndexes(t *testing.T) {
	for path, want := range map[string]string{
		"return/values[ACCOUNT]/GROUPS[12]/NAME": "return/values[ACCOUNT]/GROUPS/NAME",
		"a/b[0][1]/@c":                           "a/b/@c",
		"a[]/b[1x]/c[":                           "a[]/b[1x]/c[",
		"":                                       "",
	} {
		if got := withoutIndexes(path); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
}

// FuzzLayout: whatever came is laid out, with every line behind the one before, and
// any place of it can be shown.
func FuzzLayout(f *testing.F) {
	f.Add([]byte(`<a><values><key>A</key><value>1</value></values><b>x</b></a>`), 1, 9)
	f.Add([]byte("\xef\xbb\xbf<a\n>\xff"), 2, 1)
	f.Add([]byte("--x\n<a/>"), 9, 9)
	f.Fuzz(func(t *testing.T, body []byte, line, column int) {
		lines := layout(body)
		for i, l := range lines {
			if i > 0 && l.Offset < lines[i-1].Offset || l.Offset > len(body) || l.Close < i || l.Close >= len(lines) {
				t.Fatalf("line %d of %d: %+v", i, len(lines), l)
			}
		}
		line, column = line%1000, column%1000
		for _, l := range excerpt(string(body), line, column) {
			if l.Text != visible(l.Text) {
				t.Fatalf("%q", l.Text)
			}
		}
		if rows := align(lines, layout(append([]byte("<a/>"), body...))); len(rows) < len(lines) {
			t.Fatalf("%d rows of %d lines", len(rows), len(lines))
		}
	})
}
