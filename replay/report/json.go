package report

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"io"
	"time"
	"unicode/utf8"

	"rator/replay"
	"rator/replay/compare"
)

// JSON is a replay.Sink that writes one object: version, then scenarios in the
// order in which they were played, each as soon as it is, then operations,
// coverage (not for foreign XML) and summary. Times are RFC 3339 in UTC, durations
// milliseconds. What a replay does not know is left out. README.md has the shape.
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

// JSONVersion is that of the shape. A new field does not raise it.
const JSONVersion = 1

type jsonScenario struct {
	Name      string         `json:"name"`
	Dir       string         `json:"dir"`
	Outcome   replay.Outcome `json:"outcome"`
	Error     string         `json:"error,omitempty"`
	Started   string         `json:"started"`
	Took      milliseconds   `json:"took_ms"`
	Exchanges []jsonExchange `json:"exchanges"`
	NotPlayed []string       `json:"not_played,omitempty"`
}

type jsonExchange struct {
	Step        string           `json:"step"`
	Operation   string           `json:"operation,omitempty"`
	Outcome     replay.Outcome   `json:"outcome"`
	Status      int              `json:"status,omitempty"`
	ErrorCode   int              `json:"error_code,omitempty"`
	Started     milliseconds     `json:"started_ms"`
	Latency     jsonLatency      `json:"latency"`
	Error       string           `json:"error,omitempty"`
	Differences []jsonDifference `json:"differences,omitempty"`
	Replaced    []jsonReplaced   `json:"replaced,omitempty"`
	Sent        *jsonBody        `json:"sent,omitempty"`
	Want        *jsonBody        `json:"want,omitempty"`
	Got         *jsonBody        `json:"got,omitempty"`
}

type jsonLatency struct {
	Count int          `json:"count"`
	Mean  milliseconds `json:"mean_ms"`
	Min   milliseconds `json:"min_ms"`
	Max   milliseconds `json:"max_ms"`
}

type jsonDifference struct {
	Path   string       `json:"path"`
	Kind   compare.Kind `json:"kind"`
	Want   string       `json:"want"`
	Got    string       `json:"got"`
	File   string       `json:"file"`
	Line   int          `json:"line,omitempty"`
	Column int          `json:"column,omitempty"`
}

type jsonReplaced struct {
	Recorded string `json:"recorded"`
	Live     string `json:"live"`
	Why      string `json:"why"`
}

// jsonBody is a body as text, or in base64 when it is no UTF-8.
type jsonBody struct {
	Bytes  int    `json:"bytes"`
	Text   string `json:"text,omitempty"`
	Base64 string `json:"base64,omitempty"`
	Cut    bool   `json:"cut,omitempty"` // only its first maxBody bytes are here
}

// maxBody is how much of a body the object holds, in bytes.
const maxBody = 64 << 10

func bodyOf(b []byte) *jsonBody {
	if b == nil {
		return nil
	}
	body := &jsonBody{Bytes: len(b), Cut: len(b) > maxBody}
	if body.Cut {
		b = b[:runeStartBytes(b, maxBody)]
	}
	if utf8.Valid(b) {
		body.Text = string(b)
	} else {
		body.Base64 = base64.StdEncoding.EncodeToString(b)
	}
	return body
}

// runeStartBytes is the last place at or before i where b can be cut without
// cutting a character; i itself in what is no text.
func runeStartBytes(b []byte, i int) int {
	for back := 0; back < utf8.UTFMax && back < i; back++ {
		if utf8.RuneStart(b[i-back]) {
			return i - back
		}
	}
	return i
}

type milliseconds time.Duration

// MarshalJSON is with as many digits as there are.
func (m milliseconds) MarshalJSON() ([]byte, error) {
	return json.Marshal(float64(m) / float64(time.Millisecond))
}

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
	for i := range r.Exchanges {
		s.Exchanges = append(s.Exchanges, j.exchange(r, &r.Exchanges[i]))
	}
	for _, step := range unplayed(r) {
		s.NotPlayed = append(s.NotPlayed, step.Label())
	}
	j.out.WriteString(separator)
	return j.encoder.Encode(s)
}

func (j *JSON) begin() {
	j.begun = true
	j.out.WriteString(`{"version":1,"scenarios":[` + "\n")
}

func (j *JSON) exchange(r *replay.Result, x *replay.Exchange) jsonExchange {
	e := jsonExchange{
		Step: x.Step.Label(), Operation: x.Operation, Outcome: x.Outcome, Status: x.Status, ErrorCode: x.ErrorCode,
		Started: milliseconds(x.Started), Latency: latencyOf(&x.Latency), Error: errorText(x.Err),
		Sent: bodyOf(j.o.masked(x.Sent)), Want: bodyOf(x.Want), Got: bodyOf(j.o.masked(x.Got)),
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

type jsonOperation struct {
	Operation string `json:"operation"`
	jsonLatency
	P50  milliseconds `json:"p50_ms"`
	P99  milliseconds `json:"p99_ms"`
	Slow bool         `json:"slow,omitempty"` // p99_ms is more than --max-p99
}

type jsonEnd struct {
	Operations []jsonOperation `json:"operations"`
	Coverage   *CoverageReport `json:"coverage,omitempty"`
	Summary    jsonSummary     `json:"summary"`
}

type jsonSummary struct {
	Endpoint    string       `json:"endpoint,omitempty"`
	Unreachable bool         `json:"unreachable,omitempty"`
	Started     string       `json:"started"`
	Took        milliseconds `json:"took_ms"`
	Scenarios   jsonOutcomes `json:"scenarios"`
	Exchanges   jsonOutcomes `json:"exchanges"`
}

type jsonOutcomes struct {
	Equal     int `json:"equal"`
	Different int `json:"different"`
	Failed    int `json:"failed"`
}

func outcomes(counts map[replay.Outcome]int) jsonOutcomes {
	return jsonOutcomes{counts[replay.Equal], counts[replay.Different], counts[replay.Failed]}
}

// Done is a replay.Sink's.
func (j *JSON) Done(s *replay.Summary) error {
	if !j.begun {
		j.begin()
	}
	end := jsonEnd{
		Operations: []jsonOperation{}, Coverage: j.o.Coverage.Report(),
		Summary: jsonSummary{
			Endpoint: s.Endpoint, Unreachable: s.Unreachable, Started: s.Started.UTC().Format(time.RFC3339Nano),
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
