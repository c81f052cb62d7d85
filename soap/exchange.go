package soap

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"

	"rator/transport"
	"rator/unit"
	"rator/wire"
	"rator/workflow"
)

// exchange is one POST and its answer.
type exchange struct {
	*Handler
	w     http.ResponseWriter
	r     *http.Request
	media Media
	about *Answered // nil when nobody listens
	// coding is how the body is packed.
	coding transport.Coding
}

func (x *exchange) serve() {
	x.begin()
	x.boundBody()
	var ok bool
	if x.media, ok = x.readableMedia(); !ok {
		return
	}
	// Under a flood of calls a refusal must cost little: nothing is read for it.
	if err := x.options.Full(); err != nil {
		x.fail(&Message{Version: x.media.Version}, x.serverFault(err))
		return
	}
	text, err := x.readMessage()
	if err != nil {
		x.fail(&Message{Version: x.media.Version}, faultOf(err))
		return
	}
	m, err := Decode(text, x.media, &x.options.Limits)
	x.read(text, &m)
	if err == nil {
		err = x.admit(&m, len(text))
	}
	if err != nil {
		x.fail(&m, faultOf(err))
		return
	}
	result, fault := x.call(&m)
	if fault != nil {
		x.fail(&m, fault)
		return
	}
	x.answer(&m, &result)
}

// readableMedia answers 415 to what is no XML message of ours, or is packed in a
// way that is not taken.
func (x *exchange) readableMedia() (Media, bool) {
	media, ok := ParseMedia(x.r.Header.Get("Content-Type"))
	if !ok {
		x.refuse(http.StatusUnsupportedMediaType, "send text/xml or application/soap+xml, or one of them in multipart/related")
		return media, false
	}
	if x.coding, ok = transport.CodingOf(x.r.Header); !ok {
		x.w.Header().Set("Accept-Encoding", transport.TakenCodings)
		x.refuse(http.StatusUnsupportedMediaType, "send the message in one Content-Encoding of "+transport.TakenCodings)
		return media, false
	}
	return media, true
}

// readMessage reads the body and takes the envelope out of it.
func (x *exchange) readMessage() (string, error) {
	text, err := x.readBody()
	if err != nil || x.media.Package == nil {
		return text, err
	}
	text, x.media, err = Plain(text, x.media, &x.options.Limits)
	if x.about != nil {
		x.about.RequestType = x.media.contentType()
	}
	return text, err
}

// admit checks what can only be checked once the hookpoint is known.
func (x *exchange) admit(m *Message, length int) error {
	if m.Typed && !x.options.Typed(m.Hookpoint) {
		return dispatchFault(wire.Namespace, m.Hookpoint)
	}
	if f := m.Addressing.refusal(x.action(m)); f != nil {
		return f
	}
	limit := x.options.MaxBytes(m.Hookpoint)
	if limit == 0 {
		limit = DefaultHookpointBytes
	}
	if length > limit {
		return &LimitError{Limit: limitHookpointBytes, Max: limit}
	}
	return nil
}

// call invokes the workflow.
func (x *exchange) call(m *Message) (workflow.Result, *Fault) {
	request, err := x.request(m)
	if err != nil {
		return workflow.Result{}, faultOf(err)
	}
	if m.DryRun {
		x.w.Header().Set(dryRunHeader, "true")
	}
	result, err := x.invoke(x.r.Context(), request)
	if err != nil {
		return result, x.serverFault(err)
	}
	return result, nil
}

// invoke turns a panic into an error, so that the caller gets an answer.
func (x *exchange) invoke(ctx context.Context, r workflow.Request) (result workflow.Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return x.invoker.Invoke(ctx, r)
}

// serverFault tells the caller a number and nothing else, and the log the cause.
func (x *exchange) serverFault(cause error) *Fault {
	if f := securityFault(cause); f != nil {
		return f
	}
	var busy *unit.BusyError
	if errors.As(cause, &busy) {
		return &Fault{Code: FaultServer, Text: "busy, repeat the request: " + busy.Error() + " (limit " + string(limitCalls) + ")", Cause: cause}
	}
	incident := x.options.NewNumber()
	x.options.Log.Error("soap: a call failed", "incident", incident, "error", cause)
	text := "internal error, incident " + incident
	if errors.Is(cause, unit.ErrOutcomeUnknown) {
		text = "outcome unknown, repeat with the same request id (incident " + incident + ")"
	}
	return &Fault{Code: FaultServer, Text: text, Cause: cause}
}

func (x *exchange) answer(m *Message, result *workflow.Result) {
	if x.about != nil {
		x.about.Result = result
	}
	if result.Replayed {
		x.w.Header().Set("Idempotent-Replayed", "true")
	}
	if m.Addressing.unwanted(false) {
		x.sendNothing(http.StatusAccepted)
		return
	}
	x.send(m.Version, http.StatusOK, x.packable(m, result), func(to []byte) []byte {
		if m.Typed {
			return appendTypedAnswer(to, m.Version, m.Hookpoint, result, x.head(m, nil))
		}
		return appendAnswer(to, m.Version, result, x.head(m, nil))
	})
}

// fail answers with a fault. Who wants none gets the status alone: that nothing was
// done must not look like a call that was.
func (x *exchange) fail(m *Message, f *Fault) {
	if x.about != nil {
		x.about.Fault = f
	}
	x.options.Metrics.Fault(f.Code)
	status := http.StatusInternalServerError
	var (
		limit *LimitError
		busy  *unit.BusyError
	)
	switch {
	case errors.As(f, &limit):
		x.options.Metrics.LimitHit(limit.Limit)
	case errors.As(f, &busy):
		x.options.Metrics.LimitHit(limitCalls)
		status = http.StatusServiceUnavailable
		x.w.Header().Set("Retry-After", "1")
	}
	if m.Addressing.unwanted(true) {
		x.sendNothing(status)
		return
	}
	x.send(m.Version, status, false, func(to []byte) []byte { return appendFault(to, m.Version, f, x.head(m, f)) })
}

func randomNumber() string {
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	return hex.EncodeToString(b[:])
}
