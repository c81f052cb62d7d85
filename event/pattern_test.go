package event_test

import (
	"strings"
	"testing"

	"rator/event"
)

func TestPatternMatch(t *testing.T) {
	for _, test := range []struct {
		pattern event.Pattern
		topics  string // those that it is of
	}{
		{"door.opened", "door.opened"},
		{"door.*", "door.opened door.shut"},
		{"*.opened", "door.opened gate.door.opened"},
		{"*door*", "door.opened door.shut gate.door.opened"},
		{"*", "door.opened door.shut gate.door.opened"},
		{"d*r*d", "door.opened"},
		{"door.opened*", "door.opened"},
		{"door.opened*opened", ""}, // the ends do not overlap
		{"*e*e*e*", "gate.door.opened"},
		{"door.key", "door.key"},
		{"door.key*", ""},
		{"door", ""},
		{"", ""},
	} {
		var got []string
		for _, topic := range []string{"door.opened", "door.shut", "door.key", "gate.door.opened"} {
			if test.pattern.Match(topic) {
				got = append(got, topic)
			}
		}
		if s := strings.Join(got, " "); s != test.topics {
			t.Errorf("%q is of %q, not of %q", test.pattern, s, test.topics)
		}
	}
	if p := (event.Patterns{"*", "tmf.*"}); p.Match("tmf.changed") || p.Match("tmf.deleted") || !p.Match("tmf.other") {
		t.Error("what an older version told its own hubs is told to others")
	}
	if none := (event.Patterns{}); !none.Match("door.opened") || none.Match("door.key") {
		t.Error("no pattern is as *")
	}
}

func TestParsePatterns(t *testing.T) {
	got, err := event.ParsePatterns([]string{"door.*", "door.key", "door.*", "site.made"}, "site.made")
	if err != nil || len(got) != 3 || !got.Match("door.key") || !got.Match("site.made") || got.Match("gate.door.opened") {
		t.Errorf("%v, %v", got, err)
	}
	for _, test := range []struct{ pattern, why string }{
		{"door.open", `topic "door.open": there is none such; there are door.key, door.opened, door.shut`},
		{"door.x*", "there is none such; there are door.key"},
		{"window.*", "there is none such; rator events topics lists them"},
		{"door.k*", "what it fits holds a secret, and is told only to who names it: door.key"},
		{"", "it is empty"},
		{"door." + strings.Repeat("*", 124), "it has more than 128 bytes"},
	} {
		if _, err := event.ParsePatterns([]string{"door.*", test.pattern}); err == nil || !strings.Contains(err.Error(), test.why) {
			t.Errorf("%q: %v, want %s", test.pattern, err, test.why)
		}
	}
	if _, err := event.ParsePatterns(make([]string, event.MostPatterns+1)); err == nil || !strings.Contains(err.Error(), "64 before it") {
		t.Errorf("too many: %v", err)
	}
}

// FuzzPattern: a pattern fits what its parts are put together to.
func FuzzPattern(f *testing.F) {
	f.Add("door.*", "opened")
	f.Add("*.*", "a")
	f.Fuzz(func(t *testing.T, pattern, filling string) {
		if topic := strings.ReplaceAll(pattern, "*", filling); topic != "door.key" && !strings.HasPrefix(topic, "tmf.") && !event.Pattern(pattern).Match(topic) {
			t.Errorf("%q is not of %q", pattern, topic)
		}
	})
}
