package batch

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
)

// resultsHead is the first line of a results file. The others are a Result each,
// in the order in which the rows ended, and a retry where failed rows were begun again.
type resultsHead struct {
	Run      string    `json:"run"` // what request ids begin with
	Script   string    `json:"script"`
	Rows     string    `json:"rows"`
	Endpoint string    `json:"endpoint"`
	Begun    time.Time `json:"begun"`              // the script's now
	Contents []string  `json:"contents,omitempty"` // digest of each row; none in a file of an earlier version
}

// Results is an open results file. A line is written in one piece; a piece that a
// crash cut off is dropped when the file is read again.
type Results struct {
	resultsHead
	tries []*try // the last of each row
	// Again is how many rows begin again that had failed.
	Again int
	// OK and Failed count the rows that are done.
	OK, Failed int

	mu   sync.Mutex
	file *os.File
}

// openResults begins a results file, or goes on with one of the same run; again begins
// the rows once more that have failed. Whatever is wrong is told before the file is changed.
func openResults(name string, head resultsHead, data *rows, again bool) (*Results, error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, unreachable(err)
	}
	r := &Results{resultsHead: head, file: f}
	if err := r.read(name, data, again); err != nil {
		f.Close()
		return nil, err
	}
	return r, nil
}

func (r *Results) read(name string, data *rows, again bool) error {
	src, err := io.ReadAll(r.file)
	if err != nil {
		return unreachable(err)
	}
	whole := bytes.LastIndexByte(src, '\n') + 1
	if whole == 0 && !strings.HasPrefix(string(src), headBegin) && !strings.HasPrefix(headBegin, string(src)) {
		return misused(fmt.Errorf("%s is no results file; name another --results", name))
	}
	contents := r.Contents
	if whole > 0 {
		head, _, _ := bytes.Cut(src, []byte("\n"))
		if err := r.same(name, head); err != nil {
			return err
		}
	}
	r.tries = firstTries(r.Contents)
	if whole > 0 {
		if err := r.replay(name, src[:whole-1]); err != nil {
			return err
		}
	}
	begin, err := data.compare(r.tries, contents, again)
	if err != nil {
		return misused(err)
	}
	if err := errors.Join(r.file.Truncate(int64(whole)), seek(r.file, whole)); err != nil {
		return unreachable(err)
	}
	if whole == 0 {
		if err := r.write(r.resultsHead); err != nil {
			return err
		}
	}
	if err := r.retry(begin); err != nil {
		return err
	}
	for _, t := range r.tries {
		if t.result != nil {
			r.count(t.result)
		}
	}
	return nil
}

// headBegin is how every results file begins.
const headBegin = `{"run":"`

func seek(f *os.File, to int) error {
	_, err := f.Seek(int64(to), io.SeekStart)
	return err
}

// same checks that a results file is one of this run, at this endpoint, and takes its
// head.
func (r *Results) same(name string, line []byte) error {
	var head resultsHead
	if err := json.Unmarshal(line, &head); err != nil || head.Run == "" {
		return misused(fmt.Errorf("%s is no results file; name another --results", name))
	}
	switch {
	case head.Contents == nil && head.Run != r.Run:
		return misused(fmt.Errorf("%s is of another run: the name of the script, --set or the rows have changed since; name another --results", name))
	case head.Contents == nil: // the file was as it is now
		head.Contents = r.Contents
	case head.Script != r.Script:
		return misused(fmt.Errorf("%s is of another script, %s; name another --results", name, head.Script))
	case len(head.Contents) != len(r.Contents):
		return misused(fmt.Errorf("%s is of a file with %d rows, and %s has %d: rows are known by their number; put them back, or name another --results", name, len(head.Contents), r.Rows, len(r.Contents)))
	}
	if head.Endpoint != r.Endpoint {
		return misused(fmt.Errorf("%s is of another endpoint, %s; name another --results", name, head.Endpoint))
	}
	r.resultsHead = head
	return nil
}

// replay takes what the lines below the head say.
func (r *Results) replay(name string, src []byte) error {
	for i, text := range bytes.Split(src, []byte("\n"))[1:] {
		var line struct {
			Result
			retry
		}
		if err := json.Unmarshal(text, &line); err != nil || !line.take(r.tries, &line.Result) {
			return misused(fmt.Errorf("%s:%d: this is no result of a row; name another --results", name, i+2))
		}
	}
	for _, t := range r.tries {
		// Nobody knows what became of a row that ended in a fault: it runs again,
		// with the same request ids.
		if t.failed() && t.result.Error.Code == "" {
			t.result = nil
		}
	}
	return nil
}

// retry writes that rows begin again, before any of their calls.
func (r *Results) retry(begin []*try) error {
	if len(begin) == 0 {
		return nil
	}
	if err := errors.Join(r.write(retry{begin}), r.file.Sync()); err != nil {
		return unreachable(err)
	}
	for _, t := range begin {
		r.tries[t.Row-1] = t
	}
	r.Again = len(begin)
	return nil
}

func (r *Results) count(one *Result) {
	if one.Outcome == OK {
		r.OK++
	} else {
		r.Failed++
	}
}

// add writes what came of a row.
func (r *Results) add(one *Result) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.count(one)
	return r.write(one)
}

func (r *Results) write(line any) error {
	b, err := json.Marshal(line)
	if err != nil {
		return err
	}
	if _, err := r.file.Write(append(b, '\n')); err != nil {
		return unreachable(err)
	}
	return nil
}

// Done is how many rows are.
func (r *Results) Done() int { return r.OK + r.Failed }

// Close makes the file durable.
func (r *Results) Close() error {
	if err := errors.Join(r.file.Sync(), r.file.Close()); err != nil {
		return unreachable(err)
	}
	return nil
}
