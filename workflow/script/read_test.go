package script_test

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"rator/failure"
	"rator/workflow/value"
)

// everyType is a request of hookpoint TYPES.
func everyType() value.Tree {
	return value.Tree{
		value.OfString("TEXT", "Søren"),
		value.OfLong("LONG", 9007199254740993),
		{Key: "DOUBLE", Type: value.Double, Text: "19.90"},
		value.OfBoolean("TRUTH", true),
		{Key: "DATE", Type: value.Date, Text: "2026-03-28T12:00:00"},
		value.OfNull("NULL", value.String),
		value.Of("USER", value.OfString("NAME", "Bo"), value.OfString("TAG", "a"), value.OfString("TAG", "b")),
		value.OfString("NUMBER", "41"), value.OfString("NUMBER", "42"),
		value.Of("SERVICES",
			value.Of("FIRST", value.OfLong("ID", 1)),
			value.Of("SECOND", value.OfLong("ID", 2), value.OfString("MORE", "m")),
			value.Of("FIRST", value.OfLong("ID", 3))),
		value.Of("OPEN",
			value.OfString("A", "1"), value.OfString("A", "2"), value.Entry{Key: "BARE", Text: "b"},
			value.Entry{Key: "INF", Type: value.Double, Text: "INF"}, value.Entry{Key: "FLOAT", Type: value.Float, Text: "1.5"},
			value.OfNull("NULL", value.Long), value.Of("EMPTY")),
	}
}

// evaluate runs a script that returns the value of one expression.
func evaluate(t testing.TB, w *world, expression string) (value.Tree, error) {
	t.Helper()
	p := compile(t, "TYPES", "def run(p):\n    return {\"OUT\": {\"X\": "+expression+"}}\n")
	out, err := p.Run(&w.runtime, everyType())
	return out.Items("OUT"), err
}

func TestReading(t *testing.T) {
	for _, c := range []struct{ expression, want string }{
		{`p.TEXT`, "X=Søren"},
		{`p["TEXT"]`, "X=Søren"},
		{`p["TE" + "XT"]`, "X=Søren"},
		{`p.get("TEXT")`, "X=Søren"},
		{`p.get("ABSENT", "other")`, "X=other"},
		{`p.get("NULL", "other")`, "X=other"},
		{`p.get("ABSENT")`, "X!"},
		{`p.ABSENT`, "X!"},
		{`p.NULL`, "X!"},
		{`"NULL" in p`, "X:boolean=true"},
		{`"ABSENT" in p`, "X:boolean=false"},
		{`"ABSENT" not in p`, "X:boolean=true"},
		{`p.LONG`, "X:long=9007199254740993"},
		{`p.LONG + 1`, "X:long=9007199254740994"},
		{`p.DOUBLE`, "X:double=19.90"},
		{`p.DOUBLE + 0`, "X:double=19.9"},
		{`p.DOUBLE == 19.9`, "X:boolean=true"},
		{`str(p.DOUBLE)`, "X=19.90"},
		{`p.TRUTH`, "X:boolean=true"},
		{`not p.TRUTH`, "X:boolean=false"},
		{`p.DATE`, "X:date=2026-03-28T12:00:00"},
		{`str(p.DATE)`, "X=2026-03-28T12:00:00"},
		{`[type(v) for v in [p.TEXT, p.LONG, p.DOUBLE, p.TRUTH, p.DATE, p.USER, p.NUMBER, p.NULL]] == ["string", "int", "decimal", "bool", "date", "complex", "list", "NoneType"]`, "X:boolean=true"},
		{`p.USER.NAME`, "X=Bo"},
		{`p.USER["NAME"]`, "X=Bo"},
		{`p.USER`, "X{NAME=Bo TAG=a TAG=b}"},
		{`str(p.USER)`, "X=complex(3 keys)"},
		{`",".join(p.USER.TAG)`, "X=a,b"},
		{`str(p.USER.keys())`, `X=["NAME", "TAG", "TAG"]`},
		{`str(p.USER.values())`, `X=["Bo", "a", "b"]`},
		{`str(p.USER.items())`, `X=[["NAME", "Bo"], ["TAG", "a"], ["TAG", "b"]]`},
		{`str(dict(p.USER))`, `X={"NAME": "Bo", "TAG": "b"}`},
		{`len(p.USER)`, "X:long=3"},
		{`str(p.NUMBER)`, `X=["41", "42"]`},
		{`p.NUMBER[-1]`, "X=42"},
		{`p.NUMBER == p["NUMBER"]`, "X:boolean=true"},
		{`str(p.NOBODY)`, "X=[]"},
		{`bool(p.NOBODY)`, "X:boolean=false"},
		{`str([s.ID for s in p.SERVICES])`, "X=[1, 2, 3]"},
		{`str([s.MORE for s in p.SERVICES])`, `X=[None, "m", None]`},
		{`str([s.ID for s in p.SERVICES.FIRST])`, "X=[1, 3]"},
		{`str([key for key, s in p.SERVICES.items()])`, `X=["FIRST", "SECOND", "FIRST"]`},
		{`p.OPEN.A`, "X=1"},
		{`str([v for v in p.OPEN][:2])`, `X=["1", "2"]`},
		{`p.OPEN.WHATEVER`, "X!"},
		{`p.OPEN.BARE`, "X=b"},
		{`p.OPEN.INF`, "X!"},
		{`p.OPEN.FLOAT * 2`, "X:double=3.0"},
		{`p.OPEN.NULL`, "X!"},
		{`bool(p.OPEN.EMPTY)`, "X:boolean=false"},
		{`p.OPEN.EMPTY == p.OPEN.EMPTY`, "X:boolean=true"},
		{`p.USER == p.OPEN`, "X:boolean=false"},
		{`p.USER == p.USER`, "X:boolean=true"},
		{`p.OPEN`, "X{A=1 A=2 BARE:untyped=b INF:double=INF FLOAT:float=1.5 NULL! EMPTY{}}"},
		{`context.LANGUAGE + " " + context.OPERATOR + " " + context.BRAND_KEY`, "X=DK apiuser DEMO"},
	} {
		t.Run(c.expression, func(t *testing.T) {
			out, err := evaluate(t, newWorld(), c.expression)
			if got := flat(out); err != nil || got != c.want {
				t.Errorf("got %s, %v; want %s", got, err, c.want)
			}
		})
	}
}

func TestReadingFails(t *testing.T) {
	for _, c := range []struct{ expression, want string }{
		{`p["TE" + "XD"]`, "p has no TEXD (did you mean TEXT?)"},
		{`p.get("TEXD", 1)`, "get: p has no TEXD"},
		{`p[0]`, "a complex value is indexed by the name of a key, not by int"},
		{`p.ABSENT.upper()`, "a NoneType value has no method upper; the value is missing (None)"},
		{`p.ABSENT + 1`, "NoneType + int does not work; one side is missing (None)"},
		{`"n: " + 1`, "string + int does not work; write str(…) to join a text and another value"},
		{`"%d" % (p.TEXT and None)`, "%d takes a whole number, not a NoneType value; the value is missing (None)"},
		{`"%d" % 1.5`, "%d takes a whole number, not 1.5"},
		{`p.TEXT % [1, 2]`, "the format has 0 verbs for one value"},
		{`(p.TEXT + "%q") % 1`, "%q is not taken; there are %s"},
		{`p.LONG % (1, 2)`, "int % list does not work"},
		{`("%" + "s") % (["x" * 20000] * 4,)`, "the text of the value is too long"},
		{`("%s%s" + "%s%s") % ("x" * 20000, "x" * 20000, "x" * 20000, "x" * 20000)`, "a text of more than 65536 bytes is too long"},
		{`p.USER.update({})`, "a complex value has no method update"},
		{`p.NUMBER.append("43")`, "cannot append to frozen list"},
		{`p.NUMBER[2]`, "index 2 is out of range, there are 2"},
		{`p.NUMBER["" + "1"]`, "an index is a whole number, not string"},
		{`{}["A"]`, `the dict has no key "A"`},
		{`1 < "1"`, "not implemented"},
		{`p.TEXT < p.LONG`, "string < int: only numbers, texts and dates have an order"},
		{`p.LONG / 0`, "division by zero"},
		{`1 // 0.0`, "division by zero"},
	} {
		t.Run(c.expression, func(t *testing.T) {
			_, err := evaluate(t, newWorld(), c.expression)
			if failure.CodeOf(err) != failure.WorkflowFailed || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v; want %s", err, c.want)
			}
		})
	}
}

func TestDates(t *testing.T) {
	copenhagen, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ expression, want string }{
		{`now`, "X:date=2026-01-02T04:04:05+01:00"},
		{`now.add(days = 30)`, "X:date=2026-02-01T04:04:05+01:00"},
		{`p.DATE.add(days = 1)`, "X:date=2026-03-29T12:00:00+02:00"}, // summer time begins
		{`p.DATE.add(days = -28)`, "X:date=2026-02-28T12:00:00+01:00"},
		{`str(p.DATE.add(days = 0))`, "X=2026-03-28T12:00:00+01:00"},
		{`p.DATE > now and now < p.DATE and not now == p.DATE`, "X:boolean=true"},
		{`p.DATE == p.DATE.add(days = 0)`, "X:boolean=true"},
		{`sorted([p.DATE, now])[0] == now and max(p.DATE, now) == p.DATE`, "X:boolean=true"},
		{`now == None`, "X:boolean=false"},
		{`bool(now)`, "X:boolean=true"},
	} {
		t.Run(c.expression, func(t *testing.T) {
			w := newWorld()
			w.runtime.Zone = copenhagen
			out, err := evaluate(t, w, c.expression)
			if got := flat(out); err != nil || got != c.want {
				t.Errorf("got %s, %v; want %s", got, err, c.want)
			}
		})
	}
	for _, c := range []struct{ expression, want string }{
		{`now.add(5)`, "write .add(days = n)"},
		{`now.add(days = 400000)`, "days must lie between"},
		{`now.add(days = 366000).add(days = 366000).add(days = 366000).add(days = 366000).add(days = 366000).add(days = 366000).add(days = 366000).add(days = 366000)`, "not between 1 and 9999"},
		{`now + 1`, "date + int does not work"},
		{`{now: 1}`, "a date cannot be the key of a dict; write str(date)"},
	} {
		if _, err := evaluate(t, newWorld(), c.expression); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v; want %s", c.expression, err, c.want)
		}
	}
}

// Without a zone, dates are UTC's.
func TestZoneIsUTC(t *testing.T) {
	w := newWorld()
	w.runtime.Zone = nil
	out, err := evaluate(t, w, "p.DATE.add(days = 0)")
	if want := "X:date=2026-03-28T12:00:00Z"; err != nil || flat(out) != want {
		t.Errorf("got %s, %v; want %s", flat(out), err, want)
	}
}

// Without a contract everything may be asked for.
func TestReadingWithoutContract(t *testing.T) {
	p := compile(t, "", "def run(p):\n    return {\"A\": p.B, \"C\": p.D, \"E\": [{\"F\": p.G.H}]}\n")
	out, err := p.Run(&newWorld().runtime, value.Tree{value.OfLong("B", 1), value.Of("G", value.OfLong("H", 2))})
	if want := "A:long=1 C! E{F:long=2}"; err != nil || flat(out) != want {
		t.Errorf("got %s, %v; want %s", flat(out), err, want)
	}
}
