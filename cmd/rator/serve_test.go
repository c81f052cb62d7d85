package main

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"rator/server"
	"rator/server/servertest"
	"rator/soap"
	"rator/wire"
	"rator/workflow"
	"rator/workflow/value"
)

// TestWhatTheServerTells: health, readiness, the metrics that the operations
// people were promised, and the way to the page.
func TestWhatTheServerTells(t *testing.T) {
	s := servertest.New(t)
	base := strings.TrimSuffix(s.Endpoint, wire.Path)
	demo := value.Of("CONTEXT", value.OfString("OPERATOR", "demo"), value.OfString("PASSWORD", "demo"))
	for hookpoint, values := range map[string]value.Tree{"SOAP_SIGNUP_CUSTOMER": server.DemoCustomer(), "NONE": {demo}, "SOAP_CREATE_USER": {value.OfString("X", "1"), demo}} {
		if _, err := s.Client.Call(t.Context(), soap.Call{Hookpoint: hookpoint, Values: values}); err != nil {
			t.Fatal(err)
		}
	}
	deep := value.OfString("A", "")
	for range 9 {
		deep = value.Of("A", deep)
	}
	if _, err := s.Client.Call(t.Context(), soap.Call{Hookpoint: "X", Values: value.Tree{deep}}); err == nil {
		t.Fatal("too deep and answered")
	}
	for path, want := range map[string]string{"/healthz": "ok\n", "/readyz": "ready\n"} {
		if status, body := servertest.Get(t, base+path); status != 200 || body != want {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	if status, body := servertest.Get(t, base+"/"); status != 200 || !strings.Contains(body, "SOAP_SIGNUP_CUSTOMER") {
		t.Errorf("/: %d", status)
	}
	_, metrics := servertest.Get(t, base+"/metrics")
	for _, want := range []string{
		`rator_calls_total{face="soap",hookpoint="SOAP_SIGNUP_CUSTOMER",outcome="OK"} 1`,
		`rator_calls_total{face="soap",hookpoint="none",outcome="UNKNOWN_HOOKPOINT"} 1`,
		`rator_calls_total{face="soap",hookpoint="SOAP_CREATE_USER",outcome="INVALID_REQUEST"} 1`,
		`rator_call_seconds_bucket{face="soap",hookpoint="SOAP_SIGNUP_CUSTOMER",le="0.0001"}`,
		`rator_request_values_unknown_total{hookpoint="SOAP_CREATE_USER"} 1`,
		`rator_limits_hit_total{limit="value_depth"} 1`,
		`rator_soap_faults_total{kind=`,
		`rator_turns_running{class="quick"} 0`,
		`rator_turns_waiting{class="slow"} 0`,
		`rator_turns_refused_total{class="quick"} 0`,
		`rator_audit_rows_lost_total 0`,
		`rator_store_group_size_bucket{le="1"}`,
		`rator_store_commit_seconds_count `,
		`go_goroutines `,
	} {
		if !strings.Contains(metrics, want) {
			t.Errorf("/metrics has no %s", want)
		}
	}
	if !regexp.MustCompile(`(?m)^rator_store_commits_total [1-9]`).MatchString(metrics) {
		t.Error("/metrics counts no commits")
	}
}

// TestNotReady: a store that takes no writes is not ready, and says why.
func TestNotReady(t *testing.T) {
	st := servertest.OpenStore(t, servertest.StoreFile(t))
	s, err := server.New(server.Config{Store: st, Metrics: server.NewMetrics(), Log: slog.New(slog.DiscardHandler), Layers: []workflow.Layer{server.Shipped()}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	st.Close()
	w := httptest.NewRecorder()
	s.Handler.ServeHTTP(w, httptest.NewRequest("GET", "/readyz", nil))
	if w.Code != 503 || !strings.Contains(w.Body.String(), "closed") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestReload: SIGHUP takes a new set of hookpoints; one with a mistake never
// replaces the set that runs, and the log says why.
func TestReload(t *testing.T) {
	dir := t.TempDir()
	contract := func(text string) {
		servertest.Write(t, dir, "HELLO/contract.xml", `<soapcall area="A" desc="d" reads="true"><request><hookpointKey>HELLO</hookpointKey><values/></request><response><values><value key="TEXT" type="s"/></values></response></soapcall>`)
		servertest.Write(t, dir, "HELLO/workflow.star", text)
	}
	contract("def run(p):\n    return {\"TEXT\": \"one\"}\n")
	p := startServer(t, "--demo", "--hookpoints", dir)
	hello := func() string {
		r, err := (&soap.Client{URL: p.endpoint}).Call(t.Context(), soap.Call{Hookpoint: "HELLO", Values: value.Tree{server.DemoCustomer()[4]}})
		if err != nil {
			t.Fatal(err)
		}
		return r.Values.Text("TEXT")
	}
	if got := hello(); got != "one" {
		t.Fatal(got)
	}
	if _, metrics := servertest.Get(t, strings.TrimSuffix(p.endpoint, wire.Path)+"/metrics"); !strings.Contains(metrics, `rator_script_seconds_count{face="soap",hookpoint="HELLO"} 1`) {
		t.Error("/metrics does not tell the script's share")
	}
	hangup := func(says string) {
		t.Helper()
		if err := p.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		p.waitFor(t, says)
	}
	contract("def run(p):\n    return {\"TEXT\": \"two\"}\n")
	hangup("hookpoints reloaded")
	if got := hello(); got != "two" {
		t.Error(got)
	}
	contract("def run(p):\n    return {\"TXT\": \"three\"}\n")
	hangup("HELLO/workflow.star:2:13: output TXT is not declared")
	if got := hello(); got != "two" {
		t.Error(got)
	}
	if !strings.Contains(p.log.String(), "hookpoints not reloaded, the set that runs stays") {
		t.Error(p.log.String())
	}
}

// TestGracefulStop ends a server in the middle of a call: the call is answered.
func TestGracefulStop(t *testing.T) {
	p := startServer(t, "--demo")
	message := soap.AppendRequest(nil, soap.Version11, "SOAP_SIGNUP_CUSTOMER", servertest.AnotherCustomer("late"))
	address, err := url.Parse(p.endpoint)
	if err != nil {
		t.Fatal(err)
	}
	connection, err := net.Dial("tcp", address.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	fmt.Fprintf(connection, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n", wire.Path, len(message))
	reader := bufio.NewReader(connection)
	if line, err := reader.ReadString('\n'); err != nil || !strings.Contains(line, "100") { // the call is being read
		t.Fatalf("%q %v", line, err)
	}
	_, _ = reader.ReadString('\n')
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	p.waitFor(t, "finishing the calls")
	until(t, "a server that stops takes no new connections", func() bool {
		c, err := net.Dial("tcp", address.Host)
		if err == nil {
			c.Close()
		}
		return err != nil
	})
	if _, err := connection.Write(message); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(reader, nil)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil || !strings.Contains(string(body), "<errorCode>0</errorCode>") {
		t.Errorf("%v %s", err, body)
	}
	p.stop(t)
	if o := rator(t, "", "verify", "--store", p.store); o.code != exitOK {
		t.Errorf("%+v", o)
	}
}

// TestDemoTwice: on a store that has customers the demo signs nobody up again.
func TestDemoTwice(t *testing.T) {
	first := startServer(t, "--demo")
	first.stop(t)
	second := startServer(t, "--demo", "--store", first.store)
	second.stop(t)
	if strings.Contains(second.log.String(), "SOAP_SIGNUP_CUSTOMER answered") {
		t.Errorf("signed up again:\n%s", second.log.String())
	}
	info, err := os.Stat(first.store)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the store file: %v %v", info, err)
	}
}

// authority makes certificates for a test.
type authority struct {
	dir string
	crt *x509.Certificate
	key *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	a := &authority{dir: t.TempDir()}
	a.crt, a.key = a.issue(t, "ca", true)
	return a
}

// issue makes NAME.crt and NAME.key in the authority's directory.
func (a *authority) issue(t *testing.T, name string, ca bool) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: ca, BasicConstraintsValid: true, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	parent, signer := a.crt, a.key
	if parent == nil {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	crt, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	servertest.Write(t, a.dir, name+".crt", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
	servertest.Write(t, a.dir, name+".key", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})))
	return crt, key
}

func (a *authority) file(name string) string { return filepath.Join(a.dir, name) }

// client trusts the authority, and shows the certificate of name unless it is "".
func (a *authority) client(t *testing.T, name string) *http.Client {
	t.Helper()
	config := &tls.Config{RootCAs: x509.NewCertPool()}
	config.RootCAs.AddCert(a.crt)
	if name != "" {
		crt, err := tls.LoadX509KeyPair(a.file(name+".crt"), a.file(name+".key"))
		if err != nil {
			t.Fatal(err)
		}
		config.Certificates = []tls.Certificate{crt}
	}
	return &http.Client{Transport: &http.Transport{TLSClientConfig: config, DisableKeepAlives: true}}
}

// TestTLS: a client certificate names the operator, without a password; one of a
// stranger, or of somebody else's CA, names none. SIGHUP reads the server's own
// certificate again.
func TestTLS(t *testing.T) {
	a, stranger := newAuthority(t), newAuthority(t)
	a.issue(t, "server", false)
	a.issue(t, "demo", false)
	a.issue(t, "nobody", false)
	stranger.issue(t, "demo", false)
	p := startServer(t, "--demo", "--tls-cert", a.file("server.crt"), "--tls-key", a.file("server.key"), "--client-ca", a.file("ca.crt"))
	if !strings.HasPrefix(p.endpoint, "https://") {
		t.Fatal(p.endpoint)
	}
	call := func(client *http.Client) (int, error) {
		r, err := (&soap.Client{URL: p.endpoint, HTTP: client}).Call(t.Context(), soap.Call{Hookpoint: "SOAP_GET_WEB_USER_PROFILE_INTERNAL",
			Values: value.Tree{value.OfString("CUSTOMER_NUMBER", "7"), value.Of("CONTEXT", value.OfString("LANGUAGE", "EN"))}})
		return r.ErrorCode, err
	}
	if code, err := call(a.client(t, "demo")); err != nil || code < 100 {
		t.Errorf("operator's certificate: %d %v", code, err)
	}
	for name, client := range map[string]*http.Client{"": a.client(t, ""), "nobody": a.client(t, "nobody")} {
		if code, err := call(client); err != nil || code != 2 {
			t.Errorf("%q: %d %v", name, code, err)
		}
	}
	forged := a.client(t, "")
	crt, err := tls.LoadX509KeyPair(stranger.file("demo.crt"), stranger.file("demo.key"))
	if err != nil {
		t.Fatal(err)
	}
	forged.Transport.(*http.Transport).TLSClientConfig.Certificates = []tls.Certificate{crt}
	if code, err := call(forged); err == nil && code != 2 {
		t.Errorf("another CA's certificate: %d", code)
	}
	if _, err := http.Get(strings.Replace(p.endpoint, "https:", "http:", 1)); err == nil {
		if code, err := call(http.DefaultClient); err == nil {
			t.Errorf("without TLS: %d", code)
		}
	}
	old := &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS11}
	if c, err := tls.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(p.endpoint, "https://"), wire.Path), old); err == nil {
		c.Close()
		t.Error("TLS 1.1 is taken")
	}

	served := func() string {
		c, err := tls.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(p.endpoint, "https://"), wire.Path), &tls.Config{InsecureSkipVerify: true})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		return c.ConnectionState().PeerCertificates[0].SerialNumber.String()
	}
	before := served()
	a.issue(t, "server", false)
	if err := p.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	p.waitFor(t, "hookpoints reloaded")
	for end := time.Now().Add(patience); served() == before; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the old certificate is served")
		}
	}
	servertest.Write(t, a.dir, "server.crt", "broken")
	if err := p.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	p.waitFor(t, "certificate not reloaded, the one in use stays")
	if code, err := call(a.client(t, "demo")); err != nil || code < 100 {
		t.Errorf("after a broken certificate: %d %v", code, err)
	}
}
