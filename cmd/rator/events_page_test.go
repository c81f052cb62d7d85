package main

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"rator/server"
	"rator/server/servertest"
	"rator/suite"
)

// eventsPage is docs/events.md, played on a demo server: its commands are typed, and its
// files lie in dir.
type eventsPage struct {
	*testing.T
	dir    string
	env    []string
	server *serverProcess
}

func playEventsPage(t *testing.T) *eventsPage {
	t.Helper()
	suite.Foreign(t, "Python 3", "python3", "--version")
	dir := t.TempDir()
	server := spawnIn(t, dir, "--demo", "--store", filepath.Join(dir, "demo.db"))
	test, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	linked(t, test, dir, "tools/curl")
	servertest.Write(t, dir, "mailer.password", "a mailer's own secret\n")
	e := &eventsPage{t, dir, append(os.Environ(), "PATH="+filepath.Join(dir, "bin")+":"+filepath.Join(dir, "tools")+":"+os.Getenv("PATH"), "RATOR_ENDPOINT="+server.endpoint,
		"RATOR_OPERATOR=mailer", "RATOR_PASSWORD=a mailer's own secret"), server}
	here := strings.NewReplacer("127.0.0.1:8080", servertest.HostOf(server.endpoint))
	r := &pageReader{T: t, page: "docs/events.md", dir: dir, env: e.env, replaced: here.Replace}
	r.play()
	for _, file := range []string{"mailer.py", "crm.py"} {
		servertest.Write(t, dir, file, here.Replace(servertest.Read(t, filepath.Join(dir, file))))
	}
	return e
}

// shell runs a line in the page's folder.
func (e *eventsPage) shell(line string) string {
	e.Helper()
	cmd := exec.CommandContext(e.Context(), "sh", "-euc", line)
	cmd.Dir, cmd.Env = e.dir, e.env
	out, err := cmd.CombinedOutput()
	if err != nil {
		e.Fatalf("%s: %v\n%s", line, err, out)
	}
	return string(out)
}

// call makes a call as the demo's operator.
func (e *eventsPage) call(words string) string {
	e.Helper()
	return e.shell("rator call " + words + " --operator " + server.DemoOperator + " --password " + server.DemoPassword + " --json")
}

// TestMailerRecipe: every token is mailed, whenever the mailer runs, to who asked for it,
// and those that count no longer are not.
func TestMailerRecipe(t *testing.T) {
	e := playEventsPage(t)
	servertest.Write(t, e.dir, "bin/sendmail", "#!/bin/sh\necho \"TO $1\" >> mails\ncat >> mails\necho >> mails\n")
	if err := os.Chmod(filepath.Join(e.dir, "bin/sendmail"), 0o755); err != nil {
		t.Fatal(err)
	}
	mails := func(n int) (tokens []string) {
		t.Helper()
		for end := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
			text, _ := os.ReadFile(filepath.Join(e.dir, "mails"))
			tokens = nil
			for _, m := range regexp.MustCompile(`(?m)^TO (\S+)\nSubject: New password\n\nIts code: (\S+)\n`).FindAllStringSubmatch(string(text), -1) {
				if m[1] != "aase.oere@example.com" {
					t.Fatalf("mailed to %s", m[1])
				}
				tokens = append(tokens, m[2])
			}
			if len(tokens) >= n {
				return tokens
			}
			if time.Now().After(end) {
				t.Fatalf("%d of %d mails:\n%s", len(tokens), n, text)
			}
		}
	}
	newest := regexp.MustCompile(`"cursor":"(\d+)"[^\n]*\n\z`)
	done := func() { // the mailer is done with the newest
		t.Helper()
		cursor := newest.FindStringSubmatch(e.shell("rator events tail --topic user.new_password"))[1]
		for end := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
			if text, _ := os.ReadFile(filepath.Join(e.dir, "mailer.cursor")); string(text) == cursor {
				return
			}
			if time.Now().After(end) {
				t.Fatal("the mailer does not keep where it is")
			}
		}
	}
	var said servertest.LockedBuffer
	mailer := func() (stop func()) {
		t.Helper()
		ctx, cancel := context.WithCancel(t.Context())
		python := exec.CommandContext(ctx, "python3", "mailer.py")
		python.Dir, python.Env, python.Stdout, python.Stderr = e.dir, e.env, &said, &said
		if err := python.Start(); err != nil {
			t.Fatal(err)
		}
		return func() { cancel(); _ = python.Wait() } // it is killed
	}
	stop := mailer()
	e.call("SOAP_GET_NEW_PASSWORD LOGIN=aase.oere SEND_TYPE=EMAIL")
	first := mails(1)[0]
	done()
	stop()
	e.call("SOAP_GET_NEW_PASSWORD LOGIN=aase.oere SEND_TYPE=EMAIL") // while nobody mails
	e.call("SOAP_GET_NEW_PASSWORD LOGIN=aase.oere SEND_TYPE=EMAIL") // and ends the one before
	stop = mailer()
	defer stop()
	second := mails(2)
	if len(second) != 2 || second[0] != first || second[1] == first {
		t.Errorf("tokens %q after %q\n%s", second, first, said.String())
	}
	e.call("SOAP_REDEEM_NEW_PASSWORD LOGIN=aase.oere PASSWORD='another secret word' TOKEN=" + second[1])
	if left := e.shell("rator events tail --topic user.new_password --secrets"); strings.Count(left, `"TOKEN":""`) != 3 || strings.Count(left, `"TOKEN":`) != 3 {
		t.Errorf("tokens stay in the store:\n%s", left)
	}
}

// TestCRMRecipe: each run brings the table up to date.
func TestCRMRecipe(t *testing.T) {
	e := playEventsPage(t)
	rows := func() (rows [][]string) {
		t.Helper()
		e.shell("python3 crm.py")
		out := e.shell(`python3 -c 'import json, sqlite3; print(json.dumps(sqlite3.connect("crm.db").execute("SELECT id, name, status FROM customer ORDER BY id").fetchall()))'`)
		if err := json.Unmarshal([]byte(out), &rows); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		return rows
	}
	first := rows()
	if len(first) != 1 || first[0][1] != "Åse Øre" || first[0][2] != "Created" {
		t.Fatalf("%q", first)
	}
	e.call("SOAP_SIGNUP_CUSTOMER ACCOUNT_TYPE=0 PRODUCT_CODE=POST_PAID USER.FIRST_NAME=Bo USER.LAST_NAME=Ek USER.CITY=Malmö USER.ZIP=21119 USER.EMAIL=bo@example.com USER.USERNAME=bo")
	second := rows()
	if len(second) != 2 || second[1][1] != "Bo Ek" {
		t.Fatalf("%q", second)
	}
	var found struct {
		Values struct {
			Account struct {
				Owner string `json:"OWNER_ID"`
			} `json:"ACCOUNT"`
		} `json:"values"`
	}
	out := e.call("SOAP_GET_ACCOUNT ACCOUNT_ID=" + second[1][0])
	if err := json.Unmarshal([]byte(out), &found); err != nil || found.Values.Account.Owner == "" {
		t.Fatalf("%v: %s", err, out)
	}
	e.call("SOAP_UPDATE_USER USER.ID=" + found.Values.Account.Owner + " USER.LAST_NAME=Lind")
	if third := rows(); len(third) != 2 || third[0][1] != "Åse Øre" || third[1][1] != "Bo Lind" {
		t.Errorf("%q", third)
	}
}
