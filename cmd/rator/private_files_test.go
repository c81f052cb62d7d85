package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"rator/server"
	"rator/server/servertest"
)

// TestWhatHoldsExchangesIsItsOwnersOnly: whatever writes recordings, or reports with
// what is in them, writes files of 0600 in folders of 0700. A folder that was there
// keeps its mode, which is told when others may look into it; so does a file.
func TestWhatHoldsExchangesIsItsOwnersOnly(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0)) // no test runs beside one that is not parallel
	s, endpoint, store := servertest.Logged(t)
	dir := t.TempDir()
	at := func(parts ...string) string { return filepath.Join(append([]string{dir}, parts...)...) }
	ok := func(o outcome) outcome {
		t.Helper()
		if o.code != exitOK {
			t.Fatalf("%+v", o)
		}
		return o
	}

	open := at("open")
	if err := os.Mkdir(open, 0o755); err != nil {
		t.Fatal(err)
	}
	recorder := startRecorder(t, endpoint)
	servertest.CallAt(t, recorder.url, "SOAP_SIGNUP_CUSTOMER", "order-1", servertest.SignUpValues("recorded")...)
	if code := recorder.end(); code != exitOK {
		t.Fatal(code, recorder.err.String())
	}
	address, stop := startMock(t, recorder.dir, "--forward", endpoint, "--record", at("forwarded", "new"))
	asked(t, address, mockRequest)
	stop()
	if err := s.Calls.Flush(); err != nil {
		t.Fatal(err)
	}
	if o := ok(rator(t, "", "record", "--from-log", "order-1", "--store", store, "--dir", open)); !strings.Contains(o.err, open+" is open to others (0755)") {
		t.Error(o.err)
	}
	ok(rator(t, "", "record", "--from-log", "order-1", "--store", store, "--dir", at("log")))
	project := filepath.Join(root, "testdata", "replay", "soapui", "orders-soapui-project.xml")
	ok(rator(t, "", "replay", "--import", "soapui", project, "--to", at("imported", "suite"), "--json", at("import.json")))
	kept := servertest.Write(t, at("log"), "kept.sh", "")
	for kind, to := range map[string]string{"curl": kept, "soapui": at("project.xml")} {
		ok(rator(t, "", "replay", "--export", kind, at("log"), "--to", to))
	}
	ok(rator(t, "", "replay", at("log"), "--set", "PASSWORD="+server.DemoPassword, "--json", at("r.json"), "--html", at("r.html"), "--junit", at("r.xml")))

	mine := map[string]fs.FileMode{open: 0o755, kept: 0o644}
	files := 0
	for _, tree := range []string{dir, recorder.dir} {
		err := filepath.WalkDir(tree, func(path string, d fs.DirEntry, err error) error {
			if err != nil || path == dir {
				return err
			}
			want, stays := mine[path]
			if !stays {
				want = 0o600
				if d.IsDir() {
					want = 0o700
				}
			}
			info, err := d.Info()
			if err == nil && info.Mode().Perm() != want {
				t.Errorf("%s is %04o, want %04o", path, info.Mode().Perm(), want)
			}
			files++
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	if files < 25 {
		t.Errorf("only %d files and folders were written", files)
	}
}
