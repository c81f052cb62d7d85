// Package record lets the rooms of customer at the records that customer declares, by
// their type: nobody else may read or write them past customer's operations, and the
// compiler sees to that. Here too is what their indexes are of.
package record

import (
	"reflect"

	"rator/store"
)

var kinds = map[reflect.Type]any{}

// Keep has a kind be found by the type of its records. It belongs to the declaration.
func Keep[T any](k *store.Kind[T]) *store.Kind[T] {
	kinds[reflect.TypeFor[T]()] = k
	return k
}

// Of is the kind of the records of a type. It panics where that has none.
func Of[T any]() *store.Kind[T] {
	k, ok := kinds[reflect.TypeFor[T]()].(*store.Kind[T])
	if !ok {
		panic("record: there is no kind of " + reflect.TypeFor[T]().String())
	}
	return k
}
