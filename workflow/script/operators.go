package script

import (
	"fmt"
	"math"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// operate is x op y for the operators whose result may be larger than both:
// its size is looked at before it is made.
func (b *budget) operate(op syntax.Token, x, y starlark.Value) (starlark.Value, error) {
	switch x := x.(type) {
	case starlark.Int:
		switch y := y.(type) {
		case starlark.Int:
			return wholeOperation(op, x, y)
		case number:
			if arithmetic(op) {
				left, _ := asDecimal(x)
				return decimalOperation(op, left, y.Decimal)
			}
		case starlark.String, *starlark.List:
			if op == syntax.STAR {
				return b.repeat(y, x)
			}
		}
	case number:
		if right, ok := asDecimal(y); ok && arithmetic(op) {
			return decimalOperation(op, x.Decimal, right)
		}
	case starlark.String:
		switch y := y.(type) {
		case starlark.String:
			if op == syntax.PLUS {
				return x + y, b.text(len(x) + len(y))
			}
		case starlark.Int:
			if op == syntax.STAR {
				return b.repeat(x, y)
			}
		}
		if op == syntax.PERCENT {
			return b.percent(string(x), []starlark.Value{y})
		}
	case *starlark.List:
		switch y := y.(type) {
		case *starlark.List:
			if op == syntax.PLUS {
				return b.concatenate(x, y)
			}
		case starlark.Int:
			if op == syntax.STAR {
				return b.repeat(x, y)
			}
		}
	case *starlark.Dict:
		if y, ok := y.(*starlark.Dict); ok && op == syntax.PIPE {
			return b.union(x, y)
		}
	}
	return nil, operandError(op, x, y)
}

func operandError(op syntax.Token, x, y starlark.Value) error {
	hint := ""
	_, left := x.(starlark.String)
	_, right := y.(starlark.String)
	switch {
	case x == starlark.None || y == starlark.None:
		hint = "; one side is missing (None)"
	case op == syntax.PLUS && left != right:
		hint = "; write str(…) to join a text and another value"
	}
	return fmt.Errorf("%s %s %s does not work%s", x.Type(), op, y.Type(), hint)
}

func arithmetic(op syntax.Token) bool {
	switch op {
	case syntax.PLUS, syntax.MINUS, syntax.STAR, syntax.SLASH, syntax.SLASHSLASH, syntax.PERCENT:
		return true
	}
	return false
}

// wholeOperation is x op y of whole numbers; a quotient by / is a decimal.
func wholeOperation(op syntax.Token, x, y starlark.Int) (starlark.Value, error) {
	switch op {
	case syntax.SLASH:
		left, _ := asDecimal(x)
		right, _ := asDecimal(y)
		return decimalOperation(op, left, right)
	case syntax.LTLT:
		if by, ok := y.Int64(); ok && by > maxBits {
			return nil, errTooLarge
		}
	case syntax.SLASHSLASH, syntax.PERCENT:
		if y.Sign() == 0 {
			return nil, errByZero
		}
	}
	result, err := starlark.Binary(op, x, y)
	if err != nil {
		return nil, err
	}
	if _, small := result.(starlark.Int).Int64(); !small && result.(starlark.Int).BigInt().BitLen() > maxBits {
		return nil, errTooLarge
	}
	return result, nil
}

// repeat is a text or list written times over.
func (b *budget) repeat(x starlark.Value, times starlark.Int) (starlark.Value, error) {
	n, ok := times.Int64()
	size := int64(starlark.Len(x))
	switch {
	case times.Sign() <= 0 || size == 0:
		n = 0
	case !ok || n > math.MaxInt32/size:
		return nil, fmt.Errorf("%s * %s is too long", x.Type(), times)
	}
	charge := b.text
	if _, isList := x.(*starlark.List); isList {
		charge = b.list
	}
	if err := charge(int(n * size)); err != nil {
		return nil, err
	}
	return starlark.Binary(syntax.STAR, x, starlark.MakeInt64(n))
}

func (b *budget) concatenate(x, y *starlark.List) (starlark.Value, error) {
	if err := b.list(x.Len() + y.Len()); err != nil {
		return nil, err
	}
	return starlark.Binary(syntax.PLUS, x, y)
}

// dictEntry is about what one entry of a dict that grows takes, in bytes.
const dictEntry = 200

func (b *budget) dict(n int) error {
	if n > maxItems {
		return fmt.Errorf("a dict of %d items is longer than %d", n, maxItems)
	}
	if err := b.spend(n); err != nil {
		return err
	}
	return b.take(n * dictEntry)
}

func (b *budget) union(x, y *starlark.Dict) (starlark.Value, error) {
	if err := b.dict(x.Len() + y.Len()); err != nil {
		return nil, err
	}
	return x.Union(y), nil
}

// operateInPlace is x op= y: a list and a dict are themselves changed, as
// Starlark has it.
func (b *budget) operateInPlace(op syntax.Token, x, y starlark.Value) (starlark.Value, error) {
	switch x := x.(type) {
	case *starlark.List:
		if op == syntax.PLUS {
			return x, b.extend(x, y)
		}
	case *starlark.Dict:
		if y, ok := y.(*starlark.Dict); ok && op == syntax.PIPE {
			return x, b.update(x, y)
		}
	}
	return b.operate(op, x, y)
}

func (b *budget) extend(list *starlark.List, more starlark.Value) error {
	items, err := b.items(more)
	if err != nil {
		return err
	}
	if list.Len()+len(items) > maxItems {
		return fmt.Errorf("a list of %d items is longer than %d", list.Len()+len(items), maxItems)
	}
	for _, item := range items {
		if err := list.Append(item); err != nil {
			return err
		}
	}
	return nil
}

func (b *budget) update(dict *starlark.Dict, more *starlark.Dict) error {
	if dict.Len()+more.Len() > maxItems {
		return fmt.Errorf("a dict of %d items is longer than %d", dict.Len()+more.Len(), maxItems)
	}
	if err := b.dict(more.Len()); err != nil {
		return err
	}
	for _, item := range more.Items() {
		if err := dict.SetKey(item[0], item[1]); err != nil {
			return err
		}
	}
	return nil
}

// items copies what can be iterated into a slice: a list's items, a dict's keys,
// the numbers of a range, what lies below a complex value.
func (b *budget) items(v starlark.Value) ([]starlark.Value, error) {
	sequence, ok := v.(starlark.Sequence)
	if !ok {
		return nil, fmt.Errorf("a %s value has no items", v.Type())
	}
	n := sequence.Len()
	if err := b.list(n); err != nil {
		return nil, err
	}
	items := make([]starlark.Value, 0, n)
	iterator := sequence.Iterate()
	defer iterator.Done()
	var item starlark.Value
	for iterator.Next(&item) {
		items = append(items, item)
	}
	return items, nil
}
