package postgres

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// check is what must be so in the server, as otherwise what the transaction read is not so
// any more: that must not be found out by us, to whom the answer comes after the commit.
// It is run under the locks of what was read.
func (b *base) check() (c checks) {
	b.checkRecords(&c)
	b.checkFound(&c)
	b.checkCounts(&c)
	b.checkStable(&c)
	return c
}

// checks are conditions, in an order that follows from what they are about, so that there
// are few statements.
type checks struct {
	parts []string
	args  []any
}

// add adds a condition; each %s in it is one of the values, but in a quoted name.
func (c *checks) add(condition string, values ...any) {
	var b strings.Builder
	quoted := false
	for len(condition) > 0 {
		rest, value := strings.CutPrefix(condition, "%s")
		if value && !quoted {
			c.args, values, condition = append(c.args, values[0]), values[1:], rest
			fmt.Fprintf(&b, "$%d", len(c.args))
			continue
		}
		quoted = quoted != (condition[0] == '"')
		b.WriteByte(condition[0])
		condition = condition[1:]
	}
	c.parts = append(c.parts, b.String())
}

// inOrder are the keys of a map in order of their names.
func inOrder[K comparable, V any](m map[K]V, name func(K) string) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b K) int { return cmp.Compare(name(a), name(b)) })
	return keys
}

func kindName(k *kind) string { return k.name }

// checkRecords checks the versions of records; that of one that is not there is 0.
func (b *base) checkRecords(c *checks) {
	type versions struct{ ids, versions []int64 }
	of := map[*kind]*versions{}
	for key, r := range b.known {
		v := of[key.k]
		if v == nil {
			v = &versions{}
			of[key.k] = v
		}
		version := int64(0)
		if r != nil {
			version = r.version
		}
		v.ids, v.versions = append(v.ids, int64(key.id)), append(v.versions, version)
	}
	for _, k := range inOrder(of, kindName) {
		if v := of[k]; len(v.ids) == 1 {
			c.add("coalesce((select version from "+k.table+" where id=%s),0)=%s", v.ids[0], v.versions[0])
			continue
		}
		c.add("not exists (select from unnest(%s::bigint[],%s::bigint[]) v(i,n) where coalesce((select version from "+k.table+" where id=v.i),0)<>v.n)", of[k].ids, of[k].versions)
	}
}

// checkFound asks the questions again: the ids must be the same, what they have was
// checked.
func (b *base) checkFound(c *checks) {
	type again struct {
		one                  question
		values, froms, below []string
		ids                  []int64
		limits               []int64
		wants                []string
	}
	of := map[alike]*again{}
	for q, f := range b.found {
		if q.loose() {
			continue
		}
		key := q.alike()
		a := of[key]
		if a == nil {
			a = &again{one: q}
			of[key] = a
		}
		ids := make([]string, len(f.rows))
		for i, r := range f.rows {
			ids[i] = fmt.Sprint(int64(r.id))
		}
		a.values, a.froms, a.below = append(a.values, q.value), append(a.froms, q.from.value), append(a.below, above(q.value))
		a.ids, a.limits, a.wants = append(a.ids, int64(q.from.id)), append(a.limits, int64(f.limit)), append(a.wants, "{"+strings.Join(ids, ",")+"}")
	}
	for _, key := range inOrder(of, func(s alike) string { return fmt.Sprint(s.k.name, " ", s.sort, s.place, s.ends) }) {
		a := of[key]
		if q := a.one; len(a.values) == 1 && q.sort == find {
			if a.wants[0] == "{}" {
				c.add("not exists (select from "+key.k.table+" where "+q.text("%s", "", "%s", "")+")", q.value, a.ids[0])
			} else {
				c.add("array(select id from "+key.k.table+" where "+q.text("%s", "", "%s", "")+" limit %s)=%s::bigint[]", q.value, a.ids[0], a.limits[0], a.wants[0])
			}
			continue
		}
		text := a.one.text("a.value", "a.from_value", "a.from_id", "a.below")
		c.add("not exists (select from unnest(%s::text[],%s::text[],%s::text[],%s::bigint[],%s::bigint[],%s::text[]) a(value,from_value,below,from_id,most,want)"+
			" where array(select id from "+key.k.table+" where "+text+" limit a.most)::text<>a.want)",
			a.values, a.froms, a.below, a.ids, a.limits, a.wants)
	}
}

func (b *base) checkCounts(c *checks) {
	for _, k := range inOrder(b.counts, kindName) {
		c.add("(select count(*) from "+k.table+")=%s", b.counts[k])
	}
}

// checkStable checks the versions of the kinds of which copies were handed out.
func (b *base) checkStable(c *checks) {
	var names []string
	var versions []int64
	for _, k := range inOrder(b.copied, kindName) {
		names, versions = append(names, k.name), append(versions, b.copied[k].version)
	}
	if names != nil {
		c.add("array(select version from "+b.db.schema.table("stable")+" where kind=any(%s) order by kind)=%s::bigint[]", names, versions)
	}
}
