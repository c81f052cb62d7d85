package script_test

import (
	"strings"
	"testing"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// shown runs an expression in the dialect and gives str() of its value, or the error.
func shown(t testing.TB, expression string) string {
	t.Helper()
	out, err := evaluate(t, newWorld(), "str("+expression+")")
	if err != nil {
		return "error: " + err.Error()
	}
	return out.Text("X")
}

// starlarks is what Starlark itself gives for an expression.
func starlarks(expression string) string {
	v, err := starlark.EvalOptions(&syntax.FileOptions{}, &starlark.Thread{}, "x", "str("+expression+")", nil)
	if err != nil {
		return "error: " + err.Error()
	}
	s, _ := starlark.AsString(v)
	return s
}

// The rewritten operators, functions and methods do what Starlark's do.
func TestAsInStarlark(t *testing.T) {
	for _, expression := range []string{
		"1 + 2 * 3 - 4", "7 // 2", "-7 // 2", "7 // -2", "7 % 3", "-7 % 3", "7 % -3", "1 << 10", "1 << 100 >> 98", "5 & 3 | 8 ^ 1", "~5", "-(3)", "+3",
		"5 | 2", "1 // 0", "1 % 0", "1 << -1", "9007199254740993 * 9007199254740993",
		"'a' + 'b'", "'ab' * 3", "3 * 'ab'", "'ab' * 0", "'ab' * -1", "'a' + 1", "[1] + [2]", "[1, 2] * 2", "2 * [1]", "[] * 1000000000000",
		"{'a': 1} | {'b': 2}", "{'a': 1} | {'a': 2}",
		"1 == 1", "1 == '1'", "1 == None", "[1, [2]] == [1, [2]]", "[1] == [2]", "[1] == [1, 2]", "{'a': [1]} == {'a': [1]}", "{'a': 1} == {'b': 1}", "{'a': 1, 'b': 2} == {'b': 2, 'a': 1}", "{} == []",
		"1 != 2", "'a' != 'a'", "1 < 2", "2 <= 2", "'a' < 'b'", "'b' >= 'a'", "True > False", "1 == True", "None == None", "True == True",
		"1 in [1, 2]", "3 in [1, 2]", "3 not in [1, 2]", "[1] in [[1]]", "'a' in {'a': 1}", "'b' in 'abc'", "'' in ''", "2 in range(3)", "3 in range(3)",
		"'abc'[0]", "'abc'[-1]", "'abc'[1:]", "'abc'[:-1]", "'abc'[-2:9]", "'abc'[2:1]", "[1, 2, 3][1]", "[1, 2, 3][-3]", "[1, 2, 3][1:2]", "[1, 2, 3][:]", "{'a': 1}['a']", "range(5)[2]", "[1, 2][5:]", "[1, 2][-9:]",
		"1 if 2 else 3", "0 or 'x'", "1 and 2", "not []", "None or {}", "[x * 2 for x in range(5) if x % 2]", "{x: x * x for x in range(3)}", "[x + y for x in [1, 2] for y in [10, 20]]", "[a + b for a, b in [[1, 2], [3, 4]]]",
		"(lambda x, y = 2: x + y)(1)",
		"abs(-3)", "all([1, 0])", "all([])", "any([0, 1])", "any([])", "bool('')", "bool([0])", "dict()", "dict([['a', 1]])", "dict(a = 1)", "dict({'a': 1}, b = 2)", "int('12')", "int(' 12x')", "int(True)",
		"len('abc')", "len([1])", "len({})", "len(range(7))", "list(range(3))", "list({'a': 1})", "list()", "max(1, 3, 2)", "min([3, 1, 2])", "max('a', 'b')", "min([])", "range(3)", "list(range(10, 0, -3))", "reversed([1, 2])", "reversed(range(3))",
		"sorted([3, 1, 2])", "sorted(['b', 'a'], reverse = True)", "sorted([3, 1, 2], key = lambda x: -x)", "sorted([[1, 'b'], [0, 'c'], [1, 'a']], key = lambda x: x[0])", "sorted([[1, 'b'], [0, 'c'], [1, 'a']], key = lambda x: x[0], reverse = True)",
		"str('a')", "str(1)", "str([1, 'a', None, True, {}])", `str({"a": "\"\n"})`, "type(1)", "type('')", "type([])", "type({})", "type(None)", "type(True)",
		"'a,b'.split(',')", "' a  b '.split()", "''.split()", "''.split(',')", "'abab'.replace('a', 'c')", "'a'.join(['x', 'y'])", "','.join([])", "'aAb'.upper()", "'aAb'.lower()", "' a '.strip()", "'xax'.strip('x')", "' a '.lstrip()", "' a '.rstrip()",
		"'abc'.find('c')", "'abc'.find('x')", "'abc'.find('')", "'abcabc'.count('b')", "'abc'.startswith('a')", "'abc'.endswith('bc')", "'abc'.removeprefix('a')", "'abc'.removesuffix('c')", "'a1'.isalnum()", "'a'.isalpha()", "'12'.isdigit()", "'²'.isdigit()",
		"'{} {}'.format(1, 'a')", "'{1}{0}'.format('a', 'b')", "'{x}'.format(x = 1)", "'{!r}'.format('a')", "'{{}}'.format()", "'{}'.format([1, 'a'])",
		"'%d of %s' % (3, 'a')", "'%s' % 'a'", "'%s' % [1, 'a']", "'%s' % (1,)", "'%s' % ((1),)", "'%r' % 'a'", "'100 %%' % ()", "'%% %d %%' % 5", "'%i' % -7", "'%o' % 8", "'%x %X' % (255, 255)", "'%x' % -255", "'%d' % (1 << 100)",
		"'%f' % 1.5", "'%f' % 2", "'%d' % 10.0", "'%s' % None", "'%d' % (lambda: 'a')()", "'%d' % True", "('%s' + '') % (1, 2)", "('%s %s' + '') % 1", "('%s' + '%') % 1", "('a' + '%y') % 1", "('a' + '') % 'b'", "('a' + '') % ()",
		"{'a': 1}.get('a')", "{}.get('a')", "{}.get('a', 2)", "{'a': 1}.keys()", "{'a': 1}.values()", "{'a': 1}.pop('a')", "{}.pop('a', 3)", "{}.setdefault('a', 4)", "[1, 2].pop()", "[1, 2].pop(0)",
	} {
		got, want := shown(t, expression), starlarks(expression)
		if strings.HasPrefix(got, "error: ") && strings.HasPrefix(want, "error: ") {
			continue
		}
		if got != want {
			t.Errorf("%s: got %s; Starlark gives %s", expression, got, want)
		}
	}
}

// Where the dialect differs, and how.
func TestUnlikeStarlark(t *testing.T) {
	for _, c := range []struct{ expression, want string }{
		{"0.1 + 0.2", "0.3"}, {"0.1 + 0.2 == 0.3", "True"}, {"1 / 4", "0.25"}, {"1 / 3", "0.3333333333333333"}, {"2 / 3", "0.6666666666666667"}, {"6 / 3", "2"}, {"1.10 * 3", "3.3"},
		{"7.5 // 2", "3"}, {"-7.5 // 2", "-4"}, {"7.5 // -2", "-4"}, {"7.5 % 2", "1.5"}, {"-7.5 % 2", "0.5"}, {"7.5 % -2", "-0.5"}, {"-6.0 // 2", "-3"}, {"-6.0 % 2", "0"}, {"1e3", "1000"}, {"-1.50", "-1.5"}, {"+1.5", "1.5"},
		{"1.0 == 1", "True"}, {"1.50 == 1.5", "True"}, {"1.5 > 1 and 1 < 1.5 and 1.5 >= 1.5", "True"}, {"1.5 == '1.5'", "False"}, {"1.0 in [1]", "True"}, {"[1.0] == [1]", "True"}, {"9007199254740993 == 9007199254740993.0", "True"},
		{"bool(0.0)", "False"}, {"bool(0.1)", "True"}, {"abs(-1.5)", "1.5"}, {"int(1.9)", "1"}, {"int(-1.9)", "-1"}, {"int('1.0')", "1"}, {"decimal('1.50')", "1.50"}, {"decimal(' 2 ')", "2"}, {"decimal(3) / 2", "1.5"}, {"type(1.5)", "decimal"}, {"max(1, 1.5)", "1.5"}, {"sorted([2, 1.5, 1])", "[1, 1.5, 2]"},
		{"round(0.5)", "1"}, {"round(-0.5)", "-1"}, {"round(1.5)", "2"}, {"round(2.5)", "3"}, {"round(2.675, 2)", "2.68"}, {"round(-2.675, 2)", "-2.68"}, {"round(1234, -2)", "1200"}, {"round(1250, -2)", "1300"}, {"round(1.005, digits = 2)", "1.01"}, {"round(7)", "7"}, {"round(1.2, 5)", "1.2"},
		{"len('Søren')", "5"}, {"'Søren'[1]", "ø"}, {"'Søren'[1:3]", "ør"}, {"'Søren'[-4]", "ø"}, {"'Søren'[:2]", "Sø"}, {"'Søren'[2:]", "ren"}, {"'Søren'.find('r')", "2"}, {"'Søren'[9:]", ""}, {"'日本語'[1]", "本"}, {"'日本語'[-1:]", "語"}, {"'æ'.upper()", "Æ"},
		{"'%f' % 2.0000005", "2.000001"}, {"'%d' % 1e3", "1000"}, {"'%s' % 1.50", "1.5"}, {"'%r' % (0.1 + 0.2)", "0.3"},
		{"(1, 2)", "[1, 2]"}, {"()", "[]"}, {"(1,) + (2,)", "[1, 2]"}, {"type((1, 2))", "list"}, {"{'a': 1}.items()", `[["a", 1]]`}, {"enumerate(['a'])", `[[0, "a"]]`}, {"enumerate(['a'], 5)", `[[5, "a"]]`}, {"zip([1, 2], ['a', 'b'])", `[[1, "a"], [2, "b"]]`}, {"zip([1, 2], [3])", "[[1, 3]]"}, {"[a for a, b in {'x': 1}.items()]", `["x"]`},
	} {
		if got := shown(t, c.expression); got != c.want {
			t.Errorf("%s: got %s; want %s", c.expression, got, c.want)
		}
	}
	for _, expression := range []string{"('%e' + '') % 1.5", "('%d' + '') % 1.5", "('%(a)s' + '') % {'a': 1}", "1.5 << 1", "1.5 & 1", "{1.5: 1}", "{(1, 2): 3}", "decimal('1,5')", "decimal(None)", "int('1.5')", "int('0x1f')", "round('1')", "[2, 'a'] == [2, 'a'] and sorted([2, 'a'])", "sorted([[1], [0]])", "abs('1')", "len(5)", "'a' < 1.5", "1.5 + '1'", "None + 1.5"} {
		if got := shown(t, expression); !strings.HasPrefix(got, "error: ") {
			t.Errorf("%s: got %s; want an error", expression, got)
		}
	}
}

// Statements that are rewritten: x op= y, targets, loops and functions.
func TestStatementsAsInStarlark(t *testing.T) {
	for _, body := range []string{
		"x = 1\nx += 2\nx -= 5\nx *= 7\nx //= 3\nx %= 4\nx <<= 3\nx |= 1\nreturn x",
		"x = '%s'\nx %= 3\nreturn [x]",
		"x = [1]\ny = x\nx += [2]\nreturn [x, y]",
		"x = [1]\ny = x\nx = x + [2]\nreturn [x, y]",
		"x = {'a': 1}\ny = x\nx |= {'b': 2}\nreturn [x, y]",
		"x = [[1], 2]\nx[0] += [3]\nx[1] += 4\nx[-1] *= 2\nreturn x",
		"x = {'a': 1}\nx['a'] += 1\nx['b'] = [x['a']]\nx['b'] += [0]\nreturn x",
		"n = [0]\ndef i():\n  n[0] += 1\n  return 0\nx = [5]\nx[i()] += 1\nreturn [x, n]",
		"a, b = 1, 2\na, b = b, a\n[c, (d, e)] = [3, [4, 5]]\nreturn [a, b, c, d, e]",
		"x = [0, 0]\nx[0], x[1] = 3, 4\nfor x[0] in [7, 8]: pass\nreturn x",
		"(x) = 1\n(x) += 1\nreturn x",
		"r = []\nfor i in range(10):\n  if i == 2: continue\n  if i == 5: break\n  r.append(i)\nreturn r",
		"def f(a, b = [1], *, c = 2): return [a, b, c]\nreturn [f(0), f(0, 5), f(a = 0, c = 3)]",
		"def f():\n  def g(): return x\n  x = 1\n  return g()\nreturn f()",
		"x = [3, 1]\nx.append(2)\nx.extend([9])\nx.insert(0, 7)\nx.insert(-1, 6)\nx.insert(99, 5)\nx.pop(1)\nreturn x",
		"x = {}\nx.update([['a', 1]])\nx.update({'b': 2})\nx.setdefault('a', 5)\nx.setdefault('c', 6)\nx.pop('b')\nreturn x",
		"x = [1, 2]\nfor i in x: x.append(i)", "x = {'a': 1}\nfor k in x: x['b'] = 1", "x = [1]\nx[1] = 2", "a, b = [1]", "x = {'a': 1}\nx['b'] += 1",
		"return CONSTANT", "CONSTANT.append(1)", "x = CONSTANT\nx += [1]",
	} {
		src := "CONSTANT = [1, 2]\ndef f():\n    " + strings.ReplaceAll(body, "\n", "\n    ") + "\n"
		got := "error: "
		if out, err := compile(t, "TYPES", src+"def run(p):\n    return {\"TEXT\": str(f())}\n").Run(&newWorld().runtime, nil); err == nil {
			got = out.Text("TEXT")
		}
		want := "error: "
		globals, err := starlark.ExecFileOptions(&syntax.FileOptions{}, &starlark.Thread{}, "x", src, nil)
		if err != nil {
			t.Fatal(err)
		}
		if v, err := starlark.Call(&starlark.Thread{}, globals["f"], nil, nil); err == nil {
			want = v.String()
		}
		if got != want {
			t.Errorf("%s: got %s; Starlark gives %s", body, got, want)
		}
	}
}
