package postgres

import (
	"context"
	"errors"
	"slices"

	"rator/store"
)

// step is one from a schema as it is to what the program needs.
type step struct {
	sql      string
	from, to *kind // of a step that gives all records of a kind their places anew, without sql
}

// plan is all that is to be done to a schema of that version and with those kinds, and what
// kinds it has then. First all tables get what is new, because what completes a record may
// look at other kinds; then records get their places; then goes what is not needed any more.
// A kind that the program does not know stays as it is.
func (s schema) plan(version int, kinds []kindLayout) (plan []step, then []kindLayout) {
	do := func(to *[]step, statements ...string) {
		for _, sql := range statements {
			*to = append(*to, step{sql: sql})
		}
	}
	for _, step := range s.steps()[version:] {
		do(&plan, step...)
	}
	var keyed, dropped []step
	then = slices.Clone(kinds)
	for _, k := range s.inOrder {
		at := slices.IndexFunc(then, func(l kindLayout) bool { return l.Name == k.name })
		if at < 0 {
			do(&plan, k.made(s, true)...)
			then = append(then, k.layout())
			continue
		}
		old := then[at].kind(s.name)
		if k.stable && !then[at].Stable {
			do(&plan, k.isStable(s))
		}
		then[at] = k.layout()
		differ := false
		for _, x := range k.indexes {
			was, err := old.place(x.name)
			if err == nil && old.indexes[was].unique == x.unique {
				continue
			}
			if differ = true; err != nil {
				do(&plan, "alter table "+k.table+" add column "+x.column+` text collate "C"`)
			}
			do(&plan, k.indexed(x))
		}
		for _, x := range old.indexes {
			is, err := k.place(x.name)
			if err == nil && k.indexes[is].unique == x.unique {
				continue
			}
			if differ = true; err != nil {
				do(&dropped, "alter table "+k.table+" drop column "+x.column)
			} else {
				do(&dropped, "drop index "+quoted(s.name)+"."+indexName(k.name, x.name, x.unique))
			}
		}
		if differ {
			keyed = append(keyed, step{from: old, to: k})
		}
	}
	return append(append(plan, keyed...), dropped...), then
}

// says is the step as a person reads it.
func (c step) says() string {
	if c.to != nil {
		return "-- every record of " + c.to.table + " gets its values in the indexes"
	}
	return c.sql
}

// Schema gives what Open would do to a schema of a database, as statements that a person
// reads; without an address, what makes a new one.
func Schema(ctx context.Context, dsn string) (says []string, err error) {
	s, m := newSchema(usualSchema, store.Infos()), made{}
	if dsn != "" {
		d, err := Open(ctx, dsn, Options{fills: true})
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, d.Close()) }()
		s = d.schema
		conn, err := d.pool.Acquire(ctx)
		if err != nil {
			return nil, err
		}
		defer conn.Release()
		if m, err = d.made(ctx, conn); err == nil && m.filling != "" {
			err = errFilling
		}
		if err != nil {
			return nil, err
		}
	}
	plan, _ := s.plan(m.version, m.kinds)
	for _, c := range plan {
		says = append(says, c.says())
	}
	return says, nil
}
