package dist_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rator/suite"
)

// said runs a program and gives what it printed.
func said(t *testing.T, program string, args ...string) string {
	t.Helper()
	c := exec.Command(program, args...)
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", c, err, out)
	}
	return string(out)
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}

// TestUnit: systemd takes the unit, and finds little that the server may do.
func TestUnit(t *testing.T) {
	suite.Foreign(t, "systemd", "systemd-analyze", "--version")
	root := t.TempDir()
	unit, err := os.ReadFile("systemd/rator.service")
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(root, "usr/bin/rator"), "#!/bin/sh\n")
	file := filepath.Join(root, "rator.service")
	// verify asks that the program be there.
	write(t, file, strings.ReplaceAll(string(unit), "/usr/bin/rator", filepath.Join(root, "usr/bin/rator")))
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	if out := said(t, "systemd-analyze", "verify", "--man=false", file); strings.TrimSpace(out) != "" {
		t.Errorf("systemd-analyze verify says:\n%s", out)
	}
	const most = "15" // of 100: exposure 1.5
	said(t, "systemd-analyze", "security", "--offline=true", "--threshold="+most, "systemd/rator.service")
}

// TestUnitsOfBackups: systemd takes the units that docs/operate.md has for backups.
func TestUnitsOfBackups(t *testing.T) {
	suite.Foreign(t, "systemd", "systemd-analyze", "--version")
	page, err := os.ReadFile("../docs/operate.md")
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	shown := regexp.MustCompile("(?s)`/etc/systemd/system/([a-z.]+)`:\n\n```ini\n(.*?)```").FindAllStringSubmatch(string(page), -1)
	if len(shown) != 2 {
		t.Fatalf("the page shows %d units", len(shown))
	}
	for _, unit := range shown {
		write(t, filepath.Join(root, unit[1]), unit[2])
		if err := os.Chmod(filepath.Join(root, unit[1]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, unit := range shown {
		if out := said(t, "systemd-analyze", "verify", "--man=false", filepath.Join(root, unit[1])); strings.TrimSpace(out) != "" {
			t.Errorf("systemd-analyze verify says of %s:\n%s", unit[1], out)
		}
	}
}

// TestPackage packs a program as a Debian package and installs it below a folder of its
// own, brings it up to date and takes it away: what somebody changed in the settings
// stays, and so do the customers.
func TestPackage(t *testing.T) {
	suite.Foreign(t, "dpkg", "dpkg", "--version")
	suite.Foreign(t, "systemd-sysusers", "systemd-sysusers", "--version")
	dir := t.TempDir()
	pack := func(version string) string {
		binary := filepath.Join(dir, "rator-"+version)
		write(t, binary, "#!/bin/sh\necho "+version+"\n")
		return strings.TrimSpace(said(t, "debian/build", binary, version, "all", dir))
	}
	root := filepath.Join(dir, "root")
	for _, file := range []string{"var/lib/dpkg/status", "var/lib/dpkg/available", "var/lib/dpkg/info/none", "var/lib/dpkg/updates/none", "etc/none"} {
		write(t, filepath.Join(root, file), "")
	}
	os.Remove(filepath.Join(root, "var/lib/dpkg/updates/none"))
	dpkg := func(args ...string) string {
		t.Helper()
		return said(t, "dpkg", append([]string{"--root=" + root, "--force-not-root", "--force-depends", "--force-script-chrootless", "--force-confold"}, args...)...)
	}
	settings, store := filepath.Join(root, "etc/rator/rator.toml"), filepath.Join(root, "var/lib/rator/rator.db")

	dpkg("-i", pack("1.0"))
	if got := said(t, filepath.Join(root, "usr/bin/rator")); got != "1.0\n" {
		t.Errorf("the program says %q", got)
	}
	for file, mode := range map[string]os.FileMode{settings: 0o640, filepath.Dir(settings): 0o750, filepath.Dir(store): 0o700,
		filepath.Join(root, "usr/lib/systemd/system/rator.service"): 0o644, filepath.Join(root, "usr/share/doc/rator", "operate.md"): 0o644} {
		if s, err := os.Stat(file); err != nil || s.Mode().Perm() != mode {
			t.Errorf("%s: %v %v", file, s, err)
		}
	}
	if users, err := os.ReadFile(filepath.Join(root, "etc/passwd")); err != nil || !regexp.MustCompile(`(?m)^rator:x:\d+:\d+:.*:/usr/sbin/nologin$`).Match(users) {
		t.Errorf("the users are\n%s%v", users, err)
	}

	write(t, settings, "store = \"elsewhere\"\n")
	write(t, store, "customers")
	dpkg("-i", pack("1.1"))
	if got := said(t, filepath.Join(root, "usr/bin/rator")); got != "1.1\n" {
		t.Errorf("the program says %q", got)
	}
	if got, err := os.ReadFile(settings); err != nil || string(got) != "store = \"elsewhere\"\n" {
		t.Errorf("the settings are %q, %v", got, err)
	}

	dpkg("--remove", "rator")
	if out := dpkg("--purge", "rator"); !strings.Contains(out, "the customers stay") {
		t.Errorf("purging says\n%s", out)
	}
	if got, err := os.ReadFile(store); err != nil || string(got) != "customers" {
		t.Errorf("the customers are %q, %v", got, err)
	}
	for _, file := range []string{settings, filepath.Join(root, "usr/bin/rator")} {
		if _, err := os.Lstat(file); err == nil {
			t.Errorf("%s is still there", file)
		}
	}
}

// metric is a metric of the server, in a rule or a query; a histogram's parts are its own.
var metric = regexp.MustCompile(`\brator_[a-z_]+`)

// TestMonitoring: Prometheus takes the rules, they fire when they should, and what they
// and the dashboard ask for is told by the server.
func TestMonitoring(t *testing.T) {
	suite.Foreign(t, "promtool", "promtool", "--version")
	said(t, "promtool", "check", "rules", "monitoring/rator.rules.yml")
	said(t, "promtool", "test", "rules", "monitoring/rator.rules.test.yml")
	told, err := os.ReadFile("../docs/operate.md")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, row := range regexp.MustCompile("(?m)^\\| `rator_.*").FindAllString(string(told), -1) {
		for _, name := range metric.FindAllString(strings.SplitN(row, "|", 3)[1], -1) {
			known[name] = true
		}
	}
	asked := 0
	for _, file := range []string{"monitoring/rator.rules.yml", "monitoring/grafana.json"} {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range metric.FindAllString(string(src), -1) {
			asked++
			if !known[regexp.MustCompile(`_(bucket|sum|count)$`).ReplaceAllString(name, "")] {
				t.Errorf("%s asks for %s, of which docs/operate.md knows nothing", file, name)
			}
		}
	}
	if asked < 30 || len(known) < 30 {
		t.Errorf("%d metrics are asked for, %d are known", asked, len(known))
	}
	dashboard, err := os.ReadFile("monitoring/grafana.json")
	if err != nil || !json.Valid(dashboard) {
		t.Errorf("the dashboard is no JSON: %v", err)
	}
}

// TestPackageIsReproducible: the same program gives the same package.
func TestPackageIsReproducible(t *testing.T) {
	suite.Foreign(t, "dpkg", "dpkg-deb", "--version")
	t.Setenv("SOURCE_DATE_EPOCH", "1764460800")
	var packages [2][]byte
	for n := range packages {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "rator"), "#!/bin/sh\n")
		var err error
		packages[n], err = os.ReadFile(strings.TrimSpace(said(t, "debian/build", filepath.Join(dir, "rator"), "1.0", "all", dir)))
		if err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(packages[0], packages[1]) {
		t.Error("two packages of one program differ")
	}
}
