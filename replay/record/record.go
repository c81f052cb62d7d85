// Package record writes down what clients ask a server and what it answers, as
// scenarios that can be replayed (replay/fixture). Proxy stands between them and
// passes everything on; Recorder writes behind it, so that a slow or full disk never
// slows a client. Secrets are taken out before anything touches the disk
// (package mask).
package record

import (
	"net/http"
	"net/url"
	"time"

	"rator/replay/fixture"
	"rator/workflow/contract"
)

// Options say what is recorded, and where.
type Options struct {
	To    *url.URL // what is recorded; of a Proxy, where requests go
	Dir   string   // of the scenario folders
	Split Split    // what makes a scenario; the zero value is one for each connection
	// Keep are names of keys, elements and headers that are written down although
	// they are secret (mask.Options).
	Keep      []string
	Contracts func(hookpoint string) *contract.Contract // nil = there are none
	Gets      bool                                      // record GET requests as well; those for a WSDL or schema always are

	// MaxBody is the longest request or answer that is recorded, in bytes; longer
	// ones are passed on all the same. 0 = 16 MiB.
	MaxBody int64
	// MaxWaiting is how many bytes of exchanges may wait for the disk; what comes
	// when there are more is not recorded. 0 = 64 MiB.
	MaxWaiting int64
	// Timeout is how long the upstream may let a request or the rest of an answer
	// wait. 0 = a minute.
	Timeout time.Duration

	// Say is told, a line at a time, what a user should know at once; nil = nobody.
	// It may be called by many at a time.
	Say func(line string)
	Now func() time.Time // nil = time.Now
	// Write writes an exchange; nil = fixture.Write.
	Write func(dir string, number int, name string, x *fixture.Exchange) error
}

func (o *Options) fill() {
	if o.MaxBody <= 0 {
		o.MaxBody = 16 << 20
	}
	if o.MaxWaiting <= 0 {
		o.MaxWaiting = 64 << 20
	}
	if o.Timeout <= 0 {
		o.Timeout = time.Minute
	}
	if o.Say == nil {
		o.Say = func(string) {}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Write == nil {
		o.Write = fixture.Write
	}
}

// Exchange is a request and its answer, as they were sent: with their secrets.
type Exchange struct {
	Client   string    // what tells connections apart
	Received time.Time // when the request came
	Request  struct {
		Method string
		Target string // path and query
		Header http.Header
		Body   []byte
	}
	Response struct {
		Status int
		Header http.Header
		Body   []byte
		CutOff bool // the body ended too early
	}
}

// size is about how many bytes an exchange takes while it waits.
func (x *Exchange) size() int64 {
	const head = 2 << 10
	return int64(len(x.Request.Body)+len(x.Response.Body)) + head
}

// Totals are what came of a recording.
type Totals struct {
	Exchanges   int `json:"exchanges"` // written
	Scenarios   int `json:"scenarios"` // that have one of them
	Passed      int `json:"passed"`    // passed on and by intent not recorded, such as GET requests
	NotRecorded int `json:"notRecorded"`
	// Failed are those of NotRecorded that this machine is to blame for: the disk
	// is full or too slow.
	Failed int `json:"failed"`
}
