package jsondoc

import (
	"encoding/json"
	"maps"

	jsonpatch "github.com/evanphx/json-patch/v5"
)

// rewrite gives a test the literals of what it tests when they mean the same:
// 250 is 250.00 (RFC 6902 4.6), but not to the library, which compares texts.
func (p *Patch) rewrite(operations jsonpatch.Patch, i int, doc []byte) bool {
	op := operations[i]
	if op.Kind() != "test" || op["value"] == nil { // nil is null
		return false
	}
	before, err := applyPatch(operations[:i], doc)
	if err != nil {
		return false
	}
	now, err1 := Read(string(before), p.limits)
	want, err2 := Read(string(*op["value"]), p.limits)
	path, err3 := op.Path()
	if err1 != nil || err2 != nil || err3 != nil {
		return false
	}
	actual, found := now.at(path)
	if !found || !actual.Equal(want) {
		return false
	}
	literal := json.RawMessage(actual.Append(nil))
	operations[i] = maps.Clone(op)
	operations[i]["value"] = &literal
	return true
}
