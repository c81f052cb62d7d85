package tmf

import (
	"errors"
	"slices"
	"sort"
	"strconv"
	"strings"

	jsonpatch "github.com/evanphx/json-patch/v5"
)

// What a JSON Patch may cost.
const (
	maxOperations = 1000
	maxCopied     = 1 << 20 // bytes
	maxRewritten  = 20      // tests that name a number in another way
)

// jsonPatch is a checked list of operations (RFC 6902).
type jsonPatch struct {
	operations jsonpatch.Patch
	limits     *Limits
	fixed      []fixedValue
}

// fixedValue is what an operation makes of an attribute that only the server gives.
type fixedValue struct {
	operation int
	field     *Field
	value     Value
}

// readPatch takes a JSON Patch apart, and refuses operations on what no client
// may change. It fails with a *Problem.
func readPatch(shape *Shape, v Value, limits *Limits) (*jsonPatch, error) {
	switch {
	case v.Kind() != Array:
		return nil, wrongType("a JSON Patch", "an array of operations", v)
	case len(v.Items()) > maxOperations:
		return nil, BadUsage.With("a JSON Patch has at most %d operations", maxOperations)
	}
	var fixed []fixedValue
	for i, o := range v.Items() {
		f, p := checkOperation(shape, o)
		if p != nil {
			return nil, p.at(i)
		}
		if f != nil {
			value, _ := o.Get("value")
			fixed = append(fixed, fixedValue{i, f, value})
		}
	}
	if len(fixed) > 0 && len(fixed) == len(v.Items()) {
		return nil, notModifiable(fixed[0].field).at(fixed[0].operation)
	}
	operations, err := jsonpatch.DecodePatch(v.Append(nil))
	if err != nil {
		return nil, UnknownValue.With("the JSON Patch is not taken: %s", err)
	}
	return &jsonPatch{operations, limits, fixed}, nil
}

// at says in which operation of a JSON Patch a problem is.
func (p *Problem) at(operation int) *Problem {
	p.Message = "operation " + strconv.Itoa(operation) + ": " + p.Message
	return p
}

// refuseOthers is as for a merge patch: to set what is already is no error.
func (p *jsonPatch) refuseOthers(shown Value, id string) error {
	for _, f := range p.fixed {
		if !f.field.isAsShown(f.value, shown, id) {
			return otherThan(f.field, f.value, shown).at(f.operation)
		}
	}
	return nil
}

// operationParts are what each operation needs besides its path.
var operationParts = map[string]string{"add": "value", "remove": "", "replace": "value", "move": "from", "copy": "from", "test": "value"}

// checkOperation gives the attribute that an operation sets though only the server
// gives it; nil for others.
func checkOperation(shape *Shape, o Value) (sets *Field, p *Problem) {
	if o.Kind() != Object {
		return nil, wrongType("it", "an object", o)
	}
	op, _ := o.Get("op")
	part, known := operationParts[op.Text()]
	if op.Kind() != String || !known {
		return nil, UnknownValue.With("op must be add, remove, replace, move, copy or test, not %.40q", op.Text())
	}
	needed := []string{"path", part}
	if part == "" {
		needed = needed[:1]
	}
	for _, name := range needed {
		v, found := o.Get(name)
		switch {
		case !found:
			return nil, MissingField.With("%s is mandatory for %s", name, op.Text())
		case name == "value":
			continue
		case v.Kind() != String || v.Text() != "" && v.Text()[0] != '/':
			return nil, BadFormat.With("%s must be a JSON Pointer such as /name", name)
		case op.Text() == "test" || name == "from" && op.Text() == "copy":
			continue
		case v.Text() == "":
			return nil, NotModifiable.With("the whole document cannot be the %s of %s", name, op.Text())
		}
		if f := shape.Field(firstOf(v.Text())); f != nil && f.Fixed {
			if part != "value" || v.Text() != "/"+f.Name {
				return nil, notModifiable(f)
			}
			sets = f
		}
	}
	return sets, nil
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
	text, operations := doc.Append(nil), slices.Clone(p.operations)
	for tries := 0; ; tries++ {
		changed, err := applyPatch(operations, text)
		if err == nil {
			return made(string(changed), p.limits)
		}
		i := atFault(operations, text)
		if tries == maxRewritten || !p.rewrite(operations, i, text) {
			return Value{}, blame(operations[i], i, err)
		}
	}
}

func applyPatch(operations jsonpatch.Patch, doc []byte) ([]byte, error) {
	return operations.ApplyWithOptions(doc, &jsonpatch.ApplyOptions{AccumulatedCopySizeLimit: maxCopied})
}

// atFault finds the first operation that does not apply, which the library does
// not say.
func atFault(operations jsonpatch.Patch, doc []byte) int {
	return sort.Search(len(operations)-1, func(i int) bool {
		_, err := applyPatch(operations[:i+1], doc)
		return err != nil
	})
}

// blame says which operation is at fault.
func blame(op jsonpatch.Operation, i int, err error) *Problem {
	where := strconv.Itoa(i)
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
