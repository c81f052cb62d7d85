package convert

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"rator/replay/compare"
	"rator/replay/fixture"
)

// Curl is a scenario as a script for sh and curl. It sends the requests to
// $ENDPOINT, puts what answers gave into later ones, compares answers with rator compare
// where that is there, and ends with 1 when a status or an answer is another than
// expected, or one lacks what a later request needs. Variables of the scenario come from
// the environment, else from its settings.
func Curl(s *fixture.Scenario) ([]byte, *Report, error) {
	all, left, err := loaded(s)
	if err != nil {
		return nil, nil, err
	}
	found, missed := links(s, all)
	w := &curlWriter{scenario: s, links: found, captured: map[string]bool{}}
	for _, l := range found {
		w.captured[l.name] = true
	}
	var steps strings.Builder
	for i := range all {
		w.step(&steps, &all[i])
	}
	w.head()
	w.script.WriteString(steps.String())
	w.script.WriteString("\nexit $rator_bad\n")
	r := &Report{Scenarios: 1, Exchanges: len(all), Left: append(left, missed...)}
	return []byte(w.script.String()), r, nil
}

type curlWriter struct {
	script   strings.Builder
	scenario *fixture.Scenario
	links    []link
	captured map[string]bool
	used     []string // variables of requests
}

func (w *curlWriter) head() {
	b := &w.script
	fmt.Fprintf(b, "#!/bin/sh\n# %s: %d requests, sent with curl.\n", oneLine(w.scenario.Name), w.scenario.Exchanges())
	if d := w.scenario.Config.Description; d != "" {
		fmt.Fprintf(b, "# %s\n", oneLine(d))
	}
	b.WriteString(`#
# ENDPOINT=http://host:port/path sh FILE
#
# Answers are compared when rator is in the PATH, or is named by $RATOR; else only their
# statuses are judged. Exit code 0 when all is as expected, 1 when something is not, 2
# when a variable is missing, 3 when the endpoint does not answer.
: "${ENDPOINT:=}"
[ -n "$ENDPOINT" ] || { echo "set ENDPOINT, such as http://127.0.0.1:8080/path" >&2; exit 2; }
rator_base=$(printf '%s\n' "$ENDPOINT" | sed 's|^\([a-zA-Z]*://[^/]*\).*|\1|')
`)
	values := maps.Clone(w.scenario.Config.Variables)
	if values == nil {
		values = map[string]string{}
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if !w.captured[name] {
			fmt.Fprintf(b, "[ \"${%s+set}\" ] || %s=%s\n", shellName(name), shellName(name), singleQuoted(values[name]))
		}
	}
	slices.Sort(w.used)
	for _, name := range slices.Compact(w.used) {
		_, has := values[name]
		switch {
		case has || w.captured[name] || w.captured["${"+name+"}"]:
		case name == "repetition":
			b.WriteString(": \"${repetition:=1}\"\n")
		case name == "unique":
			b.WriteString(": \"${unique:=$(date +%s)$$}\"\n")
		default:
			fmt.Fprintf(b, "[ \"${%s+set}\" ] || { echo \"set %s\" >&2; exit 2; }\n", shellName(name), shellName(name))
		}
	}
	b.WriteString(`
rator_work=$(mktemp -d) || exit 2
trap 'rm -rf "$rator_work"' EXIT
rator_bad=0
rator_command=$(command -v "${RATOR:-rator}") || echo "rator is not in the PATH: only statuses are judged" >&2

# value ELEMENT N: the text of the Nth element of that name, whatever its prefix, in
# the last answer, as it is written there.
value() {
	tr '\n' ' ' <"$rator_work/answer" | tr '<' '\n' | sed -n "s/^\([^ :>\/]*:\)\{0,1\}$1\( [^>]*\)\{0,1\}>//p" | sed -n "$2p"
}

# send LABEL STATUS METHOD URL HEADER…: sends $rator_work/body.
send() {
	rator_label=$1 rator_expected=$2 rator_method=$3 rator_url=$4
	shift 4
	rator_status=$(curl -sS -o "$rator_work/answer" -w '%{http_code} %{content_type}' -X "$rator_method" "$@" --data-binary @"$rator_work/body" "$rator_url") || exit 3
	rator_type=${rator_status#* } rator_status=${rator_status%% *}
	case " $rator_expected " in
	*" $rator_status "* | "  ") echo "$rator_label: $rator_status" ;;
	*) echo "$rator_label: $rator_status, not $rator_expected" >&2; rator_bad=1 ;;
	esac
}

# expect FLAG…: compares the last answer with the one that is expected, on standard input.
expect() {
	cat >"$rator_work/expected"
	[ "$rator_command" ] || return 0
	"$rator_command" compare --content-type "$rator_type" "$@" "$rator_work/expected" "$rator_work/answer" >&2 ||
		{ echo "$rator_label: another answer than expected" >&2; rator_bad=1; }
}
`)
}

func (w *curlWriter) step(b *strings.Builder, x *exchange) {
	fmt.Fprintf(b, "\n# %s\ncat >\"$rator_work/body\" <<RATOR_BODY\n%s\nRATOR_BODY\n", x.step.Label(), w.text(string(x.Request.Body), x.step.Number))
	url := `"$ENDPOINT"`
	target := x.Request.Target
	if target == "" {
		target = w.scenario.Config.Path
	}
	if target != "" {
		url = `"$rator_base"` + w.quoted(target, x.step.Number)
	}
	header := x.Request.Header
	if header == nil {
		header = http.Header{"Content-Type": {"text/xml; charset=utf-8"}, "SOAPAction": {`""`}}
	}
	method := x.Request.Method
	if method == "" {
		method = http.MethodPost
	}
	fmt.Fprintf(b, "send %s %s %s %s", singleQuoted(x.step.Label()), singleQuoted(w.status(x)), method, url)
	for _, name := range slices.Sorted(maps.Keys(header)) {
		for _, v := range header[name] {
			fmt.Fprintf(b, " \\\n\t-H %s", w.quoted(name+": "+v, x.step.Number))
		}
	}
	b.WriteByte('\n')
	w.expected(b, x)
	for _, l := range w.links {
		if l.step == x.step.Number {
			fmt.Fprintf(b, "%s=$(value %s %d)\n", shellName(l.name), l.element, l.nth)
			fmt.Fprintf(b, "[ \"$%s\" ] || { echo \"$rator_label: no %s came, which later requests need\" >&2; exit 1; }\n", shellName(l.name), l.element)
		}
	}
}

// expected compares the answer with the recorded one. Ids may be others, as long as they
// are so everywhere in it.
func (w *curlWriter) expected(b *strings.Builder, x *exchange) {
	if x.step.Response == "" || !x.Response.Text {
		return
	}
	b.WriteString("expect")
	if hookpoint, err := compare.At(x.Request.Body, "hookpointKey"); err == nil {
		fmt.Fprintf(b, " --hookpoint %s", singleQuoted(hookpoint))
	}
	for _, path := range w.scenario.Config.Ignore {
		fmt.Fprintf(b, " --ignore %s", singleQuoted(path))
	}
	body := string(x.Response.Body)
	names, _ := compare.Placeholders(x.Response.Body)
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		_, has := w.scenario.Config.Variables[name]
		if has || w.captured[name] || w.captured["${"+name+"}"] || slices.Contains(w.used, name) {
			fmt.Fprintf(b, " --set %s", w.quoted(name+"=${"+name+"}", x.step.Number))
			continue
		}
		body = strings.ReplaceAll(body, "${"+name+"}", "${xmlunit.ignore}") // the script does not take it
	}
	fmt.Fprintf(b, " <<'RATOR_EXPECTED'\n%s\nRATOR_EXPECTED\n", body)
}

// status is what is expected; "" = any.
func (w *curlWriter) status(x *exchange) string {
	if x.step.Response != "" || x.Response.Status != 0 {
		switch {
		case x.Response.Status != 0:
			return fmt.Sprint(x.Response.Status)
		case compare.Operation(x.Response.Body) == "Fault":
			return "500"
		}
		return "200"
	}
	for i := range w.scenario.Config.Expect {
		if e := &w.scenario.Config.Expect[i]; e.Step == x.step.Number && len(e.Status) > 0 && !e.Not {
			return strings.Trim(fmt.Sprint(e.Status), "[]")
		}
	}
	return ""
}

var shellSpecial = strings.NewReplacer(`\`, `\\`, "$", `\$`, "`", "\\`")

// text is a text in which the shell puts the variables in: a here-document's, or
// what stands between double quotes once its own are escaped.
func (w *curlWriter) text(text, number string) string {
	for _, l := range w.links {
		if l.id != "" && l.step < number {
			text = strings.ReplaceAll(text, l.id, "${"+l.name+"}")
		}
	}
	var b strings.Builder
	for text != "" {
		at := strings.Index(text, "${")
		if at < 0 {
			break
		}
		if at > 0 && text[at-1] == '$' {
			b.WriteString(shellSpecial.Replace(text[:at-1]) + `\${`)
			text = text[at+2:]
			continue
		}
		end := strings.IndexByte(text[at:], '}')
		if end < 0 {
			break
		}
		name := text[at+2 : at+end]
		b.WriteString(shellSpecial.Replace(text[:at]))
		w.used = append(w.used, name)
		if w.captured["${"+name+"}"] {
			name = "${" + name + "}"
		}
		b.WriteString("${" + shellName(name) + "}")
		text = text[at+end+1:]
	}
	b.WriteString(shellSpecial.Replace(text))
	return b.String()
}

// quoted is a word of the shell with the variables put in.
func (w *curlWriter) quoted(text, number string) string {
	parts := strings.Split(text, `"`)
	for i := range parts {
		parts[i] = w.text(parts[i], number)
	}
	return `"` + strings.Join(parts, `\"`) + `"`
}

func singleQuoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

var notShell = regexp.MustCompile(`[^A-Za-z0-9_]+`)

// shellName is a variable's name as the shell allows it.
func shellName(name string) string {
	clean := strings.Trim(notShell.ReplaceAllString(name, "_"), "_")
	switch {
	case clean == "PATH" || clean == "IFS": // the shell's own
		return clean + "_"
	case clean == "" || clean[0] <= '9':
		clean = "step_" + clean
	}
	return clean
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
