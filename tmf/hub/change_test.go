package hub

import (
	"testing"

	"rator/store"
)

// TestChangeIsForHubsItSaw: which hubs are told of a change, its transaction says, and not
// the ids, of which another process may have given older or newer ones in that second. Of
// a change of a version before, the ids do.
func TestChangeIsForHubsItSaw(t *testing.T) {
	t.Parallel()
	older, newer := &Hub{Base: store.Base{ID: 4}}, &Hub{Base: store.Base{ID: 6}}
	for name, c := range map[string]struct {
		hubs         []store.ID
		older, newer bool
	}{
		"a version before": {nil, true, false},
		"the older":        {[]store.ID{4}, true, false},
		"the newer":        {[]store.ID{6}, false, true},
		"both":             {[]store.ID{6, 4}, true, true},
		"one that is gone": {[]store.ID{3}, false, false},
	} {
		change := &KeptChange{Base: store.Base{ID: 5}, Hubs: c.hubs}
		if got := [2]bool{change.isFor(older), change.isFor(newer)}; got != [2]bool{c.older, c.newer} {
			t.Errorf("%s: %v", name, got)
		}
	}
}
