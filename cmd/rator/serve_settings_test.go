package main

import (
	"os"
	"strings"
	"testing"
)

// TestMistakesLeaveNothing: a start whose flags are wrong says which, and has made
// nothing.
func TestMistakesLeaveNothing(t *testing.T) {
	for flags, says := range map[string]string{
		"--catalogue none.toml":              "none.toml",
		"--hookpoints none":                  "none",
		"--time-zone Mars/Olympus":           "--time-zone: ",
		"--font none.ttf":                    "--font: ",
		"--hub-allow 10.0.0.0/99":            "--hub-allow: ",
		"--tmf-cors-origin x":                "--tmf-cors-origin: ",
		"--call-log-size 1KiB":               "--call-log-size: ",
		"--memory 1MiB":                      "--memory: ",
		"--call-log-skip [":                  "--call-log-skip: ",
		"--clock 2026-01-15":                 "--clock is for demos",
		"--demo --clock soon":                "--clock \"soon\" is no day",
		"--demo --clock 2026-01-15 --font x": "--font: ",
	} {
		t.Run(flags, func(t *testing.T) {
			t.Chdir(t.TempDir())
			o := rator(t, "", strings.Fields("serve --listen 127.0.0.1:0 --store rator.db "+flags)...)
			if o.code == exitOK || !strings.Contains(o.out+o.err, says) {
				t.Errorf("%+v", o)
			}
			if left, err := os.ReadDir("."); err != nil || len(left) > 0 {
				t.Errorf("left: %v %v", left, err)
			}
		})
	}
}
