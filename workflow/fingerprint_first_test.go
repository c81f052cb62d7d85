package workflow

import (
	"testing"

	"rator/workflow/contract"
	"rator/workflow/value"
)

// TestFirstFingerprintOfOddTypes: what came with a type that nobody knows was null when
// the first algorithm looked at it.
func TestFirstFingerprintOfOddTypes(t *testing.T) {
	rules := []*contract.Value{{Key: "S", Type: value.String}, {Key: "C", Type: value.Complex, Values: []*contract.Value{{Key: "N", Type: value.Long}}}}
	then := &question{hookpoint: "X", rules: rules, values: value.Tree{
		value.OfNull("S", value.String), value.OfNull("C", value.Bare), value.OfNull("UNKNOWN", value.Bare)}}
	now := &question{hookpoint: "X", rules: rules, values: value.Tree{
		{Key: "S", Text: "x", Odd: true}, {Key: "C", Type: value.Complex, Odd: true, Items: value.Tree{value.OfLong("N", 7)}},
		{Key: "UNKNOWN", Type: value.Complex, Odd: true, Items: value.Tree{value.OfLong("N", 7)}}}}
	if !now.Is(then.firstFingerprint()) {
		t.Error("a request with types that nobody knows is not the one that was kept")
	}
	if now.Is(then.Fingerprint()) {
		t.Error("what came with them does not count")
	}
}
