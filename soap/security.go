package soap

import (
	"errors"
	"strings"

	"rator/access"
	"rator/failure"
	"rator/workflow"
)

// The names of the faults of WS-Security (SOAP Message Security 1.1, chapter 12).
var (
	invalidSecurity      = QName{namespaceSecurity, "InvalidSecurity"}
	invalidSecurityToken = QName{namespaceSecurity, "InvalidSecurityToken"}
	unsupportedToken     = QName{namespaceSecurity, "UnsupportedSecurityToken"}
	failedAuthentication = QName{namespaceSecurity, "FailedAuthentication"}
	messageExpired       = QName{namespaceUtility, "MessageExpired"}
	securityFaults       = map[*failure.Code]QName{
		access.BadTimestamp:   invalidSecurity,
		access.MessageExpired: messageExpired,
		access.BadToken:       invalidSecurityToken,
		access.StaleToken:     failedAuthentication,
		access.UsedToken:      failedAuthentication,
	}
)

// securityFault is the fault that answers a refused WS-Security header; nil when
// that is not what cause is.
func securityFault(cause error) *Fault {
	var refused *workflow.SecurityError
	var why *failure.Error
	if !errors.As(cause, &refused) || !errors.As(refused, &why) {
		return nil
	}
	return &Fault{Code: FaultClient, Subcodes: []QName{securityFaults[why.Code]}, Text: why.Message("EN"), Cause: cause}
}

// security reads a WS-Security block. It is understood when it holds nothing
// but a UsernameToken and a Timestamp.
func (d *decoder) security(m *Message) (understood bool, err error) {
	s := &d.scanner
	understood = true
	err = d.children(func() error {
		switch {
		case s.in.space == spaceSecurity && s.local == "UsernameToken":
			if m.Credentials != nil {
				return d.insecure(invalidSecurity, "UsernameToken is given twice")
			}
			m.Credentials = &workflow.Credentials{Hint: "the UsernameToken counts before HTTP Basic and CONTEXT; give it Username and Password"}
			return d.usernameToken(m)
		case s.in.space == spaceUtility && s.local == "Timestamp":
			return d.timestamp(m)
		}
		understood = false
		return s.skip()
	})
	return understood, err
}

func (d *decoder) usernameToken(m *Message) error {
	s := &d.scanner
	return d.children(func() error {
		switch {
		case s.in.space == spaceSecurity && s.local == "Username":
			return d.textInto(&m.Credentials.Operator)()
		case s.in.space == spaceSecurity && s.local == "Password":
			for _, a := range s.attributes {
				if a.local == "Type" && !strings.HasSuffix(a.value, "#PasswordText") {
					return d.insecure(unsupportedToken, "the Password of a UsernameToken must be of type PasswordText")
				}
			}
			return d.textInto(&m.Credentials.Password)()
		case s.in.space == spaceSecurity && s.local == "Nonce":
			return d.said(&m.secured().Nonce)
		case s.in.space == spaceUtility && s.local == "Created":
			return d.said(&m.secured().Created)
		}
		return s.skip()
	})
}

func (d *decoder) timestamp(m *Message) error {
	s := &d.scanner
	if d.stamped {
		return d.insecure(invalidSecurity, "Timestamp is given twice")
	}
	d.stamped = true
	return d.children(func() error {
		switch {
		case s.in.space == spaceUtility && s.local == "Created":
			return d.said(&m.secured().Issued)
		case s.in.space == spaceUtility && s.local == "Expires":
			return d.said(&m.secured().Expires)
		}
		return s.skip()
	})
}

// said reads the text of the open element, which may be there once.
func (d *decoder) said(text *string) error {
	if *text != "" {
		return d.insecure(invalidSecurity, d.scanner.local+" is given twice")
	}
	err := d.textInto(text)()
	*text = trimSpace(*text)
	return err
}

// insecure skips the open element, for which the request is refused.
func (d *decoder) insecure(name QName, text string) error {
	at := d.refuse("%s", text)
	d.blame(&Fault{Code: FaultClient, Subcodes: []QName{name}, Text: at.Error(), Cause: at})
	return d.scanner.skip()
}

func (m *Message) secured() *access.Security {
	if m.Security == nil {
		m.Security = new(access.Security)
	}
	return m.Security
}
