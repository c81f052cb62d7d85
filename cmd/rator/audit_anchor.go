package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"rator/access"
	"rator/store"
)

type auditAnchorCommand struct {
	storeFlag
	JSON bool `name:"json" help:"Answer as JSON: segment, hash."`
}

func (c *auditAnchorCommand) Help() string {
	return `Seals the rows that wait and prints the newest segment's number and hash. Kept where nobody who can write to
the store can write, it shows later, given to rator verify --anchor, that no row up to there was changed,
removed or added: also to whoever could make all hashes anew. Exit code 1 when there is no row yet.

  rator audit anchor`
}

func (c *auditAnchorCommand) Run(t *terminal) error {
	args := []string{"audit", "anchor"}
	if c.JSON {
		args = append(args, "--json")
	}
	return c.with(t, t.out, nil, args, func(st store.Store) error {
		if _, err := access.Seal(t.ctx, st); err != nil {
			return err
		}
		var a access.Anchor
		err := st.View(t.ctx, func(tx store.Tx) (err error) {
			a, err = access.NewestAnchor(tx)
			return err
		})
		switch {
		case err != nil:
			return err
		case a.Segment == 0:
			return errors.New("the audit has no row yet, so that there is nothing to anchor")
		case c.JSON:
			return json.NewEncoder(t.out).Encode(struct {
				Segment int64  `json:"segment"`
				Hash    string `json:"hash"`
			}{a.Segment, a.Hash})
		}
		_, err = fmt.Fprintln(t.out, a)
		return err
	})
}
