package mask

import "strings"

// pieces looks through the texts that are not hidden as a whole: for card
// numbers, for what stands beside a secret's key, and for messages within.
func (h *hiding) pieces() {
	c := &h.cards
	c.Reset(h.text)
	next := 0
	for i := range h.document.pieces {
		p := &h.document.pieces[i]
		for next < len(h.covered) && h.covered[next].end <= p.start {
			next++
		}
		if next < len(h.covered) && h.covered[next].start <= p.start {
			continue
		}
		if !p.joined {
			c.Flush()
		}
		switch f := &h.fates[p.owner]; {
		case p.kind == 't' || p.kind == 'c':
			h.words(p.start, p.end, p.kind == 'c', f)
		case f.secret:
			h.replace(p.start, p.end, f.label)
		case p.kind == 'd':
			h.doctype(p)
		default:
			h.aside(p)
		}
	}
	h.found()
}

// found hides the card numbers of the texts that were looked through.
func (h *hiding) found() {
	h.cards.Flush()
	if !h.kept(cardNumberKey) {
		h.edits = append(h.edits, h.hideSpans(h.text, h.cards.Found, true)...)
	}
}

// words looks at text[start:end) of an element with a fate.
func (h *hiding) words(start, end int, cdata bool, f *fate) {
	raw := h.text[start:end]
	switch {
	case f.keySecret && !isBlank(raw):
		start := skipBlank(h.text, start)
		h.replace(start, start+len(strings.TrimRight(h.text[start:end], " \t\r\n")), f.label)
	case cdata:
		if inner, changed := h.within(raw); changed {
			h.edits = append(h.edits, edit{start, end, strings.ReplaceAll(inner, "]]>", "]]]]><![CDATA[>")})
			return
		}
		h.shapes(start, end)
		feedText(&h.cards, h.text, start, end, false, true)
	default:
		if plain, _ := unescape(raw); plain != raw || looksLikeJSON(raw) {
			if inner, changed := h.within(plain); changed {
				h.edits = append(h.edits, edit{start, end, escape(inner)})
				return
			}
			if plain != raw && mayHaveShape(plain) && len(h.shapeEdits(plain, 0, len(plain), false)) > 0 {
				masked, _ := apply(plain, h.textEdits(plain))
				h.edits = append(h.edits, edit{start, end, escape(masked)})
				return
			}
		}
		h.shapes(start, end)
		feedText(&h.cards, h.text, start, end, true, true)
	}
}

// within masks a message that is the text of another.
func (h *hiding) within(text string) (string, bool) {
	if strings.IndexByte(text, '<') < 0 && !looksLikeJSON(text) {
		return text, false
	}
	masked, changed := h.plain("", "", text, h.depth+1)
	return masked, changed && masked != text
}

func looksLikeJSON(text string) bool {
	p := skipBlank(text, 0)
	return p < len(text) && (text[p] == '{' || text[p] == '[') && strings.IndexByte(text, ':') > 0
}

// aside looks at a comment or an instruction.
func (h *hiding) aside(p *piece) {
	raw := h.text[p.start:p.end]
	if p.kind == '?' {
		if strings.IndexByte(raw, '=') < 0 {
			return
		}
		// An instruction is written as a tag is.
		const open, close = "<", ">"
		if inner, changed := h.plain("", "", open+raw+close, h.depth+1); changed && len(inner) > 2 && inner[0] == '<' && inner[len(inner)-1] == '>' {
			h.edits = append(h.edits, edit{p.start, p.end, inner[1 : len(inner)-1]})
		}
		return
	}
	if inner, changed := h.within(raw); changed {
		h.edits = append(h.edits, edit{p.start, p.end, strings.ReplaceAll(inner, "--", "- -")})
		return
	}
	h.edits = append(h.edits, h.noteEdits(h.text, p.start, p.end)...)
}

// doctype hides what a document declares for itself: an entity may hold anything.
func (h *hiding) doctype(p *piece) {
	raw := h.text[p.start:p.end]
	open := strings.IndexByte(raw, '[')
	if open < 0 {
		return
	}
	end := strings.LastIndexByte(raw, ']')
	if end < open {
		end = len(raw)
	}
	if strings.Contains(raw[open:end], "ENTITY") {
		h.replace(p.start+open+1, p.start+end, "DOCTYPE")
	}
}
