package tmf

import (
	"context"
	"errors"
	"slices"
	"time"

	"rator/access"
	"rator/catalogue"
	"rator/failure"
	"rator/store"
)

// unit is one look at the business, or one indivisible change of it, on behalf of
// a call. What it did and its audit row are one transaction.
type unit struct {
	ctx     context.Context // of the request; for what a write asks of others
	tx      store.Tx
	brand   *catalogue.Brand
	call    *Call
	objects []store.ID // what was read or changed, for the audit row
	notes   []string
	thing   string   // id of the resource that is written; "" before it is known
	account store.ID // of that resource's customer, or none
}

// about notes what a write is about.
func (u *unit) about(t *thing) {
	u.touch(t.object, t.account)
	u.thing, u.account = t.id, t.account
}

// touch notes objects for the audit row; the first is what it is found by.
func (u *unit) touch(ids ...store.ID) {
	for _, id := range ids {
		if id != 0 && !slices.Contains(u.objects, id) {
			u.objects = append(u.objects, id)
		}
	}
}

// emit tells others what happened: names and values in turn, as scripts do.
func (u *unit) emit(topic string, pairs ...string) error {
	var members []Member
	for i := 0; i < len(pairs); i += 2 {
		members = append(members, Member{pairs[i], Text(pairs[i+1])})
	}
	return u.tx.Emit(topic, ObjectOf(members...).Append(nil))
}

// read runs do over one state of the store; its audit row is written behind. do
// may take the rest of the page or item out of the transaction.
func (b *Business) read(ctx context.Context, call *Call, do func(*unit) error) error {
	started, u := b.now(), &unit{call: call}
	err := b.Store.View(ctx, func(tx store.Tx) (err error) {
		u = &unit{tx: tx, call: call}
		if u.brand, err = brandOf(tx, call); err != nil {
			return err
		}
		return do(u)
	})
	if behind := b.behind(u, started, outcomeOf(err)); err == nil {
		err = behind
	}
	return err
}

// look is a read without an audit row: a part of one that has its own.
func (b *Business) look(ctx context.Context, call *Call, do func(*unit) error) error {
	return b.Store.View(ctx, func(tx store.Tx) error {
		brand, err := brandOf(tx, call)
		if err != nil {
			return err
		}
		return do(&unit{tx: tx, call: call, brand: brand})
	})
}

// write runs do as one change, once for each request id. What it did, its audit
// row and the answer kept for its request id are one transaction; when it is
// refused, what it did is undone and the other two stay. do may run more than
// once.
func (b *Business) write(ctx context.Context, call *Call, do func(*unit) (Item, error)) (Item, error) {
	started := b.now()
	if call.RequestID != "" {
		var kept *Item
		err := b.look(ctx, call, func(u *unit) (err error) {
			kept, err = keptAnswer(u)
			return err
		})
		if kept != nil || err != nil {
			return b.replay(call, started, kept, err)
		}
	}
	var (
		item    Item
		refused error
	)
	err := b.Store.Update(ctx, func(tx store.Tx) error {
		u := &unit{ctx: ctx, tx: tx, call: call}
		item = Item{}
		refused = tx.Savepoint(func() (err error) {
			if u.brand, err = brandOf(tx, call); err == nil {
				item, err = do(u)
			}
			return err
		})
		if refused != nil && !isRefusal(refused) {
			return refused
		}
		if err := access.Record(tx, b.auditRow(u, started, outcomeOf(refused))); err != nil {
			return err
		}
		if call.RequestID == "" || u.brand == nil {
			return nil
		}
		return keepAnswer(u, item, refused)
	})
	switch {
	case err == nil:
		return item, refused
	case call.RequestID != "" && failure.CodeOf(err) == failure.RequestIDReused:
		// The same request was done between our look and our commit.
		var kept *Item
		err := b.look(ctx, call, func(u *unit) (err error) {
			kept, err = keptAnswer(u)
			return err
		})
		return b.replay(call, started, kept, err)
	}
	outcome := outcomeOf(err)
	if errors.Is(err, store.ErrOutcomeUnknown) {
		outcome = "OUTCOME_UNKNOWN"
	}
	_ = b.behind(&unit{call: call}, started, outcome)
	return Item{}, err
}

func (b *Business) replay(call *Call, started time.Time, kept *Item, err error) (Item, error) {
	outcome := outcomeOf(err)
	if kept != nil {
		outcome = "REPLAYED"
	}
	if behind := b.behind(&unit{call: call}, started, outcome); err == nil {
		err = behind
	}
	if kept == nil {
		return Item{}, err
	}
	return *kept, err
}

func (b *Business) behind(u *unit, started time.Time, outcome string) error {
	row := b.auditRow(u, started, outcome)
	row.At = started.UTC()
	return b.Behind.Write(row)
}

func (b *Business) auditRow(u *unit, started time.Time, outcome string) access.AuditRow {
	return access.AuditRow{
		Who: u.call.Operator.Name, From: remoteOf(u.call.Remote), Face: "tmf", Hookpoint: u.call.Right,
		Objects: u.objects, Outcome: outcome, Duration: b.now().Sub(started), RequestID: u.call.RequestID,
		Notes: append([]string{u.call.Dialect.Name}, u.notes...),
	}
}

// isRefusal reports whether err is an answer rather than a breakdown.
func isRefusal(err error) bool {
	p := problemOf(err)
	return p != nil && p.Status < 500
}

// outcomeOf is what an audit row says of err: a *Problem has no name, so it is
// its code.
func outcomeOf(err error) string {
	var p *Problem
	if errors.As(err, &p) {
		return "TMF_" + p.Code
	}
	return access.Outcome(err)
}
