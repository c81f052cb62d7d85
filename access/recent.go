package access

import (
	"container/list"
	"sync"
	"time"
)

// recent remembers things for a while after they were put or used, and only the last
// so many of them. Safe for concurrent use.
type recent[K comparable, V any] struct {
	keep time.Duration
	most int

	mu     sync.Mutex
	byKey  map[K]*list.Element
	oldest *list.List // of *remembered[K, V], by time of put or use
}

type remembered[K comparable, V any] struct {
	key   K
	value V
	until time.Time
}

func newRecent[K comparable, V any](keep time.Duration, most int) *recent[K, V] {
	return &recent[K, V]{keep: keep, most: most, byKey: map[K]*list.Element{}, oldest: list.New()}
}

func (r *recent[K, V]) get(key K, now time.Time) (V, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.lookUp(key, now)
}

// use is get, and has the thing remembered anew from now on.
func (r *recent[K, V]) use(key K, now time.Time) (value V, found bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if value, found = r.lookUp(key, now); found {
		e := r.byKey[key]
		e.Value.(*remembered[K, V]).until = now.Add(r.keep)
		r.oldest.MoveToBack(e)
	}
	return value, found
}

// change puts what f makes of the value remembered for key, the zero V when
// there is none, and gives it back.
func (r *recent[K, V]) change(key K, now time.Time, f func(V) V) V {
	return r.replace(key, now, func(value V) (V, bool) { return f(value), true })
}

// replace is change, and forgets the value where f says that it is not to be kept.
func (r *recent[K, V]) replace(key K, now time.Time, f func(V) (V, bool)) V {
	r.mu.Lock()
	defer r.mu.Unlock()
	value, _ := r.lookUp(key, now)
	value, keep := f(value)
	r.drop(r.byKey[key])
	if !keep {
		return value
	}
	r.byKey[key] = r.oldest.PushBack(&remembered[K, V]{key, value, now.Add(r.keep)})
	if r.oldest.Len() > r.most {
		r.drop(r.oldest.Front())
	}
	return value
}

func (r *recent[K, V]) lookUp(key K, now time.Time) (value V, found bool) {
	if e := r.byKey[key]; e != nil {
		if m := e.Value.(*remembered[K, V]); now.Before(m.until) {
			return m.value, true
		}
	}
	return value, false
}

func (r *recent[K, V]) drop(e *list.Element) {
	if e != nil {
		delete(r.byKey, r.oldest.Remove(e).(*remembered[K, V]).key)
	}
}
