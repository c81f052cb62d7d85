package store

import "reflect"

// Stable says that things of the kind change rarely and are asked for all the time:
// a driver keeps decoded copies (Copies), from which Get, By, All and Scan answer
// without reading, that there is none included. What they give is the caller's own
// all the same. It belongs to the declaration.
//
// It panics when a copy cannot be made of T, or would share with it what can be
// changed: what JSON fills in must be of numbers, strings, structs, arrays, slices,
// maps and pointers. A type that reads its JSON itself into fields that are not
// exported must be a value that nobody changes, as time.Time and decimal.Decimal.
func (k *Kind[T]) Stable() *Kind[T] {
	deep, err := clonerOf(reflect.TypeFor[T](), nil)
	if err != nil {
		panic("store: kind " + k.name + " cannot be stable: " + err.Error())
	}
	k.stable, k.deep = true, deep
	k.info().Stable = true
	return k
}

// copies are those of the very state that tx sees; nil when there are none.
func (k *Kind[T]) copies(tx Tx) *Copies {
	if !k.stable {
		return nil
	}
	return tx.Copies(k.name)
}

// clone is a copy of x that shares nothing with it that can be changed.
func (k *Kind[T]) clone(x *T) *T {
	own := new(T)
	*own = *x
	if k.deep != nil {
		k.deep(reflect.ValueOf(own).Elem())
	}
	return own
}
