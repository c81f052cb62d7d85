package workflow

import (
	"slices"

	"rator/password"
	"rator/workflow/contract"
	"rator/workflow/value"
)

// hashPasswords is values with every value that its contract calls a password
// as an argon2id hash, so that no workflow sees a plain one. It runs before the
// transaction: a hash takes tens of milliseconds, and the embedded engine has
// one writer. values is not modified.
//
// nested says that a script hands the values on: what its own contract hashed
// already stays as it is, and only then may a value that looks like a hash be one.
func hashPasswords(rules []*contract.Value, values value.Tree, nested bool) (value.Tree, error) {
	out, copied := values, false
	for i := range values {
		changed, err := hashEntry(contract.Find(rules, values[i].Key), values[i], nested)
		if err != nil {
			return nil, err
		}
		if changed == nil {
			continue
		}
		if !copied {
			out, copied = slices.Clone(values), true
		}
		out[i] = *changed
	}
	return out, nil
}

// hashEntry is the entry with its passwords hashed, or nil when it has none.
func hashEntry(rule *contract.Value, e value.Entry, nested bool) (*value.Entry, error) {
	switch {
	case rule == nil || e.Null:
		return nil, nil
	case rule.Secret == contract.Password && nested && password.IsHash(e.Text):
		return nil, nil
	case rule.Secret == contract.Password && e.Text != "":
		hash, err := password.Hash(e.Text)
		e.Text = hash
		return &e, err
	case holdsPassword(rule.Values):
		items, err := hashPasswords(rule.Values, e.Items, nested)
		e.Items = items
		return &e, err
	}
	return nil, nil
}

func holdsPassword(rules []*contract.Value) bool {
	return slices.ContainsFunc(rules, func(v *contract.Value) bool {
		return v.Secret == contract.Password || holdsPassword(v.Values)
	})
}
