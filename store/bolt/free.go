package bolt

import (
	"encoding/binary"
	"os"

	"go.etcd.io/bbolt"
)

// freePages are those that bbolt may write to next, as far as one can see without it.
type freePages struct {
	list  uint64 // page of the list of them in the file, or noFreeList
	known bool   // their number
	count uint64
}

// addUp says whether every page of a file is reached or free, and none is both. It changes
// what was reached. Where it says no, bbolt's own check tells why.
func (f freePages) addUp(path string, tx *bbolt.Tx, reached pageSet) bool {
	size := int64(tx.DB().Info().PageSize)
	end := uint64(tx.Size() / size)
	if f.list != noFreeList {
		return f.listed(path, size, end, reached) && reached.count()+2 == end
	}
	return !f.known || reached.count()+f.count+2 == end
}

// listed adds the pages that the list in the file names, and its own, to those that were
// reached, and says whether they are all new and in the file.
func (f freePages) listed(path string, size int64, end uint64, reached pageSet) bool {
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	data := make([]byte, size)
	if f.list < 2 || f.list >= end {
		return false
	}
	if _, err := file.ReadAt(data, int64(f.list)*size); err != nil {
		return false
	}
	p := parsePage(data)
	if p.id != f.list || p.kind != freePage || uint64(p.overflow) >= end-f.list {
		return false
	}
	data = make([]byte, (int64(p.overflow)+1)*size)
	if _, err := file.ReadAt(data, int64(f.list)*size); err != nil {
		return false
	}
	for i := range uint64(p.overflow) + 1 {
		if !reached.add(f.list + i) {
			return false
		}
	}
	ids, count := data[pageHeader:], uint64(p.count)
	if count == 0xFFFF { // the number is the first of them
		count, ids = binary.NativeEndian.Uint64(ids), ids[8:]
	}
	if count > uint64(len(ids)/8) {
		return false
	}
	for i := range count {
		id := binary.NativeEndian.Uint64(ids[8*i:])
		if id < 2 || id >= end || !reached.add(id) {
			return false
		}
	}
	return true
}
