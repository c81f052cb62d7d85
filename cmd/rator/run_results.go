package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// resultsHead is the first line of a results file; a rowResult each are the
// others, in the order in which the rows ended.
type resultsHead struct {
	Run      string    `json:"run"` // what request ids begin with
	Script   string    `json:"script"`
	Rows     string    `json:"rows"`
	Endpoint string    `json:"endpoint"`
	Begun    time.Time `json:"begun"` // the script's now
}

// results is an open results file. A row is written when it is done, in one
// piece; a piece that a crash cut off is dropped when the file is read again.
type results struct {
	resultsHead
	done map[int]bool // rows of an earlier run
	// ok and failed count those, and the ones that were added since.
	ok, failed int

	mu   sync.Mutex
	file *os.File
}

// openResults begins a results file, or goes on with one of the same run.
func openResults(name string, head resultsHead) (*results, error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, unreachable(err)
	}
	r := &results{resultsHead: head, done: map[int]bool{}, file: f}
	if err := r.read(name); err != nil {
		f.Close()
		return nil, err
	}
	return r, nil
}

func (r *results) read(name string) error {
	src, err := io.ReadAll(r.file)
	if err != nil {
		return unreachable(err)
	}
	whole := bytes.LastIndexByte(src, '\n') + 1
	if err := errors.Join(r.file.Truncate(int64(whole)), seek(r.file, whole)); err != nil {
		return unreachable(err)
	}
	if whole == 0 {
		return r.write(r.resultsHead)
	}
	last := map[int]rowResult{}
	for i, line := range bytes.Split(src[:whole-1], []byte("\n")) {
		if i == 0 {
			if err := r.same(name, line); err != nil {
				return err
			}
			continue
		}
		var one rowResult
		if err := json.Unmarshal(line, &one); err != nil || one.Row < 1 {
			return misused(fmt.Errorf("%s:%d: this is no result of a row; name another --results", name, i+1))
		}
		last[one.Row] = one
	}
	for _, one := range last {
		// Nobody knows what became of a row that ended in a fault: it runs again,
		// with the same request ids.
		if one.Outcome == outcomeOK || one.Error != nil && one.Error.Code != "" {
			r.done[one.Row] = true
			r.count(&one)
		}
	}
	return nil
}

func seek(f *os.File, to int) error {
	_, err := f.Seek(int64(to), io.SeekStart)
	return err
}

// same checks that a results file is one of this run, at this endpoint.
func (r *results) same(name string, line []byte) error {
	var head resultsHead
	if err := json.Unmarshal(line, &head); err != nil || head.Run == "" {
		return misused(fmt.Errorf("%s is no results file; name another --results", name))
	}
	if head.Run != r.Run {
		return misused(fmt.Errorf("%s is of another run: the name of the script, --set or the rows have changed since; name another --results", name))
	}
	if head.Endpoint != r.Endpoint {
		return misused(fmt.Errorf("%s is of another endpoint, %s; name another --results", name, head.Endpoint))
	}
	r.Begun = head.Begun
	return nil
}

func (r *results) count(one *rowResult) {
	if one.Outcome == outcomeOK {
		r.ok++
	} else {
		r.failed++
	}
}

// add writes what came of a row.
func (r *results) add(one *rowResult) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.count(one)
	return r.write(one)
}

func (r *results) write(line any) error {
	b, err := json.Marshal(line)
	if err != nil {
		return err
	}
	if _, err := r.file.Write(append(b, '\n')); err != nil {
		return unreachable(err)
	}
	return nil
}

// close makes the file durable.
func (r *results) close() error { return errors.Join(r.file.Sync(), r.file.Close()) }
