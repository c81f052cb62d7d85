package delivery

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// What a subscriber may take.
const (
	connectTime    = 3 * time.Second
	mostReply      = 64 << 10 // bytes that are read of its answer
	mostReplyHead  = 64 << 10
	idleConnection = 30 * time.Second
)

// ClientConfig is what a Client is made of.
type ClientConfig struct {
	Targets *Targets                                                     // nil means what is public
	Lookup  func(ctx context.Context, host string) ([]netip.Addr, error) // nil means the system's
	Answer  time.Duration                                                // that a subscriber may take; 0 means 10 s
	// Transport carries what is posted in place of the network; for tests.
	Transport http.RoundTripper
}

// Client posts to subscribers. It connects to none but addresses that are allowed, which
// it looks at in the moment it connects, goes through no proxy, and follows no redirect.
type Client struct {
	targets *Targets
	find    func(ctx context.Context, host string) ([]netip.Addr, error)
	http    *http.Client
}

// NewClient makes a Client.
func NewClient(c ClientConfig) *Client {
	if c.Targets == nil {
		c.Targets = &Targets{public: true}
	}
	if c.Lookup == nil {
		c.Lookup = func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		}
	}
	if c.Answer <= 0 {
		c.Answer = 10 * time.Second
	}
	own := &Client{targets: c.Targets, find: c.Lookup}
	if c.Transport == nil {
		c.Transport = &http.Transport{
			DialContext:            own.dial,
			TLSHandshakeTimeout:    connectTime,
			MaxResponseHeaderBytes: mostReplyHead,
			MaxIdleConnsPerHost:    1,
			IdleConnTimeout:        idleConnection,
			DisableCompression:     true,
			ForceAttemptHTTP2:      true,
		}
	}
	own.http = &http.Client{
		Timeout:       c.Answer, // in all
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     c.Transport,
	}
	return own
}

// Post is one message as it is sent. The header says what the body is.
type Post struct {
	URL    string
	Header http.Header
	Body   []byte
}

// StatusError is a subscriber's answer that is none from 200 to 299.
type StatusError struct {
	Code int
	// After is how long the subscriber asks to be left alone: the Retry-After of a 429 or
	// a 503, at most mostAfter; 0 = it does not ask.
	After time.Duration
}

// Status is the code with its name: "410 Gone". The name is ours: that of the answer is a
// stranger's text, of any length, and it is kept, logged and shown in terminals.
func (e *StatusError) Status() string {
	return strings.TrimSpace(fmt.Sprintf("%03d %s", e.Code, http.StatusText(e.Code)))
}

// mostAfter is the longest that a subscriber is left alone because it asks for it.
const mostAfter = time.Hour

// after reads the Retry-After of an answer, in seconds or as a date (RFC 9110, 10.2.3);
// what cannot be read is 0.
func after(answer *http.Response, now time.Time) time.Duration {
	if answer.StatusCode != http.StatusTooManyRequests && answer.StatusCode != http.StatusServiceUnavailable {
		return 0
	}
	text := answer.Header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(text, 10, 32); err == nil {
		return min(time.Duration(seconds)*time.Second, mostAfter)
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	return min(max(at.Sub(now), 0), mostAfter)
}

func (e *StatusError) Error() string { return "the listener answered " + e.Status() }

// Post sends a message. Any status from 200 to 299 is well; another is a *StatusError.
func (c *Client) Post(ctx context.Context, p *Post) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.URL, bytes.NewReader(p.Body))
	if err != nil {
		return err
	}
	if p.Header != nil {
		r.Header = p.Header.Clone()
	}
	r.Header.Set("User-Agent", "rator")
	answer, err := c.http.Do(r)
	if err != nil {
		return &plainError{err}
	}
	defer answer.Body.Close()
	// Read so that the connection can be used again; how it ends does not matter.
	_, _ = io.CopyN(io.Discard, answer.Body, mostReply)
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return &StatusError{answer.StatusCode, after(answer, time.Now())}
	}
	return nil
}

// dial connects to the first of a host's addresses that answers. All of them must be
// allowed.
func (c *Client) dial(ctx context.Context, network, hostPort string) (net.Conn, error) {
	ctx, stop := context.WithTimeout(ctx, connectTime)
	defer stop()
	host, port, err := net.SplitHostPort(hostPort)
	if err != nil {
		return nil, fmt.Errorf("address %q: %w", hostPort, err)
	}
	addresses, err := c.lookup(ctx, host)
	if err != nil {
		return nil, err
	}
	if err := c.targets.check(host, addresses); err != nil {
		return nil, err
	}
	return dialFirst(ctx, network, addresses, port)
}

func dialFirst(ctx context.Context, network string, addresses []netip.Addr, port string) (conn net.Conn, err error) {
	err = errors.New("the host has no address")
	for _, a := range addresses {
		if conn, err = (&net.Dialer{}).DialContext(ctx, network, net.JoinHostPort(a.String(), port)); err == nil {
			return conn, nil
		}
	}
	return nil, err
}

// lookup gives the addresses of a host.
func (c *Client) lookup(ctx context.Context, host string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a}, nil
	}
	ctx, stop := context.WithTimeout(ctx, connectTime)
	defer stop()
	return c.find(ctx, host)
}
