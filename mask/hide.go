package mask

import "strings"

// byAttributes takes what attributes say of an element, and hides those that are
// secret themselves.
func (h *hiding) byAttributes(i int32, f *fate) {
	e := &h.elements[i]
	own := h.attributes[e.attributes:e.attributesEnd]
	for _, a := range own {
		if isNaming(a.name) {
			if name, known := unescape(h.text[a.start:a.end]); !known || h.isSecretKey(name) {
				f.secret, f.label = true, name
			}
		}
		if a.name == "id" && h.ids != nil {
			if label, ok := h.ids[h.text[a.start:a.end]]; ok {
				f.secret, f.label = true, label
			}
		}
	}
	for _, a := range own {
		name := local(a.name)
		switch {
		case strings.HasPrefix(a.name, "xmlns"):
		case h.isSecretName(name) && !isNaming(a.name):
			h.replace(a.start, a.end, name)
		case f.secret && name == "href":
			if h.ids == nil {
				h.ids = map[string]string{}
			}
			h.ids[strings.TrimPrefix(h.text[a.start:a.end], "#")] = f.label
		case f.secret && !isHarmlessAttribute(name) && !h.kept(f.label):
			h.replace(a.start, a.end, f.label)
		default:
			h.shapes(a.start, a.end)
			h.edits = append(h.edits, h.cardEdits(h.text, a.start, a.end, true)...)
		}
	}
}

// shapes hides what is a secret by its looks in text[start:end).
func (h *hiding) shapes(start, end int) {
	if mayHaveShape(h.text[start:end]) {
		h.edits = append(h.edits, h.shapeEdits(h.text, start, end, true)...)
	}
}

// isNaming reports whether an attribute's value names its element.
func isNaming(attribute string) bool {
	return attribute == "n" || strings.EqualFold(attribute, "name") || strings.EqualFold(attribute, "key")
}

// isHarmlessAttribute reports whether an attribute says what its element is
// rather than what it holds.
func isHarmlessAttribute(name string) bool {
	switch name {
	case "type", "Type", "nil", "id", "Id", "ID", "name", "Name", "n", "key", "Key", "encodingStyle", "EncodingType", "mustUnderstand", "actor", "role", "lang", "space", "arrayType":
		return true
	}
	return false
}

// hide takes out what is secret in an element: all of it, or, when its tags
// are in order and it has only elements in it, what is in those.
func (h *hiding) hide(i int32, f *fate) {
	e := &h.elements[i]
	if !f.secret || e.begin >= e.end || e.children && !e.broken && !e.words {
		return
	}
	f.done = true
	h.covered = append(h.covered, span{e.begin, e.end})
	h.replace(e.begin, e.end, f.label)
}

func (h *hiding) replace(start, end int, label string) {
	if start < end {
		h.edits = append(h.edits, edit{start, end, h.secretText(label, h.text[start:end])})
	}
}

// secretText is what stands for the secret of a key; raw is how it is written.
func (m *Masker) secretText(label, raw string) string {
	return escape(m.standIn(label, raw))
}
