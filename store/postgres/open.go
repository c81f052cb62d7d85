package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"rator/store"
)

// usualSchema is where the store lies when the DSN names no search_path.
const usualSchema = "rator"

// usualConnections are as many as two processors of a database can make use of, and some;
// more cost each caller (docs/design/speed.md).
const usualConnections = 16

// oldest is the oldest server that is known to do.
const oldest = 140000

// Open opens the store in a database, or makes it where there is none, with a place for
// every Kind defined so far. It lies in the schema that the DSN's search_path names, else
// in "rator".
func Open(ctx context.Context, dsn string, o Options) (*DB, error) {
	d, where, err := open(ctx, dsn, o, store.Infos())
	if err != nil {
		return nil, fmt.Errorf("store %s: %w", where, sentence(err))
	}
	return d, nil
}

func open(ctx context.Context, dsn string, o Options, infos []store.Info) (d *DB, where string, err error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.real == nil {
		o.real = time.Now
	}
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, "", err
	}
	c := config.ConnConfig
	where = fmt.Sprintf("%s on %s", cmp.Or(c.Database, "?"), cmp.Or(c.Host, "?"))
	name := cmp.Or(c.RuntimeParams["search_path"], usualSchema)
	o.settle(c)
	d = &DB{options: o, where: where, endListening: func() {}, endLeases: func() {}, leases: newLeases(), schema: newSchema(name, infos), stable: newStables()}
	conn, err := pgx.ConnectConfig(ctx, c.Copy())
	if err != nil {
		return nil, where, err
	}
	if err = errors.Join(d.ready(ctx, conn), conn.Close(ctx)); err != nil {
		return nil, where, err
	}
	aside := config.Copy()
	aside.MaxConns = 2
	// What takes ids and numbers need not wait for the disk: what is written with them is
	// durable only when that is.
	aside.ConnConfig.RuntimeParams["synchronous_commit"] = "off"
	aside.ConnConfig.RuntimeParams["default_transaction_isolation"] = "read committed"
	switch {
	case o.Connections > 0:
		config.MaxConns = int32(o.Connections)
	case !strings.Contains(dsn, "pool_max_conns"):
		config.MaxConns = usualConnections
	}
	if d.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return nil, where, err
	}
	if d.aside, err = pgxpool.NewWithConfig(ctx, aside); err != nil {
		d.pool.Close()
		return nil, where, err
	}
	if o.fills {
		return d, where, nil
	}
	if err := d.migrate(ctx); err != nil {
		d.pool.Close()
		d.aside.Close()
		d.endServing()
		return nil, where, err
	}
	d.hear(ctx)
	d.endListening, d.endLeases = often(hearEach, d.hear), d.keepLeases()
	if o.Read != "" {
		if err := d.openStandby(o.Read); err != nil {
			return nil, where, errors.Join(fmt.Errorf("its standby: %w", sentence(err)), d.Close())
		}
	}
	return d, where, nil
}

// settle has connections be as the store needs them, but for what an address says.
func (o Options) settle(c *pgx.ConnConfig) {
	delete(c.RuntimeParams, "search_path") // statements name the schema
	for key, value := range map[string]string{
		"application_name":                    cmp.Or(o.Name, "rator"),
		"default_transaction_isolation":       "read committed",
		"statement_timeout":                   "5s",
		"lock_timeout":                        "3s",
		"idle_in_transaction_session_timeout": "15s",
	} {
		if _, given := c.RuntimeParams[key]; !given {
			c.RuntimeParams[key] = value
		}
	}
	if o.dial != nil {
		c.DialFunc = o.dial
	}
}

var errStandby = errors.New("the server is a standby, or read only, and takes no writes: give the address of the primary, or those of both with target_session_attrs=read-write")

// ready says why a server cannot keep the store.
func (d *DB) ready(ctx context.Context, conn *pgx.Conn) error {
	var version int
	var standby bool
	var encoding string
	err := conn.QueryRow(ctx, "select current_setting('server_version_num')::int, pg_is_in_recovery(), current_setting('server_encoding')").Scan(&version, &standby, &encoding)
	switch {
	case err != nil:
		return err
	case version < oldest:
		return fmt.Errorf("the server is PostgreSQL %d, which is too old: %d or later is needed", version/10000, oldest/10000)
	case standby:
		return errStandby
	case encoding != "UTF8":
		return fmt.Errorf("the database's encoding is %s: make one with encoding UTF8", encoding)
	}
	return nil
}

// sentence says what to do about what a server refuses.
func sentence(err error) error {
	var (
		said    *pgconn.PgError
		refused *pgconn.ConnectError
		parsed  *pgconn.ParseConfigError
		address *url.Error
	)
	switch {
	case errors.As(err, &said):
		switch said.Code {
		case "28P01", "28000":
			return fmt.Errorf("the server does not let us in: check user and password, and pg_hba.conf: %w", err)
		case "3D000":
			return fmt.Errorf("there is no such database: createdb it, or name another: %w", err)
		case "42501":
			if errors.As(err, &refused) {
				return fmt.Errorf("the user may not enter the database: have its owner grant connect on the database: %w", err)
			}
			return fmt.Errorf("the user has no right to do this: have the database's owner grant create on the database, or own the schema: %w", err)
		case "08P01":
			if errors.As(err, &refused) {
				return fmt.Errorf("a pooler does not take our settings: of PgBouncer set ignore_startup_parameters = default_transaction_isolation,statement_timeout,lock_timeout,idle_in_transaction_session_timeout,synchronous_commit: %w", err)
			}
			return fmt.Errorf("a pooler does not take transactions: of PgBouncer set pool_mode = transaction: %w", err)
		case "53300":
			return fmt.Errorf("the server takes no more connections: raise max_connections, or stop who has them: %w", err)
		}
	case errors.As(err, &parsed), errors.As(err, &address):
		return fmt.Errorf("the address is none; it is postgres://USER:PASSWORD@HOST:PORT/DATABASE: %w", err)
	case errors.As(err, &refused):
		return fmt.Errorf("cannot connect: check that the server runs, and host and port: %w", err)
	}
	return err
}
