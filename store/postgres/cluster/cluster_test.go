package cluster_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"

	"rator/store/postgres/cluster"
	"rator/suite"
)

// TestStart: a server is made, stopped, killed, and each time goes on with what it had.
func TestStart(t *testing.T) {
	if _, err := cluster.Programs(); err != nil {
		suite.Missing(t, err.Error())
	}
	dir, err := os.MkdirTemp("", "rator-pg")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	for round, end := range []func(*cluster.Cluster) error{(*cluster.Cluster).Stop, (*cluster.Cluster).Kill, (*cluster.Cluster).Stop} {
		c, err := cluster.Start(dir, cluster.Options{Unsynced: true, Settings: []string{"shared_buffers=16MB"}})
		if err != nil {
			t.Fatal(err)
		}
		ctx := context.Background()
		conn, err := pgx.Connect(ctx, c.DSN("postgres"))
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		_, err = conn.Exec(ctx, "create table if not exists t(n int)")
		if err == nil {
			_, err = conn.Exec(ctx, "insert into t values (1)")
		}
		if err == nil {
			err = conn.QueryRow(ctx, "select count(*) from t").Scan(&n)
		}
		if err != nil || n != round+1 {
			t.Errorf("round %d: %d rows, %v", round, n, err)
		}
		if _, err := os.Stat(filepath.Join(dir, ".s.PGSQL.5432")); err != nil {
			t.Error(err)
		}
		if err := end(c); err != nil {
			t.Error(err)
		}
	}
}
