package house_test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// root is the project's root, seen from this package.
const root = ".."

// module begins the paths of our packages.
const module = "rator/"

// rooms is what each room may import of ours: downward only (docs/design/architecture.md 2).
func rooms(t *testing.T) map[string][]string {
	t.Helper()
	f, err := os.Open(filepath.Join(root, "docs", "design", "architecture.md"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	may := map[string][]string{}
	in := false // section 2
	for s := bufio.NewScanner(f); s.Scan(); {
		if strings.HasPrefix(s.Text(), "## ") {
			in = strings.HasPrefix(s.Text(), "## 2.")
		}
		if !in {
			continue
		}
		cells := strings.Split(s.Text(), "|")
		if len(cells) != 5 || !strings.HasPrefix(strings.TrimSpace(cells[1]), "`") {
			continue
		}
		room := strings.Trim(strings.TrimSpace(cells[1]), "`")
		for _, imported := range strings.Split(cells[3], ",") {
			may[room] = append(may[room], strings.TrimSpace(imported))
		}
	}
	if len(may) < 10 {
		t.Fatalf("architecture.md has no table of rooms: %v", may)
	}
	return may
}

// thirdParties stay in their rooms (architecture.md 2).
var thirdParties = map[string][]string{
	"go.etcd.io/bbolt":              {"store/bolt", "bench/bolt"},
	"github.com/jackc/pgx":          {"store/postgres", "bench/postgres"},
	"go.starlark.net":               {"workflow/script"},
	"github.com/beevik/etree":       {"workflow/contract", "wsdl"},
	"github.com/evanphx/json-patch": {"tmf/jsondoc"},
	"github.com/hooklift/gowsdl":    {"wire/generate"},
	"github.com/nyaruka":            {"phone"},
	"github.com/alecthomas/kong":    {"cmd/rator"},
	"github.com/pelletier/go-toml":  {"cmd/rator", "catalogue", "replay/fixture"},
	"github.com/klauspost/compress": {"bulk/export", "bulk/load", "calllog"},
	"github.com/prometheus":         {"server"},
	"github.com/coreos/go-systemd":  {"server"},
	"golang.org/x/crypto":           {"password"},
	"golang.org/x/sys":              {"bench/rig", "bench/scale", "transport"},
	"codeberg.org/go-pdf/fpdf":      {"billing/document"},
	"golang.org/x/image":            {"typeface"},
	"github.com/go-fonts":           {"typeface"},
}

// leafRooms are the rooms that every other may import (architecture.md 2).
var leafRooms = []string{"charset", "failure", "password", "transport", "zone"}

func TestImports(t *testing.T) {
	may := rooms(t)
	cmd := exec.Command("go", "list", "-f", `{{.ImportPath}}: {{join .Imports " "}}`, "./...")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for line := range strings.Lines(string(out)) {
		pkg, imports, _ := strings.Cut(strings.TrimSpace(line), ":")
		room := strings.TrimPrefix(pkg, module)
		found[room] = true
		allowed, known := may[room]
		if !known {
			t.Errorf("room %s is not in architecture.md's table", room)
			continue
		}
		for _, imported := range strings.Fields(imports) {
			if ours, ok := strings.CutPrefix(imported, module); ok {
				if !slices.Contains(allowed, "everything") && !slices.Contains(allowed, "`"+ours+"`") && !slices.Contains(leafRooms, ours) {
					t.Errorf("%s must not import %s", room, ours)
				}
			}
			for prefix, homes := range thirdParties {
				if strings.HasPrefix(imported, prefix) && !slices.Contains(homes, room) {
					t.Errorf("%s must not import %s: it belongs in %v", room, imported, homes)
				}
			}
		}
	}
	for room := range may {
		if !found[room] {
			t.Errorf("architecture.md's table has a room %s that does not exist", room)
		}
	}
}

// goFiles are the project's Go files, seen from its root.
func goFiles(t *testing.T) []string {
	t.Helper()
	return gitFiles(t, "*.go")
}

// gitFiles are the project's files of these patterns, seen from its root.
func gitFiles(t *testing.T, patterns ...string) []string {
	t.Helper()
	cmd := exec.Command("git", append([]string{"ls-files"}, patterns...)...)
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(out))
}

// TestPackagesSayWhatTheyAre: one package doc comment each (habits.md).
func TestPackagesSayWhatTheyAre(t *testing.T) {
	cmd := exec.Command("go", "list", "-f", `{{.ImportPath}}	{{.Doc}}`, "./...")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		if pkg, doc, _ := strings.Cut(strings.TrimSpace(line), "\t"); doc == "" {
			t.Errorf("%s has no package comment", pkg)
		}
	}
}

// TestFilesStaySmall: nothing over 800 lines (habits.md).
func TestFilesStaySmall(t *testing.T) {
	for _, name := range goFiles(t) {
		src, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(src), "\n"); n > 800 {
			t.Errorf("%s has %d lines", name, n)
		}
	}
}

// mostFiles is how many Go files without tests a folder may have. A face of subcommands,
// one file each, may have more.
const mostFiles = 40

var mayBeLarge = []string{"cmd/rator"}

// TestFoldersStaySmall: who opens a room sees what is in it (habits.md).
func TestFoldersStaySmall(t *testing.T) {
	files := map[string]int{}
	for _, name := range goFiles(t) {
		if !strings.HasSuffix(name, "_test.go") {
			files[filepath.ToSlash(filepath.Dir(name))]++
		}
	}
	for folder, n := range files {
		if n > mostFiles && !slices.Contains(mayBeLarge, folder) {
			t.Errorf("%s has %d Go files without tests, more than %d", folder, n, mostFiles)
		}
	}
}

// TestListeners: what is listened on is served by transport.Serve, which looks at the
// requests before net/http does. Measured beside it is bare net/http.
func TestListeners(t *testing.T) {
	past := regexp.MustCompile(`\w+\.(Serve|ServeTLS|ListenAndServe|ListenAndServeTLS)\(`)
	served := 0
	for _, file := range goFiles(t) {
		if strings.HasSuffix(file, "_test.go") || strings.HasPrefix(file, "transport/") || strings.HasPrefix(file, "bench/nethttp/") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		for _, call := range past.FindAllString(string(text), -1) {
			if served++; call != "transport.Serve(" {
				t.Errorf("%s serves past transport.Serve: %s", file, call)
			}
		}
	}
	if served < 4 {
		t.Errorf("%d listeners were found", served)
	}
}
