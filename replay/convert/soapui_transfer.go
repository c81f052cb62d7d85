package convert

import (
	"regexp"
	"strconv"
	"strings"

	"rator/replay/compare"
	"rator/replay/fixture"
)

var lastName = regexp.MustCompile(`([\pL_][\w-]*)(?:\[[^\]]*\])*(?:/text\(\))?\)?$`)

// capture takes a value of a step's answer and gives the variable that it is in:
// name, or one that is free when it is "".
func (c *testCase) capture(n *compare.Node, where string, source *testStep, path, name string) string {
	path, whole := c.scope.resolved(path, 0)
	x, err := c.xpath(n, where, path, source.number)
	for _, t := range c.folder.Config.Capture {
		if t.Step == source.number && (name == "" && t.XPath == x || t.Name == name) {
			return t.Name
		}
	}
	if name == "" {
		name = "value"
		if m := lastName.FindStringSubmatch(path); m != nil {
			name = m[1]
		}
		name = c.scope.define(source.number + "#" + name)
		name = strings.ReplaceAll(name, source.number+"_", "")
		if c.inUse(name) {
			name += "_" + source.number
		}
	}
	if c.takes(source.number, name) {
		return name
	}
	if err != nil || !whole {
		what := "it has ${…} in it that is not known before"
		if err != nil {
			what = err.Error()
		}
		c.left(n, where, "not captured: %s; give it with --set %s=…", what, name)
		return name
	}
	c.folder.Config.Capture = append(c.folder.Config.Capture, fixture.Capture{Step: source.number, XPath: x, Name: name})
	return name
}

// takes says that the expected answer of a step takes a name already.
func (c *testCase) takes(number, name string) bool {
	n, err := strconv.Atoi(number) // 08 is no octal number
	if err != nil || n < 1 || n > len(c.folder.Exchanges) {
		return false
	}
	return strings.Contains(string(c.folder.Exchanges[n-1].Response.Body), "${capture:"+name+"}")
}

func (c *testCase) inUse(name string) bool {
	for _, t := range c.folder.Config.Capture {
		if t.Name == name {
			return true
		}
	}
	return c.scope.taken(name)
}

// transfer makes a capture of a property transfer, and puts ${name} where it goes.
func (c *testCase) transfer(n *compare.Node, where string) {
	get := func(name string) string { return strings.TrimSpace(content(n.First(name))) }
	if attribute(n, "disabled") == "true" {
		c.left(n, where, "the transfer is disabled and not converted; enable it in SoapUI first")
		return
	}
	if kind := get("type"); kind != "" && !strings.EqualFold(kind, "XPATH") || attribute(n, "useXQuery") == "true" {
		c.left(n, where, "a transfer by something else than XPath is not converted")
		return
	}
	target := c.targetOf(n, where, get("targetStep"), get("targetType"))
	source := c.steps[get("sourceStep")]
	sourceScope := c.scopeOf(get("sourceStep"))
	isAnswer := get("sourceType") == "Response" || get("sourceType") == "ResponseAsXml"
	var name string
	switch {
	case target == "" && get("targetType") != "Request":
		c.left(n, where, "a transfer to %s of %s is not converted", get("targetType"), get("targetStep"))
		return
	case isAnswer && source != nil && source.number != "" && get("sourcePath") != "":
		name = c.capture(n, where, source, get("sourcePath"), target)
	case sourceScope != nil && get("sourcePath") == "":
		name = c.known(n, where, sourceScope, get("sourceType"), get("sourceStep")+get("sourceType"))
		if target != "" && target != name {
			c.alias[target] = name
		}
	default:
		c.left(n, where, "a transfer from %s of %s %s is not converted", get("sourceType"), get("sourceStep"), get("sourcePath"))
		return
	}
	if target == "" {
		c.into(n, where, get("targetStep"), get("targetPath"), name)
	}
}

// scopeOf is what a step of a transfer names, if that has properties.
func (c *testCase) scopeOf(step string) *scope {
	if strings.HasPrefix(step, "#") {
		return c.scope.of(strings.Trim(step, "#"))
	}
	if s := c.steps[step]; s != nil {
		return s.scope
	}
	return nil
}

// targetOf is the variable of the property that a transfer goes to; "" when it goes
// into a request or nowhere.
func (c *testCase) targetOf(n *compare.Node, where, step, property string) string {
	s := c.scopeOf(step)
	if s == nil {
		return ""
	}
	if path := strings.TrimSpace(content(n.First("targetPath"))); path != "" {
		return ""
	}
	if s.kind == "Project" || s.kind == "TestSuite" {
		c.left(n, where, "the property %s of %s changes only in this scenario", property, step)
	}
	return s.define(property)
}

// pending is a value that goes into a request that comes later.
type pending struct {
	node        *compare.Node
	where, path string
	name        string
}

// into notes that ${name} goes to a place of a request, or puts it there when the
// request was read.
func (c *testCase) into(n *compare.Node, where, step, path, name string) {
	if c.steps[step] != nil {
		c.left(n, where, "a transfer into %s, which was sent before, is not converted", step)
		return
	}
	c.pending[step] = append(c.pending[step], pending{n, where, path, name})
}

// put puts what is pending into a request's text.
func (c *testCase) put(step, text string) string {
	for _, p := range c.pending[step] {
		path, err := c.pathInto(&p, text)
		root, broken := compare.Parse([]byte(text))
		if err != nil || broken != nil {
			c.left(p.node, p.where, "the place for ${%s} in %s is not found: %v", p.name, step, firstError(err, broken))
			continue
		}
		nodes := path.Nodes(root)
		if len(nodes) == 0 || !nodes[0].IsLeaf() {
			c.left(p.node, p.where, "there is no element with a text at %s in %s for ${%s}", p.path, step, p.name)
			continue
		}
		text = withContent(text, nodes[0], "${"+p.name+"}")
	}
	delete(c.pending, step)
	return text
}

func (c *testCase) pathInto(p *pending, text string) (*compare.XPath, error) {
	of := c.steps
	c.steps = map[string]*testStep{"": {number: "into", body: text}}
	defer func() { c.steps = of }()
	x, err := c.xpath(p.node, p.where, p.path, "into")
	if err != nil {
		return nil, err
	}
	return compare.ParseXPath(x)
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// withContent is text with another text in a leaf.
func withContent(text string, leaf *compare.Node, put string) string {
	start := offset(text, leaf.Line, leaf.Column)
	end := start
	for quote := byte(0); end < len(text); end++ {
		switch ch := text[end]; {
		case quote != 0:
			if ch == quote {
				quote = 0
			}
		case ch == '"' || ch == '\'':
			quote = ch
		}
		if quote == 0 && text[end] == '>' {
			break
		}
	}
	if text[end-1] == '/' {
		name := text[start+1 : start+1+strings.IndexAny(text[start+1:], " \t\r\n/>")]
		return text[:end-1] + ">" + put + "</" + name + ">" + text[end+1:]
	}
	closing := end + 1 + strings.LastIndex(text[end+1:end+1+strings.Index(text[end+1:], "</")+2], "</")
	return text[:end+1] + put + text[closing:]
}

// offset is the byte at a line and column.
func offset(text string, line, column int) int {
	at := 0
	for ; line > 1; line-- {
		at += strings.IndexByte(text[at:], '\n') + 1
	}
	for i := range text[at:] {
		if column--; column == 0 {
			return at + i
		}
	}
	return len(text)
}
