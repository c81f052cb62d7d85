package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// bare writes the rows of a sign-up: as one pipeline of plain inserts, which is one
// transaction and one trip, into tables and indexes like the store's. It reads, locks and
// checks nothing, and takes no numbers. What such a program costs a database, a store on it
// cannot cost less than.
type bare struct {
	pool *pgxpool.Pool
	rows []row
	own  []string // what each sign-up has of its own: ids, username, customer and phone number
	next atomic.Int64
}

// row is a row of a recorded sign-up.
type row struct {
	sql    string
	values []any
}

// bareSchema is where the bare program writes.
const bareSchema = "bare"

// newBare makes the tables, and records what a sign-up wrote in the store; signUp gives its
// username.
func newBare(ctx context.Context, address string, signUp func() (string, error)) (b *bare, err error) {
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, err
	}
	config.MaxConns = 32
	b = &bare{}
	if b.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return nil, err
	}
	tables, err := b.tables(ctx)
	before := map[string]int64{}
	for _, table := range tables {
		var newest int64
		err = errors.Join(err, b.pool.QueryRow(ctx, "select coalesce(max(id),0) from rator."+table).Scan(&newest))
		before[table] = newest
	}
	username := ""
	if err == nil {
		username, err = signUp()
	}
	if err != nil {
		return b, err
	}
	for _, table := range tables {
		if err := b.record(ctx, table, before[table]); err != nil {
			return b, err
		}
	}
	b.own = append(b.own, username)
	_, err = b.pool.Exec(ctx, "analyze") // statements that were planned on empty tables are planned anew
	return b, err
}

// tables makes tables like the store's, and gives the names of those that have ids.
func (b *bare) tables(ctx context.Context) (tables []string, err error) {
	rows, err := b.pool.Query(ctx, `select relname from pg_class where relnamespace='rator'::regnamespace and relkind='r' and (relname like 'k\_%' or relname='event') order by 1`)
	if err != nil {
		return nil, err
	}
	if tables, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
		return nil, err
	}
	_, err = b.pool.Exec(ctx, "create schema "+bareSchema)
	for _, table := range append([]string{"counter"}, tables...) {
		if err == nil {
			_, err = b.pool.Exec(ctx, fmt.Sprintf("create table %s.%s (like rator.%[2]s including all)", bareSchema, pgx.Identifier{table}.Sanitize()))
		}
	}
	return tables, err
}

// record takes the rows of a table after an id.
func (b *bare) record(ctx context.Context, table string, after int64) error {
	found, err := b.pool.Query(ctx, "select * from rator."+table+" where id>$1", pgx.QueryResultFormats{pgx.TextFormatCode}, after)
	if err != nil {
		return err
	}
	defer found.Close()
	for found.Next() {
		var names, places []string
		r := row{}
		for i, field := range found.FieldDescriptions() {
			raw := found.RawValues()[i]
			if field.Name == "xid" {
				names, places = append(names, field.Name), append(places, "pg_current_xact_id()")
				continue
			}
			value := any(nil)
			if raw != nil {
				value = string(raw)
			}
			switch n, err := strconv.ParseInt(string(raw), 10, 64); {
			case raw == nil || err != nil:
			case field.Name == "id" || field.Name == "version" || field.Name == "sum" || field.Name == "n" || field.Name == "account":
				if value = n; field.Name == "id" {
					b.own = append(b.own, string(raw))
				}
			}
			switch field.Name {
			case "x_customer_number":
				b.own = append(b.own, string(raw[strings.LastIndexByte(string(raw), 0x1f)+1:]))
			case "x_number":
				b.own = append(b.own, string(raw))
			case "at":
				names, places = append(names, "at"), append(places, fmt.Sprintf("$%d::text::timestamptz", len(r.values)+1))
				r.values = append(r.values, value)
				continue
			}
			r.values = append(r.values, value)
			names, places = append(names, field.Name), append(places, fmt.Sprintf("$%d", len(r.values)))
		}
		r.sql = fmt.Sprintf("insert into %s.%s(%s) values (%s)", bareSchema, table, strings.Join(names, ","), strings.Join(places, ","))
		b.rows = append(b.rows, r)
	}
	return found.Err()
}

// run has n callers write sign-ups until end, and says how many.
func (b *bare) run(ctx context.Context, n int, end time.Time) (done int, err error) {
	var all sync.WaitGroup
	var count atomic.Int64
	failed := make([]error, n)
	for i := range n {
		all.Go(func() {
			for failed[i] == nil && time.Now().Before(end) {
				if failed[i] = b.write(ctx); failed[i] == nil {
					count.Add(1)
				}
			}
		})
	}
	all.Wait()
	if err = errors.Join(failed...); err == nil && count.Load() == 0 {
		err = errors.New("the bare program wrote nothing")
	}
	return int(count.Load()), err
}

// write writes a sign-up of its own.
func (b *bare) write(ctx context.Context) error {
	n := b.next.Add(1)
	var pairs []string
	numbered := map[string]int64{}
	for _, own := range b.own {
		digits := fmt.Sprintf("%0*d", len(own), n)
		if len(own) == len("yyyyMMddHHmmss")+4 { // an id: it stays of as many digits
			was, err := strconv.ParseInt(own, 10, 64)
			if err != nil {
				return err
			}
			numbered[own] = was + n*100 // as many as a sign-up has ids, and more
			digits = strconv.FormatInt(numbered[own], 10)
		}
		pairs = append(pairs, own, digits)
	}
	mine := strings.NewReplacer(pairs...)
	var batch pgx.Batch
	for _, r := range b.rows {
		values := make([]any, len(r.values))
		for i, value := range r.values {
			switch v := value.(type) {
			case string:
				value = mine.Replace(v)
			case int64:
				if to, id := numbered[strconv.FormatInt(v, 10)]; id {
					value = to
				}
			}
			values[i] = value
		}
		batch.Queue(r.sql, values...)
	}
	batch.Queue("insert into "+bareSchema+".counter as c(name,shard,n) values ('customers',$1,1) on conflict (name,shard) do update set n=c.n+1", rand.IntN(64))
	return b.pool.SendBatch(ctx, &batch).Close()
}
