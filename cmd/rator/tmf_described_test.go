package main

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/errors"
	"github.com/pb33f/libopenapi-validator/schema_validation"
	high "github.com/pb33f/libopenapi/datamodel/high/v3"
)

// descriptions are the OpenAPI documents that a server serves, to hold its answers
// against.
type descriptions struct {
	byBase  map[string]*dialectDocument
	checked map[string]int // answers, by status
}

// dialectDocument is shared by tests that run side by side; the library's model is
// made while it is read.
type dialectDocument struct {
	mu        sync.Mutex
	validator validator.Validator
	model     *high.Document
}

// describe has every answer of the TM Forum face from now on checked.
func (ts *testServer) describe(t testing.TB) *descriptions {
	t.Helper()
	all := &descriptions{byBase: map[string]*dialectDocument{}, checked: map[string]int{}}
	for _, base := range dialects {
		all.byBase[base] = dialectDocumentOf(t, ts.ask(t, "GET", base+"/openapi.json", "").body)
	}
	ts.described = all
	return all
}

// documents are what was read, by its text: reading one takes half a second.
var documents = struct {
	sync.Mutex
	byText map[string]*dialectDocument
}{byText: map[string]*dialectDocument{}}

func dialectDocumentOf(t testing.TB, text string) *dialectDocument {
	t.Helper()
	documents.Lock()
	defer documents.Unlock()
	if documents.byText[text] != nil {
		return documents.byText[text]
	}
	document, err := libopenapi.NewDocument([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	model, err := document.BuildV3Model()
	if err != nil {
		t.Fatal(err)
	}
	v, errs := validator.NewValidator(document)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	documents.byText[text] = &dialectDocument{validator: v, model: &model.Model}
	return documents.byText[text]
}

func faultsOf(ok bool, errs []*errors.ValidationError) error {
	if ok && len(errs) == 0 {
		return nil
	}
	var text strings.Builder
	for _, e := range errs {
		fmt.Fprintf(&text, "%s: %s", e.Message, e.Reason)
		for _, s := range e.SchemaValidationErrors {
			fmt.Fprintf(&text, "\n  %s %s", s.FieldPath, s.Reason)
		}
	}
	return fmt.Errorf("%s", text.String())
}

// is checks a text against a schema of the document.
func (d *dialectDocument) is(schema, text string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	proxy, found := d.model.Components.Schemas.Get(schema)
	if !found {
		return fmt.Errorf("there is no schema %s", schema)
	}
	return faultsOf(schema_validation.NewSchemaValidator().ValidateSchemaStringWithVersion(proxy.Schema(), text, 3.1))
}

// answers checks an answer against the operation that was asked for.
func (d *dialectDocument) answers(r *http.Request, w *http.Response) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return faultsOf(d.validator.ValidateHttpResponse(r, w))
}

// methods are those that the document has for a path; none when it has no such path.
func (d *dialectDocument) methods(path string) (all []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	segments := strings.Split(strings.Trim(path, "/"), "/")
	best := -1
	for pair := d.model.Paths.PathItems.First(); pair != nil; pair = pair.Next() {
		pattern, fixed := strings.Split(strings.Trim(pair.Key(), "/"), "/"), 0
		fits := len(pattern) == len(segments)
		for i := 0; fits && i < len(pattern); i++ {
			if pattern[i] == segments[i] {
				fixed++
			} else if !strings.HasPrefix(pattern[i], "{") {
				fits = false
			}
		}
		if !fits || fixed <= best {
			continue
		}
		best, all = fixed, nil
		for o := pair.Value().GetOperations().First(); o != nil; o = o.Next() {
			all = append(all, strings.ToUpper(o.Key()))
		}
	}
	return all
}

// check holds an answer against the document of its dialect. What a document
// describes by an operation must be as that says; the router's 404 must be of a
// path, and its 405 of a method, that the document does not have.
func (all *descriptions) check(t testing.TB, r *http.Request, sent string, a tmfAnswer) {
	t.Helper()
	base := ""
	for b := range all.byBase {
		if strings.HasPrefix(r.URL.Path+"/", b+"/") && len(b) > len(base) {
			base = b
		}
	}
	d := all.byBase[base]
	if d == nil {
		return
	}
	below := strings.TrimRight(strings.TrimPrefix(r.URL.Path, base), "/")
	methods := d.methods(below)
	var err error
	switch {
	case a.status == http.StatusMethodNotAllowed:
		allowed := strings.Split(a.header.Get("Allow"), ", ")
		slices.Sort(allowed)
		slices.Sort(methods)
		if err = d.is("Error", a.body); err == nil && !slices.Equal(allowed, methods) {
			err = fmt.Errorf("Allow is %q, and the document has %q", allowed, methods)
		}
	case !slices.Contains(methods, r.Method):
		if a.status != http.StatusNotFound {
			err = fmt.Errorf("the document has no such operation")
		} else {
			err = d.is("Error", a.body)
		}
	case r.Method == http.MethodHead || r.Method == http.MethodOptions:
	default:
		again := r.Clone(r.Context())
		again.URL.Path = base + below
		again.Body = io.NopCloser(strings.NewReader(sent))
		if again.Header.Get("Content-Type") == "" && sent != "" {
			again.Header.Set("Content-Type", "application/json")
		}
		w := &http.Response{StatusCode: a.status, Header: a.header, Body: io.NopCloser(strings.NewReader(a.body)), Request: again}
		err = d.answers(again, w)
	}
	all.checked[fmt.Sprint(a.status)]++
	if err != nil {
		t.Errorf("%s: %d %.1000s is not as the document says: %v", a.asked, a.status, a.body, err)
	}
}
