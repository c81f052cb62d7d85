package postgres

import (
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"rator/store"
)

// Each stable kind has a version in the database, which a commit that touches the kind
// raises. Copies are those of a version, so whoever knows the version of the state that he
// sees knows which are his.

// stable is a version of a stable kind, and the copies of it.
type stable struct {
	version int64
	copies  *store.Copies
}

// stables are the newest versions that the process knows, together of one state. A kind
// that a commit under way writes to is left out.
type stables struct {
	mu      sync.Mutex
	now     map[string]stable
	writing map[string]int       // commits under way
	since   map[string]time.Time // the end of the last commit whose version nobody knows
}

// all are all that are known.
func (s *stables) all() map[string]stable {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.now)
}

func (s *stables) of(k *kind) stable {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now[k.name]
}

// forget forgets what is known of some kinds, nil = of all.
func (s *stables) forget(kinds []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if kinds == nil {
		clear(s.now)
	}
	for _, name := range kinds {
		delete(s.now, name)
	}
}

// saw takes in the versions of a state, which was asked for at a time, and gives the copies of
// that state. They are of nobody else where a newer state is known, or may be, or is about to
// be. The zero time is of a state that is not the newest.
func (s *stables) saw(versions map[string]int64, asked time.Time) map[string]stable {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen := map[string]stable{}
	for name, version := range versions {
		at := s.now[name]
		if at.version != version {
			now := stable{version, store.NewCopies()}
			if at.version < version && s.writing[name] == 0 && !asked.IsZero() && !asked.Before(s.since[name]) {
				s.now[name] = now
			}
			at = now
		}
		seen[name] = at
	}
	return seen
}

// begin takes out the kinds that a commit writes to, before anybody can see it; end takes
// in their versions after everybody does, or none of a commit that is not known to be.
func (s *stables) begin(kinds []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range kinds {
		s.writing[name]++
		delete(s.now, name)
	}
}

func (s *stables) end(kinds []string, versions map[string]int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range kinds {
		if s.writing[name]--; versions == nil {
			s.since[name] = time.Now()
		}
	}
	for name, version := range versions {
		if s.writing[name] == 0 && s.now[name].version < version {
			s.now[name] = stable{version, store.NewCopies()}
		}
	}
}

// versions reads those of all stable kinds.
func (d *DB) versions(into map[string]int64) statement {
	return statement{sql: "select kind, version from " + d.schema.table("stable"), read: func(rows pgx.Rows) error {
		var name string
		var version int64
		err := rows.Scan(&name, &version)
		into[name] = version
		return err
	}}
}

// copies are those of a stable kind in the state that is seen; in an Update, in a state of
// which its end finds out whether it is still so.
func (b *base) copies(k *kind) *store.Copies {
	if at, known := b.copied[k]; known {
		return at.copies
	}
	if !b.view {
		if at := b.db.stable.of(k); at.copies != nil {
			b.copied[k] = at
			return at.copies
		}
	}
	versions, asked := map[string]int64{}, time.Now()
	if b.standby != nil || b.asked > 0 && b.view {
		asked = time.Time{} // it sees what was there before
	}
	if b.ask(b.db.versions(versions)) != nil {
		return nil // whoever asks instead is told why
	}
	seen := b.db.stable.saw(versions, asked)
	if !b.view {
		b.copied[k] = seen[k.name]
		return seen[k.name].copies
	}
	for _, k := range b.db.schema.kinds {
		if k.stable {
			b.copied[k] = seen[k.name]
		}
	}
	return b.copied[k].copies
}

// guard has what is read of stable kinds in an Update be of the version whose copies it may
// go into: it looks once more at that, after what is read.
func (b *base) guard(kinds []*kind) []statement {
	var guarded []*kind
	for _, k := range kinds {
		if at := b.copied[k]; at.copies != nil && !b.view && !slices.Contains(guarded, k) {
			guarded = append(guarded, k)
		}
	}
	if guarded == nil {
		return nil
	}
	versions := map[string]int64{}
	s := b.db.versions(versions)
	s.done = func() error {
		for _, k := range guarded {
			if versions[k.name] != b.copied[k].version {
				return errMoved
			}
		}
		return nil
	}
	return []statement{s}
}
