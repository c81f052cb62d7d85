package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"rator/mask"
	"rator/replay"
	"rator/replay/fixture"
	"rator/replay/report"
	"rator/server"
	"rator/server/scratch"
	"rator/workflow"
	"rator/workflow/contract"
	"rator/zone"
)

type replayCommand struct {
	Dirs []string `arg:"" name:"DIR" help:"Folders of scenarios; everything below them is played. With --import the file."`

	Endpoint  string        `help:"Where requests go; without it each scenario gets a fresh server in this process." placeholder:"URL" env:"RATOR_REPLAY_ENDPOINT"`
	Databases string        `help:"PostgreSQL server, postgres://…, where fresh servers have databases, which are dropped; without it they have files." placeholder:"ADDRESS" env:"RATOR_REPLAY_DATABASES"`
	Set       []string      `help:"What a variable of the fixtures stands for; may be repeated." placeholder:"NAME=VALUE" sep:"none" env:"-"`
	Jobs      int           `help:"Scenarios played at a time." default:"1"`
	Repeat    int           `help:"How often each scenario is played." default:"1" env:"-"`
	Timeout   time.Duration `help:"How long an answer of the endpoint may take." default:"30s"`

	Update      bool          `help:"Write what came as the new expectation, masked, where it differs." env:"-"`
	Relearn     bool          `help:"Play twice and propose what to ignore: what differs between the two." env:"-"`
	MaxP99      time.Duration `name:"max-p99" help:"Fail when an operation's p99 is longer." placeholder:"50ms"`
	MinCoverage float64       `help:"Fail when less of the contracts is covered, in percent." placeholder:"80"`
	Hookpoints  []string      `help:"Directory of hookpoint folders over the shipped ones, for their contracts; may be repeated." placeholder:"DIR" sep:"none"`

	JUnit  string `name:"junit" help:"Write the results as JUnit XML." placeholder:"FILE" env:"-"`
	JSON   string `name:"json" help:"Write the results, or what came of a conversion, as JSON." placeholder:"FILE" env:"-"`
	HTML   string `name:"html" help:"Write the results as one HTML file." placeholder:"FILE" env:"-"`
	Import string `help:"Make scenarios of a file: soapui or har." enum:",soapui,har" default:"" placeholder:"KIND" env:"-"`
	Export string `help:"Write a scenario as a file of another tool: soapui or curl." enum:",soapui,curl" default:"" placeholder:"KIND" env:"-"`
	To     string `help:"Where what is converted goes; an import makes a folder named as the file without it." placeholder:"DIR|FILE" env:"-"`

	MaxFile    byteSize `help:"Longest file that is imported (default ${default})." default:"64MiB" placeholder:"SIZE"`
	MaxEntries int      `help:"Most entries of a HAR file, or steps of a project, that are imported (default ${default})." default:"10000" placeholder:"N"`

	fontFlags

	Verbose bool `short:"v" help:"Tell every exchange, and every value that was put in for a recorded one."`
}

func (c *replayCommand) Help() string {
	return `Plays recorded exchanges and says what differs. A scenario is a folder of pairs, 01-signup.request.xml
and 01-signup.response.xml, in the order of their numbers. Answers of executeMethod are compared by what
they mean: prefixes, order of keys and white space do not count; names, types, values, nulls and lists
do. Ids that a recorded answer introduced are replaced by the live ones in later requests. In expected
answers ${xmlunit.ignore}, ${xmlunit.isNumber}, ${xmlunit.isDateTime} and ${xmlunit.matchesRegex(…)} match,
and ${capture:name} takes a value for ${name} in later requests.

Exit code 0 when all is equal, 1 when something differs or could not be played, 2 for wrong use or a
mistake in a fixture, 3 when the endpoint does not answer.

--import makes scenarios of a SoapUI 5 project or of the XML exchanges of a HAR file, in a new folder: a
folder for each suite, a scenario for each case, variables for properties, [[expect]] in scenario.toml
for assertions. Secrets become variables without a value, which scenario.toml lists. What cannot be
converted is listed with its place, and in CONVERSION.md. Exit code 1 when nothing could be, 2 for a file
that is none or too long, 3 when it cannot be read or the folder not be written.

--export soapui writes a scenario as a project of SoapUI 5, which --import makes the same scenario of, but
for its secrets. --export curl writes it as a script for sh and curl, which sends the requests to $ENDPOINT and
judges the statuses, and the answers where rator is in the PATH (rator compare), which also takes what later
requests need. It ends before a request that has a recorded value for which it has no live one. What an export
cannot do is listed.

  rator replay testdata/soap
  rator replay suite --endpoint http://127.0.0.1:8080/workflow-soap/InvokerService --set PASSWORD=demo --html report.html
  rator replay suite --jobs 4 --repeat 10 --max-p99 50ms --junit report.xml
  rator replay --import soapui project.xml --to suite
  rator replay --import har recorded.har --to suite
  rator replay --export soapui suite/signup --to signup.xml
  rator replay --export curl suite/signup --to signup.sh`
}

func (c *replayCommand) Run(t *terminal) (err error) {
	if c.converts() {
		return c.convert(t)
	}
	if c.Jobs < 1 || c.Repeat < 1 {
		return misused(errors.New("--jobs and --repeat are numbers from 1"))
	}
	if c.Relearn && (c.Update || c.JUnit+c.JSON+c.HTML != "") {
		return misused(errors.New("--relearn tells what to ignore and judges nothing; leave out --update, --junit, --json and --html"))
	}
	variables, err := settings(c.Set)
	if err != nil {
		return misused(fmt.Errorf("--set: %w", err))
	}
	found, err := fixture.Find(fixture.Options{WithoutResponse: c.Update}, c.Dirs...)
	if err != nil {
		return misused(err)
	}
	set, err := server.Hookpoints(c.Hookpoints)
	if err != nil {
		return err
	}
	target, cleanUp, err := c.target(set.Contract)
	if err != nil {
		if exit := (*exitError)(nil); errors.As(err, &exit) {
			return err
		}
		return misused(err)
	}
	defer func() {
		if left := cleanUp(); left != nil {
			err = errors.Join(err, left)
		}
	}()
	player := &replay.Player{Target: target, Variables: variables, Jobs: c.Jobs, Repeat: c.Repeat}
	if c.Relearn {
		return c.relearn(t, player, found, report.Given(mask.New(set.Contract, mask.Options{}), variables))
	}
	return c.play(t, player, set, found)
}

// target is the endpoint, or this process.
func (c *replayCommand) target(contracts func(string) *contract.Contract) (replay.Target, func() error, error) {
	if c.Endpoint != "" {
		if c.Databases != "" {
			return nil, nil, errors.New("--databases is for fresh servers in this process; leave out --endpoint")
		}
		target, err := replay.Remote(c.Endpoint, c.Jobs, c.Timeout, contracts)
		return target, func() error { return nil }, err
	}
	timeZone := ""
	if os.Getenv("TZ") != "" { // as good as a flag; a machine's own zone would make one fixture mean two things
		var err error
		if timeZone, err = zone.Machine(); err != nil {
			return nil, nil, err
		}
	}
	fonts, err := c.fonts()
	if err != nil {
		return nil, nil, err
	}
	dir, removeDir, err := scratch.Dir()
	target := scratch.NewTarget(dir)
	target.TimeZone, target.Fonts = timeZone, fonts
	if c.Databases == "" {
		return target, func() error { removeDir(); return nil }, err
	}
	target.Databases = scratch.NewDatabases(c.Databases)
	return target, func() error {
		removeDir()
		return target.Databases.Close()
	}, err
}

// play plays and reports.
func (c *replayCommand) play(t *terminal, player *replay.Player, set *workflow.Set, found []*fixture.Scenario) error {
	contracts, coverage := set.Contract, report.NewCoverage(set.Contracts())
	o := report.Options{
		MaxP99: c.MaxP99, MinCoverage: c.MinCoverage, Coverage: coverage,
	}
	total := 0
	for _, s := range found {
		total += s.Exchanges() * c.Repeat
	}
	bar := newProgress(t.err, total, 0)
	bar.noun, bar.bad = "exchanges", "not equal"
	reports, err := c.reports(t, bar, o)
	if err != nil {
		return unreachable(err)
	}
	defer reports.close()
	player.Sink, player.Observe = report.Without(mask.New(contracts, mask.Options{}), mask.New(contracts, mask.Options{Value: report.Filler}), reports), coverage.Observe
	var updated atomic.Int64
	if c.Update {
		placeholders := mask.New(contracts, mask.Options{Text: func(string) string { return ignored }})
		player.Answered = func(a *replay.Answer) error {
			err := a.Update(&echoed{placeholders, mask.In(contracts, "text/xml", a.Sent)})
			if err == nil {
				updated.Add(1)
			}
			return err
		}
	}
	player.Progress = bar.set
	summary, err := player.Play(t.ctx, found)
	bar.end()
	if summary == nil {
		return misused(err)
	}
	committed := reports.commit()
	if c.Update {
		c.updated(t, updated.Load(), summary.Withheld)
	}
	switch {
	case committed != nil || err != nil && !summary.Interrupted:
		return errors.Join(err, committed)
	case summary.Interrupted:
		return fmt.Errorf("interrupted; the reports say what was played and what was not: %w", context.Cause(t.ctx))
	}
	return c.judge(summary, coverage)
}

// ignored stands for a secret in what --update writes.
const ignored = "${xmlunit.ignore}"

// echoed hides the secrets of a request in its answer too, wherever they stand: a server
// may say what it was sent.
type echoed struct {
	replay.Secrets
	known *mask.Known
}

func (e *echoed) Answer(hookpoint, contentType string, body []byte) []byte {
	return e.known.Hide(e.Secrets.Answer(hookpoint, contentType, body), ignored)
}

func (e *echoed) Header(h http.Header) http.Header {
	out := e.Secrets.Header(h).Clone()
	for _, values := range out {
		for i := range values {
			values[i] = string(e.known.Hide([]byte(values[i]), "***"))
		}
	}
	return out
}

// updated says what --update wrote.
func (c *replayCommand) updated(t *terminal, written int64, withheld int) {
	noun := "expectations"
	if written == 1 {
		noun = "expectation"
	}
	fmt.Fprintf(t.out, "%d %s written, without secrets\n", written, noun)
	if withheld > 0 {
		fmt.Fprintf(t.out, "%d not written: what came lacks what later steps take from the recorded answer\n", withheld)
	}
}

// judge turns the outcome into an exit code; the reports have said why.
func (c *replayCommand) judge(s *replay.Summary, coverage *report.Coverage) error {
	if s.Unreachable {
		return &exitError{code: exitUnreachable}
	}
	if s.Misused {
		return &exitError{code: exitUsage}
	}
	bad := s.Scenarios[replay.Failed] > 0 || s.Exchanges[replay.NotPlayed] > 0 || s.Scenarios[replay.Different] > 0 && !c.Update
	for _, h := range s.Operations {
		bad = bad || c.MaxP99 > 0 && h.Quantile(0.99) > c.MaxP99
	}
	if r := coverage.Report(); c.MinCoverage > 0 {
		if r == nil {
			return &exitError{exitFailed, errors.New("nothing that was played has a contract, so --min-coverage is not met; give the contracts with --hookpoints, or leave it out")}
		}
		bad = bad || r.Percent < c.MinCoverage
	}
	if bad {
		return failed()
	}
	return nil
}

// relearn tells what differs from playing to playing, as lines for scenario.toml.
func (c *replayCommand) relearn(t *terminal, player *replay.Player, found []*fixture.Scenario, secrets replay.Secrets) error {
	proposals, err := player.Relearn(t.ctx, found)
	if mistake := (*fixture.Error)(nil); errors.As(err, &mistake) {
		err = misused(err)
	}
	var last *fixture.Scenario
	for _, p := range proposals {
		p = report.Proposed(secrets, p)
		if p.Scenario != last {
			if last != nil {
				fmt.Fprintln(t.out, "]")
			}
			fmt.Fprintf(t.out, "# %s\nignore = [\n", p.Scenario.File(fixture.ConfigFile))
			last = p.Scenario
		}
		fmt.Fprintf(t.out, "  %q, # %s: %s, then %s; %d places\n", p.Pattern, p.Step.Label(), short(p.First), short(p.Second), p.Times)
	}
	if last != nil {
		fmt.Fprintln(t.out, "]")
	}
	if err != nil {
		return err
	}
	if len(proposals) == 0 {
		fmt.Fprintln(t.out, "nothing differs between two playings")
	}
	return nil
}

// short is a value on one line.
func short(text string) string {
	const most = 40
	if r := []rune(text); len(r) > most {
		text = string(r[:most]) + "…"
	}
	return fmt.Sprintf("%q", text)
}

// settings reads NAME=VALUE.
func settings(given []string) (map[string]string, error) {
	variables := map[string]string{}
	for _, s := range given {
		name, v, ok := strings.Cut(s, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("%q is not NAME=VALUE", s)
		}
		variables[name] = v
	}
	return variables, nil
}
