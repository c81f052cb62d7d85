package soap

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"rator/transport"
	"rator/workflow"
	"rator/workflow/value"
)

// Client calls an endpoint. Its zero value with a URL is ready; it may be used
// by many at a time and must not be changed then.
type Client struct {
	URL     string       // of the endpoint, https://host/workflow-soap/InvokerService
	HTTP    *http.Client // nil means http.DefaultClient; the context bounds the time
	Version Version      // to call in; the zero value is 1.1
	Limits  Limits       // of answers; the zero value means DefaultAnswerLimits
}

// Call is one call. CONTEXT is one of its values.
type Call struct {
	Hookpoint string
	Values    value.Tree
	// RequestID makes the call safe to repeat: the same id gives the same answer.
	// It goes out as Idempotency-Key; "" sends none.
	RequestID string
	// DryRun has the call answered and then undone: nothing is kept of it. A server that
	// knows no dry runs refuses it with a *Fault of the code FaultMustUnderstand.
	DryRun bool
}

// Call makes a call. A failure of the workflow is a Result with an ErrorCode.
// The error is a *Fault when the server sent one, a *SyntaxError or *LimitError
// for an answer that cannot be read, ErrNotDry, else what net/http says. After an error
// other than a fault of the Client nobody knows whether the call took effect;
// only with a RequestID may it be repeated.
func (c *Client) Call(ctx context.Context, call Call) (workflow.Result, error) {
	encode := AppendRequest
	if call.DryRun {
		encode = appendDryRun
	}
	message := encode(nil, c.Version, call.Hookpoint, call.Values)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL, bytes.NewReader(message))
	if err != nil {
		return workflow.Result{}, err
	}
	r.Header.Set("Content-Type", c.Version.ContentType())
	r.Header.Set("Accept", "text/xml, application/soap+xml")
	if c.Version == Version11 {
		r.Header.Set("SOAPAction", `""`)
	}
	if call.RequestID != "" {
		r.Header.Set("Idempotency-Key", call.RequestID)
	}
	client := c.HTTP
	if client == nil {
		client = http.DefaultClient
	}
	response, err := client.Do(r)
	if err != nil {
		return workflow.Result{}, err
	}
	defer response.Body.Close()
	result, err := c.read(response)
	result.Replayed = response.Header.Get("Idempotent-Replayed") == "true"
	if err == nil && call.DryRun && response.Header.Get(dryRunHeader) != "true" {
		return workflow.Result{}, ErrNotDry
	}
	return result, err
}

// read reads an answer. What is no SOAP is reported with the status it came with.
func (c *Client) read(response *http.Response) (workflow.Result, error) {
	limits := c.Limits
	if limits == (Limits{}) {
		limits = DefaultAnswerLimits()
	}
	url := response.Request.URL.Redacted()
	media, ok := ParseMedia(response.Header.Get("Content-Type"))
	if !ok {
		return workflow.Result{}, fmt.Errorf("%s answered %s with %s, which is not SOAP",
			url, response.Status, clip(response.Header.Get("Content-Type")))
	}
	// One byte more than allowed, so that Decode sees when there is more.
	longest := int64(limits.MessageBytes) + 1
	body, err := io.ReadAll(io.LimitReader(response.Body, longest))
	if err == nil {
		body, err = transport.Unpacked(response.Header, body, longest) // net/http unpacks gzip alone
	}
	if err != nil {
		return workflow.Result{}, fmt.Errorf("%s: %w", url, err)
	}
	var result workflow.Result
	envelope, media, err := Plain(string(body), media, &limits)
	if err == nil {
		result, err = DecodeAnswer(envelope, media, &limits)
	}
	var fault *Fault
	if err != nil && !errors.As(err, &fault) {
		err = fmt.Errorf("%s answered %s with something unreadable: %w", url, response.Status, err)
	}
	return result, err
}
