package server

import (
	"net"

	"rator/wire"
)

// Listeners are the addresses of a server.
type Listeners struct {
	Calls        net.Listener
	Operations   net.Listener  // nil = metrics and health are among the calls
	Certificates *Certificates // of calls; nil = plain HTTP
}

// Close gives the addresses back; those that were served are closed already.
func (l *Listeners) Close() {
	_ = l.Calls.Close()
	if l.Operations != nil {
		_ = l.Operations.Close()
	}
}

// Endpoint is the address of the SOAP face.
func (l *Listeners) Endpoint() string {
	scheme := "http"
	if l.Certificates != nil {
		scheme = "https"
	}
	return scheme + "://" + l.Calls.Addr().String() + wire.Path
}
