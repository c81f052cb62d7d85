package tmf

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"rator/customer"
	"rator/failure"
	"rator/store"
)

// keptRequest is what a write with an Idempotency-Key gave, kept in the same
// transaction as what it did. It is emptied with the person that it speaks of.
type keptRequest struct {
	store.Base
	Request     string // operator, brand and key
	Fingerprint string
	Thing       string          `json:",omitempty"` // id of the resource, where there is one
	Account     store.ID        `json:",omitzero"`  // of that resource's customer, where there is one
	Erased      bool            `json:",omitempty"` // there is nothing but Request: the answer went with a person
	Item        keptItem        `json:",omitzero"`
	Refused     *refusedRequest `json:",omitempty"`
}

// keptItem is an Item as it is written down.
type keptItem struct {
	ID, Version string
	Modified    time.Time
	Document    string // JSON
	PIN         string `json:",omitempty"` // as Item.PIN
}

// refusedRequest is the problem that a request ended with.
type refusedRequest struct {
	Code    string
	Status  int
	Reason  string
	Message string
}

const (
	byRequest        = "request"
	byRequestThing   = "thing"
	byRequestAccount = "account"
	byRequestUnowned = "unowned" // of no customer's, under unowned
	unowned          = "-"
)

var keptRequests = store.Define("tmf_request", nil, func(r *keptRequest) *store.Base { return &r.Base },
	store.Index[keptRequest]{Name: byRequest, Taken: failure.RequestIDReused, Value: func(r *keptRequest) string { return r.Request }},
	store.Index[keptRequest]{Name: byRequestThing, Value: func(r *keptRequest) string { return indexText("", r.Thing) }},
	store.Index[keptRequest]{Name: byRequestAccount, Value: func(r *keptRequest) string { return r.Account.String() }},
	store.Index[keptRequest]{Name: byRequestUnowned, Value: func(r *keptRequest) string {
		if r.Account != 0 || r.Erased {
			return ""
		}
		return unowned
	}})

func requestOf(u *unit, id string) string {
	return store.Compose(u.call.Operator.Name, u.brand.Key, id)
}

func fingerprintOf(u *unit) string { return hex.EncodeToString(u.call.Fingerprint[:]) }

// keptAnswer is what the call's request id gave when it came first, nil when it
// did not. It fails as the request failed then, with REQUEST_ID_REUSED when that was
// another one, and with ANSWER_ERASED when the answer went with the person it spoke
// of. Versions before kept every id as it came.
func keptAnswer(u *unit) (*Item, error) {
	kept, err := keptAnswerOf(u, u.call.RequestID)
	if kept == nil && err == nil && u.call.ClearID != u.call.RequestID {
		return keptAnswerOf(u, u.call.ClearID)
	}
	return kept, err
}

func keptAnswerOf(u *unit, id string) (*Item, error) {
	for r, err := range keptRequests.All(u.tx, byRequest, requestOf(u, id)) {
		if err != nil {
			return nil, err
		}
		if r.Erased {
			return nil, failure.AnswerErased.Error()
		}
		if r.Fingerprint != fingerprintOf(u) {
			return nil, failure.RequestIDReused.Error()
		}
		if p := r.Refused; p != nil {
			return nil, (&ProblemCode{p.Code, p.Status, p.Reason}).With("%s", p.Message).and("Idempotent-Replayed", "true")
		}
		doc, err := readKept(r.Item.Document)
		if err != nil {
			return nil, fmt.Errorf("tmf request %s: %w", r.ID, err)
		}
		return &Item{ID: r.Item.ID, Version: r.Item.Version, Modified: r.Item.Modified, Document: doc, PIN: r.Item.PIN, Replayed: true}, nil
	}
	return nil, nil
}

// keepAnswer writes down what the call gave. A lost race is not kept: who reads
// the resource again may use the key again.
func keepAnswer(u *unit, item Item, refused error) error {
	r := &keptRequest{Request: requestOf(u, u.call.RequestID), Fingerprint: fingerprintOf(u), Thing: u.thing, Account: u.account}
	if p := problemOf(refused); p != nil {
		if p.Status == LostRace.Status {
			return nil
		}
		r.Refused = &refusedRequest{p.Code, p.Status, p.Reason, p.Message}
	} else {
		r.Item = keptItem{item.ID, item.Version, item.Modified, item.Document.String(), item.PIN}
	}
	return keptRequests.Insert(u.tx, r)
}

// keptAnswersAreOf says of which customer's the kept answers about a resource are,
// once that is known.
func keptAnswersAreOf(tx store.Tx, thing string, account store.ID) error {
	all, err := collect(keptRequests.All(tx, byRequestThing, indexText("", thing)))
	if err != nil {
		return err
	}
	for _, r := range all {
		r.Account = account
		if err := keptRequests.Put(tx, r); err != nil {
			return err
		}
	}
	return nil
}

// eraseAnswers empties the answers to requests about a customer, and of those that
// are of none the ones that say something of the person. That the requests were
// answered stays known.
func eraseAnswers(tx store.Tx, a *customer.Account, user *customer.User) error {
	gone, err := collect(keptRequests.All(tx, byRequestAccount, a.ID.String()))
	if err != nil {
		return err
	}
	marks := user.Marks()
	for r, err := range keptRequests.All(tx, byRequestUnowned, unowned) {
		if err != nil {
			return err
		}
		if r.mentions(marks) {
			gone = append(gone, r)
		}
	}
	for _, r := range gone {
		*r = keptRequest{Base: r.Base, Request: r.Request, Erased: true}
		if err := keptRequests.Put(tx, r); err != nil {
			return err
		}
	}
	return nil
}

// mentions reports whether an answer has one of the marks.
func (r *keptRequest) mentions(marks []string) bool {
	said := r.Item.Document
	if r.Refused != nil {
		said += r.Refused.Message
	}
	said = strings.ToLower(said)
	return slices.ContainsFunc(marks, func(mark string) bool { return strings.Contains(said, mark) })
}

// KeptFor is how long a repeated request gets the answer it got first.
const KeptFor = 7 * 24 * time.Hour

// SweepKept deletes answers older than KeptFor, a small step at a time, and says
// how many went.
func SweepKept(ctx context.Context, st store.Store) (int, error) {
	const step = 200
	for total := 0; ; {
		var n int
		err := st.Update(ctx, func(tx store.Tx) (err error) {
			before := tx.Now().Add(-KeptFor)
			if n, err = tx.DropBefore(keptRequests.Name(), before, step); err != nil {
				return err
			}
			ends, err := tx.DropBefore(endings.Name(), before, step)
			n = max(n, ends)
			return err
		})
		total += n
		if err != nil || n < step {
			return total, err
		}
	}
}

// keptLimits are those of documents that the store gives back: wider than those
// of requests, which they passed.
var keptLimits = Limits{Bytes: 1 << 30, Depth: 64, Values: 1 << 30, Children: 1 << 30, TextBytes: 1 << 30, NameBytes: 1 << 20, NumberBytes: 1 << 10}

// readKept reads a document that was written down here; "" is an empty object.
func readKept(text string) (Value, error) {
	if text == "" {
		return ObjectOf(), nil
	}
	return ReadJSON(text, &keptLimits)
}
