package dist_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"rator/suite"
)

// published is the name under which the proxies of docs/operate.md are reached.
const published = "api.example.com"

// certificate writes a certificate of the published name, and gives who takes it.
func certificate(t *testing.T, dir string) (certificate, key string, trusting *x509.CertPool) {
	t.Helper()
	secret, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	of := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: published}, DNSNames: []string{published},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), IsCA: true, BasicConstraintsValid: true}
	raw, err := x509.CreateCertificate(rand.Reader, of, of, &secret.PublicKey, secret)
	if err != nil {
		t.Fatal(err)
	}
	rawKey, err := x509.MarshalPKCS8PrivateKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	certificate, key = filepath.Join(dir, "certificate.pem"), filepath.Join(dir, "key.pem")
	trusting = x509.NewCertPool()
	public := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw})
	trusting.AppendCertsFromPEM(public)
	for file, content := range map[string][]byte{certificate: public, key: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: rawKey})} {
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return certificate, key, trusting
}

// shown is what docs/operate.md shows as a file of that name, with what is other here.
func shown(t *testing.T, file string, other ...string) string {
	t.Helper()
	page, err := os.ReadFile("../docs/operate.md")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile("(?s)```[a-z]+\n(# " + regexp.QuoteMeta(file) + ":.*?)```").FindSubmatch(page)
	if found == nil {
		t.Fatalf("the page shows no %s", file)
	}
	text := string(found[1])
	for n := 0; n < len(other); n += 2 {
		if !strings.Contains(text, other[n]) {
			t.Fatalf("%s has no %q", file, other[n])
		}
		text = strings.ReplaceAll(text, other[n], other[n+1])
	}
	return text
}

// running starts a proxy until the test ends, and says whether it listens at an address: it
// may find the port taken.
func running(t *testing.T, network, address string, program string, args ...string) bool {
	t.Helper()
	var said bytes.Buffer
	c := exec.Command(program, args...)
	c.Stdout, c.Stderr = &said, &said
	c.Env = append(os.Environ(), "HOME="+t.TempDir())
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { c.Wait(); close(ended) }()
	t.Cleanup(func() { c.Process.Signal(os.Interrupt); <-ended })
	for {
		if conn, err := net.Dial(network, address); err == nil {
			conn.Close()
			return true
		}
		select {
		case <-ended:
			if strings.Contains(said.String(), "address already in use") {
				return false
			}
			t.Fatalf("%s ended:\n%s", c, &said)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// TestProxies: the proxies of docs/operate.md hand calls on with what the server is to
// know of them, refuse what is too long, let events through as they come, and show nobody
// what is the operator's.
func TestProxies(t *testing.T) {
	for _, proxy := range []struct {
		program, probe string
		tooLong        int // what it answers to what is longer than it takes
		// start starts it and says where it listens.
		start func(t *testing.T, dir, certificate, key, server string) (network, address string)
	}{
		{"nginx", "-v", http.StatusRequestEntityTooLarge, func(t *testing.T, dir, certificate, key, server string) (network, address string) {
			socket := filepath.Join(dir, "socket")
			part := shown(t, "nginx.conf", "listen 443 ssl", "listen unix:"+socket+" ssl", "/etc/ssl/api.example.com.pem", certificate, "/etc/ssl/private/api.example.com.key", key, "127.0.0.1:8080", server)
			temporary := ""
			for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
				temporary += fmt.Sprintf("%s_temp_path %s/%s;\n", kind, dir, kind)
			}
			file := filepath.Join(dir, "nginx.conf")
			write(t, file, fmt.Sprintf("daemon off;\nmaster_process off;\npid %s/pid;\nerror_log stderr;\nevents {}\nhttp {\naccess_log off;\n%s%s}\n", dir, temporary, part))
			running(t, "unix", socket, "nginx", "-p", dir, "-e", "stderr", "-c", file)
			return "unix", socket
		}},
		// At a socket of Unix it knows no address of who asks, and tells the server nothing.
		{"caddy", "version", http.StatusBadGateway, func(t *testing.T, dir, certificate, key, server string) (network, address string) {
			for {
				free, err := net.Listen("tcp", "127.0.0.1:0")
				if err != nil {
					t.Fatal(err)
				}
				address = free.Addr().String()
				free.Close()
				host, port, _ := net.SplitHostPort(address)
				part := shown(t, "caddy.conf", published+" {", fmt.Sprintf("%s:%s {\n\tbind %s\n\ttls %s %s", published, port, host, certificate, key), "127.0.0.1:8080", server)
				file := filepath.Join(dir, "caddy.conf")
				write(t, file, "{\n\tadmin off\n\tauto_https disable_redirects\n}\n"+part)
				if running(t, "tcp", address, "caddy", "run", "--adapter", "caddyfile", "--config", file) {
					return "tcp", address
				}
			}
		}},
	} {
		t.Run(proxy.program, func(t *testing.T) {
			suite.Foreign(t, proxy.program, proxy.program, proxy.probe)
			told := make(chan struct{})
			behind := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				fmt.Fprintf(w, "%s %s://%s %s %d\n", r.Host, r.Header.Get("X-Forwarded-Proto"), r.Header.Get("X-Forwarded-Host"), r.URL.Path, len(body))
				if r.URL.Path == "/events" {
					w.(http.Flusher).Flush()
					<-told
				}
			}))
			defer behind.Close()
			dir, err := os.MkdirTemp("", "proxy") // the path of a socket is at most 107 bytes
			if err != nil {
				t.Fatal(err)
			}
			defer os.RemoveAll(dir)
			public, key, trusting := certificate(t, dir)
			network, address := proxy.start(t, dir, public, key, strings.TrimPrefix(behind.URL, "http://"))
			transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusting}, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, network, address)
			}}
			client := &http.Client{Transport: transport}
			defer transport.CloseIdleConnections()
			ask := func(path string, body int) *http.Response {
				t.Helper()
				r, err := client.Post("https://"+published+path, "text/xml", strings.NewReader(strings.Repeat("x", body)))
				if err != nil {
					t.Fatal(err)
				}
				return r
			}
			line := func(r *http.Response) string {
				t.Helper()
				said, err := bufio.NewReader(r.Body).ReadString('\n')
				if err != nil {
					t.Fatal(err)
				}
				return strings.TrimSpace(said)
			}

			const path = "/workflow-soap/InvokerService"
			r := ask(path, 4000)
			if got, want := line(r), fmt.Sprintf("%s https://%[1]s %s 4000", published, path); got != want {
				t.Errorf("the server hears %q, want %q", got, want)
			}
			r.Body.Close()

			r = ask(path, 2<<20)
			r.Body.Close()
			if r.StatusCode != proxy.tooLong {
				t.Errorf("2 MiB: %s", r.Status)
			}

			r = ask("/events", 0)
			if got := line(r); !strings.Contains(got, "/events") {
				t.Errorf("events: %q", got)
			}
			close(told) // what the proxy handed on while the answer lasted
			r.Body.Close()

			for _, hidden := range []string{"/metrics", "/livez", "/healthz", "/readyz"} {
				r := ask(hidden, 0)
				r.Body.Close()
				if r.StatusCode != http.StatusNotFound {
					t.Errorf("%s: %s", hidden, r.Status)
				}
			}
		})
	}
}
