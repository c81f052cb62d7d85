package main

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"rator/server"
	"rator/server/servertest"
)

// pageReader does what a page says, from its beginning to its end, in one folder: it
// writes the files that are shown and types the commands.
type pageReader struct {
	*testing.T
	page string
	dir  string
	env  []string
	// replaced are parts of commands that are other ones each time.
	replaced func(command string) string
	// left are the commands that are not typed, files that are not written and blocks,
	// named by their first line, that are neither, each with the reason.
	left map[string]string
	// instead are what is done in the place of commands that would change this machine.
	instead map[string]func()
	// exits are the exit codes of commands that may have another one than 0.
	exits map[string][]int

	met map[string]bool
}

// play does all of it. What the lists name must be in the page.
func (r *pageReader) play() {
	r.met = map[string]bool{}
	text := servertest.Read(r.T, filepath.Join(root, r.page))
	for _, f := range servertest.FencesOf(text) {
		switch f.Kind {
		case "text": // a picture
		case "sh", "":
			for _, command := range commandsOf(&f) {
				r.command(&f, &command)
			}
		default:
			if file := fileOf(&f); file == "" {
				if first, _, _ := strings.Cut(f.Text, "\n"); r.leaves(first) {
					continue
				}
				r.Errorf("%s:%d: a block of %s that shows no file and no command", r.page, f.Line, f.Kind)
			} else if !r.leaves(file) {
				servertest.Write(r.T, r.dir, file, f.Text)
			}
		}
	}
	for name := range r.left {
		if !r.met[name] {
			r.Errorf("%s: %q is left out, and not there", r.page, name)
		}
	}
	for command := range r.instead {
		if !r.met[command] {
			r.Errorf("%s: something is done instead of %q, which is not there", r.page, command)
		}
	}
	for command := range r.exits {
		if !r.met[command] {
			r.Errorf("%s: %q has exit codes, and is not there", r.page, command)
		}
	}
}

func (r *pageReader) leaves(name string) bool {
	_, left := r.left[name]
	r.met[name] = true
	return left
}

// goesOn are commands that go on until they are interrupted.
var goesOn = regexp.MustCompile(`^(bin/)?rator (serve|mock|record --to) `)

// patience is how long a command may take on a machine that does much else.
const patience = 5 * time.Minute

func (r *pageReader) command(f *servertest.Fence, c *pageCommand) {
	r.Helper()
	name := c.plain()
	if r.leaves(name) {
		return
	}
	if do := r.instead[name]; do != nil {
		do()
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	text := c.text
	if goesOn.MatchString(name) {
		text = "exec " + text
	}
	var said servertest.LockedBuffer
	sh := exec.CommandContext(ctx, "sh", "-euc", r.replaced(c.variables+text))
	sh.Dir, sh.Env, sh.Stdout, sh.Stderr = r.dir, r.env, &said, &said
	err := sh.Start()
	if err == nil {
		if goesOn.MatchString(name) {
			go interruptWhenReady(ctx, sh.Process, &said)
		}
		err = sh.Wait()
	}
	if code := sh.ProcessState.ExitCode(); code != 0 && !slices.Contains(r.exits[name], code) || ctx.Err() != nil {
		r.Errorf("%s:%d: %s\nends with %v:\n%s", r.page, f.Line, name, err, said.String())
	}
}

// interruptWhenReady presses Ctrl-C once a command says that this is how it ends.
func interruptWhenReady(ctx context.Context, p *os.Process, said *servertest.LockedBuffer) {
	for ; ctx.Err() == nil; time.Sleep(10 * time.Millisecond) {
		if strings.Contains(said.String(), "Ctrl-C") {
			_ = p.Signal(os.Interrupt)
			return
		}
	}
}

// playedPages are the pages that are played on one demo server, in this order, each with the
// commands that are not typed and the blocks that are not written, and why.
var playedPages = []struct {
	page string
	left map[string]string
}{
	{"README.md", map[string]string{
		"make run":  "the server that all is played on was started by its recipe",
		"make test": "this test is part of it",
	}},
	{"docs/integrate.md", map[string]string{
		`<value key="USER" type="c" mandatory="true" use="PERSON" desc="who rents it"/>`: "a line of a contract; those of ours use types so",
		`<values>`: "lines of a contract; those of ours use types so",
	}},
	{"docs/customers.md", nil},
	{"docs/tmforum.md", nil},
	{"docs/test.md", map[string]string{
		"scenario.toml": "it shows every setting there is, of a server that is not shown; TestTestersPage reads it",
	}},
	{"docs/calls.md", map[string]string{
		`bin/rator log --call-log /srv/one/calls --call-log /srv/two/calls --store "$DATABASE" --since 1h --outcome failed`: "the demo has one server; TestLogOfSeveralServers does it with two",
		`bin/rator log show order-4711 --call-log /srv/one/calls --call-log /srv/two/calls --store "$DATABASE"`:             "as above",
	}},
	{"CONTRIBUTING.md", map[string]string{
		"make help":                     "it needs the project's root",
		"make check":                    "it needs the project's root",
		"make build":                    "the server that all is played on was built so",
		"go test ./unit -run TestOrder": "house looks whether it is there",
		"go test ./house":               "it looks at this page, too",
		"go test ./tmf -store=postgres": "a whole run has them",
		"go test ./soap -run '^$' -bench Decode -benchtime 100x": "house looks whether it is there",
	}},
}

// TestPagesArePlayed does what README.md and the pages behind it say on one demo server.
func TestPagesArePlayed(t *testing.T) {
	dir := t.TempDir()
	served := spawnIn(t, dir, makeRun(t)...)
	test, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	linked(t, test, dir, "tools/curl")
	// What a tester has: a suite made of a call, a project of SoapUI, and some of our
	// scenarios with what they begin with.
	if out, err := ratorProcess(t, "call", "SOAP_GET_PRODUCT_CONFIGS", "--operator", server.DemoOperator, "--password", server.DemoPassword, "--endpoint", served.endpoint); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if out, err := ratorProcess(t, "record", "--from-log", newestCall(t, dir), "--dir", filepath.Join(dir, "suite", "signup"), "--store", filepath.Join(dir, "demo.db")); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, below := range []string{"soap/SOAP_GET_CAMPAIGNS", "soap/SOAP_SEARCH_CUSTOMERS", "soap/hookpoints", "clients/hookpoints"} {
		if err := os.CopyFS(filepath.Join(dir, "testdata", below), os.DirFS(filepath.Join(root, "testdata", below))); err != nil {
			t.Fatal(err)
		}
	}
	for _, settings := range []string{"scenario.toml", "catalogue.toml"} {
		servertest.Write(t, dir, "testdata/soap/"+settings, servertest.Read(t, filepath.Join(scenarios, settings)))
	}
	answer := servertest.Read(t, filepath.Join(scenarios, "SOAP_GET_CAMPAIGNS", "01-success.response.xml"))
	servertest.Write(t, dir, "expected.xml", answer)
	servertest.Write(t, dir, "actual.xml", strings.ReplaceAll(answer, "ns2", "other"))
	servertest.Write(t, dir, "project.xml", servertest.Read(t, filepath.Join(root, "testdata", "replay", "soapui", "orders-soapui-project.xml")))
	for _, p := range playedPages {
		t.Run(p.page, func(t *testing.T) {
			r := &pageReader{
				T: t, page: p.page, dir: dir, left: p.left,
				env: append(os.Environ(), "PATH="+filepath.Join(dir, "tools")+":"+os.Getenv("PATH"), "RATOR_ENDPOINT="+served.endpoint, "RATOR_LISTEN=127.0.0.1:0"),
				replaced: func(command string) string {
					if strings.Contains(command, "7-1042") {
						command = strings.ReplaceAll(command, "7-1042", newestCall(t, dir))
					}
					return strings.NewReplacer("127.0.0.1:8080", servertest.HostOf(served.endpoint), "127.0.0.1:8090", "127.0.0.1:0").Replace(command)
				},
			}
			if p.page == "docs/test.md" {
				r.exits = map[string][]int{
					// Its limits are those of a suite of more calls, and of a machine with nothing else to do.
					"bin/rator replay suite --set PASSWORD=demo --jobs 4 --repeat 10 --max-p99 50ms --junit report.xml --min-coverage 80": {exitFailed},
				}
			}
			r.play()
		})
	}
	if o, err := ratorProcess(t, "verify", "--store", filepath.Join(dir, "demo.db")); err != nil {
		t.Errorf("after all: %v\n%s", err, o)
	}
	served.stop(t)
}

// newestCall is the id of the newest call of the demo in dir.
func newestCall(t *testing.T, dir string) string {
	t.Helper()
	out, err := ratorProcess(t, "log", "--json", "--limit", "1", "--store", filepath.Join(dir, "demo.db"))
	var calls []callJSON
	if err == nil {
		err = json.Unmarshal([]byte(out), &calls)
	}
	if err != nil || len(calls) != 1 {
		t.Fatalf("%v: %s", err, out)
	}
	return calls[0].ID
}

// machine is a folder that a page takes for a machine with the package, whose server is
// started and stopped as systemd would.
type machine struct {
	*testing.T
	dir    string
	served *serverProcess
}

// newMachine has the package's settings, and a store rator.db in the folder itself.
func newMachine(t *testing.T) *machine {
	dir := t.TempDir()
	servertest.Write(t, dir, "rator.db", servertest.Read(t, servertest.StoreFile(t)))
	servertest.Write(t, dir, "etc/rator/rator.toml", here.Replace(servertest.Read(t, filepath.Join(root, "dist", "rator.toml"))))
	if err := os.MkdirAll(filepath.Join(dir, "var", "lib", "rator"), 0o700); err != nil {
		t.Fatal(err)
	}
	binary, err := buildRator()
	if err != nil {
		t.Fatal(err)
	}
	linked(t, binary, dir, "bin/rator")
	return &machine{T: t, dir: dir}
}

// here are the places of a machine, below the folder.
var here = strings.NewReplacer("sudo -u rator ", "", "sudo ", "", "-o rator -g rator ", "", "/etc/rator/", "etc/rator/", "/var/lib/rator/", "var/lib/rator/", "/var/backups/rator", "var/backups/rator")

// reader reads a page there.
func (m *machine) reader(page string) *pageReader {
	return &pageReader{T: m.T, page: page, dir: m.dir, replaced: here.Replace, env: append(os.Environ(), "PATH="+filepath.Join(m.dir, "bin")+":"+os.Getenv("PATH"))}
}

// start starts the server, which commands that r types find.
func (m *machine) start(r *pageReader) {
	m.served = spawnIn(m.T, m.dir, "--config", "etc/rator/rator.toml", "--store", "var/lib/rator/rator.db", "--metrics-listen", "127.0.0.1:0")
	r.env = append(r.env, "RATOR_ENDPOINT="+m.served.endpoint)
}

// TestOperationsArePlayed does what docs/operate.md says on a machine that has the package,
// and on a store that no server has.
func TestOperationsArePlayed(t *testing.T) {
	m := newMachine(t)
	r := m.reader("docs/operate.md")
	r.left = map[string]string{
		"sudo apt install ./rator_*.deb":                                                 "it would change this machine; TestPackage installs one below a folder",
		"sudo apt install ./bin/rator_*.deb":                                             "as above",
		"sudo systemctl enable --now ratorbackup.timer":                                  "it is for a machine that has systemd; TestUnitsOfBackups looks at it",
		"rator migrate --from rator.db --to postgres://rator@db.example.net/rator":       "there is no such database; TestMigrateIsKilled brings a store to one and back",
		"rator migrate --from postgres://rator@db.example.net/rator --to rator.db":       "as above",
		"rator backup --store postgres://rator@db.example.net/rator rator-2026-11-22.db": "as above",
		"rator restore --store postgres://rator@db.example.net/new rator-2026-11-22.db":  "as above",
		"rator schema postgres://rator@db.example.net/rator":                             "as above",
		"make deb":       "TestPackage builds one",
		"make release":   "it takes minutes",
		"make container": "TestImage makes one",
		"docker load --input rator_VERSION_amd64.image.tar": "the block is for a machine that has Docker",
		"journalctl -u rator -f":                            "it is for a machine that has the package",
		"make soak":                                         "it takes hours; the tests that it is made of play their rounds",
		"make soak SOAK=50":                                 "as above",
		"sudo -u rator rator --config /etc/rator/rator.toml operator add gateway --right 'SOAP_*'": "it asks for a password, and the page has made this operator before",
	}
	r.instead = map[string]func(){
		"sudo systemctl enable --now rator": func() { m.start(r) },
		"sudo systemctl stop rator":         func() { m.served.stop(t) },
		"sudo systemctl start rator":        func() { m.start(r) },
		"sudo systemctl restart rator":      func() { m.served.stop(t); m.start(r) },
	}
	r.exits = map[string][]int{ // a test's folder and zone are no operator's
		"sudo rator doctor --config /etc/rator/rator.toml --backups /var/backups/rator": {1, 2},
		"rator doctor --config /etc/rator/rator.toml --json":                            {1, 2},
		"rator doctor --store rator.db --backups .":                                     {1, 2},
	}
	r.play()
	m.served.stop(t)
	if o, err := ratorProcess(t, "verify", "--store", filepath.Join(m.dir, "var", "lib", "rator", "rator.db")); err != nil {
		t.Errorf("after all: %v\n%s", err, o)
	}
}

// TestCataloguePageIsPlayed does what docs/catalogue.md says.
func TestCataloguePageIsPlayed(t *testing.T) {
	newMachine(t).reader("docs/catalogue.md").play()
}
