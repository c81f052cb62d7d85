package postgres

import (
	"context"
	"fmt"
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

// fenceLook is how often WaitForEvents looks.
const fenceLook = 5 * time.Millisecond

// WaitForEvents waits until EventsAfter gives every event that was committed before: for
// transactions under way that began before theirs. An error names those, when they have
// not ended in time.
func (d *DB) WaitForEvents(ctx context.Context, patience time.Duration) error {
	event := d.schema.table("event")
	for end := time.Now().Add(patience); ; time.Sleep(fenceLook) {
		held, by := int64(0), ""
		statements := []statement{
			{sql: "select count(*) from (select xid from " + event + " order by xid desc limit 1000) e where not (" + d.fenced() + ")",
				read: func(rows pgx.Rows) error { return rows.Scan(&held) }},
			{sql: `select coalesce(string_agg(format('%s (process %s, since %s)', coalesce(nullif(application_name,''),'somebody'), pid, to_char(xact_start,'HH24:MI:SS')),', ' order by xact_start),'nobody who is seen')
				from pg_stat_activity where backend_xid is not null and datname=current_database() and pid<>pg_backend_pid()`,
				read: func(rows pgx.Rows) error { return rows.Scan(&by) }},
		}
		if err := d.trip(ctx, d.pool, statements); err != nil || held == 0 {
			return told(err)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if time.Now().After(end) {
			return fmt.Errorf("store: after %s %d events are still behind the fence: a transaction of the database that began before theirs has not ended: %s", patience, held, by)
		}
	}
}
