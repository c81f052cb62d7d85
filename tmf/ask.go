package tmf

import (
	"errors"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"rator/access"
	"rator/access/credentials"
	"rator/card"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/tmf/dialect"
	"rator/tmf/openapi"
	"rator/tmf/problem"
	"rator/tmf/resource"
	"rator/unit"
)

// ask is what the request asks of the gate. receive is called once it is known who
// asks and that they may, and holds no turn; nil: nothing is to be received.
func (x *exchange) ask(receive func() error) *unit.Ask {
	right := dialect.RightOf(x.r.Method, x.r.URL.EscapedPath())
	unfit := x.identify()
	a := &unit.Ask{
		Face: dialect.Face, Operation: right, Right: right, Remote: credentials.Remote(x.r.RemoteAddr),
		Credentials: credentials.Of(x.r), Brand: unit.BrandName{Key: x.r.Header.Get("X-Brand-Key")},
		RequestID: x.requestID, ClearID: x.clearID,
		Reads: x.r.Method == http.MethodGet || x.r.Method == http.MethodHead,
		Recognised: func(o *access.Operator) error {
			x.operator = o
			return nil
		},
		Receive: func() error {
			if accept := x.r.Header.Values("Accept"); !accepts(accept) {
				return problem.NotAcceptable.With("answers are %s, not %.80q", dialect.JSON, strings.Join(accept, ","))
			}
			if unfit != nil || receive == nil {
				return unfit
			}
			return receive()
		},
		Refused: isRefusal, Tell: x.tell,
	}
	if x.dialect != nil {
		a.Notes = []string{x.dialect.Name}
	}
	return a
}

// through has the gate do what is asked.
func (x *exchange) through(a *unit.Ask, do func(*resource.Work) error) error {
	return x.config.Gate.Do(x.r.Context(), a, func(u *unit.Unit) (err error) {
		defer func() {
			if cause := recover(); cause != nil { // what was done is undone, and told, as after every error
				err = &panicError{cause: cause, stack: debug.Stack()}
			}
		}()
		return do(&resource.Work{Call: x.call, Unit: u, Tx: u.Tx, Brand: u.Brand})
	})
}

// change is a write.
type change struct {
	receive func() error                   // reads the body; nil: there is none
	accept  func(dialect.Acceptance) error // checks what was received; nil: all is accepted
	do      func(*resource.Work) (resource.Item, error)
}

// write has the gate do a write, once for each Idempotency-Key.
func (x *exchange) write(c change) (resource.Item, error) {
	var item resource.Item
	accept := func(a dialect.Acceptance) error {
		if c.accept == nil {
			return nil
		}
		return c.accept(a)
	}
	// What needs no brand is refused without one; but what has a key may have been
	// answered by a version that took it.
	early := func() bool { return !x.dialect.Typed && x.requestID == "" }
	a := x.ask(func() error {
		if c.receive != nil {
			if err := c.receive(); err != nil {
				return err
			}
		}
		if early() {
			return accept(x.acceptance(nil))
		}
		return nil
	})
	a.Prepare = func(b *catalogue.Brand) (unit.Question, error) {
		if early() {
			return nil, nil
		}
		return x.question(), accept(x.acceptance(b))
	}
	a.Keep = func(refused error) (string, bool, error) { return keep(item, refused) }
	a.Again = func(body string) (err error) {
		item, err = again(body)
		return err
	}
	err := x.through(a, func(u *resource.Work) (err error) {
		item = resource.Item{}
		item, err = c.do(u)
		return err
	})
	return item, err
}

// acceptance is how documents of the request are checked; date-times without a zone
// are of the brand's.
func (x *exchange) acceptance(b *catalogue.Brand) dialect.Acceptance {
	a := dialect.Acceptance{Strict: x.config.Strict, Typed: x.dialect.Typed, Zone: time.UTC}
	if a.Typed && b != nil {
		a.Zone = b.Zone()
	}
	return a
}

// identify reads the Idempotency-Key, of which only writes make something.
func (x *exchange) identify() error {
	id := x.r.Header.Get("Idempotency-Key")
	if len(id) > openapi.MaxRequestID || strings.ContainsFunc(id, func(c rune) bool { return c < ' ' || c > '~' }) {
		return problem.BadFormat.With("Idempotency-Key must be at most %d printable ASCII characters", openapi.MaxRequestID)
	}
	if x.r.Method == http.MethodGet || x.r.Method == http.MethodHead {
		return nil
	}
	kept, err := x.config.keptID(id)
	if err == nil {
		x.requestID, x.clearID = kept, id
	}
	return err
}

// keptID is a request id as it may be kept.
func (c *Config) keptID(id string) (string, error) {
	switch {
	case !card.Holds(id):
		return id, nil
	case c.Cards == nil:
		return "", problem.BadUsage.With("%s: Idempotency-Key holds what looks like the number of a payment card", customer.CardNumberRefused.Name)
	}
	return c.Cards.Conceal(id), nil
}

// isRefusal reports whether err is an answer rather than a breakdown.
func isRefusal(err error) bool {
	p := problem.Of(err)
	return p != nil && p.Status < 500
}

// statusHungUp is told of a call whose client hung up before it had the answer; nobody
// is answered with it.
const statusHungUp = 499

// tell says how a call ended, in the words of this face.
func (x *exchange) tell(t *unit.Told, err error) {
	x.tellAnswered(t)
	if t.Code = 0; err == nil {
		return
	}
	t.Code = http.StatusInternalServerError
	if p := problem.Of(err); p != nil {
		t.Code = p.Status
	}
	switch {
	case errors.Is(err, errHungUp):
		t.Code, t.Outcome = statusHungUp, "HUNG_UP"
	case !errors.Is(err, unit.ErrOutcomeUnknown):
		t.Outcome = outcomeOf(err)
	}
}

// outcomeOf is what is told of err: a failure's name, and the code of a problem that has
// none.
func outcomeOf(err error) string {
	var p *problem.Error
	if !errors.As(err, &p) {
		if failure.CodeOf(err) == nil {
			p = problem.Of(err)
		}
		if p == nil {
			return access.Outcome(err)
		}
	}
	return "TMF_" + p.Number
}
