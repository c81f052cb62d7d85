package load

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"rator/access"
	"rator/bulk"
	"rator/catalogue"
	"rator/customer/number"
	"rator/store"
)

// prepared is a batch that is read, and what of its customers needs no transaction that
// writes is done.
type prepared struct {
	batch     *batch
	customers []*bulk.Customer
	used      bool // a transaction has numbered the customers
}

// write writes all rows that are not written yet, a batch in each transaction. While one is
// on its way to the disk the next is run over it, and others are read.
func (r *running) write(ctx context.Context, report *Report) error {
	reader := r.reader()
	defer reader.close()
	if err := reader.skip(ctx, r.before); err != nil {
		return err
	}
	if err := r.begin(ctx); err != nil {
		return err
	}
	w := &writer{running: r, report: report}
	n := 0
	err := inOrder(ctx, r.Jobs, reader.batch, r.prepare, func(b *batch, p *prepared) error {
		if n == len(r.checked.sums) || b.sum != r.checked.sums[n] {
			return changedMeanwhile()
		}
		n++
		return w.put(ctx, p)
	})
	if err = errors.Join(err, w.rest()); err != nil {
		return err
	}
	if reader.rows != r.checked.rows {
		return changedMeanwhile()
	}
	return r.end(ctx, report)
}

func (r *running) prepare(ctx context.Context, b *batch) (*prepared, error) {
	p := &prepared{batch: b}
	return p, r.Store.View(ctx, func(tx store.Tx) error { return p.fill(tx, r) })
}

// fill reads the customers and fills in what their lines left out.
func (p *prepared) fill(tx store.Tx, r *running) error {
	p.customers, p.used = make([]*bulk.Customer, len(p.batch.rows)), false
	for i, one := range p.batch.rows {
		c, mistakes := r.read(one)
		if len(mistakes) > 0 {
			return changedMeanwhile()
		}
		if r.checked.plain.has(p.batch.first + int64(i)) {
			takeAsWritten(c)
		}
		_, mistakes, err := r.fill(tx, c)
		if err == nil && len(mistakes) > 0 {
			err = errors.New(mistakes[0].String())
		}
		if err != nil {
			return p.batch.stopped(i, err)
		}
		p.customers[i] = c
	}
	return nil
}

// stopped is why the i-th customer is not loaded that was in order when it was checked.
func (b *batch) stopped(i int, err error) error {
	return fmt.Errorf("%s:%d: %w; what stands before that line is loaded. What is in the store has changed since it was checked: "+
		"mend the line, put it and what follows into a new file, give this load up (rator load --abandon) and load that file",
		b.file, b.rows[i].line, err)
}

// begin keeps the mark of a new load.
func (r *running) begin(ctx context.Context) error {
	if r.mark != nil || r.checked.rows == 0 {
		return nil
	}
	m := &Mark{Digest: r.digest, Terms: r.terms(), Who: r.Who, Customers: r.checked.rows, Things: map[string]int64{}}
	for _, in := range r.Inputs {
		m.Files = append(m.Files, filepath.Base(in.Name))
	}
	return r.Store.Update(ctx, func(tx store.Tx) error {
		if other, err := open(tx); err != nil || other != nil {
			return errors.Join(err, errAnother)
		}
		m.Begun = tx.Now()
		for sequence, n := range r.checked.least {
			if err := tx.AtLeast(sequence, n); err != nil {
				return err
			}
		}
		return marks.Insert(tx, m)
	})
}

var errAnother = errors.New("another load has begun meanwhile; wait for it to end")

// writer hands batches to the store, two at a time.
type writer struct {
	*running
	report *Report
	flying []*flight // not known to be durable, the oldest first
}

// flight is a batch on its way to the disk.
type flight struct {
	batch        *batch
	ids, results Tail // what it adds to the files
	err          error
	landed       chan struct{}
}

func (w *writer) put(ctx context.Context, p *prepared) error {
	if len(w.flying) == 2 {
		if err := w.land(); err != nil {
			return err
		}
	}
	f := &flight{batch: p.batch, landed: make(chan struct{})}
	begun := make(chan struct{})
	var once sync.Once
	go func() {
		defer close(f.landed)
		for {
			f.err = w.Store.Update(ctx, func(tx store.Tx) error {
				once.Do(func() { close(begun) })
				return w.group(tx, p, f)
			})
			if !isBusy(f.err) || ctx.Err() != nil {
				return
			}
		}
	}()
	w.flying = append(w.flying, f)
	select { // the next one is to come after it
	case <-begun:
	case <-f.landed:
	}
	return nil
}

// land waits until the oldest is durable.
func (w *writer) land() error {
	f := w.flying[0]
	w.flying = w.flying[1:]
	<-f.landed
	if f.err != nil {
		return f.err
	}
	if err := errors.Join(w.ids.append(f.ids), w.results.append(f.results)); err != nil {
		return err
	}
	w.report.Written += int64(len(f.batch.rows))
	w.tell("customers", w.before+w.report.Written, w.checked.rows)
	return nil
}

// rest waits for all.
func (w *writer) rest() error {
	var first error
	for len(w.flying) > 0 {
		if err := w.land(); first == nil {
			first = err
		}
	}
	return first
}

// group writes a batch, and how far the load is with it.
func (w *writer) group(tx store.Tx, p *prepared, f *flight) error {
	m, err := open(tx)
	switch {
	case err != nil:
		return err
	case m == nil || m.Digest != w.digest:
		return errors.New("the load was given up meanwhile")
	case m.Done != p.batch.first-1:
		return fmt.Errorf("the load is at customer %d and not at %d: another one goes on with it; wait for it to end", m.Done, p.batch.first-1)
	}
	if p.used { // the transaction is run anew
		if err := p.fill(tx, w.running); err != nil {
			return err
		}
	}
	p.used = true
	m.Things = maps.Clone(m.Things)
	if m.Things == nil {
		m.Things = map[string]int64{}
	}
	counted := &counting{tx, m.Things}
	var ids, results strings.Builder
	for i, one := range p.customers {
		if err := w.customer(counted, one); err != nil {
			return p.batch.stopped(i, err)
		}
		if w.ids != nil {
			appendPairs(&ids, one)
		}
		if w.results != nil {
			fmt.Fprintf(&results, "%s,%d,%s,%s\n", quoted(p.batch.file), p.batch.rows[i].line, quoted(one.Account.CustomerNumber), one.Account.ID)
		}
	}
	w.ids.extend(&m.IDs, ids.String())
	w.results.extend(&m.Results, results.String())
	f.ids, f.results = Tail{m.IDs.Length, ids.String()}, Tail{m.Results.Length, results.String()}
	if m.Done == 0 {
		m.First = p.customers[0].Account.CustomerNumber
	}
	m.Last = p.customers[len(p.customers)-1].Account.CustomerNumber
	m.Done += int64(len(p.customers))
	return marks.Put(tx, m)
}

func (w *writer) customer(tx store.Tx, one *bulk.Customer) error {
	brand, err := catalogue.BrandByKey(tx, one.Account.Brand)
	if err != nil {
		return err
	}
	if wrong := one.Number(tx, brand); len(wrong) > 0 {
		return errors.New(wrong[0].String())
	}
	if err := keep(tx, brand, one); err != nil {
		return err
	}
	if w.Events {
		return tellOf(tx, brand, one)
	}
	return nil
}

// end ends the load: its mark stays, and a row of the audit says what it was.
func (r *running) end(ctx context.Context, report *Report) error {
	if r.checked.rows == 0 {
		return nil
	}
	if err := number.PassTaken(ctx, r.Store); err != nil {
		return err
	}
	return r.Store.Update(ctx, func(tx store.Tx) error {
		m, err := open(tx)
		if err != nil {
			return err
		}
		if m == nil || m.Done != r.checked.rows {
			return errors.New("the load was given up meanwhile")
		}
		m.Ended, m.IDs.Text, m.Results.Text = tx.Now(), "", ""
		report.Things = m.Things
		if err := marks.Put(tx, m); err != nil {
			return err
		}
		return access.Record(tx, access.AuditRow{Who: r.Who, Face: r.Face, Hookpoint: "load", Outcome: access.OutcomeOK, Duration: time.Since(r.begun),
			Notes: []string{m.what(), fmt.Sprintf("%d customers: %s", m.Done, CountsOf(m.Things)),
				fmt.Sprintf("customer numbers %s to %s, in the order of the files", m.First, m.Last), "sha256 " + m.Digest}})
	})
}
