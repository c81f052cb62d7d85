package main

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"rator/access"
	"rator/store"
)

type operatorTokenCommand struct {
	Add    tokenAddCommand    `cmd:"" help:"Make a token, and print it this once."`
	List   tokenListCommand   `cmd:"" help:"List tokens, without what they are."`
	Revoke tokenRevokeCommand `cmd:"" help:"Refuse tokens from now on."`
}

type tokenAddCommand struct {
	storeFlag
	Name    string `arg:"" help:"Name of the operator."`
	Expires string `help:"When it counts no more: after a time such as 12h or 90d, or with the end of a day (UTC). Default never." placeholder:"DUR|DATE" env:"-"`
	Label   string `help:"What it is for, as the list shows it." placeholder:"TEXT" env:"-"`
	JSON    bool   `name:"json" help:"Answer as JSON: token, id, operator, label, created, expires, expired."`
}

func (c *tokenAddCommand) Help() string {
	return `A client that sends "Authorization: Bearer TOKEN" to the TM Forum API is the operator, with the
brands and rights that it has at that moment, until the token expires or is revoked or the operator
is disabled. Only a hash is kept, so nobody can show the token again.

  rator operator token add crm --expires 90d --label 'CRM, production'
  rator operator token add crm --expires 2027-01-31 --json`
}

// tokenRow is a token as --json tells it.
type tokenRow struct {
	ID       string `json:"id"`
	Operator string `json:"operator"`
	Label    string `json:"label"`
	Created  string `json:"created"`
	Expires  string `json:"expires"` // RFC 3339; "" = never
	Expired  bool   `json:"expired"`
}

func rowOfToken(k *access.Token, now time.Time) tokenRow {
	r := tokenRow{ID: k.ID.String(), Operator: k.Operator, Label: k.Label, Created: k.Created.Format(time.RFC3339), Expired: k.Expired(now)}
	if !k.Expires.IsZero() {
		r.Expires = k.Expires.Format(time.RFC3339)
	}
	return r
}

func (c *tokenAddCommand) Run(t *terminal) error {
	if _, err := expiry(c.Expires, time.Time{}); err != nil {
		return misused(err)
	}
	args := []string{"operator", "token", "add", c.Name, "--expires=" + c.Expires, "--label=" + c.Label}
	if c.JSON {
		args = append(args, "--json")
	}
	return c.with(t, t.out, nil, args, func(st store.Store) error {
		text := access.DrawToken()
		var made *access.Token
		err := st.Update(t.ctx, func(tx store.Tx) error {
			until, err := expiry(c.Expires, tx.Now())
			if err != nil {
				return err
			}
			made, err = access.AddToken(tx, local, access.NewToken{Operator: c.Name, Text: text, Label: c.Label, Expires: until})
			return err
		})
		if err != nil {
			return err
		}
		r := rowOfToken(made, made.Created)
		if c.JSON {
			return json.NewEncoder(t.out).Encode(struct {
				Token string `json:"token"`
				tokenRow
			}{text, r})
		}
		until := "until it is revoked"
		if r.Expires != "" {
			until = "until " + r.Expires
		}
		_, err = fmt.Fprintf(t.out, "token %s of %s, %s; it is shown this once:\n%s\n", r.ID, r.Operator, until, text)
		return err
	})
}

// expiry reads --expires: "" is never (the zero time), a number with d, or a
// duration as Go writes it, counts from now, a date is the end of that day in UTC.
func expiry(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return day.AddDate(0, 0, 1), nil
	}
	if number, found := strings.CutSuffix(text, "d"); found {
		if days, err := strconv.ParseUint(number, 10, 16); err == nil && days > 0 {
			return now.AddDate(0, 0, int(days)), nil
		}
	} else if d, err := time.ParseDuration(text); err == nil && d > 0 {
		return now.Add(d), nil
	}
	return time.Time{}, fmt.Errorf("--expires %q is neither a time to come, such as 12h or 90d, nor a date such as 2027-01-31", text)
}

type tokenListCommand struct {
	storeFlag
	Name string `arg:"" optional:"" help:"Of this operator only."`
	JSON bool   `name:"json" help:"Answer as JSON: a list of id, operator, label, created, expires, expired."`
}

func (c *tokenListCommand) Help() string {
	return `Lists the tokens that were made and not revoked; expired ones too.

  rator operator token list
  rator operator token list crm --json`
}

func (c *tokenListCommand) Run(t *terminal) error {
	args := []string{"operator", "token", "list"}
	if c.Name != "" {
		args = append(args, c.Name)
	}
	if c.JSON {
		args = append(args, "--json")
	}
	return c.read(t, t.out, nil, args, func(st store.Store) error {
		rows := []tokenRow{}
		err := st.View(t.ctx, func(tx store.Tx) error {
			all, err := access.Tokens(tx, c.Name)
			rows = rows[:0]
			for _, k := range all {
				rows = append(rows, rowOfToken(k, tx.Now()))
			}
			return err
		})
		if err != nil {
			return err
		}
		return c.print(t, rows)
	})
}

func (c *tokenListCommand) print(t *terminal, rows []tokenRow) error {
	if c.JSON {
		return json.NewEncoder(t.out).Encode(rows)
	}
	w := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tOPERATOR\tCREATED\tEXPIRES\tLABEL")
	for _, r := range rows {
		switch {
		case r.Expires == "":
			r.Expires = "never"
		case r.Expired:
			r.Expires += " (expired)"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", r.ID, r.Operator, r.Created, r.Expires, r.Label)
	}
	return w.Flush()
}

type tokenRevokeCommand struct {
	storeFlag
	ID []string `arg:"" help:"Ids of tokens; rator operator token list shows them."`
}

func (c *tokenRevokeCommand) Help() string {
	return `All of them or, when one is unknown, none. They count no more from the next call on.

  rator operator token revoke 202601020304050001`
}

func (c *tokenRevokeCommand) Run(t *terminal) error {
	ids := make([]store.ID, len(c.ID))
	for i, text := range c.ID {
		id, err := store.ParseID(text)
		if err != nil {
			return misused(fmt.Errorf("%.40q is no id of a token; rator operator token list shows them", text))
		}
		ids[i] = id
	}
	return c.with(t, t.out, nil, append([]string{"operator", "token", "revoke"}, c.ID...), func(st store.Store) error {
		return change(t, st, "revoked", func(tx store.Tx) error {
			for _, id := range ids {
				if err := access.RevokeToken(tx, local, id); err != nil {
					return err
				}
			}
			return nil
		})
	})
}
