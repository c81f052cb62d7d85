// Package workflow is what hookpoints are behind: Invoke takes a call of one through the
// gate (unit), holds the request against its contract, runs the hookpoint's script in
// the transaction, and answers (architecture.md 3). There is no second way in.
package workflow

import (
	"net/netip"

	"rator/access"
	"rator/store"
	"rator/workflow/value"
)

// Request is one call, from whatever face.
type Request struct {
	Hookpoint string
	Values    value.Tree
	// RequestID is the id the transport carried (Idempotency-Key, wsa:MessageID);
	// "" lets CONTEXT/REQUEST_ID count, else the call has none and may run twice
	// when a client repeats it.
	RequestID string
	// Credentials come from the transport (Basic, UsernameToken, certificate);
	// nil means CONTEXT's OPERATOR and PASSWORD.
	Credentials *Credentials
	// Security is what a WS-Security header says beside them; nil when there is none.
	Security *access.Security
	// System says that the server itself calls, as access.System, for what is due.
	// Only whoever wires the server sets it, never a face.
	System bool
	Origin Origin
	// DryRun has everything done and answered, and then undone: nothing is kept of it
	// but an audit row that says so.
	DryRun bool
}

// Credentials name an operator to the server.
type Credentials = access.Credentials

// Origin is where a call came from.
type Origin struct {
	Face   string // soap, tmf, console, replay, scheduler
	Remote netip.Addr
}

// Result is the answer to a call that reached a workflow.
type Result struct {
	ErrorCode    int    // 0 = success, else the number of a failure.Code
	ErrorMessage string // "" on success; in the caller's language
	Status       int    // StatusOK, StatusBusiness, StatusTechnical
	Values       value.Tree
	Replayed     bool // the answer kept for this request id, not a new one

	// Of the call, and no part of its answer: the brand's key, "" when it did not come so
	// far; the customers whose objects it touched; the hookpoints whose scripts ran, sorted.
	Brand    string
	Accounts []store.ID
	Ran      []string
}

// What Result.Status says.
const (
	StatusOK        = 0
	StatusBusiness  = 1 // errorCode from 100
	StatusTechnical = 2 // errorCode 1 to 9
)

// SecurityError is what Invoke returns when a known operator's WS-Security header is
// refused: one of the codes of access.Guard.CheckSecurity, for which that standard
// has faults of its own. Nothing was run.
type SecurityError struct{ Cause error }

func (e *SecurityError) Error() string { return e.Cause.Error() }

// Unwrap gives the cause.
func (e *SecurityError) Unwrap() error { return e.Cause }
