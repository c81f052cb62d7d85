package postgres

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// batch is what ends an Update: locks, checks and writes, all in one transaction of the
// database, and in one trip. What can be is joined in one statement, after those that others
// need: locks, what is checked before anything goes, what goes.
type batch struct {
	t          *tx
	statements []statement
	joined     joined           // what one statement does, after those
	witness    int64            // of a batch that writes
	versions   map[string]int64 // of the stable kinds that it wrote to, once it is committed
}

// batch is what ends the transaction; without writes it says whether what was read is of
// one state.
func (t *tx) batch(writes bool) *batch {
	b := &batch{t: t, versions: map[string]int64{}}
	l, checks := t.locks(), t.base.check()
	if writes {
		t.fenced(l, &checks)
		if t.epoch != 0 {
			checks.add(t.db.schema.epoch()+"=%s::bigint", t.epoch)
		}
	}
	if len(l.of) > 0 {
		b.add(l.statement())
	}
	locks := len(b.statements)
	if !writes {
		if len(checks.parts) > 0 {
			b.join(checks)
		}
		return b
	}
	b.witness = newWitness()
	for _, k := range inOrder(t.own.kinds, kindName) {
		b.records(k, t.own.kinds[k])
	}
	b.events()
	b.counters()
	if before := len(b.statements) > locks; before { // something is written before the others
		var j joined
		j.check(checks)
		b.statements = slices.Insert(b.statements, locks, j.statement(b.table("sure")))
		checks.parts, checks.args = nil, nil
	}
	b.join(checks)
	b.numbers()
	b.stableKinds()
	return b
}

// join adds what one statement does, and what must be so before it.
func (b *batch) join(c checks) {
	b.joined.check(c)
	b.add(b.joined.statement(b.table("sure")))
}

func (b *batch) add(s statement) { b.statements = append(b.statements, s) }

func (b *batch) table(name string) string { return b.t.db.schema.table(name) }

// columns are rows as the arrays that a statement unnests.
type columns struct {
	ids, versions []int64
	sums          []int32
	docs          []string
	values        [][]*string // by index
	befores       []int64     // versions that the database has
}

func (c *columns) add(k *kind, r *row, before int64) {
	c.ids, c.versions, c.sums, c.docs = append(c.ids, int64(r.id)), append(c.versions, r.version), append(c.sums, k.sum(r)), append(c.docs, string(r.doc))
	c.befores = append(c.befores, before)
	if c.values == nil {
		c.values = make([][]*string, len(r.values))
	}
	for i := range r.values {
		var value *string
		if r.values[i] != "" {
			value = &r.values[i]
		}
		c.values[i] = append(c.values[i], value)
	}
}

// one is the first row: its columns as a statement says them, and their values. Most that is
// written is one record of a kind, and what a server unnests costs it more.
func (c *columns) one() (columns []string, args []any) {
	columns = []string{"$1::bigint", "$2::bigint", "$3::int", "$4::json"}
	args = []any{c.ids[0], c.versions[0], c.sums[0], c.docs[0]}
	for _, values := range c.values {
		args = append(args, values[0])
		columns = append(columns, fmt.Sprintf("$%d::text", len(args)))
	}
	return columns, args
}

// unnested is the part of a statement that gives the rows.
func (c *columns) unnested(k *kind) (sql string, args []any) {
	types := []string{"$1::bigint[]", "$2::bigint[]", "$3::int[]", "$4::json[]"}
	args = []any{c.ids, c.versions, c.sums, c.docs}
	for i := range k.indexes {
		args = append(args, c.values[i])
		types = append(types, fmt.Sprintf("$%d::text[]", len(args)))
	}
	return "unnest(" + strings.Join(types, ",") + ")", args
}

// records writes those of a kind: first those that go, as others may get their values.
func (b *batch) records(k *kind, w *ownKind) {
	var (
		gone, goneVersions []int64
		changed, made      columns
		freed              = map[int][]int64{} // by index: records whose value another one gets
	)
	for _, id := range slices.Sorted(maps.Keys(w.rows)) {
		switch c := w.rows[id]; {
		case c.row == nil && c.before != nil:
			gone, goneVersions = append(gone, int64(id)), append(goneVersions, c.before.version)
		case c.row == nil:
		case c.before == nil:
			made.add(k, c.row, 0)
		default:
			changed.add(k, c.row, c.before.version)
			for place, x := range k.indexes {
				if old := c.before.values[place]; x.unique && old != "" && w.holder(place, old, id) != 0 {
					freed[place] = append(freed[place], int64(id))
				}
			}
		}
	}
	if gone != nil {
		var j joined
		j.all(len(gone), "delete from "+k.table+" r using unnest($1::bigint[],$2::bigint[]) v(i,n) where r.id=v.i and r.version=v.n", gone, goneVersions)
		b.add(j.statement(b.table("sure")))
	}
	for _, place := range slices.Sorted(maps.Keys(freed)) {
		b.add(statement{sql: "update " + k.table + " set " + k.indexes[place].column + "=null where id=any($1)", args: []any{freed[place]}})
	}
	if len(changed.ids) == 1 {
		columns, args := changed.one()
		args = append(args, changed.befores[0])
		b.joined.all(1, fmt.Sprintf("update %s set (%s)=row(%s) where id=$1 and version=$%d", k.table, k.columns, strings.Join(columns, ","), len(args)), args...)
	} else if changed.ids != nil {
		rows, args := changed.unnested(k)
		set := []string{"version=n.version", "sum=n.sum", "doc=n.doc"}
		for _, x := range k.indexes {
			set = append(set, x.column+"=n."+x.column)
		}
		args = append(args, changed.befores)
		rows = strings.TrimSuffix(rows, ")") + fmt.Sprintf(",$%d::bigint[])", len(args))
		b.joined.all(len(changed.ids), "update "+k.table+" r set "+strings.Join(set, ",")+" from "+rows+" n("+k.columns+",was) where r.id=n.id and r.version=n.was", args...)
	}
	if len(made.ids) == 1 {
		columns, args := made.one()
		b.joined.write("insert into "+k.table+"("+k.columns+") values ("+strings.Join(columns, ",")+")", args...)
	} else if made.ids != nil {
		rows, args := made.unnested(k)
		b.joined.write("insert into "+k.table+"("+k.columns+") select * from "+rows, args...)
	}
}

// shards are how many rows a counter has, so that those who add to it seldom meet.
const shards = 64

// counters adds to counters, in order of their names, so that nobody waits for who waits
// for him.
func (b *batch) counters() {
	sums := map[string]int64{}
	for _, a := range b.t.added {
		sums[a.name] += a.n
	}
	maps.DeleteFunc(sums, func(_ string, n int64) bool { return n == 0 })
	if len(sums) == 0 {
		return
	}
	names, numbers := slices.Sorted(maps.Keys(sums)), []int64(nil)
	for _, name := range names {
		numbers = append(numbers, sums[name])
	}
	if len(names) == 1 {
		b.joined.write("insert into "+b.table("counter")+" as c(name,shard,n) values ($1,$3,$2) on conflict (name,shard) do update set n=c.n+excluded.n", names[0], numbers[0], rand.IntN(shards))
		return
	}
	b.joined.write("insert into "+b.table("counter")+" as c(name,shard,n) select name,$3,n from unnest($1::text[],$2::bigint[]) v(name,n)"+
		" on conflict (name,shard) do update set n=c.n+excluded.n", names, numbers, rand.IntN(shards))
}

// numbers raises sequences, and the ids above those that were loaded.
func (b *batch) numbers() {
	least := map[string]int64{}
	for _, a := range b.t.raised {
		least[a.name] = max(least[a.name], a.n)
	}
	if len(least) > 0 {
		names, numbers := slices.Sorted(maps.Keys(least)), []int64(nil)
		for _, name := range names {
			numbers = append(numbers, least[name])
		}
		b.add(statement{sql: "insert into " + b.table("sequence") + " as s select * from unnest($1::text[],$2::bigint[])" +
			" on conflict (name) do update set n=greatest(s.n,excluded.n)", args: []any{names, numbers}})
	}
	for _, s := range b.t.givingBack() {
		b.add(s)
	}
	if b.t.loaded > 0 {
		b.add(statement{sql: "update " + b.table("mark") + " set n=greatest(n,$1) where name='tick'", args: []any{tickOf(b.t.loaded) + 1}})
	}
}

// stableKinds raises the versions of stable kinds that were written to.
func (b *batch) stableKinds() {
	kinds := b.t.wroteStable()
	if kinds == nil {
		return
	}
	b.add(statement{sql: "update " + b.table("stable") + " set version=version+1 where kind=any($1) returning kind,version", args: []any{kinds}, read: func(rows pgx.Rows) error {
		var name string
		var version int64
		err := rows.Scan(&name, &version)
		b.versions[name] = version
		return err
	}})
}

// wroteStable are the stable kinds in which something is written.
func (t *tx) wroteStable() (names []string) {
	for _, k := range inOrder(t.own.kinds, kindName) {
		if k.stable && len(t.own.kinds[k].rows) > 0 {
			names = append(names, k.name)
		}
	}
	return names
}

// writes says whether there is anything to be written.
func (t *tx) writes() bool {
	if !t.events.none() || len(t.added)+len(t.raised) > 0 || t.loaded > 0 {
		return true
	}
	for _, w := range t.own.kinds {
		if len(w.rows) > 0 {
			return true
		}
	}
	return false
}
