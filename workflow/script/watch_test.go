package script_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"rator/failure"
	"rator/workflow/component"
	"rator/workflow/script"
	"rator/workflow/value"
)

// machine is a host on a machine whose time is what the test says: each component lets
// some pass, and takes some of the processor's.
type machine struct {
	*world
	passes, takes time.Duration // in each component
	passed, took  time.Duration
	asleep        time.Duration // passes whenever somebody looks at the clock
	looks, ran    int           // how often the processor's time was asked for; components that ran
	deadline      int           // component after which the call's time is over; 0 = none
	ctx           *callContext
	outer         *script.Program // that calls the script; nil = it is called itself
}

// callContext is a call's, whose time is over when the test says.
type callContext struct {
	context.Context
	over bool
}

func (c *callContext) Err() error {
	if c.over {
		return context.DeadlineExceeded
	}
	return nil
}

func (m *machine) Component(*component.Component, value.Tree) (value.Tree, error) {
	m.ran++
	m.passed += m.passes
	m.took += m.takes
	m.ctx.over = m.ctx.over || m.ran == m.deadline
	return nil, nil
}

// run runs a script on the machine.
func (m *machine) run(t *testing.T, hookpoint, src string) error {
	t.Helper()
	m.world, m.ctx = newWorld(), &callContext{Context: t.Context()}
	begin := time.Now()
	m.runtime.Host, m.runtime.Ctx = m, m.ctx
	m.runtime.Passing = func() time.Time {
		m.passed += m.asleep
		return begin.Add(m.passed)
	}
	m.runtime.Processor = func() time.Duration {
		m.looks++
		return m.took
	}
	m.runtime.Wall = 5 * time.Second // as for what reads; what writes has less
	p := compile(t, hookpoint, src)
	if m.outer != nil {
		m.programs[hookpoint], p = p, m.outer
	}
	_, err := p.Run(&m.runtime, nil)
	return err
}

const hundredCalls = "def run(p):\n    for i in range(100):\n        attempt(call.echo)\n"

// TestTimeOfScripts: only what a script and its components take of the processor is its
// time, and only when it lasted as long as that.
func TestTimeOfScripts(t *testing.T) {
	for _, c := range []struct {
		name, hookpoint string
		machine         machine
		calls           int // that ran before it was stopped; 100 = it was not
	}{
		{"quick", "TYPES", machine{passes: time.Millisecond, takes: time.Millisecond}, 100},
		{"components wait for the store or a password", "TYPES", machine{passes: time.Minute}, 100},
		{"the script has no turn on the machine", "TYPES", machine{asleep: time.Minute}, 100},
		{"both", "SOAP_READ", machine{passes: time.Minute, asleep: time.Minute}, 100},
		{"waits, and takes half of what it may", "TYPES", machine{passes: time.Minute, takes: 5 * time.Millisecond}, 100},
		{"it writes", "TYPES", machine{passes: 50 * time.Millisecond, takes: 50 * time.Millisecond}, 20},
		{"it reads", "SOAP_READ", machine{passes: 500 * time.Millisecond, takes: 500 * time.Millisecond}, 20},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := c.machine.run(t, c.hookpoint, hundredCalls)
			if c.machine.ran != c.calls {
				t.Errorf("%d components ran, want %d", c.machine.ran, c.calls)
			}
			if c.calls == 100 {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if failure.CodeOf(err) != failure.WorkflowFailed || !strings.Contains(err.Error(), "w.star:3:9: the workflow took too long") {
				t.Errorf("got %v", err)
			}
		})
	}
	quick := machine{passes: time.Millisecond, takes: time.Millisecond}
	if err := quick.run(t, "TYPES", hundredCalls); err != nil || quick.looks > 0 {
		t.Errorf("%v; the system was asked %d times for the processor's time of a quick script", err, quick.looks)
	}
}

// TestTimeBetweenCalls: a script that calls nothing is stopped too, should a step take
// what no step may.
func TestTimeBetweenCalls(t *testing.T) {
	const src = "def run(p):\n    for i in range(3000):\n        pass\n"
	for _, c := range []struct {
		name  string
		takes time.Duration // between two looks
		want  *failure.Code
	}{{"it waits", 0, nil}, {"it works", 200 * time.Millisecond, failure.WorkflowFailed}} {
		t.Run(c.name, func(t *testing.T) {
			w, looked, passed := newWorld(), time.Duration(0), time.Time{}
			w.runtime.Passing = func() time.Time { passed = passed.Add(time.Second); return passed }
			w.runtime.Processor = func() time.Duration { looked += c.takes; return looked }
			_, err := compile(t, "TYPES", src).Run(&w.runtime, nil)
			if failure.CodeOf(err) != c.want || err != nil && !strings.Contains(err.Error(), "w.star:") {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestDeadlineOfScripts: a script whose call's time is over is stopped, at a call or
// between two, with an answer that is no fault of it and that it cannot catch.
func TestDeadlineOfScripts(t *testing.T) {
	const between = "def run(p):\n    call.echo()\n    for i in range(3000):\n        pass\n    fail(\"NUMBER_IN_USE\")\n"
	nested := compile(t, "", "def run(p):\n    attempt(api.TYPES)\n    fail(\"NUMBER_IN_USE\")\n")
	for name, c := range map[string]struct {
		src   string
		outer *script.Program
	}{"at a call": {src: hundredCalls}, "between two": {src: between}, "at a call of another": {hundredCalls, nested}, "between two of another": {between, nested}} {
		t.Run(name, func(t *testing.T) {
			m := machine{deadline: 1, outer: c.outer}
			err := m.run(t, "TYPES", c.src)
			var at *script.Error
			if failure.CodeOf(err) != failure.TryAgain || !errors.Is(err, context.DeadlineExceeded) || !errors.As(err, &at) || at.Line < 2 || m.ran != 1 {
				t.Errorf("got %v after %d components", err, m.ran)
			}
		})
	}
}
