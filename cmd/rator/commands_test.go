package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"rator/catalogue"
	"rator/server"
	"rator/server/servertest"
	"rator/suite"
)

// outcome is what a command line did.
type outcome struct {
	code     int
	out, err string
}

// rator runs a command line in this process.
func rator(t testing.TB, stdin string, args ...string) outcome {
	t.Helper()
	var out, err bytes.Buffer
	terminal := &terminal{ctx: t.Context(), out: &out, err: &err, in: strings.NewReader(stdin), getenv: func(string) string { return "" }}
	code := run(terminal, &commands{}, args)
	return outcome{code, out.String(), err.String()}
}

// leaves are the subcommands of the binary that do something.
func leaves(t *testing.T) []*kong.Node {
	t.Helper()
	k, err := kong.New(&commands{}, kong.DefaultEnvars("RATOR"))
	if err != nil {
		t.Fatal(err)
	}
	return k.Model.Leaves(true)
}

var example = regexp.MustCompile(`(?m)^ +(rator .*)$`)

// TestHelp: every subcommand explains itself with examples, and each of them can
// be typed as it stands.
func TestHelp(t *testing.T) {
	if suite.Apart(t) {
		return
	}
	for _, leaf := range leaves(t) {
		path := strings.Fields(leaf.Path())
		t.Run(leaf.Path(), func(t *testing.T) {
			o := rator(t, "", append(path, "--help")...)
			if o.code != exitOK || o.err != "" {
				t.Fatalf("%+v", o)
			}
			examples := example.FindAllStringSubmatch(o.out, -1)
			if len(examples) == 0 {
				t.Errorf("no example:\n%s", o.out)
			}
			for _, e := range examples {
				words := shellWords(e[1])
				k, err := kong.New(&commands{}, kong.Exit(func(int) { t.Error("exits") }))
				if err != nil {
					t.Fatal(err)
				}
				got, err := k.Parse(words[1:])
				if err != nil {
					t.Errorf("%s: %v", e[1], err)
				} else if !strings.HasPrefix(got.Command(), leaf.Path()) {
					t.Errorf("%s is an example of %s", e[1], got.Command())
				}
			}
		})
	}
}

// shellWords cuts a line as a shell does, and its redirections off.
func shellWords(line string) []string {
	var words []string
	for _, w := range regexp.MustCompile(`'[^']*'|\S+`).FindAllString(line, -1) {
		if w == ">" {
			break
		}
		words = append(words, strings.Trim(w, "'"))
	}
	return words
}

func TestNoArgumentsPrintTheHelp(t *testing.T) {
	if o := rator(t, ""); o.code != exitOK || !strings.Contains(o.out, "Exit codes: 0 ok, 1 what was asked for failed, 2 wrong use,") {
		t.Errorf("%+v", o)
	}
}

// TestExitCodes has every way to end, and what is said then.
func TestExitCodes(t *testing.T) {
	dir := t.TempDir()
	store := servertest.StoreFile(t)
	broken := filepath.Join(dir, "broken")
	servertest.Write(t, broken, "BROKEN/contract.xml", "<soapcall")
	servertest.Write(t, broken, "BROKEN/workflow.star", "def run(p):\n    return {}\n")
	badCatalogue := servertest.Write(t, dir, "bad.toml", "[[brand]]\nkey = 7\n")
	noStore := servertest.Write(t, dir, "no.db", "this is no store, only some text")
	existing := servertest.Write(t, dir, "existing", "")
	held := filepath.Join(dir, "held.db")
	holder := servertest.OpenStore(t, held)
	defer holder.Close()
	empty := filepath.Join(dir, "empty.db")
	servertest.OpenStore(t, empty).Close()
	for _, c := range []struct {
		args  string
		stdin string
		code  int
		says  string // on either stream
	}{
		{"nonsense", "", exitUsage, "Try: rator --help"},
		{"serve --nonsense", "", exitUsage, "unknown flag --nonsense"},
		{"call", "", exitUsage, "hookpoint"},
		{"call SOAP_X NOVALUE", "", exitUsage, `"NOVALUE" is not KEY=value`},
		{"call SOAP_X --endpoint http://127.0.0.1:1/x", "", exitUnreachable, "127.0.0.1:1"},
		{"check", "", exitOK, " hookpoints, no mistakes"},
		{"check " + broken, "", exitFailed, "BROKEN/contract.xml:1:"},
		{"check " + dir + "/none", "", exitUnreachable, "no such file"},
		{"check " + existing, "", exitUnreachable, "is not a directory"},
		{"catalogue check " + badCatalogue, "", exitFailed, "bad.toml:2"},
		{"catalogue check -", "[[brand]]\nkey = 7\n", exitFailed, "standard input:2"},
		{"catalogue check -", string(catalogue.Demo()), exitOK, "warning: standard input:"},
		{"catalogue check " + dir + "/none", "", exitUnreachable, "no such file"},
		{"catalogue import --store " + store + " " + badCatalogue, "", exitFailed, "bad.toml:2"},
		{"catalogue import --store " + store + " --valid-from tomorrow -", "", exitUsage, "--valid-from"},
		{"catalogue import --store " + store + " --valid-from 2001-01-01 -", string(catalogue.Demo()), exitFailed, "VALID_FROM_PAST"},
		{"catalogue export --store " + store + " " + existing, "", exitUsage, "exists; name a new file"},
		{"catalogue export --store " + dir + "/none.db", "", exitUnreachable, "none.db: no such file or directory (rator serve --store"},
		{"verify --store " + dir + "/none.db", "", exitUnreachable, "none.db"},
		{"verify --store " + noStore, "", exitUnreachable, "it is no store"},
		{"verify --store " + held, "", exitUnreachable, "another process has the file open; stop it first"},
		{"serve --listen 127.0.0.1:0 --store " + held, "", exitUnreachable, "another process has the file open; stop it first"},
		{"run-due --store " + store, "", exitOK, "0 done, 0 refused, 0 failed"},
		{"run-due --store " + store + " --as-of tomorrow", "", exitUsage, "--as-of"},
		{"run-due --store " + store + " --as-of 9999-01-01", "", exitUsage, "nothing ends before its day"},
		{"run-due --store " + store + " --hookpoints " + broken, "", exitFailed, "BROKEN/contract.xml:1:"},
		{"run-due --store " + dir + "/none.db", "", exitUnreachable, "none.db"},
		{"compact --store " + store + " " + existing, "", exitUsage, "exists; name a new file"},
		{"backup --store " + store + " " + existing, "", exitUsage, "exists; name a new file"},
		{"backup --store " + store + " " + dir + "/none/x", "", exitUnreachable, "no such file"},
		{"operator add demo --store " + store, "a long password\n", exitFailed, "demo"},
		{"operator add x --store " + store, "a long password\n", exitFailed, "rator: "},
		{"operator add someone --brand NONE --store " + store, "a long password\n", exitFailed, "brand NONE is not in the catalogue; import one that has it first"},
		{"operator add someone --right [ --store " + store, "a long password\n", exitFailed, "["},
		{"operator add someone --trust 10.0.0.0/99 --store " + store, "a long password\n", exitFailed, "10.0.0.0/99"},
		{"operator add someone --store " + store, "", exitUsage, "no password: type one, pipe one in, or set RATOR_NEW_PASSWORD"},
		{"operator passwd nobody --store " + store, "a long password\n", exitFailed, "nobody"},
		{"operator grant nobody X --store " + store, "", exitFailed, "nobody"},
		{"operator revoke demo NOT_HELD --store " + store, "", exitFailed, "NOT_HELD"},
		{"operator disable nobody --store " + store, "", exitFailed, "nobody"},
		{"operator token add nobody --store " + store, "", exitFailed, "nobody"},
		{"operator token add demo --expires yesterday --store " + store, "", exitUsage, "--expires"},
		{"operator token add demo --expires -1h --store " + store, "", exitUsage, "--expires"},
		{"operator token add demo --expires 2020-02-28 --store " + store, "", exitFailed, "2020-02-29T00:00:00Z is over"},
		{"operator token add demo --label " + strings.Repeat("x", 65) + " --store " + store, "", exitFailed, "64 bytes"},
		{"operator token list nobody --store " + store, "", exitFailed, "nobody"},
		{"operator token revoke 202601020304050001 --store " + store, "", exitFailed, "202601020304050001"},
		{"operator token revoke rator_x --store " + store, "", exitUsage, "is no id of a token"},
		{"operator token revoke --store " + store, "", exitUsage, "id"},
		{"operator token add demo --store " + dir + "/none.db", "", exitUnreachable, "none.db"},
		{"serve --store " + empty + " --listen 0.0.0.0:0", "", exitUsage, "without an operator only loopback is served; add one first: rator operator add NAME --store " + empty},
		{"serve --demo --listen 0.0.0.0:0", "", exitUsage, "everybody knows the password of --demo's operator"},
		{"serve --store " + empty + " --listen 127.0.0.1", "", exitUsage, "--listen"},
		{"serve --store " + store + " --listen 192.0.2.1:1", "", exitUnreachable, "192.0.2.1:1"},
		{"serve --listen 127.0.0.1:0 --store " + store + " --hookpoints " + broken, "", exitFailed, "BROKEN/contract.xml:1:"},
		{"serve --listen 127.0.0.1:0 --store " + store + " --hookpoints " + dir + "/none", "", exitUnreachable, "no such file"},
		{"serve --listen 127.0.0.1:0 --store " + store + " --catalogue " + badCatalogue, "", exitFailed, "bad.toml:2"},
		{"serve --listen 127.0.0.1:0 --store " + store + " --time-zone Mars/Olympus", "", exitUsage, "--time-zone"},
		{"serve --listen 127.0.0.1:0 --store " + store + " --tls-cert x.pem", "", exitUnreachable, "--tls-cert and --tls-key belong together"},
		{"serve --listen 127.0.0.1:0 --store " + store + " --tls-cert x.pem --tls-key y.pem", "", exitUnreachable, "x.pem"},
		{"serve --listen 127.0.0.1:0 --store " + dir + "/none/rator.db", "", exitUnreachable, "none/rator.db"},
	} {
		t.Run(c.args, func(t *testing.T) {
			o := rator(t, c.stdin, strings.Fields(c.args)...)
			if o.code != c.code || !strings.Contains(o.out+o.err, c.says) {
				t.Errorf("exit code %d\nstdout: %s\nstderr: %s", o.code, o.out, o.err)
			}
		})
	}
}

// TestJSON pins the shape of every --json answer.
func TestJSON(t *testing.T) {
	store := servertest.StoreFile(t)
	broken := t.TempDir()
	servertest.Write(t, broken, "BROKEN/contract.xml", "<soapcall")
	servertest.Write(t, broken, "BROKEN/workflow.star", "")
	for _, c := range []struct {
		args string
		code int
		want string // a regular expression
	}{
		{"version --json", 0, `^{"version":"[^"]+","revision":"[^"]*","go":"go1\.[^"]+","time":"[^"]*","modified":(true|false)}$`},
		{"check --json", 0, `^{"hookpoints":[1-9]\d+,"mistakes":\[\],"warnings":\[\]}$`},
		{"check --json " + broken, 1, `^{"hookpoints":0,"mistakes":\[{"file":"[^"]+BROKEN/contract.xml","line":1,"column":\d+,"message":"[^"]+"}.*\]}$`},
		{"operator list --json --store " + store, 0, `^\[{"name":"demo","enabled":true,"brands":\["DEMO","\*"\],"rights":\["\*"\],"trusted":\[\],"username_token":"strict","act_for":\[\],"demo":false}\]$`},
		{"operator token list --json --store " + store, 0, `^\[\]$`},
		{"operator token add demo --label a --expires 1h --json --store " + store, 0, `^{"token":"rator_[A-Za-z0-9_-]{43}","id":"\d{18}","operator":"demo","label":"a","created":"[^"]+Z","expires":"[^"]+Z","expired":false}$`},
		{"operator token list demo --json --store " + store, 0, `^\[{"id":"\d{18}","operator":"demo","label":"a","created":"[^"]+Z","expires":"[^"]+Z","expired":false}\]$`},
		{"catalogue import - --json --valid-from 9999-01-01 --store " + store, 0, `^{"added":0,"changed":0,"retired":0,"unchanged":\d+}$`},
		{"catalogue import - --json --store " + store, 0, `^{"added":0,"changed":0,"retired":0,"unchanged":\d+}$`},
		{"run-due --json --store " + store, 0, `^{"done":0,"refused":0,"failed":0}$`},
		{"verify --json --store " + store, 0, `^{"records":\d+,"faults":\[\],"audit":{"segments":0,"rows":0,"ended":0,"newest":"","unsealed":\d+,"since":"[^"]+Z"}}$`},
	} {
		o := rator(t, exported(t, store), strings.Fields(c.args)...)
		if o.code != c.code || !regexp.MustCompile(c.want).MatchString(strings.TrimSpace(o.out)) || !json.Valid([]byte(o.out)) {
			t.Errorf("%s: %d\n%s\n%s", c.args, o.code, o.out, o.err)
		}
	}
}

// exported is the store's catalogue as a file.
func exported(t testing.TB, store string) string {
	t.Helper()
	o := rator(t, "", "catalogue", "export", "--store", store)
	if o.code != exitOK {
		t.Fatalf("%+v", o)
	}
	return o.out
}

// administer does everything that can be done to a store file from the command
// line, and looks at what came of it.
func administer(t *testing.T, store string) {
	t.Helper()
	warnings := regexp.MustCompile(`(?m)^warning: .*\n`)
	must := func(stdin string, says string, args ...string) string {
		t.Helper()
		o := rator(t, stdin, append(args, "--store", store)...)
		if o.code != exitOK || !strings.Contains(o.out, says) || warnings.ReplaceAllString(o.err, "") != "" {
			t.Fatalf("%v: %d\n%s%s", args, o.code, o.out, o.err)
		}
		return o.out
	}
	must("a long password\n", "operator selfcare added", "operator", "add", "selfcare", "--brand", "DEMO", "--right", "SOAP_GET_*", "--trust", "10.0.0.0/8")
	must("", "granted", "operator", "grant", "selfcare", "SOAP_CHANGE_PASSWORD", "SOAP_UPDATE_USER")
	must("", "revoked", "operator", "revoke", "selfcare", "SOAP_UPDATE_USER")
	must("another long one\n", "password changed", "operator", "passwd", "selfcare")
	must("", "said", "operator", "act-for", "selfcare", "webshop")
	must("", "disabled", "operator", "disable", "selfcare")
	if list := must("", "selfcare", "operator", "list"); !regexp.MustCompile(`(?m)^selfcare +false +DEMO +SOAP_GET_\* SOAP_CHANGE_PASSWORD +10\.0\.0\.0/8 +strict +webshop$`).MatchString(list) {
		t.Errorf("the list says:\n%s", list)
	}
	must("", "enabled", "operator", "enable", "selfcare")

	made := must("", " of selfcare, until 2999-02-01T00:00:00Z; it is shown this once:\nrator_", "operator", "token", "add", "selfcare", "--expires", "2999-01-31", "--label", "CRM, two")
	id := strings.Fields(made)[1]
	if list := must("", id, "operator", "token", "list", "selfcare"); !regexp.MustCompile(`(?m)^` + id + ` +selfcare +\S+Z +2999-02-01T00:00:00Z +CRM, two$`).MatchString(list) {
		t.Errorf("the list of tokens says:\n%s", list)
	}
	must("", "revoked", "operator", "token", "revoke", id)
	if list := must("", "LABEL", "operator", "token", "list"); strings.Contains(list, id) {
		t.Errorf("a revoked token is listed:\n%s", list)
	}

	catalogue := exported(t, store)
	file := servertest.Write(t, t.TempDir(), "catalogue.toml", strings.Replace(catalogue, `name = "Demo`, `name = "Renamed`, 1))
	must("", "0 added, 1 changed, 0 retired", "catalogue", "import", file)
	must(catalogue, "0 added, 1 changed, 0 retired", "catalogue", "import", "-")
	must("", " 0 faults", "verify")

	copied := filepath.Join(t.TempDir(), "copy.db")
	must("", copied+": ", "backup", copied)
	if o := rator(t, "", "verify", "--store", copied); o.code != exitOK {
		t.Errorf("the copy: %+v", o)
	}
	if list := rator(t, "", "operator", "list", "--store", copied); !strings.Contains(list.out, "selfcare") {
		t.Errorf("the copy: %+v", list)
	}
	compact := filepath.Join(t.TempDir(), "compact.db")
	must("", compact+": ", "compact", compact)
	if o := rator(t, "", "verify", "--store", compact); o.code != exitOK {
		t.Errorf("the compact copy: %+v", o)
	}
	if files, err := os.ReadDir(filepath.Dir(compact)); err != nil || len(files) != 1 {
		t.Errorf("left beside the compact copy: %v %v", files, err)
	}
	if piped := must("", "", "backup", "-"); len(piped) < 4096 {
		t.Errorf("the copy to standard output has %d bytes", len(piped))
	}
	if o := rator(t, "", "operator", "disable", "nobody", "--store", store); o.code != exitFailed || !strings.Contains(o.err, "nobody") {
		t.Errorf("%+v", o)
	}
}

func TestAdministration(t *testing.T) { administer(t, servertest.StoreFile(t)) }

// TestLiveAdministration does the same to the store of a running server.
func TestLiveAdministration(t *testing.T) {
	p := startServer(t, "--demo")
	administer(t, p.store)
	call := func(password string) outcome {
		return rator(t, "", "call", "SOAP_AUTHENTICATE_OPERATOR", "CHECK_OPERATOR=selfcare", "CHECK_PASSWORD="+password, "CHECK_HOOKPOINT_KEY=SOAP_GET_WEB_USER_PROFILE",
			"--endpoint", p.endpoint, "--operator", "demo", "--password", "demo")
	}
	if o := call("another long one"); o.code != exitOK {
		t.Errorf("the running server does not know the new operator: %+v", o)
	}
	if o := call("a long password"); o.code != exitFailed {
		t.Errorf("the old password counts: %+v", o)
	}
	info, err := os.Stat(server.SocketOf(p.store))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the socket: %v %v", info, err)
	}
	// Only what looks after the data runs inside.
	var out bytes.Buffer
	said := &bytes.Buffer{}
	err = forward(&terminal{ctx: t.Context(), out: &out, err: said}, server.SocketOf(p.store), &out, nil, []string{"serve", "--demo"})
	if exitCode(&terminal{err: said}, err) != exitUsage || !strings.Contains(said.String(), "unexpected argument serve") {
		t.Errorf("%v %s %s", err, said, out.String())
	}
	p.stop(t)
	if _, err := os.Stat(server.SocketOf(p.store)); !os.IsNotExist(err) {
		t.Errorf("the socket is left: %v", err)
	}
}

// TestCallPrints the answer for people, as JSON and as it came.
func TestCallPrints(t *testing.T) {
	s := servertest.New(t)
	call := func(args ...string) outcome {
		return rator(t, "", append([]string{"call", "--endpoint", s.Endpoint, "--operator", "demo", "--password", "demo"}, args...)...)
	}
	signup := strings.Fields("SOAP_SIGNUP_CUSTOMER ACCOUNT_TYPE=0 PRODUCT_CODE=POST_PAID USER.FIRST_NAME=Åse USER.LAST_NAME=Ek USER.CITY=Malmö USER.ZIP=21119 USER.EMAIL=bo@example.com USER.USERNAME=bo SIGNUP_SERVICES.CDMA_SERVICE[1].ORDER_ID=1 SIGNUP_SERVICES.CDMA_SERVICE[2].ORDER_ID=2 --request-id once")
	o := call(signup...)
	if o.code != exitOK || !regexp.MustCompile(`(?m)^STATUS +0\nREQUEST_ID +once\nACCOUNT\n  ID +\d{18}\n  CUSTOMER_NUMBER +100001\n`).MatchString(o.out) || strings.Count(o.out, "SUBSCRIPTION\n") != 2 {
		t.Errorf("%+v", o)
	}
	if again := call(signup...); again != o {
		t.Errorf("repeated: %+v", again)
	}
	read := []string{"SOAP_GET_WEB_USER_PROFILE_INTERNAL", "CUSTOMER_NUMBER=100001"}
	var answer struct {
		ErrorCode int
		Values    map[string]any
	}
	for _, more := range [][]string{{"--json"}, {"--json", "--soap12"}} {
		o := call(append(read, more...)...)
		if err := json.Unmarshal([]byte(o.out), &answer); err != nil || o.code != exitOK || answer.Values["STATUS"] != "0" || !strings.Contains(o.out, "Åse") {
			t.Errorf("%v: %v %+v", more, err, o)
		}
	}
	if o := call(append(read, "--xml")...); o.code != exitOK || !strings.Contains(o.out, ":Envelope") || !strings.Contains(o.out, "<errorCode>0</errorCode>") {
		t.Errorf("%+v", o)
	}
	if o := call(append(read, "--trace")...); !strings.Contains(o.out, "component") {
		t.Errorf("%+v", o)
	}
	if o := call("SOAP_GET_WEB_USER_PROFILE_INTERNAL", "CUSTOMER_NUMBER=7", "--language", "DK"); o.code != exitFailed || !strings.HasPrefix(o.out, "error ") {
		t.Errorf("%+v", o)
	}
	if o := call(append(read, "CONTEXT.BRAND_ID=7")...); o.code != exitFailed || !strings.Contains(o.out, "CONTEXT/BRAND_ID 7 is not a brand") {
		t.Errorf("CONTEXT in flags and arguments: %+v", o)
	}
	if o := call(append(read, "CONTEXT.PASSWORD=wrong")...); o.code != exitFailed || !strings.HasPrefix(o.out, "error 2: ") {
		t.Errorf("CONTEXT.PASSWORD counts before --password: %+v", o)
	}
	deep := "A" + strings.Repeat(".A", 9) + "=1"
	if o := call("SOAP_X", deep); o.code != exitFailed || !strings.Contains(o.err, "limit value_depth") {
		t.Errorf("%+v", o)
	}
	if o := call("SOAP_X", deep, "--xml"); o.code != exitFailed || !strings.Contains(o.out, ":Fault>") {
		t.Errorf("%+v", o)
	}
}
