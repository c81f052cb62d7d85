package record

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"rator/soap"
	"rator/workflow/contract"
	"rator/workflow/value"
)

// Split says which exchanges make a scenario.
type Split struct {
	by     string        // "" = connection
	header string        // of by header
	keys   []string      // of by key, the path
	idle   time.Duration // of by idle
}

// ParseSplit reads connection, none, header:NAME, key:A.B or idle:30s.
func ParseSplit(rule string) (Split, error) {
	by, of, _ := strings.Cut(rule, ":")
	switch {
	case rule == "connection" || rule == "":
		return Split{}, nil
	case rule == "none":
		return Split{by: by}, nil
	case by == "header" && of != "" && !strings.ContainsAny(of, " \t:"):
		return Split{by: by, header: http.CanonicalHeaderKey(of)}, nil
	case by == "key" && of != "" && !strings.Contains("."+of+".", ".."):
		return Split{by: by, keys: strings.Split(of, ".")}, nil
	case by == "idle":
		idle, err := time.ParseDuration(of)
		if err == nil && idle > 0 {
			return Split{by: by, idle: idle}, nil
		}
	}
	return Split{}, fmt.Errorf("%q is no rule; there are connection, none, header:NAME, key:CONTEXT.REQUEST_ID and idle:30s", rule)
}

// group is the scenario an exchange belongs to: one id for each, and a label for
// its folder, which may not be a secret.
func (r *Recorder) group(x *Exchange) (id, label string) {
	switch s := r.options.Split; s.by {
	case "none":
		return "", ""
	case "header":
		v := x.Request.Header.Get(s.header)
		return v, r.label(v, r.plain.Header(http.Header{s.header: {v}}).Get(s.header))
	case "key":
		v := keyValue(x, s.keys)
		shown := v
		if r.secretKey(x, s.keys) {
			shown = ""
		}
		return v, r.label(v, r.plain.Header(http.Header{"X-Value": {shown}}).Get("X-Value"))
	case "idle":
		if !r.lastSeen.IsZero() && x.Received.Sub(r.lastSeen) > s.idle {
			r.sessions++
		}
		if x.Received.After(r.lastSeen) {
			r.lastSeen = x.Received
		}
		return fmt.Sprint(r.sessions), "session"
	}
	return x.Client, "connection"
}

// label is a folder's name for a value that may be shown as it is; what is
// different when masked is not.
func (r *Recorder) label(value, masked string) string {
	switch {
	case value == "":
		return "without"
	case masked != value:
		return "secret"
	}
	const longest = 48
	return value[:min(len(value), longest)]
}

// keyValue is what a request gives for the key at a path, "" when it gives none.
func keyValue(x *Exchange, path []string) string {
	entry := value.Entry{Items: decoded(x).Values}
	for _, key := range path {
		below := entry.Items.Get(key)
		if below == nil {
			return ""
		}
		entry = *below
	}
	return entry.Text
}

// secretKey reports whether what stands at a path is a secret by the hookpoint's
// contract or by its name.
func (r *Recorder) secretKey(x *Exchange, path []string) bool {
	values := append([]*contract.Value{{Key: contract.ContextKey, Values: contract.Context}}, r.request(decoded(x).Hookpoint)...)
	for _, key := range path {
		v := contract.Find(values, key)
		if v == nil && contract.NamedLikeSecret(key) || v != nil && v.Secret != contract.NotSecret {
			return true
		}
		values = nil
		if v != nil {
			values = v.Values
		}
	}
	return false
}

func (r *Recorder) request(hookpoint string) []*contract.Value {
	if r.options.Contracts == nil {
		return nil
	}
	if c := r.options.Contracts(hookpoint); c != nil {
		return c.Request
	}
	return nil
}

// decoded is a request as Rator's; a zero message when it is none.
func decoded(x *Exchange) soap.Message {
	media, ok := soap.ParseMedia(x.Request.Header.Get("Content-Type"))
	if !ok {
		return soap.Message{}
	}
	limits := soap.DefaultLimits()
	limits.MessageBytes = max(limits.MessageBytes, len(x.Request.Body))
	m, err := soap.Decode(string(x.Request.Body), media, &limits)
	if err != nil {
		return soap.Message{}
	}
	return m
}
