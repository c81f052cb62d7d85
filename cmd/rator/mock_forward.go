package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"net/url"
	"time"

	"rator/replay/record"
)

// forwardAddress reads the address of a server to forward to.
func forwardAddress(address string) (*url.URL, error) {
	to, err := url.Parse(address)
	switch {
	case err != nil:
		return nil, err
	case to.Scheme != "http" && to.Scheme != "https" || to.Host == "" || to.RawQuery != "" || to.Fragment != "":
		return nil, errors.New(address + ": an address is such as http://test.example:8080/workflow-soap/InvokerService")
	case to.User != nil:
		return nil, errors.New("leave out user and password: clients send their own")
	}
	return to, nil
}

// forwardTo passes requests on to a server and its answers back, unchanged. Paths
// are kept; a request to / goes to the path of the address.
func forwardTo(to *url.URL, log *slog.Logger) http.Handler {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DialContext = record.DialContext(30 * time.Second)
	transport.DisableCompression = true // what is sent is what is passed back
	return &httputil.ReverseProxy{
		Transport: transport,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host, r.Out.Host = to.Scheme, to.Host, to.Host
			if r.In.URL.Path == "/" && to.Path != "" {
				r.Out.URL.Path, r.Out.URL.RawPath = to.Path, to.RawPath
			}
		},
		FlushInterval: -1,
		ErrorLog:      slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			log.Error("not forwarded", "to", to.Redacted(), "cause", err)
			http.Error(w, fmt.Sprintf("%s does not answer: %v", to.Redacted(), err), http.StatusBadGateway)
		},
	}
}
