package compare_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"rator/replay/compare"
)

// FuzzAnswers holds comparison to what must be true of any two texts: it ends, an
// error has a place in the right text, differences have a path and a place, a text
// is equal to itself, and two texts differ in both directions or in none.
func FuzzAnswers(f *testing.F) {
	seeds := []string{
		price, answer(entryOf("string", "A", "201512111025000001") + list("L", item("I", "a"), item("I", "b"))),
		`<a xmlns:x="urn:x"><x:b c="1">t<!-- --><![CDATA[<]]></x:b></a>`, "<a>${capture:x}</a>", "<a>\xff</a>", "", "\xff\xfe<\x00a\x00/\x00>\x00",
		`<!DOCTYPE a [<!ENTITY e "x"><!ENTITY f "&e;&e;">]><a>&f;</a>`, strings.Repeat("<a>", 300), `<a b="1" b="2"/>`,
		answer(entryOf("date", "D", "2026-01-02T03:04:05Z") + entryOf("double", "N", "1e400")), answer(`<values/><values><value><key/></value></values>`),
	}
	for i, seed := range seeds {
		f.Add([]byte(seed), []byte(seeds[(i+1)%len(seeds)]))
		f.Add([]byte(seed), []byte(seed+" "))
	}
	f.Fuzz(func(t *testing.T, want, got []byte) {
		found, err := compare.Answers(want, got, &compare.Options{IDs: &compare.IDs{}})
		var syntax *compare.SyntaxError
		if err != nil && (!errors.As(err, &syntax) || syntax.Line < 1 || syntax.Column < 1 || syntax.Message == "") {
			t.Fatalf("an error without a place: %v", err)
		}
		for _, d := range found {
			if d.Path == "" || d.Kind == "" || d.Line < 1 || d.Column < 1 {
				t.Fatalf("a difference without a place: %+v", d)
			}
		}
		if bytes.Contains(want, []byte("${")) || bytes.Contains(got, []byte("${")) || err != nil || !compare.IsXML(want) || !compare.IsXML(got) {
			return
		}
		if same, err := compare.Answers(want, append(bytes.Clone(want), ' '), &compare.Options{IDs: &compare.IDs{}}); len(same) > 0 {
			t.Fatalf("%q differs from itself: %v %+v", want, err, same)
		}
		back, err := compare.Answers(got, want, &compare.Options{IDs: &compare.IDs{}})
		if err != nil || (len(back) == 0) != (len(found) == 0) {
			t.Fatalf("%+v one way, %+v, %v the other", found, back, err)
		}
	})
}

// FuzzParse holds the parser to encoding/xml: what that refuses is refused, and
// elements and text are the same.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		price, `<a b='1'>x&#65;&amp;<![CDATA[<]]>y<!-- c --><?p i?></a>`, "<a>\r\n\r</a>", `<!DOCTYPE a [<!ELEMENT a (#PCDATA)><!-- > -->]><a/>`,
		"<a><A xmlns:::=''/></a>", "<a xmlns:=''/>", "<é>ü</é>", "<a>]]></a>", "<a xmlns='u'><b xmlns=''/></a>", "<a>&#0;</a>", "<a.b-c _d=''/>", "<a\tb = \"&#x20;\"\n/>",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		root, err := compare.Parse([]byte(text))
		if err != nil {
			return
		}
		var mine strings.Builder
		flatten(&mine, root)
		theirs, err := decoded(text)
		if err != nil && isPlain(text) {
			t.Fatalf("%q is taken, and encoding/xml says %v", text, err)
		}
		if err == nil && mine.String() != theirs {
			t.Fatalf("%q is\n%q and for encoding/xml\n%q", text, mine.String(), theirs)
		}
	})
}

// isPlain says that encoding/xml must take what we take: it knows no other charset
// and names by an older edition of XML.
func isPlain(text string) bool {
	return !strings.Contains(text, "encoding") && !strings.Contains(text, "version") &&
		!strings.ContainsFunc(text, func(r rune) bool { return r == 0 || r > 126 })
}

// flatten is an element's name and what is in it, white space left out.
func flatten(b *strings.Builder, n *compare.Node) {
	if n.IsText() {
		b.WriteString(strings.Join(strings.Fields(n.Text), ""))
		return
	}
	b.WriteString("<" + n.Name.Space + " " + n.Name.Local)
	for _, a := range n.Attributes {
		b.WriteString(" " + a.Name.Local + "=" + a.Value)
	}
	b.WriteString(">")
	for _, child := range n.Nodes {
		flatten(b, child)
	}
	b.WriteString("</>")
}

// decoded is the same by encoding/xml.
func decoded(text string) (string, error) {
	var b strings.Builder
	d := xml.NewDecoder(strings.NewReader(strings.TrimPrefix(text, "\uFEFF")))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return b.String(), nil
		}
		if err != nil {
			return "", err
		}
		switch x := token.(type) {
		case xml.StartElement:
			b.WriteString("<" + x.Name.Space + " " + x.Name.Local)
			for _, a := range x.Attr {
				if a.Name.Space != "xmlns" && a.Name.Local != "xmlns" {
					b.WriteString(" " + a.Name.Local + "=" + a.Value)
				}
			}
			b.WriteString(">")
		case xml.EndElement:
			b.WriteString("</>")
		case xml.CharData:
			b.WriteString(strings.Join(strings.Fields(string(x)), ""))
		}
	}
}
