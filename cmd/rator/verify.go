package main

import (
	"context"
	"encoding/json"
	"fmt"

	"rator/access"
	"rator/billing"
	"rator/customer"
	"rator/store"
	"rator/tmf"
	"rator/unit"
)

type verifyCommand struct {
	storeFlag
	JSON bool `name:"json" help:"Answer as JSON: records, faults."`
}

func (c *verifyCommand) Help() string {
	return `Reads every record and checks its checksum, that the indexes hold what the records say and
nothing else, that unique values are unique, and the business rules: each account has one
owner of its own, a user and a billing group; each subscription a service and at most one open
membership; kept replies can be answered; what TM Forum clients wrote can be read and belongs to somebody;
tokens are of operators; and the money: each balance is the sum of its postings
and what invoices and payments say, nothing is billed twice or left out, invoice numbers have no
gaps. Works on the store of a running server too, and on a file that may only be read; it changes
nothing. Of a store that an older version wrote, a copy in the temporary directory is brought up to
date and verified. Exit code 1 when anything is wrong.

  rator verify --store rator.db`
}

func (c *verifyCommand) Run(t *terminal) error {
	args := []string{"verify"}
	if c.JSON {
		args = append(args, "--json")
	}
	return c.read(t, t.out, nil, args, func(st store.Store) error {
		faults := []string{}
		records, err := verifyAll(t.ctx, st, func(fault error) {
			faults = append(faults, fault.Error())
			if !c.JSON {
				fmt.Fprintln(t.out, fault)
			}
		})
		if err != nil {
			return err
		}
		if c.JSON {
			err = json.NewEncoder(t.out).Encode(struct {
				Records int64    `json:"records"`
				Faults  []string `json:"faults"`
			}{records, faults})
		} else {
			_, err = fmt.Fprintf(t.out, "%d records, %d faults\n", records, len(faults))
		}
		if err == nil && len(faults) > 0 {
			return failed()
		}
		return err
	})
}

// verifyAll asks every room that keeps something whether it is in order.
func verifyAll(ctx context.Context, st store.Store, report func(error)) (records int64, err error) {
	records, err = st.Verify(ctx, report)
	if err != nil {
		return records, err
	}
	return records, verifyBusiness(ctx, st, report)
}

// verifyBusiness is verifyAll without the store's own part.
func verifyBusiness(ctx context.Context, st store.Store, report func(error)) error {
	return st.View(ctx, func(tx store.Tx) error {
		access.Verify(tx, report)
		customer.Verify(tx, report)
		billing.Verify(tx, report)
		tmf.Verify(tx, report)
		return unit.VerifyKept(tx, map[string]func(string) error{"tmf": tmf.CheckKept}, report)
	})
}
