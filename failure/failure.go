// Package failure holds the errors the business answers with: a closed set of
// Kinds, and an open set of Codes, each declared once, next to the rule it
// stands for. It knows no room and every room may use it. An error that is not
// a *failure.Error is Internal: callers learn an incident id and nothing else.
//
// It lives below the store because a unique index names the Code its violation
// becomes (store.md), and below access and catalogue because they fail too.
package failure

import (
	"errors"
	"fmt"
)

// Kind is what a face needs to know of a failure to map it (architecture.md 6).
type Kind uint8

// The closed set of Kinds. The zero Kind is Internal, so that a forgotten
// declaration never leaks a cause.
const (
	Internal Kind = iota // ours; callers get an incident id only
	Invalid              // the request is wrong; the same request fails again
	NotFound             // a named thing does not exist
	Conflict             // the request clashes with what is stored
	Denied               // who asks may not
	Busy                 // try again later
)

var kindNames = [...]string{"internal", "invalid", "not found", "conflict", "denied", "busy"}

func (k Kind) String() string { return kindNames[k] }

// Error is a failure with a Code. Detail says which thing and which rule; it is
// shown to the caller and must hold no secret. Cause is for the log only.
type Error struct {
	Code   *Code
	Detail string
	Text   Text // replaces the Code's, such as a script's own words; nil = the Code's
	Cause  error
}

// Error is the English sentence with the detail.
func (e *Error) Error() string {
	s := e.Code.Name + ": " + e.Message("EN")
	if e.Cause != nil {
		s += ": " + e.Cause.Error()
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Is reports whether target is an *Error with the same Code, so that
// errors.Is(err, UsernameNotUnique.Error()) works across wrapping.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// Message is the sentence for a caller whose language is lang (two capitals);
// a language without a text gets the English one.
func (e *Error) Message(lang string) string {
	text := e.Sentence(lang)
	if e.Detail == "" {
		return text
	}
	if text == "" {
		return e.Detail
	}
	return text + ": " + e.Detail
}

// Answer is the errorMessage of SOAP: the Message, and of a Code that is Verbatim the
// sentence alone.
func (e *Error) Answer(lang string) string {
	if e.Code.verbatim {
		return e.Sentence(lang)
	}
	return e.Message(lang)
}

// Sentence is the Message without the Detail.
func (e *Error) Sentence(lang string) string {
	if text := e.Text.in(lang); text != "" {
		return text
	}
	return e.Code.TextIn(lang)
}

// Error is the Code as an error without detail.
func (c *Code) Error() *Error { return &Error{Code: c} }

// With is the Code as an error that says which thing and which rule.
func (c *Code) With(format string, args ...any) *Error {
	return &Error{Code: c, Detail: fmt.Sprintf(format, args...)}
}

// Because is the Code as an error with a cause for the log.
func (c *Code) Because(cause error) *Error { return &Error{Code: c, Cause: cause} }

// CodeOf is the Code of err: nil for a nil error, and for an error that has none.
func CodeOf(err error) *Code {
	if err == nil { // most often, and then nothing is to be allocated
		return nil
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return nil
}

// KindOf is the Kind of err; an error without a Code is Internal.
func KindOf(err error) Kind {
	if c := CodeOf(err); c != nil {
		return c.Kind
	}
	return Internal
}
