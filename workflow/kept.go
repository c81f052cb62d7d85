package workflow

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"rator/failure"
	"rator/store"
	"rator/workflow/value"
)

// keptReply is the answer to a request id, written in the same transaction as
// what the call did (store.md "Exactly once").
type keptReply struct {
	store.Base
	Request     string // operator, brand and request id
	Fingerprint string
	Accounts    []store.ID `json:",omitempty"` // of the customers that the call was about
	Erased      bool       `json:",omitempty"` // there is nothing but Request (kept_erased.go)
	Code        int
	Message     string
	Status      int
	Values      value.Tree
}

const byKeptAccount = "account"

var keptReplies = store.Define("kept_reply", nil,
	func(r *keptReply) *store.Base { return &r.Base },
	store.Index[keptReply]{Name: "request", Taken: failure.RequestIDReused,
		Value: func(r *keptReply) string { return r.Request }},
	store.Index[keptReply]{Name: byKeptAccount, Value: (*keptReply).accountKey})

// KeptFor is how long an answer is kept for a repeated request.
const KeptFor = 7 * 24 * time.Hour

// keptFor is the answer kept for a request, nil when there is none,
// REQUEST_ID_REUSED when the id was used for something else, and ANSWER_ERASED when
// the answer went with the person it spoke of.
func keptFor(tx store.Tx, request string, q question) (*Result, error) {
	for r, err := range keptReplies.All(tx, "request", request) {
		if err != nil {
			return nil, err
		}
		if r.Erased {
			return nil, failure.AnswerErased.Error()
		}
		if !q.is(r.Fingerprint) {
			return nil, failure.RequestIDReused.Error()
		}
		return &Result{ErrorCode: r.Code, ErrorMessage: r.Message, Status: r.Status, Values: r.Values, Replayed: true}, nil
	}
	return nil, nil
}

func keep(tx store.Tx, request, fingerprint string, accounts []store.ID, r Result) error {
	return keptReplies.Insert(tx, &keptReply{Request: request, Fingerprint: fingerprint, Accounts: accounts,
		Code: r.ErrorCode, Message: r.ErrorMessage, Status: r.Status, Values: r.Values})
}

// SweepKept deletes answers older than KeptFor, a small step at a time, and says
// how many went.
func SweepKept(ctx context.Context, st store.Store) (int, error) {
	const step = 200
	for total := 0; ; {
		var n int
		err := st.Update(ctx, func(tx store.Tx) (err error) {
			n, err = tx.DropBefore(keptReplies.Name(), tx.Now().Add(-KeptFor), step)
			return err
		})
		total += n
		if err != nil || n < step {
			return total, err
		}
	}
}

// VerifyKept reports kept replies whose answer cannot be read back whole.
func VerifyKept(tx store.Tx, report func(error)) error {
	for r, err := range keptReplies.Scan(tx) {
		if err != nil {
			return err
		}
		if r.Erased {
			continue
		}
		if r.Values.Text(requestIDKey) == "" || r.Fingerprint == "" {
			report(fmt.Errorf("kept reply %s has no %s or fingerprint", r.ID, requestIDKey))
		}
		if _, err := json.Marshal(r.Values); err != nil {
			report(fmt.Errorf("kept reply %s: %w", r.ID, err))
		}
	}
	return nil
}

// running makes equal requests wait for each other within this process.
type running struct {
	mu    sync.Mutex
	calls map[string]chan struct{}
}

// enter waits until no other call runs for that request, or ctx ends (BUSY);
// leave must be called after.
func (r *running) enter(ctx context.Context, request string) (leave func(), err error) {
	for {
		r.mu.Lock()
		other := r.calls[request]
		if other == nil {
			done := make(chan struct{})
			if r.calls == nil {
				r.calls = map[string]chan struct{}{}
			}
			r.calls[request] = done
			r.mu.Unlock()
			return func() {
				r.mu.Lock()
				delete(r.calls, request)
				r.mu.Unlock()
				close(done)
			}, nil
		}
		r.mu.Unlock()
		select {
		case <-other:
		case <-ctx.Done():
			return nil, failure.TryAgain.With("the same request is still running")
		}
	}
}
