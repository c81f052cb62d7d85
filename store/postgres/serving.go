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

// Servers of a store have a lock together, which who moves all of it has alone: an advisory
// lock of a transaction that stays open, on a connection of its own. It is of a transaction
// and not of a session, so that it is whoever's it is also behind a PgBouncer that pools
// transactions. Such a transaction has neither a number nor a snapshot, so it keeps nothing
// from being vacuumed.

// Standing is how a process stands to the servers of a store.
type Standing int

// The ways to stand to them.
const (
	Guest  Standing = iota // it is none of them, and is there beside them
	Server                 // it is one of them
	Owner                  // none may be there as long as it has the store
)

// servingEach is how often the lock is looked after.
const servingEach = time.Second

// servingWait is how long the database may take to answer about the lock.
const servingWait = 5 * time.Second

// serving is the lock, had from when takeServing gives it, and taken again when its
// connection is lost.
type serving struct {
	config *pgx.ConnConfig
	number int64
	as     Standing
	cancel context.CancelFunc
	ended  chan struct{}

	mu   sync.Mutex
	lost error // why it is not had; nil = it is
}

// ServedError says that another process has the store, beside which this one may not.
type ServedError struct {
	Who   string // its application_name
	Where string // the address that it comes from
	Since time.Time
}

func (e *ServedError) Error() string {
	return fmt.Sprintf("another process has it: %s, from %s, since %s; stop that one, or name another database or schema (search_path)", e.Who, e.Where, e.Since.UTC().Format(time.RFC3339))
}

// takeServing takes the lock of a schema. It fails with *ServedError when another process
// has it so that this one may not.
func takeServing(ctx context.Context, config *pgx.ConnConfig, schema string, as Standing) (*serving, error) {
	l := &serving{config: config.Copy(), number: servingNumber(schema), as: as, ended: make(chan struct{})}
	conn, err := l.take(ctx)
	if err != nil {
		return nil, err
	}
	ctx, l.cancel = context.WithCancel(context.WithoutCancel(ctx))
	go l.keep(ctx, conn)
	return l, nil
}

func servingNumber(schema string) int64 { return lockNumber(schema, "lease", "serve") }

// keepOpen has the database leave a transaction open that does nothing, whatever it does with
// others, and find out soon that the machine is gone that it belongs to.
const keepOpen = `select set_config(s.name, v.value, true) from pg_settings s join (values
 ('idle_in_transaction_session_timeout','0'), ('idle_session_timeout','0'), ('transaction_timeout','0'),
 ('tcp_keepalives_idle','10'), ('tcp_keepalives_interval','5'), ('tcp_keepalives_count','3')) v(name, value) on v.name=s.name`

// holder is who has the lock of a number, longest.
const holder = `select a.application_name, coalesce(host(a.client_addr), 'this machine'), coalesce(a.xact_start, a.backend_start, now())
 from pg_locks l join pg_stat_activity a on a.pid=l.pid
 where l.locktype='advisory' and l.granted and l.objsubid=1 and l.database=(select oid from pg_database where datname=current_database())
 and l.classid::bigint=($1::bigint>>32)&4294967295 and l.objid::bigint=$1::bigint&4294967295 order by 3 limit 1`

func (l *serving) take(ctx context.Context) (*pgx.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, servingWait)
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
		take := "select pg_try_advisory_xact_lock($1)"
		if l.as == Server {
			take = "select pg_try_advisory_xact_lock_shared($1)"
		}
		err = conn.QueryRow(ctx, take, l.number).Scan(&had)
	}
	if err == nil && !had {
		var held *ServedError
		if held, err = holderOf(ctx, conn, l.number); held != nil {
			err = held
		} else if err == nil {
			err = errors.New("another process had it until now; start again")
		}
	}
	if err != nil {
		return nil, errors.Join(err, closeSoon(conn))
	}
	return conn, nil
}

// ServerOf says who serves the store in a database, of several the one that has for longest;
// nil = nobody.
func ServerOf(ctx context.Context, dsn string) (*ServedError, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, sentence(err)
	}
	ctx, cancel := context.WithTimeout(ctx, servingWait)
	defer cancel()
	schema := cmp.Or(config.RuntimeParams["search_path"], usualSchema)
	delete(config.RuntimeParams, "search_path")
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, sentence(err)
	}
	held, err := holderOf(ctx, conn, servingNumber(schema))
	return held, errors.Join(err, closeSoon(conn))
}

func holderOf(ctx context.Context, conn *pgx.Conn, number int64) (*ServedError, error) {
	held := &ServedError{}
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

// giveBack ends the transaction of the lock, so that it is free when that returns, and not
// only when the server notices that its connection is gone.
func giveBack(conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_, _ = conn.Exec(ctx, "rollback") // or it ends with the connection
	_ = closeSoon(conn)
}

// keep looks after the lock until ctx ends, and gives it back.
func (l *serving) keep(ctx context.Context, conn *pgx.Conn) {
	defer close(l.ended)
	tick := time.NewTicker(servingEach)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			if conn != nil {
				giveBack(conn)
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

// alive says whether the transaction of the lock is still there. Where ctx ends meanwhile, the
// server may answer for a second more, and the connection stays whole.
func alive(ctx context.Context, conn *pgx.Conn) error {
	ended := ctx
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), servingWait)
	defer cancel()
	defer context.AfterFunc(ended, func() { time.AfterFunc(time.Second, cancel) })()
	_, err := conn.Exec(ctx, "select 1")
	return err
}

func (l *serving) note(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lost = err
}

// had is nil while the process has the lock, and otherwise says why it has not.
func (l *serving) had() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lost == nil {
		return nil
	}
	return fmt.Errorf("the right to serve this database was lost, and is taken again: %w", sentence(l.lost))
}

func (l *serving) close() {
	l.cancel()
	<-l.ended
}
