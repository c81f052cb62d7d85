package main

import (
	"strings"
	"testing"

	"rator/event"
	"rator/server/servertest"
)

// TestTopicsAreOnTheReferencePage: a browser is shown every topic of this server.
func TestTopicsAreOnTheReferencePage(t *testing.T) {
	page := pageOf(t, servertest.New(t), "/workflow-soap/InvokerService")
	for _, topic := range event.Topics() {
		if !strings.Contains(page, `<h3 id="`+topic.Name+`">`) {
			t.Errorf("the page lacks %s", topic.Name)
		}
	}
}
