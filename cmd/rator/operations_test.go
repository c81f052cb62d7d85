package main

import (
	"io"
	"net/http"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"rator/failure"
	"rator/server"
	"rator/server/servertest"
	"rator/soap"
	"rator/suite"
	"rator/wire"
	"rator/workflow/value"
)

// TestFailedSync: once the disk has failed a server, every face says that it takes no
// changes until it is restarted, its health too; reads go on, and after a restart
// nothing of what was acknowledged is missing.
func TestFailedSync(t *testing.T) {
	prlimit, err := exec.LookPath("prlimit")
	if err != nil {
		suite.Missing(t, "no prlimit to have writes fail: apt-get install util-linux")
	}
	p := spawn(t, "--demo")
	base := strings.TrimSuffix(p.endpoint, wire.Path)
	client := &soap.Client{URL: p.endpoint}
	signUp := func() (code int, message string, err error) {
		values := server.DemoCustomer()
		user := values[2].Items
		for i := range user {
			if user[i].Key == "USERNAME" {
				user[i].Text = "another"
			}
		}
		r, err := client.Call(t.Context(), soap.Call{Hookpoint: "SOAP_SIGNUP_CUSTOMER", Values: values})
		return r.ErrorCode, r.ErrorMessage, err
	}
	for _, path := range []string{"/livez", "/healthz", "/readyz"} {
		if status, body := servertest.Get(t, base+path); status != 200 {
			t.Errorf("%s while all is well: %d %s", path, status, body)
		}
	}
	if out, err := exec.Command(prlimit, "--pid", strconv.Itoa(p.Process.Pid), "--fsize=0:0").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for range 20 { // until the commit that fails: an audit row's, or this one's
		if _, _, err = signUp(); err == nil {
			break
		}
	}
	const says = "the server takes no changes until it is restarted"
	if code, message, err := signUp(); err != nil || code != failure.TryAgain.Number || !strings.Contains(message, says) {
		t.Errorf("SOAP: %d %s %v", code, message, err)
	}
	ask, err := http.NewRequestWithContext(t.Context(), "POST", base+"/customerManagement/customer", strings.NewReader(`{"name":"H"}`))
	if err != nil {
		t.Fatal(err)
	}
	ask.SetBasicAuth(server.DemoOperator, server.DemoPassword)
	ask.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(ask)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != 503 || answer.Header.Get("Retry-After") == "" || !strings.Contains(string(body), says) || !strings.Contains(string(body), `"code":"5030"`) {
		t.Errorf("TM Forum: %d %s %v", answer.StatusCode, body, err)
	}
	for _, command := range []string{"operator disable demo", "operator grant demo X", "catalogue import -"} {
		stdin := ""
		if strings.HasPrefix(command, "catalogue") {
			stdin = strings.Replace(exported(t, p.store), `name = "Demo`, `name = "Renamed`, 1)
		}
		if o := rator(t, stdin, append(strings.Fields(command), "--store", p.store)...); o.code != exitFailed || !strings.Contains(o.err, says) {
			t.Errorf("%s: %+v", command, o)
		}
	}
	for _, path := range []string{"/livez", "/healthz", "/readyz"} {
		if status, body := servertest.Get(t, base+path); status != 503 || !strings.Contains(body, says) {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	if r, err := client.Call(t.Context(), soap.Call{Hookpoint: "SOAP_GET_WEB_USER_PROFILE_INTERNAL", Values: value.Tree{value.OfString("CUSTOMER_NUMBER", "100001"), server.DemoCustomer()[4]}}); err != nil || r.ErrorCode != 0 {
		t.Errorf("a read: %+v %v", r, err)
	}
	_ = p.Process.Kill()
	<-p.exited
	if o := rator(t, "", "verify", "--store", p.store); o.code != exitOK {
		t.Errorf("%+v", o)
	}
	again := startServer(t, "--demo", "--store", p.store)
	client.URL = again.endpoint
	if code, message, err := signUp(); err != nil || code != 0 {
		t.Errorf("after the restart: %d %s %v", code, message, err)
	}
}

// TestMetricsListen: metrics and health have an address of their own, and nothing
// else is there.
func TestMetricsListen(t *testing.T) {
	p := startServer(t, "--demo", "--metrics-listen", "127.0.0.1:0")
	at := regexp.MustCompile(`rator: (http://127\.0\.0\.1:\d+)/metrics`).FindStringSubmatch(p.log.String())
	if at == nil {
		t.Fatal("the address is not printed")
	}
	base := strings.TrimSuffix(p.endpoint, wire.Path)
	for path, want := range map[string]string{"/metrics": "rator_calls_total", "/livez": "ok\n", "/healthz": "ok\n", "/readyz": "ready\n"} {
		if status, body := servertest.Get(t, at[1]+path); status != 200 || !strings.Contains(body, want) {
			t.Errorf("%s: %d %.100s", path, status, body)
		}
		if status, _ := servertest.Get(t, base+path); status != 404 {
			t.Errorf("%s on --listen: %d", path, status)
		}
	}
	for _, path := range []string{wire.Path, "/customerManagement/customer", "/"} {
		if status, _ := servertest.Get(t, at[1]+path); status != 404 {
			t.Errorf("%s on --metrics-listen: %d", path, status)
		}
	}
	for _, address := range []string{"127.0.0.1", strings.TrimPrefix(at[1], "http://")} {
		if o := rator(t, "", "serve", "--demo", "--listen", "127.0.0.1:0", "--metrics-listen", address); o.code != exitUnreachable || !strings.Contains(o.err, "--metrics-listen: ") {
			t.Errorf("%s: %+v", address, o)
		}
	}
}
