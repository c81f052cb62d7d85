package mask

import "strings"

// REST masks a call over REST: the path and query that were asked for, and the
// document of either way. What the request has as a secret is hidden in the answer
// wherever it stands there.
func (m *Masker) REST(target, requestType, request, answerType, answer string) (maskedTarget, maskedRequest, maskedAnswer string) {
	var known Known
	maskedTarget = m.restTarget(target, &known)
	maskedRequest = m.restDocument(requestType, request, nil, &known)
	if len(known.values) == 0 {
		return maskedTarget, maskedRequest, m.restDocument(answerType, answer, nil, nil)
	}
	return maskedTarget, maskedRequest, m.restDocument(answerType, answer, &known, nil)
}

// restDocument masks a document without the secrets that are known, and adds its own to
// found.
func (m *Masker) restDocument(contentType, text string, known, found *Known) string {
	if text == "" {
		return ""
	}
	media, _, _ := strings.Cut(strings.ToLower(contentType), ";")
	if encodingOf("", text) != bytewise { // JSON is UTF-8 (RFC 8259 8.1)
		return m.whole(text)
	}
	if media != "" && !strings.HasSuffix(strings.TrimSpace(media), "json") {
		masked, _ := m.message("", contentType, text)
		if known != nil {
			masked = string(known.Hide([]byte(masked), m.standIn(wholeKey, "")))
		}
		return masked
	}
	j := m.readJSON(text, 0, known)
	defer j.release()
	found.addAll(text, j.edits, unquote)
	masked, _ := apply(text, j.edits)
	return masked
}

func (m *Masker) restTarget(target string, found *Known) string {
	path, query, asked := strings.Cut(target, "?")
	edits := m.pathEdits(path)
	found.addAll(path, edits, unescapePath)
	path, _ = apply(path, edits)
	if !asked {
		return path
	}
	edits = m.queryEdits(query)
	found.addAll(query, edits, func(s string) string { return decode(s).text })
	query, _ = apply(query, edits)
	return path + "?" + query
}

// pathEdits are the edits of a path: its parameters, and what each step of it says.
func (m *Masker) pathEdits(path string) []edit {
	edits := m.parameters(path, 0, len(path), false)
	if len(edits) > 0 {
		return edits
	}
	at := 0
	for step := range strings.SplitSeq(path, "/") {
		plain := unescapePath(step)
		if isHarmless(plain) {
			at += len(step) + 1
			continue
		}
		if masked, changed := apply(plain, m.textEdits(plain)); changed {
			edits = append(edits, edit{at, at + len(step), escapeQuery(masked)})
		}
		at += len(step) + 1
	}
	return edits
}

func unescapePath(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	return decode(strings.ReplaceAll(s, "+", "%2B")).text
}

// addAll takes what edits hide, whole and as far as messages repeat it.
func (k *Known) addAll(text string, edits []edit, plain func(string) string) {
	if k == nil {
		return
	}
	for _, e := range edits {
		hidden := text[e.start:e.end]
		if hidden == e.text {
			continue
		}
		for _, form := range []string{hidden, plain(hidden)} {
			k.Add(form)
			for _, repeated := range []int{200, 80, 40} {
				if runes := []rune(form); len(runes) > repeated {
					k.Add(string(runes[:repeated]))
				}
			}
		}
	}
}
