package customer

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestBlockSpans: each block is kept with its beginning and its end; one whose
// beginning an earlier version did not keep is not made up.
func TestBlockSpans(t *testing.T) {
	at := func(hour int) time.Time { return time.Date(2026, 1, 1, hour, 0, 0, 0, time.UTC) }
	s := &Subscription{State: Blocked, BlockFields: BlockFields{BlockType: BlockAsLost}} // as it was before
	for hour, state := range []State{Active, Blocked, Active, Active, Blocked, Terminated, Active, Blocked} {
		s.State = state
		if s.BlockFields = (BlockFields{}); state == Blocked {
			s.BlockType = []string{BlockAsStolen, BlockByCustomer}[hour%2]
		}
		s.noteBlock(at(hour))
	}
	want := []BlockSpan{{BlockByCustomer, at(1), at(2)}, {BlockAsStolen, at(4), at(5)}, {BlockByCustomer, at(7), time.Time{}}}
	if diff := cmp.Diff(want, s.Blocks); diff != "" {
		t.Error(diff)
	}
}
