package calllog

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Somebody who is erased is forgotten here too: every call goes that names one of
// their objects, whoever else it names. How far that was done is kept in the folder
// itself, in the numbers that the caller counts erasures by, so that a folder that
// was out of use, or elsewhere, makes up for it.

// forgottenFile holds the number of the last erasure that the folder followed.
const forgottenFile = "forgotten"

// lateCalls is how long after an erasure a call may still come that was under way.
const lateCalls = 10 * time.Minute

// forgotten are objects whose calls are not kept any more, of those that began until
// then.
type forgotten struct {
	objects map[uint64]bool
	until   time.Time
}

func newForgotten(objects []uint64, until time.Time) forgotten {
	f := forgotten{make(map[uint64]bool, len(objects)), until}
	for _, o := range objects {
		f.objects[o] = true
	}
	return f
}

// names reports whether a call names one of the objects.
func (f *forgotten) names(e *entry) bool {
	if id, is := objectID(e.Object); is && f.objects[id] {
		return true
	}
	named := func(o uint64) bool { return f.objects[o] }
	return slices.ContainsFunc(e.objects, named) || slices.ContainsFunc(e.Accounts, named)
}

// Forgotten is the number of the last erasure that the log in a folder followed; 0
// when it followed none.
func Forgotten(dir string) (uint64, error) {
	text, err := os.ReadFile(filepath.Join(dir, forgottenFile))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%s does not hold the number of an erasure; remove it, and all are followed again", filepath.Join(dir, forgottenFile))
	}
	return n, nil
}

// Forget takes the calls that name one of the objects, by their ids, out of the log
// for good: those that are in it, that wait to be written, and that began before and
// are not over. last is the number of the erasure that it follows. Other calls are
// written meanwhile.
func (l *Log) Forget(objects []uint64, last uint64) (calls int, err error) {
	var numbers []uint64
	var f forgotten
	err = l.order(func(w *writer) error {
		f = newForgotten(objects, w.config.Now())
		w.forgotten = append(w.forgotten, f)
		_ = w.drain() // what could not be written is not there
		w.endSegment()
		for _, k := range w.segments {
			numbers = append(numbers, k.number)
		}
		return nil
	})
	for _, number := range numbers {
		if err != nil {
			break
		}
		err = l.order(func(w *writer) error {
			gone, err := w.forget(number, &f)
			calls += gone
			w.measure()
			return err
		})
	}
	if err != nil {
		return calls, err
	}
	return calls, noteForgotten(l.dir, last)
}

// Forget does the same to a log that nobody writes. It fails with ErrInUse when
// somebody does.
func Forget(dir string, objects []uint64, last uint64) (calls int, err error) {
	err = unused(dir, func(w *writer) error {
		f := newForgotten(objects, time.Time{})
		for _, k := range w.segments {
			gone, err := w.forget(k.number, &f)
			if calls += gone; err != nil {
				return err
			}
		}
		return noteForgotten(dir, last)
	})
	return calls, err
}

// forget takes the calls out of a segment, unless it went meanwhile.
func (w *writer) forget(number uint64, f *forgotten) (calls int, err error) {
	i := slices.IndexFunc(w.segments, func(k kept) bool { return k.number == number })
	if i < 0 {
		return 0, nil
	}
	return w.purge(&w.segments[i], func(_ *Reader, k *Kept) (bool, error) { return f.names(&k.entry), nil })
}

// late reports whether a call names somebody who was erased while it was under way.
func (w *writer) late(e *entry) bool {
	return slices.ContainsFunc(w.forgotten, func(f forgotten) bool { return !e.At.After(f.until) && f.names(e) })
}

// remember drops erasures that no call is late for any more.
func (w *writer) remember() {
	w.forgotten = slices.DeleteFunc(w.forgotten, func(f forgotten) bool { return w.config.Now().Sub(f.until) > lateCalls })
}

// noteForgotten writes down how far a folder followed. It comes whole or not at all.
func noteForgotten(dir string, last uint64) error {
	file := filepath.Join(dir, forgottenFile)
	temp, err := os.OpenFile(file+unfinished, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(temp, last)
	if err = errors.Join(err, temp.Sync(), temp.Close()); err != nil {
		return err
	}
	return os.Rename(temp.Name(), file)
}
