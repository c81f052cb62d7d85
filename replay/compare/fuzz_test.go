package compare_test

import (
	"bytes"
	"errors"
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
		if bytes.Contains(want, []byte("${")) || bytes.Contains(got, []byte("${")) || err != nil {
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
