package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// A lease is what one process of all has at a time: an advisory lock of a transaction that
// stays open, on a connection of its own. It is of a transaction and not of a session, so
// that it is whoever's it is also behind a PgBouncer that pools transactions. Such a
// transaction has neither a number nor a snapshot, so it keeps nothing from being vacuumed.

// Serving is the lease of who serves the store.
const Serving = "serve"

// leaseEach is how often a lease is looked after.
const leaseEach = time.Second

// leaseWait is how long the database may take to answer about a lease.
const leaseWait = 5 * time.Second

// lease is had from when takeLease gives it, and taken again when its connection is lost.
type lease struct {
	config *pgx.ConnConfig
	number int64
	cancel context.CancelFunc
	ended  chan struct{}

	mu   sync.Mutex
	lost error // why it is not had; nil = it is
}

// HeldError says that another process has what only one may have.
type HeldError struct {
	Who   string // its application_name
	Where string // the address that it comes from
	Since time.Time
}

func (e *HeldError) Error() string {
	return fmt.Sprintf("another server serves it: %s, from %s, since %s; stop that one, or name another database or schema (search_path)", e.Who, e.Where, e.Since.UTC().Format(time.RFC3339))
}

// takeLease takes a lease of a schema. It fails with *HeldError when another process has it.
func takeLease(ctx context.Context, config *pgx.ConnConfig, schema, name string) (*lease, error) {
	l := &lease{config: config.Copy(), number: lockNumber(schema, "lease", name), ended: make(chan struct{})}
	conn, err := l.take(ctx)
	if err != nil {
		return nil, err
	}
	ctx, l.cancel = context.WithCancel(context.WithoutCancel(ctx))
	go l.keep(ctx, conn)
	return l, nil
}

// keepOpen has the database leave a transaction open that does nothing, whatever it does with
// others, and find out soon that the machine is gone that it belongs to.
const keepOpen = `select set_config(s.name, v.value, true) from pg_settings s join (values
 ('idle_in_transaction_session_timeout','0'), ('idle_session_timeout','0'), ('transaction_timeout','0'),
 ('tcp_keepalives_idle','10'), ('tcp_keepalives_interval','5'), ('tcp_keepalives_count','3')) v(name, value) on v.name=s.name`

// holder is who has the lock of a number.
const holder = `select a.application_name, coalesce(host(a.client_addr), 'this machine'), coalesce(a.xact_start, a.backend_start, now())
 from pg_locks l join pg_stat_activity a on a.pid=l.pid
 where l.locktype='advisory' and l.granted and l.objsubid=1 and l.database=(select oid from pg_database where datname=current_database())
 and l.classid::bigint=($1::bigint>>32)&4294967295 and l.objid::bigint=$1::bigint&4294967295`

func (l *lease) take(ctx context.Context) (*pgx.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, leaseWait)
	defer cancel()
	conn, err := pgx.ConnectConfig(ctx, l.config.Copy())
	if err != nil {
		return nil, err
	}
	var had bool
	if _, err = conn.Exec(ctx, "begin"); err == nil {
		_, err = conn.Exec(ctx, keepOpen)
	}
	if err == nil {
		err = conn.QueryRow(ctx, "select pg_try_advisory_xact_lock($1)", l.number).Scan(&had)
	}
	if err == nil && !had {
		var held *HeldError
		if held, err = holderOf(ctx, conn, l.number); held != nil {
			err = held
		} else if err == nil {
			err = errors.New("another server served it until now; start again")
		}
	}
	if err != nil {
		return nil, errors.Join(err, closeSoon(conn))
	}
	return conn, nil
}

// HolderOf says who has a lease of the store in a database; nil = nobody.
func HolderOf(ctx context.Context, dsn, name string) (*HeldError, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, sentence(err)
	}
	ctx, cancel := context.WithTimeout(ctx, leaseWait)
	defer cancel()
	schema := cmp.Or(config.RuntimeParams["search_path"], usualSchema)
	delete(config.RuntimeParams, "search_path")
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, sentence(err)
	}
	held, err := holderOf(ctx, conn, lockNumber(schema, "lease", name))
	return held, errors.Join(err, closeSoon(conn))
}

func holderOf(ctx context.Context, conn *pgx.Conn, number int64) (*HeldError, error) {
	held := &HeldError{}
	err := conn.QueryRow(ctx, holder, number).Scan(&held.Who, &held.Where, &held.Since)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return held, err
}

// closeSoon closes a connection, however its server is.
func closeSoon(conn *pgx.Conn) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	return conn.Close(ctx)
}

// keep looks after the lease until ctx ends, and gives it back.
func (l *lease) keep(ctx context.Context, conn *pgx.Conn) {
	defer close(l.ended)
	tick := time.NewTicker(leaseEach)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			if conn != nil {
				_ = closeSoon(conn) // the server ends the transaction of what is gone
			}
			return
		case <-tick.C:
		}
		var err error
		if conn != nil {
			if err = alive(ctx, conn); err != nil {
				_ = closeSoon(conn) // it is of no use any more
				conn = nil
			}
		}
		if conn == nil {
			conn, err = l.take(ctx)
		}
		l.note(err)
	}
}

// alive says whether the transaction of a lease is still there.
func alive(ctx context.Context, conn *pgx.Conn) error {
	ctx, cancel := context.WithTimeout(ctx, leaseWait)
	defer cancel()
	_, err := conn.Exec(ctx, "select 1")
	return err
}

func (l *lease) note(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lost = err
}

// had is nil while the process has the lease, and otherwise says why it has not.
func (l *lease) had() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lost == nil {
		return nil
	}
	return fmt.Errorf("the right to serve this database was lost, and is taken again: %w", sentence(l.lost))
}

func (l *lease) close() {
	l.cancel()
	<-l.ended
}
