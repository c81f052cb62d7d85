package convert

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"rator/replay/compare"
	"rator/replay/fixture"
	"rator/wire"
)

// step writes an exchange as a request step, and as an HTTP step when its headers
// are no SOAP; its expected answer goes to the mock service.
func (e *exporter) step(w, mocks *projectWriter, x *exchange, n int) {
	name, r := x.step.Name, &x.Request
	told := map[string]bool{}
	for _, l := range e.links {
		if l.step < n && l.recorded != "" && !told[l.recorded] && x.sends(l.recorded) {
			told[l.recorded] = true
			e.left(x, "rator replay sends what came for %s; SoapUI sends it as it is: add a property transfer", l.recorded)
		}
	}
	if m := declaredEncoding.FindSubmatch(r.Body); m != nil && !strings.EqualFold(string(m[1]), "UTF-8") || !utf8.Valid(r.Body) {
		e.left(x, "the request is not in UTF-8; SoapUI gets it as UTF-8")
	}
	op, isSOAP := operationOf(r.Header)
	body := compare.Operation(r.Body)
	isSOAP = isSOAP && r.Method != http.MethodGet && (r.Method == "" || r.Method == http.MethodPost) && strings.Contains(string(r.Body), wire.Envelope)
	extra := maps.Clone(r.Header)
	operationName := ""
	if isSOAP {
		operationName = e.operation(op, cmp.Or(body, "operation"))
		for known := range soapHeader(op) {
			delete(extra, known)
		}
		fmt.Fprintf(w, "<con:testStep type=\"request\" name=%s>\n<con:config xsi:type=\"con:RequestStep\">\n<con:interface>%s</con:interface>\n<con:operation>%s</con:operation>\n<con:request name=%s>\n",
			attr(name), faceName(op.soap12), escapeXML(operationName), attr(name))
	} else {
		media := r.Header.Get("Content-Type")
		if r.Header == nil {
			media, extra = "text/xml; charset=utf-8", http.Header{"Soapaction": {`""`}}
		}
		delete(extra, "Content-Type")
		fmt.Fprintf(w, "<con:testStep type=\"httprequest\" name=%s>\n<con:config method=%s mediaType=%s xsi:type=\"con:HttpRequest\" name=%s>\n",
			attr(name), attr(cmp.Or(r.Method, http.MethodPost)), attr(media), attr(name))
	}
	e.headers(w, x, extra)
	w.WriteString("<con:encoding>UTF-8</con:encoding>\n")
	w.element("con:endpoint", "http://localhost:8080"+e.placeholders(x, cmp.Or(r.Target, e.scenario.Config.Path, wire.Path)))
	w.element("con:request", e.placeholders(x, string(r.Body)))
	e.assertions(w, x)
	if isSOAP {
		w.WriteString("</con:request>\n")
	}
	w.WriteString("</con:config>\n</con:testStep>\n")
	e.transfers(w, x, n)
	if x.step.Response != "" && x.Response.Text {
		e.mock(mocks, x, op, operationName)
	}
}

func (e *exporter) headers(w *projectWriter, x *exchange, extra http.Header) {
	if len(extra) == 0 {
		return
	}
	var in projectWriter
	in.WriteString(`<xml-fragment xmlns:con="` + namespaceSoapUI + `">`)
	for _, name := range slices.Sorted(maps.Keys(extra)) {
		if len(extra[name]) > 1 {
			e.left(x, "the header %s is there %d times; SoapUI sends it once", name, len(extra[name]))
		}
		fmt.Fprintf(&in, "<con:entry key=%s value=%s/>", attr(name), attr(e.placeholders(x, extra.Get(name))))
	}
	in.WriteString("</xml-fragment>")
	fmt.Fprintf(w, "<con:settings><con:setting id=\"com.eviware.soapui.impl.wsdl.WsdlRequest@request-headers\">%s</con:setting></con:settings>\n", escapeXML(in.String()))
}

var stepReference = regexp.MustCompile(`^(\d+):`)

// placeholders is a text with SoapUI's expansions for variables.
func (e *exporter) placeholders(x *exchange, text string) string {
	return eachExpansion(text, func(inner string) string {
		if m := stepReference.FindStringSubmatch(inner); m != nil {
			e.left(x, "${%s} means nothing in SoapUI; add a property transfer there", inner)
			return "${" + cmp.Or(e.numbers[m[1]], m[1]) + strings.TrimPrefix(inner, m[1]) + "}"
		}
		if _, ok := e.known[inner]; ok {
			return "${#TestCase#" + inner + "}"
		}
		e.left(x, "nothing gives ${%s} a value; SoapUI takes it from the environment", inner)
		return "${#Env#" + inner + "}"
	})
}

// isAssertion says that SoapUI has an assertion for an expectation which an import
// makes the same of.
func (e *exporter) isAssertion(x *fixture.Expect) bool {
	switch {
	case x.Fault != nil:
		return !x.Not
	case len(x.Status) > 0:
		return true
	case x.Contains != "":
		return x.XPath == ""
	case x.Matches != "":
		return false
	case x.Value != nil:
		return !x.Not && !strings.HasPrefix(x.XPath, "exists(") && !strings.HasPrefix(*x.Value, "<")
	}
	return !strings.Contains(x.XPath, ";")
}

// assertions writes those of a step.
func (e *exporter) assertions(w *projectWriter, x *exchange) {
	one := func(kind, name string, settings ...string) {
		fmt.Fprintf(w, "<con:assertion type=%q name=%s><con:configuration>", kind, attr(name))
		for i := 0; i < len(settings); i += 2 {
			fmt.Fprintf(w, "<%s>%s</%s>", settings[i], escapeXML(settings[i+1]), settings[i])
		}
		w.WriteString("</con:configuration></con:assertion>\n")
	}
	for i := range e.scenario.Config.Expect {
		a := &e.scenario.Config.Expect[i]
		if a.Step != x.step.Number {
			continue
		}
		if !e.isAssertion(a) {
			e.left(x, "an [[expect]] is kept in the property %s, which SoapUI does not judge", settingsProperty)
			continue
		}
		switch {
		case a.Fault != nil && *a.Fault:
			one("Not SOAP Fault Assertion", "SOAP Fault")
		case a.Fault != nil:
			one("SOAP Fault Assertion", "Not SOAP Fault")
		case len(a.Status) > 0:
			kind := "Valid HTTP Status Codes"
			if a.Not {
				kind = "Invalid HTTP Status Codes"
			}
			codes := make([]string, len(a.Status))
			for i, s := range a.Status {
				codes[i] = strconv.Itoa(s)
			}
			one(kind, kind, "codes", strings.Join(codes, ","))
		case a.Contains != "":
			kind := "Simple Contains"
			if a.Not {
				kind = "Simple NotContains"
			}
			one(kind, kind, "token", e.placeholders(x, a.Contains), "ignoreCase", "false", "useRegEx", "false")
		case a.Value != nil:
			one("XPath Match", shown(a.XPath), "path", a.XPath, "content", e.placeholders(x, *a.Value), "allowWildcards", "false")
		default:
			one("XPath Match", shown(a.XPath), "path", "exists("+a.XPath+")", "content", strconv.FormatBool(!a.Not), "allowWildcards", "false")
		}
	}
	if x.step.Response == "" || !x.Response.Text {
		return
	}
	one("Valid HTTP Status Codes", generated+"status", "codes", strconv.Itoa(statusOf(x)))
	paths, values := constants(x)
	for i := range paths {
		one("XPath Match", generated+strconv.Itoa(i+1), "path", paths[i], "content", values[i], "allowWildcards", "false")
	}
}

func statusOf(x *exchange) int {
	switch {
	case x.Response.Status != 0:
		return x.Response.Status
	case compare.Operation(x.Response.Body) == wire.Fault:
		return http.StatusInternalServerError
	}
	return http.StatusOK
}

func shown(xpath string) string {
	return strings.TrimSpace(xpath[strings.LastIndexByte(xpath, ';')+1:])
}

// transfers writes a property transfer for each value that is captured.
func (e *exporter) transfers(w *projectWriter, x *exchange, n int) {
	for _, l := range e.links {
		if l.step != n || l.recorded != "" || !isName(l.name) {
			continue
		}
		if l.xpath == "" {
			e.left(x, "the place of ${%s} in the answer is not known without an expected answer", l.name)
			continue
		}
		fmt.Fprintf(w, "<con:testStep type=\"transfer\" name=%s>\n<con:config xsi:type=\"con:PropertyTransfersStep\">\n<con:transfers setNullOnMissingSource=\"true\">\n", attr("take "+l.name))
		w.element("con:name", l.name)
		w.element("con:sourceType", "Response")
		w.element("con:sourceStep", x.step.Name)
		w.element("con:sourcePath", l.xpath)
		w.element("con:targetType", l.name)
		w.element("con:targetStep", "#TestCase#")
		w.element("con:type", "XPATH")
		w.WriteString("</con:transfers>\n</con:config>\n</con:testStep>\n")
	}
}

// mock keeps an expected answer, under the name of its step.
func (e *exporter) mock(w *projectWriter, x *exchange, op operation, name string) {
	if name == "" {
		op = operation{}
		name = e.operation(op, "other")
	}
	fmt.Fprintf(w, "<con:mockOperation name=%s interface=%q operation=%s>\n<con:response name=%s httpResponseStatus=\"%d\" encoding=\"UTF-8\">\n",
		attr(name), faceName(op.soap12), attr(name), attr(strings.Join([]string{e.suite, e.name, e.numbers[x.step.Number]}, "/")), statusOf(x))
	for _, h := range slices.Sorted(maps.Keys(x.Response.Header)) {
		for _, v := range x.Response.Header[h] {
			fmt.Fprintf(w, "<con:header><con:name>%s</con:name><con:value>%s</con:value></con:header>\n", escapeXML(h), escapeXML(v))
		}
	}
	answer := eachExpansion(string(x.Response.Body), func(inner string) string {
		if ours.MatchString(inner) {
			return "${" + inner + "}"
		}
		return e.placeholders(x, "${"+inner+"}")
	})
	w.element("con:responseContent", answer)
	w.WriteString("</con:response>\n</con:mockOperation>\n")
}
