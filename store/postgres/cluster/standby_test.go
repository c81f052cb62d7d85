package cluster_test

import (
	"context"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"

	"rator/store/postgres/cluster"
	"rator/suite"
)

// TestStandby: a standby has what its primary acknowledged, follows on after it was stopped,
// and is the primary once that is killed and it is promoted; the address of both leads to
// who takes writes.
func TestStandby(t *testing.T) {
	if _, err := cluster.Programs(); err != nil {
		suite.Missing(t, err.Error())
	}
	dirs := [2]string{}
	for i := range dirs {
		dir, err := os.MkdirTemp("", "rator-pg")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		dirs[i] = dir
	}
	small := []string{"shared_buffers=16MB"}
	primary, err := cluster.Start(dirs[0], cluster.Options{Unsynced: true, Settings: append(small, "synchronous_standby_names=*")})
	if err != nil {
		t.Fatal(err)
	}
	defer primary.Stop()
	standby, err := cluster.StartStandby(dirs[1], primary, cluster.Options{Unsynced: true, Settings: small})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = standby.Stop() }()
	do := func(dsn, sql string) (n int) {
		t.Helper()
		ctx := context.Background()
		conn, err := pgx.Connect(ctx, dsn)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(ctx)
		if err := conn.QueryRow(ctx, sql).Scan(&n); err != nil {
			t.Fatal(sql, err)
		}
		return n
	}
	const insert, count = "with t as (insert into t values (1) returning n) select n from t", "select count(*) from t"
	both := standby.DSN("postgres", primary)
	conn, err := pgx.Connect(t.Context(), both)
	if err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{"create table t(n int)", "alter role rator set synchronous_commit=remote_apply"} {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	if err := conn.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	do(both, insert)
	if n := do(standby.DSN("postgres"), count); n != 1 {
		t.Errorf("the standby has %d rows", n)
	}
	if err := standby.Stop(); err != nil {
		t.Fatal(err)
	}
	if standby, err = cluster.StartStandby(dirs[1], primary, cluster.Options{Unsynced: true, Settings: small}); err != nil {
		t.Fatal(err)
	}
	do(both, insert)
	if n := do(standby.DSN("postgres"), count); n != 2 {
		t.Errorf("the standby that was stopped has %d rows", n)
	}
	if err := primary.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := standby.Promote(); err != nil {
		t.Fatal(err)
	}
	do(both, insert)
	if n := do(both, count); n != 3 {
		t.Errorf("who was promoted has %d rows", n)
	}
}
