package main

import (
	"encoding/json"
	"fmt"
	"testing"

	"rator/server"
	"rator/server/servertest"
)

// TestListsAreLists: a key that may repeat by the contract is an array in JSON for
// none, one and two, from rator call and from a script that hands an answer on; an
// answer to no contract, and one that is a refusal, are as they came.
func TestListsAreLists(t *testing.T) {
	r := newRunner(t)
	servertest.Write(t, ".", "search.star", "def run(p):\n    found = api.SOAP_SEARCH_CUSTOMERS(NAME = p.NAME).CUSTOMERS\n    return {\"N\": len(found.CUSTOMER), \"CUSTOMERS\": found}\n")
	who := []string{"--url", r.Endpoint, "--operator", server.DemoOperator, "--password", server.DemoPassword, "--json"}
	call := func(words ...string) (answer struct {
		ErrorCode int
		Values    map[string]json.RawMessage
	}) {
		t.Helper()
		if o := rator(t, "", append(append([]string{"call"}, words...), who...)...); json.Unmarshal([]byte(o.out), &answer) != nil {
			t.Errorf("%v: %+v", words, o)
		}
		return answer
	}
	number := func(found json.RawMessage) int {
		t.Helper()
		var list struct{ CUSTOMER []struct{ LAST_NAME string } }
		if err := json.Unmarshal(found, &list); err != nil || list.CUSTOMER == nil {
			t.Errorf("%s: %v", found, err)
		}
		return len(list.CUSTOMER)
	}
	for n := range 3 {
		if n > 0 {
			servertest.Write(t, ".", "people.csv", fmt.Sprintf("USER.FIRST_NAME,USER.LAST_NAME,USER.CITY,USER.ZIP,USER.EMAIL,USER.USERNAME\nA,Prøve,Odense,5000,a%d@example.com,a%d\n", n, n))
			if o := r.run(t.Context(), fmt.Sprintf("%s --results %d.jsonl", peopleRun, n)); o.code != exitOK {
				t.Fatalf("%+v", o)
			}
		}
		if got := number(call("SOAP_SEARCH_CUSTOMERS", "NAME=Prøve").Values["CUSTOMERS"]); got != n {
			t.Errorf("rator call: %d found, want %d", got, n)
		}
		o := r.run(t.Context(), "search.star --set NAME=Prøve")
		var said struct {
			N         int
			CUSTOMERS json.RawMessage
		}
		if err := json.Unmarshal([]byte(o.out), &said); err != nil || said.N != n || number(said.CUSTOMERS) != n {
			t.Errorf("rator run: %+v", o)
		}
	}
	for _, refused := range [][]string{{"SOAP_SEARCH_CUSTOMERS"}, {"SOAP_NO_SUCH", "A=1"}} {
		if answer := call(refused...); answer.ErrorCode == 0 || answer.Values["CUSTOMERS"] != nil || answer.Values["VALIDATION"] != nil {
			t.Errorf("%v: %v", refused, answer)
		}
	}
}
