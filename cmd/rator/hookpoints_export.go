package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rator/server"
	"rator/workflow"
	"rator/workflow/contract"
	"rator/workflow/hookpoints"
)

type hookpointsCommand struct {
	Export hookpointsExportCommand `cmd:"" help:"Write the shipped hookpoints as folders of your own."`
}

type hookpointsExportCommand struct {
	Dir   string   `arg:"" help:"Directory of hookpoint folders; it is made when there is none."`
	Keys  []string `arg:"" optional:"" name:"key" help:"Hookpoints to write; without any, all."`
	Force bool     `help:"Write over files that are there already." env:"-"`
}

func (c *hookpointsExportCommand) Help() string {
	return `Writes the hookpoints that are in the binary: a folder each, with the script as it is and the contract
with everything spelled out that it shares with others. A server with DIR as --hookpoints does what one without does,
until you change a folder; folders that you do not change are better deleted, for then they follow ours when you upgrade.
Of a hookpoint that is yours to bind, such as SIGNUP, the contract is written when you name it.

Nothing is written when a file is there already, unless --force says so. Exit code 2 for that and for a hookpoint that
is not in the binary, 3 when DIR cannot be written.

  rator hookpoints export ./hookpoints
  rator hookpoints export ./hookpoints SOAP_SIGNUP_CUSTOMER CREATE_CUSTOMER
  rator hookpoints export ./hookpoints SIGNUP`
}

func (c *hookpointsExportCommand) Run(t *terminal) error {
	set, err := server.Hookpoints(nil)
	if err != nil {
		return err
	}
	keys, err := c.keys(set)
	if err != nil {
		return misused(err)
	}
	files := map[string][]byte{} // by name below c.Dir
	var names, toWrite []string
	for _, key := range keys {
		if i := slices.IndexFunc(set.Optional(), func(of *contract.Contract) bool { return of.Hookpoint == key }); i >= 0 {
			bound := *set.Optional()[i]
			bound.Optional = false
			files[key+"/contract.xml"] = bound.XML()
			names, toWrite = append(names, key+"/contract.xml"), append(toWrite, key)
			continue
		}
		script := key + "/workflow.star"
		src, err := fs.ReadFile(hookpoints.Folders, script)
		if err != nil {
			return err
		}
		files[key+"/contract.xml"], files[script] = set.Find(key).Contract.XML(), src
		names = append(names, key+"/contract.xml", script)
	}
	if err := c.missing(names); err != nil {
		return err
	}
	for _, name := range names {
		file := filepath.Join(c.Dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return unreachable(err)
		}
		if err := os.WriteFile(file, files[name], 0o644); err != nil {
			return unreachable(err)
		}
		fmt.Fprintln(t.out, file)
	}
	if _, err := fmt.Fprintf(t.out, "%d hookpoints\n", len(keys)); err != nil || len(toWrite) == 0 {
		return err
	}
	_, err = fmt.Fprintf(t.out, "workflow.star is yours to write: %s\n", strings.Join(toWrite, ", "))
	return err
}

// keys are the hookpoints that are asked for, each once; without any, those that have a
// script.
func (c *hookpointsExportCommand) keys(set *workflow.Set) ([]string, error) {
	var known []string
	for _, of := range set.Contracts() {
		known = append(known, of.Hookpoint)
	}
	if len(c.Keys) == 0 {
		return known, nil
	}
	for _, of := range set.Optional() {
		known = append(known, of.Hookpoint)
	}
	var keys []string
	for _, key := range c.Keys {
		if !slices.Contains(known, key) {
			return nil, fmt.Errorf("no hookpoint %s%s", key, contract.Suggest(key, known))
		}
		if !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys, nil
}

// missing refuses to write over files.
func (c *hookpointsExportCommand) missing(names []string) error {
	if c.Force {
		return nil
	}
	var there []string
	for _, name := range names {
		file := filepath.Join(c.Dir, filepath.FromSlash(name))
		switch _, err := os.Lstat(file); {
		case err == nil:
			there = append(there, file)
		case !errors.Is(err, fs.ErrNotExist):
			return unreachable(err)
		}
	}
	if len(there) == 0 {
		return nil
	}
	const most = 3
	more := ""
	if len(there) > most {
		there, more = there[:most], fmt.Sprintf(" and %d more", len(there)-most)
	}
	return misused(fmt.Errorf("%s%s: there already; name another directory, or write over it with --force", strings.Join(there, ", "), more))
}
