// Package balancer has samples of what stands in front of several servers of one store, and
// runs them as they are shown, for demos and tests.
package balancer

import (
	"embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

//go:embed nginx.conf haproxy.cfg
var samples embed.FS

// sample is how a program is run by its sample.
type sample struct {
	file    string
	instead []string // what is other without TLS: old and new, in which LISTEN is the address
	whole   string   // the file: FOLDER, and SAMPLE, which may be a part of it
	args    func(dir, file string) []string
}

// Programs are those that there is a sample of.
var Programs = []string{"nginx", "haproxy"}

var of = map[string]sample{
	"nginx": {
		file: "nginx.conf",
		instead: []string{"listen 443 ssl;", "listen LISTEN;", "    ssl_certificate /etc/ssl/api.example.com.pem;\n", "",
			"    ssl_certificate_key /etc/ssl/private/api.example.com.key;\n", "", "X-Forwarded-Proto https", "X-Forwarded-Proto http", "$host", "$http_host"}, // with its port
		whole: `daemon off;
master_process off;
pid FOLDER/pid;
error_log stderr;
events {}
http {
access_log off;
client_body_temp_path FOLDER/body;
proxy_temp_path FOLDER/proxy;
fastcgi_temp_path FOLDER/fastcgi;
uwsgi_temp_path FOLDER/uwsgi;
scgi_temp_path FOLDER/scgi;
SAMPLE}
`,
		args: func(dir, file string) []string { return []string{"-p", dir, "-e", "stderr", "-c", file} },
	},
	"haproxy": {
		file: "haproxy.cfg",
		instead: []string{"bind :443 ssl crt /etc/haproxy/api.example.com.pem", "bind LISTEN",
			"X-Forwarded-Proto https", "X-Forwarded-Proto http"},
		whole: "SAMPLE",
		args:  func(_, file string) []string { return []string{"-db", "-f", file} },
	},
}

// Command runs a balancer by its sample but for the addresses, and without TLS: it listens on
// an address and asks two servers. Its files lie in a folder.
func Command(program, dir, listen string, servers [2]string) (*exec.Cmd, error) {
	s := of[program]
	raw, err := samples.ReadFile(s.file)
	if err != nil {
		return nil, fmt.Errorf("no sample of %q: %w", program, err)
	}
	text := string(raw)
	instead := append([]string{"10.0.0.11:8080", servers[0], "10.0.0.12:8080", servers[1]}, s.instead...)
	for n := 0; n < len(instead); n += 2 {
		if !strings.Contains(text, instead[n]) {
			return nil, fmt.Errorf("the sample %s has no %q", s.file, instead[n])
		}
		text = strings.ReplaceAll(text, instead[n], instead[n+1])
	}
	text = strings.NewReplacer("FOLDER", dir, "SAMPLE", strings.ReplaceAll(text, "LISTEN", listen)).Replace(s.whole)
	file := filepath.Join(dir, s.file)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return nil, err
	}
	return exec.Command(program, s.args(dir, file)...), nil
}
