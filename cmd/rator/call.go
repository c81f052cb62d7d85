package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"rator/server"
	"rator/soap"
	"rator/workflow"
	"rator/workflow/contract"
	"rator/workflow/value"
)

type callCommand struct {
	Hookpoint string   `arg:"" help:"Hookpoint key, such as SOAP_SIGNUP_CUSTOMER."`
	Values    []string `arg:"" optional:"" name:"KEY=value" help:"Values; A.B=x nests, A[2].B=x is the second A. CONTEXT.KEY=x counts before the flags."`

	endpointFlag
	Operator  string        `help:"CONTEXT/OPERATOR." env:"RATOR_OPERATOR"`
	Password  string        `help:"CONTEXT/PASSWORD; better by RATOR_PASSWORD, where others do not see it." env:"RATOR_PASSWORD"`
	Brand     string        `help:"CONTEXT/BRAND_KEY." env:"RATOR_BRAND"`
	Language  string        `help:"CONTEXT/LANGUAGE." default:"EN" env:"RATOR_LANGUAGE"`
	RequestID string        `help:"Makes the call safe to repeat: the same id gets the same answer." env:"-"`
	DryRun    bool          `help:"Have the server do everything, answer, and undo it all: what would happen." env:"-"`
	Trace     bool          `help:"Ask for the steps that the workflow ran."`
	SOAP12    bool          `name:"soap12" help:"Call in SOAP 1.2."`
	Timeout   time.Duration `help:"How long to wait." default:"15s"`
	JSON      bool          `name:"json" help:"Answer as JSON: errorCode, errorMessage, status, values." xor:"form"`
	XML       bool          `name:"xml" help:"Answer as it came, in XML." xor:"form"`

	Hookpoints []string `help:"Directory of hookpoint folders that the server has over the shipped ones; may be repeated." placeholder:"DIR" sep:"none"`
}

func (c *callCommand) Help() string {
	return `Exit code 0 when errorCode is 0, 1 for another errorCode or a SOAP fault, 3 when the endpoint
cannot be reached. Values travel as strings; the server reads them as the contract says. In --json a key
that may repeat by the contract (a shipped one, or one of --hookpoints) is an array, whatever it holds.
--dry-run shows what a call would do: it is done, answered and undone, numbers and ids in the answer are
nobody's, and no event is told. A server that knows no dry runs refuses it.

  rator call SOAP_GET_WEB_USER_PROFILE_INTERNAL CUSTOMER_NUMBER=100001 --operator demo --password demo
  rator call SOAP_CREATE_USER ACCOUNT_ID=202601020304050001 USER.FIRST_NAME=Bo USER.LAST_NAME=Ek USER.EMAIL=bo@example.com --json`
}

// recorder keeps the answer as it came.
type recorder struct{ body bytes.Buffer }

func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err == nil {
		resp.Body = struct {
			io.Reader
			io.Closer
		}{io.TeeReader(resp.Body, &r.body), resp.Body}
	}
	return resp, err
}

func (c *callCommand) Run(t *terminal) error {
	values, err := value.ParseAssignments(c.Values)
	if err != nil {
		return misused(err)
	}
	contracts, err := server.Hookpoints(c.Hookpoints)
	if err != nil {
		return err
	}
	own := contracts.Contract(c.Hookpoint)
	if own != nil {
		for _, key := range contract.Unknown(own.Request, values) {
			fmt.Fprintf(t.err, "rator: warning: %s has no key %s\n", c.Hookpoint, key)
		}
	}
	var heard recorder
	client := &soap.Client{URL: c.Endpoint, HTTP: &http.Client{Transport: &heard, Timeout: c.Timeout}}
	if c.SOAP12 {
		client.Version = soap.Version12
	}
	values = withContext(values, c.context())
	r, err := client.Call(t.ctx, soap.Call{Hookpoint: c.Hookpoint, Values: values, RequestID: c.RequestID, DryRun: c.DryRun})
	var fault *soap.Fault
	switch {
	case c.DryRun && errors.As(err, &fault) && fault.Code == soap.FaultMustUnderstand:
		return errors.New("the server knows no dry runs, and did nothing: update it, or call without --dry-run")
	case errors.Is(err, soap.ErrNotDry):
		return err
	case err != nil && c.XML && heard.body.Len() > 0:
		_, _ = t.out.Write(append(heard.body.Bytes(), '\n'))
		return failed()
	case errors.As(err, &fault):
		return fmt.Errorf("%s", fault)
	case err != nil:
		return unreachable(err)
	}
	if err := c.print(t, r, own, heard.body.Bytes()); err != nil {
		return err
	}
	switch {
	case c.DryRun && r.Replayed:
		fmt.Fprintln(t.err, "rator: this was a dry run: the call with this request id was done before, and that is its answer")
	case c.DryRun:
		fmt.Fprintln(t.err, "rator: this was a dry run: nothing of it is left")
	}
	if r.ErrorCode != 0 {
		return refused(r.ErrorCode, values.Items("CONTEXT"))
	}
	return nil
}

func (c *callCommand) context() value.Entry {
	var about value.Tree
	for _, e := range []struct{ key, text string }{
		{"LANGUAGE", c.Language}, {"OPERATOR", c.Operator}, {"PASSWORD", c.Password}, {"BRAND_KEY", c.Brand},
	} {
		if e.text != "" {
			about = append(about, value.OfString(e.key, e.text))
		}
	}
	if c.Trace {
		about = append(about, value.OfBoolean("TRACE", true))
	}
	return value.Of("CONTEXT", about...)
}

// withContext is values with what about says and their own CONTEXT does not.
func withContext(values value.Tree, about value.Entry) value.Tree {
	own := values.Get(about.Key)
	if own == nil {
		return append(values, about)
	}
	for _, e := range about.Items {
		if own.Items.Get(e.Key) == nil {
			own.Items = append(own.Items, e)
		}
	}
	return values
}

// print writes the answer; own is the contract that is known of the hookpoint, or nil.
func (c *callCommand) print(t *terminal, r workflow.Result, own *contract.Contract, raw []byte) error {
	switch {
	case c.XML:
		_, err := t.out.Write(append(raw, '\n'))
		return err
	case c.JSON:
		var shape *value.Shape
		if own != nil && r.ErrorCode == 0 {
			shape = contract.ShapeOf(own.Response)
		}
		return json.NewEncoder(t.out).Encode(struct {
			ErrorCode    int             `json:"errorCode"`
			ErrorMessage string          `json:"errorMessage"`
			Status       int             `json:"status"`
			Values       json.RawMessage `json:"values"`
		}{r.ErrorCode, r.ErrorMessage, r.Status, shape.JSON(r.Values)})
	}
	var b strings.Builder
	if r.ErrorCode != 0 {
		fmt.Fprintf(&b, "error %d: %s\n", r.ErrorCode, r.ErrorMessage)
	}
	printTree(&b, r.Values, "")
	_, err := io.WriteString(t.out, b.String())
	return err
}
