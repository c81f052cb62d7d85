package mock

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"rator/replay/compare"
	"rator/soap"
	"rator/wire"
	"rator/workflow/contract"
	"rator/workflow/value"
)

// isGeneral says that an operation is executeMethod of a hookpoint.
func isGeneral(at *compare.Node) bool {
	return at.Name == compare.QName{Space: wire.Namespace, Local: wire.Operation}
}

// typedAs is what executeMethod says in the typed form (soap-interop.md): an element
// named by the hookpoint, with one named by its key for each value.
func typedAs(hookpoint string, operation *compare.Node) *compare.Node {
	typed := &compare.Node{Name: compare.QName{Space: wire.Namespace, Local: hookpoint}, Line: operation.Line, Column: operation.Column}
	if argument := operation.First(wire.Argument); argument != nil {
		typed.Nodes = typedEntries(argument)
	}
	return typed
}

func typedEntries(of *compare.Node) (all []*compare.Node) {
	for n := range of.Elements() {
		key, ok := n.EntryKey()
		if !ok {
			continue
		}
		e := &compare.Node{Name: compare.QName{Local: key}, Line: n.Line, Column: n.Column, Nodes: typedEntries(n)}
		if len(e.Nodes) == 0 && n.ValueType() != value.Complex {
			v := n.First(wire.Value)
			if v == nil || v.IsNil() {
				continue // null has no element in the typed form
			}
			e.Nodes = v.Nodes
		}
		all = append(all, e)
	}
	return all
}

// typedOf is a recorded call of executeMethod as the typed request that says the same;
// nil for what is none, and for a hookpoint that no element can be named by.
func typedOf(r *request) *request {
	if r.at == nil || !isGeneral(r.at) || r.hookpoint == "" || strings.Contains(r.hookpoint, "@") {
		return nil
	}
	typed := &request{root: r.root, at: typedAs(r.hookpoint, r.at), operation: r.operation, hookpoint: r.hookpoint, contract: r.contract}
	typed.key = keyOf(typed)
	typed.facts = factsOf(typed.at, typed.contract, true)
	return typed
}

// recordedAs is what a recorded request says, in the form of the one that is asked.
func recordedAs(recorded *compare.Node, asked *request) (at *compare.Node, converted bool) {
	at = recorded.Operation()
	if isGeneral(at) && !isGeneral(asked.at) && asked.hookpoint != "" {
		return typedAs(asked.hookpoint, at), true
	}
	return at, false
}

// generalAnswer is the answer of executeMethod in a message, and typedBody the Body of
// one that this process writes.
var (
	generalAnswer = regexp.MustCompile(`(?s)<(?:[\w.-]+:)?` + wire.OperationAnswer + `[\s/>].*</(?:[\w.-]+:)?` + wire.OperationAnswer + `\s*>`)
	typedBody     = regexp.MustCompile(`(?s)<S:Body>(.*)</S:Body>`)
)

// typedAnswer is a recorded answer of executeMethod as the answer to a typed request:
// in the same envelope, with the Header as it was but for the wsa:Action. A fault is the
// same in both.
func typedAnswer(body []byte, asked *request) ([]byte, error) {
	at, err := compare.Parse(body)
	if err != nil {
		return nil, err
	}
	if at.Operation().Name.Local == wire.Fault {
		return body, nil
	}
	limits := soap.DefaultAnswerLimits()
	result, err := soap.DecodeAnswer(string(body), soap.Media{}, &limits)
	if err != nil {
		return nil, fmt.Errorf("it cannot be given in the typed form: %w", err)
	}
	typed := typedBody.FindSubmatch(soap.AppendTypedAnswer(nil, asked.version(), asked.hookpoint, &result))
	place := generalAnswer.FindIndex(body)
	if typed == nil || place == nil {
		return nil, errors.New("its place in the message is not found")
	}
	head := bytes.Replace(body[:place[0]], []byte("/"+wire.OperationAnswer+"<"), []byte("/"+asked.hookpoint+"Response<"), 1)
	return slices.Concat(head, typed[1], body[place[1]:]), nil
}

// keyOf is what the index has a request under. The version of SOAP counts, for an
// answer in the other would be no answer.
func keyOf(r *request) string {
	return r.root.Name.Space + " " + r.at.Name.String() + " " + r.operation
}

// recordedContracts are those of the hookpoints that something is recorded of.
func (x *index) recordedContracts(contracts func(string) *contract.Contract) (ours bool, all []*contract.Contract) {
	seen := map[string]bool{}
	for _, o := range x.operations {
		if o.hookpoint == "" || seen[o.hookpoint] {
			continue
		}
		ours, seen[o.hookpoint] = true, true
		if c := contracts(o.hookpoint); c != nil {
			all = append(all, c)
		}
	}
	return ours, all
}
