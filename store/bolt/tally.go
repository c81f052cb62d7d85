package bolt

import (
	"bytes"
	"hash/maphash"
	"math"
	"sync"
	"sync/atomic"
)

// tally adds up rows as their pages come, in any order and from any goroutine, so that it
// shows whether records and their indexes say the same: of all entries that the records have,
// and of all that are there, the hashes are summed. Sums of different entries are the same
// once in 2^64 times, with a seed that nobody can know. What does not add up, or is damaged,
// is for verification to look at in order.
type tally struct {
	seed    maphash.Seed
	records map[string]*kindTally // by the bucket of the records
	entries map[string]*kindTally // by the bucket of the indexes
	events  eventTally
}

// kindTally is a kind's.
type kindTally struct {
	kind   *kind
	unique []bool        // the kind's indexes
	bad    atomic.Bool   // something is wrong by itself
	count  atomic.Int64  // records
	said   atomic.Uint64 // sum of the entries that records have
	there  atomic.Uint64 // sum of those that are there

	mu    sync.Mutex
	seams []seam
}

// seam is where a page ends with an entry of a unique index, after which another page may
// go on with the same value: a record's that is no more may stand between them in the page
// above.
type seam struct{ value, behind []byte }

// mostSeams is how many are remembered.
const mostSeams = 1000

// eventTally is that of events: accounts sums their places in the index of accounts.
type eventTally struct {
	bad         atomic.Bool
	said, there atomic.Uint64

	mu             sync.Mutex
	count          int64
	oldest, newest int64
}

func newTally(l layout) *tally {
	t := &tally{seed: maphash.MakeSeed(), records: map[string]*kindTally{}, entries: map[string]*kindTally{}}
	t.events.oldest = math.MaxInt64
	for _, k := range l.kinds {
		of := &kindTally{kind: k.kind()}
		for _, i := range k.Indexes {
			of.unique = append(of.unique, i.Unique)
		}
		t.records[of.kind.bucket], t.entries[of.kind.entries] = of, of
	}
	return t
}

// leaf takes the rows of a page.
func (t *tally) leaf(bucket string, rows []element, high []byte) {
	if k := t.records[bucket]; k != nil {
		k.addRecords(t.seed, rows)
	} else if k := t.entries[bucket]; k != nil {
		k.addEntries(t.seed, rows, high)
	} else if bucket == eventBucket {
		t.events.addEvents(t.seed, rows)
	} else if bucket == eventAccountBucket {
		var sum uint64
		for _, row := range rows {
			sum += maphash.Bytes(t.seed, row.key)
		}
		t.events.there.Add(sum)
	}
}

func (k *kindTally) addRecords(seed maphash.Seed, rows []element) {
	var (
		sum    uint64
		buffer [256]byte
	)
	for _, row := range rows {
		_, rest, err := k.kind.open(row.key, row.value)
		for err == nil && len(rest.rest) > 0 {
			name, value := rest.text(), rest.text()
			ix, known := k.kind.indexes[string(name)]
			if !known {
				k.bad.Store(true)
			}
			entry := append(append(append(buffer[:0], ix.place), value...), 0)
			sum += maphash.Bytes(seed, append(entry, row.key...))
		}
		if err != nil || rest.end() != nil {
			k.bad.Store(true)
			return
		}
	}
	k.count.Add(int64(len(rows)))
	k.said.Add(sum)
}

func (k *kindTally) addEntries(seed maphash.Seed, rows []element, high []byte) {
	var (
		sum  uint64
		last []byte // value of a unique index before, with the index's place and the NUL
	)
	for _, row := range rows {
		if _, _, err := splitEntry(row.key); err != nil || int(row.key[0]) >= len(k.unique) || !bytes.Equal(row.value, present) {
			k.bad.Store(true)
			return
		}
		value := row.key[:len(row.key)-8]
		if !k.unique[row.key[0]] {
			value = nil
		} else if bytes.Equal(value, last) {
			k.bad.Store(true)
		}
		last = value
		sum += maphash.Bytes(seed, row.key)
	}
	k.there.Add(sum)
	if last == nil || !bytes.HasPrefix(high, last) {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.seams) == mostSeams {
		k.bad.Store(true)
		return
	}
	k.seams = append(k.seams, seam{bytes.Clone(last), bytes.Clone(high)})
}

// addsUp says whether everything is whole and in its indexes, and their number is the one
// that is counted.
func (k *kindTally) addsUp(rows *fileRows) bool {
	counted, err := rows.sum(k.kind.counter)
	if err != nil || counted != k.count.Load() || k.bad.Load() || k.said.Load() != k.there.Load() {
		return false
	}
	for _, s := range k.seams {
		if next, _ := rows.seek(k.kind.entries, s.behind).next(); bytes.HasPrefix(next, s.value) {
			return false
		}
	}
	return true
}

func (t *eventTally) addEvents(seed maphash.Seed, rows []element) {
	var sum uint64
	oldest, newest := int64(math.MaxInt64), int64(0)
	for _, row := range rows {
		e, err := readEvent(row.key, row.value)
		if err != nil || len(row.key) != 8 {
			t.bad.Store(true)
			return
		}
		if e.Account != 0 {
			sum += maphash.Bytes(seed, accountKey(e.Account, e.Cursor))
		}
		oldest, newest = min(oldest, e.Cursor), max(newest, e.Cursor)
	}
	t.said.Add(sum)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.count += int64(len(rows))
	t.oldest, t.newest = min(t.oldest, oldest), max(t.newest, newest)
}

// addsUp says whether no event is missing between the oldest and the newest that are
// counted, and each is in its account's place.
func (t *eventTally) addsUp(rows *fileRows) bool {
	gone, err := rows.sum(eventsGoneCounter)
	if err != nil {
		return false
	}
	last, err := rows.sum(eventCounter)
	if err != nil || t.bad.Load() || t.said.Load() != t.there.Load() {
		return false
	}
	if t.count == 0 {
		return last == gone
	}
	return t.oldest == gone+1 && t.newest == last && t.count == last-gone
}

// of gives the tally of a kind; nil where there is none.
func (t *tally) of(k *kind) *kindTally {
	if t == nil {
		return nil
	}
	return t.records[k.bucket]
}
