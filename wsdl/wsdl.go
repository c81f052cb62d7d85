// Package wsdl holds the published contract: the frozen WSDL and schema, from which
// the names in wire are generated, and what is made from each hookpoint's contract:
// its typed WSDL, sample envelopes and the reference page. It reads contracts and
// knows nothing of how a call is run.
package wsdl
