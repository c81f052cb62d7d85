// Package problem says how a request of a TM Forum client fails: the codes there are, the
// body of the answer, and what a caller is told of an error of the business.
//
// It finds no fault itself: whoever does picks a Code and says what is wrong.
package problem

import (
	"fmt"
	"net/http"
	"strconv"

	"rator/tmf/jsondoc"
)

// Code is one way in which a request fails: the code and short reason of
// the error body, and the status of the answer. Codes that the reference
// implementation has are its own (tmf-customer.md 5); every other one is the
// status and a 0.
type Code struct {
	Number string // the code of the error body
	Status int
	Reason string
}

// The problems there are.
var (
	BadUsage         = &Code{"4000", http.StatusBadRequest, "Bad usage"}
	BadQuery         = &Code{"4001", http.StatusBadRequest, "Bad search query"}
	BadTransition    = &Code{"4002", http.StatusBadRequest, "Transition not allowed"}
	MissingField     = &Code{"4003", http.StatusBadRequest, "Missing mandatory field"}
	UnknownValue     = &Code{"4004", http.StatusBadRequest, "Unknown value"}
	BadOperator      = &Code{"4011", http.StatusBadRequest, "Wrong operator usage"}
	NotModifiable    = &Code{"4011", http.StatusBadRequest, "Attribute is not modifiable"}
	BadFormat        = &Code{"4012", http.StatusBadRequest, "Wrong format"}
	NotAuthenticated = &Code{"4010", http.StatusUnauthorized, "Not authenticated"}
	NotAllowed       = &Code{"4030", http.StatusForbidden, "Not allowed"}
	UnknownResource  = &Code{"4041", http.StatusNotFound, "Unknown resource"}
	WrongMethod      = &Code{"4050", http.StatusMethodNotAllowed, "Method not allowed"}
	NotAcceptable    = &Code{"4060", http.StatusNotAcceptable, "Not acceptable"}
	BodyTooSlow      = &Code{"4080", http.StatusRequestTimeout, "Body did not arrive"}
	Clash            = &Code{"4090", http.StatusConflict, "Conflict"}
	LostRace         = &Code{"4120", http.StatusPreconditionFailed, "Precondition failed"}
	BodyTooLong      = &Code{"4130", http.StatusRequestEntityTooLarge, "Body too long"}
	WrongMediaType   = &Code{"4150", http.StatusUnsupportedMediaType, "Unsupported media type"}
	BeyondTheEnd     = &Code{"4160", http.StatusRequestedRangeNotSatisfiable, "Range not satisfiable"}
	Technical        = &Code{"9000", http.StatusInternalServerError, "Technical error"}
	TryAgain         = &Code{"5030", http.StatusServiceUnavailable, "Busy, try again"}
)

// Error is a failed request: what its answer says. Message names the
// attribute by its path and what is wrong with it.
type Error struct {
	*Code
	Message string
	Header  http.Header // what the answer has besides
}

// With is the problem with a message.
func (c *Code) With(format string, args ...any) *Error {
	return &Error{Code: c, Message: fmt.Sprintf(format, args...)}
}

func (p *Error) Error() string { return p.Number + " " + p.Reason + ": " + p.Message }

// And adds a header to the answer.
func (p *Error) And(name, value string) *Error {
	if p.Header == nil {
		p.Header = http.Header{}
	}
	p.Header.Set(name, value)
	return p
}

// Body is the one shape of every error answer. reference is the address of a
// page about errors, "" for none; old adds the members of 2015.
func (p *Error) Body(reference string, old bool) jsondoc.Value {
	members := []jsondoc.Member{
		jsondoc.MemberOf("code", jsondoc.Text(p.Number)),
		jsondoc.MemberOf("reason", jsondoc.Text(p.Reason)),
		jsondoc.MemberOf("message", jsondoc.Text(p.Message)),
		jsondoc.MemberOf("status", jsondoc.Text(strconv.Itoa(p.Status))),
	}
	if reference != "" {
		members = append(members, jsondoc.MemberOf("referenceError", jsondoc.Text(reference+p.Number)))
	}
	members = append(members, jsondoc.MemberOf("@type", jsondoc.Text("Error")))
	if old {
		members = append(members, jsondoc.MemberOf("error", jsondoc.ObjectOf(jsondoc.MemberOf("code", jsondoc.Text(p.Number)), jsondoc.MemberOf("title", jsondoc.Text(p.Reason)))))
		if p.Message != "" {
			members = append(members, jsondoc.MemberOf("detail", jsondoc.Text(p.Message)))
		}
	}
	return jsondoc.ObjectOf(members...)
}
