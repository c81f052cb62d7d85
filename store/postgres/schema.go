package postgres

import (
	"strings"

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

// steps are the statements that bring all but the tables of kinds from each version to the
// next, the first from nothing. The program makes and reads the schema of the last one, whose
// number is len(steps).
func (s schema) steps() [][]string {
	return [][]string{{
		"create schema if not exists " + quoted(s.name),
		"create table " + s.table("meta") + `(name text collate "C" primary key, value text not null)`,
		"create table " + s.table("mark") + `(name text collate "C" primary key, n bigint not null)`,
		"insert into " + s.table("mark") + " values ('tick',0),('gone',0)",
		"create table " + s.table("sequence") + `(name text collate "C" primary key, n bigint not null)`,
		"create table " + s.table("counter") + `(name text collate "C", shard int, n bigint not null, primary key (name, shard))`,
		"create table " + s.table("stable") + `(kind text collate "C" primary key, version bigint not null)`,
		"create table " + s.table("witness") + "(try bigint primary key, committed bool not null)",
		"create table " + s.table("event") + "(xid xid8, n int, id bigint not null, at timestamptz not null, topic text not null, brand text not null," +
			" account bigint not null, about text not null, body json, sum int not null, primary key (xid, n))",
		s.eventIndex(),
		"create or replace function " + s.table("sure") + `(so bool) returns void language plpgsql as
$$ begin if so is not true then raise exception 'rator: what was read was changed meanwhile' using errcode='` + codeMoved + `'; end if; end $$`,
	}, {
		s.recent(),
		// What is added to the numbers of transactions, so that events of elsewhere come before.
		"insert into " + s.table("mark") + " values ('base',0)",
	}, {
		"create table " + s.table("lease") + `(name text collate "C" primary key, holder text not null, who text not null, until timestamptz not null, fence bigint not null)`,
		s.held(),
	}, {
		// What servers share beside the records (server/together).
		"create table " + s.table("wrong_try") + `(operator text collate "C", place text collate "C", known bool, n int not null, at timestamptz not null, change bigint not null, primary key (operator, place, known))`,
		"create index wrong_try_change_at on " + s.table("wrong_try") + "(change)",
		"create sequence " + s.table("wrong_try_change"),
		"create table " + s.table("nonce") + "(operator bigint, nonce bytea, asked bytea not null, until timestamptz not null, primary key (operator, nonce))",
		"create index nonce_until on " + s.table("nonce") + "(until)",
	}, {
		// A crash empties it (number.go).
		"create unlogged table " + s.table("epoch") + "(one bool primary key default true check (one), token bigint not null)",
		s.newEpoch(),
	}, {
		"create table " + s.table("server") + "(run bigint primary key, name text not null, address text not null, version text not null, hookpoints text not null, started timestamptz not null, seen timestamptz not null, not_ready text not null)",
	}}
}

func (s schema) eventIndex() string {
	return "create index event_account on " + s.table("event") + "(account, xid, n) where account<>0"
}

// made are the statements that make a kind's table, with its indexes or without.
func (k *kind) made(s schema, indexed bool) []string {
	columns := []string{"id bigint primary key", "version bigint not null", "sum int not null", "doc json not null"}
	for _, x := range k.indexes {
		columns = append(columns, x.column+` text collate "C"`)
	}
	made := []string{"create table " + k.table + "(" + strings.Join(columns, ", ") + ")"}
	for _, x := range k.indexes {
		if indexed {
			made = append(made, k.indexed(x))
		}
	}
	if k.stable {
		made = append(made, k.isStable(s))
	}
	return made
}

// isStable is the statement that gives a stable kind its version.
func (k *kind) isStable(s schema) string {
	return "insert into " + s.table("stable") + " values ('" + strings.ReplaceAll(k.name, "'", "''") + "',1) on conflict do nothing"
}

// indexed is the statement that makes an index.
func (k *kind) indexed(x index) string {
	if x.unique {
		return "create unique index " + indexName(k.name, x.name, true) + " on " + k.table + "(" + x.column + ") where " + x.column + " is not null"
	}
	return "create index " + indexName(k.name, x.name, false) + " on " + k.table + "(" + x.column + ", id) where " + x.column + " is not null"
}

func indexName(kind, index string, unique bool) string {
	return quoted(nameOfIndex(kind, index, unique))
}

func nameOfIndex(kind, index string, unique bool) string {
	if unique {
		return shortened("u_" + kind + "_" + index)
	}
	return shortened("i_" + kind + "_" + index)
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

// kind is where the records of a kind lie as the layout says.
func (l kindLayout) kind(schema string) *kind {
	info := store.Info{Name: l.Name}
	for _, x := range l.Indexes {
		info.Indexes = append(info.Indexes, store.Key{Index: x.Name, Unique: x.Unique})
	}
	return newKind(schema, info)
}

func (k *kind) layout() kindLayout {
	l := kindLayout{Name: k.name, Stable: k.stable}
	for _, x := range k.indexes {
		l.Indexes = append(l.Indexes, indexLayout{x.name, x.unique})
	}
	return l
}
