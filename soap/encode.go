package soap

import (
	"strconv"

	"rator/wire"
	"rator/workflow"
	"rator/workflow/value"
)

const (
	declarationUTF8 = `<?xml version="1.0" encoding="UTF-8"?>`
	contractPrefix  = "ns2:"
	// Both are declared on the wrapper, so that no entry declares anything.
	wrapperNamespaces = ` xmlns:ns2="` + wire.Namespace + `" xmlns:xsi="` + wire.NamespaceXSI + `">`
)

// appendAnswer appends the answer to executeMethod (rator-api.md 1.7).
func appendAnswer(to []byte, v Version, r *workflow.Result, h *head) []byte {
	to = append(openEnvelope(to, v, h), "<"+contractPrefix+wire.OperationAnswer+wrapperNamespaces+"<"+wire.Return+">"...)
	to = appendOutcome(to, r)
	to = appendEntries(to, wire.Values, r.Values)
	to = append(to, "</"+wire.Return+"></"+contractPrefix+wire.OperationAnswer+">"...)
	return closeEnvelope(to)
}

// AppendTypedAnswer appends the answer to a typed request: the element
// {contract}HOOKPOINTResponse with the outcome and then an element named by the
// key for each value. Values that are null have none, and neither have keys
// that are no names: no schema can declare them.
func AppendTypedAnswer(to []byte, v Version, hookpoint string, r *workflow.Result) []byte {
	return appendTypedAnswer(to, v, hookpoint, r, nil)
}

func appendTypedAnswer(to []byte, v Version, hookpoint string, r *workflow.Result, h *head) []byte {
	to = append(append(openEnvelope(to, v, h), "<"+contractPrefix...), hookpoint...)
	to = append(to, "Response"+wrapperNamespaces...)
	to = appendOutcome(to, r)
	to = appendTyped(to, r.Values)
	to = append(append(to, "</"+contractPrefix...), hookpoint...)
	return closeEnvelope(append(to, "Response>"...))
}

// AppendRequest appends a call of executeMethod.
func AppendRequest(to []byte, v Version, hookpoint string, values value.Tree) []byte {
	to = append(openEnvelope(to, v, nil), "<"+contractPrefix+wire.Operation+wrapperNamespaces+"<"+wire.Argument+">"...)
	to = appendElement(to, wire.HookpointKey, hookpoint)
	to = appendEntries(to, wire.Values, values)
	to = append(to, "</"+wire.Argument+"></"+contractPrefix+wire.Operation+">"...)
	return closeEnvelope(to)
}

func openEnvelope(to []byte, v Version, h *head) []byte {
	to = append(append(to, declarationUTF8+`<S:Envelope xmlns:S="`...), v.Namespace()...)
	if h != nil {
		return append(h.append(append(to, `"><S:Header>`...)), "</S:Header><S:Body>"...)
	}
	return append(to, `"><S:Body>`...)
}

func closeEnvelope(to []byte) []byte { return append(to, "</S:Body></S:Envelope>"...) }

func appendOutcome(to []byte, r *workflow.Result) []byte {
	to = append(to, "<"+wire.ErrorCode+">"...)
	to = strconv.AppendInt(to, int64(r.ErrorCode), 10)
	to = append(to, "</"+wire.ErrorCode+">"...)
	to = appendElement(to, wire.ErrorMessage, r.ErrorMessage)
	to = append(to, "<"+wire.Status+">"...)
	to = strconv.AppendInt(to, int64(r.Status), 10)
	return append(to, "</"+wire.Status+">"...)
}

// typeAttributes are xsi:type and the key's start tag for each type of entry.
// What has no type goes out as a string: the base type has no value.
var typeAttributes = func() (table [value.Complex + 1]string) {
	for t := value.Bare; t <= value.Complex; t++ {
		table[t] = ` xsi:type="` + contractPrefix + t.DTO() + `"><` + wire.Key + `>`
	}
	return table
}()

// appendEntries appends each entry as an element of that name: values at the
// top, value below.
func appendEntries(to []byte, name string, entries value.Tree) []byte {
	for i := range entries {
		e := &entries[i]
		to = append(append(append(to, '<'), name...), typeAttributes[e.Type]...)
		to = append(appendText(to, e.Key), "</"+wire.Key+">"...)
		switch {
		case e.Null:
		case e.Type == value.Complex:
			to = appendEntries(to, wire.Value, e.Items)
		default:
			to = appendElement(to, wire.Value, e.Text)
		}
		to = append(append(append(to, "</"...), name...), '>')
	}
	return to
}

func appendTyped(to []byte, entries value.Tree) []byte {
	for i := range entries {
		switch e := &entries[i]; {
		case e.Null, !isNCName(e.Key):
		case e.Type == value.Complex:
			to = append(append(append(to, '<'), e.Key...), '>')
			to = appendTyped(to, e.Items)
			to = append(append(append(to, "</"...), e.Key...), '>')
		default:
			to = appendElement(to, e.Key, e.Text)
		}
	}
	return to
}
