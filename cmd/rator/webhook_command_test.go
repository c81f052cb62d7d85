package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rator/server"
	"rator/server/servertest"
	"rator/tmf/tmftest"
)

// TestWebhookCommands: every subcommand, in a file that nobody has and in the server that
// has it.
func TestWebhookCommands(t *testing.T) {
	for _, place := range []string{"file", "live"} {
		t.Run(place, func(t *testing.T) {
			h := &hubStore{Audience: &tmftest.Audience{Server: servertest.New(t)}}
			servertest.LetReadEvents(t, h.Server.Store)
			r := servertest.NewReceiver(t)
			file := map[string]func(*testing.T) string{"file": h.file, "live": h.live}[place](t)
			does := func(code int, says, stdin string, args ...string) string {
				t.Helper()
				o := rator(t, stdin, append(append([]string{"webhook"}, args...), "--store", file)...)
				if o.code != code || !regexp.MustCompile(says).MatchString(o.out+o.err) || code == exitOK && o.err != "" {
					t.Errorf("%v: %d\n%s%s\nwant %d and\n%s", args, o.code, o.out, o.err, code, says)
				}
				return o.out
			}
			add := func(code int, says, stdin string, args ...string) string {
				t.Helper()
				return does(code, says, stdin, append([]string{"add", "--hub-allow", "127.0.0.1"}, args...)...)
			}
			drawn := `^webhook (\d{18}) of crm; its secret is shown this once:\nwhsec_[A-Za-z0-9+/]{43}=\n$`
			id := regexp.MustCompile(drawn).FindStringSubmatch(add(exitOK, drawn, "", r.URL+"/crm", "--topic", "customer.*", "--topic=billing_group.changed", "--operator", "crm"))[1]
			var second struct{ ID, Secret, Operator, State string }
			if err := json.Unmarshal([]byte(add(exitOK, `^{.*}\n$`, servertest.WebhookSecret+"\n", r.URL+"/house", "--topic", "*", "--operator=house", "--brand", server.DemoBrand, "--secret", "-", "--json")), &second); err != nil || second.Secret != servertest.WebhookSecret || second.Operator != "house" || second.State != "ACTIVE" {
				t.Errorf("%v %+v", err, second)
			}

			for _, c := range []struct {
				code int
				says string
				args string
			}{
				{exitFailed, `^rator: WEBHOOK_EXISTS: .*` + id + ` is told that already\n$`, r.URL + "/crm --topic billing_group.changed --topic customer.* --operator crm"},
				{exitUsage, `^rator: topic "custommer.created": there is none such; rator events topics lists them\n$`, r.URL + " --topic custommer.created --operator crm"},
				{exitUsage, `^rator: topic "customer.create": there is none such; there are customer.changed, customer.created`, r.URL + " --topic customer.create --operator crm"},
				{exitUsage, `--topic`, r.URL + " --operator crm"},
				{exitUsage, `expected "<url>"`, "--topic *"},
				{exitUsage, `the secret is missing`, r.URL + " --topic * --operator crm --secret="},
				{exitUsage, `a secret is whsec_ and, in base64, 24 to 64 bytes\n$`, r.URL + " --topic * --operator crm --secret=hunter2"},
				{exitFailed, `^rator: UNKNOWN_OPERATOR: `, r.URL + " --topic * --operator ghost"},
				{exitFailed, `^rator: WEBHOOK_OPERATOR_DENIED: .*operator demo has no right to EVENTS_READ\n$`, r.URL + " --topic * --operator demo"},
				{exitFailed, `^rator: WEBHOOK_OPERATOR_DENIED: .*operator crm does not work for brand "DEMO2"\n$`, r.URL + " --topic * --operator crm --brand DEMO2"},
				{exitFailed, `^rator: brand NONE is not in the catalogue`, r.URL + " --topic * --operator crm --brand NONE"},
				{exitFailed, `^rator: BAD_WEBHOOK: .*2 operators may read events; name one of crm, house\n$`, r.URL + " --topic *"},
				{exitFailed, `^rator: BAD_WEBHOOK: .*the address must be an absolute address, as http://host/path\n$`, "crm.example.com --topic * --operator crm"},
				{exitFailed, `^rator: WEBHOOK_TARGET_DENIED: .*10\.0\.0\.1.*--hub-allow`, "http://10.0.0.1/ --topic * --operator crm"},
			} {
				add(c.code, c.says, "", strings.Fields(c.args)...)
			}

			table := fmt.Sprintf(`(?m)^ID +STATE +OPERATOR +TOPICS +URL +REASON\n%s  ACTIVE  crm +customer\.\* billing_group\.changed +%s/crm *\n%s  ACTIVE  house +\* +%[2]s/house *\n$`, id, regexp.QuoteMeta(r.URL), second.ID)
			does(exitOK, table, "", "list")
			list := func() (all []map[string]any) {
				t.Helper()
				out := does(exitOK, `^\[.*\]\n$`, "", "list", "--json")
				if err := json.Unmarshal([]byte(out), &all); err != nil || strings.Contains(out, "whsec") {
					t.Fatalf("%v: %s", err, out)
				}
				return all
			}
			if all := list(); len(all) != 2 || len(all[0]) != 12 || all[0]["url"] != r.URL+"/crm" || fmt.Sprint(all[0]["topics"], all[0]["brands"], all[1]["brands"]) != "[customer.* billing_group.changed] [] [DEMO]" {
				t.Errorf("%v", all)
			}
			does(exitOK, `(?m)^id +`+id+`\n(.*\n)*operator +crm\nbrands +all of the operator's\n(.*\n)*state +ACTIVE since .*\nfailed in a row +0\nwaiting +0 events\n`, "", "show", id)
			var shown map[string]any
			if err := json.Unmarshal([]byte(does(exitOK, `^{`, "", "show", id, "--json")), &shown); err != nil || len(shown) != 15 || shown["waiting"] != 0.0 || shown["former_secret_until"] != "" {
				t.Errorf("%v %v", err, shown)
			}

			does(exitOK, `^taken\n$`, "", "test", id, "--hub-allow", "127.0.0.1")
			if !strings.Contains(r.Took(), `"type":"webhook.test"`) {
				t.Errorf("%s", r.Took())
			}
			r.Say(http.StatusForbidden)
			does(exitFailed, `403 Forbidden\n$`, "", "test", id, "--hub-allow", "127.0.0.1")
			does(exitOK, `^the secret before signs too until 20.*Z; the new one is shown this once:\nwhsec_`, "", "rotate", id)
			does(exitOK, `(?m)^former secret until +20`, "", "show", id)
			does(exitUsage, `24 to 64 bytes`, "", "rotate", id, "--secret", "whsec_")
			does(exitOK, `^resumed; 0 events wait\n$`, "", "resume", id)
			none := strings.Repeat("1", 18)
			for _, verb := range []string{"show", "test", "resume", "rotate", "remove"} {
				does(exitFailed, `^rator: UNKNOWN_WEBHOOK: there is no such webhook: `+none+`\n$`, "", verb, none)
				does(exitUsage, `"seven" is no id of a webhook; rator webhook list shows them`, "", verb, "seven")
				does(exitUsage, `expected "<id>"`, "", verb)
			}
			does(exitOK, `^removed\n$`, "", "remove", id)
			if all := list(); len(all) != 1 || all[0]["id"] != second.ID {
				t.Errorf("%v", all)
			}
			does(exitOK, `^removed\n$`, "", "remove", second.ID)
			does(exitOK, `^\[\]\n$`, "", "list", "--json")
		})
	}
	none := filepath.Join(t.TempDir(), "none.db")
	for _, args := range []string{"list", "show ID", "add http://127.0.0.1/ --topic *", "test ID", "resume ID", "rotate ID", "remove ID"} {
		args = strings.ReplaceAll(args, "ID", strings.Repeat("1", 18))
		o := rator(t, "", append(append([]string{"webhook"}, strings.Fields(args)...), "--store", none)...)
		if o.code != exitUnreachable || !strings.Contains(o.err, "none.db: no such file or directory") {
			t.Errorf("%s: %+v", args, o)
		}
	}
}
