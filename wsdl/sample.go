package wsdl

import (
	"github.com/beevik/etree"

	"rator/wire"
	"rator/workflow/contract"
	"rator/workflow/value"
)

// Form is how an envelope names its values.
type Form uint8

// ByKey is the published operation: values with keys in executeMethod. ByName
// is the typed message of one hookpoint: elements named by the keys.
const (
	ByKey Form = iota
	ByName
)

// SampleRequest is a SOAP 1.1 envelope that calls c, indented: every value of
// the contract with a text that keeps the contract's rules, and CONTEXT. A list
// of scalars has two items, other lists one.
func SampleRequest(c *contract.Contract, form Form) ([]byte, error) {
	vs := requestValues(c)
	for i, v := range vs {
		if v.Key == contract.ContextKey {
			vs[i] = withoutIdentity(v)
		}
	}
	values := sampleTree(vs)
	if form == ByName {
		return envelope(c.Hookpoint, func(body *etree.Element) { addNamed(body, values) })
	}
	return envelope(wire.Operation, func(body *etree.Element) {
		argument := add(body, wire.Argument)
		add(argument, wire.HookpointKey).SetText(c.Hookpoint)
		addKeyed(argument, wire.Values, values)
	})
}

// sampleAnswer is the SOAP 1.1 envelope of a call that succeeded, as
// SampleRequest is of the call.
func sampleAnswer(c *contract.Contract, form Form) ([]byte, error) {
	values := sampleTree(responseValues(c))
	if form == ByName {
		return envelope(c.Hookpoint+answerSuffix, func(body *etree.Element) {
			addSuccess(body)
			addNamed(body, values)
		})
	}
	return envelope(wire.OperationAnswer, func(body *etree.Element) {
		result := add(body, wire.Return)
		addSuccess(result)
		addKeyed(result, wire.Values, values)
	})
}

// withoutIdentity is CONTEXT without what must not be pasted twice: a repeated
// REQUEST_ID gets the first call's answer. Nor with a second name of the brand,
// nor with a trace.
func withoutIdentity(context *contract.Value) *contract.Value {
	shorter := *context
	shorter.Values = nil
	for _, v := range context.Values {
		if v.Mandatory || v.Key != "REQUEST_ID" && v.Key != "BRAND_ID" && v.Key != "TRACE" {
			shorter.Values = append(shorter.Values, v)
		}
	}
	return &shorter
}

func sampleTree(vs []*contract.Value) value.Tree {
	var tree value.Tree
	for _, v := range vs {
		if v.Type == value.Complex {
			tree = append(tree, value.Of(v.Key, sampleTree(v.Values)...))
			continue
		}
		entry := value.Entry{Key: v.Key, Type: v.Type, Text: example(v)}
		if tree = append(tree, entry); v.List {
			tree = append(tree, entry)
		}
	}
	return tree
}

// envelope is an envelope whose body element is {Namespace}name.
func envelope(name string, fill func(body *etree.Element)) ([]byte, error) {
	doc := newDocument()
	root := add(&doc.Element, "S:Envelope", "xmlns:S", wire.NamespaceSOAP11)
	fill(add(add(root, "S:Body"), "ns2:"+name, "xmlns:ns2", wire.Namespace, "xmlns:xsi", wire.NamespaceXSI))
	return write(doc)
}

func addSuccess(parent *etree.Element) {
	add(parent, wire.ErrorCode).SetText("0")
	add(parent, wire.ErrorMessage)
	add(parent, wire.Status).SetText("0")
}

func addKeyed(parent *etree.Element, tag string, tree value.Tree) {
	for _, entry := range tree {
		e := add(parent, tag, "xsi:type", "ns2:"+entry.Type.DTO())
		add(e, wire.Key).SetText(entry.Key)
		if entry.Type == value.Complex {
			addKeyed(e, wire.Value, entry.Items)
			continue
		}
		add(e, wire.Value).SetText(entry.Text)
	}
}

func addNamed(parent *etree.Element, tree value.Tree) {
	for _, entry := range tree {
		e := add(parent, entry.Key)
		if entry.Type == value.Complex {
			addNamed(e, entry.Items)
			continue
		}
		e.SetText(entry.Text)
	}
}
