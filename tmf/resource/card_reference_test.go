package resource

import (
	"strings"
	"testing"

	"rator/card"
	"rator/tmf/jsondoc"
)

// TestReferencesAreConcealed: by the name of the member or of the pair, at any depth;
// what is none stays, and is refused.
func TestReferencesAreConcealed(t *testing.T) {
	key := card.NewKey([]byte(strings.Repeat("k", 32)))
	const number = "4111111111111111"
	doc := jsondoc.ObjectOf(
		jsondoc.MemberOf("characteristic", jsondoc.ArrayOf(jsondoc.ObjectOf(jsondoc.MemberOf("name", jsondoc.Text("transactionId")), jsondoc.MemberOf("value", jsondoc.Text(number))))),
		jsondoc.MemberOf("paymentReference", jsondoc.Text(number)))
	kept := concealed(key, doc)
	if strings.Count(kept.String(), key.Conceal(number)) != 2 || strings.Contains(kept.String(), number) {
		t.Error(kept)
	}
	if err := refuseCardData(kept, jsondoc.Value{}); err != nil {
		t.Error(err)
	}
	text := jsondoc.ObjectOf(jsondoc.MemberOf("description", jsondoc.Text(number)))
	if !concealed(key, text).Identical(text) || !concealed(nil, doc).Identical(doc) || refuseCardData(concealed(nil, doc), jsondoc.Value{}) == nil {
		t.Error("a text was changed, or a reference without a key")
	}
}
