package webhook_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"rator/access"
	"rator/event"
	"rator/event/webhook"
	"rator/server"
	"rator/server/servertest"
	"rator/store"
	"rator/suite"
)

// TestDocumentedReceivers: the programs of docs/webhooks.md take what a webhook is told,
// each event once, and nothing that is not signed, changed or old.
func TestDocumentedReceivers(t *testing.T) {
	for language, command := range map[string]func(file, port string) []string{
		"python": func(file, port string) []string { return []string{"python3", file, port} },
		"php":    func(file, port string) []string { return []string{"php", "-S", "127.0.0.1:" + port, file} },
	} {
		t.Run(language, func(t *testing.T) {
			suite.Foreign(t, language, command("", "")[0], "--version")
			port := freePort(t)
			printed := receive(t, "127.0.0.1:"+port, command(documentedProgram(t, language), port)...)
			url := "http://127.0.0.1:" + port + "/"
			ts := servertest.New(t)
			servertest.LetReadEvents(t, ts.Store)
			ts.Update(t, func(tx store.Tx) error {
				topics, err := event.ParsePatterns([]string{"customer.*"})
				if err == nil {
					_, err = webhook.Add(tx, access.CommandLine, webhook.Wanted{URL: url, Topics: topics, Operator: "crm", Secret: servertest.WebhookSecret})
				}
				return err
			})
			servertest.TellWebhooks(t, ts)
			account := ts.Call(t, "SOAP_SIGNUP_CUSTOMER", server.DemoCustomer()[:4]...).Items("ACCOUNT").Text("ID")
			line := "customer.created " + account + "\n"
			for end := time.Now().Add(time.Minute); !strings.Contains(printed(), line); time.Sleep(5 * time.Millisecond) {
				if time.Now().After(end) {
					t.Fatalf("not told: %s", printed())
				}
			}
			now, body := time.Now(), `{"id":"7","type":"by.hand","subject":"8"}`
			for name, c := range map[string]struct {
				at     time.Time
				signed string
				status int
			}{
				"genuine":        {now, body, 204},
				"again":          {now, body, 204},
				"old":            {now.Add(-6 * time.Minute), body, 401},
				"of to come":     {now.Add(6 * time.Minute), body, 401},
				"other contents": {now, body + " ", 401},
			} {
				if got := postSigned(t, url, c.at, c.signed, body); got != c.status {
					t.Errorf("%s: %d", name, got)
				}
			}
			if got := printed(); strings.Count(got, "by.hand 8\n") != 1 || strings.Count(got, line) != 1 {
				t.Errorf("%s", got)
			}
		})
	}
}

// documentedProgram writes the program in a language of docs/webhooks.md to a file.
func documentedProgram(t *testing.T, language string) string {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(servertest.Root, "docs", "webhooks.md"))
	if err != nil {
		t.Fatal(err)
	}
	all := regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllSubmatch(page, -1)
	if len(all) != 1 {
		t.Fatalf("%d programs in %s", len(all), language)
	}
	return servertest.Write(t, t.TempDir(), "receiver."+language, string(all[0][1]))
}

// receive runs a receiver until the test ends, and gives what it printed so far.
func receive(t *testing.T, address string, command ...string) (printed func() string) {
	t.Helper()
	var out servertest.LockedBuffer
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Env = append(os.Environ(), "WEBHOOK_SECRET="+servertest.WebhookSecret, "SEEN="+t.TempDir())
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
	})
	for end := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			return out.String
		}
		if time.Now().After(end) {
			t.Fatalf("%v does not listen: %s", command, out.String())
		}
	}
}

// freePort is a port that nobody has, and nobody gets who asks for any.
func freePort(t *testing.T) string {
	t.Helper()
	var err error
	for range 100 {
		port := strconv.Itoa(15_000 + rand.IntN(15_000))
		var l net.Listener
		if l, err = net.Listen("tcp", "127.0.0.1:"+port); err == nil {
			l.Close()
			return port
		}
	}
	t.Fatal(err)
	return ""
}

// postSigned posts a body with the signature of another.
func postSigned(t *testing.T, url string, at time.Time, signed, body string) (status int) {
	t.Helper()
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(servertest.WebhookSecret, "whsec_"))
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "7.%d.%s", at.Unix(), signed)
	r, err := http.NewRequest(http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("webhook-id", "7")
	r.Header.Set("webhook-timestamp", strconv.FormatInt(at.Unix(), 10))
	r.Header.Set("webhook-signature", "v1,wrong= v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	return answer.StatusCode
}
