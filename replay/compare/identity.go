package compare

import (
	"bytes"
	"fmt"
	"strings"
)

// nextID finds the next run of exactly 18 digits in s from an offset on; start is
// len(s) when there is none.
func nextID(s string, from int) (start, end int) {
	for at := from; at < len(s); {
		if !isDigit(s[at]) {
			at++
			continue
		}
		end = at + 1
		for end < len(s) && isDigit(s[end]) {
			end++
		}
		if end-at == idDigits {
			return at, end
		}
		at = end
	}
	return len(s), len(s)
}

// sameButIDs reports whether two texts are the same but for their ids.
func sameButIDs(want, got string) bool {
	if want == got {
		return true
	}
	if len(want) != len(got) {
		return false
	}
	for at := 0; at < len(want); {
		start, end := nextID(want, at)
		if s, e := nextID(got, at); s != start || e != end || want[at:start] != got[at:start] {
			return false
		}
		at = end
	}
	return true
}

// learn takes each id of got to stand for the one of want in its place.
func (c *comparison) learn(at *step, place *Node, want, got string) {
	for from := 0; from < len(want); {
		start, end := nextID(want, from)
		if start < end && !c.IDs.accept(want[start:end], got[start:end]) {
			c.differ(at, Value, place, want+c.IDs.known(want[start:end]), got+c.IDs.taken(got[start:end]))
			return
		}
		from = end
	}
}

// accept learns that live came for recorded. What came as it is expected is right
// also when it stands for another: a reference to an earlier answer had put it there.
func (ids *IDs) accept(recorded, live string) bool {
	if ids.Learn(recorded, live) {
		return true
	}
	_, known := ids.live[recorded]
	return recorded == live && !known
}

// sameBytes reports whether nothing but ids differs between two messages as they
// are written, and takes those of got for those of want. It is false wherever
// reading them could say more.
func (c *comparison) sameBytes(want, got []byte) bool {
	switch {
	case len(want) != len(got), bytes.Contains(want, []byte("${")):
		return false
	case c.IDs == nil:
		return bytes.Equal(want, got)
	case len(c.Ignore) > 0: // ids that do not count are not learned
		return false
	case isUTF16(want):
		return false
	}
	w, g := string(want), string(got)
	if !sameButIDs(w, g) {
		return false
	}
	for from := 0; from < len(w); {
		start, end := nextID(w, from)
		if start == end {
			break
		}
		if at := strings.LastIndexAny(w[:start], "<>"); at < 0 || w[at] != '>' {
			return false // in a tag, a comment or CDATA
		}
		if !c.IDs.accept(w[start:end], g[start:end]) {
			return false
		}
		from = end
	}
	return true
}

// known says what came for a recorded id before, if something did.
func (ids *IDs) known(recorded string) string {
	if live, ok := ids.live[recorded]; ok {
		return fmt.Sprintf(" (for which %s came before)", live)
	}
	return ""
}

// taken says which recorded id a live one stands for already, if it does.
func (ids *IDs) taken(live string) string {
	if recorded, ok := ids.recorded[live]; ok {
		return fmt.Sprintf(" (which stands for the recorded %s)", recorded)
	}
	return ""
}

func isUTF16(body []byte) bool {
	return bytes.HasPrefix(body, markUTF16LE) || bytes.HasPrefix(body, markUTF16BE) || bytes.IndexByte(body[:min(len(body), 2)], 0) >= 0
}
