package main

import (
	"crypto/tls"
	"crypto/x509"
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

// loadCertificates reads files in PEM. Without clientCA no certificate is asked of clients.
func loadCertificates(certFile, keyFile, clientCA string) (*certificates, error) {
	cs := &certificates{certFile: certFile, keyFile: keyFile}
	if err := cs.load(); err != nil {
		return nil, err
	}
	cs.config = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
		return cs.current.Load(), nil
	}}
	if clientCA == "" {
		return cs, nil
	}
	pem, err := os.ReadFile(clientCA)
	if err != nil {
		return nil, err
	}
	cs.config.ClientCAs = x509.NewCertPool()
	if !cs.config.ClientCAs.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("--client-ca: %s holds no certificate in PEM", clientCA)
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
