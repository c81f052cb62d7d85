package mock

import (
	"context"
	"errors"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"

	"rator/replay/fixture"
	"rator/workflow/contract"
)

// index finds recorded exchanges by what their requests say. It keeps hashes; the
// files are read when they are needed.
type index struct {
	operations map[string]*operation // by request.key
	total      int
	used       int
}

// operation is what is recorded of one operation.
type operation struct {
	name      string
	hookpoint string // "" for what is not ours
	masks     []*mask
	exchanges []*exchange
}

// mask is a set of paths that some recorded requests leave open; most have none.
type mask struct {
	paths map[string]bool
	exact map[uint64][]*group
	loose map[uint64]*others
}

// group are exchanges whose requests say the same, in the order recorded.
type group struct {
	templates string // of what they leave open
	exchanges []*exchange
	turn      int // of the next answer; the last one is given again
}

// others are groups that differ in ids alone.
type others struct {
	groups []*group
	fresh  int // those before it have been asked for
}

// exchange is one recorded exchange.
type exchange struct {
	scenario *fixture.Scenario
	number   int      // of the step in it
	facts    []uint32 // sorted, of the loose hashes, to tell what is near
	asked    bool
	general  *exchange // of which this is the typed form; nil = itself
}

// recorded is the exchange itself, of which this may be the typed form.
func (e *exchange) recorded() *exchange {
	if e.general != nil {
		return e.general
	}
	return e
}

func (e *exchange) step() *fixture.Step { return &e.scenario.Steps[e.number] }

func newIndex(ctx context.Context, scenarios []*fixture.Scenario, contracts func(string) *contract.Contract) (*index, error) {
	x := &index{operations: map[string]*operation{}}
	var all []*exchange
	for _, s := range scenarios {
		for i := range s.Steps {
			if s.Steps[i].Do == "" && s.Steps[i].Response != "" {
				all = append(all, &exchange{scenario: s, number: i})
			}
		}
	}
	// Reading takes the time; entering must be in order.
	read, typed := make([]*request, len(all)), make([]*request, len(all))
	mistakes := make([]error, len(all))
	var workers sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := range next {
				read[i], mistakes[i] = all[i].read(contracts)
				if read[i] != nil {
					typed[i] = typedOf(read[i])
					read[i].forget()
				}
			}
		})
	}
	for i := range all {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	workers.Wait()
	if err := errors.Join(append(mistakes, ctx.Err())...); err != nil {
		return nil, err
	}
	x.total = len(all)
	for i, e := range all {
		x.enter(e, read[i])
	}
	for i, e := range all { // behind what is recorded in the typed form itself
		if typed[i] != nil {
			typed[i].forget()
			x.enter(&exchange{scenario: e.scenario, number: e.number, general: e}, typed[i])
		}
	}
	return x, nil
}

// forget drops the tree, which is not needed once it was read.
func (r *request) forget() { r.root, r.at = nil, nil }

// read reads the request of an exchange.
func (e *exchange) read(contracts func(string) *contract.Contract) (*request, error) {
	method, target, header := http.MethodPost, e.scenario.Config.Path, http.Header(nil)
	if e.step().HTTP != "" {
		recorded, err := e.scenario.Load(e.step())
		if err != nil {
			return nil, err
		}
		if recorded.Request.Method != "" {
			method = recorded.Request.Method
		}
		if recorded.Request.Target != "" {
			target = recorded.Request.Target
		}
		header = recorded.Request.Header
	}
	file := e.scenario.File(e.step().Request)
	body, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	if method != http.MethodPost {
		return bytesOf(method, target, body), nil
	}
	root, err := e.parse(header, body)
	switch {
	case err != nil && isXML(file):
		return nil, err
	case err != nil:
		return bytesOf(method, target, body), nil
	}
	return treeOf(root, contracts, true), nil
}

func isXML(file string) bool { return strings.HasSuffix(file, ".xml") }

// enter adds an exchange.
func (x *index) enter(e *exchange, r *request) {
	o := x.operations[r.key]
	if o == nil {
		o = &operation{name: r.operation, hookpoint: r.hookpoint}
		x.operations[r.key] = o
	}
	o.exchanges = append(o.exchanges, e)
	paths := map[string]bool{}
	var templates strings.Builder
	for i := range r.facts {
		if f := &r.facts[i]; f.wild {
			paths[f.path] = true
			templates.WriteString(f.path + "=" + f.template + pathSeparator)
		}
	}
	m := o.mask(paths)
	exact, loose := m.sums(r.facts)
	e.facts = make([]uint32, 0, len(r.facts))
	for i := range r.facts {
		if !r.facts[i].wild {
			e.facts = append(e.facts, uint32(r.facts[i].loose))
		}
	}
	slices.Sort(e.facts)
	for _, g := range m.exact[exact] {
		if g.templates != templates.String() {
			continue
		}
		if e.general == nil || g.exchanges[0].general != nil {
			g.exchanges = append(g.exchanges, e)
		}
		return
	}
	g := &group{templates: templates.String(), exchanges: []*exchange{e}}
	m.exact[exact] = append(m.exact[exact], g)
	if m.loose[loose] == nil {
		m.loose[loose] = &others{}
	}
	m.loose[loose].groups = append(m.loose[loose].groups, g)
}

// mask is the operation's mask of these paths; those that leave less open are
// tried first.
func (o *operation) mask(paths map[string]bool) *mask {
	for _, m := range o.masks {
		if len(m.paths) == len(paths) && m.covers(paths) {
			return m
		}
	}
	m := &mask{paths: paths, exact: map[uint64][]*group{}, loose: map[uint64]*others{}}
	at, _ := slices.BinarySearchFunc(o.masks, len(paths), func(m *mask, n int) int { return len(m.paths) - n })
	o.masks = slices.Insert(o.masks, at, m)
	return m
}

func (m *mask) covers(paths map[string]bool) bool {
	for p := range paths {
		if !m.paths[p] {
			return false
		}
	}
	return true
}

// sums are the hashes of all facts that the mask does not leave open. The order of
// facts does not count: where it does it is in their paths.
func (m *mask) sums(facts []fact) (exact, loose uint64) {
	for i := range facts {
		if f := &facts[i]; !m.open(f.path) {
			exact += f.exact
			loose += f.loose
		}
	}
	return exact, loose
}

// open says that a path, or one above it, is left open.
func (m *mask) open(path string) bool {
	if len(m.paths) == 0 {
		return false
	}
	for !m.paths[path] {
		up := strings.LastIndex(path, pathSeparator)
		if up < 0 {
			return false
		}
		path = path[:up]
	}
	return true
}
