package script_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rator/failure"
	"rator/workflow/component"
	"rator/workflow/contract"
	"rator/workflow/script"
	"rator/workflow/value"
)

const testdata = "../../testdata/script"

var (
	topupMissing = failure.Declare(99001, "TOPUP_MISSING", failure.Invalid, failure.Text{"EN": "a top-up is missing", "DK": "der mangler en optankning"})
	numberInUse  = failure.Declare(99002, "NUMBER_IN_USE", failure.Conflict, failure.Text{"EN": "the number is in use"})
	brokenByUs   = failure.Declare(99003, "BROKEN", failure.Internal, failure.Text{"EN": "broken"})
)

// param declares a component's parameter; a star makes it mandatory, a c complex.
func params(list string) []component.Param {
	var in []component.Param
	for _, p := range strings.Fields(list) {
		key, mandatory := strings.CutSuffix(p, "*")
		key, isComplex := strings.CutPrefix(key, "c:")
		key, isDouble := strings.CutPrefix(key, "f:")
		t := value.String
		switch {
		case isComplex:
			t = value.Complex
		case isDouble:
			t = value.Double
		}
		in = append(in, component.Param{Key: key, Type: t, Mandatory: mandatory})
	}
	return in
}

// components are what the scripts of the tests may call. Their Run is not used:
// the host of the tests does it.
var components = func() map[string]*component.Component {
	all := map[string]*component.Component{}
	for _, c := range []component.Component{
		{Name: "product_config", In: params("CODE*"), Out: []string{"CODE", "BILLING_GROUP_TYPE"}, Reads: true},
		{Name: "create_account", In: params("TYPE* BRAND REFERENCED_BY"), Out: []string{"ID", "CUSTOMER_NUMBER"}},
		{Name: "create_user", In: params("ACCOUNT_ID* c:FIELDS*"), Out: []string{"ID"}},
		{Name: "set_account_owner", In: params("ACCOUNT_ID* USER_ID*")},
		{Name: "create_billing_group", In: params("ACCOUNT_ID* OWNER_ID* TYPE*"), Out: []string{"ID"}},
		{Name: "add_payment", In: params("BILLING_GROUP_ID* f:AMOUNT*"), Out: []string{"ID"}},
		{Name: "create_recharge_ticket", In: params("BILLING_GROUP_ID* c:FIELDS*")},
		{Name: "create_subscription", In: params("ACCOUNT_ID* BILLING_GROUP_ID* USER_ID* PRODUCT_CODE*"), Out: []string{"ID"}},
		{Name: "create_service", In: params("SUBSCRIPTION_ID* c:FIELDS*"), Out: []string{"ID"}},
		{Name: "join_campaign", In: params("ACCOUNT_ID* CODE"), Out: []string{"ID"}},
		{Name: "account_view", In: params("ACCOUNT_ID*"), Open: true, Reads: true},
		{Name: "echo", In: params("c:FIELDS TEXT f:AMOUNT"), Open: true, Reads: true},
	} {
		all[c.Name] = &c
	}
	return all
}()

func environment(t testing.TB) script.Env {
	t.Helper()
	env := script.Env{
		Component: func(name string) *component.Component { return components[name] },
		Contracts: map[string]*contract.Contract{},
		Code:      failure.ByName,
	}
	for name := range components {
		env.ComponentNames = append(env.ComponentNames, name)
	}
	files, err := filepath.Glob(filepath.Join(testdata, "contracts", "*.xml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no contracts: %v", err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		c, mistakes := contract.Parse(file, src, nil)
		for _, m := range mistakes {
			t.Fatal(m)
		}
		env.Contracts[c.Hookpoint] = c
	}
	return env
}

// compile compiles a script that must have no mistakes.
func compile(t testing.TB, hookpoint, src string) *script.Program {
	t.Helper()
	p, mistakes := script.Compile("w.star", []byte(src), hookpoint, environment(t))
	for _, m := range mistakes {
		t.Error(m)
	}
	if p == nil {
		t.FailNow()
	}
	return p
}

// world is a host that keeps what it was asked for, one line each.
type world struct {
	runtime  script.Runtime
	programs map[string]*script.Program
	fails    map[string]error // by component
	answers  map[string]value.Tree
	log      []string
	depth    int
}

// clock moves a millisecond each time it is asked.
func clock() func() time.Time {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	return func() time.Time {
		now = now.Add(time.Millisecond)
		return now
	}
}

func newWorld() *world {
	w := &world{programs: map[string]*script.Program{}, fails: map[string]error{}, answers: map[string]value.Tree{}}
	w.runtime = script.Runtime{
		Host: w, Language: "DK", Operator: "apiuser", Brand: "DEMO", Clock: clock(),
		Now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Zone: time.FixedZone("", 3600),
	}
	return w
}

func (w *world) say(format string, args ...any) {
	w.log = append(w.log, strings.Repeat("  ", w.depth)+fmt.Sprintf(format, args...))
}

// flat writes a tree on one line: KEY=text for a string, KEY:type=text for other
// scalars, KEY{…} for complex, KEY! for null.
func flat(tree value.Tree) string {
	var parts []string
	for _, e := range tree {
		switch {
		case e.Null:
			parts = append(parts, e.Key+"!")
		case e.Type == value.Complex:
			parts = append(parts, e.Key+"{"+flat(e.Items)+"}")
		case e.Type == value.String:
			parts = append(parts, e.Key+"="+e.Text)
		default:
			parts = append(parts, e.Key+":"+e.Type.String()+"="+e.Text)
		}
	}
	return strings.Join(parts, " ")
}

func (w *world) Component(c *component.Component, in value.Tree) (value.Tree, error) {
	w.say("%s(%s)", c.Name, flat(in))
	if err := w.fails[c.Name]; err != nil {
		return nil, err
	}
	if c.Name == "echo" {
		return in, nil
	}
	if out, ok := w.answers[c.Name]; ok {
		return out, nil
	}
	var out value.Tree
	for _, key := range c.Out {
		out = append(out, value.OfString(key, c.Name+"."+key))
	}
	if c.Open {
		out = append(out, value.OfString("ID", "1"))
	}
	return out, nil
}

func (w *world) API(hookpoint string, in value.Tree) (value.Tree, error) {
	w.say("api %s(%s)", hookpoint, flat(in))
	w.depth++
	defer func() { w.depth-- }()
	return w.programs[hookpoint].Run(&w.runtime, in)
}

func (w *world) Hook(name, key string, in value.Tree) (value.Tree, bool, error) {
	w.say("hook %s@%s(%s)", name, key, flat(in))
	if err := w.fails[name]; err != nil {
		return nil, true, err
	}
	out, bound := w.answers[name]
	return out, bound, nil
}

func (w *world) Bound(name, key string) bool {
	_, bound := w.answers[name]
	return bound || w.fails[name] != nil
}

func (w *world) Savepoint(fn func() error) error {
	w.say("savepoint")
	err := fn()
	if err != nil {
		w.say("undone")
	}
	return err
}

func (w *world) Emit(topic string, in value.Tree) error {
	w.say("emit %s(%s)", topic, flat(in))
	return w.fails["emit"]
}

func (w *world) Note(text string) { w.say("note %s", text) }

// quiet is a world that keeps nothing of what it was asked for.
type quiet struct {
	*world
	answers map[string]value.Tree
}

func (q quiet) Component(c *component.Component, in value.Tree) (value.Tree, error) {
	if c.Name == "echo" {
		return in, nil
	}
	return q.answers[c.Name], nil
}
func (quiet) Savepoint(fn func() error) error { return fn() }
func (quiet) Emit(string, value.Tree) error   { return nil }
func (quiet) Note(string)                     {}
