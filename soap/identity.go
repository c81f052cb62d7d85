package soap

import (
	"net/netip"

	"rator/workflow"
)

// request is the call as the workflow takes it.
func (x *exchange) request(m *Message) (workflow.Request, error) {
	id, err := requestID(x.r.Header.Get("Idempotency-Key"), m.MessageID)
	return workflow.Request{
		Hookpoint:   m.Hookpoint,
		Values:      m.Values,
		RequestID:   id,
		Credentials: x.credentials(m),
		Security:    m.Security,
		DryRun:      m.DryRun,
		Origin:      workflow.Origin{Face: "soap", Remote: remote(x.r.RemoteAddr)},
	}, err
}

// requestID is the id the transport carries: Idempotency-Key, else
// wsa:MessageID. It is kept and written to logs, so it must be printable.
func requestID(header, messageID string) (string, error) {
	const longest = 128
	id, where := header, "Idempotency-Key"
	if id == "" {
		id, where = messageID, "wsa:MessageID"
	}
	if len(id) > longest {
		return "", &Fault{Code: FaultClient, Text: where + " is longer than 128 bytes"}
	}
	for i := range len(id) {
		if id[i] < ' ' || id[i] > '~' {
			return "", &Fault{Code: FaultClient, Text: where + " holds a character that is not printable ASCII"}
		}
	}
	return id, nil
}

// credentials are the most explicit ones the transport carries: a UsernameToken,
// HTTP Basic, the name in a client certificate that TLS has verified; nil when
// there are none, and then CONTEXT's count.
func (x *exchange) credentials(m *Message) *workflow.Credentials {
	if m.Credentials != nil {
		return m.Credentials
	}
	if operator, password, ok := x.r.BasicAuth(); ok {
		return &workflow.Credentials{Operator: operator, Password: password, Hint: "HTTP Basic counts before CONTEXT; give it the name and the password of the operator"}
	}
	if tls := x.r.TLS; tls != nil && len(tls.VerifiedChains) > 0 {
		if name := tls.VerifiedChains[0][0].Subject.CommonName; name != "" {
			return &workflow.Credentials{Operator: name, Certificate: true}
		}
	}
	return nil
}

// remote is the address of the caller; the zero Addr when there is none, as on
// a Unix socket.
func remote(address string) netip.Addr {
	port, err := netip.ParseAddrPort(address)
	if err != nil {
		return netip.Addr{}
	}
	return port.Addr().Unmap()
}
