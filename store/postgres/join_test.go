package postgres

import "testing"

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
