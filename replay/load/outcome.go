package load

import (
	"errors"
	"fmt"

	"rator/failure"
	"rator/replay"
	"rator/replay/compare"
	"rator/soap"
	"rator/wire"
)

// fine is the outcome of a call that did what it was to do.
const fine = "OK"

// outcomeOf is how an answer ended: OK, the number and name of an errorCode, a fault, or
// the status of HTTP. status 0 is one that is not known.
func outcomeOf(status int, body []byte) string {
	limits := soap.DefaultAnswerLimits()
	r, err := soap.DecodeAnswer(string(body), soap.Media{}, &limits)
	var fault *soap.Fault
	switch {
	case err == nil && r.ErrorCode == 0 && status < 400:
		return fine
	case err == nil && r.ErrorCode != 0:
		if code := failure.ByNumber(r.ErrorCode); code != nil {
			return fmt.Sprintf("%d %s", code.Number, code.Name)
		}
		return fmt.Sprintf("errorCode %d", r.ErrorCode)
	case errors.As(err, &fault):
		return fmt.Sprintf("fault %s", fault.Code)
	case compare.Operation(body) == wire.Fault:
		return "fault"
	case status >= 300:
		return fmt.Sprintf("HTTP %d", status)
	}
	return fine
}

// recorded is how the recorded answer ended; a request without one is to do what it says.
func recorded(a *replay.Answer) string {
	if a.Step.Response == "" {
		return fine
	}
	return outcomeOf(a.Recorded.Response.Status, a.Recorded.Response.Body)
}
