package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"rator/bench/rig"
	"rator/store/postgres/cluster"
)

// metrics are those of servers, summed by name and labels as /metrics writes them.
type metrics map[string]float64

// metricsOf asks servers for them.
func metricsOf(servers []*rig.Process) (metrics, error) {
	all := metrics{}
	for _, p := range servers {
		r, err := http.Get("http://" + p.Address + "/metrics")
		if err != nil {
			return nil, err
		}
		text, err := io.ReadAll(r.Body)
		if err = errors.Join(err, r.Body.Close()); err != nil {
			return nil, err
		}
		for line := range strings.Lines(string(text)) {
			if at := strings.LastIndexByte(line, ' '); at > 0 && line[0] != '#' {
				n, _ := strconv.ParseFloat(strings.TrimSpace(line[at:]), 64) // all are numbers
				all[line[:at]] += n
			}
		}
	}
	return all, nil
}

// of sums a metric over those of its labels that hold a text.
func (m metrics) of(name, label string) (sum float64) {
	for full, n := range m {
		if own, labels, _ := strings.Cut(full, "{"); own == name && strings.Contains(labels, label) {
			sum += n
		}
	}
	return sum
}

// spent is what something took: of servers, of their database and of its standby, processor
// time; by how much metrics rose; and how many statements the database ran.
type spent struct {
	took                      time.Duration
	server, database, standby time.Duration
	metrics                   metrics
	statements                float64
}

// during says what was spent while do ran.
func (b *bench) during(ctx context.Context, servers []*rig.Process, do func() error) (s spent, err error) {
	before, err := metricsOf(servers)
	if err != nil {
		return s, err
	}
	statements, err := b.statements(ctx)
	if err != nil {
		return s, err
	}
	begin := time.Now()
	s.server, s.database, s.standby = cpuOf(servers), b.databaseCPU("db"), b.databaseCPU("standby")
	if err := do(); err != nil {
		return s, err
	}
	s.took = time.Since(begin)
	s.server, s.database, s.standby = cpuOf(servers)-s.server, b.databaseCPU("db")-s.database, b.databaseCPU("standby")-s.standby
	after, err := b.statements(ctx)
	if err != nil {
		return s, err
	}
	s.statements = after - statements
	if s.metrics, err = metricsOf(servers); err != nil {
		return s, err
	}
	for name := range s.metrics {
		s.metrics[name] -= before[name]
	}
	return s, nil
}

func cpuOf(servers []*rig.Process) (all time.Duration) {
	for _, p := range servers {
		all += p.CPU()
	}
	return all
}

// databaseCPU is what the processes of a database server took, by its folder; 0 = there is none.
func (b *bench) databaseCPU(folder string) time.Duration {
	text, _ := os.ReadFile(filepath.Join(b.dir, folder, "data", "postmaster.pid"))
	pid, _, _ := strings.Cut(string(text), "\n")
	if pid == "" {
		return 0
	}
	return rig.FamilyCPU(pid)
}

// countsStatements are settings with which the database counts statements, once it is told to
// (countStatements); nil where it cannot.
func countsStatements() []string {
	programs, err := cluster.Programs()
	if err != nil {
		return nil // starting it says so
	}
	if _, err := os.Stat(filepath.Join(programs, "..", "lib", "pg_stat_statements.so")); err != nil {
		return nil
	}
	return []string{"shared_preload_libraries=pg_stat_statements"}
}

// countStatements has the database count statements, or not: that takes a little of each.
func (b *bench) countStatements(ctx context.Context, count bool) error {
	if countsStatements() == nil {
		return nil
	}
	track := "none"
	if b.counts = count; count {
		track = "top"
	}
	for _, sql := range []string{"create extension if not exists pg_stat_statements", "alter system set pg_stat_statements.track=" + track, "select pg_reload_conf()"} {
		if _, err := b.pool.Exec(ctx, sql); err != nil {
			return err
		}
	}
	time.Sleep(100 * time.Millisecond) // until its processes have heard of it
	return nil
}

// statements is how many it ran, but for those of this program, whose tables are called bench_….
func (b *bench) statements(ctx context.Context) (n float64, err error) {
	if b.counts {
		err = b.pool.QueryRow(ctx, "select coalesce(sum(calls),0)::float8 from pg_stat_statements bench_statements where query not like '%bench\\_%'").Scan(&n)
	}
	return n, err
}
