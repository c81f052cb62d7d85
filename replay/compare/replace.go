package compare

import (
	"bytes"
	"iter"
	"strings"
)

// idDigits is how long an id is: yyyyMMddHHmmss and four more (rator-api.md 2).
const idDigits = 18

// Replace is a recorded message with live values put in: for ids wherever they
// stand, for values of volatile keys where one is the whole content of an element.
// replaced is told of each. The message is not modified.
func (ids *IDs) Replace(message []byte, replaced func(recorded, live string)) []byte {
	message = replaceIDs(message, ids.live, replaced)
	if len(ids.volatile) == 0 {
		return message
	}
	var out []byte
	kept := 0
	for start, end := range leaves(message) {
		recorded := unescape(message[start:end])
		if live, ok := ids.introduced(recorded); ok && live != recorded {
			out = append(append(out, message[kept:start]...), escape(live)...)
			kept = end
			replaced(recorded, live)
		}
	}
	return append(out, message[kept:]...)
}

// leaves are the places of texts that are the whole content of an element, as far as
// can be seen without reading the message.
func leaves(message []byte) iter.Seq2[int, int] {
	return func(yield func(start, end int) bool) {
		for at := 0; ; {
			opened := bytes.IndexByte(message[at:], '>')
			if opened < 0 {
				return
			}
			start := at + opened + 1
			length := bytes.IndexByte(message[start:], '<')
			if length < 0 {
				return
			}
			at = start + length
			if length > 0 && bytes.HasPrefix(message[at:], []byte("</")) && !yield(start, at) {
				return
			}
		}
	}
}

// Recorded is a live message with the recorded ids put in for the live ones.
func (ids *IDs) Recorded(message []byte) []byte {
	return replaceIDs(message, ids.recorded, func(string, string) {})
}

// replaceIDs puts in other ids for runs of exactly 18 digits.
func replaceIDs(message []byte, other map[string]string, replaced func(old, new string)) []byte {
	if len(other) == 0 {
		return message
	}
	var out []byte
	kept := 0
	for at := 0; at < len(message); {
		if !isDigit(message[at]) {
			at++
			continue
		}
		end := at + 1
		for end < len(message) && isDigit(message[end]) {
			end++
		}
		if end-at == idDigits {
			if to, ok := other[string(message[at:end])]; ok {
				if to != string(message[at:end]) {
					out = append(append(out, message[kept:at]...), to...)
					kept = end
					replaced(string(message[at:end]), to)
				}
			}
		}
		at = end
	}
	if out == nil {
		return message
	}
	return append(out, message[kept:]...)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// unescape is the content of an element that escape wrote.
func unescape(content []byte) string {
	if bytes.IndexByte(content, '&') < 0 {
		return string(content)
	}
	return unescaper.Replace(string(content))
}

var unescaper = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// escape is text as content of an element.
func escape(text string) string {
	var b bytes.Buffer
	for _, r := range text {
		switch r {
		case '&':
			b.WriteString("&amp;")
		case '<':
			b.WriteString("&lt;")
		case '>':
			b.WriteString("&gt;")
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
