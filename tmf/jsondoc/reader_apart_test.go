package jsondoc_test

import (
	"testing"

	"rator/tmf/jsondoc"
)

// What was read of one document stays as it is while others are read and changed.
func TestDocumentsAreApart(t *testing.T) {
	const doc = `{"a":[1,{"b":"c"},[]],"d":{"e":{},"f":[true,null]},"g":"h"}`
	first, err := jsondoc.ReadKept(doc)
	if err != nil {
		t.Fatal(err)
	}
	for _, other := range []string{`{"x":[9,9,9,{"y":"z","y2":{"z":[8]}}],"w":{"v":1}}`, `{"x":{"y":[7,`, `[[[1,2],{"a":1,"a":2}]]`, `{}`} {
		v, err := jsondoc.ReadKept(other)
		if err == nil {
			_ = v.With("new", jsondoc.Text("t"))
		}
	}
	_ = first.With("new", jsondoc.Text("t"))
	if first.String() != doc {
		t.Errorf("it is %s now", first.String())
	}
}
