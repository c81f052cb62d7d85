package batch

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"rator/card"
	"rator/failure"
	"rator/workflow/contract"
	"rator/workflow/value"
)

// try is one time that a row is run, until it ends well or fails; an interruption
// does not end it. Its request ids are its own, so that a refusal is not answered
// again, but for what an earlier try of the row has done already.
type try struct {
	Row     int     `json:"row"`
	Try     int     `json:"try"`     // from 1
	Content string  `json:"content"` // digest of the row's values
	result  *Result // nil until it ends
	made    []made  // by earlier tries
}

// retry is a line of a results file: the rows that begin again.
type retry struct {
	Again []*try `json:"again"`
}

// made is a call that went well in a row that failed later.
type made struct {
	API     string `json:"api"`
	Call    int    `json:"call"`   // its number in the row, from 1
	Digest  string `json:"digest"` // of the values it was called with
	Request string `json:"request"`
}

func firstTries(contents []string) []*try {
	tries := make([]*try, len(contents))
	for i, content := range contents {
		tries[i] = &try{Row: i + 1, Try: 1, Content: content}
	}
	return tries
}

func (t *try) failed() bool { return t.result != nil && t.result.Outcome == Failed }

// next is the try after one that failed.
func (t *try) next(content string) *try {
	return &try{Row: t.Row, Try: t.Try + 1, Content: content, made: t.result.Made}
}

// requestID is that of the call numbered call, from 1.
func (t *try) requestID(run string, call int) string {
	if t.Try == 1 {
		return fmt.Sprintf("%s-%d-%d", run, t.Row, call)
	}
	return fmt.Sprintf("%s-%d.%d-%d", run, t.Row, t.Try, call)
}

// take is what a line says, a retry or else the result of a row; false when it is
// neither.
func (r retry) take(tries []*try, one *Result) bool {
	for _, t := range r.Again {
		if t == nil || t.Row < 1 || t.Row > len(tries) || !tries[t.Row-1].failed() {
			return false
		}
		tries[t.Row-1] = tries[t.Row-1].next(t.Content)
	}
	if r.Again != nil {
		return true
	}
	if one.Row < 1 || one.Row > len(tries) || one.Outcome != OK && one.Error == nil {
		return false
	}
	tries[one.Row-1].result = one
	return true
}

// mostMistakes is how many rows are told that have changed.
const mostMistakes = 20

// compare holds the rows, whose digests are contents, against the last tries of an
// earlier run; begin are the tries of those that failed and begin again. Only a row
// that failed may have changed since.
func (r *rows) compare(tries []*try, contents []string, again bool) (begin []*try, err error) {
	var mistakes []error
	for i, t := range tries {
		same := t.Content == contents[i]
		says := ""
		switch {
		case t.failed() && again:
			begin = append(begin, t.next(contents[i]))
		case same:
		case t.failed():
			says = "failed and has changed since; --retry-failed does it again"
		case t.result != nil:
			says = "is done and has changed since; put it back, or name another --results for a new run"
		default:
			says = "has not ended yet and has changed since, so that nobody knows what of it is done; put it back, and correct it when it has failed"
		}
		if says != "" && len(mistakes) < mostMistakes {
			mistakes = append(mistakes, fmt.Errorf("%s:%d: row %d %s (values of --set count too)", r.file, r.rows[i].line, t.Row, says))
		}
	}
	return begin, errors.Join(mistakes...)
}

// digestOf is 64 bits of the hash of values, in any order of the keys. Secrets and
// card numbers do not count: a plain hash of one must not be kept.
func digestOf(declared []*contract.Value, values value.Tree) string {
	d := json.NewDecoder(bytes.NewReader(contract.Mask(declared, values).JSON()))
	d.UseNumber()
	var inOrder any
	_ = d.Decode(&inOrder) // what a tree writes is JSON
	text, _ := json.Marshal(inOrder)
	sum := sha256.Sum256([]byte(card.Mask(string(text))))
	return hex.EncodeToString(sum[:8])
}

// contents are the digests of all rows.
func (r *rows) contents() []string {
	all := make([]string, len(r.rows))
	for i := range r.rows {
		all[i] = digestOf(nil, r.rows[i].values)
	}
	return all
}

// identify gives a call its request id: that of the same call in an earlier try of the
// row, where it went well, once; else one of its own. A call that an earlier try made
// there or before with other values is not made again: both would stand.
func (r *remote) identify(call made) (made, error) {
	call.Request = r.try.requestID(r.id, call.Call)
	for i, before := range r.before {
		if before.API == call.API && before.Digest == call.Digest {
			r.before = slices.Delete(r.before, i, i+1)
			call.Request = before.Request
			return call, nil
		}
	}
	for _, before := range r.before {
		if before.API == call.API && before.Call <= call.Call && !r.reads(call.API) {
			return call, failure.RequestIDReused.With("an earlier try of the row did %s with other values (request id %s), and it stands: put those values back; or take back what was done, and run the row in a file of its own", call.API, before.Request)
		}
	}
	return call, nil
}

// standing tells what earlier tries of a row did that is no part of the row that went
// well.
func (r *remote) standing() {
	for _, before := range r.before {
		if !r.reads(before.API) {
			r.warn(fmt.Sprintf("row %d: an earlier try did %s (request id %s), which the row does not do now: it stands until it is taken back", r.try.Row, before.API, before.Request))
		}
	}
}

// reads reports whether a hookpoint is known to change nothing.
func (b *Batch) reads(hookpoint string) bool {
	c := b.declared[hookpoint]
	return c != nil && c.Reads
}
