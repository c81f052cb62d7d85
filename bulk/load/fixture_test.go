package load

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/server"
	"rator/store"
	"rator/store/bolt"
)

// now is when all of it happens.
var now = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

func openStore(t testing.TB, file string) *bolt.DB {
	t.Helper()
	st, err := bolt.Open(file, bolt.Options{Unsynced: true, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	return st
}

// newStore is a store with the demo's catalogue, which is whole when the test ends.
func newStore(t testing.TB) *bolt.DB {
	t.Helper()
	st := openStore(t, filepath.Join(t.TempDir(), "test.db"))
	if err := server.PrepareDemo(t.Context(), st); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		sound(t, st)
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return st
}

func sound(t testing.TB, st store.Store) {
	t.Helper()
	if _, err := server.Verify(context.WithoutCancel(t.Context()), st, func(fault error) { t.Error(fault) }); err != nil {
		t.Error(err)
	}
}

// line is customer number n of another system: with ids, numbers and dates of its own, a
// line, an option, and money.
func line(n int) string {
	id := func(part int) string {
		return fmt.Sprintf(`"2019%02d%02d100000%04d"`, 1+n/28/28%12, 1+n/28%28, n%28*100+part)
	}
	return strings.NewReplacer(" ", "", "~", " ").Replace(fmt.Sprintf(`{"format":"rator-customer/1",
"account":{"id":%[2]s, "customer_number":"%[1]d", "account_type":"0"},
"users":[{"id":%[3]s, "first_name":"Bo", "last_name":"Ek~%[4]d", "username":"bo%[4]d"}],
"billing_groups":[{"id":%[5]s, "balance":{"amount":"-%[4]d.50"}}],
"subscriptions":[{"id":%[6]s, "product_code":"POST_PAID", "start_date":"2019-03-01T12:00:00Z"}],
"services":[{"id":%[7]s, "msisdn":"1303555%04[4]d"}],
"options":[{"id":%[8]s, "option_id":"VOICE_MAIL"}]}`, 100_100+n, id(1), id(2), n, id(3), id(4), id(5), id(6)))
}

func plainLine(n int) string { return strings.ReplaceAll(line(n), "\n", "") }

func linesOf(from, to int) []byte {
	var b strings.Builder
	for n := from; n < to; n++ {
		b.WriteString(plainLine(n) + "\n")
	}
	return []byte(b.String())
}

// told is a Job over a store, with what it told.
type told struct {
	Job
	mistakes []string
	begun    []int64
}

func newJob(t testing.TB, st store.Store, inputs ...Input) *told {
	j := &told{}
	j.Job = Job{Store: st, Inputs: inputs, Dir: t.TempDir(), Who: "local", Face: "command", Brand: server.DemoBrand, Jobs: 2, Group: 7, Mistakes: 1000,
		Mistake: func(m Mistake) { j.mistakes = append(j.mistakes, m.String()) },
		Begun:   func(done int64) { j.begun = append(j.begun, done) }}
	return j
}

// do loads, and wants no mistakes.
func (j *told) do(t testing.TB) *Report {
	t.Helper()
	report, err := j.Do(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range j.mistakes {
		t.Error(m)
	}
	return report
}

// contents are the records of a store by kind, as a hash of all of them, but for kinds that
// say when something was done.
func contents(t testing.TB, st store.Store, but ...string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := st.View(t.Context(), func(tx store.Tx) error {
		for _, kind := range store.Infos() {
			n, err := tx.Count(kind.Name)
			if err != nil {
				return err
			}
			sum := sha256.New()
			for after := store.ID(0); ; {
				page, err := tx.Scan(kind.Name, after, 1000)
				if err != nil {
					return err
				}
				if len(page) == 0 {
					break
				}
				for _, r := range page {
					after = r.ID
					fmt.Fprintf(sum, "%s %d %s\n", r.ID, r.Version, r.Doc)
				}
			}
			all[kind.Name] = fmt.Sprintf("%d %x", n, sum.Sum(nil))
		}
		span, err := tx.EventSpan()
		all["events"] = fmt.Sprint(span)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range but {
		delete(all, kind)
	}
	return all
}

func same(t testing.TB, want, got map[string]string, what string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// broken is a store that breaks with an Update, as a machine whose power fails: before it,
// or after it was durable and before anybody was told.
type broken struct {
	store.Store
	at    int // the Update that it breaks with, from 1
	after bool

	mu   sync.Mutex
	n    int
	dead bool
}

var errPower = errors.New("the power failed")

func (b *broken) Update(ctx context.Context, fn func(store.Tx) error) error {
	b.mu.Lock()
	b.n++
	breaks := b.n == b.at
	dead := b.dead || breaks && !b.after
	b.dead = dead || breaks
	b.mu.Unlock()
	if dead {
		return errPower
	}
	if err := b.Store.Update(ctx, fn); err != nil || breaks {
		return errors.Join(err, errPower)
	}
	return nil
}
