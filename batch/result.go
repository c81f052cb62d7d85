package batch

import (
	"encoding/json"
	"fmt"
)

// Result is what came of one row; a line of the results file.
type Result struct {
	Row      int             `json:"row,omitempty"`  // from 1
	Line     int             `json:"line,omitempty"` // of the rows' file, where the row begins
	Outcome  string          `json:"outcome"`        // ok or failed
	Values   json.RawMessage `json:"values,omitempty"`
	Error    *Failure        `json:"error,omitempty"`
	Notes    []string        `json:"notes,omitempty"`
	Try      int             `json:"try,omitempty"`      // from 1, where the row failed before
	Calls    int             `json:"calls"`              // how many went out
	Repeated int             `json:"repeated,omitempty"` // of those, how many got the answer kept from an earlier run
	Made     []made          `json:"made,omitempty"`     // where it failed, what it and earlier tries had done
}

const (
	OK     = "ok"
	Failed = "failed"
)

// Failure is where and why a run failed.
type Failure struct {
	Code    string `json:"code,omitempty"` // a failure code's name; "" for a fault
	Number  int    `json:"number,omitempty"`
	Message string `json:"message"`
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Step    string `json:"step,omitempty"` // api.NAME, fail; "" for the script itself
}

func (f *Failure) String() string {
	s := fmt.Sprintf("%s:%d:%d: ", f.File, f.Line, f.Column)
	if f.Step != "" {
		s += f.Step + ": "
	}
	if f.Code != "" {
		s += f.Code + ": "
	}
	return s + f.Message
}
