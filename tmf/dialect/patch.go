package dialect

import (
	"errors"
	"strconv"

	"rator/tmf/jsondoc"
	"rator/tmf/problem"
)

// MaxOperations is how many a JSON Patch has at most.
const MaxOperations = 1000

// Patch is a JSON Patch of documents of a shape.
type Patch struct {
	operations *jsondoc.Patch
	fixed      []fixedValue
}

// fixedValue is what an operation makes of an attribute that only the server gives.
type fixedValue struct {
	operation int
	field     *Field
	value     jsondoc.Value
}

// ReadPatch takes a JSON Patch apart, and refuses operations on what no client
// may change. It fails with a *problem.Error.
func (s *Shape) ReadPatch(v jsondoc.Value, limits *jsondoc.Limits) (*Patch, error) {
	switch {
	case v.Kind() != jsondoc.Array:
		return nil, WrongType("a JSON Patch", "an array of operations", v)
	case len(v.Items()) > MaxOperations:
		return nil, problem.BadUsage.With("a JSON Patch has at most %d operations", MaxOperations)
	}
	var fixed []fixedValue
	for i, o := range v.Items() {
		f, p := checkOperation(s, o)
		if p != nil {
			return nil, inOperation(i, p)
		}
		if f != nil {
			value, _ := o.Get("value")
			fixed = append(fixed, fixedValue{i, f, value})
		}
	}
	if len(fixed) > 0 && len(fixed) == len(v.Items()) {
		return nil, inOperation(fixed[0].operation, notModifiable(fixed[0].field))
	}
	operations, err := jsondoc.PatchOf(v, limits)
	if err != nil {
		return nil, problem.UnknownValue.With("the JSON Patch is not taken: %s", err)
	}
	return &Patch{operations, fixed}, nil
}

// inOperation says in which operation of a JSON Patch a problem is.
func inOperation(i int, p *problem.Error) *problem.Error {
	p.Message = "operation " + strconv.Itoa(i) + ": " + p.Message
	return p
}

// RefuseOthers is as for a merge patch: to set what is already is no error.
func (p *Patch) RefuseOthers(shown jsondoc.Value, id string) error {
	for _, f := range p.fixed {
		if !f.field.isAsShown(f.value, shown, id) {
			return inOperation(f.operation, otherThan(f.field, f.value, shown))
		}
	}
	return nil
}

// operationParts are what each operation needs besides its path.
var operationParts = map[string]string{"add": "value", "remove": "", "replace": "value", "move": "from", "copy": "from", "test": "value"}

// checkOperation gives the attribute that an operation sets though only the server
// gives it; nil for others.
func checkOperation(shape *Shape, o jsondoc.Value) (sets *Field, p *problem.Error) {
	if o.Kind() != jsondoc.Object {
		return nil, WrongType("it", "an object", o)
	}
	op, _ := o.Get("op")
	part, known := operationParts[op.Text()]
	if op.Kind() != jsondoc.String || !known {
		return nil, problem.UnknownValue.With("op must be add, remove, replace, move, copy or test, not %.40q", op.Text())
	}
	needed := []string{"path", part}
	if part == "" {
		needed = needed[:1]
	}
	for _, name := range needed {
		v, found := o.Get(name)
		switch {
		case !found:
			return nil, problem.MissingField.With("%s is mandatory for %s", name, op.Text())
		case name == "value":
			continue
		case v.Kind() != jsondoc.String || v.Text() != "" && v.Text()[0] != '/':
			return nil, problem.BadFormat.With("%s must be a JSON Pointer such as /name", name)
		case op.Text() == "test" || name == "from" && op.Text() == "copy":
			continue
		case v.Text() == "":
			return nil, problem.NotModifiable.With("the whole document cannot be the %s of %s", name, op.Text())
		}
		if f := shape.Field(jsondoc.FirstName(v.Text())); f != nil && f.Fixed {
			if part != "value" || v.Text() != "/"+f.Name {
				return nil, notModifiable(f)
			}
			sets = f
		}
	}
	return sets, nil
}

// Apply gives the document as all operations leave it, or none of them: it fails
// with a *problem.Error that names the first one that does not apply.
func (p *Patch) Apply(doc jsondoc.Value) (jsondoc.Value, error) {
	changed, err := p.operations.Apply(doc)
	if err == nil {
		return changed, nil
	}
	var failed *jsondoc.PatchError
	switch {
	case !errors.As(err, &failed):
		return jsondoc.Value{}, notMade(err)
	case failed.Copied > 0:
		return jsondoc.Value{}, problem.BadUsage.With("operation %d: more than %d bytes are copied", failed.Operation, failed.Copied)
	case failed.Kind == "test":
		return jsondoc.Value{}, problem.Clash.With("operation %d: %s is not what is tested for", failed.Operation, failed.Path)
	}
	return jsondoc.Value{}, problem.UnknownValue.With("operation %d: %s of %s does not apply: nothing is there, or it is no place for it", failed.Operation, failed.Kind, failed.Path)
}

// Merge gives the document as a merge patch leaves it, which has the limits of every
// other: it fails with a *problem.Error.
func (s *Shape) Merge(doc, patch jsondoc.Value, limits *jsondoc.Limits) (jsondoc.Value, error) {
	v, err := jsondoc.Read(jsondoc.MergePatch(doc, patch, s).String(), limits)
	if err != nil {
		return jsondoc.Value{}, notMade(err)
	}
	return v, nil
}

func notMade(err error) *problem.Error {
	return problem.BodyTooLong.With("what the patch makes is not taken: %s", err)
}

// Spelled is the name that an attribute has in an object already, and the shape of what
// is below it.
func (s *Shape) Spelled(name string, object jsondoc.Value) (string, jsondoc.Spelling) {
	f := s.Field(name)
	if f == nil {
		return name, nil
	}
	if spelling, _, found := f.In(object); found {
		name = spelling
	}
	if f.Shape == nil {
		return name, nil
	}
	return name, f.Shape
}
