// Package access says who may call what: operators (API users) with their
// passwords, tokens, brands and rights, the Guard that recognises them, and the audit
// trail of what they did (security.md "Access").
//
// It knows no hookpoint, no brand and no customer, only their keys and ids, and
// it decides nothing about how credentials travel: that is the faces' business.
package access

import (
	"net/netip"
	"path"
	"slices"
	"strings"
	"time"

	"rator/failure"
	"rator/store"
)

// Any is the brand key that stands for every brand.
const Any = "*"

// Operator is an API user: the OPERATOR of CONTEXT (rator-api.md 1.4).
type Operator struct {
	store.Base
	Name         string         // unique, matched exactly, 2 to 32 of letters, digits and . _ -
	PasswordHash string         // argon2id; "" = only let in from Trusted or by certificate. Not handed out of this room.
	Brands       []string       // brand keys, the first is the default; Any = all
	Rights       []string       // HouseRights by name, and hookpoint patterns as path.Match has them; none = may nothing
	Trusted      []netip.Prefix // networks from which no password is asked
	Enabled      bool
	Created      time.Time // UTC
	// StrictTokens has a WS-Security header refused that is old, malformed or used
	// before (CheckSecurity). Operators of older stores do not have it: their clients
	// were never held to it, and are only counted.
	StrictTokens bool `json:",omitempty"`
	// Demo: the password is the one that everybody knows; a Guard lets such an
	// operator in for a demo only. True until the password is changed.
	Demo bool `json:",omitzero"`
	// ActFor names the operators, Any = all, that a call with this operator's client
	// certificate may name as its own. nil = made before there was such a list.
	ActFor []string
}

var operators = store.Define("operator", UnknownOperator,
	func(o *Operator) *store.Base { return &o.Base },
	store.Index[Operator]{Name: "name", Value: func(o *Operator) string { return o.Name }, Taken: OperatorExists}).Stable().Audited("PasswordHash")

// OperatorByName finds an operator, without the password hash. It fails with UnknownOperator.
func OperatorByName(tx store.Tx, name string) (*Operator, error) {
	o, err := find(tx, name)
	if err != nil {
		return nil, err
	}
	return o.public(), nil
}

// Operators lists every operator by name, without the password hashes.
func Operators(tx store.Tx) ([]*Operator, error) {
	var all []*Operator
	for o, err := range operators.Scan(tx) {
		if err != nil {
			return nil, err
		}
		all = append(all, o.public())
	}
	slices.SortFunc(all, func(a, b *Operator) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

// May reports whether the operator has a right: to a hookpoint, or one of HouseRights.
// Without a pattern that matches, and of HouseRights and RightPerson without its name, the
// answer is no.
func (o *Operator) May(hookpoint string) bool {
	if byNameOnly(hookpoint) {
		return slices.Contains(o.Rights, hookpoint)
	}
	return slices.ContainsFunc(o.Rights, func(pattern string) bool {
		matched, err := path.Match(pattern, hookpoint)
		return err == nil && matched
	})
}

// HasBrand reports whether the operator works for the brand with that key.
func (o *Operator) HasBrand(key string) bool {
	return slices.Contains(o.Brands, key) || key != "" && slices.Contains(o.Brands, Any)
}

// DefaultBrand is the key of the brand meant by a call that names none: the
// operator's first. "" when the operator has no other than Any: which brand
// comes first is then for the catalogue to say.
func (o *Operator) DefaultBrand() string {
	for _, key := range o.Brands {
		if key != Any {
			return key
		}
	}
	return ""
}

// trusts reports whether calls from remote need no password.
func (o *Operator) trusts(remote netip.Addr) bool {
	remote = remote.Unmap().WithZone("")
	return slices.ContainsFunc(o.Trusted, func(network netip.Prefix) bool { return network.Contains(remote) })
}

// public takes the hash away from an operator that leaves the room, so that
// nobody prints, logs or stores it.
func (o *Operator) public() *Operator {
	o.PasswordHash = ""
	return o
}

// find answers a name that no operator can have without asking the store, for
// such a name may be as long as a request.
func find(tx store.Tx, name string) (*Operator, error) {
	if checkName(name) != nil {
		return nil, UnknownOperator.With("%.40q", name)
	}
	o, err := operators.By(tx, "name", name)
	if failure.CodeOf(err) == UnknownOperator {
		return nil, UnknownOperator.With("%q", name)
	}
	return o, err
}
