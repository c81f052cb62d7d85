package tmf_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/errors"
	"github.com/pb33f/libopenapi-validator/schema_validation"
	v3high "github.com/pb33f/libopenapi/datamodel/high/v3"

	"rator/server/servertest"
	"rator/suite"
	"rator/tmf"
	"rator/tmf/dialect"
	"rator/tmf/hub"
	"rator/tmf/jsondoc"
)

// contract is a dialect's document, ready to check exchanges against.
type contract struct {
	validator validator.Validator
	schemas   schema_validation.SchemaValidator // keeps what it compiled
	model     *v3high.Document
}

// readContracts are the documents that were read, by their texts: reading one takes half a
// second.
var readContracts = map[string]*contract{}

// contractOf reads the document that is served under a base path.
func contractOf(t testing.TB, s *server, base string) *contract {
	t.Helper()
	served := s.do(t, "GET", base+"/openapi.json", "")
	if served.status != http.StatusOK || served.header.Get("Content-Type") != "application/json" {
		t.Fatalf("%s: %d %s", base, served.status, served.body)
	}
	if read := readContracts[served.body]; read != nil {
		return read
	}
	document, err := libopenapi.NewDocument([]byte(served.body))
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
	readContracts[served.body] = &contract{v, schema_validation.NewSchemaValidator(), &model.Model}
	return readContracts[served.body]
}

// is checks a text against a schema of the document.
func (c *contract) is(schema, text string) error {
	proxy, found := c.model.Components.Schemas.Get(schema)
	if !found {
		return fmt.Errorf("there is no schema %s", schema)
	}
	ok, errs := c.schemas.ValidateSchemaStringWithVersion(proxy.Schema(), text, 3.1)
	return faults(ok, errs)
}

func faults(ok bool, errs []*errors.ValidationError) error {
	if ok && len(errs) == 0 {
		return nil
	}
	var all []string
	for _, e := range errs {
		text := e.Message + ": " + e.Reason
		for _, s := range e.SchemaValidationErrors {
			text += "\n  " + s.FieldPath + " " + s.Reason
		}
		all = append(all, text)
	}
	return fmt.Errorf("%s", strings.Join(all, "\n"))
}

// exchange checks an answer against the document, and the request as well when
// it was done.
func (c *contract) exchange(r *http.Request, w *http.Response, body string) error {
	again := func() {
		r.Body, w.Body = io.NopCloser(strings.NewReader(requestBody(r))), io.NopCloser(strings.NewReader(body))
	}
	again()
	if routed, err := c.routed(r, w, body); routed {
		return err
	}
	if err := faults(c.validator.ValidateHttpResponse(r, w)); err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	if w.StatusCode >= 400 {
		return c.is("Error", body)
	}
	if strings.Contains(r.Header.Get("X-Recorded-In"), "lenient") { // taken all the same
		return c.whole(r, body)
	}
	again()
	if err := faults(c.validator.ValidateHttpRequest(r)); err != nil {
		return fmt.Errorf("request: %w", err)
	}
	return c.whole(r, body)
}

// whole checks that a document that nothing was selected of is the whole of it.
func (c *contract) whole(r *http.Request, body string) error {
	if body == "" || strings.Contains(r.URL.RawQuery, "fields") || r.URL.Path == "" {
		return nil
	}
	name := regexp.MustCompile(`/(customerAccount|customer|paymentMean)(/[^/]*)?$`).FindStringSubmatch(r.URL.Path)
	if name == nil {
		return nil
	}
	schema := strings.ToUpper(name[1][:1]) + name[1][1:]
	items := []string{body}
	if strings.HasPrefix(body, "[") {
		items = mustItems(body)
	}
	for _, item := range items {
		if err := c.is(schema, item); err != nil {
			return err
		}
		if err := always(r.URL.Path, name[1], item); err != nil {
			return err
		}
	}
	return nil
}

// always checks for what every answer has, though the published documents do not
// require it.
func always(path, resource, item string) error {
	doc, err := read(item)
	if err != nil {
		return err
	}
	for _, d := range dialect.All {
		if !slices.ContainsFunc(d.Bases, func(b dialect.Base) bool { return b.Path == baseOf(path) }) {
			continue
		}
		for _, f := range d.Resource(resource).Shape.Fields {
			if _, _, found := f.In(doc); f.Always() && !found {
				return fmt.Errorf("no %s in %s", f.Name, item)
			}
		}
	}
	return nil
}

func mustItems(body string) []string {
	limits := jsondoc.DefaultLimits()
	limits.Bytes, limits.Values = 1<<30, 1<<30
	v, err := jsondoc.Read(body, &limits)
	if err != nil {
		return []string{err.Error()}
	}
	var all []string
	for _, item := range v.Items() {
		all = append(all, item.String())
	}
	return all
}

type bodyKey struct{}

func requestBody(r *http.Request) string { s, _ := r.Context().Value(bodyKey{}).(string); return s }

// TestDocuments: every base path serves a document that OpenAPI 3.1 takes, to
// anybody, and it is the one that was recorded.
func TestDocuments(t *testing.T) {
	if suite.Apart(t) {
		return
	}
	s := newServer(t, withHubs(t))
	for _, d := range dialect.All {
		for _, b := range d.Bases {
			t.Run(b.Path, func(t *testing.T) {
				c := contractOf(t, s, b.Path)
				if err := faults(c.validator.ValidateDocument()); err != nil {
					t.Error(err)
				}
				if c.model.Version != "3.1.0" || c.model.Servers[0].URL != b.Path {
					t.Errorf("%s, %v", c.model.Version, c.model.Servers)
				}
			})
		}
		served := s.do(t, "GET", d.Bases[0].Path+"/openapi.json", "", "Authorization: Basic bm9ib2R5Og==")
		checkGolden(t, "../testdata/tmf/openapi/"+d.Name+".json", served.body)
		page := s.do(t, "GET", d.Bases[0].Path, "", "Authorization: Basic bm9ib2R5Og==", "Accept: text/html")
		if page.status != 200 || page.header.Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("%d %s", page.status, page.header.Get("Content-Type"))
		}
		checkGolden(t, "../testdata/tmf/openapi/"+d.Name+".html", page.body)
	}
}

// TestPageNamesEveryScheme: the page says of each way in which the document lets
// somebody ask that there is it.
func TestPageNamesEveryScheme(t *testing.T) {
	if suite.Apart(t) {
		return
	}
	s := newServer(t, withHubs(t))
	for _, d := range dialect.All {
		schemes := contractOf(t, s, d.Bases[0].Path).model.Components.SecuritySchemes
		page := s.do(t, "GET", d.Bases[0].Path, "", "Accept: text/html")
		if schemes.Len() < 2 {
			t.Errorf("%s: %d schemes", d.Name, schemes.Len())
		}
		for name, scheme := range schemes.FromOldest() {
			words := strings.ToUpper(scheme.Scheme[:1]) + scheme.Scheme[1:]
			if !strings.Contains(page.body, words) {
				t.Errorf("%s: the page does not name %s, which is %s", d.Name, words, name)
			}
		}
	}
}

// withHubs has a server serve hubs, of a store that is empty.
func withHubs(t testing.TB) func(*tmf.Config) {
	t.Helper()
	st := servertest.Store(t, time.Now)
	t.Cleanup(func() { st.Close() })
	hubs, err := hub.New(hub.Config{Store: st})
	if err != nil {
		t.Fatal(err)
	}
	return func(c *tmf.Config) { c.Hubs = hubs }
}

// TestHubsAreDescribed where they are served, and nowhere else.
func TestHubsAreDescribed(t *testing.T) {
	if suite.Apart(t) {
		return
	}
	for _, d := range dialect.All {
		for _, served := range []bool{true, false} {
			var edit []func(*tmf.Config)
			if served {
				edit = append(edit, withHubs(t))
			}
			s := newServer(t, edit...)
			c := contractOf(t, s, d.Bases[0].Path)
			paths := []string{"/hub", "/hub/{id}"}
			for _, r := range d.Resources {
				paths = append(paths, "/"+r.Name+"/hub", "/"+r.Name+"/hub/{id}")
			}
			for _, path := range paths {
				if _, found := c.model.Paths.PathItems.Get(path); found != served {
					t.Errorf("%s: %s is described: %t, served: %t", d.Name, path, found, served)
				}
			}
			if _, found := c.model.Components.Schemas.Get("Hub"); found != served {
				t.Errorf("%s: the schema of hubs is there: %t, served: %t", d.Name, found, served)
			}
			if status := s.do(t, "GET", d.Bases[0].Path+"/hub", "").status; (status == 200) != served {
				t.Errorf("%s: %d, served: %t", d.Name, status, served)
			}
		}
	}
}

// TestExchangesAreDescribed: every recorded answer, and every recorded request
// that was done, is as the dialect's document says.
func TestExchangesAreDescribed(t *testing.T) {
	if suite.Apart(t) {
		return
	}
	s := newServer(t)
	contracts := map[string]*contract{}
	files, err := filepath.Glob("../testdata/tmf/*/*.request.http")
	if err != nil || len(files) == 0 {
		t.Fatalf("no exchanges: %v", err)
	}
	checked := 0
	for _, file := range files {
		r := readRequest(t, file)
		base := baseOf(r.URL.Path)
		if base == "" {
			continue
		}
		if contracts[base] == nil {
			contracts[base] = contractOf(t, s, base)
		}
		w, body := readAnswer(t, strings.Replace(file, ".request.", ".response.", 1))
		r.Header.Set("X-Recorded-In", filepath.Base(filepath.Dir(file)))
		if err := contracts[base].exchange(r, w, body); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		checked++
	}
	if checked < len(files)*9/10 {
		t.Errorf("only %d of %d exchanges are below a base path", checked, len(files))
	}
}

// baseOf is the longest base path that a path is below.
func baseOf(path string) (base string) {
	for _, d := range dialect.All {
		for _, b := range d.Bases {
			if strings.HasPrefix(path+"/", b.Path+"/") && len(b.Path) > len(base) {
				base = b.Path
			}
		}
	}
	return base
}

func readRequest(t testing.TB, file string) *http.Request {
	t.Helper()
	head, body, _ := strings.Cut(readFile(t, file), "\n\n")
	lines := bufio.NewScanner(strings.NewReader(head))
	lines.Scan()
	method, target, _ := strings.Cut(lines.Text(), " ")
	target = strings.TrimSuffix(target, " HTTP/1.1")
	path, query, asked := strings.Cut(target, "?")
	if path = strings.TrimRight(path, "/"); asked {
		path += "?" + query
	}
	r := newRequest(method, path, strings.TrimSuffix(body, "\n"))
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		r.Header.Add(name, value)
	}
	if r.Header.Get("Authorization") == "" {
		r.SetBasicAuth("demo", "demo") // the test server lets everybody in
	}
	return r
}

func readAnswer(t testing.TB, file string) (*http.Response, string) {
	t.Helper()
	head, body, _ := strings.Cut(readFile(t, file), "\n\n")
	status, headers, _ := strings.Cut(head, "\n")
	w := &http.Response{Header: http.Header{}}
	if _, err := fmt.Sscanf(status, "HTTP/1.1 %d", &w.StatusCode); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	for line := range strings.Lines(headers) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		w.Header.Add(name, value)
	}
	return w, strings.TrimSpace(body)
}

// TestWrongExchangesAreFound: the check of exchanges can fail.
func TestWrongExchangesAreFound(t *testing.T) {
	if suite.Apart(t) {
		return
	}
	s := newServer(t)
	c := contractOf(t, s, v2014)
	const right = `{"id":"c1","href":"http://h/c1","status":"Created","name":"A"}`
	for _, e := range []struct {
		what, method, target, request string
		status                        int
		header, body                  string
		wrong                         bool
	}{
		{"right", "POST", "/customer", `{"name":"A"}`, 201, "Location ETag", right, false},
		{"no id", "POST", "/customer", `{"name":"A"}`, 201, "Location ETag", `{"href":"http://h/c1","status":"Created","name":"A"}`, true},
		{"id is a number", "POST", "/customer", `{"name":"A"}`, 201, "Location ETag", strings.Replace(right, `"c1"`, `1`, 1), true},
		{"an undocumented status", "POST", "/customer", `{"name":"A"}`, 200, "Location ETag", right, true},
		{"no Location", "POST", "/customer", `{"name":"A"}`, 201, "ETag", right, true},
		{"a request without a name", "POST", "/customer", `{"status":"A"}`, 201, "Location ETag", right, true},
		{"a list that is none", "GET", "/customer", "", 200, "X-Total-Count X-Result-Count", right, true},
		{"an item of a list without status", "GET", "/customer", "", 200, "X-Total-Count X-Result-Count", `[{"id":"c1","href":"h","name":"A"}]`, true},
		{"a list", "GET", "/customer", "", 200, "X-Total-Count X-Result-Count", "[" + right + "]", false},
		{"a part", "GET", "/customer/c1?fields=name", "", 200, "ETag", `{"id":"c1","name":"A"}`, false},
		{"a part without id", "GET", "/customer/c1?fields=status", "", 200, "ETag", `{"status":"A"}`, true},
		{"a medium without a type", "GET", "/customer/c1", "", 200, "ETag", strings.Replace(right, "{", `{"contactMedium":[{"preferred":false,"medium":{"number":"1"}}],`, 1), true},
		{"an odd date-time", "GET", "/customer/c1", "", 200, "ETag", strings.Replace(right, "{", `{"validFor":{"startDateTime":"2013-04-19T16:42:23.0+0000"},`, 1), false},
		{"a date-time that is none", "GET", "/customer/c1", "", 200, "ETag", strings.Replace(right, "{", `{"validFor":{"startDateTime":"yesterday"},`, 1), true},
		{"an undocumented 404", "GET", "/customer", "", 404, "", `{"code":"4041","reason":"r","message":"m","status":"404","@type":"Error"}`, true},
		{"a documented 404", "GET", "/customer/c1", "", 404, "", `{"code":"4041","reason":"r","message":"m","status":"404","@type":"Error"}`, false},
		{"a 404 of nothing", "GET", "/order", "", 404, "", `{"code":"4041","reason":"r","message":"m","status":"404","@type":"Error"}`, false},
		{"a 405 without Allow", "DELETE", "/customer", "", 405, "", `{"code":"4050","reason":"r","message":"m","status":"405","@type":"Error"}`, true},
		{"an error without a code", "GET", "/customer/c1", "", 404, "", `{"reason":"r","message":"m","status":"404","@type":"Error"}`, true},
		{"a patch with an id of another type", "PATCH", "/customer/c1", `{"id":["c2"]}`, 200, "ETag", right, true},
		{"a patch that repeats the id", "PATCH", "/customer/c1", `{"id":"c1","name":"A"}`, 200, "ETag", right, false},
		{"a card without its details", "POST", "/paymentMean", `{"name":"A","type":"creditcard","relatedParty":{}}`, 201, "Location ETag", `{"id":"pm1","href":"h","name":"A","type":"creditcard","relatedParty":{},"creditCard":{}}`, true},
	} {
		r := newRequest(e.method, v2014+e.target, e.request)
		r.SetBasicAuth("demo", "demo")
		if e.request != "" {
			r.Header.Set("Content-Type", "application/json")
		}
		w := &http.Response{StatusCode: e.status, Header: http.Header{"Content-Type": {"application/json"}}}
		for name := range strings.FieldsSeq(e.header) {
			w.Header.Set(name, "1")
		}
		if err := c.exchange(r, w, e.body); (err != nil) != e.wrong {
			t.Errorf("%s: %v", e.what, err)
		}
	}
}

// newRequest keeps its body, so that it can be read more than once.
func newRequest(method, target, body string) *http.Request {
	r := httptest.NewRequest(method, "http://tmf.example:8080"+target, strings.NewReader(body))
	if body == "" {
		r = httptest.NewRequest(method, "http://tmf.example:8080"+target, nil)
	}
	return r.WithContext(context.WithValue(r.Context(), bodyKey{}, body))
}

// TestExamples: the examples of the documents are accepted, answered as the
// documents show them, and those of 2014 are the specification's.
func TestExamples(t *testing.T) {
	if suite.Apart(t) {
		return
	}
	files, err := os.ReadDir("openapi/examples")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		named, rest, _ := strings.Cut(strings.TrimSuffix(f.Name(), ".json"), "-")
		resource, _, _ := strings.Cut(rest, "-")
		text := readFile(t, "openapi/examples/"+f.Name())
		if named == "2014" && text != readFile(t, "../testdata/tmf/seed/"+rest+".json") {
			t.Errorf("%s is not the specification's", f.Name())
		}
		i := slices.IndexFunc(dialect.All, func(d *dialect.Dialect) bool { return d.Name == named })
		if i < 0 || dialect.All[i].Resource(resource) == nil {
			t.Errorf("%s is of no resource", f.Name())
			continue
		}
		s, base := newServer(t), dialect.All[i].Bases[0].Path
		c := contractOf(t, s, base)
		schema := strings.ToUpper(resource[:1]) + resource[1:]
		made := s.do(t, "POST", base+"/"+resource, text)
		if made.status != http.StatusCreated {
			t.Errorf("%s: %d %s", f.Name(), made.status, made.body)
		}
		if err := c.is(schema+"Input", text); err != nil {
			t.Errorf("%s as a request: %v", f.Name(), err)
		}
		if err := c.is(schema, made.body); err != nil {
			t.Errorf("%s as an answer: %v", f.Name(), err)
		}
	}
}
