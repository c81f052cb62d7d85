package replay_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/replay"
	"rator/workflow/contract"
	"rator/workflow/value"
)

// customers is a service that makes a customer with an id, which it may refuse, and
// answers everything else as it was asked.
type customers struct {
	makes func(n int, w http.ResponseWriter) // answers the n-th <make>
	made  int
	sent  []string
}

func (c *customers) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	c.sent = append(c.sent, r.URL.RequestURI()+" "+string(body))
	if !strings.Contains(string(body), "make") {
		fmt.Fprintf(w, "<done>%s</done>", body)
		return
	}
	c.made++
	c.makes(c.made, w)
}

const (
	recordedID, preexisting = "202601020304050001", "202512310000000001"
	liveID                  = "202611290000000001"
)

func refuse(_ int, w http.ResponseWriter) { io.WriteString(w, "<refused>taken</refused>") }

func accept(n int, w http.ResponseWriter) {
	fmt.Fprintf(w, "<made><id>20261129000000%04d</id><token>t%d</token></made>", n, n)
}

// scenarioOf makes steps of requests: each is answered as customers do.
func scenarioOf(requests ...string) map[string]string {
	files := map[string]string{"s/01-make.request.xml": "<make/>", "s/01-make.response.xml": "<made><id>" + recordedID + "</id><token>${capture:token}</token></made>"}
	for i, r := range requests {
		stem := fmt.Sprintf("s/%02d-step", i+2)
		files[stem+".request.xml"], files[stem+".response.xml"] = r, "<done>"+r+"</done>"
	}
	return files
}

// TestAnIDInPiecesIsNotSent: no live id can be put in where one is written with references
// or cut by a comment, so the recorded one is not sent, whether a live one came or not.
func TestAnIDInPiecesIsNotSent(t *testing.T) {
	const head, tail = "2026010203", "04050001"
	for name, makes := range map[string]func(int, http.ResponseWriter){"refused": refuse, "another came": accept} {
		c := customers{makes: makes}
		s := play(t, &replay.Player{Target: remote(t, c.serve)}, suite(t, scenarioOf(
			"<b>&#50;02601020304050001</b>", "<b>"+head+"<!-- -->"+tail+"</b>", "<b><![CDATA["+head+"]]>"+tail+"</b>", "<b>"+head+"<?x y?>&#x30;4050001</b>",
			"<free>&#50;02512310000000001</free>")))
		r := s.results[0]
		for _, x := range r.Exchanges[1:5] {
			if x.Outcome != replay.NotPlayed || x.Cause != "01" {
				t.Errorf("%s: step %s is %s, caused by %q: %s", name, x.Step.Number, x.Outcome, x.Cause, x.Why)
			}
		}
		if last := r.Exchanges[5]; last.Outcome == replay.NotPlayed || len(c.sent) != 2 {
			t.Errorf("%s: what nobody gave is %s; sent %q", name, last.Outcome, c.sent)
		}
	}
}

// TestWhatNeedsAFailedStepIsNotSent, in whatever place of a request the value stands, and
// in steps that need those in turn; what needs nothing of it is.
func TestWhatNeedsAFailedStepIsNotSent(t *testing.T) {
	files := scenarioOf("<charge>"+recordedID+"</charge>", "<a>${token}</a>", "<a>${01:made/id}</a>", "<a at='"+recordedID+"'/>", "<a>${written}</a>",
		"<free>"+preexisting+"</free>", "<free/>", "<bill/>", "<pay>202601020304050077</pay>", "<pay>202601020304050078</pay>", "<free/>")
	files["s/scenario.toml"] = "[variables]\nwritten = \"" + recordedID + "\"\n"
	files["s/08-step.http"] = "POST /customers/" + recordedID + " HTTP/1.1\n"
	files["s/09-step.http"] = "POST / HTTP/1.1\nX-Customer: " + recordedID + "\n"
	files["s/09-step.response.xml"] = "<bill><id>202601020304050077</id></bill>"
	files["s/10-step.response.xml"] = "<paid><id>202601020304050078</id></paid>"
	files["s/13-bytes.request.bin"], files["s/13-bytes.response.bin"] = "{\"id\":\""+recordedID+"\"}", "{}"
	files["s/12-step.response.xml"] = "<done><free/>${token}</done>"
	files["s/14-step.request.xml"], files["s/14-step.response.xml"] = "<free/>", "<done><free/></done>"
	c := customers{makes: refuse}
	s := play(t, &replay.Player{Target: remote(t, c.serve)}, suite(t, files))
	const of = " not played step 01 failed: nothing came for "
	want := []string{
		`s/01-make make different [made name "made" "refused"]`,
		"s/02-step " + of + recordedID, "s/03-step " + of + "${token}", "s/04-step " + of + "${01:made/id}", "s/05-step " + of + recordedID, "s/06-step " + of + recordedID,
		"s/07-step free equal",
		"s/08-step " + of + recordedID, "s/09-step " + of + recordedID,
		"s/10-step  not played step 01 failed: step 09, which gives 202601020304050077, was not played",
		"s/11-step  not played step 01 failed: step 10, which gives 202601020304050078, was not played",
		"s/12-step " + of + "${token}", "s/13-bytes " + of + recordedID,
		"s/14-step free equal",
	}
	if d := cmp.Diff(want, lines(s)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"/endpoint <make/>", "/endpoint <free>" + preexisting + "</free>", "/endpoint <free/>"}, c.sent); d != "" {
		t.Error(d)
	}
	if x := s.summary; x.Exchanges[replay.NotPlayed] != 11 || x.Exchanges[replay.Different] != 1 || x.Scenarios[replay.Different] != 1 || x.Planned != 14 || x.Played != 3 {
		t.Errorf("%+v", x)
	}
}

// TestValueThatDoesNotCome with an answer that is otherwise as expected, that cannot be
// read, or that is not looked at.
func TestValueThatDoesNotCome(t *testing.T) {
	for name, c := range map[string]struct {
		answer, ignore, outcome string
		sent                    int
	}{
		"missing":    {"<made><token>t</token></made>", "", `different [made/id missing "` + recordedID + `" ""]`, 1},
		"empty":      {"<made><id/><token>t</token></made>", "", `different [made/id value "` + recordedID + `" ""]`, 1},
		"unreadable": {"<made>", "", "failed cannot read the answer: ", 1},
		"ignored":    {"<made><id/><token>t</token></made>", "made/id", "equal", 1},
		"other":      {"<made><id>" + liveID + "</id><token>t</token><more/></made>", "", "different ", 2},
		"as it was":  {"<made><id>" + recordedID + "</id><token>t</token></made>", "made/id", "equal", 2},
	} {
		t.Run(name, func(t *testing.T) {
			files := scenarioOf("<charge>" + recordedID + "</charge>")
			if c.ignore != "" {
				files["s/scenario.toml"] = "ignore = [\"" + c.ignore + "\"]\n"
			}
			service := customers{makes: func(_ int, w http.ResponseWriter) { io.WriteString(w, c.answer) }}
			s := play(t, &replay.Player{Target: remote(t, service.serve)}, suite(t, files))
			told := lines(s)
			if !strings.HasPrefix(told[0], "s/01-make make "+c.outcome) || len(service.sent) != c.sent {
				t.Errorf("sent %q\n%s", service.sent, strings.Join(told, "\n"))
			}
			if (s.results[0].Exchanges[1].Outcome == replay.NotPlayed) != (c.sent == 1) || s.results[0].Outcome() == replay.Equal && c.sent == 1 {
				t.Errorf("%s: %s", s.results[0].Outcome(), strings.Join(told, "\n"))
			}
		})
	}
}

// TestCaptureThatTakesNothing leaves no older value behind, but what --set gives.
func TestCaptureThatTakesNothing(t *testing.T) {
	files := scenarioOf("<use>${token}</use>")
	files["s/scenario.toml"] = "[variables]\ntoken = \"recorded\"\n"
	for set, sent := range map[string]int{"": 1, "mine": 2} {
		c := customers{makes: refuse}
		p := &replay.Player{Target: remote(t, c.serve)}
		if set != "" {
			p.Variables = map[string]string{"token": set}
		}
		play(t, p, suite(t, files))
		if len(c.sent) != sent || sent == 2 && c.sent[1] != "/endpoint <use>mine</use>" {
			t.Errorf("set %q: %q", set, c.sent)
		}
	}
}

// TestLiveValueOfALaterAnswer is one too.
func TestLiveValueOfALaterAnswer(t *testing.T) {
	files := scenarioOf("<make/>", "<charge>"+recordedID+"</charge>")
	files["s/02-step.response.xml"] = "<made><id>" + recordedID + "</id><token>${capture:token}</token></made>"
	c := customers{makes: func(n int, w http.ResponseWriter) {
		if n == 1 {
			refuse(n, w)
			return
		}
		accept(n, w)
	}}
	play(t, &replay.Player{Target: remote(t, c.serve)}, suite(t, files))
	if want := "/endpoint <charge>202611290000000002</charge>"; len(c.sent) != 3 || c.sent[2] != want {
		t.Errorf("%q", c.sent)
	}
}

// TestVolatileValueThatDoesNotCome is not sent; one that a request had first is.
func TestVolatileValueThatDoesNotCome(t *testing.T) {
	message := func(root, in, key, text string) string {
		return `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><` + root + ` xmlns="http://soap.CDRator.com/"><` + in + ` xmlns=""><hookpointKey>SOAP_X</hookpointKey>` +
			`<values><key>` + key + `</key><value>` + text + `</value></values></` + in + `></` + root + `></S:Body></S:Envelope>`
	}
	answer := strings.NewReplacer("<hookpointKey>SOAP_X</hookpointKey>", "<errorCode>0</errorCode>")
	request := func(key, text string) string { return message("executeMethod", "arg0", key, text) }
	c := &contract.Contract{Hookpoint: "SOAP_X", Response: []*contract.Value{{Key: "TOKEN", Type: value.String, Volatile: true}}}
	files := map[string]string{
		"s/01-a.request.xml": request("OLD", "mine"), "s/01-a.response.xml": answer.Replace(message("executeMethodResponse", "return", "TOKEN", "secret-1")),
		"s/02-a.request.xml": request("TOKEN", "secret-1"), "s/02-a.response.xml": "<x/>",
		"s/03-a.request.xml": request("TOKEN", "secret-12"), "s/03-a.response.xml": "<x/>",
		"s/04-a.request.xml": request("OLD", "mine"), "s/04-a.response.xml": answer.Replace(message("executeMethodResponse", "return", "TOKEN", "mine")),
		"s/05-a.request.xml": request("TOKEN", "mine"), "s/05-a.response.xml": "<x/>",
	}
	var sent []string
	s := play(t, &replay.Player{Target: remote(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		sent = append(sent, string(body))
		io.WriteString(w, "<refused/>")
	}, c)}, suite(t, files))
	x := s.results[0].Exchanges
	if len(sent) != 4 || x[1].Outcome != replay.NotPlayed || x[1].Why != "step 01 failed: nothing came for return/values[TOKEN]" {
		t.Errorf("%d sent, %+v", len(sent), x[1])
	}
}

// TestIdsOfHeads come and go as those of bodies.
func TestIdsOfHeads(t *testing.T) {
	files := map[string]string{
		"s/01-a.request.xml": "<a/>", "s/01-a.response.xml": "<a/>", "s/01-a.http": "HTTP/1.1 201\nLocation: /customers/" + recordedID + "\n",
		"s/02-b.request.xml": "<b/>", "s/02-b.response.xml": "<a/>", "s/02-b.http": "GET /customers/" + recordedID + " HTTP/1.1\n",
	}
	for location, want := range map[string]string{"/customers/" + liveID: "/endpoint /customers/" + liveID, "": "/endpoint"} {
		var asked []string
		s := play(t, &replay.Player{Target: remote(t, func(w http.ResponseWriter, r *http.Request) {
			asked = append(asked, r.URL.Path)
			if location != "" && len(asked) == 1 {
				w.Header().Set("Location", location)
				w.WriteHeader(http.StatusCreated)
			}
			io.WriteString(w, "<a/>")
		})}, suite(t, files))
		if got := strings.Join(asked, " "); got != want {
			t.Errorf("%q: asked %s: %v", location, got, lines(s))
		}
	}
}

// TestRepetitionThatIsRefused: what the first one was given is not sent in the second.
func TestRepetitionThatIsRefused(t *testing.T) {
	c := customers{makes: func(n int, w http.ResponseWriter) {
		if n == 2 {
			refuse(n, w)
			return
		}
		accept(n, w)
	}}
	s := play(t, &replay.Player{Target: remote(t, c.serve), Repeat: 3}, suite(t, scenarioOf("<charge>"+recordedID+"</charge>")))
	if got := strings.Join(c.sent, ""); strings.Count(got, "charge>"+liveID) != 1 || strings.Count(got, "<charge>") != 2 || strings.Contains(got, recordedID) {
		t.Error(got)
	}
	if x := s.results[0].Exchanges[1]; x.Outcome != replay.NotPlayed || s.results[0].Outcome() != replay.Different {
		t.Errorf("%+v", x)
	}
}

// TestUpdateKeepsWhatOthersNeed: the refusal of a step whose recorded answer gives a later
// one its id is not written, or that id would be sent from then on.
func TestUpdateKeepsWhatOthersNeed(t *testing.T) {
	files := scenarioOf("<charge>"+recordedID+"</charge>", "<free/>")
	files["s/03-step.response.xml"] = "<done>other</done>"
	found := suite(t, files)
	written := func() string {
		var all string
		for i := range found[0].Steps {
			x, err := found[0].Load(&found[0].Steps[i])
			if err != nil {
				t.Fatal(err)
			}
			all += string(x.Response.Body)
		}
		return all
	}
	c := customers{makes: refuse}
	s := play(t, &replay.Player{Target: remote(t, c.serve), Answered: func(a *replay.Answer) error { return a.Update(nil) }}, found)
	want := files["s/01-make.response.xml"] + files["s/02-step.response.xml"] + "<done><free/></done>"
	if got := written(); got != want || s.summary.Withheld != 1 {
		t.Errorf("%d withheld, got %s\nwant %s", s.summary.Withheld, got, want)
	}
}

// TestRelearnOfARefusal proposes nothing.
func TestRelearnOfARefusal(t *testing.T) {
	for _, files := range []map[string]string{scenarioOf("<charge>" + recordedID + "</charge>"), scenarioOf("<free/>")} {
		c := customers{makes: func(n int, w http.ResponseWriter) {
			if n == 1 {
				accept(n, w)
				return
			}
			refuse(n, w)
		}}
		proposals, err := (&replay.Player{Target: remote(t, c.serve)}).Relearn(t.Context(), suite(t, files))
		if len(proposals) > 0 || err == nil {
			t.Errorf("%v %+v", err, proposals)
		}
	}
}
