package script

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"strings"

	"github.com/shopspring/decimal"
	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"rator/workflow/value"
)

// number is every number with a fraction: money is never binary. literal is
// what it came with, passed on as it is; "" for a computed one.
type number struct {
	decimal.Decimal
	literal string
}

var (
	_ starlark.HasUnary   = number{}
	_ starlark.Comparable = number{}
)

func (number) Type() string           { return "decimal" }
func (number) Freeze()                {}
func (n number) Truth() starlark.Bool { return starlark.Bool(!n.IsZero()) }
func (number) Hash() (uint32, error)  { return 0, errors.New("a decimal cannot be the key of a dict") }
func (n number) text() string         { return value.OfMoney("", n.Decimal).Text }

// finite is an error for a number that no double can hold: it would arrive as
// infinity.
func (n number) finite() error {
	const surely = 308 // digits before the point that every double has room for
	if n.NumDigits()+int(n.Exponent()) <= surely {
		return nil
	}
	if f, _ := n.Float64(); math.IsInf(f, 0) {
		return errInfinite
	}
	return nil
}

func (n number) String() string {
	if n.literal != "" {
		return n.literal
	}
	return n.Decimal.String()
}

// CompareSameType compares by value: 1.50 is 1.5.
func (n number) CompareSameType(op syntax.Token, other starlark.Value, _ int) (bool, error) {
	return holds(op, n.Cmp(other.(number).Decimal)), nil
}

// Unary is -n and +n.
func (n number) Unary(op syntax.Token) (starlark.Value, error) {
	switch op {
	case syntax.MINUS:
		return number{Decimal: n.Neg()}, nil
	case syntax.PLUS:
		return n, nil
	}
	return nil, nil
}

// holds reports whether a comparison that came out as order satisfies op.
func holds(op syntax.Token, order int) bool {
	switch op {
	case syntax.EQL:
		return order == 0
	case syntax.NEQ:
		return order != 0
	case syntax.LT:
		return order < 0
	case syntax.LE:
		return order <= 0
	case syntax.GT:
		return order > 0
	}
	return order >= 0
}

// asDecimal is v as a decimal, when it is a number.
func asDecimal(v starlark.Value) (decimal.Decimal, bool) {
	switch v := v.(type) {
	case number:
		return v.Decimal, true
	case starlark.Int:
		if small, ok := v.Int64(); ok {
			return decimal.NewFromInt(small), true
		}
		return decimal.NewFromBigInt(v.BigInt(), 0), true
	}
	return decimal.Zero, false
}

// bounded is d as a value, or an error when it has too many digits.
func bounded(d decimal.Decimal) (starlark.Value, error) {
	if d.NumDigits() > maxDigits || d.Exponent() > 400 || d.Exponent() < -400 {
		return nil, errTooLarge
	}
	return number{Decimal: d}, nil
}

var (
	errTooLarge = fmt.Errorf("a number has more than %d digits", maxDigits)
	errByZero   = errors.New("division by zero")
	errInfinite = fmt.Errorf("a number beyond %g is too large for a double", math.MaxFloat64)
)

// divisionDigits are kept after the point of a quotient.
const divisionDigits = 16

// decimalOperation is x op y where at least one has a fraction.
func decimalOperation(op syntax.Token, x, y decimal.Decimal) (starlark.Value, error) {
	switch op {
	case syntax.PLUS:
		return bounded(x.Add(y))
	case syntax.MINUS:
		return bounded(x.Sub(y))
	case syntax.STAR:
		return bounded(x.Mul(y))
	}
	if y.IsZero() {
		return nil, errByZero
	}
	if op == syntax.SLASH {
		return bounded(x.DivRound(y, divisionDigits))
	}
	quotient, rest := x.QuoRem(y, 0)
	if !rest.IsZero() && rest.Sign() != y.Sign() { // towards minus infinity, as Python rounds
		quotient, rest = quotient.Sub(decimal.NewFromInt(1)), rest.Add(y)
	}
	if op == syntax.PERCENT {
		return bounded(rest)
	}
	return bounded(quotient)
}

// maxLiteral is as long as the literal of a number may be, in bytes.
const maxLiteral = 1000

// parseDecimal reads a number; a comma or a sign of currency is no part of one.
func parseDecimal(s string) (starlark.Value, error) {
	if len(s) > maxLiteral {
		return nil, errTooLarge
	}
	d, err := value.ParseDecimal(s)
	if err != nil {
		return nil, err
	}
	n, err := bounded(d)
	if err != nil {
		return nil, err
	}
	return number{n.(number).Decimal, strings.TrimSpace(s)}, nil
}

// wholeNumber is i, or an error when it has too many bits.
func wholeNumber(i *big.Int) (starlark.Value, error) {
	if i.BitLen() > maxBits {
		return nil, errTooLarge
	}
	return starlark.MakeBigInt(i), nil
}
