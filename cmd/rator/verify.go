package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"rator/access"
	"rator/server"
	"rator/store"
)

type verifyCommand struct {
	storeFlag
	Anchor string `help:"What rator audit anchor printed once: tells whether everything that was sealed by then is what it was." placeholder:"N:HASH" env:"-"`
	JSON   bool   `name:"json" help:"Answer as JSON: records, faults, audit: segments, rows, ended, newest, unsealed, since."`
	Lines  bool   `hidden:"" env:"-"` // for whoever forwarded it: what happens, a JSON object a line
}

func (c *verifyCommand) Help() string {
	return `Reads every record and checks its checksum, that the indexes hold what the records say and
nothing else, that unique values are unique, and the business rules: each account has one
owner of its own, a user and a billing group; each subscription a service and at most one open
membership; kept replies can be answered; what TM Forum clients wrote can be read and belongs to somebody;
tokens are of operators; and the money: each balance is the sum of its postings
and what invoices and payments say, nothing is billed twice or left out, invoice numbers have no
gaps. And the audit: its rows are those that were sealed, in unbroken segments, but for the newest, which are
sealed within a second while a server runs; a fault names the row or the segment. Works on the store of a running server too, and on a file that may only be read; it changes
nothing. Of a store that an older version wrote, a copy in the temporary directory is brought up to
date and verified. Exit code 1 when anything is wrong.

  rator verify --store rator.db
  rator verify --anchor 4711:9f8e…`
}

func (c *verifyCommand) Run(t *terminal) error {
	var anchor access.Anchor
	if c.Anchor != "" {
		var err error
		if anchor, err = access.ParseAnchor(c.Anchor); err != nil {
			return misused(fmt.Errorf("--anchor: %w", err))
		}
	}
	args := []string{"verify"}
	if c.Anchor != "" {
		args = append(args, "--anchor="+c.Anchor)
	}
	if c.JSON {
		args = append(args, "--json")
	}
	letGarbageGather(t)
	told := c.printer(t)
	defer told.shown.end()
	telling := *t
	telling.ctx = store.Telling(t.ctx, func(p store.Progress) { _ = told.tell(verifyLine{Progress: &p}) }) // who cannot be told ends the context
	return c.read(&telling, &lineReader{take: told.line}, nil, append(args, "--lines"), func(st store.Store) error {
		return c.verify(telling.ctx, st, anchor, told)
	})
}

func (c *verifyCommand) verify(ctx context.Context, st store.Store, anchor access.Anchor, told *verifyPrinter) error {
	faults := []string{}
	records, audit, err := server.VerifyAnchored(ctx, st, anchor, func(fault error) {
		faults = append(faults, fault.Error())
		if !c.JSON {
			_ = told.tell(verifyLine{Text: fault.Error() + "\n"})
		}
	})
	if err != nil {
		return err
	}
	text := fmt.Sprintf("%s%d records, %d faults\n", audited(audit, anchor), records, len(faults))
	if c.JSON {
		answer, err := json.Marshal(struct {
			Records int64     `json:"records"`
			Faults  []string  `json:"faults"`
			Audit   sealState `json:"audit"`
		}{records, faults, sealStateOf(audit)})
		if err != nil {
			return err
		}
		text = string(answer) + "\n"
	}
	if err := told.tell(verifyLine{Text: text}); err != nil {
		return err
	}
	if len(faults) > 0 {
		return failed()
	}
	return nil
}

// sealState is that as JSON.
type sealState struct {
	Segments int64  `json:"segments"`
	Rows     int64  `json:"rows"`
	Ended    int64  `json:"ended"`
	Newest   string `json:"newest"`
	Unsealed int64  `json:"unsealed"`
	Since    string `json:"since"`
}

func sealStateOf(v *server.VerifiedSeal) sealState {
	s := sealState{v.Segments, v.Rows, v.Ended, v.Newest.String(), v.Unsealed, ""}
	if !v.Since.IsZero() {
		s.Since = v.Since.Format(time.RFC3339)
	}
	return s
}

// audited says how the audit's chain stands, a line each.
func audited(v *server.VerifiedSeal, anchor access.Anchor) string {
	text := fmt.Sprintf("audit: %d rows sealed in %d segments", v.Rows, v.Segments)
	if v.Unsealed > 0 {
		text += fmt.Sprintf(", %d not yet, the oldest for %s", v.Unsealed, max(0, v.At.Sub(v.Since).Round(time.Second)))
	}
	text += "\n"
	if anchor.Segment > 0 && !v.Anchored {
		text += fmt.Sprintf("audit: segment %d ended with its rows (--audit-age), so that nobody can compare the anchor any more\n", anchor.Segment)
	}
	return text
}
