package convert

import (
	"fmt"
	"os"

	"rator/replay/fixture"
	"rator/workflow/contract"
)

// Options say what an import may cost, and which values are secret.
type Options struct {
	// Contracts say which values of a hookpoint are secret; nil: none are known.
	Contracts func(hookpoint string) *contract.Contract
	MaxFile   int64 // bytes that the file may have; 0 = defaultMaxFile
	// MaxEntries is how many entries of a HAR file, or steps of a project, there may
	// be; 0 = defaultMaxEntries.
	MaxEntries int
}

// What an import may cost unless Options say so.
const (
	defaultMaxFile    = 64 << 20
	defaultMaxEntries = 10_000
)

func (o *Options) fill() {
	if o.MaxFile <= 0 {
		o.MaxFile = defaultMaxFile
	}
	if o.MaxEntries <= 0 {
		o.MaxEntries = defaultMaxEntries
	}
}

// read reads a file to import.
func (o *Options) read(file string) ([]byte, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if info.Size() > o.MaxFile {
		return nil, &fixture.Error{File: file, Message: fmt.Sprintf("it has %d bytes, and at most %d are read; --max-file sets that", info.Size(), o.MaxFile)}
	}
	return os.ReadFile(file)
}

// checkEntries bounds what is made of a file.
func (o *Options) checkEntries(file string, n int, noun string) error {
	if n > o.MaxEntries {
		return &fixture.Error{File: file, Message: fmt.Sprintf("it has %d %s, and at most %d are read; --max-entries sets that", n, noun, o.MaxEntries)}
	}
	return nil
}

// reading is where in the file an import is, for a mistake of ours.
type reading struct {
	line  int    // from 1; 0 = not known
	where string // suite/case/step, or the entry
}

// caught makes a panic of an import an error with the place that was read: a file of
// another tool may hold anything.
func (r *reading) caught(file string, result **Import, err *error) {
	if cause := recover(); cause != nil {
		where := ""
		if r.where != "" {
			where = " at " + r.where
		}
		*result, *err = nil, &fixture.Error{File: file, Line: r.line, Message: fmt.Sprintf(
			"the import itself failed%s (%v); take this part out to import the rest, and report it", where, cause)}
	}
}
