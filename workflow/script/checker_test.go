package script_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rator/workflow/script"
)

// Each mistake of a chunk stands beside its line, as "#: column: text" or
// "#: line:column: text" when it is told elsewhere; the text begins the message.
var expectation = regexp.MustCompile(`#: (?:(\d+):)?(\d+): ([^#]*)`)

func TestCheckerFindsEveryMistake(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(testdata, "mistakes", "*.star"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	env := environment(t)
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		hookpoint := "SOAP_SIGNUP"
		if m := regexp.MustCompile(`(?m)^# hookpoint: (\S+)`).FindStringSubmatch(string(src)); m != nil {
			hookpoint = m[1]
		}
		for i, chunk := range strings.Split(string(src), "\n---\n") {
			t.Run(fmt.Sprintf("%s/%d", filepath.Base(file), i), func(t *testing.T) {
				p, mistakes := script.Compile("f", []byte(chunk), hookpoint, env)
				var wanted []string
				for n, line := range strings.Split(chunk, "\n") {
					for _, m := range expectation.FindAllStringSubmatch(line, -1) {
						if m[1] == "" {
							m[1] = fmt.Sprint(n + 1)
						}
						wanted = append(wanted, fmt.Sprintf("f:%s:%s: %s", m[1], m[2], strings.TrimSpace(m[3])))
					}
				}
				if (p == nil) != (len(mistakes) > 0) {
					t.Errorf("program %v with %d mistakes", p, len(mistakes))
				}
				for _, m := range mistakes {
					at := slices.IndexFunc(wanted, func(want string) bool { return strings.HasPrefix(m.String(), want) })
					if at < 0 {
						t.Errorf("unexpected: %s", m)
						continue
					}
					wanted = slices.Delete(wanted, at, at+1)
				}
				for _, want := range wanted {
					t.Errorf("not found: %s", want)
				}
			})
		}
	}
}

// TestByteOrderMark: an editor's mark is no part of the script, and moves no place.
func TestByteOrderMark(t *testing.T) {
	for _, src := range []string{
		"\xef\xbb\xbfdef run(p): x",
		"\xff\xfed\x00e\x00f\x00 \x00r\x00u\x00n\x00(\x00p\x00)\x00:\x00 \x00x\x00",
	} {
		_, mistakes := script.Compile("f", []byte(src), "", environment(t))
		if len(mistakes) != 1 || mistakes[0].String() != "f:1:13: undefined: x (did you mean p?)" {
			t.Errorf("%q: %v", src, mistakes)
		}
		if p, mistakes := script.Compile("f", []byte(strings.ReplaceAll(src, "x", "1")), "", environment(t)); p == nil {
			t.Errorf("%q: %v", src, mistakes)
		}
	}
}
