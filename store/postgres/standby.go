package postgres

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"rator/store"
)

// A View that may be behind runs on a standby, when that has what it must. Which that is, the
// witnesses say, rows that the commits of this process wrote: a standby has them in the order
// in which they were committed. So a state that has a witness has all that was acknowledged to
// anybody before that witness's commit was sent. While the process writes nothing else, it
// writes one a few times a second. The View asks for the witnesses in its own state: a standby
// that is behind, that follows somebody else or nobody, does not have them, and the View runs
// on the primary.

const (
	usualLag = time.Second
	leastLag = 2 * hearEach
	// standbyConnect is how long a View waits for a connection of the standby, and
	// standbyAnswer for an answer.
	standbyConnect = 500 * time.Millisecond
	standbyAnswer  = 6 * time.Second
)

// standby is where Views may run that may be behind; nil = there is none.
type standby struct {
	db         *DB
	pool       *pgxpool.Pool
	probe      *pgxpool.Pool // a connection that sees whether it is there
	lag        time.Duration
	endBeating func()

	mu    sync.Mutex
	marks []mark // those that were acknowledged last
	away  error  // why it is not asked
}

// mark is a commit that has a witness.
type mark struct {
	witness    int64
	sent, done time.Time
	pulse      bool // nothing but the witness is of it
}

// openStandby opens what Options.Read names, be it there or not.
func (d *DB) openStandby(dsn string) error {
	if d.options.ReadLag == 0 {
		d.options.ReadLag = usualLag
	}
	if d.options.ReadLag < leastLag {
		return fmt.Errorf("a standby that may be %s behind would never be asked: say at least %s", d.options.ReadLag, leastLag)
	}
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return err
	}
	d.options.settle(config.ConnConfig)
	config.MaxConns = d.pool.Config().MaxConns
	alone := config.Copy()
	alone.MaxConns = 1
	s := &standby{db: d, lag: d.options.ReadLag}
	if s.pool, err = pgxpool.NewWithConfig(context.Background(), config); err != nil {
		return err
	}
	if s.probe, err = pgxpool.NewWithConfig(context.Background(), alone); err != nil {
		s.pool.Close()
		return err
	}
	s.beat(context.Background())
	s.endBeating = often(hearEach, s.beat)
	d.standby = s
	return nil
}

func (s *standby) close() {
	if s != nil {
		s.endBeating()
		s.pool.Close()
		s.probe.Close()
	}
}

// beat sees whether the standby is there, and writes a witness where nothing else was written.
func (s *standby) beat(ctx context.Context) {
	asking, cancel := context.WithTimeout(ctx, hearing)
	defer cancel()
	if err := s.db.trip(asking, s.probe, []statement{{sql: "select 1"}}); ctx.Err() == nil {
		s.note(err)
	}
	if s.quiet() {
		s.pulse(ctx)
	}
}

// quiet is whether nothing was committed for a while that has a witness.
func (s *standby) quiet() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.marks) == 0 || time.Since(s.marks[len(s.marks)-1].done) > hearEach/2
}

// pulse writes a witness, which the primary sends on at once, and waits for no standby.
func (s *standby) pulse(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, hearing)
	defer cancel()
	table := s.db.schema.table("witness")
	m := mark{witness: newWitness(), sent: time.Now(), pulse: true}
	err := s.db.trip(ctx, s.db.aside, []statement{
		{sql: "select set_config('synchronous_commit','local',true)"},
		{sql: "delete from " + table + " where try<$1", args: []any{witnessesBefore()}},
		{sql: "insert into " + table + " values ($1,true)", args: []any{m.witness}},
	})
	if err == nil { // else Views run on the primary, which says more about it
		s.acknowledged(m)
	}
}

// acknowledged takes in a commit, before anybody hears of it.
func (s *standby) acknowledged(m mark) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m.done = time.Now()
	first := 0
	for first < len(s.marks) && s.marks[first].done.Before(m.done.Add(-s.lag)) {
		first++ // what is asked for was sent since, so it comes after these
	}
	s.marks = append(s.marks[first:], m)
}

// needs are the witnesses that a state must have that is seen now: one of a commit that is not
// older than the lag, and those of all that this process was told of before. None = nobody
// knows what to ask for.
func (s *standby) needs() (witnesses []int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.needsAt(time.Now()) // not before: marks that are too old by now may be gone
}

func (s *standby) needsAt(at time.Time) (witnesses []int64) {
	if s.away != nil {
		return nil
	}
	var since *mark
	for i, m := range s.marks {
		// Of what must be there anyhow the last, as it says most; else the first that will do.
		if !m.sent.Before(at.Add(-s.lag)) && (since == nil || !m.pulse && (since.pulse || m.sent.After(since.sent))) {
			since = &s.marks[i]
		}
	}
	if since == nil {
		return nil
	}
	witnesses = []int64{since.witness}
	for _, m := range s.marks {
		if !m.pulse && m.done.After(since.sent) && m.witness != since.witness {
			witnesses = append(witnesses, m.witness)
		}
	}
	return witnesses
}

// note takes in whether the standby answers, and tells when that has changed.
func (s *standby) note(err error) {
	if err != nil {
		err = sentence(err)
	}
	s.mu.Lock()
	changed := (err == nil) != (s.away == nil)
	s.away = err
	s.mu.Unlock()
	if tell := s.db.options.Standby; changed && tell != nil {
		tell(err)
	}
}

// errBehind is what a View hears on a standby that lacks what it must have, or cannot answer
// its question: it runs on the primary.
var errBehind = errors.New("store: the standby does not have it")

// has looks whether the state of a View on the standby has what it must.
func (s *standby) has(witnesses []int64) statement {
	return statement{
		sql:  "select count(*)=cardinality($1::bigint[]) from " + s.db.schema.table("witness") + " where try=any($1::bigint[]) and committed",
		args: []any{witnesses},
		read: func(rows pgx.Rows) error {
			var all bool
			if err := rows.Scan(&all); err != nil || all {
				return err
			}
			return errBehind
		},
	}
}

// Where Views ran that might have been behind.
const (
	onStandby = "standby"
	onPrimary = "primary"
)

// view runs fn on the standby. It is not over where that does not have what fn asks: done is
// what that took.
func (s *standby) view(ctx context.Context, fn func(store.Tx) error) (over bool, done Done, err error) {
	done.Read = onPrimary
	if s.needs() == nil {
		return false, done, nil
	}
	t, err := s.db.look(ctx)
	if err != nil {
		return true, done, err
	}
	t.base.standby, t.base.done.Read = s, onStandby
	defer func() {
		if over {
			t.end()
		}
	}()
	err = t.run(fn)
	if t.base.err != nil {
		t.over = true
		t.base.end()
		done.Trips, done.Statements = t.base.done.Trips, t.base.done.Statements
		return false, done, nil
	}
	if err == nil {
		t.runAfter()
	}
	return true, done, err
}

// take gets a connection for a View, and what it asks there first.
func (s *standby) take(ctx context.Context) (*pgxpool.Conn, statement, error) {
	witnesses := s.needs()
	if witnesses == nil {
		return nil, statement{}, errBehind
	}
	ctx, cancel := context.WithTimeout(ctx, standbyConnect)
	defer cancel()
	conn, err := s.db.acquire(ctx, s.pool)
	return conn, s.has(witnesses), err
}
