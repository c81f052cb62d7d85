package billing_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/event"
)

var updateTopics = flag.Bool("update-topics", false, "write the topics into docs/topics.md")

// TestTopicsPage: docs/topics.md has every topic as it is declared.
func TestTopicsPage(t *testing.T) {
	const page, mark = "../docs/topics.md", "## The topics\n"
	is, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	head, _, found := strings.Cut(string(is), mark)
	if !found {
		t.Fatalf("%s has no %q", page, mark)
	}
	want := head + mark + topicsPage()
	if *updateTopics {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, string(is)); diff != "" {
		t.Errorf("%s is not what is declared; write it with -update-topics (-want +got):\n%s", page, diff)
	}
}

func topicsPage() string {
	var b strings.Builder
	for _, topic := range event.Topics() {
		fmt.Fprintf(&b, "\n### %s\n\nTold when %s.", topic.Name, topic.When)
		if topic.Secret() {
			b.WriteString(" It holds a secret: no pattern matches it, only its name.")
		}
		b.WriteString("\n\n| key | type | what |\n|---|---|---|\n")
		for _, k := range topic.Keys {
			desc := k.Desc
			if k.Name == topic.Subject {
				desc += " The event's subject."
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", k.Name, k.Type, desc)
		}
	}
	return b.String()
}
