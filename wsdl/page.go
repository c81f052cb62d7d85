package wsdl

import (
	"bytes"
	"cmp"
	_ "embed"
	"html/template"
	"slices"

	"rator/event"
	"rator/failure"
	"rator/wire"
	"rator/workflow/contract"
)

//go:embed page.html
var pageSource string

var pageTemplate = template.Must(template.New("page").Parse(pageSource))

// otherArea heads the hookpoints whose contracts name no area.
const otherArea = "Other"

// referencePage is the reference page, in HTML: the endpoint as a JAX-WS server shows it
// (rator-api.md 1.8), then every hookpoint by area with its values, errors and
// sample envelopes, then every topic of events: topics, which are the server's own, and
// those that the contracts declare. Internal hookpoints are not on it.
func referencePage(contracts []*contract.Contract, topics []*event.Topic, address string) ([]byte, error) {
	p := page{
		Address: address, Namespace: wire.Namespace, Service: wire.Service, Port: wire.Port, Operation: wire.Operation,
		Context:  valueTable{contract.ContextKey, rows(contract.Context)},
		Answered: valueTable{"In every answer", rows(withMissing(answered, []*contract.Value{trace}))},
		Errors:   errorTable{"Errors of every call", technicalErrors()},
		Events:   topicLists(topics, contracts),
	}
	for _, c := range byArea(contracts) {
		s, err := newSection(c)
		if err != nil {
			return nil, err
		}
		if n := len(p.Areas); n == 0 || p.Areas[n-1].Name != areaOf(c) {
			p.Areas = append(p.Areas, area{Name: areaOf(c)})
		}
		last := &p.Areas[len(p.Areas)-1]
		last.Sections = append(last.Sections, s)
	}
	var b bytes.Buffer
	err := pageTemplate.Execute(&b, p)
	return b.Bytes(), err
}

// page is what the template shows.
type page struct {
	Address, Namespace, Service, Port, Operation string

	Context, Answered valueTable
	Errors            errorTable
	Areas             []area
	Events            []topicList
}

type area struct {
	Name     string
	Sections []section
}

// byArea sorts the contracts that clients may call by area and hookpoint; those
// without an area are last.
func byArea(contracts []*contract.Contract) []*contract.Contract {
	sorted := slices.DeleteFunc(slices.Clone(contracts), func(c *contract.Contract) bool { return c.Internal })
	slices.SortFunc(sorted, func(a, b *contract.Contract) int {
		switch {
		case a.Area == "" && b.Area != "":
			return 1
		case a.Area != "" && b.Area == "":
			return -1
		}
		return cmp.Or(cmp.Compare(a.Area, b.Area), cmp.Compare(a.Hookpoint, b.Hookpoint))
	})
	return sorted
}

func areaOf(c *contract.Contract) string { return cmp.Or(c.Area, otherArea) }

// technicalErrors are the endpoint's own codes, which every call may end with.
func technicalErrors() []pageError {
	var all []pageError
	for _, code := range failure.Codes() {
		if code.Number < 100 {
			all = append(all, pageError{Number: code.Number, Name: code.Name, Text: code.TextIn("EN")})
		}
	}
	return all
}
