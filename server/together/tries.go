package together

import (
	"context"
	"sync"
	"time"

	"rator/store/postgres"
)

// Tries has servers count wrong tries at the passwords of operators together: what one
// counts is written behind its calls, and the others read it a few times a second. They are
// access.SharedTries.
type Tries struct {
	db   *postgres.DB
	read int64 // the newest change that was read

	mu   sync.Mutex
	wait map[try]waiting // what is not written yet
}

// try is where somebody was wrong.
type try struct {
	operator, place string
	exists          bool
}

// waiting is what is to be written of a try.
type waiting struct {
	anew  bool // somebody was right
	wrong int  // tries, since then
}

const (
	triesEach    = 100 * time.Millisecond // what waits is written
	triesReadBy  = 3                      // and what others wrote is read, each so many times
	triesKept    = 10 * time.Minute       // as access.Guard keeps them
	mostTries    = 10_000                 // that wait, or are read at a time
	triesDropped = time.Minute            // how often old ones are dropped
	longestTrip  = 3 * time.Second
)

// NewTries gives what servers of a database count.
func NewTries(db *postgres.DB) *Tries { return &Tries{db: db, wait: map[try]waiting{}} }

// Wrong is told of one more wrong try in a row.
func (s *Tries) Wrong(operator, place string, exists bool) {
	s.change(try{operator, place, exists}, waiting{wrong: 1})
}

// Right is told that a try at an operator was right after some that were wrong.
func (s *Tries) Right(operator, place string) {
	s.change(try{operator, place, true}, waiting{anew: true})
}

func (s *Tries) change(t try, then waiting) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now, waits := s.wait[t]
	if !waits && len(s.wait) >= mostTries {
		return // the database is away: this server counts for itself
	}
	s.wait[t] = now.then(then)
}

func (w waiting) then(next waiting) waiting {
	if next.anew {
		return next
	}
	return waiting{w.anew, w.wrong + next.wrong}
}

// Run writes and reads until ctx ends. Heard is told how many tries in a row all servers
// have counted, of those that changed.
func (s *Tries) Run(ctx context.Context, heard func(operator, place string, exists bool, inARow int)) {
	tick := time.NewTicker(triesEach)
	defer tick.Stop()
	var dropped time.Time
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
			defer cancel()
			_ = s.exchange(last, nil, heard) // else the others count without it
			return
		case <-tick.C:
		}
		var also []postgres.Ask
		if time.Since(dropped) > triesDropped {
			dropped = time.Now()
			also = append(also, postgres.Ask{SQL: "delete from " + s.db.Table("wrong_try") + " where at<clock_timestamp()-make_interval(secs=>$1)", Args: []any{2 * triesKept.Seconds()}})
		}
		if n%triesReadBy == 0 || s.waits() {
			_ = s.exchange(ctx, also, heard) // what was to be written waits on; /readyz says why
		}
	}
}

func (s *Tries) waits() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.wait) > 0
}

// exchange writes what waits, and reads what is new, of which that is part.
func (s *Tries) exchange(ctx context.Context, asks []postgres.Ask, heard func(operator, place string, exists bool, inARow int)) error {
	ctx, cancel := context.WithTimeout(ctx, longestTrip)
	defer cancel()
	s.mu.Lock()
	written := s.wait
	s.wait = map[try]waiting{}
	s.mu.Unlock()
	found, newest := map[try]int{}, s.read
	table := s.db.Table("wrong_try")
	asks = append(asks, s.write(written)...)
	asks = append(asks, postgres.Ask{
		SQL: "select operator, place, known, case when at<clock_timestamp()-make_interval(secs=>$1) then 0 else n end, change from " + table +
			" where change>$2 order by change limit $3",
		Args: []any{triesKept.Seconds(), s.read, mostTries},
		Row: func(scan func(into ...any) error) error {
			var t try
			var n int
			err := scan(&t.operator, &t.place, &t.exists, &n, &newest)
			found[t] = n
			return err
		},
	})
	err := s.db.Beside(ctx, asks...)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		for t, then := range s.wait {
			written[t] = written[t].then(then)
		}
		s.wait = written
		return err
	}
	s.read = newest
	for t, n := range found {
		if waits := s.wait[t]; waits.anew {
			n = waits.wrong
		} else {
			n += waits.wrong
		}
		heard(t.operator, t.place, t.exists, n)
	}
	return nil
}

// write are the statements of what waits. Servers write one after the other, so that
// changes are seen in their order.
func (s *Tries) write(all map[try]waiting) []postgres.Ask {
	if len(all) == 0 {
		return nil
	}
	var operators, places []string
	var exist, anew []bool
	var wrong []int
	for t, w := range all {
		operators, places, exist = append(operators, t.operator), append(places, t.place), append(exist, t.exists)
		anew, wrong = append(anew, w.anew), append(wrong, w.wrong)
	}
	table := s.db.Table("wrong_try")
	next := "nextval('" + s.db.Table("wrong_try_change") + "')"
	return []postgres.Ask{
		{SQL: "select pg_advisory_xact_lock(hashtextextended($1,0))", Args: []any{table}},
		{SQL: "update " + table + " w set n=0, change=" + next + " from unnest($1::text[],$2::text[],$3::bool[],$4::bool[]) u(operator, place, known, anew)" +
			" where (w.operator,w.place,w.known)=(u.operator,u.place,u.known) and u.anew", Args: []any{operators, places, exist, anew}},
		{SQL: "insert into " + table + " as w select u.operator, u.place, u.known, u.n, clock_timestamp(), " + next +
			" from unnest($1::text[],$2::text[],$3::bool[],$4::int[]) u(operator, place, known, n) where u.n>0" +
			" on conflict (operator, place, known) do update set at=excluded.at, change=excluded.change," +
			" n=excluded.n+case when w.at<excluded.at-make_interval(secs=>$5) then 0 else w.n end", Args: []any{operators, places, exist, wrong, triesKept.Seconds()}},
	}
}
