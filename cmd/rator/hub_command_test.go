package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rator/server"
	"rator/server/servertest"
	"rator/store"
	"rator/tmf/tmftest"
)

// hubStore is a test server with two hubs, one of which is suspended while a
// notification waits for it.
type hubStore struct {
	*tmftest.Audience
	down           atomic.Bool
	told, failing  string // ids
	toldAt, failAt string // paths of the callbacks
}

func newHubStore(t *testing.T) *hubStore {
	t.Helper()
	ts := servertest.New(t)
	h := &hubStore{Audience: tmftest.ListenTo(t, ts), toldAt: "/told", failAt: "/failing"}
	h.down.Store(true)
	heard := h.Web.Config.Handler
	h.Web.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h.down.Load() && r.URL.Path == h.failAt {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		heard.ServeHTTP(w, r)
	})
	h.told = filepath.Base(h.Register(t, "/customerManagement/hub", h.toldAt, "event.customer.status=Created"))
	h.failing = filepath.Base(h.Register(t, "/tmf-api/customerManagement/v4/customer/hub", h.failAt, ""))
	ts.Call(t, "SOAP_SIGNUP_CUSTOMER", server.DemoCustomer()[:4]...)
	h.Await(t, h.toldAt, 1)
	for end := time.Now().Add(patience); !strings.Contains(h.command(t, ts.Store, "hub", "list").out, "SUSPENDED"); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the hub was not suspended")
		}
	}
	return h
}

// command runs a command line as in the server that has the store.
func (h *hubStore) command(t *testing.T, st store.Store, args ...string) outcome {
	t.Helper()
	var out, said bytes.Buffer
	code := run(&terminal{ctx: t.Context(), out: &out, err: &said, in: strings.NewReader(""), getenv: func(string) string { return "" }, live: st}, &commands{}, args)
	return outcome{code, out.String(), said.String()}
}

// file is a copy of the store for nobody but the command.
func (h *hubStore) file(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "copy.db")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Server.Store.Backup(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return name
}

// live is a file that the test server seems to have: commands are forwarded to it.
func (h *hubStore) live(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "hub") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	name := servertest.Write(t, dir, "live.db", "")
	t.Cleanup(func() { os.RemoveAll(dir) })
	takeCommands(t, h.Server.Server.Server, name)
	return name
}

// TestHubCommands: list, resume and remove, in a file that nobody has and in the
// server that has it.
func TestHubCommands(t *testing.T) {
	for name, place := range map[string]func(*hubStore, *testing.T) string{"file": (*hubStore).file, "live": (*hubStore).live} {
		t.Run(name, func(t *testing.T) {
			h := newHubStore(t)
			file := place(h, t)
			does := func(code int, says string, args ...string) string {
				t.Helper()
				o := rator(t, "", append(args, "--store", file)...)
				if o.code != code || !regexp.MustCompile(says).MatchString(o.out+o.err) || code == exitOK && o.err != "" {
					t.Errorf("%v: %d\n%s%s\nwant %d and\n%s", args, o.code, o.out, o.err, code, says)
				}
				return o.out
			}
			callback := regexp.QuoteMeta(h.Web.URL)
			rows := []string{
				h.told + `  ACTIVE     2014     all       demo      ` + callback + h.toldAt + ` *`,
				h.failing + `  SUSPENDED  v4       customer  demo      ` + callback + h.failAt + ` +the listener answered 503 Service Unavailable`,
			}
			does(exitOK, `(?m)^ID +STATE +DIALECT +RESOURCE +OPERATOR +CALLBACK +REASON\n`+rows[0]+`\n`+rows[1]+`\n$`, "hub", "list")
			list := func() (all []map[string]any) {
				t.Helper()
				if err := json.Unmarshal([]byte(does(exitOK, `^\[.*\]\n$`, "hub", "list", "--json")), &all); err != nil {
					t.Fatal(err)
				}
				return all
			}
			if all := list(); len(all) != 2 || len(all[0]) != 11 ||
				all[0]["id"] != h.told || all[0]["callback"] != h.Web.URL+h.toldAt || all[0]["query"] != "event.customer.status=Created" ||
				all[0]["dialect"] != "2014" || all[0]["resource"] != "" || all[0]["operator"] != server.DemoOperator || all[0]["brand"] != server.DemoBrand ||
				all[0]["state"] != "ACTIVE" || all[0]["reason"] != "" || all[0]["attempts"] != 0.0 || all[0]["since"] != servertest.Now.Format(time.RFC3339) ||
				all[1]["state"] != "SUSPENDED" || all[1]["attempts"] != 10.0 || all[1]["resource"] != "customer" || !strings.Contains(all[1]["reason"].(string), "503") {
				t.Errorf("%v", all)
			}

			none := strings.Repeat("1", 18)
			for _, verb := range []string{"resume", "remove"} {
				does(exitFailed, `^rator: UNKNOWN_HUB: there is no such hub: `+none+`\n$`, "hub", verb, none)
				does(exitUsage, `^rator: .*"seven"`, "hub", verb, "seven")
				does(exitUsage, `expected "<id>"`, "hub", verb)
			}
			does(exitUsage, `unexpected argument`, "hub", "list", "seven")
			if all := list(); len(all) != 2 || all[1]["state"] != "SUSPENDED" {
				t.Errorf("a command that failed did this: %v", all)
			}

			h.down.Store(false)
			does(exitOK, `^resumed\n$`, "hub", "resume", h.failing)
			if all := list(); len(all) != 2 || all[1]["state"] != "ACTIVE" || all[1]["reason"] != "" || all[1]["attempts"] != 0.0 {
				t.Errorf("resumed: %v", all)
			}
			if name == "live" {
				h.Await(t, h.failAt, 1) // what it was not told
				tmftest.Quiet(t, h.Server)
			}
			does(exitOK, `^resumed\n$`, "hub", "resume", h.told) // one that goes on
			does(exitOK, `^removed\n$`, "hub", "remove", h.failing)
			does(exitFailed, `there is no such hub`, "hub", "remove", h.failing)
			if all := list(); len(all) != 1 || all[0]["id"] != h.told {
				t.Errorf("removed: %v", all)
			}
			does(exitOK, `^removed\n$`, "hub", "remove", h.told)
			does(exitOK, `^\[\]\n$`, "hub", "list", "--json")
			does(exitOK, `^ID +STATE.*\n$`, "hub", "list")
			h.left(t, name, file)
		})
	}
	t.Run("no store", func(t *testing.T) {
		none := filepath.Join(t.TempDir(), "none.db")
		for _, args := range []string{"list", "resume 1", "remove 1"} {
			o := rator(t, "", append(append([]string{"hub"}, strings.Fields(args)...), "--store", none)...)
			if o.code != exitUnreachable || !strings.Contains(o.err, "none.db: no such file or directory") {
				t.Errorf("%s: %+v", args, o)
			}
		}
	})
}

// left wants nothing to be left of the hubs but the audit rows of what was done.
func (h *hubStore) left(t *testing.T, name, file string) {
	t.Helper()
	st := h.Server.Store
	if name == "file" {
		opened := servertest.OpenStore(t, file)
		defer opened.Close()
		st = opened
	}
	rows := map[string]int{}
	err := st.View(t.Context(), func(tx store.Tx) error {
		for _, kind := range []string{"tmf_hub", "tmf_notification"} {
			if n, err := tx.Count(kind); err != nil || n != 0 {
				t.Errorf("%d of %s are left: %v", n, kind, err)
			}
		}
		all, err := tx.Scan("audit", 0, 1000)
		for _, r := range all {
			for _, what := range []string{"hub resume", "hub remove"} {
				if bytes.Contains(r.Doc, []byte(what)) {
					rows[what]++
				}
			}
		}
		return err
	})
	if err != nil || rows["hub resume"] != 2 || rows["hub remove"] != 2 {
		t.Errorf("audit rows: %v %v", rows, err)
	}
}
