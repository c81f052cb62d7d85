package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
)

type versionCommand struct {
	JSON bool `name:"json" help:"Answer as JSON: version, revision, go, time, modified."`
}

func (c *versionCommand) Help() string {
	return "Prints the module's version, the commit it was built from and the Go release.\n\n  rator version --json"
}

// build is what a binary was built from.
type build struct {
	Version  string `json:"version"`
	Revision string `json:"revision"` // of the commit; "" = built without its repository
	Go       string `json:"go"`
	Time     string `json:"time"`     // of the commit
	Modified bool   `json:"modified"` // files were not as in the commit
}

// buildOf reads what the Go command wrote into a binary; nil when it wrote nothing.
func buildOf(info *debug.BuildInfo) build {
	b := build{Version: "(devel)", Go: runtime.Version()}
	if info == nil {
		return b
	}
	b.Version, b.Go = cmp.Or(info.Main.Version, b.Version), cmp.Or(info.GoVersion, b.Go)
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Revision = s.Value
		case "vcs.time":
			b.Time = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	return b
}

func thisBuild() build {
	info, _ := debug.ReadBuildInfo()
	return buildOf(info)
}

func (b build) String() string {
	words := []string{"rator", b.Version, cmp.Or(b.Revision, "of an unknown commit")}
	if b.Time != "" {
		words = append(words, b.Time)
	}
	if b.Modified {
		words = append(words, "modified")
	}
	return strings.Join(append(words, b.Go), " ")
}

func (c *versionCommand) Run(t *terminal) error {
	b := thisBuild()
	if c.JSON {
		return json.NewEncoder(t.out).Encode(b)
	}
	_, err := fmt.Fprintln(t.out, b)
	return err
}
