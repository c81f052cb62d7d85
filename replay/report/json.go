package report

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"rator/replay"
)

// JSON is a replay.Sink that writes one object: version, then scenarios in the
// order in which they were played, each as soon as it is, then operations,
// coverage (not for foreign XML) and summary. Times are RFC 3339 in UTC, durations
// milliseconds. What a replay does not know is left out. docs/test.md has the shape.
type JSON struct {
	out     *bufio.Writer
	encoder *json.Encoder
	o       Options
	begun   bool
}

// NewJSON writes to w.
func NewJSON(w io.Writer, o Options) *JSON {
	j := &JSON{out: bufio.NewWriterSize(w, 64<<10), o: o}
	j.encoder = json.NewEncoder(j.out)
	j.encoder.SetEscapeHTML(false)
	return j
}

// jsonVersion is that of the shape. A new field does not raise it.
const jsonVersion = 1

// Played is a replay.Sink's.
func (j *JSON) Played(r *replay.Result) error {
	separator := ","
	if !j.begun {
		j.begin()
		separator = ""
	}
	s := jsonScenario{
		Name: r.Scenario.Name, Dir: slashed(r.Scenario.Dir), Outcome: r.Outcome(), Error: errorText(r.Err),
		Started: r.Started.UTC().Format(time.RFC3339Nano), Took: milliseconds(r.Took), Exchanges: []jsonExchange{},
	}
	played, unplayed := parted(r)
	for _, x := range played {
		s.Exchanges = append(s.Exchanges, j.exchange(r, x))
	}
	for _, x := range unplayed {
		s.NotPlayed = append(s.NotPlayed, x.Step.Label())
		if s.Why == nil {
			s.Why = map[string]string{}
		}
		s.Why[x.Step.Label()] = x.Why
	}
	j.out.WriteString(separator)
	return j.encoder.Encode(s)
}

func (j *JSON) begin() {
	j.begun = true
	fmt.Fprintf(j.out, `{"version":%d,"scenarios":[`+"\n", jsonVersion)
}

func (j *JSON) exchange(r *replay.Result, x *replay.Exchange) jsonExchange {
	e := jsonExchange{
		Step: x.Step.Label(), Operation: x.Operation, Outcome: x.Outcome, Status: x.Status, ErrorCode: x.ErrorCode,
		Started: milliseconds(x.Started), Latency: latencyOf(&x.Latency), Error: errorText(x.Err),
		Sent: bodyOf(x.Sent), Want: bodyOf(unfilledBody(x.Want)), Got: bodyOf(x.Got),
	}
	for i := range x.Differences {
		d := &x.Differences[i]
		e.Differences = append(e.Differences, jsonDifference{
			Path: d.Path, Kind: d.Kind, Want: d.Want, Got: d.Got,
			File: expectedFile(r.Scenario, &x.Step, d.Kind), Line: d.Line, Column: d.Column,
		})
	}
	for i := range x.Replaced {
		p := &x.Replaced[i]
		e.Replaced = append(e.Replaced, jsonReplaced{p.Recorded, live(p), p.Why})
	}
	return e
}

func latencyOf(l *replay.Latency) jsonLatency {
	return jsonLatency{Count: l.Count, Mean: milliseconds(average(l)), Min: milliseconds(l.Min), Max: milliseconds(l.Max)}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// Done is a replay.Sink's.
func (j *JSON) Done(s *replay.Summary) error {
	if !j.begun {
		j.begin()
	}
	end := jsonEnd{
		Operations: []jsonOperation{}, Coverage: j.o.Coverage.Report(),
		Summary: jsonSummary{
			Endpoint: s.Endpoint, Unreachable: s.Unreachable, Interrupted: s.Interrupted, Planned: s.Planned, Played: s.Played, Started: s.Started.UTC().Format(time.RFC3339Nano),
			Took: milliseconds(s.Took), Scenarios: outcomes(s.Scenarios), Exchanges: outcomes(s.Exchanges),
		},
	}
	for _, o := range operationsOf(s, j.o.MaxP99) {
		l := jsonLatency{o.Count, milliseconds(o.Mean), milliseconds(o.Min), milliseconds(o.Max)}
		end.Operations = append(end.Operations, jsonOperation{o.Name, l, milliseconds(o.P50), milliseconds(o.P99), o.Slow})
	}
	rest, err := json.Marshal(end)
	if err != nil {
		return err
	}
	j.out.WriteString("],\n")
	j.out.Write(rest[1:])
	j.out.WriteByte('\n')
	return j.out.Flush()
}
