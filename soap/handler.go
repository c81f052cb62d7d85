package soap

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"rator/workflow"
	"rator/workflow/value"
)

// Invoker is what the endpoint calls: workflow.Invoke. An error of it means that
// no workflow answered; a *unit.BusyError, that nothing was begun; one that matches
// unit.ErrOutcomeUnknown, that nobody knows whether the call took effect.
type Invoker interface {
	Invoke(ctx context.Context, r workflow.Request) (workflow.Result, error)
}

// Options are what a Handler can be told; the zero value is that of security.md.
type Options struct {
	// Pages answers GET and HEAD: WSDL, schema and the page of the service. Nil
	// answers 404.
	Pages http.Handler
	// Limits of a message; the zero value means DefaultLimits.
	Limits Limits
	// MaxBytes is the longest request to a hookpoint, in bytes; nil, or a result
	// of 0, means DefaultHookpointBytes.
	MaxBytes func(hookpoint string) int
	// Typed tells whether a body element of that name is a hookpoint's typed
	// form; nil takes any.
	Typed func(hookpoint string) bool

	// Secret tells whether an answer of a hookpoint holds a secret, and so is never
	// packed; nil packs none.
	Secret func(hookpoint string, answer value.Tree) bool

	// Full is asked before a message is read: its error is what the Invoker would fail
	// with, a *unit.BusyError. Nil is never full.
	Full func() error

	BodyTime time.Duration // for the body to arrive; 0 means 10 s
	Metrics  Metrics
	// Answered is told every POST once its answer is on its way, in the goroutine
	// that serves it: what it does must not take long. Nil costs nothing.
	Answered  func(*Answered)
	Log       *slog.Logger     // nil means slog.Default
	Now       func() time.Time // nil means time.Now; for the deadline of a body, and Answered
	NewNumber func() string    // of an incident; nil means random
	// NewMessageID is the wsa:MessageID of an answer, an IRI; nil means a random UUID.
	NewMessageID func() string
}

// Metrics are told what the endpoint refused. Nil fields are not called.
type Metrics struct {
	LimitHit func(Limit)
	Fault    func(FaultCode)
}

// Handler is the endpoint: POST is a call, GET is for the Pages. Faults answer
// what never reached a workflow, with status 500; a call that failed in its
// workflow is a 200 with an errorCode (architecture.md 3).
type Handler struct {
	invoker Invoker
	options Options
	buffers sync.Pool // of *[]byte
}

// NewHandler gives an endpoint for the invoker.
func NewHandler(invoker Invoker, o Options) *Handler {
	if o.Pages == nil {
		o.Pages = http.NotFoundHandler()
	}
	if o.MaxBytes == nil {
		o.MaxBytes = func(string) int { return 0 }
	}
	if o.Typed == nil {
		o.Typed = func(string) bool { return true }
	}
	if o.Secret == nil {
		o.Secret = func(string, value.Tree) bool { return true }
	}
	if o.Full == nil {
		o.Full = func() error { return nil }
	}
	if o.Metrics.LimitHit == nil {
		o.Metrics.LimitHit = func(Limit) {}
	}
	if o.Metrics.Fault == nil {
		o.Metrics.Fault = func(FaultCode) {}
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.NewNumber == nil {
		o.NewNumber = randomNumber
	}
	if o.NewMessageID == nil {
		o.NewMessageID = randomMessageID
	}
	setDefault(&o.Limits, DefaultLimits())
	setDefault(&o.BodyTime, 10*time.Second)
	return &Handler{
		invoker: invoker,
		options: o,
		buffers: sync.Pool{New: func() any { return new([]byte) }},
	}
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// ServeHTTP answers one HTTP request.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		h.options.Pages.ServeHTTP(w, r)
	case http.MethodPost:
		(&exchange{Handler: h, w: w, r: r}).serve()
	default:
		w.Header().Set("Allow", "GET, HEAD, POST")
		http.Error(w, "a call is a POST; the WSDL is at ?wsdl", http.StatusMethodNotAllowed)
	}
}
