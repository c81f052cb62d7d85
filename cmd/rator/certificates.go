package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
)

// certificates are the server's own certificate, which can be read again while
// it serves, and the CA of its clients'.
type certificates struct {
	certFile, keyFile string
	current           atomic.Pointer[tls.Certificate]
	config            *tls.Config
}

// certificates reads what the flags name; nil when they name none.
func (c *serveCommand) certificates() (*certificates, error) {
	if c.TLSCert == "" && c.TLSKey == "" && c.ClientCA == "" {
		return nil, nil
	}
	if c.TLSCert == "" || c.TLSKey == "" {
		return nil, errors.New("--tls-cert and --tls-key belong together, and --client-ca needs both")
	}
	cs := &certificates{certFile: c.TLSCert, keyFile: c.TLSKey}
	if err := cs.load(); err != nil {
		return nil, err
	}
	cs.config = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
		return cs.current.Load(), nil
	}}
	if c.ClientCA == "" {
		return cs, nil
	}
	pem, err := os.ReadFile(c.ClientCA)
	if err != nil {
		return nil, err
	}
	cs.config.ClientCAs = x509.NewCertPool()
	if !cs.config.ClientCAs.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("--client-ca: %s holds no certificate in PEM", c.ClientCA)
	}
	cs.config.ClientAuth = tls.VerifyClientCertIfGiven
	return cs, nil
}

func (cs *certificates) load() error {
	cert, err := tls.LoadX509KeyPair(cs.certFile, cs.keyFile)
	if err != nil {
		return err
	}
	cs.current.Store(&cert)
	return nil
}
