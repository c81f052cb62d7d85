package customer

import (
	"time"

	"rator/catalogue"
	"rator/failure"
)

// The block types. Of Rator's only the first is known (rator-api.md 3.3); the
// others are ours.
const (
	BlockAsStolen   = "BLOCK_AS_STOLEN"
	BlockAsLost     = "BLOCK_AS_LOST"
	BlockByCustomer = "BLOCK_BY_CUSTOMER" // who asked for it
	BlockByOperator = "BLOCK_BY_OPERATOR" // fraud, unpaid bills …
)

// NewBlock is what BlockSubscription needs.
type NewBlock struct {
	BlockFields
	Reason string `key:"REASON"` // in the operator's words; "" = none
	By     string // name of the operator
}

// LongestReason is how many characters NewBlock.Reason has at most where it comes from
// outside.
const LongestReason = 200

// check fails with INVALID_REQUEST for a block type that is none, or a date with
// a block that has none, and with STOLEN_DATE_OUT_OF_RANGE.
func (b BlockFields) check(brand *catalogue.Brand, now time.Time) error {
	switch b.BlockType {
	case BlockAsStolen, BlockAsLost:
	case BlockByCustomer, BlockByOperator:
		if b.StolenDate != "" {
			return failure.InvalidRequest.With("STOLEN_DATE is for %s and %s, not %s", BlockAsStolen, BlockAsLost, b.BlockType)
		}
	default:
		return failure.InvalidRequest.With("BLOCK_TYPE %.40q must be %s, %s, %s or %s", b.BlockType, BlockAsStolen, BlockAsLost, BlockByCustomer, BlockByOperator)
	}
	if b.StolenDate == "" {
		return nil
	}
	day, today, err := dayAndToday(brand, "STOLEN_DATE", b.StolenDate, now)
	if err != nil {
		return err
	}
	if day < firstStolenDate || day > today {
		return StolenDateOutOfRange.With("STOLEN_DATE %s must lie between %s and today, %s", day, firstStolenDate, today)
	}
	return nil
}

// firstStolenDate is earlier than any subscription.
const firstStolenDate = "2000-01-01"

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
