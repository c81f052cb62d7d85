package dialect

import (
	"testing"

	"rator/tmf/jsondoc"
)

// FuzzPatch: no patch, whatever it holds, makes the library panic or a document
// that is not one.
func FuzzPatch(f *testing.F) {
	for _, seed := range []string{
		`[{"op":"add","path":"/contactMedium/-","value":{"type":"Email"}}]`, `[{"op":"remove","path":"/name"}]`,
		`[{"op":"copy","from":"/contactMedium","path":"/x"},{"op":"move","from":"/x/0","path":"/contactMedium/0"}]`,
		`[{"op":"test","path":"","value":{}}]`, `[{"op":"replace","path":"/a~1b~0","value":null}]`, `[{"op":"add","path":"/contactMedium/-1","value":1}]`,
		`{"name":null,"contactMedium":{"a":{"b":null}}}`, `[]`, `[null]`, `{"bankAccount":{"bic":"x"}}`,
	} {
		f.Add(seed)
	}
	limits := jsondoc.DefaultLimits()
	doc := document(`{"name":"A","contactMedium":[{"type":"Email","medium":{"emailAddress":"x","nothing":null}}],"n":1.50}`)
	f.Fuzz(func(t *testing.T, text string) {
		v, err := jsondoc.Read(text, &limits)
		if err != nil {
			return
		}
		if merged := jsondoc.MergePatch(doc, v, customer2014); v.Kind() != jsondoc.Object && !merged.Identical(v) {
			t.Fatalf("%s merged is %s", text, merged)
		}
		p, err := customer2014.ReadPatch(v, &limits)
		if err != nil {
			return
		}
		if changed, err := p.Apply(doc); err == nil {
			if _, err := (Acceptance{}).Patched(customer2014, doc, changed); err != nil {
				_ = err.Error()
			}
		}
	})
}

// document reads one of a test.
func document(text string) jsondoc.Value {
	v, err := jsondoc.ReadKept(text)
	if err != nil {
		panic(err)
	}
	return v
}
