package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rator/access"
	"rator/server"
	"rator/server/servertest"
	"rator/store"
)

// siteTopic is one that a site's contract declares.
const siteTopic = "site.suspended"

// TestASitesTopicsAreKnownWithoutAServer: by the folders that are named; where a server has
// the store, by its own.
func TestASitesTopicsAreKnownWithoutAServer(t *testing.T) {
	dir := t.TempDir()
	servertest.Write(t, dir, "scenario.toml", servertest.WithCatalogue()+"hookpoints = [\"hookpoints\"]\n")
	servertest.Write(t, dir, "hookpoints/SOAP_SUSPEND/contract.xml", `<soapcall desc="Suspend."><request><hookpointKey>SOAP_SUSPEND</hookpointKey><values/></request><response><values/></response>
<events><event name="`+siteTopic+`" desc="a customer was suspended"><values><value key="SCORE" type="l" desc="how sure"/></values></event></events></soapcall>`)
	servertest.Write(t, dir, "hookpoints/SOAP_SUSPEND/workflow.star", "def run(p):\n    emit(\""+siteTopic+"\", SCORE = 7)\n    return {}\n")
	ts := servertest.Of(t, dir)
	if err := ts.Store.Update(t.Context(), func(tx store.Tx) error { return access.Grant(tx, local, server.DemoOperator, access.RightEvents) }); err != nil {
		t.Fatal(err)
	}
	ts.Call(t, "SOAP_SUSPEND")
	file, live := filepath.Join(t.TempDir(), "copy.db"), ""
	f, err := os.Create(file)
	if err == nil {
		_, err = ts.Store.Backup(t.Context(), f)
	}
	if err != nil || f.Close() != nil {
		t.Fatal(err)
	}
	short, err := os.MkdirTemp("", "topics") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(short) })
	live = servertest.Write(t, short, "live.db", "")
	takeCommands(t, ts.Server.Server, live)
	site := filepath.Join(dir, "hookpoints")

	for _, command := range []string{"events tail --topic site.*", "events tail --topic " + siteTopic, "webhook add https://192.0.2.7/in --hub-allow 192.0.2.7 --topic site.*"} {
		words := strings.Fields(command)
		if o := rator(t, "", append(words, "--store", file)...); o.code != exitUsage || !strings.Contains(o.err, "there is none such") {
			t.Errorf("%s on a file: %+v", command, o)
		}
		if o := rator(t, "", append(words, "--store", file, "--hookpoints", site)...); o.code != exitOK || strings.HasPrefix(command, "events") && tailed(t, o.out) != siteTopic+" 1 <nil>" {
			t.Errorf("%s on a file with the folders: %+v", command, o)
		}
		if o := rator(t, "", append(words, "--store", live)...); o.code != exitOK {
			t.Errorf("%s in the server: %+v", command, o)
		}
		if o := rator(t, "", append(words, "--store", file, "--hookpoints", "nowhere")...); o.code != exitUnreachable || !strings.Contains(o.err, "nowhere") {
			t.Errorf("%s with folders that are not there: %+v", command, o)
		}
	}

	for flags, listed := range map[string]bool{"": false, "--hookpoints " + site: true} {
		words := append([]string{"events", "topics"}, strings.Fields(flags)...)
		if o := rator(t, "", words...); o.code != exitOK || strings.Contains(o.out, siteTopic+" ") != listed || listed && !strings.Contains(o.out, "a customer was suspended") {
			t.Errorf("%q: %+v", words, o)
		}
		o := rator(t, "", append(words, "--json")...)
		var rows []topicRow
		if err := json.Unmarshal([]byte(o.out), &rows); err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(rows, func(r topicRow) bool { return r.Topic == siteTopic })
		if i >= 0 != listed || listed && (rows[i].When != "a customer was suspended" || rows[i].Keys[0] != topicKey{"SCORE", "long", "how sure", false}) {
			t.Errorf("%q: %s", words, o.out)
		}
		if !slices.IsSortedFunc(rows, func(a, b topicRow) int { return strings.Compare(a.Topic, b.Topic) }) {
			t.Errorf("%q are not in order", words)
		}
	}
}
