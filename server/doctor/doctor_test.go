package doctor

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rator/event/delivery"
	"rator/server"
)

var now = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// well is an installation of which every check finds that it is well.
func well(t *testing.T) *Installation {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	file := func(name string) string { return filepath.Join(dir, name) }
	write(t, file("rator.db"), "a store", 0o600)
	write(t, file("rator.toml"), "", 0o644)
	if _, err := server.OpenKeyFile(file("rator.db.pin-key")); err != nil {
		t.Fatal(err)
	}
	certify(t, file("tls"), now.AddDate(0, 0, -10), now.AddDate(0, 0, 80))
	if err := os.MkdirAll(file("backups"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, file("backups/one.db"), "a backup", 0o600)
	aged(t, file("backups/one.db"), now.Add(-time.Hour))
	return &Installation{
		Now: now, Version: "1", Store: file("rator.db"), Served: true,
		free:    func(string) (int64, error) { return 10 << 30, nil },
		machine: func() (string, error) { return "Europe/Oslo", nil },
		Settings: Settings{
			File: file("rator.toml"), Listen: "0.0.0.0:8443", MetricsListen: "127.0.0.1:8081", TLSCert: file("tls.crt"), TLSKey: file("tls.key"),
			CallLog: file("rator.db.calls"), CallLogBytes: 1 << 28, KeyFile: file("rator.db.pin-key"), TimeZone: server.LocalZone,
			HubAllow: []string{"10.0.0.0/8", "crm.example.com", "public"}, Backups: file("backups"),
		},
		Facts: &Facts{
			Version: "1", Newest: now.Add(-time.Second), Zone: "Europe/Oslo", KnowsKey: true, Brands: 1, Operators: []operator{{Name: "gateway"}},
			Hubs: []subscriber{{ID: "1", State: delivery.Active}}, Webhooks: []subscriber{{ID: "2", State: delivery.Active, Behind: mostBehind}},
		},
	}
}

func write(t *testing.T, file, text string, mode fs.FileMode) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(file, mode); err != nil { // whatever the umask is
		t.Fatal(err)
	}
}

func aged(t *testing.T, file string, at time.Time) {
	t.Helper()
	if err := os.Chtimes(file, at, at); err != nil {
		t.Fatal(err)
	}
}

// certify makes NAME.crt and NAME.key.
func certify(t *testing.T, name string, from, until time.Time) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "x"}, NotBefore: from, NotAfter: until}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	write(t, name+".crt", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), 0o644)
	write(t, name+".key", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})), 0o600)
}

// TestWell: of a good installation every check says what is, and nothing is to be mended.
func TestWell(t *testing.T) {
	for name, change := range map[string]func(*Installation){
		"served":             func(*Installation) {},
		"at rest":            func(in *Installation) { in.Served, in.Facts.Version = false, "" },
		"new":                func(in *Installation) { in.Facts.Newest, in.Facts.Zone = time.Time{}, "" },
		"behind a proxy":     func(in *Installation) { in.TLSCert, in.Listen, in.TrustForwarded = "", "127.0.0.1:8080", true },
		"a zone by name":     func(in *Installation) { in.TimeZone, in.machine = "Europe/Oslo", nil },
		"no metrics apart":   func(in *Installation) { in.MetricsListen = "" },
		"a key of a group":   func(in *Installation) { chmod(t, in.TLSKey, 0o640) },
		"no backups named":   func(in *Installation) { in.Backups = "" },
		"never served":       func(in *Installation) { in.Served, in.Facts.KnowsKey, in.KeyFile = false, false, in.KeyFile+"-not" },
		"no settings file":   func(in *Installation) { in.File = "" },
		"a copy of the key":  func(in *Installation) { write(t, in.Backups+"/rator.db.pin-key", "", 0o600) },
		"a key of before":    func(in *Installation) { in.Facts.OtherKeys = 1 },
		"ids run ahead":      func(in *Installation) { in.Facts.Newest = now.Add(mostAhead) },
		"a folder not there": func(in *Installation) { in.CallLog = in.CallLog + "/none/at/all" },
	} {
		in := well(t)
		change(in)
		all := Look(in)
		if Worst(all) != OK {
			t.Errorf("%s: %+v", name, all)
		}
		for _, f := range all {
			if f.Mend != "" || f.What == "" {
				t.Errorf("%s: %+v", name, f)
			}
		}
	}
}

func chmod(t *testing.T, file string, mode fs.FileMode) {
	t.Helper()
	if err := os.Chmod(file, mode); err != nil {
		t.Fatal(err)
	}
}

// faults are for each check what it has to find.
var faults = []struct {
	check  string
	grave  Grave
	change func(t *testing.T, in *Installation)
	says   string // what, an arrow, and how to mend it; DIR = the folder of the installation
}{
	{"settings", Mistake, func(_ *testing.T, in *Installation) { in.BadSettings = errors.New("--listen: no port") }, "DIR/rator.toml: --listen: no port -> mend it: rator config"},
	{"weak setting", Warning, func(_ *testing.T, in *Installation) { in.Demo = true }, "--demo: everybody -> leave --demo out"},
	{"weak setting", Warning, func(_ *testing.T, in *Installation) { in.LenientTokens = true }, "--username-token lenient: -> leave --username-token lenient out"},
	{"weak setting", Warning, func(_ *testing.T, in *Installation) { in.Origins = []string{"https://a", "*"} }, "--tmf-cors-origin *: ->"},
	{"weak setting", Warning, func(_ *testing.T, in *Installation) { in.TrustForwarded = true }, "--trust-forwarded: ->"},
	{"weak setting", Warning, func(_ *testing.T, in *Installation) { in.HubAllow = []string{"0.0.0.0/0"} }, "--hub-allow 0.0.0.0/0: ->"},
	{"weak setting", Warning, func(_ *testing.T, in *Installation) { in.HubAllow = []string{"169.254.169.254"} }, "--hub-allow 169.254.169.254: ->"},
	{"store", Mistake, func(_ *testing.T, in *Installation) { in.Facts, in.NoFacts = nil, errors.New("it is damaged") }, "it is damaged -> name the store"},
	{"server", Mistake, func(_ *testing.T, in *Installation) { in.Facts.NotReady = "a sync failed" }, "takes no changes: a sync failed -> systemctl restart rator"},
	{"server", Warning, func(_ *testing.T, in *Installation) { in.Version = "2" }, "runs 1, and this program is 2 -> systemctl restart rator"},
	{"clock", Mistake, func(_ *testing.T, in *Installation) { in.Now = now.Add(-90 * time.Second) }, "1m29s before the newest -> set the clock"},
	{"zone", Warning, func(_ *testing.T, in *Installation) { in.TimeZone = "UTC" }, "was served in Europe/Oslo, and these settings would serve it in UTC -> name the zone: --time-zone Europe/Oslo"},
	{"zone", Warning, func(_ *testing.T, in *Installation) {
		in.machine = func() (string, error) { return "", errors.New("no name") }
	}, "no name -> name the zone: --time-zone Europe/Oslo"},
	{"test clock", Warning, func(_ *testing.T, in *Installation) { in.Facts.TestClock = true }, "it is a demo's -> never serve customers"},
	{"disk", Mistake, func(_ *testing.T, in *Installation) {
		in.free = func(string) (int64, error) { return 60 << 20, nil }
	}, "DIR: 60 MiB free -> make room on the disk of DIR"},
	{"disk", Warning, func(t *testing.T, in *Installation) {
		if err := os.Truncate(in.Store, 3<<30); err != nil {
			t.Fatal(err)
		}
		in.free = func(string) (int64, error) { return 3 << 30, nil }
	}, "DIR: 3072 MiB free; the store has 3072 MiB, and a copy of it has no room -> make room"},
	{"disk", Warning, func(_ *testing.T, in *Installation) {
		in.free = func(string) (int64, error) { return 0, errors.New("broken") }
	}, "DIR: broken -> make room"},
	{"private files", Mistake, func(t *testing.T, in *Installation) { chmod(t, in.Store, 0o640) }, "DIR/rator.db (mode 0640) may be read -> chmod go-rwx DIR/rator.db"},
	{"private files", Mistake, func(t *testing.T, in *Installation) { chmod(t, in.KeyFile, 0o604) }, "pin-key (mode 0604) -> chmod go-rwx DIR/rator.db.pin-key"},
	{"private files", Mistake, func(t *testing.T, in *Installation) { chmod(t, in.TLSKey, 0o644) }, "tls.key (mode 0644) -> chmod go-rwx DIR/tls.key"},
	{"private files", Mistake, func(t *testing.T, in *Installation) { chmod(t, in.Backups+"/one.db", 0o644) }, "one.db (mode 0644) -> chmod go-rwx DIR/backups/one.db"},
	{"trusted files", Mistake, func(t *testing.T, in *Installation) { chmod(t, in.File, 0o664) }, "rator.toml (mode 0664) may be changed -> chmod go-w DIR/rator.toml"},
	{"trusted files", Mistake, func(t *testing.T, in *Installation) { chmod(t, in.TLSCert, 0o646) }, "tls.crt (mode 0646) -> chmod go-w DIR/tls.crt"},
	{"trusted files", Mistake, func(t *testing.T, in *Installation) { chmod(t, filepath.Dir(in.Store), 0o722) }, "DIR (mode 0722) -> chmod go-w DIR"},
	{"trusted files", Warning, func(t *testing.T, in *Installation) { chmod(t, filepath.Dir(in.Store), 0o777|fs.ModeSticky) }, "takes files of everybody -> chmod go-w DIR"},
	{"certificate", Warning, func(_ *testing.T, in *Installation) { in.Now, in.Backups = now.AddDate(0, 0, 68), "" }, "tls.crt lasts until 2026-07-23, 12 days -> renew DIR/tls.crt"},
	{"certificate", Mistake, func(_ *testing.T, in *Installation) { in.Now, in.Backups = now.AddDate(0, 0, 80), "" }, "ended on 2026-07-23T12:00:00Z -> renew"},
	{"certificate", Mistake, func(t *testing.T, in *Installation) { write(t, in.TLSKey, "nothing", 0o600) }, "-> renew"},
	{"certificate", Mistake, func(t *testing.T, in *Installation) {
		certify(t, strings.TrimSuffix(in.TLSCert, ".crt"), now.Add(time.Hour), now.AddDate(1, 0, 0))
	}, "does not count before 2026-05-04T13:00:00Z -> renew"},
	{"certificate", Warning, func(t *testing.T, in *Installation) {
		in.ClientCA = filepath.Join(filepath.Dir(in.Store), "ca.crt")
		certify(t, strings.TrimSuffix(in.ClientCA, ".crt"), now, now.AddDate(0, 0, 3))
	}, "ca.crt lasts until 2026-05-07, 3 days -> renew DIR/ca.crt"},
	{"key of PINs", Mistake, func(_ *testing.T, in *Installation) { in.Facts.KnowsKey, in.Facts.OtherKeys = false, 1 }, "served with another key than that of DIR/rator.db.pin-key -> bring DIR/rator.db.pin-key back"},
	{"key of PINs", Mistake, func(t *testing.T, in *Installation) { write(t, in.KeyFile, "short", 0o600) }, "does not hold 64 hexadecimal digits -> bring"},
	{"key of PINs", Mistake, func(t *testing.T, in *Installation) {
		in.Served, in.Facts.KnowsKey, in.Facts.OtherKeys = false, false, 1
		if err := os.Remove(in.KeyFile); err != nil {
			t.Fatal(err)
		}
	}, "no such file -> bring"},
	{"plain HTTP", Mistake, func(_ *testing.T, in *Installation) { in.TLSCert = "" }, "--listen 0.0.0.0:8443 is plain HTTP -> give the server a certificate"},
	{"plain HTTP", Mistake, func(_ *testing.T, in *Installation) { in.TLSCert, in.Listen = "", ":8080" }, "--listen :8080 is plain HTTP ->"},
	{"metrics", Warning, func(_ *testing.T, in *Installation) { in.MetricsListen = "10.0.0.1:81" }, "--metrics-listen 10.0.0.1:81 -> --metrics-listen on loopback"},
	{"demo operator", Warning, func(_ *testing.T, in *Installation) { in.Facts.Operators[0].Demo = true }, "password of gateway -> rator operator passwd gateway, or rator operator disable gateway"},
	{"operators", Mistake, func(_ *testing.T, in *Installation) { in.Facts.Operators = nil }, "every call is refused -> rator operator add"},
	{"trusted networks", Warning, func(_ *testing.T, in *Installation) { in.Facts.Operators[0].Wide = []string{"0.0.0.0/0"} }, "operator gateway is let in without a password from 0.0.0.0/0 -> make another"},
	{"acting for others", Warning, func(_ *testing.T, in *Installation) { in.Facts.Operators[0].ActsAsAll = true }, "operator gateway -> say whom it may act for: rator operator act-for gateway"},
	{"catalogue", Mistake, func(_ *testing.T, in *Installation) { in.Facts.Brands = 0 }, "nobody can sign up -> rator catalogue new"},
	{"hubs", Mistake, func(_ *testing.T, in *Installation) {
		in.Facts.Hubs[0] = subscriber{ID: "11", Host: "crm", State: delivery.Suspended, Reason: "410 Gone"}
	}, "11 (crm) is suspended: 410 Gone -> see to its listener, then rator hub resume 11"},
	{"webhooks", Warning, func(_ *testing.T, in *Installation) {
		in.Facts.Webhooks[0].Failed, in.Facts.Webhooks[0].Reason = 2, "refused"
	}, "failed 2 times in a row: refused; 1000 events wait for it -> see to its receiver"},
	{"webhooks", Warning, func(_ *testing.T, in *Installation) { in.Facts.Webhooks[0].Behind++ }, "is slow; 1001 events wait for it ->"},
	{"backups", Warning, func(t *testing.T, in *Installation) { aged(t, in.Backups+"/one.db", now.Add(-27*time.Hour)) }, "one.db is 27h0m0s old -> rator backup into DIR/backups"},
	{"backups", Mistake, func(t *testing.T, in *Installation) { aged(t, in.Backups+"/one.db", now.AddDate(0, 0, -8)) }, "one.db is 192h0m0s old ->"},
	{"backups", Mistake, func(t *testing.T, in *Installation) { write(t, in.Backups+"/two.db", "", 0o600) }, "two.db is empty ->"},
	{"backups", Mistake, func(t *testing.T, in *Installation) {
		if err := os.Rename(in.Backups+"/one.db", in.Backups+"/one.db.part-1"); err != nil {
			t.Fatal(err)
		}
	}, "has no backup ->"},
	{"backups", Mistake, func(_ *testing.T, in *Installation) { in.Backups += "/none" }, "no such file or directory ->"},
}

// TestFaults: each fault is found by its check, and by no other; each check has one.
func TestFaults(t *testing.T) {
	tried := map[string]bool{}
	for _, c := range faults {
		tried[c.check] = true
		in := well(t)
		c.change(t, in)
		var said []string
		for _, f := range Look(in) {
			if f.Grave == OK {
				continue
			}
			if f.Check != c.check || f.Grave != c.grave {
				t.Errorf("%s %q: %+v", c.check, c.says, f)
			}
			said = append(said, strings.ReplaceAll(fmt.Sprint(f.What, " -> ", f.Mend), filepath.Dir(in.Store), "DIR"))
		}
		what, mend, _ := strings.Cut(c.says, "->")
		if len(said) != 1 || !strings.Contains(said[0], strings.TrimSpace(what)) || !strings.Contains(said[0], "-> "+strings.TrimSpace(mend)) {
			t.Errorf("%s: %q, want %q", c.check, said, c.says)
		}
	}
	for _, c := range checks {
		if !tried[c.name] {
			t.Errorf("no fault shows that the check %q finds one", c.name)
		}
	}
}

// TestCannotLook: a file that may not be looked at is told, and how to look.
func TestCannotLook(t *testing.T) {
	in := well(t)
	in.CallLog = in.Store + "/below"
	all := opened(in.CallLog, 0o077, "")
	if len(all) != 1 || all[0].grave != Warning || !strings.Contains(all[0].what, "look as the server's user") {
		t.Errorf("%+v", all)
	}
}
