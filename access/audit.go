package access

import (
	"encoding/json"
	"iter"
	"net/netip"
	"strings"
	"time"
	"unicode"

	"rator/failure"
	"rator/store"
)

// OutcomeOK is the Outcome of what succeeded.
const OutcomeOK = "OK"

// AuditRow tells one thing that was done or refused: a call of a hookpoint, or
// a change of operators. It holds no secret: who makes it masks first.
type AuditRow struct {
	store.Base
	At        time.Time       // UTC; zero = Record takes the transaction's
	Who       string          // operator as recognised, Local, or Unrecognised; of such callers the one they named
	From      netip.Addr      `json:",omitzero"` // where the call came from, where known
	Face      string          // soap, tmf, console, replay, command, scheduler
	Hookpoint string          // what was called; in administration the command, as "operator add"
	Brand     string          `json:",omitempty"` // key of the brand; "" = none, or of a version that did not keep it
	Account   store.ID        `json:",omitzero"`  // of the customer, the first where there are several; 0 = none, or as above
	Objects   []store.ID      `json:",omitempty"` // what was read or changed
	Changed   []Changed       `json:",omitempty"` // what changed, by keys; ChangesOf has the values
	Erased    []store.ID      `json:",omitempty"` // of which no values are kept any more: who was erased, what was deleted
	Outcome   string          // OutcomeOK or the name of a failure.Code
	Duration  time.Duration   // in nanoseconds
	RequestID string          `json:",omitempty"` // the caller's, where given
	Notes     []string        `json:",omitempty"` // a script's own lines, or what was administered
	Trace     json.RawMessage `json:",omitempty"` // what ran, as small JSON
}

var auditRows = store.Define("audit", nil,
	func(r *AuditRow) *store.Base { return &r.Base },
	store.Index[AuditRow]{Name: byAbout, Value: (*AuditRow).about},
	store.Index[AuditRow]{Name: byOperator, Value: func(r *AuditRow) string { return r.Who }, Append: true})

const (
	byAbout    = "about"
	byOperator = "operator"
)

// about is what a row is found by: the account, else the first object.
func (r *AuditRow) about() string {
	if r.Account == 0 && len(r.Objects) > 0 {
		return r.Objects[0].String()
	}
	return r.Account.String()
}

// Record keeps a row in the call's own transaction, so that there is no change
// without its row. Texts that come from callers are cut to 128 bytes.
func Record(tx store.Tx, row AuditRow) error { return record(tx, &row) }

func record(tx store.Tx, row *AuditRow) error {
	if row.At.IsZero() {
		row.At = tx.Now()
	}
	row.Who, row.Hookpoint, row.RequestID = tame(row.Who), tame(row.Hookpoint), tame(row.RequestID)
	return auditRows.Insert(tx, row)
}

// RowsOfAccount gives the rows of a customer's account after the one with the id, oldest
// first; 0 gives all.
func RowsOfAccount(tx store.Tx, account, after store.ID) iter.Seq2[*AuditRow, error] {
	return auditRows.AllAfter(tx, byAbout, account.String(), after)
}

// RowsOfObject gives, as RowsOfAccount, the rows that have no account and whose first
// object has that id: of an operator or a hub, and what versions kept that did not keep
// the account.
func RowsOfObject(tx store.Tx, id, after store.ID) iter.Seq2[*AuditRow, error] {
	return auditRows.AllAfter(tx, byAbout, id.String(), after)
}

// RowsOfOperator gives the rows of what Who did, oldest first.
func RowsOfOperator(tx store.Tx, who string) iter.Seq2[*AuditRow, error] {
	return auditRows.All(tx, byOperator, tame(who))
}

// Outcome is what an audit row says of err: OutcomeOK for nil, else the name of
// its Code; an error without one is INTERNAL.
func Outcome(err error) string {
	if err == nil {
		return OutcomeOK
	}
	if code := failure.CodeOf(err); code != nil {
		return code.Name
	}
	return failure.InternalError.Name
}

const longestText = 128 // bytes

// tame makes a text that a stranger chose fit for a key and for a screen: of
// bounded length, valid UTF-8, without control characters.
func tame(s string) string {
	if len(s) > longestText {
		s = s[:longestText]
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}
