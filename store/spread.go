package store

import (
	"runtime/debug"
	"sync"
)

// Looks are several Txs that see one state, each for a goroutine of its own.
type Looks struct {
	Txs []Tx
	// Told is told how many things more were looked at, from any goroutine; nil = nobody is.
	Told func(things int)
}

// Spread has check look at everything of the kind, with so many goroutines as there are
// looks, of which the caller's is one. Check is given the number of its look, and runs with each number once at a time.
// Before it looks at those of a page, which are some hundreds, ahead is given all of them,
// to read what the looks will ask for; nil = nothing is. What check reports is told in id order, however many there are, and never by two at a time.
// Spread gives what kept it from reading on, and has told what was reported until there. A
// panic of check goes on in the caller's goroutine as a *Panic.
func (k *Kind[T]) Spread(looks Looks, report func(error), ahead func(look int, page []*T), check func(look int, x *T, report func(error))) error {
	s := &spread{report: report, found: map[int]*finding{}}
	work := func(look int) {
		// A damaged page can hold an offset out of the file: a panic, not the end of the
		// process.
		defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
		defer s.caught()
		for {
			number, records, err := s.next(looks.Txs[look], k.name)
			if len(records) == 0 && err == nil {
				return
			}
			f := &finding{err: err}
			var read []*T
			for _, r := range records {
				x, err := k.read(r)
				if err != nil {
					f.err = err
					break
				}
				read = append(read, x)
			}
			if ahead != nil {
				ahead(look, read)
			}
			for _, x := range read {
				check(look, x, func(fault error) { f.faults = append(f.faults, fault) })
			}
			s.tell(number, f)
			if looks.Told != nil {
				looks.Told(len(records))
			}
		}
	}
	var others sync.WaitGroup
	for look := range looks.Txs[1:] {
		others.Go(func() { work(look + 1) })
	}
	work(0)
	others.Wait()
	if s.panicked != nil {
		panic(s.panicked)
	}
	return s.err
}

// spread is pages of a kind on their way to those who look at them.
type spread struct {
	report func(error)

	mu       sync.Mutex
	after    ID   // the last that was given out
	pages    int  // that were given out
	over     bool // there are no more, or they are not wanted
	told     int  // pages whose findings were told
	found    map[int]*finding
	err      error
	panicked *Panic
}

// finding is what came of a page.
type finding struct {
	faults []error
	err    error // what kept it from being read to its end
}

// next gives the next page of a kind and its number; nothing when there is none.
func (s *spread) next(tx Tx, kind string) (number int, records []Record, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over {
		return 0, nil, nil
	}
	records, err = tx.Scan(kind, s.after, page)
	if s.over = err != nil || len(records) < page; len(records) > 0 {
		s.after = records[len(records)-1].ID
	}
	s.pages++
	return s.pages - 1, records, err
}

// tell tells what was found in a page when its turn comes.
func (s *spread) tell(number int, f *finding) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.found[number] = f
	for s.err == nil {
		f, there := s.found[s.told]
		if !there {
			return
		}
		delete(s.found, s.told)
		s.told++
		for _, fault := range f.faults {
			s.report(fault)
		}
		s.err = f.err
		s.over = s.over || f.err != nil
	}
}

// caught ends it all when a goroutine panics.
func (s *spread) caught() {
	v := recover()
	if v == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = true
	if s.panicked == nil {
		s.panicked = &Panic{Value: v, Stack: debug.Stack()}
	}
}
