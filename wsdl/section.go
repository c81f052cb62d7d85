package wsdl

import (
	"cmp"

	"rator/card"
	"rator/failure"
	"rator/workflow/contract"
	"rator/workflow/value"
)

// section is one hookpoint.
type section struct {
	Hookpoint, Desc   string
	Reads             bool
	Typed             bool // it has a typed WSDL
	Request, Response valueTable
	Errors            errorTable
	Samples           []sample
}

type sample struct{ Title, Text string }

// row is one value of a request or answer.
type row struct {
	Path      string // keys from the top: USER/EMAIL
	Type      string
	Mandatory bool
	Rules     []string
	Desc      string
}

type pageError struct {
	Number           int // 0 = not known here
	Name, Text, Desc string
}

type valueTable struct {
	Title string
	Rows  []row
}

type errorTable struct {
	Title string
	Rows  []pageError
}

func newSection(c *contract.Contract) (section, error) {
	s := section{
		Hookpoint: c.Hookpoint, Desc: c.Desc, Reads: c.Reads, Typed: canBeTyped(c),
		Request: valueTable{"Request", rows(c.Request)}, Response: valueTable{"Answer", rows(c.Response)},
		Errors: errorTable{Title: "Errors"},
	}
	for _, f := range c.Errors {
		s.Errors.Rows = append(s.Errors.Rows, errorOf(f))
	}
	for _, made := range []struct {
		title string
		make  func(*contract.Contract, Form) ([]byte, error)
		form  Form
	}{
		{"Sample request", SampleRequest, ByKey},
		{"Sample answer", sampleAnswer, ByKey},
		{"Sample request for the typed WSDL", SampleRequest, ByName},
		{"Sample answer for the typed WSDL", sampleAnswer, ByName},
	} {
		if made.form == ByName && !s.Typed {
			continue
		}
		text, err := made.make(c, made.form)
		if err != nil {
			return section{}, err
		}
		s.Samples = append(s.Samples, sample{made.title, string(text)})
	}
	return s, nil
}

// rows lists vs and what lies below them, each by its path.
func rows(vs []*contract.Value) []row {
	var all []row
	below(vs, func(path string, v *contract.Value) {
		all = append(all, row{path, typeOf(v), v.Mandatory, notes(v), v.Desc})
	})
	return all
}

// below gives vs and what lies below them, each with its path.
func below(vs []*contract.Value, give func(path string, v *contract.Value)) {
	var walk func(prefix string, vs []*contract.Value)
	walk = func(prefix string, vs []*contract.Value) {
		for _, v := range vs {
			give(prefix+v.Key, v)
			walk(prefix+v.Key+"/", v.Values)
		}
	}
	walk("", vs)
}

func typeOf(v *contract.Value) string {
	if v.List {
		return "list of " + v.Type.String()
	}
	return v.Type.String()
}

// notes are the rules and what else a caller should know of a value.
func notes(v *contract.Value) []string {
	said := rules(v)
	if v.Type == value.Complex && len(v.Values) == 0 {
		said = append(said, "takes any keys")
	}
	if v.Secret != contract.NotSecret {
		said = append(said, "secret: masked in every log")
	}
	switch v.Cards {
	case card.Reference:
		said = append(said, "reference: kept masked where it looks like a card number")
	case card.Identifier:
		if v.Secret == contract.NotSecret {
			said = append(said, "identifier: may look like a card number")
		}
	}
	if v.Since != "" {
		said = append(said, "since "+v.Since)
	}
	return said
}

// errorOf is f with what the shipped code of that name says, where f says nothing.
func errorOf(f contract.Failure) pageError {
	e := pageError{f.Number, f.Name, f.Text["EN"], f.Desc}
	if code := failure.ByName(f.Name); code != nil {
		e.Number = cmp.Or(e.Number, code.Number)
		e.Text = cmp.Or(e.Text, code.TextIn("EN"))
	}
	return e
}
