package customer

import (
	"time"

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

// check fails with INVALID_REQUEST for a block type that is none, or a date with
// a block that has none, and with STOLEN_DATE_OUT_OF_RANGE.
func (b BlockFields) check(now time.Time) error {
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
	day, err := dayOf("STOLEN_DATE", b.StolenDate)
	if err != nil {
		return err
	}
	if day.Before(firstStolenDate) || day.After(now.Add(oneDay)) {
		return StolenDateOutOfRange.With("STOLEN_DATE %s must lie between %s and today", b.StolenDate, firstStolenDate.Format(time.DateOnly))
	}
	return nil
}

// firstStolenDate is earlier than any subscription.
var firstStolenDate = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// oneDay is what a date without a zone may be off.
const oneDay = 24 * time.Hour

// dayOf is the day of an xs:date or xs:dateTime literal that came under key, as
// midnight UTC whatever its zone.
func dayOf(key, literal string) (time.Time, error) {
	const n = len(time.DateOnly)
	if len(literal) >= n {
		if day, err := time.Parse(time.DateOnly, literal[:n]); err == nil {
			return day, nil
		}
	}
	return time.Time{}, failure.InvalidRequest.With("%s %.40q is not a date", key, literal)
}
