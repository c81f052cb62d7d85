package compare

import (
	"bytes"
	"regexp"
	"strconv"
	"unicode"

	"rator/workflow/contract"
)

// IDsIn are the runs of exactly 18 digits in a message, in UTF-8 or UTF-16, each as
// often as it stands there.
func IDsIn(message []byte) func(yield func(id string) bool) {
	if isUTF16(message) {
		message = bytes.ReplaceAll(message, []byte{0}, nil)
	}
	text := string(message)
	return func(yield func(string) bool) {
		for from := 0; ; {
			start, end := nextID(text, from)
			if start == end || !yield(text[start:end]) {
				return
			}
			from = end
		}
	}
}

// inPieces is what parts the characters of a text without being one.
var inPieces = regexp.MustCompile(`(?s)<!--.*?-->|<\?.*?\?>|<!\[CDATA\[|\]\]>`)

var numericReference = regexp.MustCompile(`&#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}));`)

// Read is a message as it reads: without comments and the marks of CDATA, and with
// characters for numeric references; the same slice where it has none.
func Read(message []byte) []byte {
	if !bytes.Contains(message, []byte("&#")) && !bytes.Contains(message, []byte("<!")) && !bytes.Contains(message, []byte("<?")) {
		return message
	}
	return numericReference.ReplaceAllFunc(inPieces.ReplaceAll(message, nil), func(reference []byte) []byte {
		m := numericReference.FindSubmatch(reference)
		digits, base := string(m[1]), 16
		if digits == "" {
			digits, base = string(m[2]), 10
		}
		n, err := strconv.ParseInt(digits, base, 32)
		if err != nil || n > unicode.MaxASCII {
			return reference // no digit
		}
		return []byte{byte(n)}
	})
}

// Holds says that a value is the whole content of an element of a message.
func Holds(message []byte, value string) bool { return bytes.Contains(message, whole(value)) }

// whole is a value as the content of an element.
func whole(value string) []byte { return []byte(">" + escape(value) + "<") }

// Noted says that a live value came for the value of a volatile key.
func (ids *IDs) Noted(recorded string) bool {
	_, ok := ids.volatile[recorded]
	return ok
}

// Same says that two texts are the same but for ids, and takes those of live for those
// of recorded.
func (ids *IDs) Same(recorded, live string) bool {
	if !sameButIDs(recorded, live) {
		return false
	}
	for from := 0; ; {
		start, end := nextID(recorded, from)
		if start == end {
			return true
		}
		if !ids.accept(recorded[start:end], live[start:end]) {
			return false
		}
		from = end
	}
}

// Volatile are the values that an answer has for what its contract calls volatile, by
// the paths to them, but for ids and dates: those that Note is told when they come.
func Volatile(answer []byte, c *contract.Contract) map[string]string {
	found := map[string]string{}
	first, err := Parse(answer)
	if c == nil || err != nil {
		return found
	}
	second, _ := Parse(answer)
	_, _ = Trees(first, second, &Options{
		Contract: c, Variables: func(string) (string, bool) { return "", true },
		volatile: func(path, value string) { found[path] = value },
	})
	return found
}

// Taken is what an answer that is equal to an expected one gave for its ids and for what
// its contract calls volatile, by the recorded values. What is ignored is not in it.
func Taken(want []byte, o *Options) map[string]string {
	taken := map[string]string{}
	for id := range IDsIn(want) {
		if live, ok := o.IDs.Live(id); ok {
			taken[id] = live
		}
	}
	for _, recorded := range Volatile(want, o.Contract) {
		if live, noted := o.IDs.volatile[recorded]; noted {
			taken[recorded] = live
		} else if len(o.Ignore) == 0 {
			taken[recorded] = recorded // the same bytes came, of which nothing is noted
		}
	}
	return taken
}
