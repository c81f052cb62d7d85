package main

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"rator/access"
	"rator/calllog"
	"rator/mask"
	"rator/soap"
	"rator/store"
	"rator/workflow"
	"rator/workflow/contract"
	"rator/workflow/value"
	"rator/zone"
)

// callLogFlags say how `rator serve` keeps its call log.
type callLogFlags struct {
	CallLog     string   `help:"Folder of the call log: request and answer of recent calls, masked, for rator log. Default beside the store; off = none." placeholder:"DIR|off" group:"Call log"`
	CallLogSize byteSize `help:"Most bytes of the call log (default ${default}); the oldest calls go." default:"256MiB" placeholder:"SIZE" group:"Call log"`
	CallLogAge  age      `help:"Longest time a call stays in the call log (default ${default})." default:"7d" placeholder:"DURATION" group:"Call log"`
	CallLogSkip []string `help:"Hookpoints whose calls are not logged, such as SOAP_GET_*; for TM Forum rights or paths, such as TMF_GET_* or /customerManagement/hub." placeholder:"PATTERN" group:"Call log"`
}

// callLogOff is what switches the log off.
const callLogOff = "off"

// callLogOf is where the call log of a store lies unless it is said.
func callLogOf(store string) string { return store + ".calls" }

// config is what the flags say of a log for the store; the zero Config is none.
func (c *callLogFlags) config(store string) (calllog.Config, error) {
	if c.CallLog == callLogOff {
		return calllog.Config{}, nil
	}
	for _, pattern := range c.CallLogSkip {
		if _, err := path.Match(pattern, ""); err != nil {
			return calllog.Config{}, misused(fmt.Errorf("--call-log-skip: %q is no pattern such as SOAP_GET_*", pattern))
		}
	}
	switch {
	case c.CallLogSize < calllog.MinBytes:
		return calllog.Config{}, misused(errors.New("--call-log-size: a call log takes at least 1MiB; --call-log off keeps none"))
	case c.CallLogAge < age(time.Minute):
		return calllog.Config{}, misused(errors.New("--call-log-age: a call log takes at least a minute; --call-log off keeps none"))
	}
	dir := c.CallLog
	if dir == "" {
		dir = callLogOf(store)
	}
	return calllog.Config{Dir: dir, MaxBytes: int64(c.CallLogSize), MaxAge: time.Duration(c.CallLogAge)}, nil
}

// openCallLog starts the log that the configuration names, if it names one.
func (s *server) openCallLog(c serverConfig) error {
	if c.callLog.Dir == "" {
		return nil
	}
	o := c.callLog
	o.Log = c.log
	o.Mask = mask.New(s.contractOf, mask.Options{Declared: s.declaredSecrets()})
	calls, err := calllog.Open(o)
	if err != nil {
		return unreachable(fmt.Errorf("call log: %w", err))
	}
	s.calls = calls
	s.metrics.callLog(calls)
	return nil
}

// contractOf is the contract of a hookpoint, nil when there is none.
func (s *server) contractOf(hookpoint string) *contract.Contract {
	if h := s.registry.Current().Find(hookpoint); h != nil {
		return h.Contract
	}
	return nil
}

// declaredSecrets gives the names that the hookpoints which are loaded mark secret.
func (s *server) declaredSecrets() func() *mask.Declared {
	type of struct {
		set      *workflow.Set
		declared *mask.Declared
	}
	var last atomic.Pointer[of]
	return func() *mask.Declared {
		set := s.registry.Current()
		known := last.Load()
		if known == nil || known.set != set {
			known = &of{set, mask.DeclaredBy(set.Contracts())}
			last.Store(known)
		}
		return known.declared
	}
}

// skipped reports whether the log leaves a call out.
func skipped(skip []string, c *calllog.Call) bool { return slices.ContainsFunc(skip, c.Asks) }

// logged gives what hands the calls of the SOAP face to the log, all but those to
// skip. It runs before the answer is on its way: nothing in it may take long.
func (s *server) logged(skip []string) func(*soap.Answered) {
	return func(a *soap.Answered) {
		c := calllog.Call{
			At: a.At, Took: a.Took, Face: calllog.FaceSOAP, Hookpoint: a.Hookpoint, Operator: access.Shown(a.Operator), RequestID: a.RequestID, Remote: a.Remote,
			Status: a.Status, RequestType: a.RequestType, AnswerType: a.AnswerType,
		}
		if skipped(skip, &c) {
			return
		}
		about := a.Values.Items(contract.ContextKey)
		c.Brand = about.Text("BRAND_KEY")
		if c.Operator == "" {
			c.Operator = access.Shown(about.Text("OPERATOR"))
		}
		if c.RequestID == "" {
			c.RequestID = about.Text("REQUEST_ID")
		}
		var answered value.Tree
		insecure := false
		switch {
		case a.Result != nil:
			answered = a.Result.Values
			c.Hookpoints, c.Accounts = a.Result.Ran, numbersOf(a.Result.Accounts)
			if a.Result.Brand != "" { // else it did not come so far that one was found
				c.Brand = a.Result.Brand
			}
			c.ErrorCode = a.Result.ErrorCode
			if id := answered.Text("REQUEST_ID"); id != "" {
				c.RequestID = id // also of a call that brought none
			}
		case a.Fault != nil:
			c.Fault = string(a.Fault.Code)
			insecure = errors.As(a.Fault, new(*workflow.SecurityError))
		}
		if (insecure || isTurnedAway(&c)) && s.turned.leavesOut(&c) {
			return
		}
		if k := s.contractOf(a.Hookpoint); k != nil {
			c.Object = objectOf(k, a.Values, answered)
		}
		s.calls.Keep(&c, a.Request, a.Answer)
	}
}

// numbersOf are ids as the log has them.
func numbersOf(ids []store.ID) (numbers []uint64) {
	for _, id := range ids {
		numbers = append(numbers, uint64(id))
	}
	return numbers
}

// objectOf is the text of the value that the contract names as the object's key:
// of the request, else of the answer. A secret is none.
func objectOf(c *contract.Contract, request, answer value.Tree) string {
	if c.ObjectKey == "" {
		return ""
	}
	for _, side := range []struct {
		declared []*contract.Value
		values   value.Tree
	}{{c.Request, request}, {c.Response, answer}} {
		if e := side.values.Path(c.ObjectKey); e != nil && e.Text != "" && !isSecret(side.declared, c.ObjectKey) {
			return e.Text
		}
	}
	return ""
}

func isSecret(declared []*contract.Value, at string) bool {
	for key := range strings.SplitSeq(at, "/") {
		v := contract.Find(declared, key)
		if v == nil {
			return false
		}
		if v.Secret != contract.NotSecret {
			return true
		}
		declared = v.Values
	}
	return false
}

// callLog shows how the call log fares.
func (m *metrics) callLog(l *calllog.Log) {
	counter := func(name, help string, of func(calllog.Stats) float64) prometheus.Collector {
		return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, func() float64 { return of(l.Stats()) })
	}
	gauge := func(name, help string, of func(calllog.Stats) float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, func() float64 { return of(l.Stats()) })
	}
	m.registry.MustRegister(
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

// age is a duration in which days count too, as 7d or 36h.
type age time.Duration

// UnmarshalText reads days, or what time.ParseDuration reads.
func (a *age) UnmarshalText(text []byte) error {
	d, err := zone.ParseAge(string(text))
	*a = age(d)
	return err
}

// closeCallLog writes what waits.
func (s *server) closeCallLog() {
	if s.calls == nil {
		return
	}
	if err := s.calls.Close(); err != nil {
		s.log.Error("call log not closed", "cause", err)
	}
}
