package tmftest

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

// Descriptions are the OpenAPI documents that a server serves, to hold its answers
// against.
type Descriptions struct {
	Checked map[string]int // answers, by status
	byBase  map[string]*dialectDocument
}

// dialectDocument is shared by tests that run side by side; the library's model is
// made while it is read.
type dialectDocument struct {
	mu        sync.Mutex
	validator validator.Validator
	schemas   schema_validation.SchemaValidator // keeps what it compiled
	model     *high.Document
}

// Describe has every answer of the TM Forum face from now on checked.
func (ts *Server) Describe(t testing.TB) *Descriptions {
	t.Helper()
	all := &Descriptions{byBase: map[string]*dialectDocument{}, Checked: map[string]int{}}
	for _, base := range Dialects {
		all.byBase[base] = dialectDocumentOf(t, ts.Ask(t, "GET", base+"/openapi.json", "").Body)
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
	documents.byText[text] = &dialectDocument{validator: v, schemas: schema_validation.NewSchemaValidator(), model: &model.Model}
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
	return faultsOf(d.schemas.ValidateSchemaStringWithVersion(proxy.Schema(), text, 3.1))
}

// Is checks a text against a schema of a dialect's document.
func (all *Descriptions) Is(base, schema, text string) error {
	return all.byBase[base].is(schema, text)
}

// answers checks an answer against the operation that was asked for.
func (d *dialectDocument) answers(r *http.Request, w *http.Response) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return faultsOf(d.validator.ValidateHttpResponse(r, w))
}

// Methods are those that a document has for a path below its base; none when it has no
// such path.
func Methods(model *high.Document, path string) (all []string) {
	segments := strings.Split(strings.Trim(path, "/"), "/")
	best := -1
	for pair := model.Paths.PathItems.First(); pair != nil; pair = pair.Next() {
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
func (all *Descriptions) check(t testing.TB, r *http.Request, sent string, a Answer) {
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
	d.mu.Lock()
	methods := Methods(d.model, below)
	d.mu.Unlock()
	var err error
	switch {
	case a.Status == http.StatusMethodNotAllowed:
		allowed := strings.Split(a.Header.Get("Allow"), ", ")
		slices.Sort(allowed)
		slices.Sort(methods)
		if err = d.is("Error", a.Body); err == nil && !slices.Equal(allowed, methods) {
			err = fmt.Errorf("the header Allow is %q, and the document has %q", allowed, methods)
		}
	case !slices.Contains(methods, r.Method):
		if a.Status != http.StatusNotFound {
			err = fmt.Errorf("the document has no such operation")
		} else {
			err = d.is("Error", a.Body)
		}
	case r.Method == http.MethodHead || r.Method == http.MethodOptions:
	default:
		again := r.Clone(r.Context())
		again.URL.Path = base + below
		again.Body = io.NopCloser(strings.NewReader(sent))
		if again.Header.Get("Content-Type") == "" && sent != "" {
			again.Header.Set("Content-Type", "application/json")
		}
		w := &http.Response{StatusCode: a.Status, Header: a.Header, Body: io.NopCloser(strings.NewReader(a.Body)), Request: again}
		err = d.answers(again, w)
	}
	all.Checked[fmt.Sprint(a.Status)]++
	if err != nil {
		t.Errorf("%s: %d %.1000s is not as the document says: %v", a.Asked, a.Status, a.Body, err)
	}
}
