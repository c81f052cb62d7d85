package customer

import (
	"time"

	"rator/store"
)

// BlockSpan is a time in which a subscription was BLOCKED. What versions before
// did not keep is not there, or empty.
type BlockSpan struct {
	Type   string    // BLOCK_TYPE
	From   time.Time // when it was blocked
	Until  time.Time `json:",omitzero"`  // when that ended; zero while it is blocked
	By     string    `json:",omitempty"` // name of the operator who blocked it
	Reason string    `json:",omitempty"` // in that operator's words
}

// endBlock keeps when a block ended that a change of state has brought to its end.
func (s *Subscription) endBlock(now time.Time) {
	if last := len(s.Blocks) - 1; last >= 0 && s.State != Blocked && s.Blocks[last].Until.IsZero() {
		s.Blocks[last].Until = now
	}
}

// forgetBlocks empties what somebody wrote why the user's subscriptions were blocked.
func (w *Whole) forgetBlocks(tx store.Tx, u *User) error {
	for _, s := range w.Subscriptions {
		if s.User != u.ID || !s.forgetReasons() {
			continue
		}
		if err := subscriptions.Put(tx, s); err != nil {
			return err
		}
	}
	return nil
}

// forgetReasons reports whether there were any.
func (s *Subscription) forgetReasons() (had bool) {
	for i := range s.Blocks {
		had = had || s.Blocks[i].Reason != ""
		s.Blocks[i].Reason = ""
	}
	return had
}
