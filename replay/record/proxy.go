package record

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Proxy passes requests on to an upstream and its answers back, unchanged but for
// what belongs to the connection, the Host, and the upstream's address in a WSDL
// (address.go), and has them recorded. Bytes go through as they come.
type Proxy struct {
	options  Options
	recorder *Recorder
	proxy    *httputil.ReverseProxy
	clients  atomic.Int64
	pointed  atomic.Bool // a WSDL with other addresses was seen and told
}

type contextKey int

const (
	clientKey  contextKey = iota // of a connection: what names it
	passingKey                   // of a request: its *passing
)

var (
	errStalled = errors.New("did not answer in time")
	errClient  = errors.New("the client's request broke off")
)

// New makes a proxy, whose recorder it starts.
func New(o Options) (*Proxy, error) {
	o.fill()
	recorder, err := newRecorder(o)
	if err != nil {
		return nil, err
	}
	p := &Proxy{options: o, recorder: recorder}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = nil // the upstream is what --to says
	transport.DisableCompression = true
	transport.ForceAttemptHTTP2 = false
	transport.MaxIdleConns, transport.MaxIdleConnsPerHost = 0, 256
	transport.DialContext = DialContext(min(o.Timeout, 30*time.Second))
	p.proxy = &httputil.ReverseProxy{
		Rewrite: p.rewrite, ModifyResponse: p.answered, ErrorHandler: p.failed, Transport: transport,
		FlushInterval: -1, ErrorLog: log.New(io.Discard, "", 0), // what goes wrong is noted with its exchange
	}
	return p, nil
}

// ConnContext is for the http.Server whose handler this is: it tells connections
// apart.
func (p *Proxy) ConnContext(ctx context.Context, _ net.Conn) context.Context {
	return context.WithValue(ctx, clientKey, fmt.Sprint("connection ", p.clients.Add(1)))
}

// Recorder is what writes the proxy's exchanges down.
func (p *Proxy) Recorder() *Recorder { return p.recorder }

// passing is one exchange on its way.
type passing struct {
	*Exchange
	client  *http.Request
	over    context.Context // ends when the upstream stalls or the client goes away
	watch   *watch
	asked   *capture // nil = the request has no body
	answer  *capture
	missed  string // why there is nothing to record
	records bool   // it is of a kind that is recorded
	once    sync.Once
}

// ServeHTTP passes one request on.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithCancelCause(r.Context())
	defer cancel(nil)
	x := &passing{Exchange: &Exchange{Received: p.options.Now()}, client: r, over: ctx, watch: newWatch(p.options.Timeout, func() { cancel(errStalled) })}
	defer x.watch.timer.Stop()
	x.Client, _ = ctx.Value(clientKey).(string)
	if x.Client == "" {
		x.Client = r.RemoteAddr
	}
	x.Request.Method, x.Request.Target, x.Request.Header = r.Method, r.URL.RequestURI(), r.Header.Clone()
	x.records = r.Method != http.MethodHead && r.Method != http.MethodOptions && (r.Method != http.MethodGet || p.options.Gets || isDescription(r))

	out := r.WithContext(context.WithValue(ctx, passingKey, x))
	if r.Body != nil && r.Body != http.NoBody {
		x.asked = &capture{ReadCloser: r.Body, limit: p.options.MaxBody, expects: r.ContentLength, waits: func(yes bool) { x.watch.awaits(!yes) }}
		if !x.records {
			x.asked.limit = 0
		}
		out.Body = x.asked
	}
	// What the upstream does not say is not to be guessed.
	w.Header()["Content-Type"], w.Header()["Date"] = nil, nil
	defer p.done(x)
	both := http.NewResponseController(w)
	// A server may answer before it has the whole request. net/http would read and
	// close that of the client then, under whoever sends it on. What cannot be both
	// ways, such as HTTP/2, is so already.
	_ = both.EnableFullDuplex()
	p.proxy.ServeHTTP(w, out)
	p.rest(both, x)
}

// rest takes in what a client still sends of a request that was answered before it
// was read: clients may read the answer only behind it.
func (p *Proxy) rest(both *http.ResponseController, x *passing) {
	_, _, whole, broken := x.asked.body()
	if whole || broken != nil || x.client.Header.Get("Expect") != "" && x.asked.untouched() {
		return
	}
	if err := both.SetReadDeadline(time.Now().Add(p.options.Timeout)); err != nil {
		return
	}
	_, _ = io.Copy(io.Discard, x.asked) // what breaks it off is noted with the exchange
}

// rewrite addresses a request to the upstream.
func (p *Proxy) rewrite(r *httputil.ProxyRequest) {
	to := p.options.To
	r.Out.URL.Scheme, r.Out.URL.Host, r.Out.Host = to.Scheme, to.Host, to.Host
	if r.In.URL.Path == "/" && to.Path != "" {
		r.Out.URL.Path, r.Out.URL.RawPath = to.Path, to.RawPath
	}
	r.Out.URL.RawQuery, r.Out.URL.ForceQuery = r.In.URL.RawQuery, r.In.URL.ForceQuery
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"} {
		if values, ok := r.In.Header[name]; ok {
			r.Out.Header[name] = values
		}
	}
	if isDescription(r.In) {
		r.Out.Header.Del("Accept-Encoding") // it is read here
	}
	if x, ok := r.In.Context().Value(passingKey).(*passing); ok {
		x.Request.Target = r.Out.URL.RequestURI()
	}
}

// answered takes note of the answer's head, and has the body noted as it goes through.
func (p *Proxy) answered(response *http.Response) error {
	x, ok := response.Request.Context().Value(passingKey).(*passing)
	if !ok {
		return errors.New("an answer to no request")
	}
	x.watch.awaits(false)
	if response.StatusCode == http.StatusSwitchingProtocols {
		x.missed = "it became another protocol"
		return nil
	}
	if isDescription(x.client) && response.StatusCode == http.StatusOK {
		if err := p.readdress(x.client, response); err != nil {
			return err
		}
	}
	x.Response.Status, x.Response.Header = response.StatusCode, response.Header.Clone()
	x.answer = &capture{ReadCloser: response.Body, limit: p.options.MaxBody, expects: response.ContentLength, waits: x.watch.awaits}
	// Before the client has the end of it: what it asks next comes next.
	x.answer.whole = func() {
		if _, _, asked, _ := x.asked.body(); asked {
			p.done(x)
		}
	}
	if !x.records {
		x.answer.limit = 0
	}
	response.Body = x.answer
	return nil
}

// failed answers when the upstream gave no answer.
func (p *Proxy) failed(w http.ResponseWriter, r *http.Request, err error) {
	x, _ := r.Context().Value(passingKey).(*passing)
	status, why := http.StatusBadGateway, "the upstream cannot be reached: "+err.Error()
	_, _, _, broken := x.asked.body()
	switch cause := context.Cause(r.Context()); {
	case errors.Is(cause, errStalled):
		status, why = http.StatusGatewayTimeout, fmt.Sprintf("the upstream did not answer within %s", p.options.Timeout)
	case cause != nil:
		why = "the client went away"
	case broken != nil:
		status, why = http.StatusBadRequest, fmt.Sprintf("%s: %s", errClient, broken)
	}
	x.missed = why
	w.Header().Del("Date")
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	fmt.Fprintf(w, "rator record: %s\n", why)
}

// done has an exchange recorded once it is over, however it ended.
func (p *Proxy) done(x *passing) { x.once.Do(func() { p.record(x) }) }

func (p *Proxy) record(x *passing) {
	if !x.records {
		p.recorder.pass()
		return
	}
	asked, askedLong, askedWhole, _ := x.asked.body()
	body, long, whole, broken := x.answer.body()
	stalled := errors.Is(context.Cause(x.over), errStalled)
	why := x.missed
	switch {
	case why != "":
	case x.answer == nil:
		why = "there was no answer"
	case askedLong:
		why = fmt.Sprintf("the request is longer than %d bytes", p.options.MaxBody)
	case long:
		why = fmt.Sprintf("the answer is longer than %d bytes", p.options.MaxBody)
	case !askedWhole:
		why = "it was answered before the client had sent the whole request, and the rest did not come"
	case !whole && !stalled && (broken == nil || x.client.Context().Err() != nil):
		why = "the client went away in the middle of the answer"
	}
	if why != "" {
		p.recorder.missed(x.Exchange, why)
		return
	}
	x.Request.Body, x.Response.Body, x.Response.CutOff = asked, body, !whole
	if !whole {
		p.options.Say(fmt.Sprintf("the answer to %s %s was cut off after %d bytes; it is recorded so", x.Request.Method, p.recorder.shown(x.Exchange), len(body)))
	}
	p.recorder.take(x.Exchange)
}

// Close waits until all that went through is written; the http.Server must have
// been shut down.
func (p *Proxy) Close() Totals {
	p.proxy.Transport.(*http.Transport).CloseIdleConnections()
	return p.recorder.close()
}

// isDescription reports whether a request asks for a WSDL or a schema.
func isDescription(r *http.Request) bool {
	query := strings.ToLower(r.URL.RawQuery)
	return r.Method == http.MethodGet && (strings.HasPrefix(query, "wsdl") || strings.HasPrefix(query, "xsd") || strings.HasPrefix(query, "singlewsdl"))
}
