package together

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"rator/store/postgres"
)

// Server is one of a database, as its own row says.
type Server struct {
	Name       string
	Address    string // of the SOAP endpoint
	Version    string // of the program
	Hookpoints string // workflow.HashLayers
	Started    time.Time
	Seen       time.Time
	NotReady   string // why; "" = it is ready

	run  int64             // of the process
	each map[string]string // hashes of its hookpoints
}

const (
	serversEach = time.Second
	serversGone = 10 * time.Second // who was not seen for so long is not there any more
)

// Present is a server among the others.
type Present struct {
	db *postgres.DB
	// Changed is told when the server's hookpoints are not those that count, and with nil when
	// they are again; nil = nobody is told. It is set before Beat.
	Changed func(unfit error)

	mu       sync.Mutex
	me       Server
	reloaded bool // since the set was told
	others   int  // that are seen, and this one
	unfit    error
}

// NewPresent gives a server that nobody sees yet, and which is not ready until Beat. Its
// hookpoints are told by a hash of all, and one of each.
func NewPresent(db *postgres.DB, name, version, hookpoints string, each map[string]string) *Present {
	return &Present{db: db, me: Server{Name: name, Version: version, Hookpoints: hookpoints, run: rand.Int64(), each: each},
		unfit: errors.New("the other servers of the database are not known yet")}
}

// Reloaded has the hookpoints count that were loaded anew.
func (p *Present) Reloaded(hookpoints string, each map[string]string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.me.Hookpoints, p.me.each, p.reloaded = hookpoints, each, true
}

// Ready fails while the server has other hookpoints than those that count.
func (p *Present) Ready() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.unfit
}

// Seen is how many servers there are.
func (p *Present) Seen() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.others
}

// Run says that the server is there until ctx ends, and then that it is gone. Ready is
// that of its store.
func (p *Present) Run(ctx context.Context, ready func() error) {
	tick := time.NewTicker(serversEach)
	defer tick.Stop()
	whole := context.WithoutCancel(ctx) // what was cut short may say later that it is there
	for {
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(whole, longestTrip)
			defer cancel()
			_ = p.db.Beside(last, postgres.Ask{SQL: "delete from " + p.db.Table("server") + " where run=$1", Args: []any{p.me.run}}) // else it is gone soon
			return
		case <-tick.C:
			_ = p.Beat(whole, "", ready) // what was known stays; the store is not ready meanwhile
		}
	}
}

// Beat says that the server is there, at its address where that is new, and looks who
// else is and which hookpoints count.
func (p *Present) Beat(ctx context.Context, address string, ready func() error) error {
	ctx, cancel := context.WithTimeout(ctx, longestTrip)
	defer cancel()
	p.mu.Lock()
	if address != "" {
		p.me.Address = address
	}
	p.me.NotReady = ""
	if err := errors.Join(ready(), p.unfit); err != nil && p.others > 0 {
		p.me.NotReady = err.Error()
	}
	me, reloaded, first := p.me, p.reloaded, p.others == 0
	p.mu.Unlock()

	table := p.db.Table("server")
	var asks []postgres.Ask
	if first { // the one of before that was killed
		asks = append(asks, postgres.Ask{SQL: "delete from " + table + " where name=$1 and run<>$2", Args: []any{me.Name, me.run}})
	}
	asks = append(asks,
		postgres.Ask{SQL: "delete from " + table + " where seen<clock_timestamp()-make_interval(secs=>$1)", Args: []any{6 * serversGone.Seconds()}},
		postgres.Ask{SQL: "insert into " + table + " values ($1,$2,$3,$4,$5,clock_timestamp(),clock_timestamp(),$6)" +
			" on conflict (run) do update set hookpoints=excluded.hookpoints, seen=excluded.seen, not_ready=excluded.not_ready",
			Args: []any{me.run, me.Name, me.Address, me.Version, me.Hookpoints, me.NotReady}})
	all, kept, err := read(ctx, p.db, asks...)
	if err != nil {
		return err
	}
	sets, unfit := decide(me, reloaded, all, kept)
	if other := new(otherError); errors.As(unfit, &other) {
		other.differs = p.differs(ctx, me, kept)
	}
	if sets {
		unfit = p.count(ctx, me, kept)
	}
	if p.looked(me, len(all), unfit) && p.Changed != nil {
		p.Changed(unfit)
	}
	return nil
}

// looked takes in what was seen, and says whether that makes a server fit that was not, or the
// other way round. A server that has just begun is fit unless it is seen not to be.
func (p *Present) looked(me Server, all int, unfit error) (changed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	wasUnfit := p.others > 0 && p.unfit != nil
	p.others = all
	if p.me.Hookpoints != me.Hookpoints { // it was loaded anew meanwhile
		return false
	}
	p.unfit = unfit
	p.reloaded = p.reloaded && unfit != nil
	return wasUnfit != (unfit != nil)
}

// read gives the servers that are seen, those that started last at the end, and what
// counts, nil = nothing does yet.
func read(ctx context.Context, db *postgres.DB, first ...postgres.Ask) (all []Server, kept *Counting, err error) {
	err = db.Beside(ctx, append(first,
		postgres.Ask{SQL: "select run, name, address, version, hookpoints, started, seen, not_ready from " + db.Table("server") +
			" where seen>clock_timestamp()-make_interval(secs=>$1) order by started, run", Args: []any{serversGone.Seconds()},
			Row: func(scan func(into ...any) error) error {
				var s Server
				err := scan(&s.run, &s.Name, &s.Address, &s.Version, &s.Hookpoints, &s.Started, &s.Seen, &s.NotReady)
				all = append(all, s)
				return err
			}},
		postgres.Ask{SQL: "select value from " + db.Table("meta") + " where name=$1", Args: []any{metaCounts}, Row: func(scan func(into ...any) error) error {
			var value string
			if err := scan(&value); err != nil {
				return err
			}
			kept = &Counting{}
			return json.Unmarshal([]byte(value), kept)
		}})...)
	return all, kept, err
}

// Servers are those of a database, and the hookpoints that they are to have; nil = nobody
// has set them.
func Servers(ctx context.Context, db *postgres.DB) ([]Server, *Counting, error) { return read(ctx, db) }
