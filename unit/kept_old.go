package unit

import (
	"context"
	"encoding/json"
	"strings"

	"rator/access"
	"rator/failure"
	"rator/store"
)

// Until there was one gate, each face kept its answers in a kind of its own. They are
// read here as they were, to be moved; nothing else may use them. They can go when no
// store has any (KeptFor).

// soapReply is what workflows kept.
type soapReply struct {
	store.Base
	Request     string // operator, brand and request id
	Fingerprint string
	Accounts    []store.ID `json:",omitempty"`
	Erased      bool       `json:",omitempty"`
	Code        int
	Message     string
	Status      int
	Values      json.RawMessage
}

var soapReplies = store.Define("kept_reply", nil, func(r *soapReply) *store.Base { return &r.Base },
	store.Index[soapReply]{Name: "request", Taken: failure.RequestIDReused, Value: func(r *soapReply) string { return r.Request }},
	store.Index[soapReply]{Name: "account", Value: func(r *soapReply) string {
		switch {
		case r.Erased:
			return ""
		case len(r.Accounts) == 1:
			return r.Accounts[0].String()
		}
		return "-"
	}})

// moved is the reply as it is kept now.
func (r *soapReply) moved() (*reply, error) {
	face := "soap" // as that of all that called hookpoints but the scheduler
	if strings.HasPrefix(r.Request, store.Compose(access.System().Name, "")) {
		face = "scheduler"
	}
	now := &reply{Base: store.Base{ID: r.ID}, Request: store.Compose(face, r.Request), Fingerprint: r.Fingerprint, Accounts: r.Accounts, Erased: r.Erased}
	if r.Erased {
		return now, nil
	}
	var err error
	now.Body, err = Body(struct {
		Code    int
		Message string
		Status  int
		Values  json.RawMessage
	}{r.Code, r.Message, r.Status, r.Values})
	return now, err
}

// tmfReply is what TM Forum kept.
type tmfReply struct {
	store.Base
	Request     string // operator, brand and key
	Fingerprint string
	Thing       string          `json:",omitempty"`
	Account     store.ID        `json:",omitzero"`
	Erased      bool            `json:",omitempty"`
	Item        json.RawMessage `json:",omitempty"`
	Refused     json.RawMessage `json:",omitempty"`
}

var tmfReplies = store.Define("tmf_request", nil, func(r *tmfReply) *store.Base { return &r.Base },
	store.Index[tmfReply]{Name: "request", Taken: failure.RequestIDReused, Value: func(r *tmfReply) string { return r.Request }},
	store.Index[tmfReply]{Name: "thing", Value: func(r *tmfReply) string {
		if r.Thing == "" {
			return ""
		}
		return store.Compose("", r.Thing)
	}},
	store.Index[tmfReply]{Name: "account", Value: func(r *tmfReply) string { return r.Account.String() }},
	store.Index[tmfReply]{Name: "unowned", Value: func(r *tmfReply) string {
		if r.Account != 0 || r.Erased {
			return ""
		}
		return unowned
	}})

// moved is the reply as it is kept now.
func (r *tmfReply) moved() (*reply, error) {
	now := &reply{Base: store.Base{ID: r.ID}, Request: store.Compose("tmf", r.Request), Fingerprint: r.Fingerprint, Thing: r.Thing, Erased: r.Erased}
	if r.Account != 0 {
		now.Accounts = []store.ID{r.Account}
	}
	if r.Erased {
		return now, nil
	}
	if len(r.Refused) > 0 {
		r.Item = nil // there is none, whatever stands there
	}
	var err error
	now.Body, err = Body(struct {
		Item    json.RawMessage `json:",omitempty"`
		Refused json.RawMessage `json:",omitempty"`
	}{r.Item, r.Refused})
	return now, err
}

// MigrateKept moves the answers that versions before kept, a small step at a time, and
// says how many. They keep their ids, and so their age. It may be broken off and done
// again.
func MigrateKept(ctx context.Context, st store.Store, moved func(total int)) error {
	total := 0
	tell := func(n int) {
		if total += n; n > 0 && moved != nil {
			moved(total)
		}
	}
	if err := move(ctx, st, soapReplies, (*soapReply).moved, tell); err != nil {
		return err
	}
	return move(ctx, st, tmfReplies, (*tmfReply).moved, tell)
}

// move moves the answers of one kind.
func move[T any](ctx context.Context, st store.Store, from *store.Kind[T], moved func(*T) (*reply, error), tell func(int)) error {
	const step = 500
	for {
		n := 0
		var left int64
		err := st.View(ctx, func(tx store.Tx) (err error) {
			left, err = from.Count(tx)
			return err
		})
		if err != nil || left == 0 {
			return err
		}
		err = st.Update(ctx, func(tx store.Tx) error {
			n = 0
			var some []*T
			for r, err := range from.Scan(tx) {
				if err != nil {
					return err
				}
				if some = append(some, r); len(some) == step {
					break
				}
			}
			for _, r := range some {
				now, err := moved(r)
				if err != nil {
					return err
				}
				// One that is there has answered for this version already.
				if err := replies.InsertAs(tx, now, now.ID); err != nil && failure.CodeOf(err) != failure.RequestIDReused {
					return err
				}
				if err := from.Delete(tx, r); err != nil {
					return err
				}
			}
			n = len(some)
			return nil
		})
		if err != nil {
			return err
		}
		tell(n)
	}
}
