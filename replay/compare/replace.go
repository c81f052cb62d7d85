package compare

import "bytes"

// idDigits is how long an id is: yyyyMMddHHmmss and four more (rator-api.md 2).
const idDigits = 18

// Note keeps that live came for the value recorded of a volatile key, such as a
// one-time token, so that later requests send live. Unlike an id it may change from
// answer to answer; the newest holds.
func (ids *IDs) Note(recorded, live string) {
	if recorded == "" {
		return
	}
	if ids.volatile == nil {
		ids.volatile = map[string]string{}
	}
	ids.volatile[recorded] = live
}

// Replace is a recorded message with live values put in: for ids wherever they
// stand, for values of volatile keys where one is the whole content of an element.
// replaced is told of each. The message is not modified.
func (ids *IDs) Replace(message []byte, replaced func(recorded, live string)) []byte {
	out := replaceIDs(message, ids.live, replaced)
	for recorded, live := range ids.volatile {
		if recorded != live && Holds(out, recorded) {
			out = bytes.ReplaceAll(out, whole(recorded), whole(live))
			replaced(recorded, live)
		}
	}
	return out
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
