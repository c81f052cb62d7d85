package tmf

import (
	"errors"
	"net/http"
	"runtime/debug"
	"strconv"
	"sync"

	"rator/access"
	"rator/access/credentials"
	"rator/store"
	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
	"rator/tmf/problem"
	"rator/tmf/resource"
	"rator/wire"
	"rator/workflow"
)

// exchange is one request and its answer.
type exchange struct {
	*Handler
	w http.ResponseWriter
	r *http.Request

	dialect  *dialect.Dialect
	base     dialect.Base
	resource *dialect.Resource
	id       string
	call     *resource.Call
	show     resource.Presenter
	started  bool           // the answer's header is written
	refused  *problem.Error // what was answered instead of what was asked for
	about    *Answered      // nil when nobody listens

	operator  *access.Operator // once it is known
	requestID string           // the Idempotency-Key of a write, as it may be kept; "" for none
	clearID   string           // as it came
	posted    jsondoc.Value    // the body of a write
}

// serve answers, or says why not.
func (x *exchange) serve() error {
	x.boundBody()
	x.allowOrigin()
	route, err := x.find()
	if err != nil {
		return x.config.Gate.Refuse(x.r.Context(), x.ask(nil), err)
	}
	if x.r.Method == http.MethodOptions {
		x.options(route)
		return nil
	}
	verb, err := x.verb(route)
	if err != nil {
		return x.config.Gate.Refuse(x.r.Context(), x.ask(nil), err)
	}
	if verb.About.Public {
		return verb.serve(x)
	}
	// Under a flood of calls a refusal must cost little: nothing is read for it.
	if err := x.config.Gate.Full(); err != nil {
		return err
	}
	from := wire.Origin(x.r, x.config.TrustForwarded)
	x.call = &resource.Call{Dialect: x.dialect, Resource: x.resource, Home: from + x.base.Path}
	x.show = resource.Presenter{Origin: from, Base: x.base.Path}
	if x.resource != nil {
		x.show = resource.Presenter{Shape: x.resource.Shape, Origin: from, Base: x.base.Path, Name: x.resource.Name, PINs: x.config.PINs}
	}
	return verb.serve(x)
}

func (x *exchange) collection() resource.Collection { return x.collections[x.resource] }

// item answers with one item.
func (x *exchange) item(status int, i resource.Item, doc jsondoc.Value) {
	header := x.w.Header()
	header.Set("ETag", etag(i))
	x.replayed(i)
	buffer := documents.Get().(*[]byte)
	body := doc.Append((*buffer)[:0])
	x.answer(status, x.dialect.MediaType, body)
	const kept = 64 << 10
	if cap(body) <= kept {
		*buffer = body
		documents.Put(buffer)
	}
}

// documents are what items are written in, which nobody has any more once they are answered.
var documents = sync.Pool{New: func() any { return new([]byte) }}

func (x *exchange) replayed(i resource.Item) {
	if i.Replayed {
		x.w.Header().Set("Idempotent-Replayed", "true")
	}
}

func (x *exchange) answer(status int, media string, body []byte) {
	header := x.w.Header()
	header.Set("Content-Type", media)
	header.Set("Content-Length", strconv.Itoa(len(body)))
	x.started = true
	x.w.WriteHeader(status)
	if x.r.Method != http.MethodHead {
		_, _ = x.w.Write(body) // an error means that the client is gone
	}
}

// fail answers an error; all of them leave here. One that is ours is logged, and
// the client learns the number it is logged under.
func (x *exchange) fail(err error) {
	if errors.Is(err, errHungUp) || x.r.Context().Err() != nil && problem.Of(err) == nil {
		panic(http.ErrAbortHandler) // nobody is there to be told
	}
	p := problem.Of(err)
	if p == nil {
		number := x.config.NewNumber()
		x.config.Log.Error("tmf request failed", "incident", number, "method", x.r.Method, "path", x.r.URL.Path, "cause", err)
		at := workflow.FaultAt(err)
		switch p = problem.Technical.With("the server is at fault; it knows this as incident %s", number); {
		case at != "":
			p = problem.Technical.With("a workflow is at fault (%s); the server knows this as incident %s", at, number)
		case errors.Is(err, store.ErrOutcomeUnknown):
			p = problem.Technical.With("nobody knows whether this was done; repeat it with the same Idempotency-Key (incident %s)", number)
		}
	}
	x.refused = p
	if x.started {
		panic(http.ErrAbortHandler) // so that the client does not take the answer for whole
	}
	header := x.w.Header()
	for name, values := range p.Header {
		header[name] = values
	}
	switch p.Status {
	case http.StatusUnauthorized:
		credentials.Challenge(header, x.r)
	case http.StatusServiceUnavailable:
		header.Set("Retry-After", "1")
	}
	media := dialect.JSON
	if x.dialect != nil {
		media = x.dialect.MediaType
	}
	x.answer(p.Status, media, p.Body(x.config.ErrorPages, x.base.OldErrors).Append(nil))
}

// recovered answers a panic as an error of ours.
func (x *exchange) recovered() {
	cause := recover()
	if cause == nil {
		return
	}
	if cause == http.ErrAbortHandler {
		panic(cause)
	}
	x.fail(&panicError{cause: cause, stack: debug.Stack()})
}
