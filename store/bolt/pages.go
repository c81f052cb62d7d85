package bolt

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"io"
	"math/bits"
	"os"
	"slices"
	"sync"
	"sync/atomic"

	"go.etcd.io/bbolt"
)

// How bbolt lays out a page (its internal/common): a header with the page's own
// number, its type, the number of its elements and how many pages follow that
// belong to it; then the elements, each with the offset and the sizes of its
// key and value; then these, one after the other, without gaps. So nothing in a
// page can change without breaking a rule.
const (
	pageHeader  = 16
	pageElement = 16

	branchPage = 1
	leafPage   = 2
	metaPage   = 4
	freePage   = 16

	bucketHeader = 16 // root page and sequence, before the page of an inline bucket
	metaSize     = 64
	metaSum      = 56 // where in it its checksum is

	metaMagic = 0xED0CDAED
)

// checkPages reports what is wrong with the pages that a transaction sees, as far
// as bbolt would trust them; the rows' own contents are Verify's. It reads the
// file, not the memory it is mapped to, one page after the other. The error is for what
// kept it from reading.
func checkPages(path string, tx *bbolt.Tx, report func(error)) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	c := newPageChecker(file, tx)
	c.report = report
	c.tree(nil, uint64(tx.Cursor().Bucket().RootPage()), bounds{})
	return c.err
}

type pageChecker struct {
	file   io.ReaderAt
	size   int64   // of a page
	end    uint64  // first page that is not the file's
	seen   pageSet // pages that belong to something
	report func(error)
	// leaf is told of the rows of each page of rows, and what comes behind them is not
	// below; nil = nobody is. What it is given is not to be kept.
	leaf func(bucket string, rows []element, high []byte)
	each func()        // is called for each page; nil = nobody is
	free chan struct{} // has room for each goroutine that may help; nil = none may
	busy sync.WaitGroup
	ends atomic.Bool // nothing more is to be looked at

	mu  sync.Mutex
	err error // the first that kept it from reading
}

func newPageChecker(file io.ReaderAt, tx *bbolt.Tx) *pageChecker {
	size := int64(tx.DB().Info().PageSize)
	end := uint64(tx.Size() / size)
	return &pageChecker{file: file, size: size, end: end, seen: newPageSet(end)}
}

// pageSet is page numbers; safe for concurrent use.
type pageSet []atomic.Uint64

func newPageSet(end uint64) pageSet { return make(pageSet, end/64+1) }

// add says whether the page is new.
func (s pageSet) add(id uint64) bool {
	bit := uint64(1) << (id % 64)
	return s[id/64].Or(bit)&bit == 0
}

func (s pageSet) count() (n uint64) {
	for i := range s {
		n += uint64(bits.OnesCount64(s[i].Load()))
	}
	return n
}

// fail notes what keeps it from reading, and ends it.
func (c *pageChecker) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.err = cmp.Or(c.err, err)
	c.ends.Store(true)
}

// help runs fn, in a goroutine of its own where one may help.
func (c *pageChecker) help(fn func()) {
	select {
	case c.free <- struct{}{}:
		c.busy.Go(func() {
			defer func() { <-c.free }()
			fn()
		})
	default:
		fn()
	}
}

// bounds are what keys must not be below, and must be below; nil = no bound.
type bounds struct{ low, high []byte }

// page is one page, or as many as belong together.
type page struct {
	id       uint64
	kind     uint16
	count    int
	overflow uint32
	data     []byte
}

// element is the key and value of a leaf, or the key and the page of a branch.
type element struct {
	key, value []byte
	bucket     bool
	child      uint64
}

func parsePage(data []byte) page {
	return page{
		id:       binary.NativeEndian.Uint64(data),
		kind:     binary.NativeEndian.Uint16(data[8:]),
		count:    int(binary.NativeEndian.Uint16(data[10:])),
		overflow: binary.NativeEndian.Uint32(data[12:]),
		data:     data,
	}
}

// pageBuffer is memory for a page and its elements.
type pageBuffer struct {
	data     []byte
	elements []element
}

var pageBuffers = sync.Pool{New: func() any { return &pageBuffer{} }}

// read reads a page and those that follow it into a buffer. What kept it from reading the
// file is told by fail too.
func (c *pageChecker) read(id uint64, b *pageBuffer) (page, error) {
	if id < 2 || id >= c.end {
		return page{}, fmt.Errorf("page %d: there is none", id)
	}
	if int64(len(b.data)) < c.size {
		b.data = make([]byte, c.size)
	}
	if _, err := c.file.ReadAt(b.data[:c.size], int64(id)*c.size); err != nil {
		c.fail(err)
		return page{}, err
	}
	p := parsePage(b.data[:c.size])
	if p.id != id {
		return p, fmt.Errorf("page %d: calls itself %d", id, p.id)
	}
	if uint64(p.overflow) >= c.end-id {
		return p, fmt.Errorf("page %d: goes beyond the end", id)
	}
	if p.overflow == 0 {
		return p, nil
	}
	p.data = make([]byte, (int64(p.overflow)+1)*c.size)
	if _, err := c.file.ReadAt(p.data, int64(id)*c.size); err != nil {
		c.fail(err)
		return p, err
	}
	return p, nil
}

// handful is how many pages below a branch are looked at by one goroutine.
const handful = 16

// tree checks the pages below id. Those of the root of all, whose bucket is nil, hold
// buckets, the buckets' own hold rows.
func (c *pageChecker) tree(bucket []byte, id uint64, b bounds) {
	if c.ends.Load() {
		return
	}
	buffer := pageBuffers.Get().(*pageBuffer)
	p, err := c.read(id, buffer)
	if err != nil {
		if !c.ends.Load() {
			c.report(err)
		}
		return
	}
	for i := range uint64(p.overflow) + 1 {
		if !c.seen.add(id + i) {
			c.report(fmt.Errorf("page %d: belongs to two", id+i))
			return
		}
	}
	elements, used, err := p.elements(buffer.elements)
	if err == nil && int64(p.overflow) != (int64(used)-1)/c.size {
		err = fmt.Errorf("has %d pages too many or too few", p.overflow)
	}
	if err == nil {
		err = inOrder(elements, b)
	}
	if err != nil {
		c.report(fmt.Errorf("page %d: %w", id, err))
		return
	}
	if c.each != nil {
		c.each()
	}
	if p.kind == branchPage {
		c.branch(bucket, elements, b)
		return
	}
	for i, e := range elements {
		switch {
		case e.bucket != (bucket == nil):
			c.report(fmt.Errorf("page %d: element %d: a bucket among rows, or a row among buckets", id, i))
		case e.bucket:
			c.help(func() { c.bucket(e) })
		}
	}
	if bucket == nil { // what is in it is in use still
		return
	}
	if c.leaf != nil {
		c.leaf(string(bucket), elements, b.high)
	}
	buffer.elements = elements
	pageBuffers.Put(buffer)
}

// branch checks the pages below one.
func (c *pageChecker) branch(bucket []byte, elements []element, b bounds) {
	for from := 0; from < len(elements); from += handful {
		upTo := min(from+handful, len(elements))
		c.help(func() {
			for i := from; i < upTo; i++ {
				below := bounds{low: elements[i].key, high: b.high}
				if i+1 < len(elements) {
					below.high = elements[i+1].key
				}
				c.tree(bucket, elements[i].child, below)
			}
		})
	}
}

// bucket checks a bucket of rows, which lies in pages of its own or, if small, in
// its element.
func (c *pageChecker) bucket(e element) {
	bad := func(format string, args ...any) {
		c.report(fmt.Errorf("bucket %q: %w", e.key, fmt.Errorf(format, args...)))
	}
	if len(e.value) < bucketHeader {
		bad("%d bytes are too few", len(e.value))
		return
	}
	root := binary.NativeEndian.Uint64(e.value)
	if sequence := binary.NativeEndian.Uint64(e.value[8:]); sequence != 0 {
		bad("has sequence %d, but nobody uses one", sequence)
	}
	if root != 0 {
		if len(e.value) != bucketHeader {
			bad("%d bytes are too many", len(e.value))
		}
		c.tree(e.key, root, bounds{})
		return
	}
	if len(e.value) < bucketHeader+pageHeader {
		bad("%d bytes are too few", len(e.value))
		return
	}
	p := parsePage(e.value[bucketHeader:])
	elements, used, err := p.elements(nil)
	if err == nil && (p.id != 0 || p.kind != leafPage || p.overflow != 0 || used != len(p.data)) {
		err = fmt.Errorf("has a wrong header")
	}
	if err == nil {
		err = inOrder(elements, bounds{})
	}
	if err != nil {
		bad("%w", err)
	} else if c.leaf != nil {
		c.leaf(string(e.key), elements, nil)
	}
}

// elements gives what is in a page, in the memory of what it is given, and how many of its
// bytes are used.
func (p page) elements(into []element) ([]element, int, error) {
	if p.kind != branchPage && p.kind != leafPage || p.kind == branchPage && p.count == 0 {
		return nil, 0, fmt.Errorf("type %d with %d elements is not possible", p.kind, p.count)
	}
	at := pageHeader + p.count*pageElement
	if at > len(p.data) {
		return nil, 0, fmt.Errorf("%d elements are too many", p.count)
	}
	elements := slices.Grow(into[:0], p.count)[:p.count]
	clear(elements)
	for i := range elements {
		start := pageHeader + i*pageElement
		var word [4]int
		for w := range word {
			word[w] = int(binary.NativeEndian.Uint32(p.data[start+4*w:]))
		}
		e, offset, keySize, valueSize := &elements[i], word[0], word[1], 0
		if p.kind == leafPage {
			offset, keySize, valueSize = word[1], word[2], word[3]
			e.bucket = word[0] == 1
			if word[0] > 1 {
				return nil, 0, fmt.Errorf("element %d: flags %#x", i, word[0])
			}
		} else {
			e.child = binary.NativeEndian.Uint64(p.data[start+8:])
		}
		if start+offset != at || keySize+valueSize > len(p.data)-at {
			return nil, 0, fmt.Errorf("element %d: at %d with %d+%d bytes is not possible", i, offset, keySize, valueSize)
		}
		e.key = p.data[at : at+keySize]
		e.value = p.data[at+keySize : at+keySize+valueSize]
		at += keySize + valueSize
	}
	return elements, at, nil
}

func inOrder(elements []element, b bounds) error {
	for i, e := range elements {
		low := bytes.Compare(e.key, b.low) >= 0
		if i > 0 {
			low = bytes.Compare(e.key, elements[i-1].key) > 0
		}
		if !low || b.high != nil && bytes.Compare(e.key, b.high) >= 0 {
			return fmt.Errorf("element %d: key %x is out of order", i, e.key)
		}
	}
	return nil
}

// header is what one of the two headers of a file says.
type header struct {
	transaction uint64 // that wrote it
	free        uint64 // page of the list of free pages, or noFreeList
}

// noFreeList is said of a file that has no list of its free pages.
const noFreeList = 1<<64 - 1

// readMeta reads one of the two headers of a file.
func readMeta(file io.ReaderAt, pageSize int64, which int64) (header, error) {
	data := make([]byte, pageHeader+metaSize)
	if _, err := file.ReadAt(data, which*pageSize); err != nil {
		return header{}, err
	}
	p, meta := parsePage(data), data[pageHeader:]
	sum := fnv.New64a()
	sum.Write(meta[:metaSum])
	if p.id != uint64(which) || p.kind != metaPage || p.count != 0 || p.overflow != 0 ||
		binary.NativeEndian.Uint32(meta) != metaMagic || binary.NativeEndian.Uint64(meta[metaSum:]) != sum.Sum64() {
		return header{}, fmt.Errorf("page %d: the header is damaged; the last commit may be lost", which)
	}
	return header{transaction: binary.NativeEndian.Uint64(meta[48:]), free: binary.NativeEndian.Uint64(meta[32:])}, nil
}
