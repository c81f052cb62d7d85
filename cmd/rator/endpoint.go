package main

import (
	"fmt"
	"net/url"

	"rator/wire"
)

// defaultEndpoint is where a server listens that was told nothing else.
const defaultEndpoint = "http://127.0.0.1:8080" + wire.Path

// endpointFlag is the flag of the commands that call a server. `rator replay` has one of
// its own without a default: what plays many calls is not sent where a single one goes
// because of a variable.
type endpointFlag struct {
	Endpoint string `help:"SOAP endpoint of the server (default ${default})." default:"http://127.0.0.1:8080/workflow-soap/InvokerService" placeholder:"URL" env:"RATOR_ENDPOINT,RATOR_URL" aliases:"url"`
}

// Validate is called by kong.
func (f endpointFlag) Validate() error {
	u, err := url.Parse(f.Endpoint)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("--endpoint %q is no URL such as %s", f.Endpoint, defaultEndpoint)
	}
	return nil
}
