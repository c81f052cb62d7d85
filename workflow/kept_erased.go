package workflow

import (
	"bytes"
	"slices"

	"rator/customer"
	"rator/store"
	"rator/workflow/value"
)

// Who is erased (customer.ErasePerson) is erased from kept answers too. That the
// request was answered stays known, so that a repeat does nothing again.

func init() { customer.OnErase(eraseKept) }

// unowned is the place in byKeptAccount of answers that are not one customer's: they
// are looked through.
const unowned = "-"

func (r *keptReply) accountKey() string {
	switch {
	case r.Erased:
		return ""
	case len(r.Accounts) == 1:
		return r.Accounts[0].String()
	}
	return unowned
}

// mostNamed is how many ids of a request and its answer are looked up.
const mostNamed = 200

// accounts are those of the customers that the call was about: whose objects it
// touched, else, as of a call that was refused early, its request or answer names.
func (c *invocation) accounts(tx store.Tx, answer value.Tree) ([]store.ID, error) {
	if c.call != nil {
		all, err := customer.AccountsOf(tx, c.call.Touched)
		if err != nil || len(all) > 0 {
			return all, err
		}
	}
	return customer.AccountsOf(tx, appendIDs(appendIDs(nil, answer), c.values))
}

// appendIDs appends the ids that are values, each once, up to mostNamed.
func appendIDs(to []store.ID, values value.Tree) []store.ID {
	for i := range values {
		if len(to) >= mostNamed {
			return to
		}
		if id, err := store.ParseID(values[i].Text); err == nil && id != 0 && !slices.Contains(to, id) {
			to = append(to, id)
		}
		to = appendIDs(to, values[i].Items)
	}
	return to
}

// eraseKept empties the answers to requests about the customer, and of those that
// are not one customer's the ones that say something of the person.
func eraseKept(tx store.Tx, a *customer.Account, user *customer.User) error {
	marks := user.Marks()
	var gone []*keptReply
	for r, err := range keptReplies.All(tx, byKeptAccount, a.ID.String()) {
		if err != nil {
			return err
		}
		gone = append(gone, r)
	}
	for r, err := range keptReplies.All(tx, byKeptAccount, unowned) {
		if err != nil {
			return err
		}
		if slices.Contains(r.Accounts, a.ID) || r.mentions(marks) {
			gone = append(gone, r)
		}
	}
	for _, r := range gone {
		*r = keptReply{Base: r.Base, Request: r.Request, Erased: true}
		if err := keptReplies.Put(tx, r); err != nil {
			return err
		}
	}
	return nil
}

// mentions reports whether the answer has one of the marks.
func (r *keptReply) mentions(marks []string) bool {
	said := bytes.ToLower(append(r.Values.JSON(), r.Message...))
	return slices.ContainsFunc(marks, func(mark string) bool { return bytes.Contains(said, []byte(mark)) })
}
