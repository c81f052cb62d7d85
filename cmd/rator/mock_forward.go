package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"net/url"
)

// forwardTo passes requests on to a server and its answers back, unchanged. An
// address with a path gets every request there; one without keeps the path that was
// asked for.
func forwardTo(address string, log *slog.Logger) (http.Handler, error) {
	to, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	if to.Scheme != "http" && to.Scheme != "https" || to.Host == "" {
		return nil, errors.New(address + ": an address is such as http://test.example:8080/workflow-soap/InvokerService")
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DisableCompression = true // what is sent is what is passed back
	return &httputil.ReverseProxy{
		Transport: transport,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host, r.Out.Host = to.Scheme, to.Host, ""
			if to.Path != "" && to.Path != "/" {
				r.Out.URL.Path, r.Out.URL.RawPath = to.Path, to.RawPath
			}
		},
		FlushInterval: -1,
		ErrorLog:      slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			log.Error("not forwarded", "to", to.Redacted(), "cause", err)
			http.Error(w, fmt.Sprintf("%s does not answer: %v", to.Redacted(), err), http.StatusBadGateway)
		},
	}, nil
}
