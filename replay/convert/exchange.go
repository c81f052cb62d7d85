package convert

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rator/replay/compare"
	"rator/replay/fixture"
)

// exchange is one of a scenario, loaded.
type exchange struct {
	step *fixture.Step
	*fixture.Exchange
	bytes    bool              // its request is no text, and is not exported
	target   string            // its own, or the scenario's
	contents []string          // texts of its request's XML, as they are read
	values   map[string]string // of the scenario's variables that it names
}

// loaded are the exchanges of a scenario. Deeds and bytes have no counterpart in
// other tools and are in left; a request of bytes is among all, for what it answers is
// needed.
func loaded(s *fixture.Scenario) (all []exchange, left []Left, err error) {
	for i := range s.Steps {
		step := &s.Steps[i]
		skip := func(file, what string) {
			left = append(left, Left{File: s.File(file), Where: s.Name + "/" + oneLine(step.Label()), What: what})
		}
		if step.Do != "" {
			skip(step.Do, "what happens beside the calls is not exported")
			continue
		}
		x, err := s.Load(step)
		if err != nil {
			return nil, nil, err
		}
		one := exchange{step: step, Exchange: x, bytes: !x.Request.Text, target: x.Request.Target}
		if one.target == "" {
			one.target = s.Config.Path
		}
		if one.bytes {
			skip(step.Request, "a request of bytes is not exported")
			all = append(all, one)
			continue
		}
		if sent, err := fixture.Sent(x.Request.Body, x.Request.Header.Get("Content-Type")); err != nil || !bytes.Equal(sent, x.Request.Body) || bytes.IndexByte(sent, 0) >= 0 {
			skip(step.Request, "the request is sent as "+x.Request.Header.Get("Content-Type")+"; the exported one in UTF-8")
			x.Request.Body = fixture.InUTF8(x.Request.Body)
			if x.Request.Header != nil {
				x.Request.Header.Set("Content-Type", fixture.WithCharset(x.Request.Header.Get("Content-Type"), "utf-8"))
			}
		}
		if step.Response != "" && !x.Response.Text {
			skip(step.Response, "the expected answer is bytes and is not exported")
		}
		one.contents = contents(x.Request.Body)
		one.values = map[string]string{}
		for _, text := range one.sent() {
			for p := range fixture.Placeholders(text) {
				if v, ok := s.Config.Variables[p.Text]; ok {
					one.values[p.Text] = v
				}
			}
		}
		all = append(all, one)
	}
	return all, left, nil
}

// exported counts those that are.
func exported(all []exchange) (n int) {
	for i := range all {
		if !all[i].bytes {
			n++
		}
	}
	return n
}

// sent are the texts of a request: its target, its headers, its body.
func (x *exchange) sent() []string {
	return append(x.head(), string(x.Request.Body))
}

func (x *exchange) head() []string { return append(headerTexts(x.Request.Header), x.target) }

// sends says that a recorded value stands somewhere in a request, however it is written
// there.
func (x *exchange) sends(v string) bool {
	if slices.ContainsFunc(x.head(), func(text string) bool { return inHead(text, v) }) || hasID(string(x.Request.Body), v) || x.varies(v) != "" {
		return true
	}
	return slices.ContainsFunc(x.contents, func(text string) bool { return isOrHas(text, v) })
}

// varies is the variable of a request that has a recorded value, "" = none.
func (x *exchange) varies(v string) string {
	for name, text := range x.values {
		if isOrHas(text, v) {
			return name
		}
	}
	return ""
}

// contents are the texts of elements and attributes of a message.
func contents(body []byte) (all []string) {
	root, err := compare.Parse(body)
	if err != nil {
		return nil
	}
	var each func(n *compare.Node)
	each = func(n *compare.Node) {
		for i := range n.Attributes {
			all = append(all, n.Attributes[i].Value)
		}
		if n.IsLeaf() {
			all = append(all, n.Content())
		}
		for child := range n.Elements() {
			each(child)
		}
	}
	each(root)
	return all
}

// isOrHas says that a text is a recorded value, be it a phone number in another
// spelling, or has it.
func isOrHas(text, v string) bool {
	return strings.TrimSpace(text) == v || inHead(text, v) || otherwise(text, v)
}

// otherwise says that a text is a recorded number in another spelling.
func otherwise(text, v string) (is bool) {
	var ids compare.IDs
	ids.Note(v, strings.Repeat("x", len(v)))
	ids.Replace([]byte("<a>"+text+"</a>"), func(string, string) { is = true })
	return is
}

func hasID(text, v string) bool {
	for id := range compare.IDsIn([]byte(text)) {
		if id == v {
			return true
		}
	}
	return false
}

// shortest is how long the value of a volatile key is to be meant by a text that has it
// among others: shorter ones stand there by chance.
const shortest = 4

// inHead says that a path, query or header has an id, or a volatile value as a word.
func inHead(text, v string) bool {
	if anyID.MatchString(v) {
		return hasID(text, v)
	}
	return replaceWord(text, v, "") != text
}

// replaceWord puts another text in for a volatile value where no letter or digit stands
// beside it.
func replaceWord(text, v, other string) string {
	if len(v) < shortest {
		return text
	}
	var b strings.Builder
	part := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	at := 0
	for from := 0; ; {
		found := strings.Index(text[from:], v)
		if found < 0 {
			return b.String() + text[at:]
		}
		start := from + found
		end := start + len(v)
		before, _ := utf8.DecodeLastRuneInString(text[:start])
		after, _ := utf8.DecodeRuneInString(text[end:])
		if from = end; !part(before) && !part(after) {
			b.WriteString(text[at:start] + other)
			at = end
		}
	}
}

func headerTexts(header map[string][]string) (texts []string) {
	for _, values := range header {
		texts = append(texts, values...)
	}
	return texts
}
