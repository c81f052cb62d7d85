package script_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"rator/failure"
	"rator/workflow/script"
	"rator/workflow/value"
)

// What no call may pass, however its script is written.
const (
	mostBytes = 8 << 20
	mostTime  = 30 * time.Second // a very slow machine, and the race detector
)

// cost is what a run took.
type cost struct {
	bytes uint64
	took  time.Duration
}

func measured(p *script.Program, w *world, in value.Tree) (value.Tree, cost, error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	out, err := p.Run(&w.runtime, in)
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	return out, cost{after.TotalAlloc - before.TotalAlloc, took}, err
}

const (
	tooManySteps  = "more than 20000 steps"
	tooMuchMemory = "more than 4 MiB of memory"
	tooManyCalls  = "more than 300 calls"
	tooManyDigits = "more than 154 digits"
	tooLongText   = "bytes is longer than 65536"
	tooManyItems  = "items is longer than 10000"
	tooLongValue  = "the value is too long"
	tooDeep       = "nest deeper than"
)

// double makes x hold itself twice, forty times over.
const double = "x = {'A': 1}\nfor i in range(40): x = {'A': x, 'B': x}\n"

// variables gives a function n of them.
func variables(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "  x%d = 1\n", i)
	}
	return b.String()
}

var bombs = []struct{ body, want string }{
	{"for i in range(100000): pass", tooManySteps},
	{"[i for i in range(100000)]", tooManySteps},
	{"{i: i for i in range(9000)}", tooManySteps},
	{"for i in range(1000):\n  for j in range(1000):\n    for k in range(1000): pass", tooManySteps},
	{"for i in range(1000): call.echo()", tooManyCalls},
	{"for i in range(1000): attempt(call.echo)", tooManyCalls},
	{"for i in range(1000): hook('NOBODY')", tooManyCalls},
	{"for i in range(1000): emit('topic')", tooManyCalls},
	{"for i in range(1000): note('text')", tooManyCalls},

	{"x = 'a'\nfor i in range(40): x = x + x", tooLongText},
	{"x = 'a'\nfor i in range(40): x += x", tooLongText},
	{"x = ['a']\nfor i in range(40): x[0] += x[0]", tooLongText},
	{"'a' * 1000000000", tooLongText},
	{"1000000000 * 'a'", tooLongText},
	{"'a' * (1 << 100)", "is too long"},
	{"'a' * 100000", tooLongText},
	{"x = []\nfor i in range(1000): x.append('a' * 60000)", tooMuchMemory},
	{"for i in range(1000): 'a' * 60000", tooMuchMemory},
	{"x = ['a' * 6] * 10000\nx = ','.join(x)", tooLongText},
	{"x = ','.join(['a' * 60000] * 1000)", tooLongText},
	{"x = ('a' * 60000).replace('a', 'b' * 60000)", tooLongText},
	{"x = 'a' * 30000\nfor i in range(1000): x.replace('a', 'bb')", tooMuchMemory},
	{"x = ('{}' * 10000).format('a' * 60000)", tooLongText},
	{"x = ('{0}' * 10000).format(1 << 500)", tooLongText},
	{"x = '{!r}'.format('\\\\' * 60000)", tooLongValue},
	{"x = [[]] * 10000\nfor i in range(1000): '{}'.format(x)", tooMuchMemory},
	{"x = [[]] * 10000\nfor i in range(1000): '%s' % x", tooMuchMemory},
	{"for i in range(1000): '%s' % ('a' * 60000)", tooMuchMemory},
	{"for i in range(18000): '%d %f' % (1 << 500, decimal('1e300'))", tooMuchMemory},
	{"x = '%r' % ('\\\\' * 60000)", tooLongValue},
	{"x = 'ŉ' * 20000\nfor i in range(1000): x.upper()", tooMuchMemory},
	{"x = 'a,' * 30000\nx.split(',')", tooManyItems},
	{"x = 'a ' * 9000\nfor i in range(1000): x.split()", tooMuchMemory},
	{"x = 'a' * 60000\nfor i in range(9000): x.find('b')", tooManySteps},
	{"x = 'a' * 60000\nfor i in range(9000): x[i]", tooManySteps},
	{"x = 'a' * 60000\nfor i in range(9000): x.count('b')", tooManySteps},

	{"[0] * 100000", tooManyItems},
	{"[0] * (1 << 62)", "is too long"},
	{"x = [0]\nfor i in range(40): x = x + x", tooManyItems},
	{"x = [0]\nfor i in range(40): x += x", tooManyItems},
	{"x = [0]\nfor i in range(40): x.extend(x)", tooManyItems},
	{"x = [0] * 9999\nx.append(1)\nx.append(1)", "a list of more than 10000 items is too long"},
	{"x = [0] * 9999\nfor i in range(1000): x.insert(0, x.pop())", tooManySteps},
	{"x = [0] * 9999\nfor i in range(1000): x[1:]", tooManySteps},
	{"list(range(1000000000))", tooManyItems},
	{"sorted(range(1000000000))", tooManyItems},
	{"reversed(range(1000000000))", tooManyItems},
	{"enumerate(range(1000000000))", tooManyItems},
	{"zip(range(1000000000))", tooManyItems},
	{"max(range(1000000000))", tooManyItems},
	{"any(range(1000000000))", tooManyItems},
	{"5 in range(1000000000)", tooManyItems},
	{"x = [0] * 10000\nzip(x, x, x, x, x, x, x, x, x, x, x, x)", tooMuchMemory},
	{"x = [0] * 10000\nfor i in range(100): enumerate(x)", tooMuchMemory},
	{"x = {str(i): i for i in range(600)}\nfor i in range(100): x.items()", tooMuchMemory},
	{"x = {str(i): i for i in range(600)}\nfor i in range(100): x | x", tooMuchMemory},
	{"x = {str(i): i for i in range(600)}\nfor i in range(100): dict(x)", tooMuchMemory},
	{"x = {str(i): i for i in range(600)}\nfor i in range(100): x.values()", tooMuchMemory},
	{"x = {}\nfor i in range(9000): x[i] = {}", tooManySteps},
	{"x = [['a', 1]] * 10000\nfor i in range(100): dict(x)", tooMuchMemory},

	{"def f(x):\n  if x: return [" + strings.Repeat("1,", 50000) + "]\nfor i in range(4000): f(0)", tooMuchMemory},
	{"f = lambda x: [" + strings.Repeat("1,", 50000) + "] if x else 0\nfor i in range(4000): f(0)", tooMuchMemory},
	{"def f():\n  if p: return 1\n" + variables(5000) + "for i in range(4000): f()", tooMuchMemory},

	{"x = 2\nfor i in range(20): x = x * x", tooManyDigits},
	{"x = 2\nfor i in range(20): x *= x", tooManyDigits},
	{"x = 1\nfor i in range(600): x = x + x", tooManyDigits},
	{"1 << 513", tooManyDigits},
	{"1 << 511 << 1", tooManyDigits},
	{"1 << (1 << 100)", "out of range"},
	{"x = 1.1\nfor i in range(40): x = x * x", tooManyDigits},
	{"x = 1e300\nfor i in range(40): x = x * x", tooManyDigits},
	{"x = 1e-300\nfor i in range(40): x = x * x", tooManyDigits},
	{"x = 1e300 / 1e-100", tooManyDigits},
	{"int(1e300)", tooManyDigits},
	{"decimal('1e999999999')", "is not a number"},
	{"decimal('0' * 60000)", tooManyDigits},
	{"int('0' * 60000 + '1')", "is not a whole number"},

	{double + "str(x)", tooLongValue},
	{double + "note(x)", tooLongValue},
	{double + "'{}'.format(x)", tooLongValue},
	{double + "y = dict(x)\nx == y", tooDeep},
	{double + "y = dict(x)\ny in [x]", tooDeep},
	{"x = ['a']\ny = ['a']\nfor i in range(30): x, y = [x, x], [y, y]\nx == y", tooManySteps},
	{"x = {'a': 1}\ny = {'a': 1}\nfor i in range(30): x, y = {'a': x, 'b': x}, {'a': y, 'b': y}\nx == y", tooManySteps},
	{double + "return {'OUT': {'X': x}}", tooDeep},
	{double + "emit('topic', X = x)", tooDeep},
	{double + "call.echo(FIELDS = x)", tooDeep},
	{"x = []\nx.append(x)\nstr(x)", tooLongValue},
	{"x = []\nx.append(x)\nx == [x]", tooDeep},
	{"x = {}\nx['X'] = x\nreturn {'OUT': x}", tooDeep},
	{"x = []\nfor i in range(500): x = [x]\nstr(x)", tooLongValue},
	{"x = []\nfor i in range(500): x = [x]\nx == [x]", tooDeep},
	{"str([['a' * 1000] * 60] * 60)", tooLongValue},
	{"x = [[]] * 10000\nfor i in range(1000): str(x)", tooMuchMemory},
	{"x = {i: 1 for i in range(600)}\nfor i in range(1000): str(x)", tooMuchMemory},
	{"x = [0] * 10000\ny = [0] * 10000\nfor i in range(1000): x == y", tooManySteps},
	{"x = 'a' * 60000\ny = [x + 'b'] * 10000\nz = x + 'c'\nfor i in range(1000): z in y", tooManySteps},
	{"x = 'a' * 60000\nsorted([x + 'a', x + 'b', x + 'c'] * 3000)", tooManySteps},
	{"x = 'a' * 60000\nmax([x + 'a', x + 'b', x + 'c'] * 3000)", tooManySteps},
	{"sorted(range(9000), key = lambda i: 'a' * 60000)", tooMuchMemory},
	{"sorted([i % 7 for i in range(1000)] * 10, key = lambda i: -i)", tooManySteps},

	{"x = 'a' * 60000\nreturn {'OUT': [{'X': x}] * 10000}", tooMuchMemory},
	{"x = 'a' * 60000\nreturn {'NUMBER': [x] * 10000}", tooMuchMemory},
	{"x = 1e200 * 1e90\nreturn {'OUT': [{'X': x}] * 10000}", tooMuchMemory},
	{"return {'OUT': [{'X': p.OPEN}] * 10000}", tooMuchMemory},
	{"return {'OUT': [{'a' * 60000: 1}] * 10000}", tooMuchMemory},
	{"x = p.OPEN\nfor i in range(200): x = call.echo(FIELDS = {'A': x, 'B': x})", tooMuchMemory},
	{"x = [{'A': 1}] * 3000\nfor i in range(200): emit('topic', X = x)", tooMuchMemory},
}

func TestBombs(t *testing.T) {
	outer := compile(t, "", "def run(p):\n    return {\"OK\": attempt(api.TYPES, OPEN = p.OPEN).ok}\n")
	for _, c := range bombs {
		t.Run(fmt.Sprintf("%.80s", c.body), func(t *testing.T) {
			bomb := compile(t, "TYPES", "def run(p):\n    "+strings.ReplaceAll(c.body, "\n", "\n    ")+"\n")
			w := newWorld()
			w.programs["TYPES"] = bomb
			w.runtime.Host = quiet{world: w}
			for name, p := range map[string]*script.Program{"alone": bomb, "attempted": outer} {
				_, cost, err := measured(p, w, everyType())
				if failure.CodeOf(err) != failure.WorkflowFailed || !strings.Contains(err.Error(), c.want) {
					t.Errorf("%s: got %v; want %s", name, err, c.want)
				}
				if cost.bytes > mostBytes || cost.took > mostTime {
					t.Errorf("%s: %d KiB in %v", name, cost.bytes>>10, cost.took)
				}
			}
		})
	}
}

// What would be a bomb for who loads it.
func TestTooLargeToLoad(t *testing.T) {
	lines := func(n int, line string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.ReplaceAll(line, "#", fmt.Sprint(i)))
		}
		return b.String()
	}
	for _, c := range []struct{ name, src, want string }{
		{"source", strings.Repeat("#", 256<<10+1), "1:1: the script has 262145 bytes, more than 262144"},
		{"brackets", "def run(p):\n    x = " + strings.Repeat("[", 100000), "2:41: the expression nests too deeply"},
		{"operators", "def run(p):\n    x = " + strings.Repeat("-", 100000) + "1", "2:258: the expression nests too deeply"},
		{"words", "def run(p):\n    x = " + strings.Repeat("not ", 50000) + "1", "the expression nests too deeply"},
		{"calls", "def run(p):\n    x = p" + strings.Repeat("()", 50000), "the expression nests too deeply"},
		{"lines", "def run(p):\n    x = " + strings.Repeat("-\\\n", 50000) + "1", "the expression nests too deeply"},
		{"lines of Windows", "def run(p):\r\n    x = " + strings.Repeat("-\\\r\n", 50000) + "1", "nest"},
		{"blocks", "def run(p):\n" + func() string {
			var b strings.Builder
			for i := range 400 {
				b.WriteString(strings.Repeat(" ", i+1) + "if p:\n")
			}
			return b.String() + strings.Repeat(" ", 401) + "pass\n"
		}(), "nest"},
		{"functions", "def run(p): pass\n" + lines(250, "def f#(): pass\n"), "201:1: a script has at most 200 functions"},
		{"arguments", "def run(p): f(" + strings.Repeat("1,", 201) + ")\ndef f(): pass\n", "a call has at most 200 arguments"},
		{"a text", "def run(p): return '" + strings.Repeat("a", 65537) + "'", "a text of 65537 bytes is longer than 65536"},
		{"constants", "X = [" + strings.Repeat("1,", 50000) + "]\ndef run(p): pass\n", "more than 20000 steps"},
	} {
		t.Run(c.name, func(t *testing.T) {
			start := time.Now()
			p, mistakes := script.Compile("f", []byte(c.src), "", environment(t))
			if p != nil || len(mistakes) == 0 || !strings.Contains(mistakes[0].String(), c.want) {
				t.Errorf("got %v", mistakes)
			}
			if took := time.Since(start); took > mostTime {
				t.Errorf("after %v", took)
			}
		})
	}
}
