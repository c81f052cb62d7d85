package server

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"sync/atomic"
)

// Certificates are the server's own certificate, which can be read again while
// it serves, and the CA of its clients'.
type Certificates struct {
	certFile, keyFile string
	current           atomic.Pointer[tls.Certificate]
	config            *tls.Config
}

// LoadCertificates reads files in PEM. Without clientCA no certificate is asked of clients.
func LoadCertificates(certFile, keyFile, clientCA string) (*Certificates, error) {
	cs := &Certificates{certFile: certFile, keyFile: keyFile}
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

func (cs *Certificates) load() error {
	cert, err := tls.LoadX509KeyPair(cs.certFile, cs.keyFile)
	if err != nil {
		return err
	}
	cs.current.Store(&cert)
	return nil
}
