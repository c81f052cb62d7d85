package mask

import (
	"cmp"
	"slices"
	"strings"

	"rator/wire"
	"rator/workflow/contract"
)

// hiding is one pass over a document: what is secret is decided from the root
// down, each element by its parent.
type hiding struct {
	*Masker
	*document
	depth   int
	keys    map[string]bool // that the contract marks secret somewhere
	fates   []fate
	ids     map[string]string // of elements that a secret one refers to, with the key
	edits   []edit            // of attributes and whole contents, in order
	covered []span            // whole contents, in order
}

// fate is what was decided for an element.
type fate struct {
	values    []*contract.Value // what is declared for the keys below it
	typed     bool              // those keys are names of elements
	secret    bool              // everything in it is secret
	keySecret bool              // what stands beside its key is
	label     string            // the key of what is secret
	done      bool              // its content was replaced as a whole
	lost      string            // a secret's key in it has no element of its own, so that any of it may be the secret
}

// xml masks a text as XML, however broken: in one pass, as most can be, or else in
// the full one.
func (m *Masker) xml(hookpoint, text string, depth int) (string, bool) {
	if !m.fullOnly {
		if masked, changed, ok := m.onePass(hookpoint, text, depth); ok {
			return masked, changed
		}
	}
	return m.full(hookpoint, text, depth)
}

// full masks a text as XML in the full pass.
func (m *Masker) full(hookpoint, text string, depth int) (string, bool) {
	d := parse(text)
	defer d.release()
	h := &hiding{Masker: m, document: d, depth: depth, fates: make([]fate, len(d.elements))}
	h.begin(hookpoint)
	h.lost()
	for i := 1; i < len(d.elements); i++ {
		h.element(int32(i))
	}
	h.pieces()
	return h.masked()
}

// masked is the text with the edits that were found.
func (h *hiding) masked() (string, bool) {
	h.sort()
	return apply(h.text, h.edits)
}

func (h *hiding) sort() {
	slices.SortStableFunc(h.edits, func(a, b edit) int { return a.start - b.start })
}

// begin finds the contract: that of hookpointKey for a request, else that of the
// hookpoint which was asked.
func (h *hiding) begin(hookpoint string) {
	root := &h.fates[0]
	switch {
	case h.hookpoint != "":
		if c := h.contracts(h.hookpoint); c != nil {
			root.values = h.use(c).asked
		}
	case hookpoint != "":
		if c := h.contracts(hookpoint); c != nil {
			h.use(c)
			root.values = c.Response
		}
	}
	if root.values == nil {
		root.values = contextOnly
	}
}

// use takes the keys that a contract marks secret.
func (h *hiding) use(c *contract.Contract) *secretsOf {
	said := h.secretsOf(c)
	h.keys = said.keys
	return said
}

var contextOnly = []*contract.Value{{Key: contract.ContextKey, Values: contract.Context}}

// lost finds the secrets' keys in elements that have no end tag. What they belong
// to cannot be said then, and so all of the next element outside is secret that
// does have one.
func (h *hiding) lost() {
	for i := len(h.elements) - 1; i > 0; i-- {
		e, f := &h.elements[i], &h.fates[i]
		if e.closed {
			continue
		}
		if e.keyed && (!e.named || e.value) && (h.elements[e.keyElement].unknown || h.isSecretKey(e.key)) {
			f.lost = cmp.Or(e.key, "value")
		}
		if f.lost != "" && e.parent > 0 {
			h.fates[e.parent].lost = f.lost
		}
	}
}

func (h *hiding) element(i int32) {
	e, f, up := &h.elements[i], &h.fates[i], &h.fates[h.document.elements[i].parent]
	parent := &h.elements[e.parent]
	name := local(e.name)
	f.values, f.secret, f.label, f.done, f.typed = up.values, up.secret, up.label, up.done, up.typed
	if f.done {
		return
	}
	isKey := parent.keyed && parent.keyElement == i
	switch {
	case up.keySecret && isKey:
		// The key may be read, but nothing that a broken tag put into it.
		f.secret, f.typed = false, false
		f.keySecret = e.children || e.unknown
	case up.keySecret:
		f.secret = true
	case !parent.closed && !parent.keyed && isValueName(name) && e.parent != 0:
		f.secret, f.label = true, name // the key is cut off
	case isKey:
	case up.typed:
		f.typedElement(h, name)
	default:
		if v, values := h.typedRoot(name, up); v {
			f.typed, f.values = true, values
		} else if !isOfValues(name) && h.isSecretName(name) {
			f.secret, f.label = true, name
		}
	}
	if f.secret && !isValueName(name) && name != wire.Values && !isKey && !up.keySecret {
		f.label = name
	}
	h.byAttributes(i, f)
	if e.keyed && !isKey {
		h.keyed(e, f)
	}
	if f.lost != "" && e.closed {
		f.secret, f.label = true, f.lost
	}
	if f.secret && h.kept(f.label) {
		f.secret = false
	}
	h.hide(i, f)
}

// keyed takes what the key of an element says of what is beside it.
func (h *hiding) keyed(e *element, f *fate) {
	if e.named && !e.value {
		return
	}
	declared := contract.Find(f.values, e.key)
	switch {
	case h.elements[e.keyElement].unknown:
		f.keySecret = true
	case declared != nil && !e.named:
		f.keySecret, f.values = declared.Secret != contract.NotSecret, declared.Values
	default:
		f.keySecret = h.isSecretKey(e.key)
	}
	f.typed = false
	if f.secret || f.keySecret {
		f.keySecret = !h.kept(e.key)
		f.secret = f.secret && f.keySecret
		f.label = e.key
	}
}

func (h *hiding) isSecretKey(key string) bool { return h.keys[key] || h.isSecretName(key) }

func (h *hiding) isSecretName(name string) bool { return h.document.named(name) && !h.kept(name) }

// typedElement decides for an element that is named by its key.
func (f *fate) typedElement(h *hiding, name string) {
	if v := contract.Find(f.values, name); v != nil {
		f.values = v.Values
		if v.Secret != contract.NotSecret {
			f.secret, f.label = true, name
		}
		return
	}
	f.values = nil
	if h.isSecretKey(name) {
		f.secret, f.label = true, name
	}
}

// typedRoot reports whether an element is a hookpoint's own, and what may be in it.
func (h *hiding) typedRoot(name string, up *fate) (bool, []*contract.Value) {
	if len(name) < 3 || h.hookpoint != "" || !strings.Contains(name, "_") {
		return false, nil
	}
	if c := h.contracts(name); c != nil {
		return true, h.use(c).asked
	}
	for _, suffix := range []string{"Response", "_RESPONSE"} {
		if hookpoint, ok := strings.CutSuffix(name, suffix); ok {
			if c := h.contracts(hookpoint); c != nil {
				h.use(c)
				return true, c.Response
			}
		}
	}
	return false, nil
}
