package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// expectations is what expected.txt says, name to "type value", in its order.
type expectations struct {
	lines []expectation
	own   map[string]map[string]string // per client: what it prints instead
	none  map[string][]string          // per client: the steps it does not make
}

type expectation struct{ name, value string }

func (e expectation) step() string { return stepOf(e.name) }

func stepOf(name string) string { step, _, _ := strings.Cut(name, "."); return step }

func readExpectations(t *testing.T, scripts []string) expectations {
	t.Helper()
	src, err := os.ReadFile(filepath.Join(clients, "expected.txt"))
	if err != nil {
		t.Fatal(err)
	}
	want := expectations{own: map[string]map[string]string{}, none: map[string][]string{}}
	for _, script := range scripts {
		want.own[clientOf(script)] = map[string]string{}
	}
	ofClient := regexp.MustCompile(`^(\w+): (.*)$`)
	for line := range strings.Lines(string(src)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		client := ""
		if m := ofClient.FindStringSubmatch(line); m != nil {
			client, line = m[1], m[2]
		}
		name, value, _ := strings.Cut(line, " ")
		known := slices.ContainsFunc(want.lines, func(e expectation) bool { return e.name == name })
		step, ofStep := strings.CutSuffix(name, ".*")
		switch own, exists := want.own[client]; {
		case ofStep && value == "none" && exists && slices.ContainsFunc(want.lines, func(e expectation) bool { return e.step() == step }):
			want.none[client] = append(want.none[client], step)
		case client == "" && !known:
			want.lines = append(want.lines, expectation{name, value})
		case client != "" && known && exists:
			own[name] = value
		default:
			t.Fatalf("expected.txt: %q is there twice, or is of no known client or line", name)
		}
	}
	return want
}

// judge compares what a client printed with what is expected of it.
func (e expectations) judge(t *testing.T, client, username string, got map[string]string) {
	t.Helper()
	parts := map[string]string{"username": username}
	judged := map[string]bool{}
	for _, line := range e.lines {
		if strings.HasSuffix(line.name, ".*") || slices.Contains(e.none[client], line.step()) {
			continue
		}
		want := line.value
		if own, ok := e.own[client][line.name]; ok {
			want = own
		}
		judged[line.name] = true
		if value, printed := got[line.name]; !printed {
			t.Errorf("%s is missing, want %s", line.name, want)
		} else if !matches(t, want, value, parts) {
			t.Errorf("%s is %s, want %s", line.name, value, want)
		}
	}
	for name, value := range got {
		step := stepOf(name)
		if !judged[name] && (slices.Contains(e.none[client], step) || !slices.Contains(e.lines, expectation{step + ".*", "any"})) {
			t.Errorf("%s is printed as %s, and nothing is expected there", name, value)
		}
	}
}

// part is {name}, {name:regexp} or {:regexp} in an expected value.
var part = regexp.MustCompile(`\{(\w*)(:[^{}]*)?\}`)

// matches reports whether value is what want describes, and adds the parts that
// want names to parts.
func matches(t *testing.T, want, value string, parts map[string]string) bool {
	t.Helper()
	var pattern strings.Builder
	var named []string
	at := 0
	for _, m := range part.FindAllStringSubmatchIndex(want, -1) {
		pattern.WriteString(regexp.QuoteMeta(want[at:m[0]]))
		at = m[1]
		name := want[m[2]:m[3]]
		if m[4] < 0 {
			pattern.WriteString(regexp.QuoteMeta(parts[name]))
			continue
		}
		named = append(named, name)
		pattern.WriteString("(?P<p" + name + ">" + want[m[4]+1:m[5]] + ")")
	}
	pattern.WriteString(regexp.QuoteMeta(want[at:]))
	whole, err := regexp.Compile("^" + pattern.String() + "$")
	if err != nil {
		t.Fatalf("expected.txt: %s: %v", want, err)
	}
	found := whole.FindStringSubmatch(value)
	if found == nil {
		return false
	}
	for _, name := range named {
		parts[name] = found[whole.SubexpIndex("p"+name)]
	}
	return true
}
