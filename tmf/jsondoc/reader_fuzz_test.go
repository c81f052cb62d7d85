package jsondoc_test

import (
	"encoding/json"
	"testing"

	"rator/tmf/jsondoc"
)

// FuzzReadJSON: what is read is JSON to encoding/json too, and means the same
// after printing, which makes it no longer: what is kept can be read again.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		`{"id":"c1","n":[1,2.50,-1e-3,0],"t":true,"x":null,"s":"å\u00e5\ud83d\ude00\\\""}`, `[]`, `{}`, `"`, `{"a":1,"a":2}`,
		`[1 2]`, `01`, "\"\xff\"", `"\ud800"`, `1e400`, `[[[[`, ` {"a" : [ ] } `, `{"a":1}x`, "\"\u2028\"", `-0`, `{"":0}`,
	} {
		f.Add(seed)
	}
	limits := jsondoc.DefaultLimits()
	f.Fuzz(func(t *testing.T, text string) {
		v, err := jsondoc.Read(text, &limits)
		if err != nil {
			_ = err.Error()
			return
		}
		if !json.Valid([]byte(text)) {
			t.Fatalf("%q is read but is no JSON", text)
		}
		printed := v.String()
		again, err := jsondoc.Read(printed, &limits)
		if err != nil || len(printed) > len(text) || !again.Identical(v) || again.String() != printed {
			t.Fatalf("%q is printed as %q: %v", text, printed, err)
		}
		if !again.Equal(v) {
			t.Fatalf("%q does not equal itself", text)
		}
	})
}
