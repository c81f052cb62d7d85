package access

import (
	"encoding/json"
	"time"

	"rator/store"
)

// auditDocument is a row as others read it: one line of JSON.
type auditDocument struct {
	ID        string           `json:"id"` // where to go on from, too
	Time      string           `json:"time"`
	Operator  string           `json:"operator"`
	From      string           `json:"from,omitempty"`
	Face      string           `json:"face"`
	Hookpoint string           `json:"hookpoint"`
	Brand     string           `json:"brand,omitempty"`
	Account   store.ID         `json:"account,omitzero"`
	Objects   []store.ID       `json:"objects,omitempty"`
	Outcome   string           `json:"outcome"`
	Seconds   float64          `json:"seconds"`
	RequestID string           `json:"requestId,omitempty"`
	Changes   []changeDocument `json:"changes,omitempty"`
	Erased    []store.ID       `json:"erased,omitempty"`
	Notes     []string         `json:"notes,omitempty"`
	Trace     json.RawMessage  `json:"trace,omitempty"`
}

type changeDocument struct {
	Object store.ID      `json:"object"`
	Kind   string        `json:"kind"`
	Change string        `json:"change"`
	Ended  bool          `json:"ended,omitempty"`
	Values []keyDocument `json:"values,omitempty"`
}

type keyDocument struct {
	Key string          `json:"key"`
	Old json.RawMessage `json:"old,omitempty"`
	New json.RawMessage `json:"new,omitempty"`
}

// AuditDocument is a row with what changed as one JSON object, without an end of line:
// id, time, operator, from, face, hookpoint, brand, account, objects, outcome, seconds,
// requestId, changes (object, kind, change: created, updated or deleted, values: key, old,
// new), erased, notes and trace. What is not there is left out; of values that are not
// kept any more (ended) there are the keys.
func AuditDocument(tx store.Tx, r *AuditRow) ([]byte, error) {
	changes, err := ChangesOf(tx, r)
	if err != nil {
		return nil, err
	}
	d := auditDocument{
		ID: r.ID.String(), Time: r.At.UTC().Format(time.RFC3339Nano), Operator: r.Who, Face: r.Face, Hookpoint: r.Hookpoint,
		Brand: r.Brand, Account: r.Account, Objects: r.Objects, Outcome: r.Outcome, Seconds: r.Duration.Seconds(), RequestID: r.RequestID,
		Erased: r.Erased, Notes: r.Notes, Trace: r.Trace,
	}
	if r.From.IsValid() {
		d.From = r.From.String()
	}
	for _, c := range changes {
		change := changeDocument{Object: c.Object, Kind: c.Kind, Change: c.What.String(), Ended: c.Ended}
		for _, v := range c.Values {
			change.Values = append(change.Values, keyDocument(v))
		}
		d.Changes = append(d.Changes, change)
	}
	return json.Marshal(d)
}
