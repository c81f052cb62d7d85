package tmf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"time"
)

// What a listener may take.
const (
	connectTime    = 3 * time.Second
	mostReply      = 64 << 10 // bytes that are read of its answer
	mostReplyHead  = 64 << 10
	idleConnection = 30 * time.Second
)

// newClient gives the client that posts to listeners. It connects to none but
// addresses that are allowed, which it looks at in the moment it connects, goes
// through no proxy, and follows no redirect.
func (h *Hubs) newClient() *http.Client {
	return &http.Client{
		Timeout:       h.config.Answer, // in all
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext:            h.dial,
			TLSHandshakeTimeout:    connectTime,
			MaxResponseHeaderBytes: mostReplyHead,
			MaxIdleConnsPerHost:    1,
			IdleConnTimeout:        idleConnection,
			DisableCompression:     true,
			ForceAttemptHTTP2:      true,
		},
	}
}

// dial connects to the first of a host's addresses that answers. All of them
// must be allowed.
func (h *Hubs) dial(ctx context.Context, network, hostPort string) (net.Conn, error) {
	ctx, stop := context.WithTimeout(ctx, connectTime)
	defer stop()
	host, port, err := net.SplitHostPort(hostPort)
	if err != nil {
		return nil, err
	}
	addresses, err := h.lookup(ctx, host)
	if err != nil {
		return nil, err
	}
	if err := h.config.Targets.check(host, addresses); err != nil {
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

// post sends one notification. Any status from 200 to 299 is well.
func (h *Hubs) post(ctx context.Context, hub *Hub, n *notification) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, hub.Callback, bytes.NewReader(n.Body))
	if err != nil {
		return err
	}
	media := jsonType
	if d := hub.dialect(); d != nil {
		media = d.MediaType
	}
	r.Header.Set("Content-Type", media)
	r.Header.Set("Accept", jsonType)
	r.Header.Set("User-Agent", "rator")
	answer, err := h.client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	// Read so that the connection can be used again; how it ends does not matter.
	_, _ = io.CopyN(io.Discard, answer.Body, mostReply)
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return fmt.Errorf("the listener answered %s", answer.Status)
	}
	return nil
}
