package script_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"rator/failure"
	"rator/workflow/script"
	"rator/workflow/value"
)

func TestAPI(t *testing.T) {
	w := newWorld()
	w.programs["SOAP_READ"] = compile(t, "SOAP_READ", "def run(p):\n    return {\"NAME\": p.ACCOUNT_ID + context.LANGUAGE, \"ITEM\": [{\"ID\": p.DEPTH}, {\"ID\": \"2\"}]}\n")
	out, err := answer(t, w, "x = api.SOAP_READ(ACCOUNT_ID = 7, DEPTH = \"3\")\nreturn {\"TEXT\": x.NAME, \"OUT\": {\"IDS\": str([i.ID for i in x.ITEM])}}")
	if want := `TEXT=7DK OUT{IDS=["3", "2"]}`; err != nil || flat(out) != want {
		t.Errorf("got %s, %v; want %s", flat(out), err, want)
	}
	if want := []string{"api SOAP_READ(ACCOUNT_ID=7 DEPTH:long=3)"}; !slices.Equal(w.log, want) {
		t.Errorf("asked for %q; want %q", w.log, want)
	}
}

// What a hookpoint uses is its caller's too.
func TestNestedSharesBudget(t *testing.T) {
	for _, c := range []struct{ name, outer, inner, want string }{
		{"calls", "for i in range(150): api.SOAP_READ(ACCOUNT_ID = i)", "call.echo()", ""},
		{"too many calls", "for i in range(151): api.SOAP_READ(ACCOUNT_ID = i)", "call.echo()", "more than 300 calls"},
		{"steps", "for i in range(3): api.SOAP_READ(ACCOUNT_ID = i)", "for i in range(1000): pass", ""},
		{"too many steps", "for i in range(8): api.SOAP_READ(ACCOUNT_ID = i)", "for i in range(1000): pass", "more than 20000 steps"},
		{"memory", "for i in range(60): api.SOAP_READ(ACCOUNT_ID = i)", "'a' * 60000", ""},
		{"too much memory", "for i in range(75): api.SOAP_READ(ACCOUNT_ID = i)", "'a' * 60000", "more than 4 MiB"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			w.programs["SOAP_READ"] = compile(t, "SOAP_READ", "def run(p):\n    "+c.inner+"\n")
			_, err := answer(t, w, c.outer)
			if c.want == "" && err != nil || c.want != "" && (failure.CodeOf(err) != failure.WorkflowFailed || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v; want %q", err, c.want)
			}
			// The next call has a budget of its own.
			if _, err := answer(t, w, "api.SOAP_READ(ACCOUNT_ID = 1)"); err != nil {
				t.Errorf("the next call: %v", err)
			}
		})
	}
}

func TestDepth(t *testing.T) {
	src := "def run(p):\n    if p.DEPTH:\n        api.SOAP_READ(ACCOUNT_ID = 1, DEPTH = p.DEPTH - 1)\n"
	for depth, ok := range map[int64]bool{6: true, 7: true, 8: false, 20: false} {
		w := newWorld()
		p := compile(t, "SOAP_READ", src)
		w.programs["SOAP_READ"] = p
		_, err := p.Run(&w.runtime, value.Tree{value.OfLong("DEPTH", depth)})
		if ok != (err == nil) || !ok && !strings.Contains(err.Error(), "hookpoints call each other more than 8 deep") {
			t.Errorf("depth %d: %v", depth, err)
		}
	}
}

func TestHook(t *testing.T) {
	for _, c := range []struct{ call, answers, want, log string }{
		{`hook("SUB_CAN_TERMINATE", SUBSCRIPTION = 5)`, "SUB_CAN_TERMINATE", "TEXT=complex(1 keys)", "hook SUB_CAN_TERMINATE@(SUBSCRIPTION=5)"},
		{`hook("SUB_CAN_TERMINATE", SUBSCRIPTION = 5).RESULT`, "SUB_CAN_TERMINATE", "TEXT=yes", "hook SUB_CAN_TERMINATE@(SUBSCRIPTION=5)"},
		{`hook("SUB_CAN_TERMINATE", SUBSCRIPTION = 5)`, "", "TEXT=None", "hook SUB_CAN_TERMINATE@(SUBSCRIPTION=5)"},
		{`hook("SUB_CAN_TERMINATE", key = "PLAN_A", SUBSCRIPTION = 5)`, "", "TEXT=None", "hook SUB_CAN_TERMINATE@PLAN_A(SUBSCRIPTION=5)"},
		{`hook("SUB_CAN_TERMINATE", key = None, SUBSCRIPTION = 5)`, "", "TEXT=None", "hook SUB_CAN_TERMINATE@(SUBSCRIPTION=5)"},
		{`hook("UNDECLARED", key = 7, ANY = {"A": 1}).B`, "UNDECLARED", "TEXT=None", "hook UNDECLARED@7(ANY{A:long=1})"},
		{`hook("NA" + "MED", A = 1)`, "", "TEXT=None", "hook NAMED@(A:long=1)"},
	} {
		t.Run(c.call, func(t *testing.T) {
			w := newWorld()
			if c.answers != "" {
				w.answers[c.answers] = value.Tree{value.OfString("RESULT", "yes")}
			}
			out, err := answer(t, w, "return {\"TEXT\": str("+c.call+")}")
			if got := flat(out); err != nil || got != c.want {
				t.Errorf("got %s, %v; want %s", got, err, c.want)
			}
			if got := strings.Join(w.log, "; "); got != c.log {
				t.Errorf("asked for %s; want %s", got, c.log)
			}
		})
	}
	w := newWorld()
	w.fails["SUB_CAN_TERMINATE"] = numberInUse.Error()
	_, err := answer(t, w, `hook("SUB_CAN_TERMINATE", SUBSCRIPTION = 5)`)
	var at *script.Error
	if !errors.As(err, &at) || at.Step != "hook SUB_CAN_TERMINATE" || failure.CodeOf(err) != numberInUse {
		t.Errorf("a hook that fails: %v", err)
	}
}

// What a hook would be handed is read only where something is bound to it; what does more
// than read is done in any case.
func TestHookThatNobodyHears(t *testing.T) {
	const inner = `hook("INNER", A = call.account_view(ACCOUNT_ID = 2))`
	for _, c := range []struct{ call, unbound, bound string }{
		{`hook("H", A = call.account_view(ACCOUNT_ID = 1))`, "", "account_view(ACCOUNT_ID=1); hook H@(A{ID=1})"},
		{`hook("H", key = "a", A = [{"B": call.account_view(ACCOUNT_ID = 1).ID}], C = 1 and 2)`, "",
			"account_view(ACCOUNT_ID=1); hook H@a(A{B=1} C:long=2)"},
		{`hook("H", A = api.SOAP_READ(ACCOUNT_ID = 1).NAME)`, "", "api SOAP_READ(ACCOUNT_ID=1); hook H@(A=read)"},
		{`hook("H", key = call.echo(TEXT = "k").TEXT, A = call.echo(TEXT = "a").TEXT)`, "echo(TEXT=k); echo(TEXT=a); hook H@k(A=a)", "echo(TEXT=k); echo(TEXT=a); hook H@k(A=a)"},
		{`hook("H", A = call.create_user(ACCOUNT_ID = 1, FIELDS = {}).ID)`, "create_user(ACCOUNT_ID=1 FIELDS{}); hook H@(A=create_user.ID)", "create_user(ACCOUNT_ID=1 FIELDS{}); hook H@(A=create_user.ID)"},
		{`hook("H", A = call.account_view(ACCOUNT_ID = api.SOAP_SIGNUP(ACCOUNT_TYPE = 0, PRODUCT_CODE = 1, USER = {}).ACCOUNT.ID).ID)`,
			"api SOAP_SIGNUP(ACCOUNT_TYPE=0 PRODUCT_CODE=1 USER{}); account_view(ACCOUNT_ID=7); hook H@(A=1)",
			"api SOAP_SIGNUP(ACCOUNT_TYPE=0 PRODUCT_CODE=1 USER{}); account_view(ACCOUNT_ID=7); hook H@(A=1)"},
		{"f = lambda: call.account_view(ACCOUNT_ID = 1).ID\nhook(\"H\", A = f())", "account_view(ACCOUNT_ID=1); hook H@(A=1)", "account_view(ACCOUNT_ID=1); hook H@(A=1)"},
		{`hook("H", A = call.account_view(ACCOUNT_ID = 1).ID, B = ` + inner + `)`, "account_view(ACCOUNT_ID=1); hook H@(A=1 B!)", "account_view(ACCOUNT_ID=1); hook H@(A=1 B!)"},
	} {
		t.Run(c.call, func(t *testing.T) {
			for _, bound := range []bool{false, true} {
				w := newWorld()
				w.programs["SOAP_READ"] = compile(t, "SOAP_READ", `def run(p): return {"NAME": "read"}`)
				w.programs["SOAP_SIGNUP"] = compile(t, "SOAP_SIGNUP", `def run(p): return {"ACCOUNT": {"ID": "7"}}`)
				want := c.unbound
				if bound {
					w.answers["H"], want = value.Tree{value.OfString("RESULT", "yes")}, c.bound
				}
				out, err := answer(t, w, c.call)
				if got := strings.Join(w.log, "; "); err != nil || got != want {
					t.Errorf("bound %t: %s, %v, asked for\n%s; want\n%s", bound, flat(out), err, got, want)
				}
				if step := w.runtime.Trace[len(w.runtime.Trace)-1]; step.Kind != script.KindHook {
					t.Errorf("bound %t: the last step is %+v", bound, step)
				}
			}
		})
	}
	w := newWorld()
	if out, err := answer(t, w, `return {"TEXT": str(hook("H", A = call.echo(TEXT = "a")))}`); err != nil || flat(out) != "TEXT=None" {
		t.Errorf("what nothing is bound to gives %s, %v", flat(out), err)
	}
}

func TestCycles(t *testing.T) {
	calls := func(names ...string) string {
		var b strings.Builder
		for _, name := range names {
			fmt.Fprintf(&b, "    %s\n", name)
		}
		return "def run(p):\n" + b.String() + "    return {}\n"
	}
	const read, terminate, signup = `api.SOAP_READ(ACCOUNT_ID = 1)`, `hook("SUB_CAN_TERMINATE", SUBSCRIPTION = 1)`, `attempt(api.SOAP_SIGNUP, ACCOUNT_TYPE = 0, PRODUCT_CODE = 1, USER = {})`
	for _, c := range []struct {
		name    string
		scripts map[string]string
		want    []string
	}{
		{"none", map[string]string{"TYPES": calls(read, terminate), "SOAP_READ": calls("pass"), "SUB_CAN_TERMINATE": calls(read)}, nil},
		{"itself", map[string]string{"SUB_CAN_TERMINATE": calls("pass", terminate)}, []string{
			"SUB_CAN_TERMINATE:3:5: hookpoints call each other in a circle: SUB_CAN_TERMINATE → SUB_CAN_TERMINATE"}},
		{"over others", map[string]string{"TYPES": calls(terminate), "SUB_CAN_TERMINATE": calls(signup, "api.TYPES()")}, []string{
			"SUB_CAN_TERMINATE:3:9: hookpoints call each other in a circle: SUB_CAN_TERMINATE → TYPES → SUB_CAN_TERMINATE"}},
		{"by a key", map[string]string{"TYPES": calls(terminate), "SUB_CAN_TERMINATE@PLAN_A": calls("api.TYPES()")}, []string{
			"SUB_CAN_TERMINATE@PLAN_A:2:9: hookpoints call each other in a circle: SUB_CAN_TERMINATE@PLAN_A → TYPES → SUB_CAN_TERMINATE@PLAN_A"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			programs := map[string]*script.Program{"BROKEN": nil}
			for name, src := range c.scripts {
				p, mistakes := script.Compile(name, []byte(src), "", environment(t))
				if p == nil {
					t.Fatal(mistakes)
				}
				programs[name] = p
			}
			var got []string
			for _, m := range script.Cycles(programs) {
				got = append(got, m.String())
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q; want %q", got, c.want)
			}
		})
	}
}

// An error names the innermost place of each script it went through.
func TestErrorPositions(t *testing.T) {
	read := func(body string) map[string]string { return map[string]string{"SOAP_READ": body} }
	for _, c := range []struct {
		name, body string
		nested     map[string]string
		fails      error
		step, want string
	}{
		{"an operator", "x = p.TEXT\ny = 1 + x", nil, nil, "", "w.star:3:11: WORKFLOW_FAILED: the workflow has a fault of its own: w.star:3:11: int + string"},
		{"a method", "x = p.TEXT\nx.append(1)", nil, nil, "", "w.star:3:6: WORKFLOW_FAILED"},
		{"an index", "x = [1]\ny = x[p.LONG]", nil, nil, "", "w.star:3:10: WORKFLOW_FAILED"},
		{"an assignment", "x = {}\nx[\"A\"] += 1", nil, nil, "", "w.star:3:12: WORKFLOW_FAILED"},
		{"a field", "x = call.echo()\nfor i in [1]: x.A.B", nil, nil, "", "w.star:3:22: WORKFLOW_FAILED"},
		{"a function", "def f(a):\n    return a + 1\nf(\n  None)", nil, nil, "", "w.star:3:18: WORKFLOW_FAILED"},
		{"a lambda in sorted", "sorted([1], key = lambda a: a + None)", nil, nil, "", "w.star:2:35: WORKFLOW_FAILED"},
		{"a wrong answer", "if p.TEXT:\n  return {\"LONG\": p.TEXT}", nil, nil, "", "w.star:3:7: WORKFLOW_FAILED"},
		{"a component", "x = 1\ncall.join_campaign(\n  ACCOUNT_ID = 1)", nil, numberInUse.Error(), "call.join_campaign", "w.star:3:5: call.join_campaign: NUMBER_IN_USE: the number is in use"},
		{"fail", "x = 1; fail(\"NUMBER_IN_USE\")", nil, nil, "fail", "w.star:2:12: fail: NUMBER_IN_USE: the number is in use"},
		{"a hookpoint", "api.SOAP_READ(ACCOUNT_ID = 1)", read("1 // 0"), nil, "api.SOAP_READ", "w.star:2:5: api.SOAP_READ: SOAP_READ.star:2:7: WORKFLOW_FAILED"},
		{"a component of a hookpoint", "api.SOAP_READ(ACCOUNT_ID = 1)", read("return {\"NAME\": call.product_config(CODE = 1).CODE}"), numberInUse.Error(), "api.SOAP_READ",
			"w.star:2:5: api.SOAP_READ: SOAP_READ.star:2:21: call.product_config: NUMBER_IN_USE"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			w.fails["join_campaign"], w.fails["product_config"] = c.fails, c.fails
			for name, body := range c.nested {
				p, mistakes := script.Compile(name+".star", []byte("def run(p):\n    "+body+"\n"), name, environment(t))
				if p == nil {
					t.Fatal(mistakes)
				}
				w.programs[name] = p
			}
			_, err := answer(t, w, c.body)
			var at *script.Error
			if !errors.As(err, &at) || at.Step != c.step || !strings.HasPrefix(err.Error(), c.want) {
				t.Fatalf("got %v; want %s", err, c.want)
			}
			if place := fmt.Sprintf("%s:%d:%d: ", at.File, at.Line, at.Column); !strings.HasPrefix(c.want, place) {
				t.Errorf("place %s; want %s", place, c.want)
			}
		})
	}
}
