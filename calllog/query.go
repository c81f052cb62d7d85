package calllog

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"time"
)

// Query says which calls are wanted; what is zero wants all.
type Query struct {
	// Hookpoint is a pattern, as path.Match has them: SOAP_GET_*, TMF_GET_CUSTOMER, or a
	// path of TM Forum (Call.Ran).
	Hookpoint string
	Face      string
	Brand     string
	// Account is a customer that the call was about: an id, with the letter of TM Forum
	// or without, which is found where nobody noted whose call it is by being named in the messages; or
	// another text that names the customer there, such as its number.
	Account string
	// Object is the text of an object's id: of the value that the contract names,
	// or of any other element of the messages. Whatever is a whole text is found
	// so, a customer number or an MSISDN as well; the 18 digits of an id fastest.
	Object    string
	Operator  string
	Server    string // of several of one store
	RequestID string
	Outcome   string    // ok, failed, fault, or an error code's number; over TM Forum the status is one too
	Since     time.Time // of that time or later
	Before    time.Time
}

// Check finds what is wrong with the query itself.
func (q *Query) Check() error {
	if _, err := path.Match(q.Hookpoint, ""); err != nil {
		return fmt.Errorf("hookpoint %q is no pattern such as SOAP_GET_*", q.Hookpoint)
	}
	switch q.Face {
	case "", FaceSOAP, FaceTMF:
	default:
		return fmt.Errorf("face %q is not %s or %s", q.Face, FaceSOAP, FaceTMF)
	}
	switch q.Outcome {
	case "", outcomeOK, outcomeFailed, outcomeFault:
		return nil
	}
	if _, err := strconv.Atoi(q.Outcome); err != nil {
		return fmt.Errorf("outcome %q is not ok, failed, fault or the number of an error code", q.Outcome)
	}
	return nil
}

// matches reports whether the call is wanted, but for what only its messages say.
func (q *Query) matches(c *Call) bool {
	if q.Hookpoint != "" && !c.ran(q.Hookpoint) || q.Outcome != "" && !c.ended(q.Outcome) {
		return false
	}
	return (q.Face == "" || q.Face == c.Face) && (q.Brand == "" || q.Brand == c.Brand) &&
		(q.Operator == "" || q.Operator == c.Operator) && (q.Server == "" || q.Server == c.Server) &&
		(q.RequestID == "" || q.RequestID == c.RequestID) &&
		(q.Since.IsZero() || !c.At.Before(q.Since)) &&
		(q.Before.IsZero() || c.At.Before(q.Before))
}

// ended reports whether the call ended so.
func (c *Call) ended(outcome string) bool {
	switch {
	case outcome == c.Outcome():
		return true
	case c.Face == FaceTMF:
		return outcome == strconv.Itoa(c.ErrorCode) || outcome == strconv.Itoa(c.Status)
	}
	return c.Outcome() != outcomeFault && outcome == strconv.Itoa(c.ErrorCode)
}

// mentioned reports whether the objects that are asked for are named by an entry; unsure
// when only the messages can tell.
func (q *Query) mentioned(e *entry) (is, unsure bool) {
	if q.Account != "" {
		is, open := mentions(e, q.Account, true)
		if !is && !open {
			return false, false
		}
		unsure = open
	}
	if q.Object != "" && q.Object != e.Object {
		is, open := mentions(e, q.Object, false)
		if !is && !open {
			return false, false
		}
		unsure = unsure || open
	}
	return true, unsure
}

// mentions reports whether an entry names an object; open when it may be in its messages.
// What is known of whose call it is counts for an account.
func mentions(e *entry, object string, account bool) (is, open bool) {
	id, isID := objectID(object)
	switch {
	case !isID:
		return false, true
	case slices.Contains(e.Accounts, id):
		return true, false
	case account && len(e.Accounts) > 0:
		return false, false
	}
	return slices.Contains(e.objects, id), false
}

// inMessages reports whether each object that is asked for, and is no id, is a whole text
// in the messages.
func (q *Query) inMessages(c *Call, request, answer []byte) bool {
	in := func(object string) bool {
		if _, isID := objectID(object); object == "" || object == c.Object || isID {
			return true
		}
		if c.Face == FaceTMF {
			return inTarget(c.Target, object) || inJSON(request, object) || inJSON(answer, object)
		}
		return inXML(request, object) || inXML(answer, object)
	}
	return in(q.Account) && in(q.Object)
}
