package bolt

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"io"
	"os"

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

	bucketHeader = 16 // root page and sequence, before the page of an inline bucket
	metaSize     = 64
	metaSum      = 56 // where in it its checksum is

	metaMagic = 0xED0CDAED
)

// checkPages reports what is wrong with the pages that a transaction sees, as far
// as bbolt would trust them; the rows' own contents are Verify's. It reads the
// file, not the memory it is mapped to. The error is for what kept it from reading.
func checkPages(path string, tx *bbolt.Tx, report func(error)) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	size := int64(tx.DB().Info().PageSize)
	c := &pageChecker{file: file, size: size, end: uint64(tx.Size() / size), seen: map[uint64]bool{}, report: report}
	if c.tree(uint64(tx.Cursor().Bucket().RootPage()), bounds{}, true); c.err != nil {
		return c.err
	}
	return nil
}

type pageChecker struct {
	file   io.ReaderAt
	size   int64           // of a page
	end    uint64          // first page that is not the file's
	seen   map[uint64]bool // pages that belong to something
	report func(error)
	err    error
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

// read reads a page and those that follow it.
func (c *pageChecker) read(id uint64) (page, error) {
	if id < 2 || id >= c.end {
		return page{}, fmt.Errorf("page %d: there is none", id)
	}
	header := make([]byte, pageHeader)
	if _, c.err = c.file.ReadAt(header, int64(id)*c.size); c.err != nil {
		return page{}, c.err
	}
	p := parsePage(header)
	if p.id != id {
		return p, fmt.Errorf("page %d: calls itself %d", id, p.id)
	}
	if uint64(p.overflow) >= c.end-id {
		return p, fmt.Errorf("page %d: goes beyond the end", id)
	}
	p.data = make([]byte, (int64(p.overflow)+1)*c.size)
	if _, c.err = c.file.ReadAt(p.data, int64(id)*c.size); c.err != nil {
		return p, c.err
	}
	return p, nil
}

// tree checks the pages below id. Those of the root of all hold buckets, the
// buckets' own hold rows.
func (c *pageChecker) tree(id uint64, b bounds, root bool) {
	p, err := c.read(id)
	if err != nil {
		if c.err == nil {
			c.report(err)
		}
		return
	}
	for i := range uint64(p.overflow) + 1 {
		if c.seen[id+i] {
			c.report(fmt.Errorf("page %d: belongs to two", id+i))
			return
		}
		c.seen[id+i] = true
	}
	elements, used, err := p.elements()
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
	for i, e := range elements {
		switch {
		case c.err != nil:
			return
		case p.kind == branchPage:
			below := bounds{low: e.key, high: b.high}
			if i+1 < len(elements) {
				below.high = elements[i+1].key
			}
			c.tree(e.child, below, root)
		case e.bucket != root:
			c.report(fmt.Errorf("page %d: element %d: a bucket among rows, or a row among buckets", id, i))
		case e.bucket:
			c.bucket(e)
		}
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
		c.tree(root, bounds{}, false)
		return
	}
	if len(e.value) < bucketHeader+pageHeader {
		bad("%d bytes are too few", len(e.value))
		return
	}
	p := parsePage(e.value[bucketHeader:])
	elements, used, err := p.elements()
	if err == nil && (p.id != 0 || p.kind != leafPage || p.overflow != 0 || used != len(p.data)) {
		err = fmt.Errorf("has a wrong header")
	}
	if err == nil {
		err = inOrder(elements, bounds{})
	}
	if err != nil {
		bad("%w", err)
	}
}

// elements gives what is in a page, and how many of its bytes are used.
func (p page) elements() ([]element, int, error) {
	if p.kind != branchPage && p.kind != leafPage || p.kind == branchPage && p.count == 0 {
		return nil, 0, fmt.Errorf("type %d with %d elements is not possible", p.kind, p.count)
	}
	at := pageHeader + p.count*pageElement
	if at > len(p.data) {
		return nil, 0, fmt.Errorf("%d elements are too many", p.count)
	}
	elements := make([]element, p.count)
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

// readMeta gives the number of the transaction that wrote one of the two headers
// of a file.
func readMeta(file io.ReaderAt, pageSize int64, which int64) (uint64, error) {
	data := make([]byte, pageHeader+metaSize)
	if _, err := file.ReadAt(data, which*pageSize); err != nil {
		return 0, err
	}
	p, meta := parsePage(data), data[pageHeader:]
	sum := fnv.New64a()
	sum.Write(meta[:metaSum])
	if p.id != uint64(which) || p.kind != metaPage || p.count != 0 || p.overflow != 0 ||
		binary.NativeEndian.Uint32(meta) != metaMagic || binary.NativeEndian.Uint64(meta[metaSum:]) != sum.Sum64() {
		return 0, fmt.Errorf("page %d: the header is damaged; the last commit may be lost", which)
	}
	return binary.NativeEndian.Uint64(meta[48:]), nil
}
