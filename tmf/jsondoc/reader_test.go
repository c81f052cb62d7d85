package jsondoc_test

import (
	"errors"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"rator/tmf/jsondoc"
)

func readText(text string) (jsondoc.Value, error) {
	limits := jsondoc.DefaultLimits()
	return jsondoc.Read(text, &limits)
}

// TestJSONKeepsOrderAndLiterals: what is printed is what was read, but for the
// spaces.
func TestJSONKeepsOrderAndLiterals(t *testing.T) {
	for _, text := range []string{
		`{"z":1,"a":2.50,"m":[1e2,-0,0.10,1E+2,-1.5e-7]}`,
		`{"at":"2013-04-19T16:42:23.0+0000","unknown":{"deep":[{"er":null}]},"":""}`,
		`[true,false,null,"å\"\\\n\r\t\b\f\u0001",{},[]]`,
		`12345678901234567890.123456789`,
		`"😀"`,
	} {
		if v, err := readText(" " + text + "\n"); err != nil || v.String() != text {
			t.Errorf("%s: %s %v", text, v, err)
		}
	}
	v, err := readText(`"\u00e5\ud83d\ude00\/\b\f\r\t"`)
	if err != nil || v.Text() != "å😀/\b\f\r\t" {
		t.Errorf("escapes: %q %v", v.Text(), err)
	}
}

func TestJSONRefusedWithItsPlace(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{``, `1:1: a value is missing: the text ends`},
		{`{"a":1,}`, `1:8: the name of a member is missing: '}'`},
		{"{\"a\":1\n \"b\":2}", `2:2: a comma or '}' is missing: '"'`},
		{`{"å":x}`, `1:6: a value is missing: 'x'`},
		{`{"a" 1}`, `1:6: a colon is missing after the name of a member: '1'`},
		{`{a:1}`, `1:2: the name of a member is missing: 'a'`},
		{`[1,]`, `1:4: a value is missing: ']'`},
		{`[1 2]`, `1:4: a comma or ']' is missing: '2'`},
		{`{"a":1} x`, `1:9: 'x' follows the end of the document`},
		{`{} {}`, `1:4: '{' follows the end of the document`},
		{`{"a":1,"b":2,"a":3}`, `1:14: the member "a" is there twice`},
		{`{"x":{"a":1,"\u0061":3}}`, `1:13: the member "a" is there twice`},
		{manyNames(20)[:len(manyNames(20))-1] + `,"nxxxd3":2}`, `1:229: the member "nxxxd3" is there twice`},
		{`01`, `1:2: '1' follows the end of the document`},
		{`-`, `1:2: a digit is missing: the text ends`},
		{`1.`, `1:3: a digit is missing after the decimal point: the text ends`},
		{`1e`, `1:3: a digit is missing in the exponent: the text ends`},
		{`+1`, `1:1: a value is missing: '+'`},
		{`.5`, `1:1: a value is missing: '.'`},
		{`NaN`, `1:1: a value is missing: 'N'`},
		{`truE`, `1:1: a value is missing: 't'`},
		{`"a`, `1:3: a string does not end: the text ends`},
		{"\"a\nb\"", `1:3: a control character stands in a string: '\n'`},
		{`"\x"`, `1:2: an escape in a string names no character`},
		{`"\u12"`, `1:2: an escape in a string names no character`},
		{`"\ud83d"`, `1:2: an escape in a string names no character`},
		{`"\ude00\ud83d"`, `1:2: an escape in a string names no character`},
		{"\"\xff\"", `1:2: a string holds a byte that is not UTF-8`},
		{"\"\xc0\x80\"", `1:2: a string holds a byte that is not UTF-8`},
		{"\xff", `1:1: a value is missing: a byte that is not UTF-8`},
		{`{"a":1/*x*/}`, `1:7: a comma or '}' is missing: '/'`},
		{`'a'`, `1:1: a value is missing: '\''`},
	} {
		_, err := readText(c.text)
		var syntax *jsondoc.SyntaxError
		if !errors.As(err, &syntax) || err.Error() != c.want {
			t.Errorf("%s:\n%v, want\n%s", c.text, err, c.want)
		}
	}
}

// manyNames is an object with n members.
func manyNames(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(`,"n` + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + strconv.Itoa(i) + `":1`)
	}
	return "{" + b.String()[1:] + "}"
}

// TestJSONLimits: each limit is passed by one more, and the document at it is
// taken.
func TestJSONLimits(t *testing.T) {
	limits := jsondoc.DefaultLimits()
	for name, c := range map[string]struct{ within, beyond, want string }{
		"bytes":         {strings.Repeat(" ", limits.Bytes-1) + "1", strings.Repeat(" ", limits.Bytes) + "1", "beyond the limit of bytes, 1048576"},
		"depth":         {strings.Repeat("[", 32) + strings.Repeat("]", 32), strings.Repeat("[", 100_000), "1:33: beyond the limit of depth, 32"},
		"children":      {"[" + strings.Repeat("1,", 4999) + "1]", "[" + strings.Repeat("1,", 5000) + "1]", "1:10002: beyond the limit of children, 5000"},
		"members":       {manyNames(5000), manyNames(5001), "beyond the limit of children, 5000"},
		"values":        {"[[" + strings.Repeat("1,", 4998) + "1],[" + strings.Repeat("1,", 4996) + "1]]", "[[" + strings.Repeat("1,", 4998) + "1],[" + strings.Repeat("1,", 4999) + "1]]", "beyond the limit of values, 10000"},
		"string bytes":  {`"` + strings.Repeat("a", 64<<10) + `"`, `"` + strings.Repeat("a", 64<<10+1) + `"`, "beyond the limit of string bytes, 65536"},
		"name bytes":    {`{"` + strings.Repeat("a", 128) + `":1}`, `{"` + strings.Repeat("a", 129) + `":1}`, "beyond the limit of name bytes, 128"},
		"number bytes":  {strings.Repeat("1", 64), strings.Repeat("1", 65), "1:1: beyond the limit of number bytes, 64"},
		"exponent":      {"1e308", "1e309", "1:1: beyond the limit of exponent, 308"},
		"no exponent":   {"1e-308", "1e-309", "beyond the limit of exponent, 308"},
		"huge exponent": {"1", "1e99999999999999999999", "beyond the limit of exponent, 308"},
	} {
		if _, err := readText(c.within); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		start := time.Now()
		_, err := readText(c.beyond)
		var limit *jsondoc.LimitError
		if !errors.As(err, &limit) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
		if d := time.Since(start); d > mostTime {
			t.Errorf("%s takes %s", name, d)
		}
	}
}

// mostTime is what no text takes, not on a busy machine under the race detector
// either; a time that grows faster than the text is far beyond it.
const mostTime = 30 * time.Second

// TestHostileJSON: the figures of security.md: under 8 MiB, and no time that
// grows faster than the text.
func TestHostileJSON(t *testing.T) {
	const size = 1<<20 - 100
	for name, text := range map[string]string{
		"depth":        strings.Repeat("[", size),
		"objects":      strings.Repeat(`{"a":`, size/5),
		"members":      manyNames(60_000),
		"elements":     "[" + strings.Repeat("{},", size/3),
		"escapes":      `"` + strings.Repeat(`\u0041`, size/6),
		"spaces":       strings.Repeat(" ", size),
		"lines":        strings.Repeat("\n", size) + "x",
		"digits":       strings.Repeat("1", size),
		"one string":   `"` + strings.Repeat("a", size) + `"`,
		"no UTF-8":     `"` + strings.Repeat("\xff", size),
		"small ones":   "[" + strings.Repeat(`{"a":1,"b":[1]},`, size/16),
		"long strings": "[" + strings.Repeat(`"`+strings.Repeat(`\n`, 32_000)+`",`, size/64_003) + "1]",
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		_, err := readText(text)
		took := time.Since(start)
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > 8<<20 || took > mostTime {
			t.Errorf("%s: %d bytes, %s: %v", name, used, took, err)
		}
		if (err == nil) != (name == "long strings") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestValues(t *testing.T) {
	v := jsondoc.ObjectOf(jsondoc.Member{Name: "a", Value: jsondoc.Text("x")}, jsondoc.Member{Name: "b", Value: jsondoc.NumberOf("1")})
	changed := v.With("a", jsondoc.BoolOf(true)).With("c", jsondoc.ArrayOf(jsondoc.Value{})).Without("b").Without("none")
	if v.String() != `{"a":"x","b":1}` || changed.String() != `{"a":true,"c":[null]}` {
		t.Errorf("%s became %s", v, changed)
	}
	base := v.With("x", jsondoc.Text("")).With("y", jsondoc.Text(""))
	one, other := base.With("z", jsondoc.Text("one")), base.With("z", jsondoc.Text("other"))
	if got, _ := one.Get("z"); got.Text() != "one" || other.String() != `{"a":"x","b":1,"x":"","y":"","z":"other"}` {
		t.Errorf("%s and %s share a member", one, other)
	}
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{`{"a":1,"b":[2]}`, `{"b":[2.0],"a":1e0}`, true},
		{`{"a":1}`, `{"a":1,"b":null}`, false},
		{`{"a":1}`, `{"b":1}`, false},
		{`[1,2]`, `[2,1]`, false},
		{`"1"`, `1`, false},
		{`0.1`, `0.10`, true},
		{`0.1`, `0.100000000000000000001`, false},
		{`1e308`, `1e-308`, false},
		{`null`, `null`, true},
	} {
		a, _ := readText(c.a)
		b, _ := readText(c.b)
		if a.Equal(b) != c.want || b.Equal(a) != c.want {
			t.Errorf("%s = %s is not %t", a, b, c.want)
		}
	}
	if got := jsondoc.Text("a\xffb\u2028\x7f").String(); got != "\"a\uFFFDb\u2028\x7f\"" {
		t.Errorf("printed as %s", got)
	}
}
