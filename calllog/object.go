package calllog

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"net/url"
	"slices"
	"strings"
)

// objectDigits is how long Rator's ids are (architecture.md 7).
const objectDigits = 18

// appendObjects appends the ids that are the whole text of an element of XML, each once.
func appendObjects(to []uint64, message []byte) []uint64 {
	for {
		tag := bytes.IndexByte(message, '>')
		if tag < 0 || tag+objectDigits+1 >= len(message) {
			return to
		}
		if message = message[tag+1:]; message[objectDigits] != '<' {
			continue
		}
		if id, ok := digitsOf(message[:objectDigits]); ok && !slices.Contains(to, id) {
			to = append(to, id)
		}
	}
}

// appendIDsIn appends each run of as many digits as ids have, once: in the documents of
// TM Forum ids stand behind a letter, and in addresses.
func appendIDsIn[T string | []byte](to []uint64, text T) []uint64 {
	for i := 0; i < len(text); i++ {
		start := i
		for i < len(text) && '0' <= text[i] && text[i] <= '9' {
			i++
		}
		if id, ok := digitsOf(text[start:i]); ok && !slices.Contains(to, id) {
			to = append(to, id)
		}
	}
	return to
}

// objectID reads an id of 18 digits, with what the ids of resources of TM Forum have
// before it or without: c202601020304050001, ca202601020304050002.
func objectID(text string) (id uint64, ok bool) {
	digits := strings.TrimLeft(text, "abcdefghijklmnopqrstuvwxyz")
	if len(text)-len(digits) > 2 {
		return 0, false
	}
	return digitsOf(digits)
}

func digitsOf[T string | []byte](text T) (id uint64, ok bool) {
	if len(text) != objectDigits {
		return 0, false
	}
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return 0, false
		}
		id = id*10 + uint64(text[i]-'0')
	}
	return id, true
}

// inXML reports whether a text is the whole text of an element.
func inXML(message []byte, text string) bool {
	var b bytes.Buffer
	b.WriteByte('>')
	_ = xml.EscapeText(&b, []byte(text)) // a bytes.Buffer takes all
	b.WriteByte('<')
	return bytes.Contains(message, b.Bytes())
}

// inJSON reports whether a text is a whole string or number of a document, however
// broken.
func inJSON(message []byte, text string) bool {
	for i := 0; i < len(message); {
		end := i
		if message[i] == '"' {
			for end++; end < len(message) && message[end] != '"'; end++ {
				if message[end] == '\\' {
					end++
				}
			}
			end = min(end+1, len(message))
			var said string
			if json.Unmarshal(message[i:end], &said) == nil && said == text {
				return true
			}
		} else {
			for end < len(message) && strings.IndexByte("{}[],: \t\r\n\"", message[end]) < 0 {
				end++
			}
			if string(message[i:end]) == text {
				return true
			}
		}
		i = max(end, i+1)
	}
	return false
}

// inTarget reports whether a text is a whole step of a path, or what a parameter of its
// query is compared with.
func inTarget(target, text string) bool {
	way, query, _ := strings.Cut(target, "?")
	for step := range strings.SplitSeq(way, "/") {
		if said, err := url.PathUnescape(step); err == nil && said == text {
			return true
		}
	}
	for part := range strings.SplitSeq(query, "&") {
		if said, err := url.QueryUnescape(part); err == nil && strings.TrimLeft(said[min(len(said), attributeLength(said)):], "=<>!~") == text {
			return true
		}
	}
	return false
}

func attributeLength(part string) int {
	if end := strings.IndexAny(part, "=<>!~"); end >= 0 {
		return end
	}
	return len(part)
}
