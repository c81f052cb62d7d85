package convert

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"rator/replay/compare"
	"rator/replay/fixture"
)

const namespaceSoapUI = "http://eviware.com/soapui/config"

// SoapUI reads a project file of SoapUI 5: suites become folders, cases scenarios,
// requests exchanges, properties variables. Secrets are taken out as of a HAR file.
// What cannot be converted is in Left. A file that is no project is an
// *fixture.Error. No more is read than o and compare.Parse allow; entities of a
// document type are unknown.
func SoapUI(file string, o Options) (result *Import, err error) {
	o.fill()
	src, err := o.read(file)
	if err != nil {
		return nil, err
	}
	root, err := compare.Parse(src)
	if err != nil {
		mistake := &fixture.Error{File: file, Message: err.Error()}
		var syntax *compare.SyntaxError
		if errors.As(err, &syntax) {
			mistake.Line, mistake.Column, mistake.Message = syntax.Line, syntax.Column, "it is no XML: "+syntax.Message
		}
		return nil, mistake
	}
	if root.Name.Space != namespaceSoapUI || root.Name.Local != "soapui-project" {
		return nil, &fixture.Error{File: file, Line: root.Line, Column: root.Column,
			Message: fmt.Sprintf("it is no SoapUI project: its root is %s, not {%s}soapui-project", root.Name, namespaceSoapUI)}
	}
	if e := root.First("encryptedContent"); e != nil && strings.TrimSpace(e.Content()) != "" {
		return nil, &fixture.Error{File: file, Line: e.Line, Column: e.Column, Message: "the project is encrypted; save it without a password in SoapUI first"}
	}
	if err := o.checkEntries(file, steps(root), "steps"); err != nil {
		return nil, err
	}
	p := &project{file: filepath.Base(file), root: root, secrets: newSecrets(o.Contracts)}
	p.result = &Import{Folder: Folder{Name: attribute(root, "name")}}
	defer p.at.caught(file, &result, &err)
	p.read()
	p.at = reading{where: "the secrets"}
	p.withoutSecrets()
	p.result.count()
	return p.result, nil
}

// steps counts those of a project.
func steps(n *compare.Node) int {
	count := 0
	for child := range n.Elements() {
		switch child.Name.Local {
		case "testSuite", "testCase":
			count += steps(child)
		case "testStep":
			count++
		}
	}
	return count
}

// project is a SoapUI project while it is read.
type project struct {
	file   string
	root   *compare.Node
	result *Import
	scope  *scope
	// operations are what requests say of the interfaces, by interface and name.
	operations map[[2]string]operation
	mocks      []*mockAnswer
	hosts      []string
	secrets    *secrets
	at         reading
}

// operation is one of an interface.
type operation struct {
	action string
	soap12 bool
}

// mockAnswer is an answer of a mock service.
type mockAnswer struct {
	of      [2]string // interface and operation
	name    string
	node    *compare.Node
	service string
	used    bool
}

func (p *project) left(n *compare.Node, where, format string, args ...any) {
	l := Left{File: p.file, Where: where, What: fmt.Sprintf(format, args...)}
	if n != nil {
		l.Line = n.Line
	}
	p.result.Left = append(p.result.Left, l)
}

func (p *project) read() {
	root := &p.result.Folder
	root.Config.Description = content(p.root.First("description"))
	if v := attribute(p.root, "soapui-version"); v != "" && !strings.HasPrefix(v, "5.") && !strings.HasPrefix(v, "4.") {
		p.left(p.root, "", "it is of SoapUI %s, which is not known here; it is read as one of SoapUI 5", v)
	}
	p.scope = newScope(nil, "Project")
	p.properties(p.root, p.scope, "project")
	p.interfaces()
	for child := range p.root.Elements() {
		switch child.Name.Local {
		case "testSuite":
			p.suite(child)
		case "restMockService":
			p.left(child, attribute(child, "name"), "a REST mock service is not converted")
		case "loadTest", "securityTest":
			p.left(child, attribute(child, "name"), "a %s is not converted", child.Name.Local)
		case "beforeRunScript", "afterRunScript", "afterLoadScript", "beforeSaveScript":
			p.script(child, "project")
		case "wssContainer":
			for range child.Elements() {
				p.left(child, "project", "WS-Security configurations are not converted; put the headers into the requests")
				break
			}
		case "interface", "mockService", "properties", "settings", "description":
		default:
			if !child.IsLeaf() {
				p.left(child, "project", "%s is not converted", child.Name.Local)
			}
		}
	}
	p.mockServices()
	root.Config.Variables = p.scope.values
	if len(p.hosts) > 1 {
		p.left(p.root, "", "requests go to %s; all go to what --endpoint says, so play the folders one by one", strings.Join(p.hosts, " and "))
	}
	slices.SortStableFunc(p.result.Left, func(a, b Left) int { return a.Line - b.Line })
}

// script lists a script that is not empty.
func (p *project) script(n *compare.Node, where string) {
	if strings.TrimSpace(n.Content()) != "" {
		p.left(n, where, "the Groovy of %s is not converted", n.Name.Local)
	}
}

// interfaces reads what there is of WSDLs, and the answers of mock services.
func (p *project) interfaces() {
	p.operations = map[[2]string]operation{}
	for i := range p.root.Elements() {
		name := attribute(i, "name")
		switch i.Name.Local {
		case "interface":
			if kind := attribute(i, "type"); kind != "" && kind != "wsdl" {
				p.left(i, name, "an interface of kind %s is not converted", kind)
				continue
			}
			for o := range i.Elements() {
				if o.Name.Local == "operation" {
					p.operations[[2]string{name, attribute(o, "name")}] = operation{attribute(o, "action"), attribute(i, "soapVersion") == "1_2"}
				}
			}
		case "mockService":
			for o := range i.Elements() {
				if o.Name.Local != "mockOperation" {
					continue
				}
				for r := range o.Elements() {
					if r.Name.Local == "response" {
						p.mocks = append(p.mocks, &mockAnswer{
							of: [2]string{attribute(o, "interface"), attribute(o, "operation")}, name: attribute(r, "name"), node: r, service: name,
						})
					}
				}
			}
		}
	}
}

// mockServices lists what of them is not in a scenario.
func (p *project) mockServices() {
	for i := range p.root.Elements() {
		if i.Name.Local != "mockService" {
			continue
		}
		name := attribute(i, "name")
		unused, all := 0, 0
		for _, m := range p.mocks {
			if m.service == name {
				all++
				if !m.used {
					unused++
				}
			}
		}
		if name == expectedAnswers && unused == 0 {
			continue
		}
		p.left(i, name, "a mock service is not converted; %d of its %d answers are expected answers now; rator mock serves a folder of scenarios", all-unused, all)
	}
}

// mock is the answer that a mock service has for a step: the one that was exported
// with it, else, when nothing judges the answer, the only one of the operation.
func (p *project) mock(of [2]string, name string, judged bool) *mockAnswer {
	var only *mockAnswer
	n := 0
	for _, m := range p.mocks {
		if m.name == name && m.service == expectedAnswers {
			return m
		}
		if m.of != of {
			continue
		}
		only = m
		n++
	}
	if judged || n != 1 {
		return nil
	}
	return only
}

func (p *project) suite(n *compare.Node) {
	name := attribute(n, "name")
	p.at = reading{n.Line, name}
	if attribute(n, "disabled") == "true" {
		p.left(n, name, "the suite is disabled and not converted; enable it in SoapUI first")
		return
	}
	f := &Folder{Name: freeName(&p.result.Folder, name)}
	f.Config.Description = content(n.First("description"))
	scope := newScope(p.scope, "TestSuite")
	p.properties(n, scope, name)
	for child := range n.Elements() {
		switch child.Name.Local {
		case "testCase":
			c := &testCase{project: p, scope: newScope(scope, "TestCase"), where: name + "/" + attribute(child, "name")}
			if below := c.read(child); below != nil {
				below.Name = freeName(f, attribute(child, "name"))
				f.Folders = append(f.Folders, below)
			}
		case "setupScript", "tearDownScript":
			p.script(child, name)
		case "securityTest":
			p.left(child, name, "a security test is not converted")
		}
	}
	f.Config.Variables = scope.values
	if !slices.IsSortedFunc(f.Folders, func(a, b *Folder) int { return strings.Compare(a.Name, b.Name) }) {
		p.left(n, name, "the cases are played in the order of their names, not of the suite; rename their folders if the order counts")
	}
	if len(f.Folders) == 0 {
		return
	}
	p.result.Folders = append(p.result.Folders, f)
}

// freeName is a folder's name that no other folder in f has.
func freeName(f *Folder, name string) string {
	clean := fixture.FileName(name)
	for n := 1; ; n++ {
		free := clean
		if n > 1 {
			free = fmt.Sprintf("%s-%d", clean, n)
		}
		if !slices.ContainsFunc(f.Folders, func(o *Folder) bool { return strings.EqualFold(o.Name, free) }) {
			return free
		}
	}
}

func attribute(n *compare.Node, name string) string {
	v, _ := n.Attribute(compare.QName{Local: name})
	return v
}

// content is an element's text; "" when it is not there.
func content(n *compare.Node) string {
	if n == nil {
		return ""
	}
	return n.Content()
}

// below is what a path of elements leads to, or nil.
func below(n *compare.Node, names ...string) *compare.Node {
	for _, name := range names {
		if n == nil {
			return nil
		}
		n = n.First(name)
	}
	return n
}
