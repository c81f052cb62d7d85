package tmf

import (
	"fmt"
	"net/http"
	"rator/tmf/jsondoc"
	"strconv"
)

// ProblemCode is one way in which a request fails: the code and short reason of
// the error body, and the status of the answer. Codes that the reference
// implementation has are its own (tmf-customer.md 5); every other one is the
// status and a 0.
type ProblemCode struct {
	Code   string
	Status int
	Reason string
}

// The problems there are.
var (
	BadUsage         = &ProblemCode{"4000", http.StatusBadRequest, "Bad usage"}
	BadQuery         = &ProblemCode{"4001", http.StatusBadRequest, "Bad search query"}
	BadTransition    = &ProblemCode{"4002", http.StatusBadRequest, "Transition not allowed"}
	MissingField     = &ProblemCode{"4003", http.StatusBadRequest, "Missing mandatory field"}
	UnknownValue     = &ProblemCode{"4004", http.StatusBadRequest, "Unknown value"}
	BadOperator      = &ProblemCode{"4011", http.StatusBadRequest, "Wrong operator usage"}
	NotModifiable    = &ProblemCode{"4011", http.StatusBadRequest, "Attribute is not modifiable"}
	BadFormat        = &ProblemCode{"4012", http.StatusBadRequest, "Wrong format"}
	NotAuthenticated = &ProblemCode{"4010", http.StatusUnauthorized, "Not authenticated"}
	NotAllowed       = &ProblemCode{"4030", http.StatusForbidden, "Not allowed"}
	UnknownResource  = &ProblemCode{"4041", http.StatusNotFound, "Unknown resource"}
	WrongMethod      = &ProblemCode{"4050", http.StatusMethodNotAllowed, "Method not allowed"}
	NotAcceptable    = &ProblemCode{"4060", http.StatusNotAcceptable, "Not acceptable"}
	BodyTooSlow      = &ProblemCode{"4080", http.StatusRequestTimeout, "Body did not arrive"}
	Clash            = &ProblemCode{"4090", http.StatusConflict, "Conflict"}
	LostRace         = &ProblemCode{"4120", http.StatusPreconditionFailed, "Precondition failed"}
	BodyTooLong      = &ProblemCode{"4130", http.StatusRequestEntityTooLarge, "Body too long"}
	WrongMediaType   = &ProblemCode{"4150", http.StatusUnsupportedMediaType, "Unsupported media type"}
	BeyondTheEnd     = &ProblemCode{"4160", http.StatusRequestedRangeNotSatisfiable, "Range not satisfiable"}
	Technical        = &ProblemCode{"9000", http.StatusInternalServerError, "Technical error"}
	TryAgain         = &ProblemCode{"5030", http.StatusServiceUnavailable, "Busy, try again"}
)

// Problem is a failed request: what its answer says. Message names the
// attribute by its path and what is wrong with it.
type Problem struct {
	*ProblemCode
	Message string
	header  http.Header // what the answer has besides
}

// With is the problem with a message.
func (c *ProblemCode) With(format string, args ...any) *Problem {
	return &Problem{ProblemCode: c, Message: fmt.Sprintf(format, args...)}
}

func (p *Problem) Error() string { return p.Code + " " + p.Reason + ": " + p.Message }

// and adds a header to the answer.
func (p *Problem) and(name, value string) *Problem {
	if p.header == nil {
		p.header = http.Header{}
	}
	p.header.Set(name, value)
	return p
}

// body is the one shape of every error answer. reference is the address of a
// page about errors, "" for none; old adds the members of 2015.
func (p *Problem) body(reference string, old bool) jsondoc.Value {
	members := []jsondoc.Member{
		jsondoc.MemberOf("code", jsondoc.Text(p.Code)),
		jsondoc.MemberOf("reason", jsondoc.Text(p.Reason)),
		jsondoc.MemberOf("message", jsondoc.Text(p.Message)),
		jsondoc.MemberOf("status", jsondoc.Text(strconv.Itoa(p.Status))),
	}
	if reference != "" {
		members = append(members, jsondoc.MemberOf("referenceError", jsondoc.Text(reference+p.Code)))
	}
	members = append(members, jsondoc.MemberOf("@type", jsondoc.Text("Error")))
	if old {
		members = append(members, jsondoc.MemberOf("error", jsondoc.ObjectOf(jsondoc.MemberOf("code", jsondoc.Text(p.Code)), jsondoc.MemberOf("title", jsondoc.Text(p.Reason)))))
		if p.Message != "" {
			members = append(members, jsondoc.MemberOf("detail", jsondoc.Text(p.Message)))
		}
	}
	return jsondoc.ObjectOf(members...)
}
