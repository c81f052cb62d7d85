package soap

import (
	"errors"
	"slices"
	"strings"

	"rator/workflow/value"
)

// A dry run is asked for by a header block {urn:rator}DryRun that must be understood: a
// server which knows no dry runs then refuses the request, as SOAP says, and does not
// do what was only to be tried. The answer to a dry run says so.
const (
	namespaceRator = "urn:rator"
	dryRun         = "DryRun"
	dryRunHeader   = "Rator-Dry-Run" // of HTTP: true
)

// ErrNotDry is what Client.Call returns when the server did not say that it did nothing.
var ErrNotDry = errors.New("the server does not say that this was a dry run, so it may have done the call")

// appendDryRun appends a call of executeMethod that is answered and then undone.
func appendDryRun(to []byte, v Version, hookpoint string, values value.Tree) []byte {
	const body = "<S:Body>"
	message := AppendRequest(nil, v, hookpoint, values)
	at := strings.Index(string(message), body)
	return append(to, slices.Insert(message, at, []byte(`<S:Header><`+dryRun+` xmlns="`+namespaceRator+`" S:mustUnderstand="1"/></S:Header>`)...)...)
}
