package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rator/event"
	"rator/server/servertest"
	"rator/store"
)

// secretTopic is a topic with a secret, its TOKEN.
const secretTopic = "user.new_password"

// newEventStore is a test server whose store has three events of secretTopic, of the
// brands DEMO, DEMO2 and none, in a file that nobody has, and as if the server had it.
func newEventStore(t *testing.T) (ts *servertest.Server, file, live string) {
	t.Helper()
	ts = servertest.New(t)
	tellSecrets(t, ts, "DEMO", "DEMO2", "")
	file = filepath.Join(t.TempDir(), "copy.db")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ts.Store.Backup(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "events") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	live = servertest.Write(t, dir, "live.db", "")
	takeCommands(t, ts.Server.Server, live)
	return ts, file, live
}

// tellSecrets emits an event for each brand; each is of an account 202605020000000001 and on.
func tellSecrets(t *testing.T, ts *servertest.Server, brands ...string) {
	t.Helper()
	err := ts.Store.Update(t.Context(), func(tx store.Tx) error {
		for i, brand := range brands {
			err := event.ByName(secretTopic).Emit(tx, event.Whose{Brand: brand, Account: store.ID(202605020000000001 + i)}, event.ID("USER_ID", store.ID(i+1)), event.Text("TOKEN", "1234"))
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// tailed are the topic, where it is not secretTopic, the cursor and the token of each line.
func tailed(t *testing.T, lines string) string {
	t.Helper()
	var all []string
	for line := range strings.Lines(lines) {
		var e struct {
			Type, Cursor string
			Data         map[string]any
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("line %q: %v", line, err)
		}
		all = append(all, strings.TrimPrefix(fmt.Sprint(e.Type, " ", e.Cursor, " ", e.Data["TOKEN"]), secretTopic+" "))
	}
	return strings.Join(all, ", ")
}

func TestEventsTail(t *testing.T) {
	_, file, live := newEventStore(t)
	for name, at := range map[string]string{"file": file, "live": live} {
		t.Run(name, func(t *testing.T) {
			for _, test := range []struct{ flags, want string }{
				{"", ""}, // a secret is told to who names it
				{"--topic user.new_password", "1 ***, 2 ***, 3 ***"},
				{"--topic user.new_password --secrets", "1 1234, 2 1234, 3 1234"},
				{"--topic user.new_password --limit 2", "1 ***, 2 ***"},
				{"--topic user.new_password --since 2", "3 ***"},
				{"--topic user.new_password --since 3", ""},
				{"--topic user.new_password --since 2020-01-01", "1 ***, 2 ***, 3 ***"},
				{"--topic user.new_password --since 10000d --topic customer.*", "1 ***, 2 ***, 3 ***"},
				{"--topic user.new_password --brand DEMO2", "2 ***"},
				{"--topic user.new_password --brand DEMO2 --brand DEMO", "1 ***, 2 ***"},
				{"--topic user.new_password --account 202605020000000003", "3 ***"},
				{"--topic user.new_password --account 202605020000000009", ""},
			} {
				o := rator(t, "", append(strings.Fields("events tail "+test.flags), "--store", at)...)
				if got := tailed(t, o.out); o.code != exitOK || got != test.want || o.err != "" {
					t.Errorf("%s: %d %q, want %q\n%s", test.flags, o.code, got, test.want, o.err)
				}
			}
			for _, test := range []struct {
				flags string
				code  int
				says  string
			}{
				{"--topic user.new", exitUsage, `--topic "user.new": there is none such; there are user.`},
				{"--topic user.new_*", exitUsage, `holds a secret`},
				{"--since never", exitUsage, `--since "never": give a cursor`},
				{"--since 4", exitFailed, `cursor 4: the newest event has 3`},
				{"--account 7", exitUsage, `--account: "7" is not an id of 18 digits`},
				{"--limit=-1", exitUsage, `--limit is a number from 0`},
				{"--brand NONE", exitFailed, `--brand "NONE" is not a brand of this store`},
			} {
				o := rator(t, "", append(strings.Fields("events tail "+test.flags), "--store", at)...)
				if o.code != test.code || o.out != "" || !strings.Contains(o.err, test.says) {
					t.Errorf("%s: %d %s%s, want %d %s", test.flags, o.code, o.out, o.err, test.code, test.says)
				}
			}
		})
	}
	if o := rator(t, "", "events", "tail", "--follow", "--store", file); o.code != exitUnreachable || !strings.Contains(o.err, "no server has the store") {
		t.Errorf("follow a file: %+v", o)
	}
	if o := rator(t, "", "events", "tail", "--store", filepath.Join(t.TempDir(), "none.db")); o.code != exitUnreachable {
		t.Errorf("no store: %+v", o)
	}
}

// TestEventsTailSaysWhatIsLost: who asks from before what is kept goes on from where the
// mistake says.
func TestEventsTailSaysWhatIsLost(t *testing.T) {
	ts, _, live := newEventStore(t)
	if err := ts.Store.Update(t.Context(), func(tx store.Tx) error { _, err := tx.DropEvents(2, 9); return err }); err != nil {
		t.Fatal(err)
	}
	o := rator(t, "", "events", "tail", "--since", "0", "--store", live)
	const says = "rator: 2 events after cursor 0 are not kept any more: go on after cursor 2\n"
	if o.code != exitFailed || o.out != "" || o.err != says {
		t.Errorf("%+v", o)
	}
	if o := rator(t, "", "events", "tail", "--since", "2", "--topic", secretTopic, "--store", live); tailed(t, o.out) != "3 ***" {
		t.Errorf("%+v", o)
	}
}

// TestEventsTailFollow: what comes is printed as it comes, until the command is
// interrupted.
func TestEventsTailFollow(t *testing.T) {
	ts, _, live := newEventStore(t)
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	out, write := io.Pipe()
	ended := make(chan int, 1)
	var said servertest.LockedBuffer
	go func() {
		ended <- run(&terminal{ctx: ctx, out: write, err: &said, in: strings.NewReader(""), getenv: func(string) string { return "" }}, &commands{},
			[]string{"events", "tail", "--follow", "--topic", secretTopic, "--since", "1", "--store", live})
		write.Close()
	}()
	lines := bufio.NewReader(out)
	next := func(want string) {
		t.Helper()
		line, err := lines.ReadString('\n')
		if err != nil || tailed(t, line) != want {
			t.Fatalf("%q, %v, want %s\n%s", line, err, want, said.String())
		}
	}
	next("2 ***")
	next("3 ***")
	tellSecrets(t, ts, "DEMO", "DEMO")
	next("4 ***")
	next("5 ***")
	tellSecrets(t, ts, "DEMO")
	next("6 ***")
	interrupt()
	if code := <-ended; code != exitOK || said.String() != "" {
		t.Errorf("interrupted: %d %s", code, said.String())
	}
}

func TestEventsTopics(t *testing.T) {
	o := rator(t, "", "events", "topics")
	if o.code != exitOK || !regexp.MustCompile(`(?m)^TOPIC +KEYS +TOLD WHEN\n`).MatchString(o.out) ||
		!regexp.MustCompile(`(?m)^user\.new_password +USER_ID, ACCOUNT_ID, SEND_TYPE, TOKEN \(secret\), EXPIRY_DATE +a user is to be sent`).MatchString(o.out) {
		t.Errorf("%+v", o)
	}
	var all []struct {
		Topic, When, Subject string
		Secret               bool
		Keys                 []struct {
			Key, Type, Desc string
			Secret          bool
		}
	}
	o = rator(t, "", "events", "topics", "--json")
	if err := json.Unmarshal([]byte(o.out), &all); err != nil || len(all) != len(event.Topics()) {
		t.Fatalf("%v: %s", err, o.out)
	}
	for _, topic := range all {
		if topic.Topic != secretTopic {
			continue
		}
		if !strings.HasPrefix(topic.When, "a user is to be sent") || topic.Subject != "USER_ID" || !topic.Secret || len(topic.Keys) != 5 ||
			topic.Keys[3].Key != "TOKEN" || topic.Keys[3].Type != "text" || !topic.Keys[3].Secret || topic.Keys[0].Secret {
			t.Errorf("%+v", topic)
		}
		return
	}
	t.Error(secretTopic + " is not listed")
}
