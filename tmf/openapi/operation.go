package openapi

import (
	"net/http"

	"rator/tmf/dialect"
)

// Operation says of a method what the documents publish and the function that serves it
// does not show. %s in its texts is the resource.
type Operation struct {
	id      string
	summary string
	desc    string
	Public  bool     // anybody may ask
	listed  bool     // has the parameters of lists
	reading bool     // has ?fields and ?filter of one item
	headers []string // of the request
	takes   []media
	gives   func(*dialect.Dialect) []success
	fails   []int // statuses besides those of every operation
}

// media is a type of body and the form that a document has in it.
type media struct {
	mediaType string
	form      form
	patch     bool // operations of RFC 6902 instead of a document
	hub       bool // a hub instead of a document
}

// success is an answer that is no error.
type success struct {
	status  int
	desc    string
	headers []string
	body    body
}

// body is what an answer holds.
type body uint8

const (
	noBody body = iota
	wholeBody
	itemBody // whole, or the part that is selected
	listBody
	hubBody
	hubsBody
	documentBody
	pageBody
)

var (
	listHeaders = []string{"X-Total-Count", "X-Result-Count", "Link"}
	jsonBody    = []media{{mediaType: dialect.JSON, form: inRequest}}
	patchBodies = []media{{mediaType: dialect.JSON, form: inPatch}, {mediaType: dialect.MergePatch, form: inPatch}, {mediaType: dialect.JSONPatch, patch: true}}
)

const conditional = "If-Match and If-None-Match make it depend on what the resource is."

// The operations on resources, and those that tell about the API.
var (
	Listing = &Operation{
		id: "list", summary: "List or find %s",
		desc:   "Every %s that all comparisons of the query hold for; all of them without paging parameters. An empty list is answered with 200.",
		listed: true, headers: []string{"Range"},
		gives: func(d *dialect.Dialect) []success {
			partial := "A range that Range asked for"
			if d.PartialStatus == http.StatusPartialContent {
				partial += ", or a page that is not the whole list"
			}
			return []success{
				{http.StatusOK, "The list, or a page of it.", listHeaders, listBody},
				{http.StatusPartialContent, partial + ".", append([]string{"Content-Range"}, listHeaders...), listBody},
			}
		},
		fails: []int{400, 416},
	}
	Reading = &Operation{
		id: "retrieve", summary: "Read a %s",
		desc:    "Comparisons as in lists may be added to the query: a %s they do not hold for is not found. " + conditional,
		reading: true, headers: []string{"If-Match", "If-None-Match"},
		gives: func(*dialect.Dialect) []success {
			return []success{
				{http.StatusOK, "The %s, or what is selected of it.", []string{"ETag"}, itemBody},
				{http.StatusNotModified, "The %s is what If-None-Match names.", []string{"ETag"}, noBody},
			}
		},
		fails: []int{400, 404, 412},
	}
	Creating = &Operation{
		id: "create", summary: "Create a %s", desc: "id and href are given by the server.",
		headers: []string{"Idempotency-Key"}, takes: jsonBody,
		gives: func(*dialect.Dialect) []success {
			return []success{{http.StatusCreated, "The %s that was made.", []string{"Location", "ETag", "Idempotent-Replayed"}, wholeBody}}
		},
		fails: []int{400, 404, 408, 409, 413, 415},
	}
	Replacing = &Operation{
		id: "replace", summary: "Replace a %s", desc: "Attributes that the document does not have are erased. " + conditional,
		headers: []string{"If-Match", "If-None-Match", "Idempotency-Key"}, takes: jsonBody,
		gives: func(*dialect.Dialect) []success {
			return []success{{http.StatusOK, "The %s as it is now.", []string{"ETag", "Idempotent-Replayed"}, wholeBody}}
		},
		fails: []int{400, 404, 408, 409, 412, 413, 415},
	}
	Patching = &Operation{
		id: "patch", summary: "Change a %s in part",
		desc: "By JSON Merge Patch (RFC 7386), which application/json means as well: null erases the attribute, and a list replaces the list. " +
			"Or by JSON Patch (RFC 6902), of which all operations apply or none. The id and href that the %s has may stand beside what changes; others are refused. " + conditional,
		headers: []string{"If-Match", "If-None-Match", "Idempotency-Key"}, takes: patchBodies,
		gives: func(d *dialect.Dialect) []success {
			return []success{{d.PatchStatus, "The %s as it is now.", []string{"ETag", "Idempotent-Replayed"}, wholeBody}}
		},
		fails: []int{400, 404, 408, 409, 412, 413, 415},
	}
	Deleting = &Operation{
		id: "delete", summary: "Delete a %s", desc: "A %s that is in use is not deleted (409). " + conditional,
		headers: []string{"If-Match", "If-None-Match", "Idempotency-Key"},
		gives: func(*dialect.Dialect) []success {
			return []success{{http.StatusNoContent, "The %s is gone.", []string{"Idempotent-Replayed"}, noBody}}
		},
		fails: []int{400, 404, 409, 412},
	}
	Documenting = &Operation{
		id: "getDocument", summary: "This document", Public: true,
		gives: func(*dialect.Dialect) []success { return []success{{http.StatusOK, "OpenAPI 3.1.", nil, documentBody}} },
	}
	Explaining = &Operation{
		id: "getReference", summary: "The reference page", Public: true,
		gives: func(*dialect.Dialect) []success {
			return []success{{http.StatusOK, "For people to read.", nil, pageBody}}
		},
	}
)

// failsAlways are the statuses that every operation may fail with that is not
// public, and failsPublic those that a public one may.
var (
	failsAlways = []int{401, 403, 406, 500, 503}
	failsPublic = []int{500}
)
