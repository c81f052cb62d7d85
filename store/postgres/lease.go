package postgres

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"rator/store"
)

// A lease is a row: until when it is had, and a fence, a number that is another one each time
// that another process takes it. A process counts it as its own for less time than the row
// says, from before it asked. What it writes under the lease, it commits only if the row has
// the fence still, and its own name, as a standby that was promoted may not know who took it
// last: who takes a lease waits for those commits, and whoever had it, and was stopped
// meanwhile, changes nothing when he goes on.

const (
	leaseFor   = 10 * time.Second // from when it was taken, or renewed, by the database's clock
	leaseSure  = 8 * time.Second  // as long a process counts on it
	leaseEach  = time.Second      // how often leases are looked after
	leaseRenew = 2 * time.Second  // after which one is renewed
	leaseIdle  = 5 * time.Second  // as long one is kept that nobody uses
	leaseAgain = 2 * time.Second  // after which one is asked for again that another has
	leaseWait  = 3 * time.Second  // as long the database may take to answer
)

// held is a lease that the process has, or had.
type held struct {
	db    *DB
	name  string
	fence int64

	// Of leases.mu.
	sure time.Time                        // until when it is had for sure
	uses map[*use]context.CancelCauseFunc // end what is done under it
	used time.Time                        // when it was last
	lost bool
}

// use is something that is done under a lease.
type use struct{ lease *held }

// leases are those that a process has, and those that it was told others have.
type leases struct {
	holder string // the process
	mu     sync.Mutex
	mine   map[string]*held
	others map[string]other
	asking map[string]*sync.Mutex // so that one asks for a lease at a time
}

type other struct {
	has   *store.HeldError
	until time.Time // when it is asked for again
}

func newLeases() leases {
	return leases{holder: rand.Text(), mine: map[string]*held{}, others: map[string]other{}, asking: map[string]*sync.Mutex{}}
}

// Had asks the clock, which goes on while a process is stopped.
func (l *held) Had() error {
	l.db.leases.mu.Lock()
	defer l.db.leases.mu.Unlock()
	return l.had(time.Now())
}

func (l *held) had(now time.Time) error {
	if l.lost || now.After(l.sure) {
		l.lose()
		return fmt.Errorf("%w (%s)", store.ErrLeaseLost, l.name)
	}
	return nil
}

// had is a lease that the process has; nil = it has not. It fails where another process had it
// a moment ago.
func (s *leases) had(name string, now time.Time) (*held, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o := s.others[name]; o.has != nil && now.Before(o.until) {
		return nil, o.has
	}
	if l := s.mine[name]; l != nil && l.had(now) == nil {
		l.used = now
		return l, nil
	}
	return nil, nil
}

// begin gives the context of a use of a lease, and its end.
func (s *leases) begin(ctx context.Context, l *held) (context.Context, func()) {
	u := &use{l}
	ctx, cancel := context.WithCancelCause(store.WithLease(ctx, l))
	s.mu.Lock()
	defer s.mu.Unlock()
	l.uses[u] = cancel
	if l.lost {
		cancel(store.ErrLeaseLost)
	}
	return ctx, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		cancel(nil)
		delete(l.uses, u)
		l.used = time.Now()
	}
}

// turn is what those wait for each other with who ask for one lease.
func (s *leases) turn(name string) *sync.Mutex {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.asking[name] == nil {
		s.asking[name] = &sync.Mutex{}
	}
	return s.asking[name]
}

// Hold takes a lease when nobody has it, and asks again within seconds.
func (d *DB) Hold(ctx context.Context, name string) (context.Context, func(), error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	if d.closed.Load() {
		return nil, nil, store.ErrClosed
	}
	l, err := d.leaseOf(ctx, name)
	if err != nil {
		return nil, nil, err
	}
	held, done := d.leases.begin(ctx, l)
	return held, done, nil
}

// leaseOf is a lease that the process has now.
func (d *DB) leaseOf(ctx context.Context, name string) (*held, error) {
	turn := d.leases.turn(name)
	turn.Lock()
	defer turn.Unlock()
	if l, err := d.leases.had(name, time.Now()); l != nil || err != nil {
		return l, err
	}
	return d.takeLease(ctx, name)
}

// takeLease takes a lease, and tries again where the database could not be asked.
func (d *DB) takeLease(ctx context.Context, name string) (*held, error) {
	for p := newPatience(time.Now().Add(giveUp)); ; {
		l, err := d.tryLease(ctx, name)
		if err == nil || !repeats(err) || p.over() || ctx.Err() != nil {
			return l, told(err)
		}
		p.pause(err)
	}
}

// tryLease takes a lease. A process takes what it has itself with the
// fence that it had.
func (d *DB) tryLease(ctx context.Context, name string) (*held, error) {
	ctx, cancel := context.WithTimeout(ctx, leaseWait)
	defer cancel()
	table, asked := d.schema.table("lease"), time.Now()
	l, has, mine := &held{db: d, name: name, sure: asked.Add(leaseSure), used: asked, uses: map[*use]context.CancelCauseFunc{}}, &store.HeldError{Lease: name}, false
	after := &locks{schema: d.schema.name, of: map[int64]bool{}} // who commits under it
	after.lease(true, name)
	err := d.trip(ctx, d.pool, []statement{
		after.statement(),
		{sql: "insert into " + table + " as l values ($1,$2,$3,clock_timestamp()+make_interval(secs=>$4),1) on conflict (name) do update" +
			" set holder=excluded.holder, who=excluded.who, until=excluded.until, fence=case when l.holder=excluded.holder then l.fence else l.fence+1 end" +
			" where l.holder=excluded.holder or l.until<clock_timestamp()",
			args: []any{name, d.leases.holder, cmp.Or(d.options.Name, "rator"), leaseFor.Seconds()}},
		{sql: "select holder=$2, who, fence from " + table + " where name=$1", args: []any{name, d.leases.holder},
			read: func(rows pgx.Rows) error { return rows.Scan(&mine, &has.Who, &l.fence) }},
	})
	if err != nil {
		return nil, fmt.Errorf("store: lease %s: %w", name, err)
	}
	if !mine {
		d.leases.refuse(has, asked.Add(leaseAgain))
		return nil, has
	}
	return d.leases.keep(l), nil
}

// refuse takes in that another process has a lease.
func (s *leases) refuse(has *store.HeldError, until time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.others[has.Lease] = other{has, until}
	if was := s.mine[has.Lease]; was != nil {
		was.lose()
		delete(s.mine, has.Lease)
	}
}

// keep takes in that the process has a lease.
func (s *leases) keep(l *held) *held {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.others, l.name)
	if was := s.mine[l.name]; was != nil {
		was.lose() // its time was over, or it had another fence
	}
	s.mine[l.name] = l
	return l
}

// lose ends what is done under a lease. Its commits go through as long as nobody has taken it.
func (l *held) lose() {
	l.lost = true
	for _, cancel := range l.uses {
		cancel(store.ErrLeaseLost)
	}
}

// lookAfter renews the leases that are used, gives back those that are not, and ends those
// whose time is over.
func (d *DB) lookAfter(ctx context.Context) {
	s, now := &d.leases, time.Now()
	var renewed, idle []*held
	s.mu.Lock()
	for name, l := range s.mine {
		switch {
		case l.had(now) != nil:
			delete(s.mine, name)
		case len(l.uses) == 0 && now.Sub(l.used) > leaseIdle:
			idle = append(idle, l)
		case now.After(l.sure.Add(leaseRenew - leaseSure)):
			renewed = append(renewed, l)
		}
	}
	s.mu.Unlock()
	if len(renewed) > 0 {
		d.renew(ctx, renewed, now)
	}
	if len(idle) > 0 {
		d.giveBack(ctx, idle)
	}
}

// renew has leases last longer. Those that another process took are lost.
func (d *DB) renew(ctx context.Context, all []*held, asked time.Time) {
	ctx, cancel := context.WithTimeout(ctx, leaseWait)
	defer cancel()
	var names []string
	var fences []int64
	for _, l := range all {
		names, fences = append(names, l.name), append(fences, l.fence)
	}
	had := map[string]bool{}
	err := d.trip(ctx, d.pool, []statement{{
		sql: "update " + d.schema.table("lease") + " l set until=clock_timestamp()+make_interval(secs=>$3) from unnest($1::text[],$2::bigint[]) v(name,fence)" +
			" where l.name=v.name and l.fence=v.fence and l.holder=$4 returning l.name",
		args: []any{names, fences, leaseFor.Seconds(), d.leases.holder},
		read: func(rows pgx.Rows) error {
			var name string
			err := rows.Scan(&name)
			had[name] = true
			return err
		},
	}})
	if err != nil {
		return // asked again, until their time is over
	}
	s := &d.leases
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range all {
		switch {
		case s.mine[l.name] != l:
		case had[l.name]:
			l.sure = asked.Add(leaseSure)
		default:
			l.lose()
			delete(s.mine, l.name)
		}
	}
}

// giveBack has other processes take leases that are not used any more. Nobody takes one of
// them anew meanwhile.
func (d *DB) giveBack(ctx context.Context, idle []*held) {
	var names []string
	for _, l := range idle {
		turn := d.leases.turn(l.name)
		if !turn.TryLock() {
			continue // somebody asks for it
		}
		defer turn.Unlock()
		if d.leases.forget(l) {
			names = append(names, l.name)
		}
	}
	if names != nil {
		d.free(ctx, "name=any($2)", names)
	}
}

// forget forgets a lease, unless it is used again.
func (s *leases) forget(l *held) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.mine[l.name] != l || len(l.uses) > 0 || time.Since(l.used) <= leaseIdle {
		return false
	}
	l.lose()
	delete(s.mine, l.name)
	return true
}

// free gives back leases of the process. Where that fails they are free when their time is
// over.
func (d *DB) free(ctx context.Context, which string, args ...any) {
	ctx, cancel := context.WithTimeout(ctx, leaseWait)
	defer cancel()
	_ = d.trip(ctx, d.pool, []statement{{sql: "update " + d.schema.table("lease") + " set until=clock_timestamp() where holder=$1 and until>clock_timestamp() and " + which,
		args: append([]any{d.leases.holder}, args...)}})
}

// keepLeases looks after leases until it is ended, and then gives back all of them.
func (d *DB) keepLeases() (end func()) {
	over := often(leaseEach, d.lookAfter)
	return func() {
		over()
		if d.leases.any() {
			d.free(context.Background(), "true")
		}
	}
}

// any says whether the process has leases; it has none any more.
func (s *leases) any() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	some := len(s.mine) > 0
	for _, l := range s.mine {
		l.lose()
	}
	clear(s.mine)
	return some
}

// Leases are the leases that the process has now, in order.
func (d *DB) Leases() []string {
	d.leases.mu.Lock()
	defer d.leases.mu.Unlock()
	return slices.Sorted(maps.Keys(d.leases.mine))
}

// lease locks a lease: shared for who commits under it, exclusive for who takes it.
func (l *locks) lease(exclusive bool, name string) { l.take(exclusive, "held", name) }

// fenced has a transaction that is under a lease be committed only while nobody else has
// taken that.
func (t *tx) fenced(l *locks, c *checks) {
	under, is := store.LeaseOf(t.base.ctx).(*held)
	if !is || under.db != t.db {
		return
	}
	l.lease(false, under.name)
	c.add(t.db.schema.table("held")+"(%s::text,%s::text,%s::bigint)", under.name, t.db.leases.holder, under.fence)
}

// held is the function that fails where another process has taken a lease.
func (s schema) held() string {
	return "create or replace function " + s.table("held") + `(lease text, mine text, n bigint) returns bool language plpgsql as
$$ begin if not exists (select from ` + s.table("lease") + ` l where l.name=lease and l.holder=mine and l.fence=n) then raise exception 'rator: the lease % was lost', lease using errcode='` + codeLost + `'; end if;
return true; end $$`
}
