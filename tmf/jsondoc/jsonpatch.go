package jsondoc

import (
	"errors"
	"fmt"
	"slices"
	"sort"

	jsonpatch "github.com/evanphx/json-patch/v5"
)

// What a JSON Patch may cost.
const (
	maxCopied    = 1 << 20 // bytes
	maxRewritten = 20      // tests that name a number in another way
)

// Patch is a list of operations (RFC 6902).
type Patch struct {
	operations jsonpatch.Patch
	limits     *Limits
}

// PatchError says which operation does not apply.
type PatchError struct {
	Operation  int // from 0
	Kind, Path string
	Copied     int // how many bytes may be copied, when the operation copies more; else 0
}

func (e *PatchError) Error() string {
	return fmt.Sprintf("operation %d: %s of %s does not apply", e.Operation, e.Kind, e.Path)
}

// PatchOf is the patch that an array says. What it makes of a document has the limits.
func PatchOf(operations Value, limits *Limits) (*Patch, error) {
	decoded, err := jsonpatch.DecodePatch(operations.Append(nil))
	if err != nil {
		return nil, err
	}
	return &Patch{decoded, limits}, nil
}

// Apply gives the document as all operations leave it, or none of them: it fails
// with a *PatchError that names the first one that does not apply, or as Read does.
// Literals that no operation touches stay as they are.
func (p *Patch) Apply(doc Value) (Value, error) {
	text, operations := doc.Append(nil), slices.Clone(p.operations)
	for tries := 0; ; tries++ {
		changed, err := applyPatch(operations, text)
		if err == nil {
			return Read(string(changed), p.limits)
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
func blame(op jsonpatch.Operation, i int, err error) *PatchError {
	path, _ := op.Path()
	failed := &PatchError{Operation: i, Kind: op.Kind(), Path: path}
	var tooMuch *jsonpatch.AccumulatedCopySizeError
	if errors.As(err, &tooMuch) && failed.Kind != "test" {
		failed.Copied = maxCopied
	}
	return failed
}
