package tmf_test

import (
	"testing"

	"rator/tmf/resource"
	"rator/unit"
	"rator/workflow"
	"rator/workflow/hookpoints"
)

// stepped gives a business the shipped hookpoints, for calls that come through a gate.
func stepped(t testing.TB, b *resource.Business, gate *unit.Gate) *resource.Business {
	t.Helper()
	set, mistakes := workflow.Load(workflow.Layer{Name: "shipped", FS: hookpoints.Folders})
	for _, m := range mistakes {
		t.Fatal(m)
	}
	registry := &workflow.Registry{}
	registry.Replace(set)
	b.Engine = workflow.New(workflow.Config{Gate: gate, Registry: registry})
	return b
}
