// Package convert turns what other tools keep of exchanges into scenarios, and
// scenarios into what other tools read: SoapUI projects, HAR files, curl scripts.
// What has no counterpart is listed with its place; nothing is left out silently.
package convert

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"rator/replay/fixture"
)

// Left is what was not converted, or not wholly.
type Left struct {
	File  string `json:"file"`
	Line  int    `json:"line,omitempty"` // from 1; 0 = the file has no lines to speak of
	Where string `json:"where"`          // suite/case/step, or the entry of a HAR file
	What  string `json:"what"`           // what it is, and what to do about it
}

// String is file:line: where: what.
func (l Left) String() string {
	place := l.File
	if l.Line > 0 {
		place = fmt.Sprintf("%s:%d", place, l.Line)
	}
	if l.Where != "" {
		place += ": " + l.Where
	}
	return place + ": " + l.What
}

// Report says what came of a conversion.
type Report struct {
	Scenarios int    `json:"scenarios"`
	Exchanges int    `json:"exchanges"`
	Left      []Left `json:"left"`
}

// Folder is a scenario, or scenarios under one roof.
type Folder struct {
	Name      string
	Config    fixture.Config
	Exchanges []Exchange
	Folders   []*Folder
	needs     []string // variables that stand for secrets, to be given to replay
}

// Exchange is one of a scenario.
type Exchange struct {
	Name string
	fixture.Exchange
	// Open says that no answer is expected as a whole.
	Open bool
}

// Import is what was read of a file.
type Import struct {
	Folder
	Report
}

// Write writes the folders to dir, which must be empty or not there, whole or not
// at all. What was not converted is in CONVERSION.md, if anything was.
func (i *Import) Write(dir string) (err error) {
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return fmt.Errorf("%s is not empty; an import goes to a new folder", dir)
	}
	dir, err = filepath.Abs(dir)
	if err != nil {
		return err
	}
	if err := fixture.MakeDir(filepath.Dir(dir)); err != nil {
		return err
	}
	temp, err := os.MkdirTemp(filepath.Dir(dir), ".import-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	if before, gone := os.Stat(dir); gone == nil {
		if err := os.Chmod(temp, before.Mode().Perm()); err != nil {
			return err
		}
	}
	if err := i.Folder.write(temp); err != nil {
		return err
	}
	if len(i.Left) > 0 {
		if err := fixture.WriteFile(filepath.Join(temp, "CONVERSION.md"), i.markdown()); err != nil {
			return err
		}
	}
	if err := os.Remove(dir); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return os.Rename(temp, dir)
}

func (f *Folder) write(dir string) error {
	if err := fixture.MakeDir(dir); err != nil {
		return err
	}
	if settings := formatSettings(&f.Config, f.needs); settings != "" {
		if err := fixture.WriteFile(filepath.Join(dir, fixture.ConfigFile), []byte(settings)); err != nil {
			return err
		}
	}
	for n := range f.Exchanges {
		x := &f.Exchanges[n]
		write := fixture.Write
		if x.Open {
			write = fixture.WriteRequest
		}
		if err := write(dir, n+1, x.Name, &x.Exchange); err != nil {
			return err
		}
	}
	for _, below := range f.Folders {
		if err := below.write(filepath.Join(dir, below.Name)); err != nil {
			return err
		}
	}
	return nil
}

// markdown lists what was not converted.
func (r *Report) markdown() []byte {
	text := "# Not converted\n\n"
	for _, l := range r.Left {
		text += "* " + l.String() + "\n"
	}
	return []byte(text)
}

// count counts scenarios and exchanges.
func (i *Import) count() {
	var each func(f *Folder)
	each = func(f *Folder) {
		if len(f.Exchanges) > 0 {
			i.Scenarios++
			i.Report.Exchanges += len(f.Exchanges)
		}
		for _, below := range f.Folders {
			each(below)
		}
	}
	each(&i.Folder)
}
