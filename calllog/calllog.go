// Package calllog keeps request and answer of recent calls, as a server got and
// sent them but for the secrets in them, in a folder of its own (security.md "Call
// log"). It is Rator's SOAP_MONITORING.
//
// Calls are written behind, by one goroutine: whoever hands one over never waits,
// and what finds the queue full is counted and lost. The folder is bounded by size
// and age. Whoever may read it can search it at any time, also while a server
// writes: nothing that was written changes, but old segments go.
//
// Nothing is synced to the disk: after a crash of the process all is there but
// the last fraction of a second, after one of the machine the file system decides.
// What is torn is found by checksum and left out.
package calllog

import (
	"fmt"
	"net/netip"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Call is what is known of one call beside its messages.
type Call struct {
	ID   ID // given when the call is written
	At   time.Time
	Took time.Duration
	Face string // FaceSOAP or FaceTMF
	// Server is who had the call, of several of one store; "" = the only one, or of a version
	// before. Keep gives it.
	Server string
	// Hookpoint is the one that was asked for; over TM Forum the right that the call
	// needs, such as TMF_GET_CUSTOMER. "" when the request could not be read so far.
	Hookpoint  string
	Hookpoints []string // that ran, those that others called too; nil = not known
	Brand      string   // key; "" = not known
	Accounts   []uint64 // ids of the customers it was about; nil = not known
	Operator   string   // who the caller says they are
	RequestID  string
	// Object is the text of the value that the contract names as objectkey, over TM
	// Forum the id of the resource; "" = none.
	Object      string
	Remote      netip.Addr
	Method      string // of HTTP, over TM Forum
	Target      string // path and query, over TM Forum
	Status      int    // of HTTP
	ErrorCode   int    // 0 with a fault; over TM Forum the code of the error body
	Fault       string
	RequestType string // Content-Type
	AnswerType  string
	// AnswerBytes is how long the answer was of which the log keeps no more than the
	// beginning; 0 = it has all.
	AnswerBytes int64
}

// Faces that calls come over.
const (
	FaceSOAP = "soap"
	FaceTMF  = "tmf"
)

// Kinds of outcomes.
const (
	outcomeOK     = "ok"     // errorCode 0
	outcomeFailed = "failed" // another errorCode; over TM Forum a status from 400
	outcomeFault  = "fault"  // no workflow answered; over TM Forum a status from 500, or no whole answer
)

// Outcome is ok, failed or fault.
func (c *Call) Outcome() string {
	switch {
	case c.Fault != "" || c.Status >= 500 || c.Status >= 400 && c.Face != FaceTMF:
		return outcomeFault
	case c.ErrorCode != 0 || c.Status >= 400:
		return outcomeFailed
	}
	return outcomeOK
}

// Asks reports whether the call asks for what a pattern names, as path.Match has them:
// a hookpoint or a right of TM Forum, such as SOAP_GET_* and TMF_GET_*, or with a slash
// first a path of TM Forum, such as /customerManagement/customer/*.
func (c *Call) Asks(pattern string) bool {
	asked := c.Hookpoint
	if strings.HasPrefix(pattern, "/") {
		asked, _, _ = strings.Cut(c.Target, "?")
	}
	return matches(pattern, asked)
}

// ran reports whether the call asks for what a pattern names, or a hookpoint ran in it
// that the pattern names.
func (c *Call) ran(pattern string) bool {
	return c.Asks(pattern) || slices.ContainsFunc(c.Hookpoints, func(ran string) bool { return matches(pattern, ran) })
}

func matches(pattern, name string) bool {
	matched, err := path.Match(pattern, name)
	return matched && err == nil
}

// ID names a call within its log: the number of its segment and its own therein,
// as 7-1042. A later call has a greater one.
type ID struct{ Segment, Number uint64 }

func (id ID) String() string { return fmt.Sprintf("%d-%d", id.Segment, id.Number) }

// ParseID reads what String writes.
func ParseID(s string) (ID, error) {
	segment, number, _ := strings.Cut(s, "-")
	var id ID
	var err error
	if id.Segment, err = strconv.ParseUint(segment, 10, 64); err == nil {
		id.Number, err = strconv.ParseUint(number, 10, 64)
	}
	if err != nil {
		return ID{}, fmt.Errorf("%q is no id of a logged call such as 7-1042", s)
	}
	return id, nil
}

// less reports whether id's call was written before the other.
func (id ID) less(than ID) bool {
	if id.Segment != than.Segment {
		return id.Segment < than.Segment
	}
	return id.Number < than.Number
}
