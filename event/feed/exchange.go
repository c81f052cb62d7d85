package feed

import (
	"errors"
	"net/http"

	"rator/access"
	"rator/access/credentials"
	"rator/store"
	"rator/unit"
)

// CursorHeader is the header that says which cursor to go on after, once the answer is
// read whole. Who follows has it in each line.
const CursorHeader = "Rator-Cursor"

// mediaType of lines of JSON.
const mediaType = "application/x-ndjson"

// errHungUp says that nobody waits for the answer any more, or takes it.
var errHungUp = errors.New("feed: the client is gone, or too slow")

// exchange is one request and its answer.
type exchange struct {
	*Handler
	source  source
	w       http.ResponseWriter
	r       *http.Request
	follow  bool
	cursor  string
	held    []byte // lines that are not written yet
	started bool   // the answer's header is written
}

// heldBytes is how much of an answer is held before it is written.
const heldBytes = 64 << 10

func (x *exchange) serve() error {
	if err := x.Gate.Full(); err != nil {
		return x.Gate.Refuse(x.r.Context(), x.asked(nil), err)
	}
	unfit := x.query()
	err := x.Gate.Do(x.r.Context(), x.asked(unfit), x.read)
	if err != nil {
		return err
	}
	return x.write()
}

// asked is what the request asks of the gate; unfit is what is wrong with it.
func (x *exchange) asked(unfit error) *unit.Ask {
	return &unit.Ask{
		Face: face, Operation: x.source.right(), Right: x.source.right(), Remote: credentials.Remote(x.r.RemoteAddr),
		Credentials: credentials.Of(x.r), Brand: unit.BrandName{Key: x.source.brand()}, Reads: true, Apart: true,
		Receive: func() error { return unfit },
		Tell:    tell,
	}
}

func (x *exchange) query() (err error) {
	q, err := queryOf(x.r)
	if err == nil {
		x.follow, err = q.truth("follow")
	}
	if x.r.Method == http.MethodHead {
		x.follow = false // nobody is told anything, and the place of who is would be taken
	}
	if err == nil {
		err = x.source.ask(q)
	}
	return err
}

// read tells what is there, and to who follows what comes. It holds a turn for a page at
// a time.
func (x *exchange) read(u *unit.Unit) error {
	defer func() { u.Note(x.source.notes()...) }()
	f := following{exchange: x}
	if x.follow {
		u.Note("followed")
		leave, err := f.begin(u.Operator.Name)
		if err != nil {
			return err
		}
		defer leave()
	}
	err := x.look(u, func(tx store.Tx) (err error) {
		if err = x.source.allow(tx, u.Operator); err == nil {
			x.cursor, err = x.source.begin(tx)
		}
		return err
	})
	for end := false; err == nil && x.r.Method != http.MethodHead; {
		if end, err = x.page(u); err != nil || end && !x.follow {
			break
		}
		err = u.Pause(func() error {
			if x.r.Context().Err() != nil {
				return errHungUp
			}
			if end || len(x.held) >= heldBytes {
				if err := x.write(); err != nil {
					return err
				}
			}
			return f.wait(end)
		})
		if f.over {
			break
		}
	}
	return err
}

func (x *exchange) look(u *unit.Unit, fn func(store.Tx) error) error {
	if err := x.source.settle(x.r.Context(), x.Gate.Store); err != nil {
		return err
	}
	return u.Look(fn)
}

// page reads on. Who may not read any more is told nothing more.
func (x *exchange) page(u *unit.Unit) (end bool, err error) {
	var lines []byte
	err = x.look(u, func(tx store.Tx) error {
		o, err := access.OperatorByName(tx, u.Operator.Name)
		if err != nil {
			return err
		}
		if !o.Enabled || !o.May(x.source.right()) {
			return notAllowed(o, x.source.right())
		}
		if err := x.source.allow(tx, o); err != nil {
			return err
		}
		lines, end, err = x.source.page(tx, x.follow)
		return err
	})
	x.held = append(x.held, lines...)
	return end, err
}

// write writes what is held, and the header before it.
func (x *exchange) write() error {
	if !x.started {
		header := x.w.Header()
		header.Set("Content-Type", mediaType)
		header.Set("Cache-Control", "no-store")
		if !x.follow {
			header.Set(CursorHeader, x.cursor)
		}
		x.started = true
		x.w.WriteHeader(http.StatusOK)
	} else if len(x.held) == 0 {
		return nil
	}
	control := http.NewResponseController(x.w)
	_ = control.SetWriteDeadline(x.Now().Add(x.WriteTime)) // an error means that the connection knows none
	if _, err := x.w.Write(x.held); err != nil {
		return errHungUp
	}
	x.held = x.held[:0]
	if err := control.Flush(); err != nil {
		return errHungUp
	}
	return nil
}
