package server

import (
	"github.com/prometheus/client_golang/prometheus"

	"rator/calllog"
)

// CallLog shows how the call log fares.
func (m *Metrics) callLog(l *calllog.Log) {
	counter := func(name, help string, of func(calllog.Stats) float64) prometheus.Collector {
		return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, func() float64 { return of(l.Stats()) })
	}
	gauge := func(name, help string, of func(calllog.Stats) float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, func() float64 { return of(l.Stats()) })
	}
	m.Registry.MustRegister(
		counter("rator_call_log_calls_total", "Calls written to the call log.", func(s calllog.Stats) float64 { return float64(s.Written) }),
		counter("rator_call_log_dropped_total", "Calls that the call log lost: its queue was full, or the file could not be written.", func(s calllog.Stats) float64 { return float64(s.Lost) }),
		gauge("rator_call_log_bytes", "Size of the call log.", func(s calllog.Stats) float64 { return float64(s.Bytes) }),
		gauge("rator_call_log_oldest_timestamp_seconds", "Time of the oldest call in the call log, 0 when it is empty.", func(s calllog.Stats) float64 {
			if s.Oldest.IsZero() {
				return 0
			}
			return float64(s.Oldest.UnixMilli()) / 1000
		}),
	)
}
