package convert

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"maps"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"

	"rator/replay/compare"
	"rator/replay/fixture"
)

// ToSoapUI is a scenario as a project of SoapUI 5, which SoapUI and --import read:
// a suite with one case, a request step for each exchange, an XPath Match for each
// constant value of an expected answer, a property transfer for each capture, and
// the expected answers in a mock service. Requests go to http://localhost:8080.
func ToSoapUI(s *fixture.Scenario, o Options) ([]byte, *Report, error) {
	all, left, err := loaded(s)
	if err != nil {
		return nil, nil, err
	}
	e := &exporter{scenario: s, links: links(s, all, o.Contracts), known: maps.Clone(s.Config.Variables), numbers: map[string]string{}, operations: map[operation][]string{}}
	e.report = &Report{Scenarios: 1, Exchanges: exported(all), Left: left}
	if e.known == nil {
		e.known = map[string]string{}
	}
	for i := range all {
		if !all[i].bytes {
			e.numbers[all[i].step.Number] = fmt.Sprintf("%02d", len(e.numbers)+1)
		}
	}
	e.suite, e.name = path.Split(s.Name)
	if e.suite = strings.Trim(e.suite, "/"); e.suite == "" {
		e.suite = "Scenarios"
	}
	return e.project(all), e.report, nil
}

type exporter struct {
	scenario    *fixture.Scenario
	suite, name string
	links       []link
	known       map[string]string // variables; what is captured has no value
	numbers     map[string]string // of steps in the project, by their own
	operations  map[operation][]string
	report      *Report
}

// generated begins the names of assertions that say what the expected answer says;
// an import has the answer.
const generated = "expected answer: "

func (e *exporter) left(x *exchange, format string, args ...any) {
	e.report.Left = append(e.report.Left, Left{
		File: e.scenario.File(x.step.Request), Where: e.scenario.Name + "/" + x.step.Label(), What: fmt.Sprintf(format, args...),
	})
}

// project is the file. What it holds of interfaces is known when the steps are
// written.
func (e *exporter) project(all []exchange) []byte {
	for _, l := range e.links {
		if l.xpath != "" && isName(l.name) {
			if _, ok := e.known[l.name]; !ok {
				e.known[l.name] = ""
			}
		}
	}
	var steps, mocks projectWriter
	for i := range all {
		if !all[i].bytes {
			e.step(&steps, &mocks, &all[i], i)
		}
	}
	var w projectWriter
	fmt.Fprintf(&w, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<con:soapui-project name=%s soapui-version=\"5.7.0\" xmlns:con=%q xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n",
		attr(e.name), namespaceSoapUI)
	for _, soap12 := range []bool{false, true} {
		e.face(&w, soap12)
	}
	fmt.Fprintf(&w, "<con:testSuite name=%s>\n<con:testCase name=%s>\n", attr(e.suite), attr(e.name))
	w.element("con:description", e.scenario.Config.Description)
	w.Write(steps.Bytes())
	w.WriteString("<con:properties>\n")
	w.property(settingsProperty, e.settings())
	for _, name := range slices.Sorted(maps.Keys(e.known)) {
		w.property(name, fixture.Escape(e.known[name]))
	}
	w.WriteString("</con:properties>\n</con:testCase>\n</con:testSuite>\n")
	if mocks.Len() > 0 {
		fmt.Fprintf(&w, "<con:mockService name=%s port=\"8088\" path=\"/expected\">\n%s</con:mockService>\n", attr(expectedAnswers), mocks.Bytes())
	}
	w.WriteString("</con:soapui-project>\n")
	return w.Bytes()
}

// face writes the interface of one SOAP version.
func (e *exporter) face(w *projectWriter, soap12 bool) {
	var all []operation
	for o := range e.operations {
		if o.soap12 == soap12 {
			all = append(all, o)
		}
	}
	if len(all) == 0 {
		return
	}
	slices.SortFunc(all, func(a, b operation) int { return strings.Compare(a.action, b.action) })
	version := "1_1"
	if soap12 {
		version = "1_2"
	}
	fmt.Fprintf(w, "<con:interface xsi:type=\"con:WsdlInterface\" type=\"wsdl\" name=%q soapVersion=%q wsaVersion=\"NONE\">\n", faceName(soap12), version)
	for _, o := range all {
		for _, name := range e.operations[o] {
			fmt.Fprintf(w, "<con:operation name=%s bindingOperationName=%s action=%s/>\n", attr(name), attr(name), attr(o.action))
		}
	}
	w.WriteString("</con:interface>\n")
}

func faceName(soap12 bool) string {
	if soap12 {
		return "Service12"
	}
	return "Service"
}

// operation is the name of a request's operation in the project: its own, with a
// number when it is there with another action.
func (e *exporter) operation(o operation, name string) string {
	for n := 1; ; n++ {
		free := name
		if n > 1 {
			free = fmt.Sprintf("%s_%d", name, n)
		}
		if slices.Contains(e.operations[o], free) {
			return free
		}
		taken := false
		for other, names := range e.operations {
			taken = taken || other.soap12 == o.soap12 && slices.Contains(names, free)
		}
		if !taken {
			e.operations[o] = append(e.operations[o], free)
			return free
		}
	}
}

// settings are what SoapUI has no word for.
func (e *exporter) settings() string {
	c := e.scenario.Config
	own := fixture.Config{Path: c.Path, Compare: c.Compare, Tokens: c.Tokens, Ignore: c.Ignore, Server: c.Server}
	number := func(step string) string {
		if step == "" {
			return ""
		}
		return e.numbers[step]
	}
	for _, take := range c.Capture {
		take.Step = number(take.Step)
		own.Capture = append(own.Capture, take)
	}
	for i := range c.Expect {
		if x := c.Expect[i]; x.Step == "" || !e.isAssertion(&x) {
			x.Step = number(x.Step)
			own.Expect = append(own.Expect, x)
		}
	}
	return formatSettings(&own, nil)
}

// soapHeader is what an operation's requests have of themselves.
func soapHeader(o operation) http.Header {
	if o.soap12 {
		media := "application/soap+xml; charset=utf-8"
		if o.action != "" {
			media += fmt.Sprintf("; action=%q", o.action)
		}
		return http.Header{"Content-Type": {media}}
	}
	return http.Header{"Content-Type": {"text/xml; charset=utf-8"}, "Soapaction": {`"` + o.action + `"`}}
}

// operationOf reads the operation of a request's headers; ok is false when SOAP has
// none such.
func operationOf(h http.Header) (o operation, ok bool) {
	if h == nil {
		return o, true
	}
	media := h.Get("Content-Type")
	if rest, soap12 := strings.CutPrefix(media, "application/soap+xml; charset=utf-8"); soap12 {
		o.soap12 = true
		o.action = strings.TrimSuffix(strings.TrimPrefix(rest, `; action="`), `"`)
	} else {
		o.action = strings.Trim(h.Get("SOAPAction"), `"`)
	}
	derived := soapHeader(o)
	for name := range derived {
		if !slices.Equal(h[name], derived[name]) {
			return o, false
		}
	}
	return o, true
}

// projectWriter writes XML.
type projectWriter struct{ bytes.Buffer }

func (w *projectWriter) element(name, text string) {
	if text != "" {
		fmt.Fprintf(w, "<%s>%s</%s>\n", name, escapeXML(text), name)
	}
}

func (w *projectWriter) property(name, v string) {
	fmt.Fprintf(w, "<con:property><con:name>%s</con:name><con:value>%s</con:value></con:property>\n", escapeXML(name), escapeXML(v))
}

func escapeXML(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // a buffer takes all
	return b.String()
}

func attr(text string) string { return `"` + escapeXML(text) + `"` }

var anyID = regexp.MustCompile(`^\d{18}$`)

// constants are the values of an expected answer that are there whenever it comes.
func constants(x *exchange) (paths, values []string) {
	root, err := compare.Parse(x.Response.Body)
	if err != nil || !x.Response.Text {
		return nil, nil
	}
	const most = 100
	walk(root, func(leaf *compare.Node) {
		text := leaf.Content()
		if strings.TrimSpace(text) == "" || strings.Contains(text, "${") || anyID.MatchString(text) || len(paths) == most {
			return
		}
		paths, values = append(paths, place(root, func(n *compare.Node) bool { return n == leaf })), append(values, text)
	})
	return paths, values
}
