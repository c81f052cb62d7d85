package server

import (
	"rator/calllog"
	"rator/tmf"
)

// LoggedTMF gives what hands the calls of the TM Forum face to the log, as logged does.
func (s *Server) LoggedTMF(skip []string) func(*tmf.Answered) {
	if s.Calls == nil {
		return nil
	}
	return func(a *tmf.Answered) {
		c := calllog.Call{
			At: a.At, Took: a.Took, Face: calllog.FaceTMF, Hookpoint: a.Right, Hookpoints: a.Hookpoints, Brand: a.Brand, Accounts: numbersOf(a.Accounts), Operator: a.Operator,
			RequestID: a.RequestID, Object: a.ID, Remote: a.Remote, Method: a.Method, Target: a.Target, Status: a.Status, ErrorCode: a.Code,
			RequestType: a.RequestType, AnswerType: a.AnswerType,
		}
		if skipped(skip, &c) || isTurnedAway(&c) && s.turned.leavesOut(&c) {
			return
		}
		if a.Broken {
			c.Fault = brokenOff
		}
		if a.AnswerBytes > int64(len(a.Answer)) {
			c.AnswerBytes = a.AnswerBytes
		}
		s.Calls.Keep(&c, a.Request, a.Answer)
	}
}

// brokenOff is the fault of a call whose answer did not go out whole.
const brokenOff = "BrokenOff"
