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
		entry, changed, err := hashEntry(contract.Find(rules, values[i].Key), values[i], nested)
		if err != nil {
			return nil, err
		}
		if !changed {
			continue
		}
		if !copied {
			out, copied = slices.Clone(values), true
		}
		out[i] = entry
	}
	return out, nil
}

// hashEntry is the entry with its passwords hashed, and whether it has any.
func hashEntry(rule *contract.Value, e value.Entry, nested bool) (hashed value.Entry, has bool, err error) {
	switch {
	case rule == nil || e.Null:
		return e, false, nil
	case rule.Secret == contract.Password && nested && password.IsHash(e.Text):
		return e, false, nil
	case rule.Secret == contract.Password && e.Text != "":
		e.Text, err = password.Hash(e.Text)
		return e, true, err
	case holdsPassword(rule.Values):
		e.Items, err = hashPasswords(rule.Values, e.Items, nested)
		return e, true, err
	}
	return e, false, nil
}

func holdsPassword(rules []*contract.Value) bool {
	return slices.ContainsFunc(rules, func(v *contract.Value) bool {
		return v.Secret == contract.Password || holdsPassword(v.Values)
	})
}
