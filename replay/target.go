package replay

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"rator/mask"
	"rator/replay/fixture"
	"rator/wire"
	"rator/workflow/contract"
)

// Target is what scenarios are played against. Safe for concurrent use.
type Target interface {
	// Begin opens what one playing of s is played against.
	Begin(ctx context.Context, s *fixture.Scenario) (Session, error)
	// Endpoint is where it is, for reports; "" = in this process.
	Endpoint() string
	// Does is why the target cannot do what a line of a .do file says, as far as its first
	// word tells; nil when it can.
	Does(line string) error
}

// Session is the server of one playing of a scenario.
type Session interface {
	// Do sends a request whose URL has only a path and query; "" is the endpoint's
	// own. The error is an *unreachableError when nobody was there.
	Do(r *http.Request) (*http.Response, error)
	// Deed does what a line of a .do file says. What it gives, if anything, counts as
	// an answer.
	Deed(ctx context.Context, line string) (*DeedAnswer, error)
	// Contract is the server's contract of a hookpoint; nil when there is none: then
	// nothing in its answers is volatile.
	Contract(hookpoint string) *contract.Contract
	// Now is the time by the server's clock, as far as it is known.
	Now() time.Time
	Close() error
}

// DeedAnswer is what a deed found, for the requests after it: ${03:NAME}.
type DeedAnswer struct {
	Step   string
	Values map[string]string
}

// unreachableError says that nobody answers at the endpoint.
type unreachableError struct {
	Endpoint string
	Cause    error
}

func (e *unreachableError) Error() string {
	var inner *url.Error // says the address again
	cause := e.Cause
	if errors.As(cause, &inner) {
		cause = inner.Err
	}
	return fmt.Sprintf("no answer from %s: %v", e.Endpoint, cause)
}

func (e *unreachableError) Unwrap() error { return e.Cause }

// remote is a running server.
type remote struct {
	endpoint  *url.URL
	client    *http.Client
	contracts func(hookpoint string) *contract.Contract
}

// Remote is the server at endpoint, an absolute http or https URL. jobs
// connections are kept, and an answer may take timeout. contracts gives those that
// its hookpoints are thought to have.
func Remote(endpoint string, jobs int, timeout time.Duration, contracts func(hookpoint string) *contract.Contract) (Target, error) {
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("%q is no endpoint; it is such as http://127.0.0.1:8080%s", mask.Address(endpoint), wire.Path)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = max(jobs, 1)
	transport.MaxIdleConns = max(jobs, transport.MaxIdleConns)
	transport.DisableCompression = true // what is sent is what the fixture says
	return &remote{endpoint: u, contracts: contracts, client: &http.Client{
		Transport: transport, Timeout: timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

func (t *remote) Endpoint() string { return mask.Address(t.endpoint.String()) }

func (t *remote) Begin(context.Context, *fixture.Scenario) (Session, error) { return t, nil }

func (t *remote) Do(r *http.Request) (*http.Response, error) {
	at := *t.endpoint
	if r.URL.Path != "" {
		at.Path, at.RawPath, at.RawQuery = r.URL.Path, r.URL.RawPath, r.URL.RawQuery
	}
	r.URL, r.Host = &at, ""
	response, err := t.client.Do(r)
	if err != nil {
		return nil, &unreachableError{Endpoint: t.Endpoint(), Cause: err}
	}
	return response, nil
}

func (t *remote) Deed(_ context.Context, line string) (*DeedAnswer, error) {
	return nil, t.Does(line)
}

func (t *remote) Does(line string) error {
	return fmt.Errorf("%q happens only in a server in this process; leave out --endpoint", line)
}

func (t *remote) Contract(hookpoint string) *contract.Contract { return t.contracts(hookpoint) }

func (t *remote) Now() time.Time { return time.Now() }

func (t *remote) Close() error { return nil }
