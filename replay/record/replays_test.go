package record_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"rator/catalogue"
	"rator/replay"
	"rator/replay/fixture"
	"rator/replay/record"
	"rator/server/scratch"
	"rator/server/servertest"
	"rator/store"
	"rator/suite"
	"rator/wire"
)

func TestMain(m *testing.M) { servertest.Main(m) }

// TestARecordingPlaysAtOnce: each shipped scenario, recorded while it is played live
// through the recorder, plays against another server without a hand's work but for
// the secrets. That server is some minutes later and has given numbers away, so that
// what a server chooses (ids, numbers, times) is another one there.
func TestARecordingPlaysAtOnce(t *testing.T) {
	found, err := fixture.Find(fixture.Options{}, servertest.Scenarios, filepath.Join(servertest.Root, "testdata", "site"))
	if err != nil {
		t.Fatal(err)
	}
	rounds := suite.Size(t, 12, len(found))
	for i := range rounds {
		s := found[i*len(found)/rounds]
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			var target replay.Target = later{servertest.Target()}
			if ofAMoment[s.Name] != "" {
				target = servertest.Target()
			}
			r := playOne(t, target, recordScenario(t, s))
			for i := range r.Exchanges {
				x := &r.Exchanges[i]
				for _, d := range x.Differences {
					t.Errorf("%s: %s: %s: %s %q, got %q", x.Step.Label(), x.Operation, d.Path, d.Kind, d.Want, d.Got)
				}
			}
		})
	}
}

// ofAMoment are the scenarios that play against a server like the recorded one alone:
// what they ask means something else a little later, or behind other numbers.
var ofAMoment = map[string]string{
	"two-brands":          "the last second of a day in one of two zones",
	"SOAP_GET_CAMPAIGNS":  "the last second of a campaign",
	"ws-security-refused": "tokens of one moment, sent as they are",
	"SOAP_SIGNUP_FULL":    "a customer number that is asked for before it is given",
}

// playOne plays a scenario once.
func playOne(t *testing.T, target replay.Target, s *fixture.Scenario) *replay.Result {
	t.Helper()
	one := &oneResult{}
	player := replay.Player{Target: target, Sink: one}
	if _, err := player.Play(t.Context(), []*fixture.Scenario{s}); err != nil {
		t.Fatal(err)
	}
	if one.result.Err != nil {
		t.Errorf("%s: %v", s.Dir, one.result.Err)
	}
	return one.result
}

// oneResult is a sink that keeps the last result.
type oneResult struct{ result *replay.Result }

func (o *oneResult) Played(r *replay.Result) error { o.result = r; return nil }
func (o *oneResult) Done(*replay.Summary) error    { return nil }

// recordScenario plays a scenario through the recorder, and gives the recording with
// its deeds and settings, and with the secrets as variables.
func recordScenario(t *testing.T, s *fixture.Scenario) *fixture.Scenario {
	t.Helper()
	live := &throughRecorder{Target: servertest.Target(), t: t, dir: t.TempDir(), letters: map[string]string{}}
	played := playOne(t, live, s)
	if played.Outcome() != replay.Equal {
		t.Fatalf("it is not equal through the recorder: %+v", played)
	}
	found, err := fixture.Find(fixture.Options{}, live.dir)
	if err != nil || len(found) != 1 || len(found[0].Steps) != len(live.sent) {
		t.Fatalf("%d sent, recorded %+v, %v", len(live.sent), found, err)
	}
	recorded := found[0]
	recorded.Config.Server, recorded.Config.Tokens = s.Config.Server, s.Config.Tokens
	recorded.Config.Variables = map[string]string{}
	steps := recorded.Steps
	recorded.Steps = nil
	for _, step := range s.Steps {
		if step.Do != "" {
			servertest.Write(t, recorded.Dir, step.Do, servertest.Read(t, s.File(step.Do)))
			recorded.Steps = append(recorded.Steps, step)
			continue
		}
		own := steps[0]
		steps = steps[1:]
		x, err := recorded.Load(&own)
		if err != nil {
			t.Fatal(err)
		}
		learnSecrets(t, recorded.Config.Variables, x, live.sent[0])
		live.sent = live.sent[1:]
		learnToken(t, recorded, &own, live.letters)
		own.Number = step.Number // deeds name the steps of s
		recorded.Steps = append(recorded.Steps, own)
	}
	return recorded
}

// learnToken has a request take a token from where its user had it: from a letter that
// an event asked for, which the deed of a step reads.
func learnToken(t *testing.T, s *fixture.Scenario, step *fixture.Step, letters map[string]string) {
	t.Helper()
	for name, v := range s.Config.Variables {
		file := s.File(step.Request)
		if text := servertest.Read(t, file); letters[v] != "" && strings.Contains(text, "${"+name+"}") {
			servertest.Write(t, s.Dir, step.Request, strings.ReplaceAll(text, "${"+name+"}", "${"+letters[v]+"}"))
		}
	}
}

// sentRequest is a request as it was sent.
type sentRequest struct {
	header http.Header
	body   []byte
}

var placeholder = regexp.MustCompile(`\$\{([A-Z0-9_]+)\}`)

// learnSecrets finds what the variables of a recorded request stand for.
func learnSecrets(t *testing.T, variables map[string]string, x *fixture.Exchange, sent sentRequest) {
	t.Helper()
	learn := func(recorded, sent string) {
		names := placeholder.FindAllStringSubmatch(recorded, -1)
		if len(names) == 0 {
			return
		}
		var pattern strings.Builder
		for i, literal := range placeholder.Split(recorded, -1) {
			if i > 0 {
				pattern.WriteString("(.*?)")
			}
			pattern.WriteString(regexp.QuoteMeta(strings.ReplaceAll(literal, "$${", "${")))
		}
		values := regexp.MustCompile(`(?s)^` + pattern.String() + `$`).FindStringSubmatch(sent)
		if values == nil {
			t.Fatalf("sent\n%s\nrecorded\n%s", sent, recorded)
		}
		for i, name := range names {
			variables[name[1]] = values[i+1]
		}
	}
	if x.Request.Text {
		learn(string(x.Request.Body), string(sent.body))
	}
	for name, values := range x.Request.Header {
		for i, v := range values {
			learn(v, sent.header[name][i])
		}
	}
}

// throughRecorder plays against servers behind a recorder, over HTTP.
type throughRecorder struct {
	*scratch.Target
	t    *testing.T
	dir  string
	sent []sentRequest
	// letters are where deeds told a text, as a placeholder has it.
	letters map[string]string
}

func (r *throughRecorder) Begin(ctx context.Context, s *fixture.Scenario) (replay.Session, error) {
	session, err := r.Target.Begin(ctx, s)
	if err != nil {
		return nil, err
	}
	server := session.(*scratch.Session)
	web := httptest.NewServer(server.Handler)
	to, err := url.Parse(web.URL)
	if err != nil {
		return nil, err
	}
	split, err := record.ParseSplit("none")
	if err != nil {
		return nil, err
	}
	proxy, err := record.New(record.Options{To: to, Dir: r.dir, Split: split, Contracts: server.Contract, Gets: true})
	if err != nil {
		return nil, err
	}
	front := httptest.NewServer(proxy)
	target, err := replay.Remote(front.URL+wire.Path, 1, time.Minute, server.Contract)
	if err != nil {
		return nil, err
	}
	through, err := target.Begin(ctx, s)
	r.t.Cleanup(func() { web.Close() })
	return &recorderSession{Session: server, through: through, of: r, end: func() {
		front.Close()
		if totals := proxy.Close(); totals.NotRecorded > 0 || totals.Passed > 0 {
			r.t.Errorf("the recorder: %+v", totals)
		}
	}}, err
}

type recorderSession struct {
	*scratch.Session
	through replay.Session
	of      *throughRecorder
	end     func()
}

func (s *recorderSession) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	s.of.sent = append(s.of.sent, sentRequest{r.Header.Clone(), body})
	return s.through.Do(r)
}

func (s *recorderSession) Deed(ctx context.Context, line string) (*replay.DeedAnswer, error) {
	a, err := s.Session.Deed(ctx, line)
	if a != nil {
		for key, v := range a.Values {
			s.of.letters[v] = a.Step + ":" + key
		}
	}
	return a, err
}

func (s *recorderSession) Close() error {
	s.end()
	return s.Session.Close()
}

// later plays against servers whose clock is ahead by some minutes, and which have
// given numbers away already.
type later struct{ *scratch.Target }

const ahead = 7 * time.Minute

func (l later) Begin(ctx context.Context, s *fixture.Scenario) (replay.Session, error) {
	moved := *s
	if !moved.Config.Server.Clock.IsZero() {
		moved.Config.Server.Clock = moved.Config.Server.Clock.Add(ahead)
	}
	session, err := l.Target.Begin(ctx, &moved)
	if err != nil {
		return nil, err
	}
	server := session.(*scratch.Session)
	return laterSession{server}, server.Store.Update(ctx, useNumbers)
}

// useNumbers gives away the first numbers of every brand's customers and of its long
// number series.
func useNumbers(tx store.Tx) error {
	const first = 300 // no scenario names one of those behind them
	for brand, err := range catalogue.AllBrands(tx) {
		if err != nil {
			return err
		}
		for range first {
			if _, err := tx.Next("customer_number/" + brand.Key); err != nil {
				return err
			}
		}
	}
	for s, err := range catalogue.NumberSerieses.Scan(tx) {
		if err != nil {
			return err
		}
		if s.From == s.To || len(s.From) < 4 {
			continue
		}
		for range first {
			if _, err := catalogue.NextNumber(tx, s); err != nil {
				return err
			}
		}
	}
	return nil
}

type laterSession struct{ *scratch.Session }

func (s laterSession) Deed(ctx context.Context, line string) (*replay.DeedAnswer, error) {
	if at, ok := strings.CutPrefix(line, "clock "); ok {
		now, err := time.Parse(time.RFC3339, strings.TrimSpace(at))
		if err != nil {
			return nil, err
		}
		line = "clock " + now.Add(ahead).Format(time.RFC3339)
	}
	return s.Session.Deed(ctx, line)
}
