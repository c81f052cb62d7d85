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
	told    time.Time // since when it is known
}

func newStable(version int64) stable { return stable{version, store.NewCopies(), time.Now()} }

// stables is what the process knows of the stable kinds.
type stables struct {
	mu sync.Mutex
	// newest are the newest versions that anybody here was told of: what is older is nobody's
	// answer any more.
	newest map[string]stable
	// shown are those of newest that are together of one state, without the kinds that a commit
	// under way writes to: a Look answers from them. It is replaced, never changed.
	shown   map[string]stable
	state   map[string]int64     // the versions of the state of what is shown; nil = nothing is
	writing map[string]int       // commits under way
	since   map[string]time.Time // the end of the last commit whose version nobody knows
}

func newStables() *stables {
	return &stables{newest: map[string]stable{}, writing: map[string]int{}, since: map[string]time.Time{}}
}

// all are all that are shown.
func (s *stables) all() map[string]stable {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shown
}

func (s *stables) of(k *kind) stable { return s.all()[k.name] }

// forget shows none any more: they may be what is not so any more.
func (s *stables) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shown, s.state = nil, nil
}

// saw takes in the versions of all kinds in a state, which was asked for at a time, and gives
// the copies of that state. It is shown where no newer state is known, or may be. The zero time
// is of a state that is not the newest.
func (s *stables) saw(versions map[string]int64, asked time.Time) map[string]stable {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen, shown, show := map[string]stable{}, map[string]stable{}, !asked.IsZero()
	for name, version := range versions {
		at := s.newest[name]
		switch {
		case at.version < version, at.version > version && asked.After(at.told): // a database that lost commits
			at = s.is(name, version)
		case at.version > version:
			at, show = newStable(version), false // nobody else's
		}
		if seen[name] = at; s.writing[name] == 0 {
			shown[name] = at
		}
		show = show && !asked.Before(s.since[name])
	}
	if show {
		s.shown, s.state = shown, versions
	}
	return seen
}

// is takes in a version of a kind that was not known. What was shown is of another state.
func (s *stables) is(name string, version int64) stable {
	s.newest[name], s.shown, s.state = newStable(version), nil, nil
	return s.newest[name]
}

// begin takes out the kinds that a commit writes to, before anybody can see it; end takes
// in their versions after everybody does, or none of a commit that is not known to be.
func (s *stables) begin(kinds []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range kinds {
		s.writing[name]++
		if _, is := s.shown[name]; is {
			s.shown = maps.Clone(s.shown)
			delete(s.shown, name)
		}
	}
}

func (s *stables) end(kinds []string, versions map[string]int64) {
	if len(kinds) == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range kinds {
		if s.writing[name]--; versions == nil {
			s.since[name] = time.Now()
		}
	}
	for name, version := range versions {
		if s.newest[name].version < version {
			s.is(name, version)
		}
	}
	if s.state == nil {
		s.state = versions // of the other kinds nobody knows which they have in it
	}
	shown := maps.Clone(s.shown)
	for name, version := range versions {
		if s.state[name] != version || s.writing[name] > 0 {
			continue
		}
		if shown == nil {
			shown = map[string]stable{}
		}
		shown[name] = s.newest[name]
	}
	s.shown = shown
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
				b.db.stable.forget()
				return errMoved
			}
		}
		return nil
	}
	return []statement{s}
}
