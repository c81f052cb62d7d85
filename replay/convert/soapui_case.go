package convert

import (
	"cmp"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"rator/replay/compare"
	"rator/replay/fixture"
	"rator/wire"
)

// testCase is a test case while it is read.
type testCase struct {
	*project
	scope   *scope
	where   string
	folder  *Folder
	steps   map[string]*testStep // by name; the first of a name
	alias   map[string]string    // variables that a property transfer made another's
	own     bool                 // it was exported
	unnamed int                  // values that SoapUI works out
	pending map[string][]pending // what transfers put into requests, by step
}

// testStep is what later steps may refer to.
type testStep struct {
	number string // of an exchange
	scope  *scope // of a Properties step
	body   string // of an exchange, as it is in the project
}

// read gives the scenario of a case; nil when no request is in it.
func (c *testCase) read(n *compare.Node) *Folder {
	if attribute(n, "disabled") == "true" {
		c.left(n, c.where, "the case is disabled and not converted; enable it in SoapUI first")
		return nil
	}
	c.steps, c.alias, c.pending = map[string]*testStep{}, map[string]string{}, map[string][]pending{}
	c.folder = &Folder{}
	c.folder.Config.Description = content(n.First("description"))
	c.properties(n, c.scope, c.where)
	if own := n.First("properties"); own != nil {
		c.settings(own)
	}
	for child := range n.Elements() {
		switch child.Name.Local {
		case "testStep":
			c.step(child)
		case "setupScript", "tearDownScript":
			c.script(child, c.where)
		case "loadTest", "securityTest":
			c.left(child, c.where, "a %s is not converted; rator replay has --jobs, --repeat and --max-p99", child.Name.Local)
		}
	}
	for step, values := range c.pending {
		for _, v := range values {
			c.left(v.node, v.where, "${%s} goes into %s, which is no request that comes later", v.name, step)
		}
	}
	if len(c.folder.Exchanges) == 0 {
		c.left(n, c.where, "no request of the case is converted, so there is no scenario of it")
		return nil
	}
	for _, t := range c.folder.Config.Capture {
		c.onlyTaken(t.Name)
	}
	for i := range c.folder.Exchanges {
		for _, m := range taken.FindAllSubmatch(c.folder.Exchanges[i].Response.Body, -1) {
			c.onlyTaken(string(m[1]))
		}
	}
	c.folder.Config.Variables = c.scope.values
	c.settle()
	return c.folder
}

// kinds are steps that are not converted, and what to do instead.
var kinds = map[string]string{
	"groovy":         "a Groovy step",
	"jdbc":           "a JDBC step",
	"delay":          "a delay; exchanges follow one another at once",
	"goto":           "a conditional goto; a scenario is played from first to last",
	"restrequest":    "a REST step",
	"mockresponse":   "a mock response step; rator mock answers",
	"calltestcase":   "a run of another case; put its exchanges here",
	"datasource":     "a data source; a scenario has one set of values, --set gives others",
	"datasourceloop": "a loop; --repeat plays a scenario again",
	"manualTestStep": "a manual step",
	"amfrequest":     "an AMF step",
	"httprequest":    "an HTTP step without a body",
}

func (c *testCase) step(n *compare.Node) {
	kind, name := attribute(n, "type"), attribute(n, "name")
	where := c.where + "/" + name
	c.at = reading{n.Line, where}
	if c.steps[name] != nil {
		c.left(n, where, "two steps have this name; ${%s#…} means the first", name)
	}
	if attribute(n, "disabled") == "true" {
		c.left(n, where, "the step is disabled and not converted; enable it in SoapUI first")
		return
	}
	config := n.First("config")
	if config == nil {
		c.left(n, where, "the step has no config element and is not converted")
		return
	}
	switch {
	case kind == "request":
		c.request(n, where, name, config)
	case kind == "httprequest" && content(config.First("request")) != "":
		c.request(n, where, name, config)
	case kind == "properties":
		s := newScope(c.scope, name)
		c.properties(config, s, where)
		for property, variable := range s.names {
			c.scope.names[name+"#"+property] = variable
			c.scope.values[variable] = s.values[variable]
		}
		c.remember(name, &testStep{scope: s})
	case kind == "transfer":
		for t := range config.Elements() {
			if t.Name.Local == "transfers" {
				c.transfer(t, where+"/"+content(t.First("name")))
			}
		}
	default:
		what, instead, _ := strings.Cut(cmp.Or(kinds[kind], "a step of kind "+kind), "; ")
		if instead != "" {
			instead = "; " + instead
		}
		c.left(n, where, "%s is not converted%s", what, instead)
	}
}

func (c *testCase) remember(name string, s *testStep) {
	if c.steps[name] == nil {
		c.steps[name] = s
	}
}

// request makes an exchange of a request step.
func (c *testCase) request(n *compare.Node, where, name string, config *compare.Node) {
	request := config
	of := [2]string{content(config.First("interface")), content(config.First("operation"))}
	op, known := c.operations[of]
	if r := config.First("request"); r != nil && !r.IsLeaf() {
		request = r
	}
	if of[1] != "" && !known {
		c.left(n, where, "the project has no interface %s with an operation %s; the request is sent as SOAP 1.1 without an action", of[0], of[1])
	}
	x := Exchange{Name: name}
	body := request.First("request")
	text := strings.ReplaceAll(content(body), "\\r\n", "\n")
	number := fmt.Sprintf("%02d", len(c.folder.Exchanges)+1)
	x.Request.Text = true
	x.Request.Body = []byte(c.put(name, c.expanded(cmp.Or(body, n), where, text)))
	c.head(n, where, request, config, op, &x)
	c.folder.Exchanges = append(c.folder.Exchanges, x)
	c.remember(name, &testStep{number: number, body: text})
	for child := range request.Elements() {
		switch child.Name.Local {
		case "assertion":
			c.assertion(child, where, number)
		case "attachment":
			c.left(child, where, "an attachment is not converted; the request goes without it")
		case "credentials":
			if content(child.First("username")) != "" {
				c.left(child, where, "credentials are not converted; put Authorization: Basic ${BASIC} into %s-%s.http and give it with --set BASIC=…", number, fixture.FileName(name))
			}
		}
	}
	for _, setting := range []struct{ key, what string }{
		{"outgoingWss", "WS-Security of outgoing messages"}, {"incomingWss", "WS-Security of incoming messages"},
		{"wssPasswordType", "a WS-Security password"}, {"useWsAddressing", "WS-Addressing"}, {"useWsReliableMessaging", "WS-ReliableMessaging"},
	} {
		if v := attribute(request, setting.key); v != "" && v != "false" {
			c.left(request, where, "%s is not converted; put its headers into the request", setting.what)
		}
	}
	c.answer(n, where, number, of)
}

// answer finds what is expected.
func (c *testCase) answer(n *compare.Node, where, number string, of [2]string) {
	x := &c.folder.Exchanges[len(c.folder.Exchanges)-1]
	judged := c.folder.Config.Expects(number)
	m := c.mock(of, c.where+"/"+number, judged)
	if m == nil {
		x.Open = true
		if !judged {
			c.left(n, where, "the project says nothing of the answer; rator replay --update writes the one that comes")
		}
		return
	}
	m.used = true
	x.Response.Text = true
	text := strings.ReplaceAll(content(m.node.First("responseContent")), "\\r\n", "\n")
	x.Response.Body = []byte(c.expanded(m.node, where, text))
	code, err := strconv.Atoi(attribute(m.node, "httpResponseStatus"))
	if err == nil && code >= 100 && code != http.StatusOK {
		if fault := compare.Operation(x.Response.Body) == wire.Fault; !fault || code != http.StatusInternalServerError {
			x.Response.Status = code
		}
	}
	for h := range m.node.Elements() {
		if h.Name.Local == "header" && m.service == expectedAnswers {
			if x.Response.Header == nil {
				x.Response.Header, x.Response.Status = http.Header{}, max(code, http.StatusOK)
			}
			x.Response.Header.Add(content(h.First("name")), c.expanded(h, where, content(h.First("value"))))
		}
	}
}

var declaredEncoding = regexp.MustCompile(`^\s*<\?xml[^>]*encoding\s*=\s*["']([^"']+)`)

// head is method, path and headers of a request.
func (c *testCase) head(n *compare.Node, where string, request, config *compare.Node, op operation, x *Exchange) {
	r := &x.Request
	r.Method = http.MethodPost
	if m := attribute(config, "method"); m != "" {
		r.Method = m
	}
	r.Target = c.target(cmp.Or(request.First("endpoint"), n), where, content(request.First("endpoint")))
	r.Header = http.Header{}
	charset := cmp.Or(content(request.First("encoding")), "UTF-8")
	if !strings.EqualFold(charset, "UTF-8") {
		c.left(request, where, "the request is in %s there; it is sent in UTF-8", charset)
	}
	if m := declaredEncoding.FindSubmatchIndex(r.Body); m != nil && !strings.EqualFold(string(r.Body[m[2]:m[3]]), "UTF-8") {
		r.Body = slices.Concat(r.Body[:m[2]], []byte("UTF-8"), r.Body[m[3]:])
	}
	switch {
	case attribute(config, "mediaType") != "":
		r.Header.Set("Content-Type", attribute(config, "mediaType"))
	case op.soap12:
		media := "application/soap+xml; charset=utf-8"
		if op.action != "" {
			media += fmt.Sprintf("; action=%q", op.action)
		}
		r.Header.Set("Content-Type", media)
	default:
		r.Header.Set("Content-Type", "text/xml; charset=utf-8")
		r.Header.Set("SOAPAction", `"`+op.action+`"`)
	}
	if settings := request.First("settings"); settings != nil {
		c.headers(settings, where, r.Header)
	}
}

// headers reads those that a request has in its settings, as XML in a text.
func (c *testCase) headers(settings *compare.Node, where string, h http.Header) {
	for s := range settings.Elements() {
		id := attribute(s, "id")
		text := content(s)
		switch {
		case strings.HasSuffix(id, "@request-headers"):
			fragment, err := compare.Parse([]byte(text))
			if err != nil {
				c.left(s, where, "the headers cannot be read: %v", err)
				continue
			}
			entries := []*compare.Node{fragment}
			if fragment.Name.Local == "xml-fragment" {
				entries = slices.Collect(fragment.Elements())
			}
			for _, e := range entries {
				if attribute(e, "key") != "" {
					h.Set(attribute(e, "key"), c.expanded(s, where, attribute(e, "value")))
				}
			}
		case strings.HasSuffix(id, "@enable-mtom") && text == "true":
			c.left(s, where, "MTOM is not converted; the request is sent as plain XML")
		}
	}
}

// endpointURL is an endpoint: its host without who asks, and its path with a query.
var endpointURL = regexp.MustCompile(`^https?://(?:[^/?#${}@]*@)?([^/?#${}@]+)(/.*)?$`)

// target is the path of an endpoint; where it is, --endpoint says.
func (c *testCase) target(n *compare.Node, where, endpoint string) string {
	resolved, _ := c.scope.resolved(strings.TrimSpace(endpoint), 0)
	m := endpointURL.FindStringSubmatch(resolved)
	if m == nil {
		c.left(n, where, "the endpoint %q is no URL, so its path is not known; the request goes to /", endpoint)
		return "/"
	}
	if !slices.Contains(c.hosts, m[1]) {
		c.hosts = append(c.hosts, m[1])
	}
	return cmp.Or(c.expanded(n, where, m[2]), "/")
}

var taken = regexp.MustCompile(`\$\{capture:([^}]*)\}`)

// onlyTaken drops a variable that has no value before an answer gives it one.
func (c *testCase) onlyTaken(name string) {
	if v, ok := c.scope.values[name]; ok && v == "" {
		delete(c.scope.values, name)
	}
}

// settle puts the path that requests go to into the settings, and takes away of
// each exchange what it has anyhow.
func (c *testCase) settle() {
	first := &c.folder.Exchanges[0].Request
	path := cmp.Or(c.folder.Config.Path, wire.Path)
	if !c.own {
		path = c.folder.Config.Path
	}
	if !c.own && c.folder.Config.Path == "" && !strings.Contains(first.Target, "?") {
		c.folder.Config.Path = first.Target
		path = first.Target
	}
	for i := range c.folder.Exchanges {
		r := &c.folder.Exchanges[i].Request
		usual := len(r.Header) == 2 && r.Header.Get("Content-Type") == "text/xml; charset=utf-8" && r.Header.Get("SOAPAction") == `""`
		if usual && r.Method == http.MethodPost && r.Target == path {
			r.Method, r.Target, r.Header = "", "", nil
		}
	}
}
