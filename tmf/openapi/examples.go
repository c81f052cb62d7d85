package openapi

import (
	"embed"
	"strings"
	"time"

	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
	"rator/tmf/resource"
)

// Examples are documents as clients send them, DIALECT-RESOURCE[-WHICH].json:
// those of the 2014 dialect are the specification's own.
//
//go:embed examples/*.json
var exampleFiles embed.FS

// exampleOrigin is the server of examples, and exampleTime when they were
// changed last.
const exampleOrigin = "http://127.0.0.1:8080"

var exampleTime = time.Date(2014, 9, 24, 18, 27, 37, 59899000, time.UTC)

// What a patch looks like.
var (
	exampleMerge = node("status", "Active")
	examplePatch = jsondoc.ArrayOf(node("op", "replace", "path", "/status", "value", "Active"))
)

// examples are those of a resource, in the one form or the other.
func (o *document) examples(r *dialect.Resource, f form) jsondoc.Value {
	files, err := exampleFiles.ReadDir("examples")
	if err != nil {
		panic(err) // it is embedded
	}
	var all []jsondoc.Member
	for _, file := range files {
		name := strings.TrimSuffix(file.Name(), ".json")
		which, found := strings.CutPrefix(name, o.Dialect.Name+"-"+r.Name)
		if !found || which != "" && which[0] != '-' {
			continue
		}
		doc, id := exampleOf(file.Name(), r.Shape)
		if f == inAnswer {
			show := resource.Presenter{Shape: r.Shape, Origin: exampleOrigin, Base: o.Base.Path, Name: r.Name}
			doc = show.Show(resource.Item{ID: id, Modified: exampleTime, Document: doc})
		}
		if which = strings.TrimPrefix(which, "-"); which == "" {
			which = r.Name
		}
		all = append(all, jsondoc.MemberOf(which, node("value", doc)))
	}
	return jsondoc.ObjectOf(all...)
}

// exampleOf reads an example, without what the server gives, and its id.
func exampleOf(file string, shape *dialect.Shape) (doc jsondoc.Value, id string) {
	text, err := exampleFiles.ReadFile("examples/" + file)
	if err != nil {
		panic(err) // it is embedded
	}
	limits := jsondoc.DefaultLimits()
	if doc, err = jsondoc.Read(string(text), &limits); err != nil {
		panic("tmf: example " + file + ": " + err.Error()) // tests read them all
	}
	if given, found := doc.Get("id"); found {
		id = given.Text()
	} else {
		id = "c1234"
	}
	for _, f := range shape.Fields {
		if f.Computed {
			doc = doc.Without(f.Name)
		}
	}
	return doc, id
}
