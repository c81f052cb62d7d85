package convert

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"rator/replay/compare"
	"rator/replay/fixture"
)

// assertion makes an expectation of an assertion.
func (c *testCase) assertion(n *compare.Node, where, number string) {
	kind := attribute(n, "type")
	where += "/" + attribute(n, "name")
	if attribute(n, "disabled") == "true" {
		c.left(n, where, "the assertion is disabled and not converted; enable it in SoapUI first")
		return
	}
	if strings.HasPrefix(attribute(n, "name"), generated) && c.own {
		return // the expected answer says it
	}
	config := n.First("configuration")
	get := func(name string) string { return content(below(config, name)) }
	e := fixture.Expect{Step: number}
	var mistake string
	switch kind {
	case "SOAP Response":
		e.XPath = "/*:Envelope/*:Body"
	// SoapUI calls the two so since they changed places in its first versions.
	case "SOAP Fault Assertion":
		e.Fault = new(bool)
	case "Not SOAP Fault Assertion":
		fault := true
		e.Fault = &fault
	case "Valid HTTP Status Codes", "Invalid HTTP Status Codes":
		e.Not = strings.HasPrefix(kind, "Invalid")
		for _, code := range strings.FieldsFunc(get("codes"), func(r rune) bool { return r == ',' || r == ' ' }) {
			status, err := strconv.Atoi(code)
			if err != nil {
				mistake = fmt.Sprintf("%q is no HTTP status", code)
			}
			e.Status = append(e.Status, status)
		}
		if len(e.Status) == 0 {
			mistake = "it names no HTTP status"
		}
	case "Simple Contains", "Simple NotContains":
		e.Not = kind == "Simple NotContains"
		mistake = c.contains(n, where, &e, get)
	case "XPath Match":
		mistake = c.match(n, where, &e, get)
	case "Response SLA Assertion":
		mistake = "a response time is not expected of one answer; rator replay --max-p99 " + get("SLA") + "ms judges each operation"
	case "Schema Compliance":
		mistake = "the answer is not held against a schema"
	default:
		mistake = "an assertion of kind " + kind + " is not converted"
	}
	if mistake != "" {
		c.left(n, where, "%s", mistake)
		return
	}
	c.folder.Config.Expect = append(c.folder.Config.Expect, e)
}

// contains reads what an answer has in it. The mistake is "" when it can be said.
func (c *testCase) contains(n *compare.Node, where string, e *fixture.Expect, get func(string) string) (mistake string) {
	token := get("token")
	isPattern, anyCase := get("useRegEx") == "true", get("ignoreCase") == "true"
	if token == "" {
		return "it names no text"
	}
	if !isPattern && !anyCase {
		e.Contains = c.expanded(n, where, token)
		return ""
	}
	token, whole := c.scope.resolved(token, 0)
	if !whole {
		return "a pattern with ${…} that is not known before is not converted"
	}
	if isPattern {
		e.Matches = "^(?:" + token + ")$" // of the whole answer
	} else {
		e.Matches = regexp.QuoteMeta(token)
	}
	if anyCase {
		e.Matches = "(?i)" + e.Matches
	}
	if _, err := regexp.Compile(e.Matches); err != nil {
		return "the pattern is not known here: " + err.Error()
	}
	return ""
}

// match reads a value at an XPath.
func (c *testCase) match(n *compare.Node, where string, e *fixture.Expect, get func(string) string) (mistake string) {
	path, whole := c.scope.resolved(get("path"), 0)
	if !whole {
		return "an XPath with ${…} that is not known before is not converted"
	}
	x, err := c.xpath(n, where, path, e.Step)
	if err != nil {
		return "not converted: " + err.Error()
	}
	e.XPath = x
	want := get("content")
	inner, exists := strings.CutPrefix(path, "exists(")
	switch {
	case strings.HasPrefix(strings.TrimSpace(want), "<"):
		return "an XPath whose value is elements is not converted; expect the texts in them one by one"
	case exists && strings.HasSuffix(inner, ")") && (want == "true" || want == "false"):
		e.XPath, e.Not = strings.TrimSuffix(inner, ")"), want == "false"
	case get("allowWildcards") == "true" && strings.Contains(want, "*"):
		if want, whole = c.scope.resolved(want, 0); !whole {
			return "a pattern with ${…} that is not known before is not converted"
		}
		parts := strings.Split(want, "*")
		for i := range parts {
			parts[i] = regexp.QuoteMeta(parts[i])
		}
		e.Matches = "(?s)^" + strings.Join(parts, ".*") + "$"
	default:
		want = c.expanded(n, where, want)
		e.Value = &want
	}
	return ""
}

var (
	declaredPrefix = regexp.MustCompile(`xmlns:([\w.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')`)
	usedPrefix     = regexp.MustCompile(`([\pL_][\w.-]*):[\pL_*]`)
)

// xpath is an XPath as it is kept. What prefixes stand for that it does not declare
// is what the step's request declares, else any namespace.
func (c *testCase) xpath(n *compare.Node, where, path, number string) (string, error) {
	path = strings.TrimSpace(path)
	at := strings.LastIndexByte(path, ';') + 1
	head, way := path[:at], path[at:]
	declared := map[string]string{}
	for _, s := range c.steps {
		if s.number == number {
			for _, m := range declaredPrefix.FindAllStringSubmatch(s.body, -1) {
				declared[m[1]] = m[2] + m[3]
			}
		}
	}
	for _, m := range usedPrefix.FindAllStringSubmatch(way, -1) {
		prefix := m[1]
		if regexp.MustCompile(`namespace\s+` + regexp.QuoteMeta(prefix) + `\s*=`).MatchString(head) {
			continue
		}
		if space, ok := declared[prefix]; ok {
			head += "declare namespace " + prefix + "='" + space + "'; "
			continue
		}
		if strings.Contains(way, prefix+":") {
			way = strings.ReplaceAll(way, prefix+":", "*:")
			c.left(n, where, "nobody says what the prefix %s stands for; the XPath takes any namespace", prefix)
		}
	}
	_, err := compare.ParseXPath(head + way)
	return head + way, err
}
