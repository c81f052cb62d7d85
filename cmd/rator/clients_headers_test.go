package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/suite"
)

// TestClientsHeaders runs the clients that send WS-Addressing and WS-Security headers,
// and messages in parts.
// The WSDL has no policy that asks for them: who sends them does so of his own accord,
// but for zeep, which sends WS-Addressing whenever a WSDL names actions.
func TestClientsHeaders(t *testing.T) {
	suite.Foreign(t, "PHP, zeep and JAX-WS")
	const (
		executed = "http://soap.CDRator.com/Invoker/executeMethodResponse"
		of2005   = "http://www.w3.org/2005/08/addressing"
		faulted  = of2005 + "/soap/fault"
	)
	inBoth := func(lines map[string]string) map[string]string {
		both := map[string]string{}
		for name, line := range lines {
			both[name+"11"], both[name+"12"] = line, line
		}
		return both
	}
	for client, want := range map[string]map[string]string{
		"php": {
			"token": "0", "again": "wsse:FailedAuthentication", "old": "wsse:FailedAuthentication", "ahead": "wsse:FailedAuthentication",
			"hex": "wsse:InvalidSecurityToken", "wrong": "2", "addressing": "0 relates to urn:php:1", "elsewhere": "wsa:OnlyAnonymousAddressSupported",
		},
		"zeep": inBoth(map[string]string{
			"addressing": "0 related " + executed, "plugin": "0 related " + executed, "token": "0 related " + executed, "wrong": "2 related " + executed,
			"timestamp": "0 related " + executed, "expired": "MessageExpired related " + faulted, "digest": "UnsupportedSecurityToken related " + faulted,
		}),
		"jaxws": {
			"plain": "0 no headers", "addressing": "0 " + of2005 + " " + executed, "addressing12": "0 " + of2005 + " " + executed,
			"submission": "0 http://schemas.xmlsoap.org/ws/2004/08/addressing " + executed,
			"fault":      "Client " + of2005 + " " + faulted, "fault12": "Client " + of2005 + " " + faulted, "unknown": "1 " + of2005 + " " + executed,
			"token": "0 " + of2005 + " " + executed, "again": "FailedAuthentication " + of2005 + " " + faulted, "again12": "FailedAuthentication " + of2005 + " " + faulted,
			"mtom": "0 no headers sent in 1 parts", "mtom12": "0 " + of2005 + " " + executed + " sent in 1 parts",
			"attachment": "0 no headers sent in 2 parts", "mtomAttachment": "0 no headers sent in 2 parts",
		},
	} {
		t.Run(client, func(t *testing.T) {
			t.Parallel()
			endpoint := startServer(t, "--demo", "--hookpoints", filepath.Join(clients, "hookpoints")).endpoint
			// Reading the folder makes a cached result depend on its files.
			if _, err := os.ReadDir(filepath.Join(clients, client)); err != nil {
				t.Fatal(err)
			}
			got := runClient(t, filepath.Join(clients, client, "headers"), endpoint, "")
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
