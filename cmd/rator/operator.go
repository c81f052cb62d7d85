package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"golang.org/x/term"

	"rator/access"
	"rator/catalogue"
	"rator/failure"
	"rator/server"
	"rator/store"
)

type operatorCommand struct {
	Add           operatorAddCommand           `cmd:"" help:"Add an operator."`
	List          operatorListCommand          `cmd:"" help:"List operators."`
	Passwd        operatorPasswdCommand        `cmd:"" help:"Change an operator's password."`
	Grant         operatorGrantCommand         `cmd:"" help:"Give an operator the right to hookpoints."`
	Revoke        operatorRevokeCommand        `cmd:"" help:"Take a right back."`
	ActFor        operatorActForCommand        `cmd:"" help:"Say for whom an operator's client certificate may act."`
	Disable       operatorDisableCommand       `cmd:"" help:"Refuse an operator from now on."`
	Enable        operatorEnableCommand        `cmd:"" help:"Take an operator back."`
	UsernameToken operatorUsernameTokenCommand `cmd:"" help:"Say whether an operator's WS-Security headers are refused."`
	Token         operatorTokenCommand         `cmd:"" help:"Tokens that stand for an operator in TM Forum calls."`
}

// local is who acts on the command line.
var local = access.CommandLine

// readPassword reads one line: never from the command line, where others see it.
// It asks only where somebody sits.
func readPassword(t *terminal) (string, error) {
	if p := t.getenv("RATOR_NEW_PASSWORD"); p != "" {
		return p, nil
	}
	line, err := readSecret(t)
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		if err != nil && err != io.EOF {
			return "", unreachable(fmt.Errorf("the password cannot be read: %w", err))
		}
		return "", misused(errors.New("no password: type one, pipe one in, or set RATOR_NEW_PASSWORD"))
	}
	return line, nil
}

// readSecret reads a line; on a terminal it asks for it and shows nothing of what
// is typed.
func readSecret(t *terminal) (string, error) {
	if f, ok := t.in.(*os.File); ok && isTerminal(f) {
		fmt.Fprint(t.err, "Password: ")
		typed, err := term.ReadPassword(int(f.Fd()))
		fmt.Fprintln(t.err)
		return string(typed), err
	}
	return bufio.NewReader(t.in).ReadString('\n')
}

type operatorAddCommand struct {
	storeFlag
	Name          string   `arg:"" help:"2 to 32 letters, digits and . _ -"`
	Brand         []string `help:"Brand keys; the first is the default of calls that name none. * = all." default:"*" env:"-"`
	Right         []string `help:"Hookpoint patterns, such as SOAP_GET_*; * = all. None = no rights. Rights over the house, such as AUDIT_READ, by name only." env:"-"`
	Trust         []string `help:"Networks (CIDR) from which no password is asked." placeholder:"CIDR" env:"-"`
	NoPassword    bool     `help:"Let in from trusted networks or by certificate only." env:"-"`
	ActFor        []string `help:"Operators that calls with this one's client certificate may name in CONTEXT; * = all. None unless given." placeholder:"NAME" env:"-"`
	UsernameToken string   `help:"WS-Security headers that are old, malformed or used before: ${enum}, refused or only counted." enum:"strict,lenient" default:"strict" env:"-"`
}

func (c *operatorAddCommand) Help() string {
	return `The password is read from standard input or RATOR_NEW_PASSWORD and kept as an argon2id hash. It
has at least 12 characters, and 6 different ones besides the operator's name and what everybody tries.

  rator operator add selfcare --brand DEMO --right 'SOAP_GET_*' --right SOAP_UPDATE_USER
  rator operator add legacy --right '*' --trust 10.1.0.0/16 --no-password

` + houseRightsHelp()
}

// houseRightsHelp tells of the rights that no pattern gives.
func houseRightsHelp() string {
	return "Rights over the house itself are given by name only; no pattern gives them, not * either:\n" + strings.Join(access.HouseRights, ", ") + ".\nSo is " + access.RightPerson + ", which answers everything that is kept of a person."
}

func (c *operatorAddCommand) Run(t *terminal) error {
	password := ""
	if !c.NoPassword {
		var err error
		if password, err = readPassword(t); err != nil {
			return err
		}
	}
	args := []string{"operator", "add", c.Name}
	for flag, values := range map[string][]string{"--brand": c.Brand, "--right": c.Right, "--trust": c.Trust, "--act-for": c.ActFor} {
		for _, v := range values {
			args = append(args, flag+"="+v)
		}
	}
	if c.NoPassword {
		args = append(args, "--no-password")
	}
	if c.UsernameToken == lenientTokens {
		args = append(args, "--username-token="+lenientTokens)
	}
	return c.with(t, t.out, []byte(password+"\n"), args, func(st store.Store) error {
		n := access.NewOperator{Name: c.Name, Brands: c.Brand, Rights: c.Right, Trusted: c.Trust, ActFor: c.ActFor, LenientTokens: c.UsernameToken == lenientTokens}
		if !c.NoPassword {
			var err error
			if n.PasswordHash, err = access.HashPassword(c.Name, password); err != nil {
				return err
			}
		}
		err := st.Update(t.ctx, func(tx store.Tx) error {
			if err := knownBrands(tx, c.Brand); err != nil {
				return err
			}
			_, err := access.Add(tx, local, n)
			return err
		})
		if err == nil {
			_, err = fmt.Fprintf(t.out, "operator %s added\n", c.Name)
		}
		return err
	})
}

// knownBrands fails when a brand key is not in the catalogue.
func knownBrands(tx store.Tx, keys []string) error {
	for _, key := range keys {
		if key == access.Any {
			continue
		}
		if _, err := catalogue.BrandByKey(tx, key); failure.CodeOf(err) == catalogue.UnknownBrand {
			return fmt.Errorf("brand %s is not in the catalogue; import one that has it first", key)
		} else if err != nil {
			return err
		}
	}
	return nil
}

type operatorListCommand struct {
	storeFlag
	JSON bool `name:"json" help:"Answer as JSON: a list of name, enabled, brands, rights, trusted, username_token, act_for, demo."`
}

func (c *operatorListCommand) Help() string {
	return `Lists who may call, what, and for which brands.

  rator operator list --json`
}

func (c *operatorListCommand) Run(t *terminal) error {
	args := []string{"operator", "list"}
	if c.JSON {
		args = append(args, "--json")
	}
	return c.read(t, t.out, nil, args, func(st store.Store) error {
		var all []*access.Operator
		err := st.View(t.ctx, func(tx store.Tx) (err error) {
			all, err = access.Operators(tx)
			return err
		})
		if err != nil {
			return err
		}
		return c.print(t, all)
	})
}

func (c *operatorListCommand) print(t *terminal, all []*access.Operator) error {
	type row struct {
		Name          string   `json:"name"`
		Enabled       bool     `json:"enabled"`
		Brands        []string `json:"brands"`
		Rights        []string `json:"rights"`
		Trusted       []string `json:"trusted"`
		UsernameToken string   `json:"username_token"`
		ActFor        []string `json:"act_for"` // null: nobody said yet, so all
		Demo          bool     `json:"demo"`
	}
	rows := make([]row, 0, len(all))
	for _, o := range all {
		r := row{Name: o.Name, Enabled: o.Enabled, Brands: o.Brands, Rights: o.Rights, Trusted: []string{}, UsernameToken: tokensOf(o), ActFor: o.ActFor, Demo: o.Demo}
		for _, network := range o.Trusted {
			r.Trusted = append(r.Trusted, network.String())
		}
		rows = append(rows, r)
	}
	if c.JSON {
		return json.NewEncoder(t.out).Encode(rows)
	}
	w := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "NAME\tENABLED\tBRANDS\tRIGHTS\tTRUSTED\tUSERNAME-TOKEN\tACTS FOR")
	for _, r := range rows {
		actsFor := strings.Join(r.ActFor, " ")
		if r.ActFor == nil {
			actsFor = "* (not said yet)"
		}
		fmt.Fprintf(w, "%s\t%t\t%s\t%s\t%s\t%s\t%s\n", r.Name, r.Enabled, strings.Join(r.Brands, " "), strings.Join(r.Rights, " "), strings.Join(r.Trusted, " "), r.UsernameToken, actsFor)
	}
	return w.Flush()
}

type operatorPasswdCommand struct {
	storeFlag
	Name string `arg:"" help:"Name of the operator."`
}

func (c *operatorPasswdCommand) Help() string {
	return `The new password is read from standard input or RATOR_NEW_PASSWORD; the old one counts no more at once.

  rator operator passwd selfcare`
}

func (c *operatorPasswdCommand) Run(t *terminal) error {
	password, err := readPassword(t)
	if err != nil {
		return err
	}
	return c.with(t, t.out, []byte(password+"\n"), []string{"operator", "passwd", c.Name}, func(st store.Store) error {
		hash, err := access.HashPassword(c.Name, password)
		if err != nil {
			return err
		}
		return change(t, st, "password changed", func(tx store.Tx) error { return access.Passwd(tx, local, c.Name, hash) })
	})
}

// change makes one administrative change and says so.
func change(t *terminal, st store.Store, done string, f func(store.Tx) error) error {
	if err := st.Update(t.ctx, f); err != nil {
		return err
	}
	_, err := fmt.Fprintln(t.out, done)
	return err
}

type operatorGrantCommand struct {
	storeFlag
	Name  string   `arg:"" help:"Name of the operator."`
	Right []string `arg:"" help:"Hookpoint patterns, such as SOAP_GET_*, or names of rights over the house."`
}

func (c *operatorGrantCommand) Help() string {
	return `A right is the key of a hookpoint, or a pattern with * and ?. It counts from the next call on.

  rator operator grant selfcare 'SOAP_GET_*' SOAP_CHANGE_PASSWORD
  rator operator grant auditor AUDIT_READ

` + houseRightsHelp()
}

func (c *operatorGrantCommand) Run(t *terminal) error {
	return c.with(t, t.out, nil, append([]string{"operator", "grant", c.Name}, c.Right...), func(st store.Store) error {
		return change(t, st, "granted", func(tx store.Tx) error { return access.Grant(tx, local, c.Name, c.Right...) })
	})
}

type operatorRevokeCommand struct {
	storeFlag
	Name  string   `arg:"" help:"Name of the operator."`
	Right []string `arg:"" help:"Hookpoint patterns as they were granted."`
}

func (c *operatorRevokeCommand) Help() string {
	return `Names the patterns as they were granted; rator operator list shows them.

  rator operator revoke selfcare SOAP_CHANGE_PASSWORD`
}

func (c *operatorRevokeCommand) Run(t *terminal) error {
	return c.with(t, t.out, nil, append([]string{"operator", "revoke", c.Name}, c.Right...), func(st store.Store) error {
		return change(t, st, "revoked", func(tx store.Tx) error { return access.Revoke(tx, local, c.Name, c.Right...) })
	})
}

type operatorActForCommand struct {
	storeFlag
	Name  string   `arg:"" help:"Name of the operator whose certificate it is."`
	Other []string `arg:"" optional:"" help:"Operators that its calls may name in CONTEXT; * = all, none = only itself."`
}

func (c *operatorActForCommand) Help() string {
	return `A call with a client certificate is the certificate's operator's, with its rights and brands, whomever
CONTEXT/OPERATOR names. Another name there is refused unless it is said here. It counts from the next
call on, and replaces what was said before. For operators of stores older than this, of which nothing
was said, other names are taken, with a line in the server's log.

  rator operator act-for gateway selfcare webshop
  rator operator act-for gateway`
}

func (c *operatorActForCommand) Run(t *terminal) error {
	return c.with(t, t.out, nil, append([]string{"operator", "act-for", c.Name}, c.Other...), func(st store.Store) error {
		if err := access.MarkDemo(t.ctx, st, local, server.DemoOperator, server.DemoPassword); err != nil { // it is known by nothing having been said
			return err
		}
		return change(t, st, "said", func(tx store.Tx) error { return access.ActFor(tx, local, c.Name, c.Other...) })
	})
}

type operatorDisableCommand struct {
	storeFlag
	Name string `arg:"" help:"Name of the operator."`
}

func (c *operatorDisableCommand) Help() string {
	return `From the next call on every call of the operator is refused; nothing is forgotten.

  rator operator disable selfcare`
}

func (c *operatorDisableCommand) Run(t *terminal) error {
	return c.with(t, t.out, nil, []string{"operator", "disable", c.Name}, func(st store.Store) error {
		return change(t, st, "disabled", func(tx store.Tx) error { return access.Disable(tx, local, c.Name) })
	})
}

type operatorEnableCommand struct {
	storeFlag
	Name string `arg:"" help:"Name of the operator."`
}

func (c *operatorEnableCommand) Help() string {
	return `Takes back an operator that was disabled, with brands and rights as they were.

  rator operator enable selfcare`
}

func (c *operatorEnableCommand) Run(t *terminal) error {
	return c.with(t, t.out, nil, []string{"operator", "enable", c.Name}, func(st store.Store) error {
		return change(t, st, "enabled", func(tx store.Tx) error { return access.Enable(tx, local, c.Name) })
	})
}
