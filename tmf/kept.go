package tmf

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"rator/tmf/jsondoc"
	"rator/tmf/problem"
	"rator/tmf/resource"
	"rator/unit"
)

// firstPrint begins the fingerprints of the algorithm of fingerprint.go. Those of
// versions that did not mark theirs are of the same.
const firstPrint = "1:"

// question is what a write with an Idempotency-Key asks for.
type question string

func (q question) Fingerprint() string { return firstPrint + string(q) }

func (q question) Is(fingerprint string) bool {
	return strings.TrimPrefix(fingerprint, firstPrint) == string(q)
}

// question is that of a write that has an Idempotency-Key, else nil.
func (x *exchange) question() unit.Question {
	if x.requestID == "" {
		return nil
	}
	sum := fingerprint(x.clearID, x.r.Method, x.r.URL.EscapedPath(), x.posted)
	return question(hex.EncodeToString(sum[:]))
}

// keptAnswer is what a write gave, as it is kept for its repetition.
type keptAnswer struct {
	Item    *keptItem       `json:",omitempty"`
	Refused *refusedRequest `json:",omitempty"`
}

// keptItem is an Item as it is written down.
type keptItem struct {
	ID, Version string
	Modified    time.Time
	Document    string // JSON
	PIN         string `json:",omitempty"` // as Item.PIN
}

// refusedRequest is the problem that a request ended with.
type refusedRequest struct {
	Code    string
	Status  int
	Reason  string
	Message string
}

// keep writes down what a write gave. A lost race is not kept: who reads the
// resource again may use the key again.
func keep(item resource.Item, refused error) (body string, keep bool, err error) {
	a := keptAnswer{Item: &keptItem{item.ID, item.Version, item.Modified, item.Document.String(), item.PIN}}
	if p := problem.Of(refused); p != nil {
		if p.Status == problem.LostRace.Status {
			return "", false, nil
		}
		a = keptAnswer{Refused: &refusedRequest{p.Number, p.Status, p.Reason, p.Message}}
	}
	body, err = unit.Body(a)
	return body, true, err
}

// again is what a write gave when it came first: its item, or the *problem.Error that it
// ended with.
func again(body string) (resource.Item, error) {
	var a keptAnswer
	if err := json.Unmarshal([]byte(body), &a); err != nil {
		return resource.Item{}, fmt.Errorf("kept TM Forum answer: %w", err)
	}
	if p := a.Refused; p != nil {
		return resource.Item{}, (&problem.Code{Number: p.Code, Status: p.Status, Reason: p.Reason}).With("%s", p.Message).And("Idempotent-Replayed", "true")
	}
	if a.Item == nil || a.Item.ID == "" {
		return resource.Item{}, fmt.Errorf("kept TM Forum answer: there is none")
	}
	doc, err := jsondoc.ReadKept(a.Item.Document)
	if err != nil {
		return resource.Item{}, fmt.Errorf("kept TM Forum answer: %w", err)
	}
	return resource.Item{ID: a.Item.ID, Version: a.Item.Version, Modified: a.Item.Modified, Document: doc, PIN: a.Item.PIN, Replayed: true}, nil
}

// CheckKept says what keeps a kept answer from being given again.
func CheckKept(body string) error {
	_, err := again(body)
	var p *problem.Error
	switch {
	case !errors.As(err, &p):
		return err
	case p.Number == "" || p.Status < 400 || p.Status > 499:
		return fmt.Errorf("it refuses with status %d, code %q", p.Status, p.Number)
	}
	return nil
}
