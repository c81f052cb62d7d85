package resource

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"rator/tmf/jsondoc"
)

// What split keeps beside the texts is what is read of them, so that indexes and answers
// are the same before and after an overlay is kept.
func TestSplitKeepsWhatIsRead(t *testing.T) {
	docs := []string{
		`{}`, `{"a":null,"b":true,"c":false,"d":-1.50e+3,"e":"","f":"Åse <&> \"\\\n\u2028","g":[],"h":{}}`,
		`{"a":[null,{"x":[1,[2,{}]]}],"name":"n","contactMedium":[{"emailAddress":"a@b.c"}]}`, `{"z":1,"a":{"b":{"c":[true]}}}`,
	}
	for _, written := range docs {
		for _, had := range docs {
			doc, projection := read(t, written), read(t, had)
			var o overlay
			o.split(doc, projection)
			if o.now == nil {
				t.Fatal("nothing is kept beside the texts")
			}
			kept := *o.now
			o.now = nil
			again, err := o.documents()
			if err != nil || !kept.written.Identical(again.written) || !kept.had.Identical(again.had) {
				t.Errorf("of %s over %s it keeps %s and %s, of which is read %s and %s: %v",
					written, had, kept.written, kept.had, again.written, again.had, err)
			}
		}
	}
}

func read(t *testing.T, text string) jsondoc.Value {
	t.Helper()
	v, err := jsondoc.ReadKept(text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// A party is named by a string of 18 digits and nothing else.
func TestNamedKey(t *testing.T) {
	digits := regexp.MustCompile(`"[0-9]{18}"`)
	want := func(text string) string {
		all := digits.FindAllString(text, -1)
		for _, other := range all {
			if other != all[0] {
				return severalTold
			}
		}
		return strings.Trim(strings.Join(all[:min(1, len(all))], ""), `"`)
	}
	const one, other = "202601020304050001", "202601020304050002"
	parts := []string{`"`, `"`, `"`, one, one, other, "1", "a", `\`, `":`, "é", one[:17], `"` + one + `"`}
	random := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		var b strings.Builder
		for range random.IntN(9) {
			b.WriteString(parts[random.IntN(len(parts))])
		}
		if got := namedKey(&overlay{Written: b.String()}); got != want(b.String()) {
			t.Fatalf("%s: got %q, want %q", b.String(), got, want(b.String()))
		}
	}
}
