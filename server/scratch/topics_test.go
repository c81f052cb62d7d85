package scratch_test

import (
	"strings"
	"testing"

	"rator/event"
	"rator/replay/fixture"
	"rator/suite"
)

// TestTopicsAreTold: every topic is told by some scenario, but those that SOAP has no
// hookpoint for.
func TestTopicsAreTold(t *testing.T) {
	suite.Long(t, "plays all scenarios")
	if suite.Apart(t) {
		return
	}
	all, err := fixture.Find(fixture.Options{}, "../../testdata/soap")
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{"customer.deleted": true, "customer.changed": true} // over TM Forum
	for _, came := range playAll(t, all) {
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
