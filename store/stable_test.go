package store

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

// Whatever is asked, the memory of it stays small, and what is asked for often is
// mostly there.
func TestCopiesAreBounded(t *testing.T) {
	c := NewCopies()
	c.keep(question{index: "name", value: "long list"}, []*int{}, mostInAnswer)
	for n := range 20 * mostInCopies {
		c.keep(question{index: "name", value: fmt.Sprint("nobody ", n)}, []*int(nil), 0)
		if n%3 == 0 {
			c.keep(question{id: ID(n)}, []*int{new(int)}, 1)
			c.keep(question{id: ID(n)}, []*int{new(int)}, 1)
		}
	}
	size := 0
	for _, a := range c.answers {
		size += a.size
	}
	if size != c.size || size > mostInCopies+1 || size < mostInCopies/2 {
		t.Errorf("%d are kept, %d counted", size, c.size)
	}
	long := question{index: "name", value: strings.Repeat("x", longestAsked+1)}
	c.keep(long, []*int(nil), 0)
	if _, known := answerOf[int](c, long); known {
		t.Error("a value as long as a request is kept")
	}
}

// What cannot be copied is refused where it is declared, not found out later.
func TestWhatCannotBeStable(t *testing.T) {
	type own struct {
		Text string
		Self *own
	}
	for want, refused := range map[string]reflect.Type{
		"Any: interface {} cannot be copied":  reflect.TypeFor[struct{ Any any }](),
		"Inner: F: func() cannot be copied":   reflect.TypeFor[struct{ Inner []struct{ F func() } }](),
		"M: map[*int]int cannot be copied":    reflect.TypeFor[struct{ M map[*int]int }](),
		"Self: store.own is a part of itself": reflect.TypeFor[own](),
	} {
		if _, err := clonerOf(refused, nil); err == nil || err.Error() != want {
			t.Errorf("%s: %v", want, err)
		}
	}
	flat, err := clonerOf(reflect.TypeFor[struct {
		Base
		At      time.Time
		inside  []string
		Skipped []string `json:"-"`
	}](), nil)
	if flat != nil || err != nil {
		t.Errorf("a flat one needs more than a copy: %v", err)
	}
}
