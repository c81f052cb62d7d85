package unit

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"rator/customer"
	"rator/failure"
	"rator/store"
)

// reply is the answer to a request id, written in the same transaction as what the call
// did (store.md "Exactly once").
type reply struct {
	store.Base
	Request     string     // face, operator, brand and request id
	Fingerprint string     // of what was asked (Question)
	Accounts    []store.ID `json:",omitempty"` // of the customers that the call was about
	Thing       string     `json:",omitempty"` // that the call was about, where it may become a customer's later (Unit.About)
	Erased      bool       `json:",omitempty"` // there is nothing but Request: the answer went with a person
	Body        string     `json:",omitempty"` // as its face wrote it down
}

const (
	byRequest = "request"
	byAccount = "account"
	byThing   = "thing"
)

// unowned is the place in byAccount of answers that are not one customer's: they are
// looked through when a person is erased.
const unowned = "-"

var replies = store.Define("reply", nil, func(r *reply) *store.Base { return &r.Base },
	store.Index[reply]{Name: byRequest, Taken: failure.RequestIDReused, Value: func(r *reply) string { return r.Request }},
	store.Index[reply]{Name: byAccount, Value: (*reply).accountKey},
	store.Index[reply]{Name: byThing, Value: func(r *reply) string { return r.Thing }})

func (r *reply) accountKey() string {
	switch {
	case r.Erased:
		return ""
	case len(r.Accounts) == 1:
		return r.Accounts[0].String()
	}
	return unowned
}

// KeptFor is how long an answer is kept for a repeated request.
const KeptFor = 7 * 24 * time.Hour

// keptFor is the answer kept for a request, nil when there is none,
// REQUEST_ID_REUSED when the id was used for something else, and ANSWER_ERASED when
// the answer went with the person it spoke of.
func keptFor(tx store.Tx, request string, q Question) (*reply, error) {
	for r, err := range replies.All(tx, byRequest, request) {
		switch {
		case err != nil:
			return nil, err
		case r.Erased:
			return nil, failure.AnswerErased.Error()
		case !q.Is(r.Fingerprint):
			return nil, failure.RequestIDReused.Error()
		}
		return r, nil
	}
	return nil, nil
}

// SweepKept deletes answers older than KeptFor, a small step at a time, and says
// how many went.
func SweepKept(ctx context.Context, st store.Store) (int, error) {
	return replies.DropOld(ctx, st, KeptFor)
}

// VerifyKept reports kept answers that no repeat could be told. readable says, by face,
// what keeps an answer from being given again; that of others need only be there.
func VerifyKept(tx store.Tx, readable map[string]func(body string) error, report func(error)) error {
	for r, err := range replies.Scan(tx) {
		if err != nil {
			return err
		}
		if r.Erased {
			continue
		}
		if r.Body == "" || r.Fingerprint == "" {
			report(fmt.Errorf("kept answer %s has no answer or no fingerprint", r.ID))
		}
		face, _, _ := strings.Cut(r.Request, store.Compose("", ""))
		if check := readable[face]; check != nil {
			if err := check(r.Body); err != nil {
				report(fmt.Errorf("kept answer %s: %w", r.ID, err))
			}
		}
		for _, id := range r.Accounts {
			if found, err := customer.HasAccount(tx, id); err != nil {
				return err
			} else if !found {
				report(fmt.Errorf("kept answer %s is about customer %s, who is not there", r.ID, id))
			}
		}
	}
	return nil
}

// KeptAreOf says of which customer's the kept answers about a thing are, once that is
// known.
func KeptAreOf(tx store.Tx, thing string, account store.ID) error {
	var all []*reply
	for r, err := range replies.All(tx, byThing, thing) {
		if err != nil {
			return err
		}
		all = append(all, r)
	}
	for _, r := range all {
		r.Accounts = []store.ID{account}
		if err := replies.Put(tx, r); err != nil {
			return err
		}
	}
	return nil
}

// Who is erased (customer.ErasePerson) is erased from kept answers too. That the
// request was answered stays known, so that a repeat does nothing again.

func init() { customer.OnErase(eraseKept) }

// eraseKept empties the answers to requests about the customer, and of those that
// are not one customer's the ones that say something of the person.
func eraseKept(tx store.Tx, a *customer.Account, user *customer.User) error {
	marks := spelled(user.IdentifyingTexts())
	var gone []*reply
	for r, err := range replies.All(tx, byAccount, a.ID.String()) {
		if err != nil {
			return err
		}
		gone = append(gone, r)
	}
	for r, err := range replies.All(tx, byAccount, unowned) {
		if err != nil {
			return err
		}
		if slices.Contains(r.Accounts, a.ID) || r.mentions(marks) {
			gone = append(gone, r)
		}
	}
	for _, r := range gone {
		*r = reply{Base: r.Base, Request: r.Request, Erased: true}
		if err := replies.Put(tx, r); err != nil {
			return err
		}
	}
	return nil
}

// mentions reports whether the answer has one of the marks.
func (r *reply) mentions(marks []string) bool {
	said := strings.ToLower(r.Body)
	return slices.ContainsFunc(marks, func(mark string) bool { return strings.Contains(said, mark) })
}

// spelled are the marks as they stand in the text of an answer, and as strings of JSON
// spell them: those of Body, and those of versions before.
func spelled(marks []string) []string {
	all := slices.Clone(marks)
	for _, mark := range marks {
		text, err := Body(mark)
		old, olds := json.Marshal(mark)
		if err != nil || olds != nil {
			continue // a string always has JSON
		}
		for _, text := range []string{text, string(old)} {
			if text = text[1 : len(text)-1]; !slices.Contains(all, text) {
				all = append(all, text)
			}
		}
	}
	return all
}

// Body writes an answer down as JSON, for Ask.Keep: <, > and & as they are, by which
// eraseKept finds them.
func Body(answer any) (string, error) {
	var b strings.Builder
	to := json.NewEncoder(&b)
	to.SetEscapeHTML(false)
	if err := to.Encode(answer); err != nil {
		return "", err
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}
