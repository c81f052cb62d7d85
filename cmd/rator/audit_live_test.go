package main

import (
	"context"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"rator/server"
	"rator/server/servertest"
	"rator/suite"
)

// TestAuditOfARunningServer: rows of calls are followed, with what they changed; verified
// and anchored while the server runs, and after it was killed, when the next one seals the
// rest.
func TestAuditOfARunningServer(t *testing.T) {
	file := servertest.StoreFile(t)
	rounds := suite.Rounds(t, 2, 10)
	var anchors []string
	for range rounds {
		p := spawn(t, "--store", file)
		ctx, stop := context.WithCancel(t.Context())
		out, write := io.Pipe()
		done := make(chan int)
		go func() {
			terminal := &terminal{ctx: ctx, out: write, err: io.Discard, in: strings.NewReader(""), getenv: func(string) string { return "" }}
			code := run(terminal, &commands{}, []string{"audit", "--follow", "--json", "--limit", "1", "--hookpoint", "SOAP_CREATE_USER", "--store", file})
			write.Close()
			done <- code
		}()
		c := &crash{file: file}
		c.audited(t, p)
		var row struct{ Hookpoint, Account, Brand, Outcome string }
		if err := json.NewDecoder(out).Decode(&row); err != nil || row.Outcome == "" || row.Hookpoint != "SOAP_CREATE_USER" {
			t.Fatalf("%+v, %v\n%s", row, err, p.log.String())
		}
		stop()
		go func() { _, _ = io.Copy(io.Discard, out) }()
		if code := <-done; code != exitOK {
			t.Errorf("following ended with %d", code)
		}
		o := rator(t, "", "audit", "anchor", "--store", file)
		if o.code != exitOK {
			t.Fatalf("%+v", o)
		}
		anchors = append(anchors, strings.TrimSpace(o.out))
		c.audited(t, p)
		_ = p.Process.Kill()
		<-p.exited
		for _, anchor := range anchors {
			if out, err := ratorProcess(t, "verify", "--anchor", anchor, "--store", file); err != nil || !strings.Contains(out, " 0 faults") {
				t.Errorf("%s: %v\n%s", anchor, err, out)
			}
		}
	}
	p := spawn(t, "--store", file)
	p.stop(t)
	if o := rator(t, "", "verify", "--store", file); o.code != exitOK || strings.Contains(o.out, "not yet") || !strings.Contains(o.out, "audit: ") {
		t.Errorf("after a stop everything is sealed: %+v", o)
	}
}

// audited makes a call that is refused, which has a row all the same.
func (c *crash) audited(t *testing.T, p *serverProcess) {
	t.Helper()
	o := rator(t, "", "call", "SOAP_CREATE_USER", "--endpoint", p.endpoint, "--operator", server.DemoOperator, "--password", server.DemoPassword, "ACCOUNT_ID=202601020304050001")
	if o.code != exitFailed {
		t.Fatalf("%+v", o)
	}
}
