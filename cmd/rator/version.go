package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"
)

type versionCommand struct {
	JSON bool `name:"json" help:"Answer as JSON: version, revision, go."`
}

func (c *versionCommand) Help() string {
	return "Prints the module's version, the commit it was built from and the Go release.\n\n  rator version --json"
}

func (c *versionCommand) Run(t *terminal) error {
	v := struct {
		Version  string `json:"version"`
		Revision string `json:"revision"`
		Go       string `json:"go"`
	}{Version: "(devel)", Go: runtime.Version()}
	if info, ok := debug.ReadBuildInfo(); ok {
		v.Version = info.Main.Version
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				v.Revision = s.Value
			}
		}
	}
	if c.JSON {
		return json.NewEncoder(t.out).Encode(v)
	}
	_, err := fmt.Fprintf(t.out, "rator %s %s %s\n", v.Version, v.Revision, v.Go)
	return err
}
