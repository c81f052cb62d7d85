package postgres

import (
	"fmt"
	"strconv"
	"strings"
)

// joined is one statement that writes what several would, which costs a server less. They
// all see what was there before it, so none may need what another one leaves. Which kinds
// a transaction writes and what it read makes the statement; a connection keeps the 512
// that it used last prepared (pgx's statement cache), an Update of another shape pays for
// planning.
type joined struct {
	parts []string // each "NAME as (…)", of a statement that writes
	sure  []string // conditions; those of records and questions are of the state before
	args  []any
}

// write adds a statement, and gives its name.
func (j *joined) write(sql string, args ...any) (name string) {
	name = fmt.Sprintf("w%d", len(j.parts))
	j.parts = append(j.parts, name+" as ("+shifted(sql, len(j.args))+")")
	j.args = append(j.args, args...)
	return name
}

// all adds one that must find so many rows, or fail in the server.
func (j *joined) all(n int, sql string, args ...any) {
	name := j.write(sql+" returning 1", args...)
	j.args = append(j.args, n)
	j.sure = append(j.sure, fmt.Sprintf("(select count(*) from %s)=$%d", name, len(j.args)))
}

// check adds conditions that must be so before anything is written.
func (j *joined) check(c checks) {
	for _, part := range c.parts {
		j.sure = append(j.sure, shifted(part, len(j.args)))
	}
	j.args = append(j.args, c.args...)
}

// statement is all of it; sure is the function that fails in the server.
func (j *joined) statement(sure string) statement {
	sql := "select 1"
	if len(j.sure) > 0 {
		sql = "select case when (" + strings.Join(j.sure, " and ") + ") is not true then " + sure + "(false) end"
	}
	if len(j.parts) > 0 {
		sql = "with " + strings.Join(j.parts, ", ") + " " + sql
	}
	return statement{sql: sql, args: j.args}
}

// shifted is a statement whose values come after n others. A $ in a quoted name is none of
// a value.
func shifted(sql string, n int) string {
	if n == 0 {
		return sql
	}
	var b strings.Builder
	b.Grow(len(sql) + 16)
	quoted := false
	for i := 0; i < len(sql); i++ {
		b.WriteByte(sql[i])
		if sql[i] == '"' {
			quoted = !quoted
		}
		if sql[i] != '$' || quoted {
			continue
		}
		end := i + 1
		for end < len(sql) && '0' <= sql[end] && sql[end] <= '9' {
			end++
		}
		if at, err := strconv.Atoi(sql[i+1 : end]); err == nil {
			b.WriteString(strconv.Itoa(at + n))
			i = end - 1
		}
	}
	return b.String()
}
