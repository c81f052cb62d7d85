package convert

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"rator/replay/compare"
	"rator/replay/fixture"
	"rator/wire"
)

// Curl is a scenario as a script for sh and curl. It sends the requests to
// $ENDPOINT, compares answers with rator compare where that is there, and ends with 1
// when a status or an answer is another than expected. What answers gave is put into
// later requests, which needs rator; the script ends where an answer that later requests
// need something of is not as expected, and before a request that has a recorded value
// for which it can put in no live one. Variables of the scenario come from the
// environment, else from its settings.
func Curl(s *fixture.Scenario, o Options) ([]byte, *Report, error) {
	all, left, err := loaded(s)
	if err != nil {
		return nil, nil, err
	}
	w := &curlWriter{scenario: s, names: map[string]string{}, taken: map[string]bool{}, report: &Report{Scenarios: 1, Left: left}}
	for _, l := range links(s, all, o.Contracts) {
		if l.needed {
			w.links = append(w.links, l)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Config.Variables)) {
		w.shell("${" + name + "}")
	}
	w.unjudged(all)
	var steps strings.Builder
	for n := range all {
		if w.ends(&steps, all, n) {
			break
		}
		if !all[n].bytes {
			w.step(&steps, &all[n], n)
			w.report.Exchanges++
		}
	}
	w.head(exported(all))
	w.script.WriteString(steps.String())
	w.script.WriteString("\nexit $rator_bad\n")
	return []byte(w.script.String()), w.report, nil
}

type curlWriter struct {
	script   strings.Builder
	scenario *fixture.Scenario
	links    []link            // what later messages need
	names    map[string]string // of the shell's variables, by what they stand for
	taken    map[string]bool   // what the script took of answers up to here
	used     []string          // variables of requests
	report   *Report
}

func (w *curlWriter) left(x *exchange, file, format string, args ...any) {
	l := Left{File: w.scenario.File(file), What: fmt.Sprintf(format, args...)}
	if x != nil {
		l.Where = w.scenario.Name + "/" + oneLine(x.step.Label())
	}
	w.report.Left = append(w.report.Left, l)
}

// unjudged lists what the script does not judge as replay does.
func (w *curlWriter) unjudged(all []exchange) {
	c := &w.scenario.Config
	for i := range c.Expect {
		e := &c.Expect[i]
		at := slices.IndexFunc(all, func(x exchange) bool { return x.step.Number == e.Step })
		if at >= 0 && w.judges(&all[at], e) {
			continue
		}
		var x *exchange
		if at >= 0 {
			x = &all[at]
		}
		w.left(x, fixture.ConfigFile, "the script does not check an [[expect]] %s; rator replay does", e.What())
	}
	if c.Compare == fixture.CompareExact {
		w.left(nil, fixture.ConfigFile, "the script compares answers by what they mean, not exactly")
	}
	for i := range all {
		if x := &all[i]; c.Tokens != fixture.TokensRecorded && strings.Contains(string(x.Request.Body), "oasis-200401-wss-wssecurity") {
			w.left(x, x.step.Request, "the script sends the WS-Security header as it was recorded; rator replay makes its nonce and times anew")
		}
	}
}

// judges says that the script checks an expectation of a step: its statuses, which it
// does in place of the recorded one, as that must be among them.
func (w *curlWriter) judges(x *exchange, e *fixture.Expect) bool {
	for i := range w.scenario.Config.Expect {
		other := &w.scenario.Config.Expect[i]
		if other.Step == x.step.Number && len(other.Status) > 0 && !other.Not {
			return other == e // the first
		}
	}
	return false
}

// ends ends the script before a request that cannot be sent with live values alone.
func (w *curlWriter) ends(b *strings.Builder, all []exchange, n int) bool {
	x := &all[n]
	why := w.unsafe(x, n)
	if x.bytes && why == "" {
		if !slices.ContainsFunc(w.links, func(l link) bool { return l.step == n }) {
			return false
		}
		why = "later requests need what it answers, and it is bytes, which the script does not send"
	}
	if why == "" {
		return false
	}
	w.left(x, x.step.Request, "the script ends before this request: %s", why)
	for i := n + 1; i < len(all); i++ {
		w.left(&all[i], all[i].step.Request, "the script ends before this request")
	}
	fmt.Fprintf(b, "\necho %s >&2\nexit 1\n", singleQuoted(oneLine(x.step.Label()+": not sent: "+why)))
	return true
}

func (w *curlWriter) step(b *strings.Builder, x *exchange, n int) {
	body := w.text(w.body(x, n), true)
	end := delimiter("RATOR_BODY", body)
	fmt.Fprintf(b, "\n# %s\ncat >\"$rator_work/body\" <<%s\n%s\n%s\n", oneLine(x.step.Label()), end, body, end)
	url := `"$ENDPOINT"`
	if x.target != "" {
		url = `"$rator_base"` + w.quoted(w.headText(x.target, n))
	}
	header := x.Request.Header
	if header == nil {
		header = http.Header{"Content-Type": {"text/xml; charset=utf-8"}, "SOAPAction": {`""`}}
	}
	method := x.Request.Method
	if method == "" {
		method = http.MethodPost
	}
	fmt.Fprintf(b, "send %s %s %s %s", singleQuoted(oneLine(x.step.Label())), singleQuoted(w.status(x)), singleQuoted(method), url)
	for _, name := range slices.Sorted(maps.Keys(header)) {
		for _, v := range header[name] {
			line := name + ": " + w.headText(v, n)
			if v == "" {
				line = name + ";" // for curl, a header with nothing in it
			}
			fmt.Fprintf(b, " \\\n\t-H %s", w.quoted(line))
		}
	}
	b.WriteByte('\n')
	w.expected(b, x, n)
	for _, l := range w.links {
		if l.step != n {
			continue
		}
		name, key := w.shell(l.key()), singleQuoted(l.key())
		fmt.Fprintf(b, "%s=$(taken %s) || exit 1\nrator_xml_%s=$(as_xml \"$%s\")\n", name, key, name, name)
		w.taken[l.key()] = true
	}
}

// expected compares the answer with the recorded one, and takes what later requests need
// of it. Ids may be others, as long as they are so everywhere in it.
func (w *curlWriter) expected(b *strings.Builder, x *exchange, n int) {
	var flags string
	needed := false
	for _, l := range w.links {
		if l.step != n {
			continue
		}
		needed = true
		switch {
		case l.capture != nil && l.capture.XPath != "":
			flags += " --xpath=" + singleQuoted(l.name+"="+l.capture.XPath)
		case l.capture != nil:
			flags += " --path=" + singleQuoted(l.name+"="+l.capture.Path)
		}
	}
	if needed {
		flags += ` --taken="$rator_work/taken"`
	}
	switch {
	case x.step.Response != "" && x.Response.Text:
		answer, set := w.answer(x)
		end := delimiter("RATOR_EXPECTED", answer)
		fmt.Fprintf(b, "expect%s%s <<'%s'\n%s\n%s\n", set, flags, end, answer, end)
	case needed:
		fmt.Fprintf(b, "expect%s <\"$rator_work/answer\"\n", flags) // takes alone
	}
	if needed {
		b.WriteString("needed\n")
	}
}

// answer is what is expected, and the flags of comparing it.
func (w *curlWriter) answer(x *exchange) (answer, flags string) {
	if hookpoint, err := compare.At(x.Request.Body, wire.HookpointKey); err == nil {
		flags += " --hookpoint=" + singleQuoted(hookpoint)
	}
	for _, path := range w.scenario.Config.Ignore {
		flags += " --ignore=" + singleQuoted(path)
	}
	body := x.Response.Body
	if strings.IndexByte(string(body), 0) >= 0 {
		body = fixture.InUTF8(body)
	}
	answer = string(body)
	names, _ := compare.Placeholders(body)
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		_, has := w.scenario.Config.Variables[name]
		if has || w.taken["${"+name+"}"] || slices.Contains(w.used, name) {
			flags += " --set=" + w.quoted(name+"=${"+name+"}")
			continue
		}
		answer = strings.ReplaceAll(answer, "${"+name+"}", "${xmlunit.ignore}")
		w.left(x, x.step.Response, "the script does not compare ${%s}, for which it has no value", name)
	}
	return answer, flags
}

// status is what is expected; "" = any.
func (w *curlWriter) status(x *exchange) string {
	for i := range w.scenario.Config.Expect {
		if e := &w.scenario.Config.Expect[i]; w.judges(x, e) {
			return strings.Trim(fmt.Sprint(e.Status), "[]")
		}
	}
	if x.step.Response == "" && x.Response.Status == 0 {
		return ""
	}
	return fmt.Sprint(statusOf(x))
}
