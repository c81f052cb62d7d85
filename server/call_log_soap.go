package server

import (
	"errors"
	"slices"
	"strings"

	"rator/access"
	"rator/calllog"
	"rator/soap"
	"rator/store"
	"rator/workflow"
	"rator/workflow/contract"
	"rator/workflow/value"
)

// skipped reports whether the log leaves a call out.
func skipped(skip []string, c *calllog.Call) bool { return slices.ContainsFunc(skip, c.Asks) }

// Logged gives what hands the calls of the SOAP face to the log, all but those to
// skip. It runs before the answer is on its way: nothing in it may take long.
func (s *Server) Logged(skip []string) func(*soap.Answered) {
	return func(a *soap.Answered) {
		c := calllog.Call{
			At: a.At, Took: a.Took, Face: calllog.FaceSOAP, Hookpoint: a.Hookpoint, Operator: access.Shown(a.Operator), RequestID: a.RequestID, Remote: a.Remote,
			Status: a.Status, RequestType: a.RequestType, AnswerType: a.AnswerType,
		}
		if skipped(skip, &c) {
			return
		}
		about := a.Values.Items(contract.ContextKey)
		c.Brand = about.Text("BRAND_KEY")
		if c.Operator == "" {
			c.Operator = access.Shown(about.Text("OPERATOR"))
		}
		if c.RequestID == "" {
			c.RequestID = about.Text("REQUEST_ID")
		}
		var answered value.Tree
		insecure := false
		switch {
		case a.Result != nil:
			answered = a.Result.Values
			c.Hookpoints, c.Accounts = a.Result.Ran, numbersOf(a.Result.Accounts)
			if a.Result.Brand != "" { // else it did not come so far that one was found
				c.Brand = a.Result.Brand
			}
			c.ErrorCode = a.Result.ErrorCode
			if id := answered.Text("REQUEST_ID"); id != "" {
				c.RequestID = id // also of a call that brought none
			}
		case a.Fault != nil:
			c.Fault = string(a.Fault.Code)
			insecure = errors.As(a.Fault, new(*workflow.SecurityError))
		}
		if (insecure || isTurnedAway(&c)) && s.turned.leavesOut(&c) {
			return
		}
		if k := s.contractOf(a.Hookpoint); k != nil {
			c.Object = objectOf(k, a.Values, answered)
		}
		s.Calls.Keep(&c, a.Request, a.Answer)
	}
}

// numbersOf are ids as the log has them.
func numbersOf(ids []store.ID) (numbers []uint64) {
	for _, id := range ids {
		numbers = append(numbers, uint64(id))
	}
	return numbers
}

// objectOf is the text of the value that the contract names as the object's key:
// of the request, else of the answer. A secret is none.
func objectOf(c *contract.Contract, request, answer value.Tree) string {
	if c.ObjectKey == "" {
		return ""
	}
	for _, side := range []struct {
		declared []*contract.Value
		values   value.Tree
	}{{c.Request, request}, {c.Response, answer}} {
		if e := side.values.Path(c.ObjectKey); e != nil && e.Text != "" && !isSecret(side.declared, c.ObjectKey) {
			return e.Text
		}
	}
	return ""
}

func isSecret(declared []*contract.Value, at string) bool {
	for key := range strings.SplitSeq(at, "/") {
		v := contract.Find(declared, key)
		if v == nil {
			return false
		}
		if v.Secret != contract.NotSecret {
			return true
		}
		declared = v.Values
	}
	return false
}
