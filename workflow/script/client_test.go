package script_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"rator/failure"
	"rator/workflow/contract"
	"rator/workflow/script"
	"rator/workflow/value"
)

func compileClient(t *testing.T, body string, request ...*contract.Value) (p *script.Program, mistakes, warnings []string) {
	t.Helper()
	src := "def run(p):\n    " + strings.ReplaceAll(body, "\n", "\n    ") + "\n"
	p, found, warned := script.CompileClient("c.star", []byte(src), request, environment(t))
	for _, m := range found {
		mistakes = append(mistakes, m.String())
	}
	for _, m := range warned {
		warnings = append(warnings, m.String())
	}
	return p, mistakes, warnings
}

// TestClientMistakes: what only a server has is told where it stands, and only
// once; contracts count as they do there.
func TestClientMistakes(t *testing.T) {
	const only = " works inside of the server only; from the client's side a script calls api.NAME(KEY = value)"
	for _, c := range []struct{ body, mistakes, warnings string }{
		{`x = call.create_account(TYPE = "0")`, "c.star:2:9: call.create_account" + only, ""},
		{`call.no_such(A = 1)`, "c.star:2:5: call.no_such" + only, ""},
		{`x = attempt(call.create_account, TYPE = "0")`, "c.star:2:17: call.create_account" + only, ""},
		{`hook("SUB_CAN_TERMINATE", SUBSCRIPTION = 1)`, "c.star:2:5: hook" + only, ""},
		{`emit("a.b")`, "c.star:2:5: emit" + only, ""},
		{`api.SOAP_READ()`, "c.star:2:9: api.SOAP_READ: key ACCOUNT_ID is missing", ""},
		{`api.SOAP_READ(ACCOUNT_ID = 1, DEPHT = 2)`, "c.star:2:35: api.SOAP_READ has no key DEPHT (did you mean DEPTH?)", ""},
		{`x = attempt(api.SOAP_READ, ACCOUNT_ID = 1)` + "\nx.value.NMAE", "c.star:3:13: api.SOAP_READ has no NMAE (did you mean NAME?)", ""},
		{`api.SOAP_RAED(ANY = 1)`, "", "c.star:2:9: no contract of SOAP_RAED is known here, so it is called unchecked (did you mean SOAP_READ?)"},
		{`attempt(api.SOAP_RAED, 1)`, "c.star:2:28: api.SOAP_RAED takes KEY = value only", "c.star:2:17: no contract of SOAP_RAED is known here, so it is called unchecked (did you mean SOAP_READ?)"},
		{`api.SOAP_SIGNUP(ACCOUNT_TYPE = "0", PRODUCT_CODE = "X", USER = ({"FIRST_NAME": 1, "EMIAL": 2, p.KEY: 3}))`, "", "c.star:2:87: api.SOAP_SIGNUP: USER has no key EMIAL (did you mean EMAIL?)"},
		{`api.SUB_CAN_TERMINATE(SUBSCRIPTION = 1)`, "c.star:2:9: SUB_CAN_TERMINATE is internal: only workflows call it", ""},
		{`fail("NONE")`, "c.star:2:10: no error code NONE is declared", ""},
		{`fail("NUMBER_IN_USE")`, "", ""},
		{`note(str(now) + context.LANGUAGE)` + "\nreturn {\"A\": p.ANY.KEY}", "", ""},
	} {
		p, mistakes, warnings := compileClient(t, c.body)
		if got := strings.Join(mistakes, "; "); got != c.mistakes {
			t.Errorf("%s: mistakes %q; want %q", c.body, got, c.mistakes)
		}
		if (p == nil) != (c.mistakes != "") {
			t.Errorf("%s: a program %v", c.body, p != nil)
		}
		if got := strings.Join(warnings, "; "); got != c.warnings {
			t.Errorf("%s: warnings %q; want %q", c.body, warnings, c.warnings)
		}
	}
}

// distant is a host that answers from the other side.
type distant struct {
	*world
	answers map[string]value.Tree
}

func (d distant) API(hookpoint string, in value.Tree) (value.Tree, error) {
	d.say("%s(%s)", hookpoint, flat(in))
	if err := d.fails[hookpoint]; err != nil {
		return nil, err
	}
	return d.answers[hookpoint], nil
}

func TestRunClient(t *testing.T) {
	answers := map[string]value.Tree{
		"SOAP_READ": {value.OfString("NAME", "Åse <b>"), value.Of("ITEM", value.OfString("ID", "1")), value.Of("ITEM", value.OfString("ID", "2"))},
		"THEIRS":    {value.OfLong("N", 7), value.OfDouble("F", 1.5), value.OfNull("NONE", value.String), value.Of("BOX", value.OfBoolean("B", true))},
	}
	in := value.Tree{
		value.OfString("TAG", "a"), value.OfString("ONE", "x"),
		value.Of("BOX", value.OfString("LINE", "l"), value.OfString("TEXT", "t")),
	}
	lists := []*contract.Value{{Key: script.AnyKey}, {Key: "TAG", List: true}, {Key: "GONE", List: true},
		{Key: "BOX", Values: []*contract.Value{{Key: script.AnyKey}, {Key: "LINE", List: true}}}}
	for _, c := range []struct{ body, want, asked string }{
		{`pass`, ``, ``},
		{`return None`, ``, ``},
		{`return {}`, `{}`, ``},
		{`return {"A": 1, "B": decimal("10.50"), "C": True, "D": None, "E": [1, ["x"]], "F": {"G": now}}`, `{"A":1,"B":10.5,"C":true,"D":null,"E":[1,["x"]],"F":{"G":"2026-01-02T04:04:05+01:00"}}`, ``},
		{`x = api.SOAP_READ(ACCOUNT_ID = 7)` + "\nreturn {\"NAME\": x.NAME, \"IDS\": [i.ID for i in x.ITEM], \"ALL\": x}", `{"NAME":"Åse <b>","IDS":["1","2"],"ALL":{"NAME":"Åse <b>","ITEM":[{"ID":"1"},{"ID":"2"}]}}`, `SOAP_READ(ACCOUNT_ID=7)`},
		{`return api.THEIRS(A = {"B": 1})`, `{"N":7,"F":1.5,"NONE":null,"BOX":{"B":true}}`, `THEIRS(A{B:long=1})`},
		{`x = api.THEIRS()` + "\nreturn {\"S\": x.N + 1, \"F\": x.F * 2, \"B\": x.BOX.B, \"U\": x.WHATEVER}", `{"S":8,"F":3,"B":true,"U":null}`, `THEIRS()`},
		{`return {"T": p.TAG, "G": p.GONE, "O": p.ONE, "U": p.U, "L": p.BOX.LINE, "X": p.BOX.TEXT, "V": p.BOX.V, "ALL": p.BOX}`,
			`{"T":["a"],"G":[],"O":"x","U":null,"L":["l"],"X":"t","V":null,"ALL":{"LINE":["l"],"TEXT":"t"}}`, ``},
	} {
		t.Run(c.body, func(t *testing.T) {
			p, mistakes, _ := compileClient(t, c.body, lists...)
			if p == nil {
				t.Fatal(mistakes)
			}
			w := newWorld()
			w.runtime.Host = distant{w, answers}
			for range 2 { // a runtime may be used again
				w.log = nil
				out, err := p.RunClient(&w.runtime, in)
				if err != nil || string(out) != c.want {
					t.Errorf("%s, %v; want %s", out, err, c.want)
				}
				if got := strings.Join(w.log, "; "); got != c.asked {
					t.Errorf("asked %s; want %s", got, c.asked)
				}
			}
		})
	}
}

// TestRunClientFails: what went wrong, and where.
func TestRunClientFails(t *testing.T) {
	loop := "x = []\nx.append(x)\nreturn {\"X\": x}"
	for _, c := range []struct{ body, want string }{
		{`return [1]`, "c.star:2:5: WORKFLOW_FAILED: the workflow has a fault of its own: c.star:2:5: run must return a dict"},
		{`return {1: 2}`, "the key 1 of a complex value is not a text"},
		{`return {"A": {"B": lambda: 1}}`, "the answer: A: B: a function is not a value that can be passed on"},
		{`return {"A": {"B": 1e308 * 10}}`, "the answer: A: B: a number beyond 1.7976931348623157e+308"},
		{`api.THEIRS(F = 1e308 * 10)`, "api.THEIRS: F: a number beyond"},
		{loop, "values nest deeper than 8"},
		{`x = ["a" * 60000]` + "\nreturn {\"X\": [x for i in range(100)]}", "more than 4 MiB"},
		{`for i in range(301): api.THEIRS()`, "more than 300 calls"},
		{"pass\napi.REFUSED()", "c.star:3:5: api.REFUSED: NUMBER_IN_USE: the number is in use"},
		{"attempt(api.BREAKS)", "c.star:2:5: api.BREAKS: away"},
		{`fail("TOPUP_MISSING", "no")`, "c.star:2:5: fail: TOPUP_MISSING: no"},
	} {
		p, mistakes, _ := compileClient(t, c.body)
		if p == nil {
			t.Fatal(mistakes)
		}
		w := newWorld()
		w.fails["REFUSED"], w.fails["BREAKS"] = numberInUse.Error(), errors.New("away")
		w.runtime.Host = distant{w, nil}
		out, err := p.RunClient(&w.runtime, nil)
		if out != nil || err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %s, %v; want %s", c.body, out, err, c.want)
		}
	}
}

// TestClientAttempt: a refusal is a value, and nothing is undone.
func TestClientAttempt(t *testing.T) {
	p, mistakes, _ := compileClient(t, "x = attempt(api.REFUSED)\nreturn {\"OK\": x.ok, \"CODE\": x.code, \"TEXT\": x.message, \"V\": x.value}")
	if p == nil {
		t.Fatal(mistakes)
	}
	w := newWorld()
	w.fails["REFUSED"] = &failure.Error{Code: numberInUse, Text: failure.Text{"EN": "as the server said it"}}
	w.runtime.Host = distant{w, nil}
	out, err := p.RunClient(&w.runtime, nil)
	if want := `{"OK":false,"CODE":"NUMBER_IN_USE","TEXT":"as the server said it","V":null}`; err != nil || string(out) != want {
		t.Errorf("%s, %v; want %s", out, err, want)
	}
	if want := []string{"savepoint", "REFUSED()", "undone"}; !slices.Equal(w.log, want) {
		t.Errorf("asked %q; want %q", w.log, want)
	}
}
