package server

import (
	"net/http"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"rator/access"
	"rator/server/together"
	"rator/store/bolt"
	"rator/unit"
)

// Metrics is what /metrics shows.
type Metrics struct {
	present   atomic.Pointer[together.Present] // among the servers of a database; nil = it has none
	Registry  *prometheus.Registry
	calls     *prometheus.CounterVec
	took      *prometheus.HistogramVec
	script    *prometheus.HistogramVec
	unparsed  *prometheus.CounterVec
	unknown   *prometheus.CounterVec
	dropped   *prometheus.CounterVec
	limits    *prometheus.CounterVec
	faults    *prometheus.CounterVec
	tolerated *prometheus.CounterVec
	unprinted prometheus.Counter
	// eventsDropped counts events that went because they were old.
	eventsDropped prometheus.Counter
	commits       prometheus.Counter
	group         prometheus.Histogram
	commit        prometheus.Histogram
	rows, pages   prometheus.Counter
}

func NewMetrics() *Metrics {
	latency := prometheus.ExponentialBuckets(0.0001, 2, 18) // 100 µs to 13 s
	m := &Metrics{
		Registry: prometheus.NewRegistry(),
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "rator_calls_total",
			Help: "Calls by face, hookpoint or right, and outcome: OK, REPLAYED, DRY_RUN, OUTCOME_UNKNOWN or the name of an error code."}, []string{"face", "hookpoint", "outcome"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "rator_call_seconds",
			Help: "Duration of whole calls by face and hookpoint or right.", Buckets: latency}, []string{"face", "hookpoint"}),
		script: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "rator_script_seconds",
			Help: "The workflow script's own share of a call, components left out.", Buckets: latency}, []string{"face", "hookpoint"}),
		unparsed: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "rator_request_values_unparsed_total",
			Help: "Values of requests that did not read and became null."}, []string{"hookpoint"}),
		unknown: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "rator_request_values_unknown_total",
			Help: "Values of requests that the contract does not know."}, []string{"hookpoint"}),
		dropped: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "rator_events_emitted_twice_total",
			Help: "Events of the server's own topics that scripts emitted, by topic: dropped, because the server tells of them itself."}, []string{"topic"}),
		limits: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "rator_limits_hit_total",
			Help: "Requests refused because of a limit, by limit."}, []string{"limit"}),
		faults: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "rator_soap_faults_total",
			Help: "SOAP faults by kind."}, []string{"kind"}),
		tolerated: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "rator_username_token_tolerated_total",
			Help: "WS-Security headers of lenient operators that a strict one would be refused for, by operator and refusal."}, []string{"operator", "refusal"}),
		unprinted: prometheus.NewCounter(prometheus.CounterOpts{Name: "rator_document_letters_unprinted_total",
			Help: "Letters of documents that no font has and that were printed as their codes, once for each document made; give serve a --font that has them."}),
		eventsDropped: prometheus.NewCounter(prometheus.CounterOpts{Name: "rator_events_dropped_total",
			Help: "Events that went because they were older than --event-age and no webhook needed them."}),
		commits: prometheus.NewCounter(prometheus.CounterOpts{Name: "rator_store_commits_total",
			Help: "Commits of the store."}),
		group: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "rator_store_group_size",
			Help: "Transactions that shared one commit.", Buckets: prometheus.ExponentialBuckets(1, 2, 9)}),
		commit: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "rator_store_commit_seconds",
			Help: "Duration of commits.", Buckets: latency}),
		rows: prometheus.NewCounter(prometheus.CounterOpts{Name: "rator_store_rows_written_total",
			Help: "Rows of records, indexes, events and counters that commits wrote or dropped."}),
		pages: prometheus.NewCounter(prometheus.CounterOpts{Name: "rator_store_pages_written_total",
			Help: "Pages of the store's file that commits wrote."}),
	}
	m.Registry.MustRegister(m.calls, m.took, m.script, m.unparsed, m.unknown, m.dropped, m.limits, m.faults, m.tolerated, m.unprinted, m.eventsDropped, m.commits, m.group, m.commit, m.rows, m.pages,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// call takes one call. What does not exist has no label of its own: callers must not be
// able to make new time series.
func (m *Metrics) call(t *unit.Told) {
	operation, outcome := t.Operation, t.Outcome
	if operation == "" {
		operation = "none"
	}
	if t.DryRun && outcome == access.OutcomeOK {
		outcome = "DRY_RUN" // nothing was done
	}
	m.calls.WithLabelValues(t.Face, operation, outcome).Inc()
	m.took.WithLabelValues(t.Face, operation).Observe(t.Took.Seconds())
	if t.Script > 0 {
		m.script.WithLabelValues(t.Face, operation).Observe(t.Script.Seconds())
	}
	m.unparsed.WithLabelValues(operation).Add(float64(t.Warnings))
	m.unknown.WithLabelValues(operation).Add(float64(t.Unknown))
	for _, topic := range t.Dropped {
		m.dropped.WithLabelValues(topic).Inc()
	}
}

// gate shows how the turns of calls stand, who is not let in, and what became of audit
// rows that no call waited for.
func (m *Metrics) gate(g *unit.Gate, guard *access.Guard, behind *access.ReadBehind) {
	for class, turns := range map[string]func() unit.TurnsState{"quick": g.Quick, "slow": g.Slow} {
		labels := prometheus.Labels{"class": class}
		m.Registry.MustRegister(
			prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "rator_turns_running", ConstLabels: labels,
				Help: "Calls that run now, of all faces: slow ones are those that neither an index nor a limit bounds."}, func() float64 { return float64(turns().Running) }),
			prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "rator_turns_waiting", ConstLabels: labels,
				Help: "Calls that wait for their turn now."}, func() float64 { return float64(turns().Waiting) }),
			prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "rator_turns_refused_total", ConstLabels: labels,
				Help: "Calls that were refused because too many came before them."}, func() float64 { return float64(turns().Refused) }),
		)
	}
	for _, c := range []struct {
		name, help string
		of         func() int64
	}{
		{"rator_audit_rows_lost_total", "Audit rows of calls that changed nothing which were lost: the queue was full, or the store took none.", behind.Lost},
		{"rator_strangers_total", "Calls of who was not recognised as an operator.", behind.Strangers},
		{"rator_password_hashes_total", "Passwords of operators that were hashed, for they were not known from a call before.", func() int64 { return guard.Counts().Hashes }},
		{"rator_lane_refusals_total", "Calls that were refused because too many passwords for the same name, or from the same addresses, were being checked.", func() int64 { return guard.Counts().Refused }},
	} {
		m.Registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: c.name, Help: c.help}, func() float64 { return float64(c.of()) }))
	}
}

// audit shows how sealing fares.
func (m *Metrics) audit(s *access.Sealer) {
	for _, c := range []struct {
		name, help string
		of         func() int64
	}{
		{"rator_audit_rows_sealed_total", "Audit rows that were sealed.", s.Sealed},
		{"rator_audit_seal_failures_total", "Times that audit rows could not be sealed; they are tried again every second.", s.Failed},
	} {
		m.Registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: c.name, Help: c.help}, func() float64 { return float64(c.of()) }))
	}
}

// Committed takes a commit of the store.
func (m *Metrics) Committed(c bolt.Commit) {
	m.commits.Inc()
	m.group.Observe(float64(c.Closures))
	m.commit.Observe(c.Took.Seconds())
	m.rows.Add(float64(c.Rows))
	m.pages.Add(float64(c.Pages))
}

// handler answers with the metrics as Prometheus reads them.
func (m *Metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.Registry, promhttp.HandlerOpts{})
}
