package postgres

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// oldestUnderWay is the transaction before which none of the database is under way in a statement's
// state. PostgreSQL's own word for that, pg_snapshot_xmin, is of the
// whole cluster, where a long transaction of another database would hold up our events. So
// one that is seen to be of another database does not count, nor what has no user, which is
// autovacuum. Whose it is, is looked up after the state was taken that the statement reads,
// and a transaction of that state has the process that it began with: one that is not seen,
// since it has ended by now or is prepared, counts as ours.
const oldestUnderWay = `(select coalesce((select x from pg_snapshot_xip(pg_current_snapshot()) x where not exists (
	select from pg_stat_get_activity(null) a where a.backend_xid=x::xid
	and (a.usesysid is null or a.datid<>(select oid from pg_database where datname=current_database())))
	order by x limit 1), pg_snapshot_xmax(pg_current_snapshot())))`

// fenced are the events behind which none can come: those of transactions that began before
// every one that is under way.
func (d *DB) fenced() string { return "xid < " + d.based(oldestUnderWay) }

// Fence is a transaction of the database that is under way, of those the oldest: no event
// is told that was written by one that began after it.
type Fence struct {
	Who     string    // its application_name; of one that is prepared, its name
	Process int       // of the database server; 0 = it is prepared, and has none
	Since   time.Time // when it began, else since when it is seen
	number  string
}

func (f Fence) String() string {
	if f.Process == 0 {
		return fmt.Sprintf("%s (prepared %s)", f.Who, f.Since.UTC().Format(time.RFC3339))
	}
	return fmt.Sprintf("%s (process %d, since %s)", f.Who, f.Process, f.Since.UTC().Format(time.RFC3339))
}

// underWayNow are the transactions of the database that have a number, the oldest first. The
// database tells when another user's began only to who may know.
const underWayNow = `select coalesce(nullif(application_name,''),'somebody'), pid, backend_xid::text, coalesce(extract(epoch from clock_timestamp()-xact_start),0)::float8, age(backend_xid) as numbers
	from pg_stat_activity where backend_xid is not null and usesysid is not null and datname=current_database() and pid<>pg_backend_pid()
	union all select 'the prepared transaction '||gid, 0, transaction::text, extract(epoch from clock_timestamp()-prepared)::float8, age(transaction) from pg_prepared_xacts where database=current_database()
	order by numbers desc`

// holders asks for those that are under way.
func holders(found *[]Fence) statement {
	return statement{sql: underWayNow, begin: func() { *found = nil }, read: func(rows pgx.Rows) error {
		var f Fence
		var age float64
		var numbers int64
		err := rows.Scan(&f.Who, &f.Process, &f.number, &age, &numbers)
		f.Since = time.Now().Add(-time.Duration(age * float64(time.Second)))
		*found = append(*found, f)
		return err
	}}
}

// A server looks every few seconds who holds up its events, and tells who does for long.
const (
	fenceEach = 3 * time.Second
	fenceLong = 10 * time.Second
)

// fence is who holds up the events.
type fence struct {
	mu    sync.Mutex
	asked time.Time
	held  Fence         // with number "" nobody
	age   time.Duration // as it was asked
	told  string        // the number of the last one that was told of
}

// due says whether it is time to look again.
func (f *fence) due(now time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now.Sub(f.asked) < fenceEach {
		return false
	}
	f.asked = now
	return true
}

// saw takes in who is under way, and says who is the oldest, and whether to tell of him.
func (f *fence) saw(found []Fence, now time.Time) (held Fence, tell bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(found) == 0 {
		f.held, f.age = Fence{}, 0
		return f.held, false
	}
	next := found[0]
	if next.number == f.held.number && f.held.Since.Before(next.Since) {
		next.Since = f.held.Since
	}
	f.held, f.age = next, max(0, now.Sub(next.Since))
	if tell = f.age > fenceLong && next.number != f.told; tell {
		f.told = next.number
	}
	return next, tell
}

// lookAtFence looks who holds up the events, and tells.
func (d *DB) lookAtFence(ctx context.Context) {
	var found []Fence
	if err := d.trip(ctx, d.aside, []statement{holders(&found)}); err != nil {
		return // hear says why
	}
	if held, tell := d.fence.saw(found, time.Now()); tell {
		d.options.Fenced(held)
	}
}

// FenceAge is how long the transaction is under way that events wait for: 0 = none is, or
// Options.Fenced is not there.
func (d *DB) FenceAge() time.Duration {
	d.fence.mu.Lock()
	defer d.fence.mu.Unlock()
	return d.fence.age
}

// fenceLook is how often WaitForEvents looks.
const fenceLook = 5 * time.Millisecond

// WaitForEvents waits until EventsAfter gives every event that was committed before: for
// transactions under way that began before theirs. An error names those, when they have
// not ended in time.
func (d *DB) WaitForEvents(ctx context.Context, patience time.Duration) error {
	event := d.schema.table("event")
	for end := time.Now().Add(patience); ; time.Sleep(fenceLook) {
		held, by := int64(0), []Fence(nil)
		statements := []statement{
			{sql: "select count(*) from (select xid from " + event + " order by xid desc limit 1000) e where not (" + d.fenced() + ")",
				read: func(rows pgx.Rows) error { return rows.Scan(&held) }},
			holders(&by),
		}
		if err := d.trip(ctx, d.pool, statements); err != nil || held == 0 {
			return told(err)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if time.Now().After(end) {
			return fmt.Errorf("store: after %s %d events are still behind the fence: transactions of the database that began before theirs have not ended: %v", patience, held, by)
		}
	}
}
