package convert

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"rator/replay/fixture"
)

// withoutSecrets takes the secrets out of a project that was read: out of properties,
// messages, headers, addresses and assertions, and out of what is told of it.
func (p *project) withoutSecrets() {
	root, s := &p.result.Folder, p.secrets
	eachFolder(root, func(f *Folder) {
		for name := range f.Config.Variables {
			s.taken[name] = true
		}
	})
	eachFolder(root, func(f *Folder) {
		for i := range f.Exchanges {
			p.exchangeWithoutSecrets(f, &f.Exchanges[i])
		}
	})
	eachFolder(root, p.variablesWithoutSecrets)
	eachFolder(root, func(f *Folder) { // what a variable holds may stand in another one
		for name, v := range f.Config.Variables {
			if of := s.values[v]; of != "" && of != name {
				s.open(name)
				delete(f.Config.Variables, name)
			}
		}
		f.Config.Description = s.hidden(f.Config.Description)
		var kept []fixture.Expect
		for _, e := range f.Config.Expect {
			if s.expects(&e) {
				kept = append(kept, e)
			} else {
				p.left(nil, f.Name, "an assertion of step %s holds a secret in a pattern or an XPath and is not converted", e.Step)
			}
		}
		f.Config.Expect = kept
		f.Config.Capture = slices.DeleteFunc(f.Config.Capture, func(c fixture.Capture) bool {
			if !s.inXPath(c.XPath) {
				return false
			}
			s.open(c.Name)
			p.left(nil, f.Name, "what step %s gives for %s is not captured: its XPath holds a secret; give it with --set %s=…", c.Step, c.Name, c.Name)
			return true
		})
	})
	for i := range p.result.Left {
		l := &p.result.Left[i]
		l.What = s.hidden(l.What)
	}
	s.needed(root)
	if told := s.told(root); told != "" {
		p.left(nil, "", "%s", told)
	}
}

func eachFolder(f *Folder, do func(*Folder)) {
	do(f)
	for _, below := range f.Folders {
		eachFolder(below, do)
	}
}

func (p *project) exchangeWithoutSecrets(f *Folder, x *Exchange) {
	s := p.secrets
	r := &x.Request
	media := r.Header.Get("Content-Type")
	if media == "" {
		media = "text/xml"
	}
	operation := askedOf(r.Body)
	r.Body = s.placed(s.asked.Message(media, r.Body))
	r.Header, r.Target = s.header(r.Header), s.target(r.Target)
	f.Config.Path = s.target(f.Config.Path)
	x.Response.Body = s.placed(s.answered.Answer(operation, "text/xml", x.Response.Body))
	for name, values := range x.Response.Header {
		for i, v := range values {
			values[i] = string(s.placed([]byte(s.answered.Value(name, v))))
		}
	}
}

// variablesWithoutSecrets drops the value of what is a secret by its name or by where
// it is used.
func (p *project) variablesWithoutSecrets(f *Folder) {
	s := p.secrets
	for name, v := range f.Config.Variables {
		if v == "" || isOpen(v) {
			continue
		}
		if slices.Contains(s.names, name) || s.plain.Value(name, v) != v {
			s.note(name, v)
			s.open(name)
			delete(f.Config.Variables, name)
		}
	}
}

// expects takes the secrets out of an expectation; it is false for one that cannot be
// said without.
func (s *secrets) expects(e *fixture.Expect) bool {
	if s.inXPath(e.XPath) {
		return false
	}
	name := ""
	if m := lastName.FindStringSubmatch(e.XPath); m != nil {
		name = m[1]
	}
	shown := func(text string) string {
		for _, secret := range s.known() {
			if len(secret) >= shortestSought {
				text = strings.ReplaceAll(text, secret, "${"+s.values[secret]+"}")
			}
		}
		return string(s.placed([]byte(s.asked.Value(name, text))))
	}
	if e.Value != nil {
		v := shown(*e.Value)
		e.Value = &v
	}
	e.Contains = shown(e.Contains)
	isText := !strings.ContainsAny(e.Matches, "*+[")
	return e.Matches == "" || s.hidden(e.Matches) == e.Matches && !(isText && s.plain.Value(name, e.Matches) != e.Matches)
}

// declaration is one of a prefix before an XPath.
var declaration = regexp.MustCompile(`declare\s+namespace\s+[\w.-]+\s*=\s*(?:"[^"]*"|'[^']*')\s*;`)

// literal is a text in an XPath, with the name that it is compared with, if any.
var literal = regexp.MustCompile(`(?:([\pL_][\w.-]*)\s*(?:\([^()]*\)\s*)?(?:!?=|,)\s*)?(?:"([^"]*)"|'([^']*)')`)

// inXPath reports whether a text in an XPath holds a secret, or is compared with what is
// named like one.
func (s *secrets) inXPath(xpath string) bool {
	for _, m := range literal.FindAllStringSubmatch(declaration.ReplaceAllString(xpath, ""), -1) {
		if text := m[2] + m[3]; s.hidden(text) != text || m[1] != "" && s.plain.Value(m[1], text) != text {
			return true
		}
	}
	return false
}

// shortestSought is how long a secret must be to be looked for in other texts.
const shortestSought = 4

// userinfo is a name and password in an address.
var userinfo = regexp.MustCompile(`(https?://)[^/?#\s@"]*@`)

// hidden is a text for people without the secrets that are known, and those it is seen
// to hold.
func (s *secrets) hidden(text string) string {
	for _, secret := range s.known() {
		if len(secret) >= shortestSought {
			text = strings.ReplaceAll(text, secret, "***")
			text = strings.ReplaceAll(text, url.QueryEscape(secret), "***")
		}
	}
	text = userinfo.ReplaceAllString(text, "$1")
	return string(s.plain.Message("text/plain", []byte(text)))
}
