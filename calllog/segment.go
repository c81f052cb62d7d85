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

// A segment is one file of the folder: calls-0000000007. Only the newest is
// written to.
const segmentPrefix = "calls-"

func segmentName(number uint64) string { return fmt.Sprintf("%s%010d", segmentPrefix, number) }

// segments are the numbers of the folder's segments, oldest first.
func segments(dir string) ([]uint64, error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var all []uint64
	for _, f := range files {
		digits, ok := strings.CutPrefix(f.Name(), segmentPrefix)
		if n, err := strconv.ParseUint(digits, 10, 64); ok && err == nil && f.Name() == segmentName(n) {
			all = append(all, n)
		}
	}
	slices.Sort(all)
	return all, nil
}

// kept is what the writer knows of a segment.
type kept struct {
	number uint64
	bytes  int64
	first  time.Time // of its calls; zero when it has none
}

// survey looks at the segments that are there.
func survey(dir string) ([]kept, error) {
	numbers, err := segments(dir)
	if err != nil {
		return nil, err
	}
	var all []kept
	for _, n := range numbers {
		k, err := surveyOne(dir, n)
		if err != nil {
			return nil, err
		}
		all = append(all, k)
	}
	return all, nil
}

func surveyOne(dir string, number uint64) (kept, error) {
	k := kept{number: number}
	f, err := os.Open(filepath.Join(dir, segmentName(number)))
	if err != nil {
		return k, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return k, err
	}
	k.bytes, k.first = info.Size(), info.ModTime()
	if k.bytes == 0 {
		k.first = time.Time{}
	}
	h, about, err := readHeader(f, 0, k.bytes)
	if err != nil || h.bytes() > k.bytes {
		return k, nil // damaged at its start: as old as it was last written
	}
	calls, err := entries(number, h.version, about)
	if err == nil && len(calls) > 0 {
		k.first = calls[0].At
	}
	return k, nil
}

// retire removes the oldest segments: those whose calls are all older than the
// age, and as many as it takes to make room. The number of the newest is never
// given again, so that file stays, if only empty.
func (w *writer) retire(room int64) error {
	oldest := w.config.Now().Add(-w.config.MaxAge - w.span())
	total := room
	for _, k := range w.segments {
		total += k.bytes
	}
	var errs []error
	for len(w.segments) > 0 {
		k := &w.segments[0]
		aged := !k.first.IsZero() && k.first.Before(oldest)
		newest := len(w.segments) == 1
		if !aged && total <= w.config.MaxBytes && (newest || k.bytes > 0) || newest && k.bytes == 0 {
			break
		}
		total -= k.bytes
		if err := w.remove(k, newest); err != nil {
			errs = append(errs, err)
			break
		}
		if newest {
			k.bytes, k.first = 0, time.Time{}
			break
		}
		w.segments = w.segments[1:]
	}
	return errors.Join(errs...)
}

func (w *writer) remove(k *kept, newest bool) error {
	file := filepath.Join(w.config.Dir, segmentName(k.number))
	if newest {
		w.endSegment()
		return os.Truncate(file, 0)
	}
	if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// span is how long a segment is written to. It goes when the last of its calls is
// old enough, so a call stays for up to so much longer than the age.
func (w *writer) span() time.Duration { return max(w.config.MaxAge/24, time.Minute) }

// segmentBytes is how long a segment may become.
func (w *writer) segmentBytes() int64 { return min(w.config.MaxBytes/16, 64<<20) }
