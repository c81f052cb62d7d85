package main

import (
	"context"
	"errors"
	"fmt"
	"net"

	"rator/server"
)

// listen takes the addresses that the flags name, and reads their certificates.
func (c *serveCommand) listen(ctx context.Context) (*server.Listeners, error) {
	if _, err := c.loopback(); err != nil {
		return nil, err
	}
	certificates, err := c.certificates()
	if err != nil {
		return nil, unreachable(err)
	}
	l := &server.Listeners{Certificates: certificates}
	if l.Calls, err = server.Listen(ctx, "--listen", c.Listen); err != nil {
		return nil, err
	}
	if c.MetricsListen == "" {
		return l, nil
	}
	if l.Operations, err = server.Listen(ctx, "--metrics-listen", c.MetricsListen); err != nil {
		return nil, errors.Join(err, l.Calls.Close())
	}
	return l, nil
}

// certificates reads what the flags name; nil when they name none.
func (c *serveCommand) certificates() (*server.Certificates, error) {
	if c.TLSCert == "" && c.TLSKey == "" && c.ClientCA == "" {
		return nil, nil
	}
	if c.TLSCert == "" || c.TLSKey == "" {
		return nil, errors.New("--tls-cert and --tls-key belong together, and --client-ca needs both")
	}
	return server.LoadCertificates(c.TLSCert, c.TLSKey, c.ClientCA)
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
