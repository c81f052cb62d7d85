package openapi

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"strconv"
	"strings"

	"rator/customer"
	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
	"rator/tmf/problem"
	"rator/tmf/query"
)

//go:embed reference.html
var referenceSource string

var referenceTemplate = template.Must(template.New("reference").Parse(referenceSource))

// Page is the reference page of a dialect, in HTML, as it is served under one of
// its base paths: operations, the language of queries, every attribute with its
// rules, and errors. It needs nothing from elsewhere.
func Page(c Config) ([]byte, error) {
	d, base := c.Dialect, c.Base
	p := referencePage{
		Dialect: d.Name, Base: base.Path, Bases: d.Bases, MediaType: d.MediaType,
		Selected: strings.Join(append([]string{"name"}, d.Selected...), ", "), Problems: problem.All,
		Error: string(Indented(problem.MissingField.With("contactMedium[0].type is mandatory").Body("", base.OldErrors))),
	}
	operators := make([]string, len(query.Suffixes))
	for i, o := range query.Suffixes {
		operators[i] = "." + string(o)
	}
	p.Operators = strings.Join(operators, " ")
	for i := range c.Routes {
		p.Operations = append(p.Operations, operationRows(&c.Routes[i], d)...)
	}
	o := &document{Config: c}
	seen := map[*dialect.Shape]bool{}
	for _, r := range d.Resources {
		s := referenceShape{Name: r.Name, Desc: r.Shape.Desc, Fields: fieldRows(r.Shape)}
		names := []string{r.Events.Create, r.Events.Update, r.Events.State, r.Events.Delete}
		s.Events = strings.Join(unique(names), ", ") + "; each with the whole resource."
		for _, example := range o.examples(r, inAnswer).Members() {
			value, _ := example.Value.Get("value")
			s.Examples = append(s.Examples, referenceExample{"Example: " + example.Name, string(Indented(value))})
		}
		p.Resources = append(p.Resources, s)
		p.Objects = append(p.Objects, objectsBelow(r.Shape, seen)...)
	}
	var b bytes.Buffer
	err := referenceTemplate.Execute(&b, p)
	return b.Bytes(), err
}

// referencePage is what the template shows.
type referencePage struct {
	Dialect, Base, MediaType, Selected, Operators, Error string

	Bases              []dialect.Base
	Operations         []operationRow
	Resources, Objects []referenceShape
	Problems           []*problem.Code
}

type referenceShape struct {
	Name, Desc, Events string
	Fields             []fieldRow
	Examples           []referenceExample
}

type referenceExample struct{ Title, Text string }

type operationRow struct{ Method, Path, Status, Desc string }

func operationRows(r *Route, d *dialect.Dialect) []operationRow {
	var rows []operationRow
	for i := range r.Methods {
		m := &r.Methods[i]
		if !m.IsOffered(d) {
			continue
		}
		of := m.About
		var statuses []string
		for _, s := range of.gives(d) {
			statuses = append(statuses, strconv.Itoa(s.status))
		}
		row := operationRow{m.Name, cmp.Or(r.Path, "/"), strings.Join(statuses, ", "), about(of.summary, &dialect.Resource{Name: "resource"}) + "."}
		if desc := about(of.desc, &dialect.Resource{Name: "resource"}); desc != "" {
			row.Desc += " " + desc
		}
		rows = append(rows, row)
	}
	return rows
}

type fieldRow struct {
	Name, Type, Object string
	Many, Mandatory    bool
	Rules              []string
	Desc               string
}

func fieldRows(s *dialect.Shape) []fieldRow {
	rows := make([]fieldRow, len(s.Fields))
	for i := range s.Fields {
		f := &s.Fields[i]
		_, kind, _ := strings.Cut(f.Type.String(), " ")
		rows[i] = fieldRow{Name: f.Name, Type: kind, Many: f.Many, Mandatory: f.Mandatory, Rules: rulesOf(f), Desc: f.Desc}
		if f.Shape != nil {
			rows[i].Object = f.Shape.Name
		}
	}
	return rows
}

// rulesOf are the rules of a field but that it is mandatory.
func rulesOf(f *dialect.Field) []string {
	var rules []string
	say := func(when bool, text string) {
		if when {
			rules = append(rules, text)
		}
	}
	say(f.Computed, "given by the server")
	say(f.Fixed, "refused in a PATCH")
	say(f.NonEmpty, "not empty")
	say(customer.Longest(f.Key) > 0, fmt.Sprintf("at most %d characters", customer.Longest(f.Key)))
	say(f.AsText, "may come as a string")
	say(f.Fold, "case does not count in comparisons")
	say(f.Default.Kind() != jsondoc.Null, "answered as "+f.Default.Text()+" when nobody gave one")
	say(len(f.Aliases) > 0, "also "+strings.Join(f.Aliases, ", "))
	for _, n := range f.Needed {
		text := "mandatory when " + n.Field + " is " + n.Value
		if n.Unless {
			text = "mandatory unless " + n.Field + " is " + n.Value
		}
		if n.Strict {
			text += " (strict servers)"
		}
		say(true, text)
	}
	return rules
}

// objectsBelow are the shapes that a shape holds, each where it is met first.
func objectsBelow(s *dialect.Shape, seen map[*dialect.Shape]bool) []referenceShape {
	var all []referenceShape
	for i := range s.Fields {
		inner := s.Fields[i].Shape
		if inner == nil || seen[inner] {
			continue
		}
		seen[inner] = true
		all = append(all, referenceShape{Name: inner.Name, Desc: inner.Desc, Fields: fieldRows(inner)})
		all = append(all, objectsBelow(inner, seen)...)
	}
	return all
}

// Indented is a document for people to read as well.
func Indented(v jsondoc.Value) []byte {
	var b bytes.Buffer
	if err := json.Indent(&b, v.Append(nil), "", " "); err != nil {
		panic(fmt.Sprintf("tmf: a document that is not JSON: %v", err)) // the printer writes JSON
	}
	b.WriteByte('\n')
	return b.Bytes()
}
