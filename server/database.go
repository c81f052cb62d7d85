package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"rator/clock"
	"rator/server/together"
	"rator/store"
	"rator/store/address"
	"rator/store/postgres"
	"rator/tmf/hub"
)

// A store in a database may have several servers. Commands open it beside them, as no file is
// locked and no socket lies beside it.

// Standby is where calls that read may see a state that is a little older; without an address
// they do not.
type Standby struct {
	At  string
	Lag time.Duration // how much older at most
	Log *slog.Logger  // which hears of who holds up events, too
}

func (s *Standby) tell(err error) {
	if err != nil {
		s.Log.Warn("the standby is not there, so all reads go to the primary", "standby", address.Shown(s.At), "cause", err)
		return
	}
	s.Log.Info("the standby is there again", "standby", address.Shown(s.At))
}

// openDatabase opens the database of a server, beside others that it may have.
func openDatabase(ctx context.Context, at, name string, clk *clock.Clock, m *Metrics, standby Standby, migrating func(kind string, records int64)) (store.Store, error) {
	d := newDatabaseMetrics(m)
	st, err := postgres.Open(ctx, at, postgres.Options{Now: clk.Now, Observe: d.transaction, Migrating: migrating, Fenced: fenced(standby.Log), As: postgres.Server,
		Read: standby.At, ReadLag: standby.Lag, Standby: standby.tell, Name: fmt.Sprintf("rator serve %.50s", name)})
	if err != nil {
		return nil, err
	}
	d.pool(m, st)
	return st, nil
}

// fenced logs who holds up events.
func fenced(log *slog.Logger) func(postgres.Fence) {
	return func(f postgres.Fence) {
		log.Warn("a transaction of the database holds up the events: whoever has it is to end it", "transaction", f.String(), "process", f.Process, "since", f.Since.UTC())
	}
}

// openBeside opens a database for a command, whether a server has it or not.
func openBeside(ctx context.Context, at string, clk *clock.Clock, migrating func(kind string, records int64)) (store.Store, func() error, error) {
	st, err := postgres.Open(ctx, at, postgres.Options{Now: clk.Now, Migrating: migrating, Connections: 8, Name: fmt.Sprintf("rator, process %d", os.Getpid())})
	if err != nil {
		return nil, nil, err
	}
	if err := clk.Resume(ctx, st); err != nil {
		return nil, nil, errors.Join(err, st.Close())
	}
	return hub.NoteChanges(st, nil), st.Close, nil
}

// Servers are those of a database, and the hookpoints that they are to have; nil = nobody has
// set them.
func Servers(ctx context.Context, at string) (all []together.Server, counting *together.Counting, err error) {
	db, err := postgres.Open(ctx, at, postgres.Options{Connections: 2, Name: fmt.Sprintf("rator, process %d", os.Getpid())})
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return together.Servers(ctx, db)
}

// HasServer says whether a server has a store, be it in a file or a database.
func HasServer(ctx context.Context, at string) (bool, error) {
	if !address.Is(at) {
		return IsServed(ctx, at)
	}
	held, err := postgres.ServerOf(ctx, at)
	return held != nil, err
}

// databaseMetrics is what /metrics shows of a store in a database.
type databaseMetrics struct {
	transactions, trips, statements *prometheus.CounterVec
	retries, reads                  *prometheus.CounterVec
}

func newDatabaseMetrics(m *Metrics) *databaseMetrics {
	sort := []string{"sort"}
	d := &databaseMetrics{
		transactions: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "rator_database_transactions_total",
			Help: "Transactions of a store in a database, by sort (update, view) and outcome: ok, failed; calls that were refused are among the failed."}, []string{"sort", "outcome"}),
		trips: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "rator_database_trips_total",
			Help: "Trips of transactions to the database and back, by sort."}, sort),
		statements: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "rator_database_statements_total",
			Help: "Statements of transactions, by sort."}, sort),
		retries: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "rator_database_retries_total",
			Help: "Times that a transaction was tried again, by cause: moved (what it had read was changed), connection, or a code of PostgreSQL."}, []string{"cause"}),
	}
	d.reads = prometheus.NewCounterVec(prometheus.CounterOpts{Name: "rator_database_reads_total",
		Help: "With a standby (--store-read): looks of calls that read, by where they were: standby, or primary because the standby did not have what they must see."}, []string{"place"})
	m.Registry.MustRegister(d.transactions, d.trips, d.statements, d.retries, d.reads)
	return d
}

// transaction takes a transaction that is over.
func (d *databaseMetrics) transaction(t postgres.Done) {
	sort, outcome := "view", "ok"
	if t.Update {
		sort = "update"
	}
	if t.Err != nil {
		outcome = "failed"
	}
	d.transactions.WithLabelValues(sort, outcome).Inc()
	d.trips.WithLabelValues(sort).Add(float64(t.Trips))
	d.statements.WithLabelValues(sort).Add(float64(t.Statements))
	if t.Read != "" {
		d.reads.WithLabelValues(t.Read).Inc()
	}
	for _, cause := range t.Causes {
		d.retries.WithLabelValues(cause).Inc()
	}
}

// pool shows the connections, and whether the database is ready.
func (d *databaseMetrics) pool(m *Metrics, st *postgres.DB) {
	gauge := func(name, help string, of func() float64) {
		m.Registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, of))
	}
	counter := func(name, help string, of func() float64) {
		m.Registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, of))
	}
	gauge("rator_database_ready", "1 while the database takes changes and this server counts as one of its, else 0; /readyz says why.", func() float64 {
		if st.Ready() != nil {
			return 0
		}
		return 1
	})
	gauge("rator_servers", "Servers of the same database that are there, this one among them.", func() float64 {
		if p := m.present.Load(); p != nil {
			return float64(p.Seen())
		}
		return 0
	})
	gauge("rator_database_clock_skew_seconds", "What the database's clock is ahead of this machine's.", func() float64 { return st.Skew().Seconds() })
	gauge("rator_database_connections", "Connections of transactions that are open now.", func() float64 { return float64(st.Pool().Open) })
	gauge("rator_database_connections_most", "Connections of transactions that there are at most.", func() float64 { return float64(st.Pool().Most) })
	m.Registry.MustRegister(&leasesHad{st})
	gauge("rator_database_fence_seconds", "How long the oldest transaction of the database is under way, whoever's it is, behind which events wait; 0 = none is.", func() float64 { return st.FenceAge().Seconds() })
	counter("rator_database_connection_waits_total", "Transactions that waited for a connection.", func() float64 { return float64(st.Pool().Waits) })
	counter("rator_database_connection_wait_seconds_total", "How long transactions waited for a connection, together.", func() float64 { return st.Pool().Waited.Seconds() })
}

var leasesDesc = prometheus.NewDesc("rator_database_leases",
	"What this server does at the moment, and no other server of the database, by what it is; hub and webhook are of so many.", []string{"lease"}, nil)

// leasesHad shows the leases of a server, as they are when somebody asks.
type leasesHad struct{ *postgres.DB }

// Describe tells of the metric.
func (l *leasesHad) Describe(to chan<- *prometheus.Desc) { to <- leasesDesc }

// Collect counts leases by what is before the slash.
func (l *leasesHad) Collect(to chan<- prometheus.Metric) {
	had := map[string]int{}
	for _, name := range l.Leases() {
		what, _, _ := strings.Cut(name, "/")
		had[what]++
	}
	for what, n := range had {
		to <- prometheus.MustNewConstMetric(leasesDesc, prometheus.GaugeValue, float64(n), what)
	}
}
