package together

import (
	"context"
	"sync"
	"time"

	"rator/access"
	"rator/store/postgres"
)

// Tries has servers count wrong tries at passwords together: what one counts is written
// behind its calls, and the others read it a few times a second. They are
// access.SharedTries.
type Tries struct {
	db   *postgres.DB
	read int64 // the newest change that was read

	mu   sync.Mutex
	wait map[access.Try]waiting // what is not written yet
}

// waiting is what is to be written of a try.
type waiting struct {
	halved int // how often half of those before was taken away; forgotten = all of them
	wrong  int // tries, since then
}

// forgotten is how often a number is halved of which nothing is left.
const forgotten = 31

const (
	triesEach    = 100 * time.Millisecond // what waits is written
	triesReadBy  = 3                      // and what others wrote is read, each so many times
	triesKept    = 10 * time.Minute       // as access keeps them
	mostTries    = 10_000                 // that wait, or are read at a time
	mostInvented = 100_000                // rows of other than operators that are there, which anybody can make
	triesDropped = time.Minute            // how often old ones are dropped
	longestTrip  = 3 * time.Second
)

// NewTries gives what servers of a database count.
func NewTries(db *postgres.DB) *Tries { return &Tries{db: db, wait: map[access.Try]waiting{}} }

// Wrong is told of one more wrong try.
func (s *Tries) Wrong(t access.Try) { s.change(t, waiting{wrong: 1}) }

// Right is told that a try was right after some that were wrong, of which all count no
// more, or half of them.
func (s *Tries) Right(t access.Try, half bool) {
	then := waiting{halved: forgotten}
	if half {
		then.halved = 1
	}
	s.change(t, then)
}

func (s *Tries) change(t access.Try, then waiting) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now, waits := s.wait[t]
	if !waits && len(s.wait) >= mostTries {
		return // the database is away: this server counts for itself
	}
	s.wait[t] = now.then(then)
}

func (w waiting) then(next waiting) waiting {
	return waiting{min(w.halved+next.halved, forgotten), next.of(w.wrong)}
}

// of is how many tries there are after so many before.
func (w waiting) of(before int) int { return before>>w.halved + w.wrong }

// Run writes and reads until ctx ends. Heard is told how many tries all servers have
// counted, of those that changed.
func (s *Tries) Run(ctx context.Context, heard func(t access.Try, n func() int)) {
	tick := time.NewTicker(triesEach)
	defer tick.Stop()
	whole := context.WithoutCancel(ctx) // what was cut short may be written, and would be again
	var dropped time.Time
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			_ = s.exchange(whole, nil, heard) // else the others count without it
			return
		case <-tick.C:
		}
		var also []postgres.Ask
		if time.Since(dropped) > triesDropped {
			dropped, also = time.Now(), s.drop()
		}
		if n%triesReadBy == 0 || s.waits() {
			_ = s.exchange(whole, also, heard) // what was to be written waits on; /readyz says why
		}
	}
}

// drop are the statements that drop what is old, or too much.
func (s *Tries) drop() []postgres.Ask {
	table := s.db.Table("wrong_try")
	return []postgres.Ask{
		{SQL: "delete from " + table + " where at<clock_timestamp()-make_interval(secs=>$1)", Args: []any{2 * triesKept.Seconds()}},
		{SQL: "delete from " + table + " where not known and change<=(select change from " + table + " where not known order by change desc offset $1 limit 1)", Args: []any{mostInvented}},
	}
}

func (s *Tries) waits() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.wait) > 0
}

// exchange writes what waits, and reads what is new, of which that is part.
func (s *Tries) exchange(ctx context.Context, asks []postgres.Ask, heard func(t access.Try, n func() int)) error {
	ctx, cancel := context.WithTimeout(ctx, longestTrip)
	defer cancel()
	s.mu.Lock()
	written := s.wait
	s.wait = map[access.Try]waiting{}
	s.mu.Unlock()
	found, newest := map[access.Try]int{}, s.read
	table := s.db.Table("wrong_try")
	asks = append(s.write(written), asks...) // who drops rows does not wait for who writes
	asks = append(asks, postgres.Ask{
		SQL: "select operator, place, known, case when at<clock_timestamp()-make_interval(secs=>$1) then 0 else n end, change from " + table +
			" where change>$2 order by change limit $3",
		Args: []any{triesKept.Seconds(), s.read, mostTries},
		Row: func(scan func(into ...any) error) error {
			var t access.Try
			var n int
			err := scan(&t.Who, &t.From, &t.Known, &n, &newest)
			found[t] = n
			return err
		},
	})
	if err := s.db.Beside(ctx, asks...); err != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		for t, then := range s.wait {
			written[t] = written[t].then(then)
		}
		s.wait = written
		return err
	}
	s.read = newest
	for t, n := range found {
		heard(t, func() int {
			s.mu.Lock()
			defer s.mu.Unlock()
			return s.wait[t].of(n) // with those that were counted meanwhile
		})
	}
	return nil
}

// write are the statements of what waits. Servers write one after the other, so that
// changes are seen in their order.
func (s *Tries) write(all map[access.Try]waiting) []postgres.Ask {
	if len(all) == 0 {
		return nil
	}
	var operators, places []string
	var known []bool
	var halved, wrong []int
	for t, w := range all {
		operators, places, known = append(operators, t.Who), append(places, t.From), append(known, t.Known)
		halved, wrong = append(halved, w.halved), append(wrong, w.wrong)
	}
	table := s.db.Table("wrong_try")
	next := "nextval('" + s.db.Table("wrong_try_change") + "')"
	return []postgres.Ask{
		{SQL: "select pg_advisory_xact_lock(hashtextextended($1,0))", Args: []any{table}},
		{SQL: "update " + table + " w set n=w.n>>u.halved, change=" + next + " from unnest($1::text[],$2::text[],$3::bool[],$4::int[]) u(operator, place, known, halved)" +
			" where (w.operator,w.place,w.known)=(u.operator,u.place,u.known) and u.halved>0", Args: []any{operators, places, known, halved}},
		{SQL: "insert into " + table + " as w select u.operator, u.place, u.known, u.n, clock_timestamp(), " + next +
			" from unnest($1::text[],$2::text[],$3::bool[],$4::int[]) u(operator, place, known, n) where u.n>0" +
			" on conflict (operator, place, known) do update set at=excluded.at, change=excluded.change," +
			" n=excluded.n+case when w.at<excluded.at-make_interval(secs=>$5) then 0 else w.n end", Args: []any{operators, places, known, wrong, triesKept.Seconds()}},
	}
}
