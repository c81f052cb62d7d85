package postgres

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// run runs statements on the server of the tests.
func run(t *testing.T, dsn string, statements ...string) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	for _, sql := range statements {
		if _, err := conn.Exec(ctx, sql); err != nil {
			t.Fatal(sql, err)
		}
	}
}

// TestOpenSaysWhy: what cannot be opened says what is to be done.
func TestOpenSaysWhy(t *testing.T) {
	here := dsn(t, t.TempDir())
	db := openAt(t, here, Options{})
	name := db.schema.name
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	newer, foreign := dsn(t, t.TempDir()), dsn(t, t.TempDir())
	db = openAt(t, newer, Options{})
	run(t, newer, "update "+db.schema.table("meta")+" set value='99' where name='version'")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	_, theirs, _ := strings.Cut(foreign, "search_path=")
	run(t, foreign, "create schema "+theirs, "create table "+theirs+".meta(name text, value text)",
		"drop database if exists latin", "create database latin encoding 'SQL_ASCII' template template0",
		"drop role if exists nobody", "create role nobody login")
	for what, c := range map[string]struct{ dsn, says string }{
		"no address":       {"postgres://:x:y", "postgres://USER:PASSWORD@HOST:PORT/DATABASE"},
		"no server":        {"postgres://rator@/postgres?host=/nowhere", "check that the server runs"},
		"no database":      {strings.Replace(here, "/postgres?", "/nothing?", 1), "createdb it"},
		"no user":          {strings.Replace(here, "rator@", "stranger@", 1), "check user and password"},
		"no rights":        {strings.Replace(here, "rator@", "nobody@", 1), "grant create on the database"},
		"encoding":         {strings.Replace(here, "/postgres?", "/latin?", 1), "make one with encoding UTF8"},
		"a newer schema":   {newer, "run the newer program"},
		"somebody's table": {foreign, "give the store a schema of its own"},
	} {
		db, err := Open(context.Background(), c.dsn, Options{})
		if err == nil {
			t.Errorf("%s: it was opened", what)
			_ = db.Close() // the test has failed
			continue
		}
		if !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v; want %q", what, err, c.says)
		}
	}
	if again := openAt(t, here, Options{}); again.schema.name != name || again.Close() != nil {
		t.Error("the store is not what it was")
	}
}
