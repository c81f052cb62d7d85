package main

import (
	"context"
	"errors"
	"fmt"
	"net"
)

// listeners are the addresses of a server.
type listeners struct {
	calls        net.Listener
	operations   net.Listener  // nil = metrics and health are among the calls
	certificates *certificates // of calls; nil = plain HTTP
}

// listen takes the addresses that the flags name, and reads their certificates.
func (c *serveCommand) listen(ctx context.Context) (*listeners, error) {
	if _, err := c.loopback(); err != nil {
		return nil, err
	}
	certificates, err := c.certificates()
	if err != nil {
		return nil, unreachable(err)
	}
	l := &listeners{certificates: certificates}
	if l.calls, err = listen(ctx, "--listen", c.Listen); err != nil {
		return nil, err
	}
	if c.MetricsListen == "" {
		return l, nil
	}
	if l.operations, err = listen(ctx, "--metrics-listen", c.MetricsListen); err != nil {
		return nil, errors.Join(err, l.calls.Close())
	}
	return l, nil
}

// close gives the addresses back; those that were served are closed already.
func (l *listeners) close() {
	_ = l.calls.Close()
	if l.operations != nil {
		_ = l.operations.Close()
	}
}

// loopback reports whether only this machine is listened to, which a demo must.
func (c *serveCommand) loopback() (bool, error) {
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return false, misused(fmt.Errorf("--listen: %w", err))
	}
	ip := net.ParseIP(host)
	loopback := host == "localhost" || ip != nil && ip.IsLoopback()
	if c.Demo && !loopback {
		return false, misused(fmt.Errorf("--listen %s: everybody knows the password of --demo's operator, so only loopback is served; start without --demo", c.Listen))
	}
	return loopback, nil
}

// endpoint is the address of the SOAP face.
func (l *listeners) endpoint() string {
	scheme := "http"
	if l.certificates != nil {
		scheme = "https"
	}
	return scheme + "://" + l.calls.Addr().String() + endpointPath
}
