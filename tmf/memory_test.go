package tmf_test

import (
	"iter"
	"math"
	"slices"
	"strconv"
	"sync"
	"time"

	"rator/failure"
	"rator/tmf/jsondoc"
	"rator/tmf/query"
	"rator/tmf/resource"
)

// unknownItem is the business's own word for an id that is not there.
var unknownItem = failure.Declare(99_811, "UNKNOWN_ITEM", failure.NotFound, failure.Text{"EN": "there is no such item"})

// memory is a Collection that keeps documents as they come.
type memory struct {
	prefix string // of ids
	now    func() time.Time
	blind  bool // never knows how many there are

	mu      sync.Mutex
	ids     []string // in order of creation
	items   map[string]resource.Item
	last    int
	listed  int                           // items that List and Scan gave
	asked   []*query.Filter               // filters that Scan was given
	calls   []resource.Call               // of writes
	refuse  func(id string) error         // of Delete
	broken  error                         // what everything fails with
	after   func(n int, id string)        // is told of each item that a list gave
	checked func(doc jsondoc.Value) error // of Create and Replace
}

func newMemory(prefix string, now func() time.Time) *memory {
	return &memory{prefix: prefix, now: now, items: map[string]resource.Item{}}
}

func (m *memory) List(_ *resource.Work, skip, most int) iter.Seq2[resource.Item, error] {
	return m.list(skip, most)
}

func (m *memory) Scan(_ *resource.Work, f *query.Filter, _ []string) iter.Seq2[resource.Item, error] {
	m.mu.Lock()
	m.asked = append(m.asked, f)
	m.mu.Unlock()
	return m.list(0, math.MaxInt)
}

func (m *memory) list(skip, most int) iter.Seq2[resource.Item, error] {
	return func(yield func(resource.Item, error) bool) {
		m.mu.Lock()
		ids := m.ids[min(skip, len(m.ids)):] // never changed in place
		m.mu.Unlock()
		ids = ids[:min(most, len(ids))]
		for n, id := range ids {
			m.mu.Lock()
			item, found := m.items[id]
			m.listed++
			broken := m.broken
			m.mu.Unlock()
			if broken != nil {
				yield(resource.Item{}, broken)
				return
			}
			if found && !yield(item, nil) {
				return
			}
			if m.after != nil {
				m.after(n, id)
			}
		}
	}
}

func (m *memory) Pick(_ *resource.Work, ids iter.Seq2[string, error]) iter.Seq2[resource.Item, error] {
	return func(yield func(resource.Item, error) bool) {
		n := 0
		for id, err := range ids {
			m.mu.Lock()
			item, found := m.items[id]
			if err == nil {
				err = m.broken
			}
			m.mu.Unlock()
			if (found || err != nil) && !yield(item, err) || err != nil {
				return
			}
			if m.after != nil {
				m.after(n, id)
			}
			n++
		}
	}
}

func (m *memory) Count(_ *resource.Work, f *query.Filter) (int, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.items), f.Empty() && !m.blind, nil
}

// Bounded: there is no index.
func (m *memory) Bounded(_ *resource.Call, f *query.Filter) bool { return f.Empty() && !m.blind }

func (m *memory) Get(_ *resource.Work, id string) (resource.Item, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.get(id)
}

func (m *memory) get(id string) (resource.Item, error) {
	if m.broken != nil {
		return resource.Item{}, m.broken
	}
	item, found := m.items[id]
	if !found {
		return resource.Item{}, unknownItem.With("%s", id)
	}
	return item, nil
}

func (m *memory) Create(u *resource.Work, doc jsondoc.Value) (resource.Item, error) {
	return m.once(u, func() (resource.Item, error) {
		if err := m.check(doc); err != nil {
			return resource.Item{}, err
		}
		m.last++
		id := m.prefix + strconv.Itoa(m.last)
		m.ids = append(m.ids, id)
		return m.put(id, 1, doc), nil
	})
}

func (m *memory) check(doc jsondoc.Value) error {
	if m.broken != nil || m.checked == nil {
		return m.broken
	}
	return m.checked(doc)
}

func (m *memory) put(id string, version int, doc jsondoc.Value) resource.Item {
	m.items[id] = resource.Item{ID: id, Version: strconv.Itoa(version), Modified: m.now(), Document: doc}
	return m.items[id]
}

func (m *memory) Replace(u *resource.Work, id string, change func(resource.Item) (jsondoc.Value, error)) (resource.Item, error) {
	return m.once(u, func() (resource.Item, error) {
		item, err := m.get(id)
		if err != nil {
			return resource.Item{}, err
		}
		doc, err := change(item)
		if err == nil {
			err = m.check(doc)
		}
		if err != nil {
			return resource.Item{}, err
		}
		version, _ := strconv.Atoi(item.Version)
		return m.put(id, version+1, doc), nil
	})
}

func (m *memory) Delete(u *resource.Work, id string, check func(resource.Item) error) (resource.Item, error) {
	return m.once(u, func() (resource.Item, error) {
		item, err := m.get(id)
		if err == nil {
			err = check(item)
		}
		if err == nil && m.refuse != nil {
			err = m.refuse(id)
		}
		if err != nil {
			return resource.Item{}, err
		}
		delete(m.items, id)
		m.ids = slices.DeleteFunc(slices.Clone(m.ids), func(other string) bool { return other == id })
		return item, nil
	})
}

// once does what one write does.
func (m *memory) once(u *resource.Work, do func() (resource.Item, error)) (resource.Item, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls = append(m.calls, *u.Call)
	return do()
}
