package script_test

import (
	"strings"
	"testing"

	"rator/workflow/script"
)

// statements are what FuzzRun puts together; $ is one of four variables.
var statements = []string{
	"$ = $ + $", "$ += $", "$ = $ * 90", "$ = $ * $", "$ = $ | $", "$ = $ << 60", "$ = $ - $", "$ = $ / 7", "$ = $ // 7", "$ = $ % 7", "$ = -$",
	"$ = [$, $]", "$ = {'A': $, 'B': $}", "$ = [$] * 9000", "$ = ($, $, $)", "$ = [$ for x in $]", "$ = {str(x): $ for x in $}", "$ = {x: $ for x in $}",
	"$ = str($)", "$ = '{}{}'.format($, $)", "$ = '{!r}'.format($)", "$ = '%s%r' % ($, $)", "$ = '%d %x%%' % ($, $)", "$ = '%f' % $", "$ = ','.join($)", "$ = $.split(',')", "$ = $.replace('a', $)", "$ = $.upper()", "$ = $[1:]", "$ = $[0]", "$ = $['A']", "$ = $.A",
	"$.append($)", "$.extend($)", "$.insert(0, $)", "$ = $.pop()", "$.update($)", "$ = $.items()", "$ = $.values()", "$ = $.keys()", "$ = $.get('A', $)", "$['A'] = $", "$[0] = $", "$['A'] += $", "$[0] += $", "$ = $.setdefault('A', $)",
	"$ = sorted($)", "$ = sorted($, key = lambda x: $)", "$ = reversed($)", "$ = zip($, $)", "$ = enumerate($)", "$ = list($)", "$ = dict($)", "$ = max($)", "$ = range(9000)", "$ = len($)", "$ = decimal($)", "$ = int($)", "$ = round($, 3)",
	"$ = $ == $", "$ = $ in $", "$ = $ < $", "$ = not $", "$ = 'ŉ,a' * 9000", "$ = 1.5", "$ = p.OPEN", "$ = p", "$ = None", "$ = now", "$ = now.add(days = $)",
	"$ = call.echo(FIELDS = $)", "$ = call.echo(TEXT = $)", "$ = call.echo(AMOUNT = $)", "emit('topic', X = $, Y = $)", "note($)", "$ = attempt(call.echo, FIELDS = $)", "$ = hook('NOBODY', key = $, X = $)", "return {'A': $, 'B': $}", "return $",
	"for x in $:", "for i in range(40):", "for i in range(9000):", "if $:",
}

// program writes a script of those statements: one byte says which, the next
// which variables.
func program(choices []byte) string {
	var b strings.Builder
	b.WriteString("def run(p):\n a, b, c, d = 'a', [1], {'A': 2}, 3\n")
	indent := " "
	for i := 0; i+1 < len(choices) && i < 200; i += 2 {
		s := statements[int(choices[i])%len(statements)]
		for which := choices[i+1]; strings.Contains(s, "$"); which >>= 2 {
			s = strings.Replace(s, "$", "abcd"[which%4:which%4+1], 1)
		}
		b.WriteString(indent + s + "\n")
		switch {
		case strings.HasSuffix(s, ":"):
			indent += " "
		case choices[i]&0x80 != 0 && len(indent) > 1:
			indent = indent[1:]
		}
	}
	b.WriteString(indent + "pass\n")
	return b.String()
}

// Any program, put together of what can grow, stays inside its bounds.
func FuzzRun(f *testing.F) {
	for i := range statements {
		f.Add([]byte{byte(i), 0b11_10_01_00, byte(i), 0b00_01_10_11, byte(len(statements) - 3), 0, byte(i), 0b00_00_00_00, byte(i), 0b01_01_01_01, byte(i), 0b10_10_10_10})
	}
	env := environment(f)
	f.Fuzz(func(t *testing.T, choices []byte) {
		src := program(choices)
		p, _ := script.Compile("f", []byte(src), "", env)
		if p == nil {
			return
		}
		bounded(t, p, "", env)
		if t.Failed() {
			t.Log(src)
		}
	})
}
