package load

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"hash/maphash"
	"io"
	"os"
	"slices"
)

// seen finds what stands twice in all rows of a load, in memory that does not grow with
// them: of each id and unique value a hash is written, with its row, to the one of so many
// temporary files that the hash says. In the end each file is sorted in memory. Two values
// may have one hash, however unlikely: who is told of a double looks at both rows.
type seen struct {
	dir   string
	seeds [2]maphash.Seed
	parts [seenParts]seenPart
}

const (
	seenParts = 256
	sumBytes  = 16
	seenBytes = sumBytes + 8 // a sum and a row
	seenRoom  = 1024 * seenBytes
)

type seenPart struct {
	kept []byte // not written yet
	file *os.File
	n    int64 // bytes written
}

// sum is the hash of a value.
type sum [sumBytes]byte

// sighting is a value in a row; rows are counted over all files, from 1.
type sighting struct {
	sum
	row int64
}

func newSeen(dir string) *seen {
	return &seen{dir: dir, seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}}
}

func (s *seen) sumOf(value []byte) (out sum) {
	binary.BigEndian.PutUint64(out[:8], maphash.Bytes(s.seeds[0], value))
	binary.BigEndian.PutUint64(out[8:], maphash.Bytes(s.seeds[1], value))
	return out
}

func (s *seen) add(all []sighting) error {
	for _, one := range all {
		p := &s.parts[one.sum[0]]
		p.kept = binary.BigEndian.AppendUint64(append(p.kept, one.sum[:]...), uint64(one.row))
		if len(p.kept) >= seenRoom {
			if err := p.write(s.dir); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *seenPart) write(dir string) (err error) {
	if p.file == nil {
		if p.file, err = temporary(dir); err != nil {
			return err
		}
	}
	_, err = p.file.WriteAt(p.kept, p.n)
	p.n += int64(len(p.kept))
	p.kept = p.kept[:0]
	return err
}

// doubles calls found for each sighting but the first of a value, with that first row. They
// come in no order.
func (s *seen) doubles(found func(first int64, again sighting)) error {
	var all []byte
	for i := range s.parts {
		p := &s.parts[i]
		all = slices.Grow(all[:0], int(p.n)+len(p.kept))
		if p.file != nil {
			r := bufio.NewReader(io.NewSectionReader(p.file, 0, p.n))
			all = all[:p.n]
			if _, err := io.ReadFull(r, all); err != nil {
				return err
			}
		}
		all = append(all, p.kept...)
		sorted := make([]sighting, len(all)/seenBytes)
		for n := range sorted {
			one := all[n*seenBytes:]
			sorted[n] = sighting{sum(one[:sumBytes]), int64(binary.BigEndian.Uint64(one[sumBytes:]))}
		}
		slices.SortFunc(sorted, func(a, b sighting) int {
			if order := bytes.Compare(a.sum[:], b.sum[:]); order != 0 {
				return order
			}
			return int(a.row - b.row)
		})
		first := 0
		for n := 1; n < len(sorted); n++ {
			if sorted[n].sum != sorted[first].sum {
				first = n
			} else {
				found(sorted[first].row, sorted[n])
			}
		}
	}
	return nil
}

func (s *seen) close() error {
	var err error
	for i := range s.parts {
		if f := s.parts[i].file; f != nil {
			err = errors.Join(err, f.Close())
		}
	}
	return err
}
