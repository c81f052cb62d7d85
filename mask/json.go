package mask

import "strings"

// json masks a text as JSON, however broken: the value of a secret's name, and
// everything in it when it is an object or an array; and card numbers.
func (m *Masker) json(text string) (string, bool) {
	var edits []edit
	var secret []bool // per open object or array: everything in it is
	hidden := false   // what comes next is the value of a secret's name
	label := ""
	inside := func() bool { return hidden || len(secret) > 0 && secret[len(secret)-1] }
	for i := 0; i < len(text); {
		switch c := text[i]; c {
		case '{', '[':
			secret = append(secret, inside())
			hidden = false
			i++
		case '}', ']':
			if len(secret) > 0 {
				secret = secret[:len(secret)-1]
			}
			hidden = false
			i++
		case ',':
			hidden = false
			i++
		case '"':
			end, closed := stringEnd(text, i+1)
			content := text[i+1 : end]
			after := min(end+1, len(text))
			colon := skipBlank(text, after)
			switch {
			case closed && colon < len(text) && text[colon] == ':':
				name := unquote(content)
				hidden = named(name) && !m.kept(name)
				if hidden || !(len(secret) > 0 && secret[len(secret)-1]) {
					label = name
				}
				after = colon + 1
			case inside():
				if content != "" {
					edits = append(edits, edit{i + 1, end, quote(m.standIn(label, content))})
				}
			default:
				edits = append(edits, m.stringEdits(text, i+1, end)...)
			}
			i = after
		case ' ', '\t', '\r', '\n', ':':
			i++
		default:
			end := i + 1
			for end < len(text) && strings.IndexByte("{}[],\" \t\r\n", text[end]) < 0 {
				end++
			}
			if scalar := text[i:end]; inside() && scalar != "null" {
				edits = append(edits, edit{i, end, `"` + quote(m.standIn(label, scalar)) + `"`})
			} else if found := m.cardEdits(text, i, end, false); len(found) > 0 {
				edits = append(edits, edit{i, end, `"` + quote(m.standIn(CardNumber, scalar)) + `"`})
			}
			i = end
		}
	}
	return apply(text, edits)
}

// stringEdits are the edits of a string that is no secret by its name.
func (m *Masker) stringEdits(text string, start, end int) []edit {
	plain := unquote(text[start:end])
	if shapes := m.shapeEdits(plain, 0, len(plain), false); len(shapes) > 0 {
		masked, _ := apply(plain, m.textEdits(plain))
		return []edit{{start, end, quote(masked)}}
	}
	return m.cardEdits(text, start, end, false)
}

// stringEnd is where the string that began before p ends: at its quote, or with
// the text.
func stringEnd(text string, p int) (end int, closed bool) {
	for p < len(text) {
		switch text[p] {
		case '\\':
			p++
		case '"':
			return p, true
		}
		p++
	}
	return len(text), false
}

// unquote resolves the escapes that a name may be written with.
func unquote(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		if s[i] == 'u' && i+4 < len(s) {
			if r, length, known := reference("&#x" + s[i+1:i+5] + ";"); known && length > 1 {
				b.WriteRune(r)
				i += 4
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

var quoter = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`)

func quote(s string) string { return quoter.Replace(s) }
