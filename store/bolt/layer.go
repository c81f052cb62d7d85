package bolt

import (
	"bytes"
	"strings"

	"go.etcd.io/bbolt"
)

// rows are ordered keys and values in named buckets. What get and cursors give
// must not be changed and is valid as long as the transaction.
type rows interface {
	get(bucket string, key []byte) []byte // nil = absent
	seek(bucket string, from []byte) cursor
	// seekBack gives those below end, the highest first.
	seekBack(bucket string, end []byte) cursor
	put(bucket string, key, value []byte) error
	drop(bucket string, key []byte) error
	add(counter string, n int64) error
	sum(counter string) (int64, error) // with what was added
}

// cursor gives rows in byte order of their keys, or against it; a nil key is the end.
type cursor interface{ next() (key, value []byte) }

// fileRows are the rows of the file. A bucket is opened when it is first asked for, and has
// one cursor for each way to ask: a cursor that seek gave is over when seek gives the next
// in that bucket.
type fileRows struct {
	tx      *bbolt.Tx
	buckets map[string]*fileBucket
	written map[string]int // rows that were put or dropped, by bucket
}

type fileBucket struct {
	*bbolt.Bucket
	got    *bbolt.Cursor // of get; nil before the first
	sought fileCursor    // of seek and seekBack
}

func newFileRows(tx *bbolt.Tx) *fileRows {
	return &fileRows{tx: tx, buckets: map[string]*fileBucket{}, written: map[string]int{}}
}

// fillOf is how full bbolt leaves a page that it splits. Records and events come in order
// of their keys, so that nothing comes to a page behind; what grows later makes another.
func fillOf(bucket string) float64 {
	if bucket == eventBucket || strings.HasPrefix(bucket, "kind/") {
		return 0.95
	}
	return 0.8
}

// bucket is nil for a kind that a file opened for reading does not have yet.
func (f *fileRows) bucket(name string) *fileBucket {
	b, ok := f.buckets[name]
	if ok {
		return b
	}
	if in := f.tx.Bucket([]byte(name)); in != nil {
		b = &fileBucket{Bucket: in}
		if f.tx.Writable() {
			b.FillPercent = fillOf(name)
		}
	}
	f.buckets[name] = b
	return b
}

func (f *fileRows) get(bucket string, key []byte) []byte {
	b := f.bucket(bucket)
	if b == nil {
		return nil
	}
	if b.got == nil {
		b.got = b.Cursor()
	}
	if found, value := b.got.Seek(key); bytes.Equal(found, key) {
		return value
	}
	return nil
}

func (f *fileRows) put(bucket string, key, value []byte) error {
	f.written[bucket]++
	return f.bucket(bucket).Put(key, value)
}

func (f *fileRows) drop(bucket string, key []byte) error {
	f.written[bucket]++
	return f.bucket(bucket).Delete(key)
}

func (f *fileRows) seek(bucket string, from []byte) cursor { return f.cursor(bucket, from, false) }

func (f *fileRows) seekBack(bucket string, end []byte) cursor { return f.cursor(bucket, end, true) }

func (f *fileRows) cursor(bucket string, at []byte, back bool) cursor {
	b := f.bucket(bucket)
	if b == nil {
		return noRows{}
	}
	c := &b.sought
	if c.cursor == nil {
		c.cursor = b.Cursor()
	}
	c.at, c.back, c.begun = at, back, false
	return c
}

type noRows struct{}

func (noRows) next() (key, value []byte) { return nil, nil }

type fileCursor struct {
	cursor *bbolt.Cursor
	at     []byte // where it begins
	back   bool   // with the one before that, and against the order
	begun  bool
}

func (c *fileCursor) next() (key, value []byte) {
	begun := c.begun
	c.begun = true
	switch {
	case begun && c.back:
		return c.cursor.Prev()
	case begun:
		return c.cursor.Next()
	case !c.back:
		return c.cursor.Seek(c.at)
	}
	if key, _ = c.cursor.Seek(c.at); key == nil { // all are below
		return c.cursor.Last()
	}
	return c.cursor.Prev()
}

// layer is what one closure, or one savepoint, has written over what is below
// it: rows of its own, until apply hands them down. Forgetting a layer undoes it.
type layer struct {
	below   rows
	buckets map[string]*changes
	counted map[string]int64 // added to counters
}

func newLayer(below rows) *layer {
	return &layer{below: below, buckets: map[string]*changes{}, counted: map[string]int64{}}
}

// empty says whether nothing was written.
func (l *layer) empty() bool { return len(l.buckets) == 0 && len(l.counted) == 0 }

func (l *layer) get(bucket string, key []byte) []byte {
	if value, known := l.buckets[bucket].get(key); known {
		return value
	}
	return l.below.get(bucket, key)
}

// own is a row that the layer itself has.
func (l *layer) own(bucket string, key []byte) []byte {
	value, _ := l.buckets[bucket].get(key)
	return value
}

func (l *layer) put(bucket string, key, value []byte) error {
	cs := l.buckets[bucket]
	if cs == nil {
		cs = &changes{}
		l.buckets[bucket] = cs
	}
	cs.put(change{key, value})
	return nil
}

func (l *layer) drop(bucket string, key []byte) error { return l.put(bucket, key, nil) }

// seek's cursor is valid until the next write to the bucket, and the next seek there.
func (l *layer) seek(bucket string, from []byte) cursor {
	at := place{of: l.buckets[bucket]}
	at.run, at.at, _ = at.of.find(from)
	return merged(at, l.below.seek(bucket, from), false)
}

// seekBack's cursor is valid as seek's is.
func (l *layer) seekBack(bucket string, end []byte) cursor {
	at := place{of: l.buckets[bucket]}
	at.run, at.at, _ = at.of.find(end)
	at.previous()
	return merged(at, l.below.seekBack(bucket, end), true)
}

// apply hands the layer's rows down. The layer is not written to any more.
func (l *layer) apply() error {
	for counter, n := range l.counted {
		if err := l.below.add(counter, n); err != nil {
			return err
		}
	}
	lower, _ := l.below.(*layer)
	for bucket, cs := range l.buckets {
		if lower != nil && lower.buckets[bucket] == nil {
			lower.buckets[bucket] = cs
			continue
		}
		err := cs.each(func(c change) error {
			if c.value == nil {
				return l.below.drop(bucket, c.key)
			}
			return l.below.put(bucket, c.key, c.value)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// mergedCursor gives the rows of a layer and of what is below it.
type mergedCursor struct {
	at         place
	below      cursor
	back       bool   // against the order of keys
	key, value []byte // below's next
}

func merged(at place, below cursor, back bool) cursor {
	if _, any := at.here(); !any {
		return below
	}
	c := &mergedCursor{at: at, below: below, back: back}
	c.key, c.value = below.next()
	return c
}

func (c *mergedCursor) next() (key, value []byte) {
	for {
		change, any := c.at.here()
		if !any {
			break
		}
		order := -1
		if c.key != nil {
			order = bytes.Compare(change.key, c.key)
			if c.back {
				order = -order
			}
		}
		if order > 0 {
			break
		}
		if c.back {
			c.at.previous()
		} else {
			c.at.next()
		}
		if order == 0 {
			c.key, c.value = c.below.next()
		}
		if change.value != nil {
			return change.key, change.value
		}
	}
	key, value = c.key, c.value
	if key != nil {
		c.key, c.value = c.below.next()
	}
	return key, value
}
