package batch

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/workflow/value"
)

func TestDigestOf(t *testing.T) {
	tree := func(items ...value.Entry) string { return digestOf(nil, items) }
	a, b := value.OfString("A", "1"), value.Of("B", value.OfString("C", "x"), value.OfString("PASSWORD", "secret"))
	same := []string{
		tree(a, b), tree(b, a),
		tree(a, value.Of("B", value.OfString("PASSWORD", "other"), value.OfString("C", "x"))),
	}
	other := []string{
		tree(a), tree(b), tree(a, a, b), tree(value.OfLong("A", 1), b), tree(value.OfNull("A", value.String), b), tree(value.OfString("A", "2"), b),
		tree(a, value.Of("B", value.OfString("C", "y"), value.OfString("PASSWORD", "secret"))), tree(value.OfLong("A", 9007199254740992)), tree(value.OfLong("A", 9007199254740993)),
	}
	if d := cmp.Diff([]string{same[0], same[0]}, same[1:]); d != "" {
		t.Error(d)
	}
	all := append(slices.Clone(other), same[0])
	if slices.Sort(all); len(slices.Compact(all)) != len(other)+1 {
		t.Errorf("two of %v are the same", other)
	}
}
