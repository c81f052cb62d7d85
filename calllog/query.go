package calllog

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"path"
	"strconv"
	"time"
)

// Query says which calls are wanted; what is zero wants all.
type Query struct {
	Hookpoint string // pattern, as path.Match has them: SOAP_GET_*
	// Object is the text of an object's id: of the value that the contract names,
	// or of any other element of the messages. Whatever is a whole text is found
	// so, a customer number or an MSISDN as well; the 18 digits of an id fastest.
	Object    string
	Operator  string
	RequestID string
	Outcome   string    // ok, failed, fault, or an error code's number
	Since     time.Time // of that time or later
	Before    time.Time
}

// Check finds what is wrong with the query itself.
func (q *Query) Check() error {
	if _, err := path.Match(q.Hookpoint, ""); err != nil {
		return fmt.Errorf("hookpoint %q is no pattern such as SOAP_GET_*", q.Hookpoint)
	}
	switch q.Outcome {
	case "", OutcomeOK, OutcomeFailed, OutcomeFault:
		return nil
	}
	if _, err := strconv.Atoi(q.Outcome); err != nil {
		return fmt.Errorf("outcome %q is not ok, failed, fault or the number of an error code", q.Outcome)
	}
	return nil
}

// matches reports whether the call is wanted, but for what only its messages say.
func (q *Query) matches(c *Call) bool {
	if q.Hookpoint != "" {
		if ok, err := path.Match(q.Hookpoint, c.Hookpoint); !ok || err != nil {
			return false
		}
	}
	if q.Outcome != "" && q.Outcome != c.Outcome() &&
		(c.Outcome() == OutcomeFault || q.Outcome != strconv.Itoa(c.ErrorCode)) {
		return false
	}
	return (q.Operator == "" || q.Operator == c.Operator) &&
		(q.RequestID == "" || q.RequestID == c.RequestID) &&
		(q.Since.IsZero() || !c.At.Before(q.Since)) &&
		(q.Before.IsZero() || c.At.Before(q.Before))
}

// mentioned reports whether the object is named by an entry; unsure when only the
// messages can tell.
func (q *Query) mentioned(e *entry) (is, unsure bool) {
	if q.Object == "" || q.Object == e.Object {
		return true, false
	}
	id, isID := objectID(q.Object)
	if !isID {
		return false, true
	}
	for _, o := range e.objects {
		if o == id {
			return true, false
		}
	}
	return false, false
}

// inMessages reports whether the object is the whole text of an element.
func (q *Query) inMessages(messages []byte) bool {
	var text bytes.Buffer
	text.WriteByte('>')
	_ = xml.EscapeText(&text, []byte(q.Object)) // a bytes.Buffer takes all
	text.WriteByte('<')
	return bytes.Contains(messages, text.Bytes())
}
