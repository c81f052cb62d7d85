package main

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"rator/soap"
	"rator/store/postgres/cluster"
	"rator/suite"
	"rator/workflow/value"
)

// TestDatabaseSwitchOver: when the primary is killed under calls and its synchronous standby
// promoted, callers hear BUSY until then, or that nobody knows of a commit that was under way,
// and nothing else; nothing that was answered is lost or has two effects, and the server goes on
// by itself. Calls that read look at the standby.
func TestDatabaseSwitchOver(t *testing.T) {
	size := suite.Soak(t, 6, 12)
	rounds := max(1, min(6, size/100)) // of make soak 6 switch-overs
	for range rounds {
		s := newCopiedCalls(t, size/rounds)
		d := startDatabase(t, "synchronous_standby_names=*", "synchronous_commit=remote_apply", "wal_keep_size=256MB")
		standby := d.startStandby(t)
		d.prepare(t)
		p := startServer(t, append(d.serve(filepath.Join(t.TempDir(), "pin-key")), "--store-read", standby.DSN("postgres"))...)
		p.readsOnStandby(t)
		s.rage(t, p.endpoint, []func() error{func() error {
			if err := d.cluster.Kill(); err != nil {
				return err
			}
			for end := time.Now().Add(patience); s.busy.Load() == 0; time.Sleep(50 * time.Millisecond) {
				if time.Now().After(end) {
					return errors.New("without a primary nobody hears BUSY")
				}
			}
			return standby.Promote()
		}})
		for end := time.Now().Add(patience); p.page(t, "/readyz") != "ready\n"; time.Sleep(50 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal(p.page(t, "/readyz"))
			}
		}
		p.stop(t)
		outcomes := map[string]int64{}
		for _, m := range callOutcome.FindAllStringSubmatch(p.log.String(), -1) {
			outcomes[m[1]]++
		}
		t.Log(outcomes)
		if outcomes["OUTCOME_UNKNOWN"] != s.unknown.Load() {
			t.Errorf("%d calls were told that nobody knows, and %d ended so", s.unknown.Load(), outcomes["OUTCOME_UNKNOWN"])
		}
		s.check(t, d)
	}
}

// startStandby starts a standby, whom the database's address names beside the primary.
func (d *database) startStandby(t *testing.T) *cluster.Cluster {
	t.Helper()
	dir, err := os.MkdirTemp("", "rator-pg")
	if err != nil {
		t.Fatal(err)
	}
	standby, err := cluster.StartStandby(dir, d.cluster, cluster.Options{Settings: []string{"shared_buffers=64MB", "max_connections=80"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := standby.Stop(); err != nil {
			t.Error(err)
		}
		_ = os.RemoveAll(dir) // what is left of it does no harm
	})
	d.others = append(d.others, standby)
	return standby
}

var callOutcome = regexp.MustCompile(`msg=call .*outcome=(\w+)`)

var onStandby = regexp.MustCompile(`(?m)^rator_database_reads_total\{place="standby"\} [1-9]`)

// readsOnStandby reads until that was done on the standby.
func (p *serverProcess) readsOnStandby(t *testing.T) {
	t.Helper()
	client := &soap.Client{URL: p.endpoint}
	for end := time.Now().Add(patience); !onStandby.MatchString(p.page(t, "/metrics")); time.Sleep(50 * time.Millisecond) {
		_, err := client.Call(t.Context(), soap.Call{Hookpoint: "SOAP_SEARCH_CUSTOMERS", Values: value.Tree{
			value.OfString("CUSTOMER_NUMBER", "100001"), value.Of("CONTEXT", value.OfString("OPERATOR", "crash")),
		}})
		if err != nil {
			t.Fatal(err)
		}
		if time.Now().After(end) {
			t.Fatalf("nobody reads on the standby:\n%s", p.log.String())
		}
	}
}
