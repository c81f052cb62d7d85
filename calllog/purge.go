package calllog

import (
	"errors"
	"os"
	"path/filepath"
	"time"
)

// Purge takes the calls that the query wants out of the log for good, also those
// that wait to be written, and gives how many. What cannot be read is taken out
// too, for nobody knows what is in it.
func (l *Log) Purge(q *Query) (calls int, err error) {
	err = l.order(func(w *writer) (err error) {
		_ = w.drain() // what could not be written is not there
		w.endSegment()
		calls, err = w.purgeAll(q)
		w.measure()
		return err
	})
	return calls, err
}

// Purge does the same to a log that nobody writes. It fails with ErrInUse when
// somebody does.
func Purge(dir string, q *Query) (calls int, err error) {
	err = unused(dir, func(w *writer) (err error) {
		calls, err = w.purgeAll(q)
		return err
	})
	return calls, err
}

// unused changes a log that nobody writes, or fails with ErrInUse.
func unused(dir string, change func(*writer) error) error {
	lock, err := lockFolder(dir)
	if err != nil {
		return err
	}
	defer lock.Close()
	removeUnfinished(dir)
	w := &writer{config: Config{Dir: dir}}
	if w.segments, err = survey(dir); err != nil {
		return err
	}
	return change(w)
}

func (w *writer) purgeAll(q *Query) (calls int, err error) {
	wants := func(r *Reader, k *Kept) (bool, error) { return r.wants(q, k) }
	for i := range w.segments {
		n, err := w.purge(&w.segments[i], wants)
		if calls += n; err != nil {
			return calls, err
		}
	}
	return calls, nil
}

// purge writes a segment anew without the calls. It takes the old one's place when
// it is whole.
func (w *writer) purge(k *kept, wants func(*Reader, *Kept) (bool, error)) (gone int, err error) {
	r := &Reader{dir: w.config.Dir}
	calls, _, err := r.segment(k.number, 0, true)
	if err != nil {
		return 0, err
	}
	stay := &rewriting{reader: r}
	for i := range calls {
		wanted, err := wants(r, &calls[i])
		if err == nil && !wanted {
			err = stay.add(&calls[i])
		}
		if wanted {
			gone++
		}
		if err != nil {
			r.damaged(k.number, calls[i].offset, err)
		}
	}
	if gone == 0 && len(r.Damaged) == 0 {
		return 0, nil
	}
	stay.flush(uint32(r.Lost))
	file := filepath.Join(w.config.Dir, segmentName(k.number))
	temp, err := os.OpenFile(file+unfinished, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return 0, err
	}
	_, err = temp.Write(stay.out)
	err = errors.Join(err, temp.Sync(), temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), file)
	}
	if err != nil {
		return 0, errors.Join(err, os.Remove(temp.Name()))
	}
	k.bytes, k.first = int64(len(stay.out)), stay.first
	return gone, nil
}

// unfinished ends the name of a segment that is not whole yet.
const unfinished = ".new"

// removeUnfinished removes what a purge left that was killed.
func removeUnfinished(dir string) {
	left, _ := filepath.Glob(filepath.Join(dir, segmentPrefix+"*"+unfinished)) // the pattern is in order
	for _, file := range left {
		_ = os.Remove(file)
	}
}

// rewriting is a segment that is written anew.
type rewriting struct {
	reader          *Reader
	squeezer        squeezer
	about, messages []byte
	out             []byte
	first           time.Time
}

func (s *rewriting) add(k *Kept) error {
	request, answer, err := s.reader.Messages(k)
	if err != nil {
		return err
	}
	if len(s.messages)+len(request)+len(answer) > longestPart {
		s.flush(0)
	}
	s.about = k.entry.appendTo(s.about)
	s.messages = append(append(s.messages, request...), answer...)
	if s.first.IsZero() {
		s.first = k.At
	}
	if len(s.messages) >= blockBytes {
		s.flush(0)
	}
	return nil
}

func (s *rewriting) flush(lost uint32) {
	if len(s.about) > 0 || lost > 0 {
		s.out = append(s.out, s.squeezer.block(s.about, s.messages, lost)...)
	}
	s.about, s.messages = s.about[:0], s.messages[:0]
}
