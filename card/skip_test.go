package card_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/card"
)

// TestSkipLeavesOutNoNumber compares what is found with what is found when every
// character is fed, also of a text that comes in two.
func TestSkipLeavesOutNoNumber(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	parts := []string{"4111111111111111", "4111", "1111", "111", "4", "1", "202601020304050001", " ", "-", ".", "a", "DK50", "\n", "&", "é", "４", "\u200B", ":"}
	found := 0
	for range 20_000 {
		var b strings.Builder
		for range 1 + random.IntN(8) {
			b.WriteString(parts[random.IntN(len(parts))])
		}
		text := b.String()
		cut := len(text)
		for i := range text {
			if random.IntN(8) == 0 {
				cut = i
			}
		}
		all, some := card.Finder{Text: text}, card.Finder{Text: text}
		for i, r := range text {
			all.Feed(r, i, i+len(string(r)))
		}
		all.Flush()
		feed := func(start, end int, more bool) {
			next := start
			for i, r := range text[start:end] {
				i += start
				if some.Idle() && i >= next {
					next = card.Skip(text, i, end, more)
				}
				if i >= next {
					some.Feed(r, i, i+len(string(r)))
				}
			}
		}
		feed(0, cut, true)
		feed(cut, len(text), false)
		some.Flush()
		if diff := cmp.Diff(all.Found, some.Found); diff != "" {
			t.Fatalf("%q, cut at %d: %s", text, cut, diff)
		}
		found += len(all.Found)
	}
	if found == 0 {
		t.Error("no text had a number")
	}
}
