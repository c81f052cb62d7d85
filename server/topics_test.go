package server_test

import (
	"strings"
	"testing"

	"rator/event"
	"rator/server/servertest"
)

// TestTopicsAreOnTheReferencePage: a browser is shown every topic of this server.
func TestTopicsAreOnTheReferencePage(t *testing.T) {
	page := servertest.New(t).Page(t, "/workflow-soap/InvokerService")
	for _, topic := range event.Topics() {
		if !strings.Contains(page, `<h3 id="`+topic.Name+`">`) {
			t.Errorf("the page lacks %s", topic.Name)
		}
	}
}
