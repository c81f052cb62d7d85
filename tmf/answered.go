package tmf

import (
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"rator/access"
	"rator/access/credentials"
	"rator/store"
	"rator/tmf/dialect"
	"rator/tmf/resource"
	"rator/unit"
)

// Answered is one request about resources or hubs and what it was answered with, for
// whoever keeps a log of calls. Nothing in it is masked.
type Answered struct {
	At     time.Time // when it came
	Took   time.Duration
	Remote netip.Addr // the zero Addr on a Unix socket
	Method string
	Target string // path and query
	Right  string // that it needs, as RightOf says it; "" when nothing is served there
	// Operator is who asks, as recognised, else as the request names them.
	Operator  string
	RequestID string // of a write, as it may be kept
	ID        string // of the resource or hub; "" for a list, and for one that was not made
	// Brand, Accounts and Hookpoints are the key of the brand, the customers it was
	// about, and the hookpoints that ran, as far as they are known.
	Brand      string
	Accounts   []store.ID
	Hookpoints []string
	Status     int
	Code       int // of the error body; 0 = it was done
	// Broken says that the answer did not go out whole: somebody hung up, or
	// something failed in the middle of a list.
	Broken      bool
	RequestType string // Content-Type
	AnswerType  string
	// Request is the document unpacked, "" for none and for one that did not arrive
	// whole.
	Request string
	// Answer is the beginning of the document that was answered, AnswerKept bytes at
	// most, of AnswerBytes. It is valid only during the call of Config.Answered and
	// must not be changed.
	Answer      []byte
	AnswerBytes int64
}

// AnswerKept is how much of an answer Answered has at most.
const AnswerKept = 64 << 10

// record starts what Config.Answered will be told, if somebody listens, and gives what
// tells it when the answer is out. That is to be deferred.
func (x *exchange) record() (tell func()) {
	if x.config.Answered == nil {
		return func() {}
	}
	kept := recorders.Get().(*recorder)
	kept.ResponseWriter, kept.answer = x.w, kept.answer[:0]
	kept.status, kept.bytes, kept.failed = 0, 0, false
	x.w, x.about = kept, &Answered{
		At: x.config.Now(), Remote: credentials.Remote(x.r.RemoteAddr), Method: x.r.Method, Target: x.r.URL.RequestURI(),
		Right: dialect.RightOf(x.r.Method, x.r.URL.EscapedPath()), RequestType: x.r.Header.Get("Content-Type"),
	}
	return func() {
		cause := recover()
		x.answered(kept, cause != nil)
		kept.ResponseWriter = nil
		recorders.Put(kept)
		if cause != nil {
			panic(cause)
		}
	}
}

// answered tells the listener. Documents about the API are for everybody, and no calls.
func (x *exchange) answered(kept *recorder, broken bool) {
	a := x.about
	if x.r.Method == http.MethodOptions || x.call == nil && kept.status < http.StatusBadRequest && !broken {
		return
	}
	a.Took = x.config.Now().Sub(a.At)
	a.Status, a.Broken = kept.status, broken || kept.failed
	a.Answer, a.AnswerBytes, a.AnswerType = kept.answer, kept.bytes, kept.Header().Get("Content-Type")
	if a.ID = x.id; a.ID == "" && a.Status == http.StatusCreated {
		made := kept.Header().Get("Location")
		a.ID = made[strings.LastIndexByte(made, '/')+1:]
	}
	if x.resource != nil && x.resource.Name == "customer" && a.Accounts == nil {
		if id, is := resource.ParseID(resource.CustomerPrefix, a.ID); is {
			a.Accounts = []store.ID{id}
		}
	}
	if x.refused != nil {
		a.Code, _ = strconv.Atoi(x.refused.Number) // all are numbers
	}
	x.who(a)
	x.config.Answered(a)
}

// tellAnswered takes what the gate tells of the call.
func (x *exchange) tellAnswered(t *unit.Told) {
	if a := x.about; a != nil {
		a.Operator, a.RequestID, a.Brand, a.Accounts, a.Hookpoints = t.Operator, t.RequestID, t.Brand, t.Accounts, t.Ran
	}
}

// who says who asked, and for which brand, where the call did not come so far that the
// gate knows.
func (x *exchange) who(a *Answered) {
	if a.Operator == "" {
		named, _, _ := x.r.BasicAuth()
		a.Operator = access.Shown(named)
	}
	if a.Brand == "" {
		a.Brand = x.r.Header.Get("X-Brand-Key")
	}
	if a.Brand == "" && x.operator != nil {
		a.Brand = x.operator.DefaultBrand()
	}
}

// received notes the document of a request.
func (x *exchange) received(document string) {
	if x.about != nil {
		x.about.Request = document
	}
}

// recorder keeps the beginning of what is written through it.
type recorder struct {
	http.ResponseWriter
	answer []byte
	status int // 0 = nothing was written
	bytes  int64
	failed bool
}

var recorders = sync.Pool{New: func() any { return new(recorder) }}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(part []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(part)
	r.failed = r.failed || err != nil
	r.bytes += int64(n)
	if room := min(AnswerKept-len(r.answer), n); room > 0 {
		r.answer = append(slices.Grow(r.answer, room), part[:room]...)
	}
	return n, err
}

// Unwrap lets http.ResponseController set the deadlines of the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
