package convert

import (
	"fmt"
	"regexp"
	"strings"

	"rator/replay/compare"
)

// marks stand for live values in a request: two letters that are nobody's with the number
// of the link between them, so long that it is no id and no spelling of a number.
var marks = regexp.MustCompile(`\x{E000}(\d{40})\x{E001}|\$\$\{|\$\{[^}]*\}`)

func mark(n int) string { return fmt.Sprintf("\ue000%040d\ue001", n) }

// ids are the recorded values for which a request has live ones, as replay puts them in.
func (w *curlWriter) ids(n int) *compare.IDs {
	ids := &compare.IDs{}
	for i := range w.links {
		switch l := &w.links[i]; {
		case l.step >= n || l.recorded == "":
		case anyID.MatchString(l.recorded):
			ids.Learn(l.recorded, mark(i))
		default:
			ids.Note(l.recorded, mark(i))
		}
	}
	return ids
}

// body is a request's with marks for recorded values.
func (w *curlWriter) body(x *exchange, n int) string {
	return string(w.ids(n).Replace(x.Request.Body, func(string, string) {}))
}

// headText is a path or a header with marks for recorded values, also for volatile ones,
// which replay looks for in bodies alone.
func (w *curlWriter) headText(text string, n int) string {
	text = string(w.ids(n).Replace([]byte(text), func(string, string) {}))
	for i := range w.links {
		if l := &w.links[i]; l.step < n && l.recorded != "" && !anyID.MatchString(l.recorded) {
			text = replaceWord(text, l.recorded, mark(i))
		}
	}
	return text
}

// unsafe says why a request cannot be sent: it has a recorded value where the script
// cannot put in the live one. "" = it can.
func (w *curlWriter) unsafe(x *exchange, n int) string {
	body := w.body(x, n)
	texts := contents([]byte(body))
	for i := range w.links {
		l := &w.links[i]
		if l.step >= n || l.recorded == "" {
			continue
		}
		if name := x.varies(l.recorded); name != "" {
			return fmt.Sprintf("the variable %s has %s, which an answer is to give", name, l.recorded)
		}
		has := hasID(body, l.recorded)
		for _, text := range texts {
			has = has || isOrHas(text, l.recorded)
		}
		for _, text := range x.head() {
			has = has || inHead(w.headText(text, n), l.recorded)
		}
		if has || x.bytes && x.sends(l.recorded) {
			return fmt.Sprintf("it has %s, which an answer is to give, in a form that rator replay alone can send", l.recorded)
		}
	}
	return ""
}

var shellSpecial = strings.NewReplacer(`\`, `\\`, "$", `\$`, "`", "\\`")

// text is a text in which the shell puts the variables in: a here-document's, or
// what stands between double quotes once its own are escaped.
func (w *curlWriter) text(text string, xml bool) string {
	var b strings.Builder
	at := 0
	for _, m := range marks.FindAllStringSubmatchIndex(text, -1) {
		b.WriteString(shellSpecial.Replace(text[at:m[0]]))
		found := text[m[0]:m[1]]
		at = m[1]
		key := found
		if m[2] >= 0 {
			var i int
			_, _ = fmt.Sscanf(text[m[2]:m[3]], "%d", &i) // digits
			if i >= len(w.links) {
				b.WriteString(found) // somebody's own
				continue
			}
			key = w.links[i].key()
		} else if found == "$${" {
			b.WriteString(`\${`)
			continue
		} else {
			w.used = append(w.used, found[2:len(found)-1])
		}
		name := w.shell(key)
		if xml && w.taken[key] {
			name = "rator_xml_" + name
		}
		b.WriteString("${" + name + "}")
	}
	b.WriteString(shellSpecial.Replace(text[at:]))
	return b.String()
}

// quoted is a word of the shell with the variables put in.
func (w *curlWriter) quoted(text string) string {
	parts := strings.Split(text, `"`)
	for i := range parts {
		parts[i] = w.text(parts[i], false)
	}
	return `"` + strings.Join(parts, `\"`) + `"`
}

func singleQuoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// delimiter is the end of a here-document: a word that is no line of its text.
func delimiter(word, text string) string {
	for strings.Contains(text, word) {
		word += "_"
	}
	return word
}

var notShell = regexp.MustCompile(`[^A-Za-z0-9_]+`)

// shell is the shell's variable for ${name} or a recorded value: one of its own, and none
// that the shell, curl or the script reads.
func (w *curlWriter) shell(key string) string {
	if name, known := w.names[key]; known {
		return name
	}
	name := "came"
	if inner, is := strings.CutPrefix(key, "${"); is {
		name = strings.Trim(notShell.ReplaceAllString(inner, "_"), "_")
	}
	if name == "" || name[0] <= '9' {
		name = "step_" + name
	}
	if theirs.MatchString(name) {
		name += "_"
	}
	free := name
	for n := 2; w.isTaken(free); n++ {
		free = fmt.Sprintf("%s_%d", name, n)
	}
	w.names[key] = free
	return free
}

// theirs are variables with a meaning to the shell, to what it calls or to the script.
var theirs = regexp.MustCompile(`^(PATH|IFS|ENV|HOME|CDPATH|PS[1-4]|OPTIND|OPTARG|PPID|LINENO|TMPDIR|LD_.*|BASH.*|CURL.*|SSL.*|[A-Za-z]+_(proxy|PROXY)|ENDPOINT|RATOR.*|rator_.*)$`)

func (w *curlWriter) isTaken(name string) bool {
	for _, other := range w.names {
		if other == name {
			return true
		}
	}
	return false
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
