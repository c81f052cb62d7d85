package server_test

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rator/failure"
	"rator/server/servertest"
	"rator/suite"
	"rator/workflow"
	"rator/workflow/value"
)

// TestStarvedScripts: on a machine on which many more want to run than can, no call is
// told that its workflow has a fault. Some may be told to try again.
func TestStarvedScripts(t *testing.T) {
	suite.Long(t, "64 callers and 100 spinning goroutines on one processor")
	s := servertest.New(t)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var spinning, callers sync.WaitGroup
	var enough atomic.Bool
	for range 100 {
		spinning.Go(func() {
			for !enough.Load() {
			}
		})
	}
	var mu sync.Mutex
	outcomes := map[string]int{}
	for i := range 64 {
		callers.Go(func() {
			account := ""
			for k, hookpoint := range []string{"SOAP_SIGNUP_CUSTOMER", "SOAP_GET_ACCOUNT", "SOAP_SIGNUP_CUSTOMER", "SOAP_GET_ACCOUNT"} {
				values := value.Tree{
					value.OfString("ACCOUNT_TYPE", "0"), value.OfString("PRODUCT_CODE", "POST_PAID"),
					value.Of("USER", value.OfString("FIRST_NAME", "Åse"), value.OfString("LAST_NAME", "Øre"), value.OfString("STREET", "Algade"), value.OfString("ZIP", "5000"), value.OfString("CITY", "Odense"), value.OfString("EMAIL", "aase@example.com"), value.OfString("USERNAME", fmt.Sprintf("aase.%d.%d", i, k))),
				}
				if hookpoint == "SOAP_GET_ACCOUNT" {
					values = value.Tree{value.OfString("ACCOUNT_ID", account)}
				}
				r, err := s.Engine.Invoke(t.Context(), workflow.Request{Hookpoint: hookpoint, Values: append(values, servertest.Context()), RequestID: fmt.Sprintf("starved-%d-%d", i, k)})
				if err != nil {
					t.Error(err)
					return
				}
				if id := r.Values.Items("ACCOUNT").Text("ID"); id != "" {
					account = id
				}
				mu.Lock()
				outcomes[fmt.Sprintf("%s %d", hookpoint, r.ErrorCode)]++
				mu.Unlock()
				if r.ErrorCode == failure.WorkflowFailed.Number {
					t.Error(r.ErrorMessage)
				}
			}
		})
	}
	began := time.Now()
	callers.Wait()
	enough.Store(true)
	spinning.Wait()
	t.Logf("in %s: %v", time.Since(began), outcomes)
}
