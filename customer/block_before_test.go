package customer

import (
	"testing"
	"time"
)

// TestBlockOfBefore: what an earlier version did not keep of a block is not made up when
// it ends, and the end of one that is over stays.
func TestBlockOfBefore(t *testing.T) {
	s := &Subscription{State: Active}
	if s.endBlock(time.Now()); len(s.Blocks) != 0 {
		t.Errorf("blocks %+v", s.Blocks)
	}
	ended := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	s.Blocks = []BlockSpan{{Until: ended}}
	if s.endBlock(ended.AddDate(0, 0, 1)); !s.Blocks[0].Until.Equal(ended) {
		t.Errorf("blocks %+v", s.Blocks)
	}
}
