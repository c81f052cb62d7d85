package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"rator/store"
)

// schema is where everything lies: a schema of the database.
type schema struct {
	name    string
	kinds   map[string]*kind
	inOrder []*kind
}

func newSchema(name string, infos []store.Info) schema {
	s := schema{name: name, kinds: map[string]*kind{}}
	for _, info := range infos {
		k := newKind(name, info)
		s.kinds[k.name], s.inOrder = k, append(s.inOrder, k)
	}
	return s
}

// table is the name of a table, or a function, as statements say it.
func (s schema) table(name string) string { return quoted(s.name, name) }

// schemaVersion is the version of what this program makes and reads.
const schemaVersion = 1

// base are the statements that make all but the tables of kinds.
func (s schema) base() []string {
	return []string{
		"create schema if not exists " + quoted(s.name),
		"create table if not exists " + s.table("meta") + `(name text collate "C" primary key, value text not null)`,
		"create table if not exists " + s.table("mark") + `(name text collate "C" primary key, n bigint not null)`,
		"insert into " + s.table("mark") + " values ('tick',0),('gone',0) on conflict do nothing",
		"create table if not exists " + s.table("sequence") + `(name text collate "C" primary key, n bigint not null)`,
		"create table if not exists " + s.table("counter") + `(name text collate "C", shard int, n bigint not null, primary key (name, shard))`,
		"create table if not exists " + s.table("stable") + `(kind text collate "C" primary key, version bigint not null)`,
		"create table if not exists " + s.table("witness") + "(try bigint primary key, committed bool not null)",
		"create table if not exists " + s.table("event") + "(xid xid8, n int, id bigint not null, at timestamptz not null, topic text not null, brand text not null," +
			" account bigint not null, about text not null, body json, sum int not null, primary key (xid, n))",
		"create index if not exists event_account on " + s.table("event") + "(account, xid, n) where account<>0",
		"create or replace function " + s.table("sure") + `(so bool) returns void language plpgsql as
$$ begin if so is not true then raise exception 'rator: what was read was changed meanwhile' using errcode='` + codeMoved + `'; end if; end $$`,
		s.recent(),
	}
}

// made are the statements that make a kind's table.
func (k *kind) made(schema string) []string {
	columns := []string{"id bigint primary key", "version bigint not null", "sum int not null", "doc json not null"}
	for _, x := range k.indexes {
		columns = append(columns, x.column+` text collate "C"`)
	}
	made := []string{"create table " + k.table + "(" + strings.Join(columns, ", ") + ")"}
	for _, x := range k.indexes {
		made = append(made, k.indexed(x))
	}
	if k.stable {
		made = append(made, "insert into "+quoted(schema, "stable")+" values ('"+strings.ReplaceAll(k.name, "'", "''")+"',1) on conflict do nothing")
	}
	return made
}

// indexed is the statement that makes an index.
func (k *kind) indexed(x index) string {
	if x.unique {
		return "create unique index " + quoted("u_"+k.name+"_"+x.name) + " on " + k.table + "(" + x.column + ") where " + x.column + " is not null"
	}
	return "create index " + quoted("i_"+k.name+"_"+x.name) + " on " + k.table + "(" + x.column + ", id) where " + x.column + " is not null"
}

// kindLayout is what meta says of a kind that has a table.
type kindLayout struct {
	Name    string
	Indexes []indexLayout
	Stable  bool
}

type indexLayout struct {
	Name   string
	Unique bool
}

func (k *kind) layout() kindLayout {
	l := kindLayout{Name: k.name, Stable: k.stable}
	for _, x := range k.indexes {
		l.Indexes = append(l.Indexes, indexLayout{x.name, x.unique})
	}
	return l
}

// migrate makes what the program needs, in one transaction, by one process at a time.
func (d *DB) migrate(ctx context.Context, conn *pgx.Conn) error {
	tx, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(ctx) }() // of one that is committed, nothing
	l := &locks{schema: d.schema.name, of: map[int64]bool{}}
	l.take(true, "schema")
	s := l.statement()
	if _, err := tx.Exec(ctx, s.sql, s.args...); err != nil {
		return err
	}
	version, kinds, err := d.layout(ctx, tx)
	if err != nil {
		return err
	}
	if version > schemaVersion {
		return fmt.Errorf("the schema %s is of version %d, and this program knows no later one than %d: run the newer program", d.schema.name, version, schemaVersion)
	}
	if version < schemaVersion {
		for _, sql := range d.schema.base() {
			if _, err := tx.Exec(ctx, sql); err != nil {
				return fmt.Errorf("%s: %w", sql, err)
			}
		}
	}
	changed := version < schemaVersion
	for _, k := range d.schema.inOrder {
		at := slices.IndexFunc(kinds, func(l kindLayout) bool { return l.Name == k.name })
		switch {
		case at < 0:
			for _, sql := range k.made(d.schema.name) {
				if _, err := tx.Exec(ctx, sql); err != nil {
					return fmt.Errorf("%s: %w", sql, err)
				}
			}
			kinds, changed = append(kinds, k.layout()), true
		case !slices.Equal(kinds[at].Indexes, k.layout().Indexes):
			return fmt.Errorf("kind %s has other indexes in the schema %s", k.name, d.schema.name)
		}
	}
	if !changed {
		return nil
	}
	said, err := json.Marshal(kinds)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "insert into "+d.schema.table("meta")+" values ('version',$1),('kinds',$2) on conflict (name) do update set value=excluded.value", fmt.Sprint(schemaVersion), string(said))
	if err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// layout is what the schema says of itself; version 0 = it is not there.
func (d *DB) layout(ctx context.Context, tx pgx.Tx) (version int, kinds []kindLayout, err error) {
	var there bool
	if err := tx.QueryRow(ctx, "select to_regclass($1) is not null", d.schema.table("meta")).Scan(&there); err != nil || !there {
		return 0, nil, err
	}
	rows, err := tx.Query(ctx, "select name, value from "+d.schema.table("meta"))
	if err != nil {
		return 0, nil, err
	}
	var name, value string
	_, err = pgx.ForEachRow(rows, []any{&name, &value}, func() error {
		switch name {
		case "version":
			_, err := fmt.Sscan(value, &version)
			return err
		case "kinds":
			return json.Unmarshal([]byte(value), &kinds)
		}
		return nil
	})
	if err == nil && version == 0 {
		err = errors.New("it has a table meta that is not ours; give the store a schema of its own")
	}
	return version, kinds, err
}
