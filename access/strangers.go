package access

import (
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"sync"
)

// Unrecognised is the Who of a row of calls whose callers were not recognised, unless
// they all named the same operator. No operator can have that name.
const Unrecognised = "(unrecognised)"

// What is told apart of strangers between two writes; all beyond is one row.
const (
	mostSources = 1000
	mostNames   = 10 // of a source
)

// strangers counts calls of who was not recognised, by where they came from, so that
// whoever has no account makes the store grow by a row a minute and not by one a
// call. Safe for concurrent use.
type strangers struct {
	mu      sync.Mutex
	sources map[source]*refusals
	others  *refusals // of sources beyond the most; nil = there are none
	total   int64     // since the start
}

// source is a place that calls come from, and what they called.
type source struct{ face, place string }

// refusals are those of one source.
type refusals struct {
	from     netip.Addr // the first one's
	calls    int64
	outcomes map[string]int64
	names    map[string]int64 // that were given
	further  int64            // calls with a name beyond the most
}

func newRefusals(from netip.Addr) *refusals {
	return &refusals{from: from, outcomes: map[string]int64{}, names: map[string]int64{}}
}

// refused counts a call.
func (s *strangers) refused(face string, remote netip.Addr, named, outcome string) {
	named = tame(named)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.total++
	s.of(source{face, place(remote)}, remote).add(named, outcome)
}

// of finds the refusals of a source.
func (s *strangers) of(from source, remote netip.Addr) *refusals {
	if r := s.sources[from]; r != nil {
		return r
	}
	if len(s.sources) >= mostSources {
		if s.others == nil {
			s.others = newRefusals(netip.Addr{})
		}
		return s.others
	}
	if s.sources == nil {
		s.sources = map[source]*refusals{}
	}
	r := newRefusals(remote)
	s.sources[from] = r
	return r
}

func (r *refusals) add(named, outcome string) {
	r.calls++
	r.outcomes[outcome]++
	if named == "" {
		return
	}
	if _, known := r.names[named]; known || len(r.names) < mostNames {
		r.names[named]++
		return
	}
	r.further++
}

// rows takes what was counted, a row for each source, and starts anew.
func (s *strangers) rows() []AuditRow {
	s.mu.Lock()
	sources, others := s.sources, s.others
	s.sources, s.others = nil, nil
	s.mu.Unlock()
	var rows []AuditRow
	for from, r := range sources {
		rows = append(rows, r.row(from.face))
	}
	slices.SortFunc(rows, func(a, b AuditRow) int {
		return cmp.Or(cmp.Compare(a.Face, b.Face), a.From.Compare(b.From))
	})
	if others != nil {
		row := others.row("")
		row.Notes = append(row.Notes, fmt.Sprintf("from further places than the first %d", mostSources))
		rows = append(rows, row)
	}
	return rows
}

// row says how often a source was refused and for what, and whom it named: in Who
// where that was one operator alone, else in the notes. What was called is not told
// apart, and At is left to when it is kept.
func (r *refusals) row(face string) AuditRow {
	outcomes := byCount(r.outcomes)
	row := AuditRow{From: r.from, Face: face, Who: Unrecognised, Outcome: outcomes[0]}
	counts := make([]string, len(outcomes))
	for i, outcome := range outcomes {
		counts[i] = fmt.Sprintf("%s %d", outcome, r.outcomes[outcome])
	}
	row.Notes = append(row.Notes, fmt.Sprintf("%d calls within a minute: %s", r.calls, strings.Join(counts, ", ")))
	names := byCount(r.names)
	if len(names) == 1 && r.names[names[0]] == r.calls {
		row.Who = names[0]
		return row
	}
	for i, name := range names {
		names[i] = fmt.Sprintf("%q %d", name, r.names[name])
	}
	if r.further > 0 {
		names = append(names, fmt.Sprintf("others %d", r.further))
	}
	if len(names) > 0 {
		row.Notes = append(row.Notes, "names given: "+strings.Join(names, ", "))
	}
	return row
}

// byCount gives what was counted, the most frequent first.
func byCount(counted map[string]int64) []string {
	return slices.SortedFunc(maps.Keys(counted), func(a, b string) int {
		return cmp.Or(cmp.Compare(counted[b], counted[a]), strings.Compare(a, b))
	})
}
