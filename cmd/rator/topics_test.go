package main

import (
	"strings"
	"testing"

	"rator/event"
	"rator/suite"
)

// TestTopicsAreTold: every topic is told by some scenario, but those that SOAP has no
// hookpoint for.
func TestTopicsAreTold(t *testing.T) {
	suite.Long(t, "plays all scenarios")
	told := map[string]bool{"customer.deleted": true, "customer.changed": true} // over TM Forum
	for _, came := range playAll(t, found(t, scenarios)) {
		for _, e := range came.Events {
			name, _, _ := strings.Cut(e, " ")
			told[name] = true
		}
	}
	for _, topic := range event.Topics() {
		if !told[topic.Name] && !strings.HasPrefix(topic.Name, "test.") {
			t.Errorf("no scenario tells of %s", topic.Name)
		}
	}
}

// TestTopicsAreOnTheReferencePage: a browser is shown every topic of this server.
func TestTopicsAreOnTheReferencePage(t *testing.T) {
	page := newTestServer(t).get(t, "/workflow-soap/InvokerService")
	for _, topic := range event.Topics() {
		if !strings.Contains(page, `<h3 id="`+topic.Name+`">`) {
			t.Errorf("the page lacks %s", topic.Name)
		}
	}
}
