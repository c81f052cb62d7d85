package replay_test

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rator/replay"
	"rator/replay/fixture"
	"rator/server/servertest"
)

// newmanDir holds newman, which make bench installs.
var newmanDir = filepath.Join(servertest.Root, "testdata", "clients", "newman")

// newmanResult is what testdata/clients/newman/play.js prints.
type newmanResult struct {
	Milliseconds float64
	Requests     int
	Failures     int
	First        string // the first failure
}

// A Postman collection (schema 2.1), as far as it is needed here.
type (
	postmanCollection struct {
		Info  map[string]string `json:"info"`
		Items []postmanItem     `json:"item"`
	}
	postmanItem struct {
		Name    string         `json:"name"`
		Request postmanRequest `json:"request"`
		Events  []postmanEvent `json:"event"`
	}
	postmanRequest struct {
		Method string              `json:"method"`
		URL    string              `json:"url"`
		Header []map[string]string `json:"header"`
		Body   map[string]string   `json:"body"`
	}
	postmanEvent struct {
		Listen string         `json:"listen"`
		Script map[string]any `json:"script"`
	}
)

// requestIDs is a script for newman that compares an answer with the expected one,
// but for request ids, which count on.
const requestIDs = `const known = text => text.replace(/request-\d+/g, '');
pm.test('answer', () => pm.expect(known(pm.response.text())).to.eql(known(%)));`

// collectionOf is a scenario for newman: its requests, and a test of each answer.
func collectionOf(b *testing.B, s *fixture.Scenario, endpoint string) postmanCollection {
	b.Helper()
	c := postmanCollection{Info: map[string]string{
		"name": s.Name, "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
	}}
	for i := range s.Steps {
		x, err := s.Load(&s.Steps[i])
		if err != nil {
			b.Fatal(err)
		}
		want, err := json.Marshal(string(x.Response.Body))
		if err != nil {
			b.Fatal(err)
		}
		test := strings.Replace(requestIDs, "%", string(want), 1)
		c.Items = append(c.Items, postmanItem{
			Name: s.Steps[i].Label(),
			Request: postmanRequest{
				Method: "POST", URL: endpoint, Body: map[string]string{"mode": "raw", "raw": string(x.Request.Body)},
				Header: []map[string]string{{"key": "Content-Type", "value": "text/xml; charset=utf-8"}, {"key": "SOAPAction", "value": `""`}},
			},
			Events: []postmanEvent{{Listen: "test", Script: map[string]any{"type": "text/javascript", "exec": strings.Split(test, "\n")}}},
		})
	}
	return c
}

// runNewman plays a collection with newman; the benchmark is skipped without it.
func runNewman(b *testing.B, c postmanCollection, iterations string) newmanResult {
	b.Helper()
	node, err := exec.LookPath("node")
	if _, none := os.Stat(filepath.Join(newmanDir, "node_modules", "newman")); err != nil || none != nil {
		b.Skip("no newman: npm ci --prefix testdata/clients/newman, as make bench does, needs nodejs and npm")
	}
	src, err := json.Marshal(c)
	if err != nil {
		b.Fatal(err)
	}
	file := filepath.Join(b.TempDir(), "collection.json")
	if err := os.WriteFile(file, src, 0o644); err != nil {
		b.Fatal(err)
	}
	out, err := exec.CommandContext(b.Context(), node, filepath.Join(newmanDir, "play.js"), file, iterations).Output()
	var result newmanResult
	if err == nil {
		err = json.Unmarshal(out, &result)
	}
	if err != nil {
		if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
			b.Fatalf("newman: %v\n%s", err, exit.Stderr)
		}
		b.Fatalf("newman: %v", err)
	}
	if result.Failures > 0 || result.Requests == 0 {
		b.Fatalf("newman: %d of %d requests failed: %s", result.Failures, result.Requests, result.First)
	}
	return result
}

// BenchmarkNewman plays the same requests through HTTP against the same server, one
// after the other, with newman and with the player, both comparing every answer. It
// reports exchanges/s of each, without the start of node, and how many times as fast
// the player is.
func BenchmarkNewman(b *testing.B) {
	const iterations = "100"
	s := *found(b, servertest.Scenarios+"/SOAP_GET_PRODUCT_CONFIGS")[0]
	s.Config.Compare = fixture.CompareTyped // request ids count on
	server := servertest.New(b)
	collection := collectionOf(b, &s, server.Endpoint)
	target, err := replay.Remote(server.Endpoint, 1, time.Minute, server.Registry.Current().Contract)
	if err != nil {
		b.Fatal(err)
	}
	var newman newmanResult
	counted := &wanted{TB: b}
	var took time.Duration
	for b.Loop() {
		result := runNewman(b, collection, iterations)
		newman.Milliseconds += result.Milliseconds
		newman.Requests += result.Requests
		// As many exchanges as newman made.
		player := &replay.Player{Target: target, Sink: counted, Repeat: result.Requests / len(s.Steps)}
		summary, err := player.Play(b.Context(), []*fixture.Scenario{&s})
		if err != nil {
			b.Fatal(err)
		}
		took += summary.Took
	}
	ours, theirs := float64(counted.exchanges)/took.Seconds(), float64(newman.Requests)/newman.Milliseconds*1000
	b.ReportMetric(ours, "exchanges/s")
	b.ReportMetric(theirs, "newman-exchanges/s")
	b.ReportMetric(ours/theirs, "times-newman")
}
