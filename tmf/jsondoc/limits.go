package jsondoc

import "fmt"

// Limits bound what one document may cost; they are counted while it is read
// (security.md). All are inclusive maxima.
type Limits struct {
	Bytes       int // of the document
	Depth       int // of arrays and objects; the outermost is at 1
	Values      int // in the document, of every kind
	Children    int // of one array or object
	TextBytes   int // of one string, as it is written
	NameBytes   int // of one member's name, as it is written
	NumberBytes int // of one number; its exponent is at most 308 either way
}

// DefaultLimits are those of requests.
func DefaultLimits() Limits {
	return Limits{
		Bytes: 1 << 20, Depth: 32, Values: 10_000, Children: 5_000,
		TextBytes: 64 << 10, NameBytes: 128, NumberBytes: 64,
	}
}

// keptLimits are those of documents that the store gives back: wider than those
// of requests, which they passed.
var keptLimits = Limits{Bytes: 1 << 30, Depth: 64, Values: 1 << 30, Children: 1 << 30, TextBytes: 1 << 30, NameBytes: 1 << 20, NumberBytes: 1 << 10}

// Position is a place in a text: line and column from 1, the column in
// characters.
type Position struct{ Line, Column int }

func (p Position) String() string { return fmt.Sprintf("%d:%d", p.Line, p.Column) }

// SyntaxError says that a text is not JSON, and where it stops being it.
type SyntaxError struct {
	Position
	Message string
}

func (e *SyntaxError) Error() string { return e.Position.String() + ": " + e.Message }

// LimitError says that a document is beyond a limit, and where it passed it.
// Position is zero when the whole is too long.
type LimitError struct {
	Position
	Limit string // "depth", "values", …
	Max   int
}

func (e *LimitError) Error() string {
	text := fmt.Sprintf("beyond the limit of %s, %d", e.Limit, e.Max)
	if e.Line == 0 {
		return text
	}
	return e.Position.String() + ": " + text
}
