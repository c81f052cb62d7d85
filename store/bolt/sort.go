package bolt

import (
	"bufio"
	"bytes"
	"container/heap"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"slices"
)

// sorter puts texts in order, also more than there is memory for: what it does not hold lies
// in files, each in order by itself.
type sorter struct {
	dir   string // for the files
	most  int    // bytes that it holds
	held  []byte
	texts []piece // of held
	runs  []*os.File
}

type piece struct{ from, to int }

// mostHeld is how many bytes a sorter holds.
const mostHeld = 64 << 20

func (s *sorter) add(text []byte) error {
	if len(s.texts) > 0 && len(s.held)+len(text) > s.most {
		if err := s.put(); err != nil {
			return err
		}
	}
	from := len(s.held)
	s.held = append(s.held, text...)
	s.texts = append(s.texts, piece{from, len(s.held)})
	return nil
}

func (s *sorter) sort() {
	slices.SortFunc(s.texts, func(a, b piece) int { return bytes.Compare(s.held[a.from:a.to], s.held[b.from:b.to]) })
}

// put writes what is held to a file.
func (s *sorter) put() error {
	s.sort()
	f, err := os.CreateTemp(s.dir, ".sorted-*")
	if err != nil {
		return err
	}
	s.runs = append(s.runs, f)
	if err := os.Remove(f.Name()); err != nil { // it is gone with its last user
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	var size [binary.MaxVarintLen64]byte
	for _, t := range s.texts {
		_, err = w.Write(size[:binary.PutUvarint(size[:], uint64(t.to-t.from))])
		if err == nil {
			_, err = w.Write(s.held[t.from:t.to])
		}
		if err != nil {
			return err
		}
	}
	s.held, s.texts = s.held[:0], s.texts[:0]
	if err := w.Flush(); err != nil {
		return err
	}
	_, err = f.Seek(0, io.SeekStart)
	return err
}

// each gives all that was added, in order, and forgets it. A text is valid until the next.
func (s *sorter) each(fn func(text []byte) error) error {
	s.sort()
	var h runs
	if len(s.texts) > 0 {
		h = append(h, &sortedRun{held: s.held, texts: s.texts})
	}
	for _, f := range s.runs {
		h = append(h, &sortedRun{file: bufio.NewReaderSize(f, 256<<10)})
	}
	for _, r := range h {
		if err := r.next(); err != nil {
			return err
		}
	}
	heap.Init(&h)
	for len(h) > 0 {
		r := h[0]
		if err := fn(r.text); err != nil {
			return err
		}
		switch err := r.next(); {
		case errors.Is(err, io.EOF):
			heap.Pop(&h)
		case err != nil:
			return err
		default:
			heap.Fix(&h, 0)
		}
	}
	return s.end()
}

// end forgets everything.
func (s *sorter) end() (err error) {
	for _, f := range s.runs {
		err = errors.Join(err, f.Close())
	}
	s.held, s.texts, s.runs = s.held[:0], s.texts[:0], nil
	return err
}

// sortedRun is texts in order, held or of a file.
type sortedRun struct {
	held  []byte
	texts []piece
	file  *bufio.Reader
	text  []byte // the one it is at
}

func (r *sortedRun) next() error {
	if r.file == nil {
		if len(r.texts) == 0 {
			return io.EOF
		}
		r.text, r.texts = r.held[r.texts[0].from:r.texts[0].to], r.texts[1:]
		return nil
	}
	n, err := binary.ReadUvarint(r.file)
	if err != nil {
		return err
	}
	r.text = slices.Grow(r.text[:0], int(n))[:n]
	_, err = io.ReadFull(r.file, r.text)
	return err
}

// runs is a heap, the run with the lowest text first.
type runs []*sortedRun

func (h runs) Len() int           { return len(h) }
func (h runs) Less(a, b int) bool { return bytes.Compare(h[a].text, h[b].text) < 0 }
func (h runs) Swap(a, b int)      { h[a], h[b] = h[b], h[a] }
func (h *runs) Push(x any)        { *h = append(*h, x.(*sortedRun)) }
func (h *runs) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}
