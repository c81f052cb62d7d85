package report

import (
	"encoding/base64"
	"encoding/json"
	"time"
	"unicode/utf8"

	"rator/replay"
	"rator/replay/compare"
)

type jsonScenario struct {
	Name      string         `json:"name"`
	Dir       string         `json:"dir"`
	Outcome   replay.Outcome `json:"outcome"`
	Error     string         `json:"error,omitempty"`
	Started   string         `json:"started"`
	Took      milliseconds   `json:"took_ms"`
	Exchanges []jsonExchange `json:"exchanges"`
	NotPlayed []string       `json:"not_played,omitempty"`
	// Why says of each of those what was missing.
	Why map[string]string `json:"why_not_played,omitempty"`
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
	Interrupted bool         `json:"interrupted,omitempty"`
	Planned     int          `json:"planned"` // exchanges, with all repetitions
	Played      int          `json:"played"`  // of them
	Started     string       `json:"started"`
	Took        milliseconds `json:"took_ms"`
	Scenarios   jsonOutcomes `json:"scenarios"`
	Exchanges   jsonOutcomes `json:"exchanges"`
}

type jsonOutcomes struct {
	Equal     int `json:"equal"`
	Different int `json:"different"`
	Failed    int `json:"failed"`
	// Of exchanges those that were not played, of scenarios those that were interrupted.
	NotPlayed   int `json:"not_played,omitempty"`
	NotFinished int `json:"not_finished,omitempty"`
}

func outcomes(counts map[replay.Outcome]int) jsonOutcomes {
	return jsonOutcomes{
		counts[replay.Equal], counts[replay.Different], counts[replay.Failed], counts[replay.NotPlayed], counts[replay.Unfinished],
	}
}
