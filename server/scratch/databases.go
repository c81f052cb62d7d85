package scratch

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"rator/server"
	"rator/store"
	"rator/store/postgres"
)

// Databases are places for stores on a PostgreSQL server. One that is let go is set back and
// given to the next who asks for a copy of the same: making a database costs more.
type Databases struct {
	beside string // the server's address, of a database that is there

	mu   sync.Mutex
	word string              // begins the names of these
	last int                 // the number of the newest
	uses map[string]int      // of each that is there
	from map[string]string   // what it is a copy of
	idle map[string][]string // by what they are copies of
}

const (
	// mostConnections is how many a scratch server has at most: there may be many beside it.
	mostConnections = 8
	// mostUses is how often a database is given before it goes, as nobody cleans it up.
	mostUses = 30
)

// NewDatabases has databases be made on the server of an address.
func NewDatabases(beside string) *Databases {
	word := "rator_scratch_" + strings.ToLower(rand.Text()[:10])
	return &Databases{beside: beside, word: word, uses: map[string]int{}, from: map[string]string{}, idle: map[string][]string{}}
}

func (d *Databases) fresh(ctx context.Context) (string, error) { return d.make(ctx, "") }

func (d *Databases) make(ctx context.Context, from string) (string, error) {
	d.mu.Lock()
	d.last++
	name := fmt.Sprintf("%s_%d", d.word, d.last)
	d.uses[name], d.from[name] = 1, from
	d.mu.Unlock()
	return name, postgres.MakeDatabase(ctx, d.beside, name, from)
}

func (d *Databases) prepared(ctx context.Context, place string) error {
	dsn, err := postgres.Beside(d.beside, place)
	if err != nil {
		return err
	}
	return postgres.Remember(ctx, dsn)
}

func (d *Databases) copied(ctx context.Context, from, _ string) (string, error) {
	d.mu.Lock()
	if idle := d.idle[from]; len(idle) > 0 {
		name := idle[len(idle)-1]
		d.idle[from] = idle[:len(idle)-1]
		d.uses[name]++
		d.mu.Unlock()
		return name, nil
	}
	d.mu.Unlock()
	return d.make(ctx, from)
}

func (d *Databases) open(ctx context.Context, place string, now func() time.Time, _ *server.Metrics) (store.Store, error) {
	dsn, err := postgres.Beside(d.beside, place)
	if err != nil {
		return nil, err
	}
	return postgres.Open(ctx, dsn, postgres.Options{Now: now, Connections: mostConnections})
}

// remove lets a place go.
func (d *Databases) remove(ctx context.Context, place string) error {
	d.mu.Lock()
	from := d.from[place]
	again := from != "" && d.uses[place] < mostUses
	d.mu.Unlock()
	if dsn, err := postgres.Beside(d.beside, place); again && err == nil && postgres.SetBack(ctx, dsn) == nil {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.idle[from] = append(d.idle[from], place)
		return nil
	}
	d.mu.Lock()
	delete(d.uses, place)
	delete(d.from, place)
	d.mu.Unlock()
	return postgres.DropDatabase(ctx, d.beside, place)
}

// Close drops them all.
func (d *Databases) Close() (err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for name := range d.uses {
		err = errors.Join(err, postgres.DropDatabase(context.Background(), d.beside, name))
	}
	clear(d.uses)
	clear(d.from)
	clear(d.idle)
	return err
}

// Empty prepares a place where nothing is kept yet, for Open.
func (d *Databases) Empty(ctx context.Context) (place string, err error) {
	if place, err = d.fresh(ctx); err != nil {
		return "", err
	}
	st, err := d.open(ctx, place, nil, nil)
	if err == nil {
		err = errors.Join(st.Close(), d.prepared(ctx, place))
	}
	return place, err
}

// Open opens a store over a copy of a place that was prepared; done lets that go.
func (d *Databases) Open(ctx context.Context, from string, now func() time.Time) (st store.Store, done func() error, err error) {
	place, err := d.copied(ctx, from, "")
	if err != nil {
		return nil, nil, err
	}
	done = func() error { return d.remove(ctx, place) }
	if st, err = d.open(ctx, place, now, nil); err != nil {
		return nil, nil, errors.Join(err, done())
	}
	return st, done, nil
}
