package report

import (
	"bytes"
	"encoding/xml"
	"strconv"
	"strings"
	"sync"

	"rator/failure"
	"rator/soap"
	"rator/wire"
	"rator/workflow/contract"
	"rator/workflow/value"
)

// Coverage counts which parts of the contracts were used: of each hookpoint that
// it was called, the keys that were sent, the keys that were answered, and the
// error codes that were met. A key is a scalar at its path (USER/CITY), or a
// complex value whose contract declares nothing below it; the items of a list are
// one. Keys of CONTEXT count once for all hookpoints.
//
// Each of these is one part. The percentage is the parts that were used at least
// once of all parts of all contracts, internal hookpoints left out. An endpoint's
// own codes below 100, and what no contract declares, count nowhere.
//
// Safe for concurrent use. Its memory is bounded by the contracts.
type Coverage struct {
	mu         sync.Mutex
	hookpoints map[string]*hookpointCoverage
	context    *parts
	known      bool // an observed operation has a contract
	limits     soap.Limits
}

type hookpointCoverage struct {
	called               bool
	sent, answered, mets *parts
	numbers              map[int]string // names of error codes
}

// parts are names in the order of the contract, and which of them were used.
type parts struct {
	names []string
	used  map[string]bool
}

func newParts(names []string) *parts {
	p := &parts{used: map[string]bool{}}
	for _, n := range names {
		if _, twice := p.used[n]; !twice {
			p.used[n] = false
			p.names = append(p.names, n)
		}
	}
	return p
}

func (p *parts) use(name string) {
	if _, declared := p.used[name]; declared {
		p.used[name] = true
	}
}

// share is how many were used, of how many, and which were not.
func (p *parts) share() Share {
	s := Share{Of: len(p.names)}
	for _, n := range p.names {
		if p.used[n] {
			s.Used++
		} else {
			s.Unused = append(s.Unused, n)
		}
	}
	return s
}

// NewCoverage counts by these contracts.
func NewCoverage(contracts []*contract.Contract) *Coverage {
	c := &Coverage{
		hookpoints: map[string]*hookpointCoverage{},
		context:    newParts(keysOf(nil, contract.ContextKey+"/", contract.Context)),
		limits:     soap.DefaultAnswerLimits(),
	}
	for _, k := range contracts {
		if k.Internal {
			continue
		}
		h := &hookpointCoverage{
			sent:     newParts(keysOf(nil, "", k.Request)),
			answered: newParts(keysOf(nil, "", k.Response)),
			numbers:  map[int]string{},
		}
		var names []string
		for _, f := range k.Errors {
			names = append(names, f.Name)
			if code := failure.ByName(f.Name); f.Number == 0 && code != nil {
				f.Number = code.Number
			}
			h.numbers[f.Number] = f.Name
		}
		h.mets = newParts(names)
		c.hookpoints[k.Hookpoint] = h
	}
	return c
}

// keysOf are the paths of the keys that vs declare. CONTEXT has a place of its own.
func keysOf(paths []string, prefix string, vs []*contract.Value) []string {
	for _, v := range vs {
		switch {
		case prefix == "" && v.Key == contract.ContextKey:
		case len(v.Values) > 0:
			paths = keysOf(paths, prefix+v.Key+"/", v.Values)
		default:
			paths = append(paths, prefix+v.Key)
		}
	}
	return paths
}

// Observe is a replay.Observer: it counts what one exchange used. A message that
// cannot be read, or of no hookpoint, uses nothing.
func (c *Coverage) Observe(operation string, sent, got []byte) {
	h := c.hookpoints[operation]
	if h == nil {
		return
	}
	m, err := soap.Decode(string(sent), soap.Media{}, &c.limits)
	asked := err == nil && m.Hookpoint == operation
	var answered value.Tree
	errorCode := 0
	if m.Typed {
		answered, errorCode, err = typedAnswer(got, operation)
	} else {
		r, e := soap.DecodeAnswer(string(got), soap.Media{}, &c.limits)
		answered, errorCode, err = r.Values, r.ErrorCode, e
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.known = true
	if asked {
		h.called = true
		for i := range m.Values {
			if e := &m.Values[i]; e.Key == contract.ContextKey {
				useAll(c.context, contract.ContextKey+"/", e.Items)
			}
		}
		useAll(h.sent, "", m.Values)
	}
	if err == nil {
		useAll(h.answered, "", answered)
		h.mets.use(h.numbers[errorCode])
	}
}

func useAll(p *parts, prefix string, tree value.Tree) {
	for i := range tree {
		e := &tree[i]
		path := prefix + e.Key
		p.use(path)
		if len(e.Items) > 0 {
			useAll(p, path+"/", e.Items)
		}
	}
}

// typedAnswer reads the answer to a typed request: the element HOOKPOINTResponse
// with elements named by the keys (soap-interop.md).
func typedAnswer(got []byte, hookpoint string) (values value.Tree, errorCode int, err error) {
	var envelope struct {
		Body struct {
			Answer typedElement `xml:",any"`
		} `xml:"Body"`
	}
	if err := xml.NewDecoder(bytes.NewReader(got)).Decode(&envelope); err != nil {
		return nil, 0, err
	}
	answer := &envelope.Body.Answer
	if answer.XMLName.Local != hookpoint+"Response" {
		return nil, 0, nil // a fault
	}
	values = answer.tree()
	errorCode, err = strconv.Atoi(strings.TrimSpace(values.Text(wire.ErrorCode)))
	return values, errorCode, err
}

type typedElement struct {
	XMLName  xml.Name
	Text     string         `xml:",chardata"`
	Elements []typedElement `xml:",any"`
}

func (e *typedElement) tree() value.Tree {
	var t value.Tree
	for i := range e.Elements {
		below := &e.Elements[i]
		t = append(t, value.Entry{Key: below.XMLName.Local, Text: below.Text, Items: below.tree()})
	}
	return t
}
