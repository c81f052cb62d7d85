package script_test

import (
	"strings"
	"testing"

	"rator/failure"
	"rator/workflow/value"
)

// answer runs a body of run(p) for hookpoint TYPES.
func answer(t testing.TB, w *world, body string) (value.Tree, error) {
	t.Helper()
	src := "def run(p):\n    " + strings.ReplaceAll(body, "\n", "\n    ") + "\n"
	return compile(t, "TYPES", src).Run(&w.runtime, everyType())
}

func TestAnswers(t *testing.T) {
	for _, c := range []struct{ body, want string }{
		{`pass`, ""},
		{`return None`, ""},
		{`return {}`, ""},
		{`return p.USER`, "NAME=Bo TAG=a TAG=b"},
		{`return {"TEXT": None, "LONG": None, "USER": None}`, "TEXT! LONG! USER!"},
		// In the declared type, whatever the script has.
		{`return {"TEXT": 5}`, "TEXT=5"},
		{`return {"TEXT": True}`, "TEXT=true"},
		{`return {"TEXT": p.DATE}`, "TEXT=2026-03-28T12:00:00"},
		{`return {"LONG": "5"}`, "LONG:long=5"},
		{`return {"LONG": " 5.0 "}`, "LONG:long=5"},
		{`return {"LONG": 5.0}`, "LONG:long=5"},
		{`return {"LONG": ""}`, "LONG!"},
		{`return {"LONG": p.LONG}`, "LONG:long=9007199254740993"},
		{`return {"DOUBLE": 5}`, "DOUBLE:double=5.0"},
		{`return {"DOUBLE": p.LONG}`, "DOUBLE:double=9007199254740993.0"},
		{`return {"DOUBLE": 0.1 + 0.2}`, "DOUBLE:double=0.3"},
		{`return {"DOUBLE": 1.50}`, "DOUBLE:double=1.5"},
		{`return {"DOUBLE": p.DOUBLE}`, "DOUBLE:double=19.90"},
		{`return {"DOUBLE": "19.90"}`, "DOUBLE:double=19.90"},
		{`return {"DOUBLE": decimal("19.90")}`, "DOUBLE:double=19.90"},
		{`return {"TRUTH": "1"}`, "TRUTH:boolean=true"},
		{`return {"TRUTH": False}`, "TRUTH:boolean=false"},
		{`return {"DATE": "2026-01-02"}`, "DATE:date=2026-01-02"},
		{`return {"DATE": p.DATE}`, "DATE:date=2026-03-28T12:00:00"},
		// Undeclared, in their own.
		{`return {"OUT": {"S": "s", "L": 1, "F": 1.5, "B": True, "D": now, "N": None}}`, "OUT{S=s L:long=1 F:double=1.5 B:boolean=true D:date=2026-01-02T04:04:05+01:00 N!}"},
		// Lists: a key that repeats, or a container.
		{`return {"NUMBER": ["1", "2"]}`, "NUMBER=1 NUMBER=2"},
		{`return {"NUMBER": []}`, ""},
		{`return {"NUMBER": "1"}`, "NUMBER=1"},
		{`return {"NUMBER": p.NUMBER}`, "NUMBER=41 NUMBER=42"},
		{`return {"BOX": [{"ID": "1"}, {"ID": 2}]}`, "BOX{ID:long=1} BOX{ID:long=2}"},
		{`return {"USER": {"TAG": ("a", "b")}}`, "USER{TAG=a TAG=b}"},
		{`return {"GROUPS": [{"GROUP": {"ID": "1"}}, {"ID": 2}, {"ID": 3, "X": 4}]}`, "GROUPS{GROUP{ID:long=1} GROUP{ID:long=2} GROUP{ID:long=3 X:long=4}}"},
		{`return {"GROUPS": {"GROUP": [{"ID": 1}]}}`, "GROUPS{GROUP{ID:long=1}}"},
		{`return {"GROUPS": []}`, "GROUPS{}"},
		{`return {"LETTERS": ["a", "b"]}`, "LETTERS{LETTER=a LETTER=b}"},
		{`return {"LETTERS": p.USER.TAG}`, "LETTERS{LETTER=a LETTER=b}"},
		{`return {"SERVICES": [{"SECOND": {"ID": 1}}, {"FIRST": {"ID": "2"}}]}`, "SERVICES{SECOND{ID:long=1} FIRST{ID:long=2}}"},
		{`return {"SERVICES": [s for s in p.SERVICES]}`, "SERVICES{FIRST{ID:long=1} SECOND{ID:long=2 MORE=m} FIRST{ID:long=3}}"},
		{`return {"SERVICES": p.SERVICES}`, "SERVICES{FIRST{ID:long=1} SECOND{ID:long=2 MORE=m} FIRST{ID:long=3}}"},
		{`return {"GROUPS": [s for s in p.SERVICES.FIRST]}`, "GROUPS{GROUP{ID:long=1} GROUP{ID:long=3}}"},
		{"out = {}\nout[\"TEXT\"] = \"t\"\nreturn out", "TEXT=t"},
	} {
		t.Run(c.body, func(t *testing.T) {
			out, err := answer(t, newWorld(), c.body)
			if got := flat(out); err != nil || got != c.want {
				t.Errorf("got %s, %v; want %s", got, err, c.want)
			}
		})
	}
}

func TestAnswersThatCannotBe(t *testing.T) {
	for _, c := range []struct{ body, want string }{
		{`return [p.TEXT][0]`, "run must return a dict such as {\"KEY\": value}, not a string value"},
		{`return list(p.NUMBER)`, "not a list value"},
		{`return {"LONG": p.TEXT}`, "the answer: LONG is a long value, not string"},
		{`return {"LONG": 1.5}`, "LONG is a long value, not double"},
		{`return {"LONG": p.TRUTH}`, "LONG is a long value, not boolean"},
		{`return {"LONG": 1 << 70}`, "LONG: 1180591620717411303424 is too large for a long"},
		{`return {"DOUBLE": 1e308 * 10}`, "w.star:2:5: the answer: DOUBLE: a number beyond 1.7976931348623157e+308 is too large for a double"},
		{`return {"DOUBLE": -1e308 - 1e308}`, "DOUBLE: a number beyond"},
		{`return {"DOUBLE": "INF"}`, "DOUBLE is a double value, not string"},
		{`return {"OUT": {"F": 1e200 * 1e109}}`, "the answer: F: a number beyond"},
		{`call.echo(AMOUNT = 1e308 * 10)`, "w.star:2:5: call.echo: AMOUNT: a number beyond"},
		{`attempt(call.echo, AMOUNT = 1e308 * 10)`, "call.echo: AMOUNT: a number beyond"},
		{`hook("T_HOOK", F = 1e308 * 10)`, "hook: F: a number beyond"},
		{`emit("topic", F = 1e308 * 10)`, "F: a number beyond"},
		{`return {"DOUBLE": "1,5"}`, "DOUBLE is a double value, not string"},
		{`return {"TRUTH": p.LONG}`, "TRUTH is a boolean value, not long"},
		{`return {"DATE": "today"}`, "DATE is a date value, not string"},
		{`return {"DATE": p.LONG}`, "DATE is a date value, not long"},
		{`return {"TEXT": p.USER}`, "TEXT is a string value, not complex"},
		{`return {"TEXT": ["a"]}`, "item 1 of TEXT has no key; write {\"KEY\": …}"},
		{`return {"USER": p.TEXT}`, "USER is a complex value, not string"},
		{`return {"OUT": [1]}`, "item 1 of OUT has no key"},
		{`return {"OUT": {1: 2}}`, "the key 1 of a complex value is not a text"},
		{`return {"OUT": {"": 2}}`, `"" is no key`},
		{`return {"OUT": {"a\x01": 2}}`, `is no key`},
		{`return {"TEXT": "a\x01"}`, "TEXT: the text holds a control character"},
		{`return {"OUT": {"F": len}}`, "F: a builtin_function_or_method is not a value that can be passed on"},
		{`return {"OUT": {"R": range(3)}}`, "R: a range is not a value that can be passed on"},
		{`return {"OUT": {"A": {"B": {"C": {"D": {"E": {"F": {"G": {"H": 1}}}}}}}}}`, "H: values nest deeper than 8"},
	} {
		t.Run(c.body, func(t *testing.T) {
			out, err := answer(t, newWorld(), c.body)
			if out != nil || failure.CodeOf(err) != failure.WorkflowFailed || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %s, %v; want %s", flat(out), err, c.want)
			}
		})
	}
}

// What a component is given, and what its answer may be asked for.
func TestComponentCalls(t *testing.T) {
	for _, c := range []struct{ body, want, log string }{
		{`x = call.echo(TEXT = 5, AMOUNT = 7)
return {"TEXT": x.TEXT, "DOUBLE": x.AMOUNT}`, "TEXT=5 DOUBLE:double=7.0", "echo(TEXT=5 AMOUNT:double=7.0)"},
		{`x = call.echo(FIELDS = p.USER)
return {"OUT": x.FIELDS}`, "OUT{NAME=Bo TAG=a TAG=b}", "echo(FIELDS{NAME=Bo TAG=a TAG=b})"},
		{`x = call.echo(FIELDS = {"A": 1, "B": None, "C": {"D": True}}, TEXT = None)
return {"TEXT": str(x.FIELDS.keys()), "LONG": x["FIELDS"].A}`, `TEXT=["A", "B", "C"] LONG:long=1`, "echo(FIELDS{A:long=1 B! C{D:boolean=true}} TEXT!)"},
		{`x = call.product_config(CODE = "C")
return {"TEXT": x.BILLING_GROUP_TYPE}`, "TEXT=product_config.BILLING_GROUP_TYPE", "product_config(CODE=C)"},
		{`x = call.set_account_owner(ACCOUNT_ID = "1", USER_ID = "2")
return {"LONG": len(x)}`, "LONG:long=0", "set_account_owner(ACCOUNT_ID=1 USER_ID=2)"},
		{`return {"OUT": call.account_view(ACCOUNT_ID = 1)}`, "OUT{ID=1}", "account_view(ACCOUNT_ID=1)"},
	} {
		t.Run(c.body, func(t *testing.T) {
			w := newWorld()
			out, err := answer(t, w, c.body)
			if got := flat(out); err != nil || got != c.want {
				t.Errorf("got %s, %v; want %s", got, err, c.want)
			}
			if got := strings.Join(w.log, "; "); got != c.log {
				t.Errorf("asked for %s; want %s", got, c.log)
			}
		})
	}
	for _, c := range []struct{ body, want string }{
		{`call.echo(AMOUNT = p.TEXT)`, "call.echo: AMOUNT is a double value, not string"},
		{`call.echo(FIELDS = [1])`, "call.echo: item 1 of FIELDS has no key"},
		{`x = call.product_config(CODE = "C")
x["BILLING" + "_TYPE"]`, "call.product_config has no BILLING_TYPE"},
	} {
		w := newWorld()
		if _, err := answer(t, w, c.body); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v; want %s", c.body, err, c.want)
		}
	}
}
