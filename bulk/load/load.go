// Package load brings customers in: it reads lines (package bulk), checks every one of them
// before anything is written, by loading it into a transaction that keeps nothing and asking
// the rooms whether all is in order there, and then writes them in groups, each one durable
// transaction with the mark of how far the load is in it. Killed at any moment, the same
// load goes on from its mark. What a customer is, and how it is kept, is not known here.
package load

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rator/access"
	"rator/failure"
	"rator/store"
)

// Job is one load.
type Job struct {
	Store  store.Store
	Inputs []Input
	Dir    string // for temporary files
	Who    string // for the audit
	Face   string
	// Brand is the key of the brand of lines that name none; "" = that of the store, where it has one alone.
	Brand string
	// Jobs is how many goroutines read and check; Group how many customers a transaction writes.
	Jobs, Group int
	Events      bool // what a sign-up tells is told
	DryRun      bool // it ends after the check
	// IDs and Results are files to append to, "" = none: "old,new" for each id of another
	// form, which are refused without, and a line for each customer.
	IDs, Results string
	// Mistakes is how many are told one by one, the first ones; all are counted.
	Mistakes int
	Mistake  func(Mistake)
	// Progress is told how far it is: bytes while it checks, customers while it writes.
	Progress func(store.Progress)
	// Begun is told once, before anything is done: how many customers an earlier run of the
	// same load has written.
	Begun func(done int64)
}

// Mistake is something wrong in a line of a file.
type Mistake struct {
	File string `json:"file"`
	Line int    `json:"line"`
	Path string `json:"path,omitempty"` // as users[0].username; "" = the line itself
	Text string `json:"text"`           // what is wrong, and the mend
	row  int64
}

// String is FILE:LINE: path: text.
func (m Mistake) String() string {
	if m.Path == "" {
		return fmt.Sprintf("%s:%d: %s", m.File, m.Line, m.Text)
	}
	return fmt.Sprintf("%s:%d: %s: %s", m.File, m.Line, m.Path, m.Text)
}

// Report is what a load found, and did.
type Report struct {
	Customers int64            // in all files
	Before    int64            // of them, that an earlier run wrote
	Written   int64            // of them, by this run
	Mistakes  int64            // with any of which nothing is written
	Things    map[string]int64 // records, by kind: those checked where nothing was written
	Whole     *Mark            // the load that had loaded all of it before; nil = none
}

// Do checks all, and writes it when all of it is right. Its error is for what kept it from
// that, and leaves what was written; mistakes are no error.
func (j *Job) Do(ctx context.Context) (*Report, error) {
	digest, size, err := digestOf(ctx, j.Inputs)
	if err != nil {
		return nil, err
	}
	run := &running{Job: j, digest: digest, size: size, begun: time.Now(), zone: time.UTC}
	var done *Mark
	err = j.Store.View(ctx, func(tx store.Tx) (err error) {
		brand, err := brandOf(tx, j.Brand)
		if err != nil {
			return err
		}
		if brand != nil {
			run.brand, run.zone = brand.Key, brand.Zone()
		}
		if run.mark, err = open(tx); err != nil {
			return err
		}
		if run.mark == nil {
			done, err = whole(tx, digest, j.terms())
		}
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case done != nil:
		return &Report{Customers: done.Customers, Before: done.Customers, Things: done.Things, Whole: done}, nil
	case run.mark != nil && (run.mark.Digest != digest || run.mark.Terms != j.terms()):
		return nil, run.other()
	}
	if run.mark != nil {
		run.before = run.mark.Done
		if j.Begun != nil {
			j.Begun(run.before)
		}
	}
	return run.do(ctx)
}

// terms are the settings that change what is written.
func (j *Job) terms() string {
	terms := "brand=" + j.Brand
	if j.Events {
		terms += " events"
	}
	if j.IDs != "" {
		terms += " ids"
	}
	if j.Results != "" {
		terms += " results"
	}
	return terms
}

// running is a load on its way.
type running struct {
	*Job
	digest string
	size   int64 // bytes
	begun  time.Time
	brand  string         // of lines that name none; "" = they must
	zone   *time.Location // of that
	mark   *Mark          // of the load that it goes on with; nil = none
	before int64          // customers that an earlier run wrote

	checked *checked
	ids     *journal
	results *journal
}

// other is why a load does not begin while another is half done.
func (r *running) other() error {
	m := r.mark
	text := fmt.Sprintf("a load is half done: %s, %d of %d customers are written. Repeat it to go on with it, or give it up with rator load --abandon, which leaves those %d customers",
		m.what(), m.Done, m.Customers, m.Done)
	if m.Digest == r.digest {
		text += fmt.Sprintf("; it is of the same content, with other flags: it began with %q, these are %q", m.Terms, r.terms())
	}
	return errors.New(text)
}

func (r *running) do(ctx context.Context) (*Report, error) {
	report, err := r.check(ctx)
	if err != nil || r.DryRun || report.Mistakes > 0 {
		return report, err
	}
	if err := r.openJournals(); err != nil {
		return report, err
	}
	err = r.write(ctx, report)
	return report, errors.Join(err, r.ids.close(), r.results.close())
}

func (r *running) openJournals() (err error) {
	var ids, results Tail
	if r.mark != nil {
		ids, results = r.mark.IDs, r.mark.Results
	}
	if r.IDs != "" {
		if r.ids, err = openJournal(r.IDs, ids); err != nil {
			return fmt.Errorf("--ids: %w", err)
		}
	}
	if r.Results != "" {
		if r.results, err = openJournal(r.Results, results); err != nil {
			return errors.Join(fmt.Errorf("--results: %w", err), r.ids.close())
		}
	}
	return nil
}

// Abandon gives the load up that is half done, and gives its mark; nil where none is.
func Abandon(ctx context.Context, st store.Store, who, face string) (*Mark, error) {
	var given *Mark
	err := st.Update(ctx, func(tx store.Tx) error {
		m, err := open(tx)
		if given = m; m == nil || err != nil {
			return err
		}
		m.Ended, m.Abandoned = tx.Now(), true
		if err := marks.Put(tx, m); err != nil {
			return err
		}
		return access.Record(tx, access.AuditRow{Who: who, Face: face, Hookpoint: "load --abandon", Outcome: access.OutcomeOK,
			Notes: []string{m.what(), fmt.Sprintf("%d of %d customers are written", m.Done, m.Customers)}})
	})
	return given, err
}

// isBusy reports whether the store may take later what it did not take now.
func isBusy(err error) bool {
	return failure.CodeOf(err) == failure.TryAgain && !errors.Is(err, store.ErrNoWrites)
}
