package dialect

import (
	"testing"
	"time"
)

// TestTyped: what cannot be as the tables have it is left out, with what cannot be
// without it, and nothing else is touched.
func TestTyped(t *testing.T) {
	for _, c := range []struct{ doc, want string }{
		{`{"name":"A","status":"S","x":{"y":[1.50]}}`, `{"name":"A","status":"S","x":{"y":[1.50]}}`},
		{`{"name":"A","statusReason":7,"href":true,"@type":{}}`, `{"name":"A","statusReason":"7","href":"true"}`},
		{`{"name":"A","validFor":{"startDateTime":"2013-04-19T16:42:23.059+02:00","endDateTime":"2013-04-19"}}`,
			`{"name":"A","validFor":{"startDateTime":"2013-04-19T16:42:23.059+02:00","endDateTime":"2013-04-19T00:00:00Z"}}`},
		{`{"name":"A","validFor":{"startDateTime":"2013-04-19T16:42:23,5+0200","endDateTime":"2013-04-19t16:42z"}}`,
			`{"name":"A","validFor":{"startDateTime":"2013-04-19T14:42:23.5Z","endDateTime":"2013-04-19T16:42:00Z"}}`},
		{`{"name":"A","validFor":{"startDateTime":"2013-04-19T16:42:23+15:00","endDateTime":"0000-04-19T16:42:23Z"}}`,
			`{"name":"A","validFor":{"startDateTime":"2013-04-19T01:42:23Z"}}`},
		{`{"name":"A","validFor":{"startDateTime":"soon","endDateTime":20130419,"z":"soon"}}`, `{"name":"A","validFor":{"z":"soon"}}`},
		{`{"name":"A","validFor":"always","contactMedium":{"type":"Email"}}`, `{"name":"A"}`},
		{`{"name":"A","creditProfile":[{"creditProfileDate":"2013-04-19","validFor":{},"creditScore":"7","creditRiskRating":7.0},{"creditProfileDate":"soon","validFor":{}},{"creditProfileDate":"2013-04-19","validFor":{},"creditScore":"good"}]}`,
			`{"name":"A","creditProfile":[{"creditProfileDate":"2013-04-19T00:00:00Z","validFor":{},"creditScore":7,"creditRiskRating":7},{"creditProfileDate":"2013-04-19T00:00:00Z","validFor":{}}]}`},
		{`{"name":"A","contactMedium":[{"preferred":"true","type":"Email","characteristic":{"emailAddress":"a"}},{"preferred":"maybe","type":"Fax","characteristic":{"number":{}}},7]}`,
			`{"name":"A","contactMedium":[{"preferred":true,"type":"Email","characteristic":{"emailAddress":"a"}}]}`},
		{`{"name":"A","account":[{"id":"ca1","name":"n"},{"id":"ca2"},{"href":"h","name":"n"}]}`, `{"name":"A","account":[{"id":"ca1","name":"n"}]}`},
		{`{"name":"A","account":null}`, `{"name":"A"}`},
	} {
		got, ok := customerV3.typed(document(c.doc), time.UTC)
		if !ok || got.String() != c.want {
			t.Errorf("%s: %s, want %s", c.doc, got, c.want)
		}
	}
	for _, doc := range []string{`{"status":"S"}`, `{"name":{}}`, `[]`} {
		if got, ok := customerV3.typed(document(doc), time.UTC); ok {
			t.Errorf("%s: %s", doc, got)
		}
	}
}
