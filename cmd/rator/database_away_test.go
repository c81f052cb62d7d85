package main

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"rator/store/postgres/cluster"
	"rator/suite"
)

// TestDatabaseGoesAway: while the database is gone a server says so, tells callers to come
// again, and lives; when the database is back, stopped in order or not, it goes on.
func TestDatabaseGoesAway(t *testing.T) {
	if _, err := cluster.Programs(); err != nil {
		suite.Missing(t, err.Error())
	}
	dir, err := os.MkdirTemp("", "rator-pg") // short, as a socket's path must be
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) }) // what is left of it does no harm
	start := func() *cluster.Cluster {
		t.Helper()
		c, err := cluster.Start(dir, cluster.Options{Settings: []string{"shared_buffers=32MB"}})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	database := start()
	t.Cleanup(func() {
		if err := database.Stop(); err != nil {
			t.Error(err)
		}
	})
	p := startServer(t, "--demo", "--store", database.DSN("postgres"), "--tmf-pin-key", t.TempDir()+"/pin-key", "--call-log", "off")
	asked := 0
	signUp := func() outcome {
		t.Helper()
		asked++
		return ratorOutside(t, "", "call", "SOAP_SIGNUP_CUSTOMER", "--operator", "demo", "--password", "demo", "--endpoint", p.endpoint,
			"ACCOUNT_TYPE=0", "PRODUCT_CODE=POST_PAID", "USER.FIRST_NAME=Ann", "USER.LAST_NAME=Ek", "USER.CITY=Odense", "USER.ZIP=5000",
			"USER.EMAIL=ann@example.com", fmt.Sprint("USER.USERNAME=ann", asked))
	}
	for name, end := range map[string]func(*cluster.Cluster) error{"stopped": (*cluster.Cluster).Stop, "killed": (*cluster.Cluster).Kill} {
		if o := signUp(); o.code != exitOK {
			t.Fatalf("before it is %s: %+v", name, o)
		}
		if err := end(database); err != nil {
			t.Fatal(err)
		}
		until(t, name+": it is not ready, and says why", func() bool {
			status, says := p.get(t, "/readyz")
			return status == http.StatusServiceUnavailable && strings.Contains(says, "cannot connect: check that the server runs, and host and port")
		})
		if _, metrics := p.get(t, "/metrics"); !strings.Contains(metrics, "\nrator_database_ready 0\n") {
			t.Errorf("%s: the metrics have it ready", name)
		}
		if status, says := p.get(t, "/livez"); status != http.StatusOK {
			t.Errorf("%s: a restart is asked for: %d %s", name, status, says)
		}
		if o := signUp(); o.code != exitFailed || !strings.Contains(o.out, "error 6: busy, repeat the request") {
			t.Errorf("%s: a call: %+v", name, o)
		}
		database = start()
		until(t, name+": it is ready again", func() bool {
			status, _ := p.get(t, "/readyz")
			return status == http.StatusOK
		})
	}
	if o := signUp(); o.code != exitOK {
		t.Errorf("after all: %+v", o)
	}
	select {
	case <-p.exited:
		t.Error("the server has ended")
	default:
	}
}
