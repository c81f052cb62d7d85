package postgres

import (
	"net/url"
	"strings"
	"testing"
)

// TestShifted: values get other numbers, and quoted names stay.
func TestShifted(t *testing.T) {
	for sql, want := range map[string]string{
		`values ($1,$2::int,$10)`: `values ($4,$5::int,$13)`,
		`from "a$1"."$b" x=$1`:    `from "a$1"."$b" x=$4`,
		`select 1`:                `select 1`,
	} {
		if got := shifted(sql, 3); got != want {
			t.Errorf("%s: %s", sql, got)
		}
	}
}

// TestSchemaOfAnyName: what statements and formats mean something by is a name like others.
func TestSchemaOfAnyName(t *testing.T) {
	here, _, _ := strings.Cut(dsn(t, t.TempDir()), "search_path=")
	for _, name := range []string{"a%s", "a%!", "$1 a", `%d"a`} {
		db := openAt(t, here+"search_path="+url.QueryEscape(name), Options{})
		var l ledger
		l.open(t, db)
		l.calls(t, db, 2, 3)
		if len(l.kept) != 6 {
			t.Errorf("%s: %d of 6 calls were kept", name, len(l.kept))
		}
		l.check(t, db)
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}
