package tmf

import (
	"errors"
	"sort"
	"strconv"
	"strings"

	jsonpatch "github.com/evanphx/json-patch/v5"
)

// What a JSON Patch may cost.
const (
	maxOperations = 1000
	maxCopied     = 1 << 20 // bytes
)

// jsonPatch is a checked list of operations (RFC 6902).
type jsonPatch struct {
	operations jsonpatch.Patch
	limits     *Limits
}

// readPatch takes a JSON Patch apart, and refuses operations on what no client
// may change. It fails with a *Problem.
func readPatch(shape *Shape, v Value, limits *Limits) (*jsonPatch, error) {
	switch {
	case v.kind != Array:
		return nil, wrongType("a JSON Patch", "an array of operations", v)
	case len(v.items) > maxOperations:
		return nil, BadUsage.With("a JSON Patch has at most %d operations", maxOperations)
	}
	for i, o := range v.items {
		if p := checkOperation(shape, o); p != nil {
			p.Message = "operation " + strconv.Itoa(i) + ": " + p.Message
			return nil, p
		}
	}
	operations, err := jsonpatch.DecodePatch(v.Append(nil))
	if err != nil {
		return nil, UnknownValue.With("the JSON Patch is not taken: %s", err)
	}
	return &jsonPatch{operations: operations, limits: limits}, nil
}

// operationParts are what each operation needs besides its path.
var operationParts = map[string]string{"add": "value", "remove": "", "replace": "value", "move": "from", "copy": "from", "test": "value"}

func checkOperation(shape *Shape, o Value) *Problem {
	if o.kind != Object {
		return wrongType("it", "an object", o)
	}
	op, _ := o.Get("op")
	part, known := operationParts[op.text]
	if op.kind != String || !known {
		return UnknownValue.With("op must be add, remove, replace, move, copy or test, not %.40q", op.text)
	}
	needed := []string{"path", part}
	if part == "" {
		needed = needed[:1]
	}
	for _, name := range needed {
		v, found := o.Get(name)
		switch {
		case !found:
			return MissingField.With("%s is mandatory for %s", name, op.text)
		case name == "value":
			continue
		case v.kind != String || v.text != "" && v.text[0] != '/':
			return BadFormat.With("%s must be a JSON Pointer such as /name", name)
		case op.text == "test" || name == "from" && op.text == "copy":
			continue
		case v.text == "":
			return NotModifiable.With("the whole document cannot be the %s of %s", name, op.text)
		}
		if f := shape.Field(firstOf(v.text)); f != nil && f.Fixed {
			return notModifiable(f)
		}
	}
	return nil
}

var unescapePointer = strings.NewReplacer("~1", "/", "~0", "~")

// firstOf is the first name in a JSON Pointer.
func firstOf(pointer string) string {
	first, _, _ := strings.Cut(pointer[1:], "/")
	return unescapePointer.Replace(first)
}

// apply gives the document as all operations leave it, or none of them: it fails
// with a *Problem that names the first one that does not apply. Literals that no
// operation touches stay as they are.
func (p *jsonPatch) apply(doc Value) (Value, error) {
	text := doc.Append(nil)
	changed, err := p.first(len(p.operations), text)
	if err != nil {
		return Value{}, p.blame(text, err)
	}
	return ReadJSON(string(changed), p.limits)
}

// first applies the first n operations.
func (p *jsonPatch) first(n int, doc []byte) ([]byte, error) {
	return p.operations[:n].ApplyWithOptions(doc, &jsonpatch.ApplyOptions{AccumulatedCopySizeLimit: maxCopied})
}

// blame finds the operation at fault, for the library does not say: the first
// with which the operations do not apply.
func (p *jsonPatch) blame(doc []byte, err error) error {
	i := sort.Search(len(p.operations)-1, func(i int) bool {
		_, failed := p.first(i+1, doc)
		return failed != nil
	})
	where, op := strconv.Itoa(i), p.operations[i]
	path, _ := op.Path()
	if op.Kind() == "test" {
		return Clash.With("operation %s: %s is not what is tested for", where, path)
	}
	var tooMuch *jsonpatch.AccumulatedCopySizeError
	if errors.As(err, &tooMuch) {
		return BadUsage.With("operation %s: more than %d bytes are copied", where, maxCopied)
	}
	return UnknownValue.With("operation %s: %s of %s does not apply: nothing is there, or it is no place for it", where, op.Kind(), path)
}
