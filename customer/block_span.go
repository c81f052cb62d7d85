package customer

import "time"

// BlockSpan is a time in which a subscription was BLOCKED. What versions before
// did not keep is not there.
type BlockSpan struct {
	Type  string    // BLOCK_TYPE
	From  time.Time // when it was blocked
	Until time.Time `json:",omitzero"` // when that ended; zero while it is blocked
}

// noteBlock keeps when a block began or ended that a change of state has brought.
func (s *Subscription) noteBlock(now time.Time) {
	last := len(s.Blocks) - 1
	open := last >= 0 && s.Blocks[last].Until.IsZero()
	switch blocked := s.State == Blocked; {
	case blocked && !open:
		s.Blocks = append(s.Blocks, BlockSpan{Type: s.BlockType, From: now})
	case !blocked && open:
		s.Blocks[last].Until = now
	}
}
