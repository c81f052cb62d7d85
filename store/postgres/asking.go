package postgres

import (
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
)

// alike are questions that differ in values alone.
type alike struct {
	k     *kind
	sort  sort
	place int
	ends  bool
}

func (q question) alike() alike { return alike{q.k, q.sort, q.place, q.ends()} }

// limited is a question, and for how many it asks.
type limited struct {
	question
	limit int
}

// asking are statements for the questions whose answers are not known: one for all those
// for a value that are alike. There is a statement for each index, of one or of many, so a
// connection has them prepared.
func (b *base) asking(asks map[question]int) (statements []statement, kinds []*kind) {
	var of map[alike][]limited
	for q, limit := range asks {
		if b.found[q].answers(limit) {
			continue
		}
		if q.sort == within || q.sort == scan {
			statements, kinds = append(statements, b.askingOne(limited{q, limit})), append(kinds, q.k)
			continue
		}
		if of == nil {
			of = map[alike][]limited{}
		}
		of[q.alike()] = append(of[q.alike()], limited{q, limit})
	}
	for a, questions := range of {
		s := b.askingMany
		if len(questions) == 1 {
			s = func(q []limited) statement { return b.askingOne(q[0]) }
		}
		statements, kinds = append(statements, s(questions)), append(kinds, a.k)
	}
	return statements, kinds
}

// askingOne reads the answer to a question.
func (b *base) askingOne(q limited) statement {
	s, f := q.statement(q.limit), &found{limit: q.limit}
	s.begin = func() { f.rows = nil }
	s.read = func(rows pgx.Rows) error {
		r, err := q.k.scan(rows)
		if err == nil {
			r, err = b.take(q.k, r.id, r)
		}
		f.rows = append(f.rows, r)
		return err
	}
	s.done = func() error {
		b.found[q.question] = f
		return nil
	}
	return s
}

// askingMany reads the answers to questions for a value that are alike.
func (b *base) askingMany(questions []limited) statement {
	k, answers := questions[0].k, make([]found, len(questions))
	var values []string
	var froms, limits []int64
	for i, q := range questions {
		values, froms, limits = append(values, q.value), append(froms, int64(q.from.id)), append(limits, int64(q.limit))
		answers[i].limit = q.limit
	}
	return statement{
		sql: fmt.Sprintf("select a.o, r.* from unnest($1::text[],$2::bigint[],$3::bigint[]) with ordinality a(value,from_id,most,o) cross join lateral (select %s from %s where %s limit a.most) r",
			k.columns, k.table, questions[0].text("a.value", "", "a.from_id", "")),
		args: []any{values, froms, limits},
		begin: func() {
			for i := range answers {
				answers[i].rows = nil
			}
		},
		read: func(rows pgx.Rows) error {
			var place int64
			r, err := k.scan(rows, &place)
			if err == nil {
				r, err = b.take(k, r.id, r)
			}
			if err == nil {
				f := &answers[place-1]
				f.rows = append(f.rows, r)
			}
			return err
		},
		done: func() error {
			for i, q := range questions {
				slices.SortFunc(answers[i].rows, q.compare)
				b.found[q.question] = &answers[i]
			}
			return nil
		},
	}
}
