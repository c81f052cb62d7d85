package zone_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"rator/zone"
)

func TestNamed(t *testing.T) {
	for _, name := range []string{"UTC", "Europe/Oslo", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "EST5EDT"} {
		if loc, err := zone.Named(name); err != nil || loc.String() != name {
			t.Errorf("%s: %v, %v", name, loc, err)
		}
	}
	for _, name := range []string{"", "Local", "Europe/Olso", "../etc/passwd", "/etc/localtime", "right/UTC", "posix/UTC", "+02:00", "Europe/", "Europe//Oslo", "Europe/Oslo "} {
		if loc, err := zone.Named(name); err == nil {
			t.Errorf("%q is %v", name, loc)
		}
	}
}

func TestClock(t *testing.T) {
	for _, c := range []struct{ zone, shown, want string }{
		{"Europe/Oslo", "2026-07-01T10:00:00", "2026-07-01T08:00:00Z"},
		{"Europe/Oslo", "2026-03-29T02:30:00", "2026-03-29T01:30:00Z"},       // passed over: 03:30
		{"Europe/Oslo", "2026-10-25T02:30:00", "2026-10-25T00:30:00Z"},       // twice: the first
		{"America/Sao_Paulo", "1990-10-21T00:00:00", "1990-10-21T03:00:00Z"}, // midnight is passed over: 01:00
		{"Africa/Cairo", "2026-04-24T00:00:00", "2026-04-23T22:00:00Z"},
		{"UTC", "2026-02-01T00:00:00", "2026-02-01T00:00:00Z"},
	} {
		loc, err := zone.Named(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		s, err := time.Parse("2006-01-02T15:04:05", c.shown)
		if err != nil {
			t.Fatal(err)
		}
		got := zone.Clock(s.Year(), s.Month(), s.Day(), s.Hour(), s.Minute(), s.Second(), 0, loc)
		if got.UTC().Format(time.RFC3339) != c.want {
			t.Errorf("%s in %s is %s, want %s", c.shown, c.zone, got.UTC().Format(time.RFC3339), c.want)
		}
		if day := zone.Midnight(s.Year(), s.Month(), s.Day(), loc); day.Format(time.DateOnly) != s.Format(time.DateOnly) {
			t.Errorf("the first moment of %s in %s is %s", s.Format(time.DateOnly), c.zone, day)
		}
	}
}

func TestSame(t *testing.T) {
	named := func(name string) *time.Location {
		loc, err := zone.Named(name)
		if err != nil {
			t.Fatal(err)
		}
		return loc
	}
	for _, c := range []struct {
		a, b string
		want bool
	}{{"UTC", "Etc/UTC", true}, {"Asia/Kolkata", "Asia/Calcutta", true}, {"Europe/Oslo", "Europe/Helsinki", false}, {"America/Denver", "America/Phoenix", false}, {"UTC", "Europe/London", false}} {
		if got := zone.Same(named(c.a), named(c.b)); got != c.want {
			t.Errorf("%s and %s: %t", c.a, c.b, got)
		}
	}
}

func TestMachine(t *testing.T) {
	root := func(link, file string) string {
		dir := t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, "etc"), 0o700); err != nil {
			t.Fatal(err)
		}
		localtime := filepath.Join(dir, "etc/localtime")
		switch link {
		case "":
		case "copy":
			if err := os.WriteFile(localtime, []byte("TZif2"), 0o600); err != nil {
				t.Fatal(err)
			}
		default:
			if err := os.Symlink(link, localtime); err != nil {
				t.Fatal(err)
			}
		}
		if file != "" {
			if err := os.WriteFile(filepath.Join(dir, "etc/timezone"), []byte(file), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return dir
	}
	for name, c := range map[string]struct {
		tz         string
		set        bool
		link, file string
		want       string // "" is an error
	}{
		"TZ":              {"Asia/Tokyo", true, "/usr/share/zoneinfo/Europe/Oslo", "", "Asia/Tokyo"},
		"TZ with a colon": {":Asia/Tokyo", true, "", "", "Asia/Tokyo"},
		"TZ as a path":    {":/usr/share/zoneinfo/Asia/Tokyo", true, "", "", "Asia/Tokyo"},
		"TZ empty":        {"", true, "/usr/share/zoneinfo/Europe/Oslo", "", "UTC"},
		"TZ of rules":     {"CET-1CEST,M3.5.0", true, "", "", ""},
		"a link":          {"", false, "/usr/share/zoneinfo/Europe/Oslo", "", "Europe/Oslo"},
		"a link of macOS": {"", false, "/var/db/timezone/zoneinfo/Europe/Oslo", "", "Europe/Oslo"},
		"a relative link": {"", false, "../usr/share/zoneinfo/Etc/UTC", "", "Etc/UTC"},
		"a copy, named":   {"", false, "copy", "Europe/Oslo\n", "Europe/Oslo"},
		"a copy":          {"", false, "copy", "", ""},
		"nothing":         {"", false, "", "", "UTC"},
	} {
		got, err := zone.MachineOf(func(string) (string, bool) { return c.tz, c.set }, root(c.link, c.file))
		if (err != nil) != (c.want == "") || err == nil && got != c.want {
			t.Errorf("%s: %q, %v; want %q", name, got, err, c.want)
		}
	}
}
