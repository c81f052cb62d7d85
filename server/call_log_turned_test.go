package server_test

import (
	"testing"
	"time"

	"rator/server"
	"rator/server/servertest"
	"rator/soap"
	"rator/tmf"
	"rator/unit"
	"rator/workflow"
)

// TestCallsTurnedAwayDoNotFloodTheLog: of calls for which nothing was done, since nobody
// was recognised or the server was busy, the log has some of each minute; all others
// are there.
func TestCallsTurnedAwayDoNotFloodTheLog(t *testing.T) {
	s, _, _ := servertest.Logged(t)
	overSOAP, overTMF := s.Logged(nil), s.LoggedTMF(nil)
	written := func() int64 {
		t.Helper()
		if err := s.Calls.Flush(); err != nil {
			t.Fatal(err)
		}
		return s.Calls.Stats().Written
	}
	before, minute := written(), time.Date(2026, 1, 2, 3, 4, 0, 0, time.UTC)
	for n := range 20 * server.MostTurnedAway {
		at := minute.Add(time.Duration(n) * time.Millisecond)
		switch n % 5 {
		case 0:
			overSOAP(&soap.Answered{At: at, Status: 200, Result: &workflow.Result{ErrorCode: 2}})
		case 1:
			overSOAP(&soap.Answered{At: at, Status: 200, Result: &workflow.Result{ErrorCode: 6}})
		case 2:
			overSOAP(&soap.Answered{At: at, Status: 503, Fault: &soap.Fault{Cause: &unit.BusyError{}}})
		case 3:
			overSOAP(&soap.Answered{At: at, Status: 500, Fault: &soap.Fault{Cause: &workflow.SecurityError{}}})
		case 4:
			overTMF(&tmf.Answered{At: at, Status: 401})
		}
	}
	if n := written() - before; n != server.MostTurnedAway {
		t.Errorf("%d calls that were turned away are kept of one minute, want %d", n, server.MostTurnedAway)
	}
	before = written()
	for _, code := range []int{0, 3, 4, 100} {
		overSOAP(&soap.Answered{At: minute, Status: 200, Result: &workflow.Result{ErrorCode: code}})
	}
	overSOAP(&soap.Answered{At: minute, Status: 500, Fault: &soap.Fault{Code: soap.FaultClient}})
	for _, status := range []int{200, 403, 404} {
		overTMF(&tmf.Answered{At: minute, Status: status})
	}
	overTMF(&tmf.Answered{At: minute.Add(time.Minute), Status: 503})
	if n := written() - before; n != 9 {
		t.Errorf("%d of 8 other calls are kept, and one of the next minute", n)
	}
}
