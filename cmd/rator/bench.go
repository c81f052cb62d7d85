package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"rator/replay"
	"rator/replay/fixture"
	"rator/replay/load"
	"rator/server"
)

type benchCommand struct {
	Endpoint string   `arg:"" name:"URL" help:"Where the calls go."`
	Dirs     []string `arg:"" name:"DIR" help:"Folders of scenarios; everything below them is sent, one scenario after the other, over and over."`

	Rate    float64       `help:"Calls that are due in a second, whether answers come or not; without it each caller calls again when it has its answer." placeholder:"N" env:"-"`
	Callers int           `help:"Calls at a time; with --rate the most (default 8, with --rate 1000)." placeholder:"N" env:"-"`
	For     time.Duration `help:"How long it is measured (default ${default})." default:"30s" env:"-"`
	WarmUp  time.Duration `help:"How long the same is done before, without being counted (default ${default})." default:"5s" env:"-"`
	Timeout time.Duration `help:"How long an answer may take (default ${default})." default:"30s" env:"-"`
	Set     []string      `help:"What a variable of the fixtures stands for; may be repeated." placeholder:"NAME=VALUE" sep:"none" env:"-"`
	JSON    bool          `name:"json" help:"Answer as JSON: endpoint, rate, callers, seconds, calls, errors, perSecond, latency, lateMs, skipped, interrupted, unanswered, outcomes, operations; times in milliseconds." env:"-"`

	Hookpoints []string `help:"Directory of hookpoint folders that the server has over the shipped ones; may be repeated." placeholder:"DIR" sep:"none" env:"-"`
}

func (c *benchCommand) Help() string {
	return `Sends the requests of recorded exchanges to a server, and says how long the answers took, how many came a
second, and how they ended. Scenarios are those of rator replay: within one the ids and values that answers
gave are sent in later requests, ${unique} is another text in each playing, and so are request ids.
What answers say is not compared (rator replay does that): OK, an errorCode, a fault or the status of HTTP
counts, and is an error where the recorded answer is none, or another.

With --rate it calls by a schedule, and a call counts from when it was due: while the server stands still,
calls go on being due, as those of real clients do. Without it each of --callers waits for its answer before it
calls again, which shows the most that the server gets done.

What is sent is done: use a server and customers made for trials. Ctrl-C shows what was measured until then.

Exit code 0 when no answer was an error, 1 when some were, or it was interrupted, 2 for wrong use or a mistake
in a fixture, 3 when the endpoint does not answer.

  rator bench http://127.0.0.1:8080/workflow-soap/InvokerService suite --rate 200 --for 1m --set PASSWORD=demo
  rator bench http://127.0.0.1:8080/workflow-soap/InvokerService suite --callers 16 --json`
}

func (c *benchCommand) Run(t *terminal) error {
	plan, err := c.plan()
	if err != nil {
		return misused(err)
	}
	courses, err := c.courses(plan.Callers)
	if err != nil {
		return err
	}
	of := load.Of(courses)
	l := &load.Load{Plan: plan, NewCaller: of.New}
	bar := c.bar(t, l)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { // what stands still is shown to
		defer close(ended)
		for tick := time.NewTicker(bar.every); ; {
			select {
			case <-tick.C:
				bar.set(int((plan.WarmUp+plan.For-left(l))/time.Millisecond), 0)
			case <-ctx.Done():
				tick.Stop()
				return
			}
		}
	}()
	r, err := l.Run(t.ctx)
	stop()
	<-ended
	bar.end()
	switch {
	case err != nil:
		return unreachable(fmt.Errorf("%w; is the server started, and is the URL its endpoint?", err))
	case c.JSON:
		err = c.printJSON(t.out, r)
	default:
		err = c.print(t.out, r)
	}
	return errors.Join(err, c.judge(r))
}

// plan reads the flags.
func (c *benchCommand) plan() (load.Plan, error) {
	const mostRate = 1e6
	p := load.Plan{Rate: c.Rate, Callers: c.Callers, WarmUp: c.WarmUp, For: c.For}
	switch {
	case math.IsNaN(c.Rate) || c.Rate < 0 || c.Rate > mostRate:
		return p, fmt.Errorf("--rate %g is no number of calls a second; it is up to %.0f", c.Rate, mostRate)
	case c.Callers < 0:
		return p, fmt.Errorf("--callers %d: at least one must call", c.Callers)
	case c.For <= 0 || c.WarmUp < 0 || c.Timeout <= 0:
		return p, errors.New("--for and --timeout are times such as 30s, --warm-up is one or 0s")
	case c.Callers == 0 && c.Rate > 0:
		p.Callers = 1000
	case c.Callers == 0:
		p.Callers = 8
	}
	return p, nil
}

// courses reads the fixtures.
func (c *benchCommand) courses(callers int) ([]*replay.Course, error) {
	variables, err := settings(c.Set)
	if err != nil {
		return nil, misused(fmt.Errorf("--set: %w", err))
	}
	found, err := fixture.Find(fixture.Options{WithoutResponse: true}, c.Dirs...)
	if err != nil {
		return nil, misused(err)
	}
	set, err := server.Hookpoints(c.Hookpoints)
	if err != nil {
		return nil, err
	}
	target, err := replay.Remote(c.Endpoint, callers, c.Timeout, set.Contract)
	if err != nil {
		return nil, misused(err)
	}
	courses, err := (&replay.Player{Target: target, Variables: variables}).Courses(found)
	if err != nil {
		return nil, misused(err)
	}
	return courses, nil
}

// left is how long it still takes.
func left(l *load.Load) time.Duration {
	if p := l.SoFar(); p != nil {
		return p.Left
	}
	return l.WarmUp + l.For
}

// bar shows how it goes.
func (c *benchCommand) bar(t *terminal, l *load.Load) *progress {
	bar := newProgress(t.err, int((l.WarmUp+l.For)/time.Millisecond), 0)
	bar.says = func() []string { return soFar(l.SoFar()) }
	return bar
}

// soFar says how a load goes; nil = nothing was answered yet.
func soFar(p *load.Progress) []string {
	if p == nil {
		return []string{"waiting for the first answer"}
	}
	rest := p.Left.Round(time.Second).String() + " left"
	switch {
	case p.Warming:
		return []string{"warming up", rest}
	case p.Left == 0:
		return []string{"waiting for the last answers"}
	}
	return []string{fmt.Sprintf("%.0f/s", p.Rate), fmt.Sprintf("p50 %s p99 %s ms", millis(p.Median), millis(p.Slowly)), fmt.Sprintf("%d errors", p.Errors), rest}
}

// judge turns what was measured into an exit code; what was printed says why.
func (c *benchCommand) judge(r *load.Result) error {
	switch {
	case r.Interrupted:
		return errors.New("interrupted; what was measured until then is shown")
	case r.All.Count > 0 && r.Answered == 0:
		return &exitError{code: exitUnreachable}
	case r.All.Errors > 0:
		return failed()
	}
	return nil
}
