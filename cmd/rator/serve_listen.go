package main

import (
	"context"
	"errors"
	"fmt"
	"net"
)

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

// certificates reads what the flags name; nil when they name none.
func (c *serveCommand) certificates() (*certificates, error) {
	if c.TLSCert == "" && c.TLSKey == "" && c.ClientCA == "" {
		return nil, nil
	}
	if c.TLSCert == "" || c.TLSKey == "" {
		return nil, errors.New("--tls-cert and --tls-key belong together, and --client-ca needs both")
	}
	return loadCertificates(c.TLSCert, c.TLSKey, c.ClientCA)
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
