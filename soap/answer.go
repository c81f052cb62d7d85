package soap

import (
	"errors"
	"strconv"
	"strings"

	"rator/wire"
	"rator/workflow"
)

// DecodeAnswer reads the answer to executeMethod. A fault the server sent is the
// error, as a *Fault; an answer that cannot be read is a *SyntaxError or a
// *LimitError. The result's strings are parts of the message.
func DecodeAnswer(message string, media Media, limits *Limits) (workflow.Result, error) {
	var r workflow.Result
	var sent *Fault
	err := decode(message, media, limits, func(d *decoder) error {
		var answered bool
		err := d.envelope(d.scanner.skip, func() error {
			s := &d.scanner
			switch {
			case s.in.uri == d.version.Namespace() && s.local == wire.Fault:
				sent = new(Fault)
				return d.fault(sent)
			case s.in.space != spaceContract || s.local != wire.OperationAnswer:
				return d.refuse("{%s}%s is not the answer to %s", clip(s.in.uri), clip(s.local), wire.Operation)
			}
			return d.operationAnswer(&r, &answered)
		})
		if err == nil && sent == nil && !answered {
			return &SyntaxError{Message: "the answer has no " + wire.Return}
		}
		return err
	})
	var unreadable *Fault
	switch {
	case errors.As(err, &unreadable): // ours, to a message that is none
		return r, &SyntaxError{Message: unreadable.Text}
	case err == nil && sent != nil:
		return r, sent
	}
	return r, err
}

func (d *decoder) operationAnswer(r *workflow.Result, answered *bool) error {
	err := d.children(func() error {
		if d.member() != wire.Return {
			return d.scanner.skip()
		}
		return d.once(answered, func() error {
			return d.children(func() error { return d.answerMember(r) })
		})
	})
	r.Values = d.take(0)
	return err
}

func (d *decoder) answerMember(r *workflow.Result) error {
	switch d.member() {
	case wire.ErrorCode:
		return d.number(&r.ErrorCode)
	case wire.ErrorMessage:
		return d.textInto(&r.ErrorMessage)()
	case wire.Status:
		return d.number(&r.Status)
	case wire.Values:
		_, err := d.entry(1)
		return err
	}
	return d.scanner.skip()
}

func (d *decoder) number(into *int) error {
	name := d.scanner.local
	var text string
	if err := d.textInto(&text)(); err != nil {
		return err
	}
	n, err := strconv.Atoi(trimSpace(text))
	if err != nil {
		return d.refuse("%s is not a number: %q", name, clip(text))
	}
	*into = n
	return nil
}

// fault reads a fault of either version. Of several codes the first counts, the
// others are subcodes; of several texts the first.
func (d *decoder) fault(f *Fault) error {
	var code string
	var read func() error
	read = func() error {
		switch local := d.scanner.local; {
		case local == "Code" || local == "Reason":
			return d.children(read)
		case code == "" && (local == "faultcode" || local == "Value"):
			return d.textInto(&code)()
		case f.Text == "" && (local == "faultstring" || local == "Text"):
			return d.textInto(&f.Text)()
		}
		return d.scanner.skip()
	}
	err := d.children(read)
	f.Code = faultCode(code)
	return err
}

// faultCode is the code a QName in a fault names: S:Sender and S:Client are one,
// and what follows a dot only refines it.
func faultCode(qname string) FaultCode {
	name := trimSpace(qname)
	if _, local, qualified := strings.Cut(name, ":"); qualified {
		name = local
	}
	name, _, _ = strings.Cut(name, ".")
	switch name {
	case "Sender":
		return FaultClient
	case "Receiver":
		return FaultServer
	}
	return FaultCode(name)
}
