package calllog

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
)

// Reader searches a log, while another process writes it or not. It changes
// nothing. Not safe for concurrent use.
type Reader struct {
	dir string
	// Lost are calls the log tells of and does not hold, among the segments read
	// so far; Damaged is a line for each place that could not be read.
	Lost    int64
	Damaged []string

	lastMessages struct { // of the block read last
		segment uint64
		offset  int64
		header  blockHeader
		raw     []byte
	}
}

// OpenReader reads the log in a folder. The error tells when there is none.
func OpenReader(dir string) (*Reader, error) {
	if _, err := segments(dir); err != nil {
		return nil, err
	}
	return &Reader{dir: dir}, nil
}

// Kept is a call that the log holds.
type Kept struct {
	Call
	entry  entry
	offset int64 // of its block
	header blockHeader
}

// Calls gives the calls the query wants, the newest first.
func (r *Reader) Calls(q *Query) iter.Seq2[*Kept, error] {
	return func(yield func(*Kept, error) bool) {
		numbers, err := segments(r.dir)
		if err != nil {
			yield(nil, err)
			return
		}
		for i, number := range slices.Backward(numbers) {
			calls, _, err := r.segment(number, 0, i+1 < len(numbers))
			if err != nil {
				yield(nil, err)
				return
			}
			for i := range slices.Backward(calls) {
				wanted, err := r.wants(q, &calls[i])
				switch {
				case err != nil:
					r.damaged(number, calls[i].offset, err)
				case wanted && !yield(&calls[i], nil):
					return
				}
			}
		}
	}
}

// ErrUnknown says that the log does not hold a call, or no longer.
var ErrUnknown = errors.New("the call log holds no such call; old ones go")

// Call finds a call by its id.
func (r *Reader) Call(id ID) (*Kept, error) {
	calls, _, err := r.segment(id.Segment, 0, false)
	if err != nil {
		return nil, err
	}
	for i := range calls {
		if calls[i].ID == id {
			return &calls[i], nil
		}
	}
	return nil, fmt.Errorf("%s: %w", id, ErrUnknown)
}

// Messages reads the request and the answer of a call. They are valid until they
// are read of another one. The error is ErrUnknown when the call went meanwhile; one
// whose segment was written anew meanwhile, as others went, is looked for there.
func (r *Reader) Messages(k *Kept) (request, answer []byte, err error) {
	for {
		if request, answer, err = r.messages(k); err == nil {
			return request, answer, nil
		}
		again, lookErr := (&Reader{dir: r.dir}).Call(k.ID)
		switch {
		case lookErr != nil:
			return nil, nil, lookErr
		case again.offset == k.offset && again.header == k.header:
			return nil, nil, fmt.Errorf("%s: %w", k.ID, err)
		}
		*k = *again
	}
}

// messages reads them where k was found.
func (r *Reader) messages(k *Kept) (request, answer []byte, err error) {
	last := &r.lastMessages
	if last.raw == nil || last.segment != k.ID.Segment || last.offset != k.offset || last.header != k.header {
		f, err := os.Open(r.file(k.ID.Segment))
		if err != nil {
			return nil, nil, err
		}
		defer f.Close()
		raw, err := readMessages(f, k.offset, &k.header)
		if err != nil {
			return nil, nil, err
		}
		last.segment, last.offset, last.header, last.raw = k.ID.Segment, k.offset, k.header, raw
	}
	e := &k.entry
	if e.offset+e.request+e.answer > len(last.raw) {
		return nil, nil, errMessages
	}
	answerAt := e.offset + e.request
	return last.raw[e.offset:answerAt:answerAt], last.raw[answerAt : answerAt+e.answer : answerAt+e.answer], nil
}

// wants reports whether a query wants a call, and reads its messages only when
// nothing else can tell.
func (r *Reader) wants(q *Query, k *Kept) (bool, error) {
	if !q.matches(&k.Call) {
		return false, nil
	}
	is, unsure := q.mentioned(&k.entry)
	if !is || !unsure {
		return is, nil
	}
	request, answer, err := r.Messages(k)
	if errors.Is(err, ErrUnknown) {
		return false, nil
	}
	return q.inMessages(&k.Call, request, answer), err
}

// segment reads what is known of the calls of a segment from the offset on, and
// gives the offset behind the last whole block. A segment that went is empty. At
// the end of a segment a block may still be on its way, so what is broken there is
// damage only when ended says that nothing more comes.
func (r *Reader) segment(number uint64, offset int64, ended bool) ([]Kept, int64, error) {
	f, err := os.Open(r.file(number))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, offset, nil
	} else if err != nil {
		return nil, offset, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, offset, err
	}
	var all []Kept
	for offset < info.Size() {
		h, about, err := readHeader(f, offset, info.Size())
		var calls []entry
		if err == nil {
			calls, err = entries(number, h.version, about)
		}
		if err != nil {
			next, found, readErr := nextBlock(f, offset+1, info.Size())
			switch {
			case readErr != nil:
				return all, offset, readErr
			case !found && ended:
				r.damaged(number, offset, errors.New("the end is torn or was not written yet"))
				return all, offset, nil
			case !found:
				return all, offset, nil
			}
			r.damaged(number, offset, fmt.Errorf("%d bytes are damaged", next-offset))
			offset = next
			continue
		}
		r.Lost += int64(h.lost)
		for i := range calls {
			all = append(all, Kept{Call: calls[i].Call, entry: calls[i], offset: offset, header: h})
		}
		offset += h.bytes()
	}
	return all, offset, nil
}

func (r *Reader) file(number uint64) string { return filepath.Join(r.dir, segmentName(number)) }

func (r *Reader) damaged(segment uint64, offset int64, err error) {
	line := fmt.Sprintf("%s, byte %d: %v", r.file(segment), offset, err)
	if !slices.Contains(r.Damaged, line) {
		r.Damaged = append(r.Damaged, line)
	}
}
