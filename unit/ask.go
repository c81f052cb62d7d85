package unit

import (
	"net/netip"

	"rator/access"
	"rator/catalogue"
)

// Ask is what a face knows of a call before anything of it is done. The functions are
// called in the order in which they stand here, none of them twice but Refused, Keep and
// Tell; nil ones are left out.
type Ask struct {
	Face      string // soap, tmf, console, replay, scheduler
	Operation string // what is asked, as metrics name it: a hookpoint's key, or a right of TM Forum; "" = nothing that there is
	Named     string // the same as the caller wrote it, fit for the audit; "" = Operation
	Remote    netip.Addr

	Credentials access.Credentials
	System      bool   // the server itself calls, as access.System; only who wires the server says so
	Right       string // that the operator needs; "" = every operator may
	Brand       BrandName

	// RequestID names the call, so that it is done once however often it comes; "" =
	// it has no name. It is as it may be kept; ClearID is as it came, and as
	// versions before kept it.
	RequestID, ClearID string
	Notes              []string // lines of the audit row that are known before

	Reads  bool // nothing is changed: fn runs in a View
	Apart  bool // of a reading call: fn gets no Tx, and looks with Unit.Look and LookBehind as often as it must
	Slow   bool // neither an index nor a limit bounds how much is looked at; Receive may still say so
	DryRun bool // everything is done and answered, and then undone

	// Recognised is told who asks, before anything else is asked of them.
	Recognised func(*access.Operator) error
	// Receive reads what the caller has not sent yet. No turn is held meanwhile.
	Receive func() error
	// Prepare checks what is asked in the brand's terms and says what makes two calls
	// with one RequestID the same call. It may give both a Question and an error: a
	// version that took what this one refuses may have answered it.
	Prepare func(*catalogue.Brand) (Question, error)
	// Ready does what takes long and needs no transaction, of a call that changes things
	// and that was not answered before.
	Ready func() error
	// Again takes the answer that was kept for the call. Its error is that answer's.
	Again func(body string) error
	// Refused reports whether an error of fn is an answer, and not a breakdown: then
	// only what fn did is undone, and audit row and answer stay. nil = business failures.
	Refused func(error) bool
	// Tell completes what is told of the call: in the transaction, for its audit row, and
	// when it is over. It may change anything but Took.
	Tell func(*Told, error)
	// Keep writes down the answer of fn's last run, whose error is given; false = it is
	// not kept. It is called in the transaction.
	Keep func(error) (body string, keep bool, err error)
}

// Question is what a call asks for.
type Question interface {
	// Fingerprint is kept beside the answer. It tells its algorithm.
	Fingerprint() string
	// Is reports whether a kept fingerprint, of whatever algorithm, is the question's.
	Is(fingerprint string) bool
}
