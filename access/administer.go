package access

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"rator/failure"
	"rator/password"
	"rator/store"
)

// Administrator is who changes operators, for the audit row.
type Administrator struct {
	Who  string     // Local, or the name of an operator
	From netip.Addr // unset for Local
	Face string     // as AuditRow.Face
}

// Local is the Who of an administrator at the machine's own command line.
const Local = "local"

// CommandLine is who acts there.
var CommandLine = Administrator{Who: Local, Face: "command"}

// NewOperator is what Add makes an operator from.
type NewOperator struct {
	Name         string
	PasswordHash string   // of HashPassword; "" = only let in from Trusted or by certificate
	Brands       []string // at least one; the first is the default
	Rights       []string // may be empty: Grant gives them later
	Trusted      []string // networks (10.0.0.0/8) or addresses
	// LenientTokens makes an operator without Operator.StrictTokens.
	LenientTokens bool
	ActFor        []string // names of operators, or Any
	Demo          bool     // as Operator.Demo
}

// Add makes an operator, enabled. It fails with BadOperatorName, also for one of
// ActFor, BadBrand, BadRight, BadCIDR or OperatorExists. The result is without the password hash.
func Add(tx store.Tx, by Administrator, n NewOperator) (*Operator, error) {
	if err := checkName(n.Name); err != nil {
		return nil, err
	}
	if err := checkBrands(n.Brands); err != nil {
		return nil, err
	}
	o := &Operator{Name: n.Name, PasswordHash: n.PasswordHash, Brands: slices.Clone(n.Brands), Enabled: true, Created: tx.Now(),
		StrictTokens: !n.LenientTokens, Demo: n.Demo}
	if err := o.actFor(n.ActFor); err != nil {
		return nil, err
	}
	if err := o.grant(n.Rights); err != nil {
		return nil, err
	}
	for _, text := range n.Trusted {
		network, err := parseNetwork(text)
		if err != nil {
			return nil, err
		}
		o.Trusted = append(o.Trusted, network)
	}
	if n.PasswordHash != "" && !password.IsHash(n.PasswordHash) {
		return nil, notAHash(n.Name)
	}
	switch _, err := find(tx, n.Name); {
	case err == nil:
		return nil, OperatorExists.With("%q", n.Name)
	case failure.CodeOf(err) != UnknownOperator:
		return nil, err
	}
	noted := NewChanges(tx, "")
	if err := operators.Insert(noted, o); err != nil {
		return nil, err
	}
	return o.public(), by.record(noted, "operator add", o, fmt.Sprintf("brands %s, rights %s, trusted %s, acts for %s",
		strings.Join(o.Brands, " "), strings.Join(o.Rights, " "), strings.Join(n.Trusted, " "), strings.Join(o.ActFor, " ")))
}

// Passwd gives an operator another password: the hash that HashPassword made. That
// of a demo is none any more then. It fails with UnknownOperator.
func Passwd(tx store.Tx, by Administrator, name, hash string) error {
	if !password.IsHash(hash) {
		return notAHash(name)
	}
	return by.change(tx, name, "operator passwd", "", func(o *Operator) error {
		o.PasswordHash, o.Demo = hash, false
		return nil
	})
}

// ActFor says anew for whom a client certificate of an operator may act: operators,
// Any or nobody. It fails with UnknownOperator or BadOperatorName.
func ActFor(tx store.Tx, by Administrator, name string, others ...string) error {
	return by.change(tx, name, "operator act-for", strings.Join(others, " "), func(o *Operator) error { return o.actFor(others) })
}

// Grant gives an operator rights; one already held is no mistake. It fails with
// UnknownOperator or BadRight.
func Grant(tx store.Tx, by Administrator, name string, patterns ...string) error {
	return by.change(tx, name, "operator grant", strings.Join(patterns, " "), func(o *Operator) error {
		return o.grant(patterns)
	})
}

// Revoke takes rights from an operator, each named as it was granted. It fails
// with UnknownOperator, and with RightNotHeld because a right believed to be
// revoked must be gone.
func Revoke(tx store.Tx, by Administrator, name string, patterns ...string) error {
	return by.change(tx, name, "operator revoke", strings.Join(patterns, " "), func(o *Operator) error {
		for _, pattern := range patterns {
			i := slices.Index(o.Rights, pattern)
			if i < 0 {
				return RightNotHeld.With("%.140q; %s holds: %s", pattern, name, strings.Join(o.Rights, " "))
			}
			o.Rights = slices.Delete(o.Rights, i, i+1)
		}
		return nil
	})
}

// Disable shuts an operator out at once. It fails with UnknownOperator.
func Disable(tx store.Tx, by Administrator, name string) error {
	return by.change(tx, name, "operator disable", "", func(o *Operator) error {
		o.Enabled = false
		return nil
	})
}

// Enable lets an operator in again. It fails with UnknownOperator.
func Enable(tx store.Tx, by Administrator, name string) error {
	return by.change(tx, name, "operator enable", "", func(o *Operator) error {
		o.Enabled = true
		return nil
	})
}

// SetStrictTokens says whether the WS-Security headers of an operator are refused
// (CheckSecurity) or only counted. It fails with UnknownOperator.
func SetStrictTokens(tx store.Tx, by Administrator, name string, strict bool) error {
	note := "lenient"
	if strict {
		note = "strict"
	}
	return by.change(tx, name, "operator username-token", note, func(o *Operator) error {
		o.StrictTokens = strict
		return nil
	})
}

func (o *Operator) actFor(others []string) error {
	o.ActFor = []string{}
	for _, name := range others {
		if name != Any {
			if err := checkName(name); err != nil {
				return err
			}
		}
		o.ActFor = append(o.ActFor, name)
	}
	return nil
}

func (o *Operator) grant(patterns []string) error {
	for _, pattern := range patterns {
		if err := checkRight(pattern); err != nil {
			return err
		}
		if !slices.Contains(o.Rights, pattern) {
			o.Rights = append(o.Rights, pattern)
		}
	}
	return nil
}

func (by Administrator) change(tx store.Tx, name, action, note string, change func(*Operator) error) error {
	o, err := find(tx, name)
	if err != nil {
		return err
	}
	if err := change(o); err != nil {
		return err
	}
	noted := NewChanges(tx, "")
	if err := operators.Put(noted, o); err != nil {
		return err
	}
	return by.record(noted, action, o, note)
}

func (by Administrator) record(tx *Changes, action string, o *Operator, note string) error {
	row := AuditRow{Who: by.Who, From: by.From, Face: by.Face, Hookpoint: action,
		Objects: []store.ID{o.ID}, Outcome: OutcomeOK, Notes: []string{o.Name}}
	if note != "" {
		row.Notes = append(row.Notes, note)
	}
	return tx.Record(row, nil)
}

// notAHash is a programmer's mistake, never the administrator's, hence no Code.
func notAHash(name string) error {
	return fmt.Errorf("access: what is to be kept for operator %.40q is not a password hash; make it with HashPassword", name)
}
