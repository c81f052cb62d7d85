package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"rator/access"
	"rator/store"
)

// auditList reads and prints the rows of a store.
type auditList struct {
	*auditListCommand
	t     *terminal
	store store.Store
	query access.AuditQuery
	own   store.ID // the row of this reading, which it does not show
	told  int
}

const (
	auditLooks = 1000 // rows of one look at the store
	auditPoll  = 100 * time.Millisecond
)

func (l *auditList) run() error {
	own, err := l.noteReading()
	if err != nil {
		return err
	}
	l.own, l.query.Before = own, own
	if l.Follow {
		upTo, err := l.store.Settled(l.t.ctx)
		if err != nil {
			return err
		}
		l.query.Before = min(own, upTo+1) // what comes later is followed
	}
	last := l.query.Before - 1
	rows, err := l.newest()
	if err == nil {
		err = l.print(rows)
	}
	if err == nil && l.Follow {
		return l.follow(last)
	}
	if err == nil && l.told == 0 {
		fmt.Fprintln(l.t.err, "rator: no such row in the audit")
		return failed()
	}
	return err
}

// noteReading writes the row of this reading, and finds the customer that is asked about.
func (l *auditList) noteReading() (own store.ID, err error) {
	err = l.store.Update(l.t.ctx, func(tx store.Tx) (err error) {
		if l.Customer != "" {
			if l.query.Account, err = accountNumbered(tx, l.Customer, l.Brand); err != nil {
				return err
			}
		}
		own, err = access.NoteReading(tx, local, l.query.String())
		return err
	})
	return own, err
}

// newest gives the newest rows, as many as may be, oldest first. It looks back further
// and further, for most often a few hours hold them.
func (l *auditList) newest() ([]*access.AuditRow, error) {
	var begin time.Time
	if err := l.store.View(l.t.ctx, func(tx store.Tx) error {
		begin = tx.Now()
		return nil
	}); err != nil {
		return nil, err
	}
	since := l.query.Since
	for _, back := range []time.Duration{time.Hour, 24 * time.Hour, 30 * 24 * time.Hour} {
		if l.Limit == 0 || !begin.Add(-back).After(since) {
			break
		}
		q := l.query
		q.Since = begin.Add(-back)
		if rows, err := l.read(&q); err != nil || len(rows) == l.Limit {
			return rows, err
		}
	}
	return l.read(&l.query)
}

// read gives what a query finds, the newest as many as may be.
func (l *auditList) read(q *access.AuditQuery) (rows []*access.AuditRow, err error) {
	var p access.AuditPage
	for err == nil && !p.End {
		err = l.store.View(l.t.ctx, func(tx store.Tx) (err error) {
			p, err = q.After(tx, p.Last, auditLooks)
			return err
		})
		rows = append(rows, p.Rows...)
		if l.Limit > 0 && len(rows) > l.Limit {
			rows = rows[len(rows)-l.Limit:]
		}
		if l.Limit == 0 && err == nil {
			err, rows = l.print(rows), nil // all of them need not be held
		}
	}
	return rows, err
}

// follow prints what comes after a row.
func (l *auditList) follow(last store.ID) error {
	tick := time.NewTicker(auditPoll)
	defer tick.Stop()
	for p := (access.AuditPage{Last: last}); ; {
		upTo, err := l.store.Settled(context.WithoutCancel(l.t.ctx))
		if err != nil {
			return err
		}
		l.query.Before = upTo + 1
		err = l.store.View(context.WithoutCancel(l.t.ctx), func(tx store.Tx) (err error) {
			p, err = l.query.After(tx, p.Last, auditLooks)
			return err
		})
		if err == nil {
			err = l.print(p.Rows)
		}
		if err != nil {
			return err
		}
		if !p.End {
			continue
		}
		select {
		case <-tick.C:
		case <-l.t.ctx.Done():
			return l.t.ctx.Err()
		}
	}
}

func (l *auditList) print(rows []*access.AuditRow) error {
	for _, r := range rows {
		if r.ID == l.own {
			continue
		}
		var text []byte
		err := l.store.View(context.WithoutCancel(l.t.ctx), func(tx store.Tx) (err error) {
			if l.JSON {
				text, err = access.AuditDocument(tx, r)
				text = append(text, '\n')
				return err
			}
			changes, err := access.ChangesOf(tx, r)
			text = []byte(auditText(r, changes))
			return err
		})
		if err != nil {
			return err
		}
		if _, err := l.t.out.Write(text); err != nil {
			return err
		}
		l.told++
	}
	if f, ok := l.t.out.(http.Flusher); ok && l.Follow {
		f.Flush()
	}
	return nil
}

// auditText is a row as people read it: a line, and one below for each value that changed.
func auditText(r *access.AuditRow, changes []access.ObjectChange) string {
	var b strings.Builder
	cells := []string{r.At.UTC().Format(time.RFC3339), r.Who, r.Face, r.Hookpoint, r.Brand, r.Account.String(), r.Outcome, r.RequestID}
	for i, cell := range cells {
		if cell = printable(cell); cell == "" {
			cell = "-"
		}
		cells[i] = cell
	}
	fmt.Fprintf(&b, "%s  %-12s  %-8s  %-32s  %-8s  %-18s  %s  %s\n", cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6], cells[7])
	for _, note := range r.Notes {
		fmt.Fprintf(&b, "    %s\n", printable(note))
	}
	for _, c := range changes {
		fmt.Fprintf(&b, "    %s %s %s", printable(c.Kind), c.Object, c.What)
		if c.Ended {
			b.WriteString(", values not kept")
		}
		b.WriteByte('\n')
		for _, v := range c.Values {
			switch {
			case c.Ended:
				fmt.Fprintf(&b, "        %s\n", printable(v.Key))
			default:
				fmt.Fprintf(&b, "        %s %s -> %s\n", printable(v.Key), auditValue(v.Old), auditValue(v.New))
			}
		}
	}
	return b.String()
}

func auditValue(value []byte) string {
	if value == nil {
		return "nothing"
	}
	return printable(string(value))
}
