package script

import (
	"errors"
	"fmt"
	"time"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"rator/workflow/value"
)

// date is a moment with the literal it came with.
type date struct {
	time.Time
	literal string
}

var _ starlark.Comparable = date{}

func (d date) String() string     { return d.literal }
func (date) Type() string         { return "date" }
func (date) Freeze()              {}
func (date) Truth() starlark.Bool { return true }
func (date) Hash() (uint32, error) {
	return 0, errors.New("a date cannot be the key of a dict; write str(date)")
}

// CompareSameType compares moments, whatever their zones.
func (d date) CompareSameType(op syntax.Token, other starlark.Value, _ int) (bool, error) {
	return holds(op, d.Compare(other.(date).Time)), nil
}

// maxDays is as far as a date moves at once: a thousand years.
const maxDays = 366_000

// add is d that many days later, at the same time of the day.
func (d date) add(days int) (starlark.Value, error) {
	if days > maxDays || days < -maxDays {
		return nil, fmt.Errorf("add: days must lie between -%d and %d", maxDays, maxDays)
	}
	moved := d.AddDate(0, 0, days)
	if moved.Year() < 1 || moved.Year() > 9999 {
		return nil, fmt.Errorf("add: the year %d is not between 1 and 9999", moved.Year())
	}
	return date{moved, value.FormatDate(moved)}, nil
}
