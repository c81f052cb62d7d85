package soap

import "fmt"

// Limit is the name of a limit, as faults and metrics give it.
type Limit string

// The limits of security.md.
const (
	limitMessageBytes      Limit = "message_bytes"
	limitHookpointBytes    Limit = "hookpoint_bytes"
	limitDepth             Limit = "depth"
	limitValueDepth        Limit = "value_depth"
	limitElements          Limit = "elements"
	limitChildren          Limit = "children"
	limitAttributes        Limit = "attributes"
	limitNamespaces        Limit = "namespaces"
	limitNamespacesInScope Limit = "namespaces_in_scope"
	limitAttributeBytes    Limit = "attribute_bytes"
	limitTextBytes         Limit = "text_bytes"
	limitNameBytes         Limit = "name_bytes"
	limitBodyTime          Limit = "body_time"
	limitParts             Limit = "parts"
	limitPartHeaderBytes   Limit = "part_header_bytes"
	limitCalls             Limit = "calls" // that run or wait (unit.BusyError)
)

var limitTexts = map[Limit]string{
	limitMessageBytes:      "the message is longer than %d bytes",
	limitHookpointBytes:    "a request to this hookpoint is longer than %d bytes",
	limitDepth:             "elements are nested deeper than %d levels",
	limitValueDepth:        "values are nested deeper than %d levels",
	limitElements:          "the message has more than %d elements",
	limitChildren:          "an element has more than %d children",
	limitAttributes:        "an element has more than %d attributes",
	limitNamespaces:        "an element declares more than %d namespaces",
	limitNamespacesInScope: "more than %d namespace declarations are in scope",
	limitAttributeBytes:    "an attribute value is longer than %d bytes",
	limitTextBytes:         "a text or comment is longer than %d bytes",
	limitNameBytes:         "a name is longer than %d bytes",
	limitBodyTime:          "the message did not arrive within %d ms",
	limitParts:             "the message has more than %d parts",
	limitPartHeaderBytes:   "the headers of a part are longer than %d bytes",
}

// Limits bound what one message may cost. They are counted on the bytes while
// they are scanned, before a tree exists. All are inclusive maxima; bytes are
// those of the message in UTF-8.
type Limits struct {
	MessageBytes      int // also of the body as it arrives, unpacked, before transcoding
	Depth             int // of elements; the Envelope is at 1
	ValueDepth        int // of values; a top-level entry is at 1
	Elements          int // in the message
	Children          int // elements in one element
	Attributes        int // of one element, namespace declarations not counted
	Namespaces        int // declared by one element
	NamespacesInScope int // declared by an element and those around it
	AttributeBytes    int // of one attribute value
	TextBytes         int // between two tags, comments counted
	NameBytes         int // of one name, prefix counted
	Parts             int // of a multipart message
	PartHeaderBytes   int // of one part
}

// DefaultLimits are those for requests (security.md).
func DefaultLimits() Limits {
	return Limits{
		MessageBytes: 1 << 20, Depth: 32, ValueDepth: 8, Elements: 10_000, Children: 5_000,
		Attributes: 32, Namespaces: 32, NamespacesInScope: 128,
		AttributeBytes: 4 << 10, TextBytes: 64 << 10, NameBytes: 128,
		Parts: 100, PartHeaderBytes: 4 << 10,
	}
}

// DefaultAnswerLimits are those a Client sets to the answers of its server.
func DefaultAnswerLimits() Limits {
	limits := DefaultLimits()
	limits.MessageBytes = 16 << 20
	limits.Depth, limits.ValueDepth = 64, 32
	limits.Elements, limits.Children = 500_000, 100_000
	limits.TextBytes = 1 << 20
	return limits
}

// DefaultHookpointBytes is the longest request of a hookpoint whose contract
// names no limit of its own.
const DefaultHookpointBytes = 256 << 10

// LimitError says that a message is beyond a limit.
type LimitError struct {
	Limit Limit
	Max   int // in the unit of the limit: bytes, levels, a count or milliseconds
	// Line and Column are where it was passed, from 1; 0 when it has no place.
	Line, Column int
}

// Error names the limit and its value, and the place.
func (e *LimitError) Error() string {
	text := fmt.Sprintf(limitTexts[e.Limit], e.Max) + " (limit " + string(e.Limit) + ")"
	if e.Line == 0 {
		return text
	}
	return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, text)
}
