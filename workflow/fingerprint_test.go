package workflow_test

import (
	"io/fs"
	"slices"
	"testing"

	"rator/catalogue"
	"rator/failure"
	"rator/store"
	"rator/workflow"
	"rator/workflow/hookpoints"
	"rator/workflow/value"
)

const keptValues = `<value key="L" type="l"/><value key="D" type="d"/><value key="B" type="b" default="true"/><value key="S" type="s"/>
	<value key="C" type="c"><values><value key="N" type="l"/></values></value><value key="W" type="s" secret="password"/>`

// keeping is T_KEEP, which takes values of every type.
func keeping(values string) fs.FS {
	return folders(map[string]folder{"T_KEEP": {request: values, script: "def run(p):\n    note(\"kept\")\n"}})
}

func keepRequest(entries ...value.Entry) workflow.Request {
	return workflow.Request{Hookpoint: "T_KEEP", RequestID: "r-1", Values: append(slices.Clone(value.Tree(entries)), as("root"))}
}

// TestWhatIsTheSameRequest: values count as they came, whatever their types are said to be.
func TestWhatIsTheSameRequest(t *testing.T) {
	scalar := func(key string, kind value.Type, s string) value.Entry {
		return value.Entry{Key: key, Type: kind, Text: s}
	}
	first := []value.Entry{scalar("L", value.Long, "5"), scalar("D", value.Date, "2026-02-01"), scalar("S", value.String, "x"),
		value.Of("C", scalar("N", value.Long, "7")), text("W", "secret-1"), text("UNKNOWN", "kept")}
	with := func(at int, e value.Entry) []value.Entry {
		changed := append([]value.Entry(nil), first...)
		changed[at] = e
		return changed
	}
	for name, c := range map[string]struct {
		again []value.Entry
		same  bool
	}{
		"as it was":        {first, true},
		"a long as text":   {with(0, scalar("L", value.String, "5")), true},
		"without a type":   {with(0, scalar("L", value.Bare, "5")), true},
		"a date as text":   {with(1, scalar("D", value.Bare, "2026-02-01")), true},
		"complex, untyped": {with(3, value.Entry{Key: "C", Items: value.Tree{scalar("N", value.Bare, "7")}}), true},
		"another password": {with(4, text("W", "secret-2")), true},
		"another number":   {with(0, scalar("L", value.Long, "6")), false},
		"another date":     {with(1, scalar("D", value.Date, "2026-02-02")), false},
		"the date in UTC":  {with(1, scalar("D", value.Date, "2026-02-01T00:00:00Z")), false},
		"null":             {with(2, value.OfNull("S", value.String)), false},
		"below":            {with(3, value.Of("C", scalar("N", value.Long, "8"))), false},
		"unknown":          {with(5, text("UNKNOWN", "changed")), false},
		"one less":         {first[:5], false},
		"the default said": {append(append([]value.Entry(nil), first...), scalar("B", value.Boolean, "true")), false},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, keeping(keptValues))
			if r := h.call(t, keepRequest(first...)); r.ErrorCode != 0 {
				t.Fatalf("%+v", r)
			}
			r := h.call(t, keepRequest(c.again...))
			if r.Replayed != c.same || !c.same && r.ErrorCode != failure.RequestIDReused.Number {
				t.Errorf("replayed %t: %d %s", r.Replayed, r.ErrorCode, r.ErrorMessage)
			}
		})
	}
}

// TestARepeatIsKnownAfterAChange of the brand's zone, and of a contract that takes less:
// what was answered is answered again.
func TestARepeatIsKnownAfterAChange(t *testing.T) {
	h := newHouse(t, keeping(keptValues))
	request := keepRequest(value.Entry{Key: "D", Type: value.Date, Text: "2026-02-01"}, text("S", "long"))
	if r := h.call(t, request); r.ErrorCode != 0 {
		t.Fatalf("%+v", r)
	}
	err := h.gate.Store.Update(t.Context(), func(tx store.Tx) error { return catalogue.ServeIn(tx, "Asia/Tokyo") })
	if err != nil {
		t.Fatal(err)
	}
	if r := h.call(t, request); !r.Replayed {
		t.Errorf("in another zone: %+v", r)
	}
	set, mistakes := workflow.Load(workflow.Layer{Name: "shipped", FS: hookpoints.Folders},
		workflow.Layer{Name: "site", FS: keeping(`<value key="D" type="d"/><value key="S" type="s" maxlen="3"/>`)})
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	h.config.Registry.Replace(set)
	if r := h.call(t, request); !r.Replayed {
		t.Errorf("under another contract: %+v", r)
	}
	other := keepRequest(text("S", "longer"))
	if r := h.call(t, other); r.ErrorCode != failure.InvalidRequest.Number {
		t.Errorf("what breaks the contract and was never answered: %+v", r)
	}
}

func TestUnreadableScalarsAreCounted(t *testing.T) {
	h := newHouse(t, keeping(keptValues))
	if r := h.call(t, keepRequest(value.Entry{Key: "D", Type: value.Date, Text: "0000-01-01T00:00:00Z"})); r.ErrorCode != 0 {
		t.Fatalf("%+v", r)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if last := h.observed[len(h.observed)-1]; last.Warnings != 1 {
		t.Errorf("%+v", last)
	}
}
