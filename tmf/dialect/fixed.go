package dialect

import (
	"net/url"
	"strings"
	"time"

	"rator/tmf/jsondoc"
	"rator/tmf/problem"
)

// A client that changes what it read often sends back all of it in a PATCH, with what
// only the server gives. That is no error as long as it says what is; another id is
// one, because the document is another's then. Of a PUT the path's id counts.

// RefuseFixed fails with a *problem.Error when a merge patch erases what only the server
// gives, or has nothing else (tmf-customer.md 2: an id alone is an error).
func (s *Shape) RefuseFixed(patch jsondoc.Value) error {
	if patch.Kind() != jsondoc.Object {
		return WrongType("the document", "an object", patch)
	}
	var first *Field
	alone := true
	for _, m := range patch.Members() {
		f := s.Field(m.Name)
		switch {
		case f == nil || !f.Fixed:
			alone = false
		case m.Value.Kind() == jsondoc.Null:
			return notModifiable(f)
		case first == nil:
			first = f
		}
	}
	if alone && first != nil {
		return notModifiable(first)
	}
	return nil
}

// RefuseOthers fails with a *problem.Error when a document is said to be another's than the
// one that is shown. id is what the request's path calls it.
func (s *Shape) RefuseOthers(said, shown jsondoc.Value, id string) error {
	for _, m := range said.Members() {
		if f := s.Field(m.Name); f != nil && f.Fixed && m.Value.Kind() != jsondoc.Null && !f.isAsShown(m.Value, shown, id) {
			return otherThan(f, m.Value, shown)
		}
	}
	return nil
}

// isAsShown reports whether said is what the server gives. An address is the same
// whatever host, proxy or base path it leads through: its end is the id.
func (f *Field) isAsShown(said, shown jsondoc.Value, id string) bool {
	if said.Kind() != jsondoc.String && said.Kind() != jsondoc.Number {
		return false
	}
	is, _ := shown.Get(f.Name)
	own, _ := shown.Get("id")
	switch {
	case said.Text() == is.Text():
		return true
	case f.Name == "href":
		end := LastSegment(said.Text())
		return end != "" && (end == own.Text() || end == id)
	case f.Name == "id":
		return said.Text() == id
	case f.Type == OfDateTime:
		a, _, isInstant := ParseInstant(said.Text(), time.UTC)
		b, _, _ := ParseInstant(is.Text(), time.UTC)
		return isInstant && a.Equal(b)
	}
	return false
}

// LastSegment is the end of an address's path, unescaped; "" when there is none.
func LastSegment(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	path := strings.TrimRight(u.Path, "/")
	return path[strings.LastIndexByte(path, '/')+1:]
}

func notModifiable(f *Field) *problem.Error {
	return problem.NotModifiable.With("%s is given by the server and cannot be changed", f.Name)
}

func otherThan(f *Field, said, shown jsondoc.Value) *problem.Error {
	is, _ := shown.Get(f.Name)
	return problem.NotModifiable.With("%s is given by the server and cannot be changed: it is %s, not %.200s", f.Name, is.Text(), said.String())
}
