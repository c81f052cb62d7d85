package main

import (
	"net"

	"rator/soap"
)

// listeners are the addresses of a server.
type listeners struct {
	calls        net.Listener
	operations   net.Listener  // nil = metrics and health are among the calls
	certificates *certificates // of calls; nil = plain HTTP
}

// close gives the addresses back; those that were served are closed already.
func (l *listeners) close() {
	_ = l.calls.Close()
	if l.operations != nil {
		_ = l.operations.Close()
	}
}

// endpoint is the address of the SOAP face.
func (l *listeners) endpoint() string {
	scheme := "http"
	if l.certificates != nil {
		scheme = "https"
	}
	return scheme + "://" + l.calls.Addr().String() + soap.Path
}
