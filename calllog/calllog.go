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
	"strconv"
	"strings"
	"time"
)

// Call is what is known of one call beside its messages.
type Call struct {
	ID          ID // given when the call is written
	At          time.Time
	Took        time.Duration
	Hookpoint   string // as it was asked for; "" when the request could not be read
	Operator    string // who the caller says they are
	RequestID   string
	Object      string // text of the value that the contract names as objectkey; "" = none
	Remote      netip.Addr
	Status      int // of HTTP
	ErrorCode   int // 0 with a fault
	Fault       string
	RequestType string // Content-Type
	AnswerType  string
}

// Kinds of outcomes.
const (
	OutcomeOK     = "ok"     // errorCode 0
	OutcomeFailed = "failed" // another errorCode
	OutcomeFault  = "fault"  // no workflow answered
)

// Outcome is ok, failed or fault.
func (c *Call) Outcome() string {
	switch {
	case c.Fault != "" || c.Status >= 400:
		return OutcomeFault
	case c.ErrorCode != 0:
		return OutcomeFailed
	}
	return OutcomeOK
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

// Less reports whether id's call was written before the other.
func (id ID) Less(than ID) bool {
	if id.Segment != than.Segment {
		return id.Segment < than.Segment
	}
	return id.Number < than.Number
}
