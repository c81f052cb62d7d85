package feed

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"rator/access"
	"rator/access/credentials"
	"rator/event"
	"rator/failure"
	"rator/unit"
)

// problem is what who asks is told instead of lines.
type problem struct {
	status int
	Error  string `json:"error"`
	// Message says it in English.
	Message string `json:"message"`
	// Of 410 alone: how many are gone, and the cursor after which everything is there.
	Lost   int64  `json:"lost,omitempty"`
	Cursor string `json:"cursor,omitempty"`
}

// problemOf is what is told of an error; nil when it is ours, and only the log may know.
func problemOf(err error) *problem {
	var (
		asked   *queryError
		topic   *event.PatternError
		gone    *event.GoneError
		beyond  *event.BeyondError
		ended   *access.EndedError
		many    *followersError
		unknown *unit.UnknownBrandError
		f       *failure.Error
	)
	switch {
	case errors.As(err, &asked):
		return &problem{status: http.StatusBadRequest, Error: "BAD_QUERY", Message: asked.Error()}
	case errors.As(err, &topic):
		return &problem{status: http.StatusBadRequest, Error: "UNKNOWN_TOPIC", Message: topic.Error()}
	case errors.As(err, &beyond):
		return &problem{status: http.StatusBadRequest, Error: "UNKNOWN_CURSOR", Message: beyond.Error()}
	case errors.As(err, &gone):
		return &problem{status: http.StatusGone, Error: "EVENTS_GONE", Message: gone.Error(), Lost: gone.Lost, Cursor: strconv.FormatInt(gone.Kept, 10)}
	case errors.As(err, &ended):
		return &problem{status: http.StatusGone, Error: "ROWS_GONE", Message: ended.Error(), Lost: ended.Rows, Cursor: ended.Last.String()}
	case errors.As(err, &many):
		return &problem{status: http.StatusTooManyRequests, Error: "TOO_MANY_FOLLOWERS", Message: many.Error()}
	case errors.As(err, &unknown):
		return &problem{status: http.StatusBadRequest, Error: "UNKNOWN_BRAND", Message: fmt.Sprintf("%.40q is not a brand of this server", cmp.Or(unknown.Named.Key, unknown.Operators))}
	case errors.As(err, &f):
		p := &problem{Error: f.Code.Name, Message: f.Message("EN")}
		switch {
		case f.Code == failure.NotAuthenticated:
			p.status = http.StatusUnauthorized
		case f.Code.Kind == failure.Denied:
			p.status = http.StatusForbidden
		case f.Code.Kind == failure.Busy:
			p.status = http.StatusServiceUnavailable
		case f.Code.Kind == failure.Internal:
			return nil
		default:
			p.status = http.StatusBadRequest
		}
		return p
	}
	return nil
}

func notAllowed(o *access.Operator, what string) error {
	return failure.NotAllowed.With("%s has no right to %s", o.Name, what)
}

// statusHungUp is told of a call whose client hung up before it had the answer.
const statusHungUp = 499

// tell says how a call ended, in the words of this face.
func tell(t *unit.Told, err error) {
	t.Code = 0
	if err == nil {
		return
	}
	if errors.Is(err, errHungUp) {
		t.Code, t.Outcome = statusHungUp, "HUNG_UP"
		return
	}
	t.Code = http.StatusInternalServerError
	if p := problemOf(err); p != nil {
		t.Code, t.Outcome = p.status, p.Error
	}
}

// panicError is a panic as the log has it.
type panicError struct {
	cause any
	stack []byte
}

func (e *panicError) Error() string { return fmt.Sprintf("panic: %v\n%s", e.cause, e.stack) }

// fail answers an error. One that comes when lines are on their way breaks the answer
// off, so that nobody takes it for whole.
func (x *exchange) fail(err error) {
	p := problemOf(err)
	if p == nil && !errors.Is(err, errHungUp) {
		x.Log.Error("events not told", "query", x.r.URL.RawQuery, "cause", err)
		p = &problem{status: http.StatusInternalServerError, Error: failure.InternalError.Name, Message: "the server is at fault; its log says more"}
	}
	if x.started || p == nil {
		panic(http.ErrAbortHandler)
	}
	header := x.w.Header()
	switch p.status {
	case http.StatusUnauthorized:
		credentials.Challenge(header, x.r)
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		header.Set("Retry-After", "1")
	}
	body, _ := json.Marshal(p)
	header.Set("Content-Type", "application/json")
	header.Set("Cache-Control", "no-store")
	header.Set("Content-Length", strconv.Itoa(len(body)+1))
	x.w.WriteHeader(p.status)
	_, _ = x.w.Write(append(body, '\n')) // an error means that the client is gone
}
