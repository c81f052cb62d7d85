package address

import "testing"

func TestShown(t *testing.T) {
	for store, want := range map[string]string{
		"rator.db":                   "rator.db",
		"/var/lib/a:b@c/rator.db":    "/var/lib/a:b@c/rator.db",
		"postgres://rator@db/rator":  "postgres://rator@db/rator",
		"postgres://u:secret@db/one": "postgres://u:***@db/one",
		"postgresql://u:se%40cret@a:5432,b:5433/one?target_session_attrs=read-write": "postgresql://u:***@a:5432,b:5433/one?target_session_attrs=read-write",
		"postgres://u@/one?host=/run/postgresql&password=secret&sslpassword=secret":  "postgres://u@/one?host=/run/postgresql&password=***&sslpassword=***",
		"postgres://u:secret@db:port/one":                                            "postgres://u:***@db:port/one",
		"postgres://u:sec/ret@db/one":                                                "postgres://u:***@db/one",
	} {
		if got := Shown(store); got != want {
			t.Errorf("%s: %s; want %s", store, got, want)
		}
	}
	for store, want := range map[string]bool{"rator.db": false, "postgres": false, "postgres://": true, "postgresql://db/x": true, "./postgres://db": false} {
		if Is(store) != want {
			t.Errorf("%s: %t", store, !want)
		}
	}
}
