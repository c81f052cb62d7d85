package workflow

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"rator/event"
	"rator/failure"
	"rator/workflow/component"
	"rator/workflow/contract"
	"rator/workflow/script"
)

// Layer is one folder of hookpoint folders, with types for their contracts in a types.xml
// beside them, if there is one. Name stands before file names in messages.
type Layer struct {
	Name string
	FS   fs.FS
}

// Load reads layers, a later one over an earlier, and compiles all of it. It is
// all or nothing: with a mistake there is no Set.
func Load(layers ...Layer) (*Set, []contract.Mistake) {
	l := loader{sources: map[string]source{}}
	for _, layer := range layers {
		l.find(layer)
	}
	return l.load()
}

type source struct {
	layer  Layer
	folder string
	types  *contract.Types // of its layer and those below
	over   *source         // the one it lies over, or nil
}

type loader struct {
	sources  map[string]source // by folder name
	types    *contract.Types   // of the layers so far
	mistakes []contract.Mistake
}

const (
	contractFile = "contract.xml"
	scriptFile   = "workflow.star"
	typesFile    = "types.xml"
)

func (l *loader) mistake(file, format string, args ...any) {
	l.mistakes = append(l.mistakes, contract.Mistake{File: file, Message: fmt.Sprintf(format, args...)})
}

func (l *loader) find(layer Layer) {
	entries, err := fs.ReadDir(layer.FS, ".")
	if err != nil {
		l.mistake(layer.Name, "cannot be read: %v", err)
		return
	}
	l.readTypes(layer)
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
			s := source{layer: layer, folder: e.Name(), types: l.types}
			if under, found := l.sources[e.Name()]; found {
				s.over = &under
			}
			l.sources[e.Name()] = s
		}
	}
}

// readTypes takes the types of a layer over those of the layers below, which only the
// contracts of this one and the next may use.
func (l *loader) readTypes(layer Layer) {
	file := path.Join(layer.Name, typesFile)
	src, err := fs.ReadFile(layer.FS, typesFile)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err != nil {
		l.mistake(file, "cannot be read: %v", err)
		return
	}
	var mistakes []contract.Mistake
	l.types, mistakes = contract.ParseTypes(file, src, l.types)
	l.mistakes = append(l.mistakes, mistakes...)
}

// read gives a file of a folder; a missing one is a mistake.
func (l *loader) read(s source, name string) (file string, src []byte) {
	file = path.Join(s.layer.Name, s.folder, name)
	src, err := fs.ReadFile(s.layer.FS, path.Join(s.folder, name))
	if err != nil {
		l.mistake(file, "cannot be read; a hookpoint folder holds %s and %s", contractFile, scriptFile)
		return file, nil
	}
	return file, src
}

// overInternal reports whether it lies over an internal hookpoint: by its key it would
// be called in that one's place, and by callers from outside as well.
func (s source) overInternal() bool {
	if s.over == nil {
		return false
	}
	src, err := fs.ReadFile(s.over.layer.FS, path.Join(s.over.folder, contractFile))
	if err != nil {
		return false
	}
	c, _ := contract.Parse("", src, s.over.types)
	return c != nil && c.Internal && !c.Optional
}

// withoutScript reports whether the folder has no script at all.
func (s source) withoutScript() bool {
	_, err := fs.Stat(s.layer.FS, path.Join(s.folder, scriptFile))
	return errors.Is(err, fs.ErrNotExist)
}

// load takes the contracts first, for a script is checked against all of them.
func (l *loader) load() (*Set, []contract.Mistake) {
	set := &Set{hookpoints: map[string]*Hookpoint{}, codes: map[string]*failure.Code{}, events: map[string]*contract.Event{}}
	for _, folder := range slices.Sorted(maps.Keys(l.sources)) {
		file, src := l.read(l.sources[folder], contractFile)
		if src == nil {
			continue
		}
		c, mistakes := contract.Parse(file, src, l.sources[folder].types)
		l.mistakes = append(l.mistakes, mistakes...)
		if c == nil {
			continue
		}
		if want, _, _ := strings.Cut(folder, "@"); c.Hookpoint != want && c.Hookpoint != folder {
			l.mistake(file, "hookpointKey is %q in a folder named %s; they must agree", c.Hookpoint, folder)
		}
		if l.sources[folder].overInternal() && !c.Internal {
			l.mistake(file, "%s lies over an internal hookpoint that others call; say internal=\"true\", or give it another key", folder)
		}
		c.Hookpoint = folder
		if c.Optional && l.sources[folder].withoutScript() {
			set.optional = append(set.optional, c)
			continue
		}
		set.hookpoints[folder] = &Hookpoint{Contract: c}
	}
	l.declare(set)
	l.topics(set)
	env := script.Env{
		Component:      component.ByName,
		ComponentNames: component.Names(),
		Contracts:      map[string]*contract.Contract{},
		Code:           set.code,
		Events:         set.events,
		Warn:           func(m contract.Mistake) { set.warnings = append(set.warnings, m) },
	}
	for key, h := range set.hookpoints {
		env.Contracts[key] = h.Contract
	}
	programs := map[string]*script.Program{}
	for key, h := range set.hookpoints {
		file, src := l.read(l.sources[key], scriptFile)
		if src == nil {
			continue
		}
		program, mistakes := script.Compile(file, src, key, env)
		l.mistakes = append(l.mistakes, mistakes...)
		h.Program, programs[key] = program, program
	}
	if len(l.mistakes) == 0 {
		l.mistakes = script.Cycles(programs)
	}
	if len(l.mistakes) > 0 {
		contract.SortMistakes(l.mistakes)
		return nil, l.mistakes
	}
	contract.SortMistakes(set.warnings)
	return set, nil
}

// declare takes the codes that contracts bring themselves, then looks at those
// that are only named. A shipped code needs its name only.
func (l *loader) declare(set *Set) {
	numbers := map[int]string{}
	contracts := set.Contracts()
	for _, c := range contracts {
		for _, f := range c.Errors {
			if f.Number != 0 {
				l.wrong(c, f, set.declare(f, numbers))
			}
		}
	}
	for _, c := range contracts {
		for _, f := range c.Errors {
			if f.Number == 0 && set.code(f.Name) == nil {
				l.wrong(c, f, fmt.Sprintf("error %s is not known%s; a code of your own has number=%q or more and a text",
					f.Name, contract.Suggest(f.Name, set.codeNames()), strconv.Itoa(contract.FirstSiteNumber)))
			}
		}
	}
}

// topics takes the topics that contracts declare. Each is declared once, and none is one
// of ours.
func (l *loader) topics(set *Set) {
	for _, c := range set.Contracts() {
		for _, e := range c.Events {
			message := ""
			switch first := set.events[e.Name]; {
			case event.ByName(e.Name) != nil:
				message = fmt.Sprintf("event %s is a topic of the server's own, which tells of it itself; give yours another name", e.Name)
			case first != nil:
				message = fmt.Sprintf("event %s is declared in %s too, in line %d; declare it in one contract, any script may emit it", e.Name, first.File, first.Line)
			default:
				set.events[e.Name] = e
				continue
			}
			l.mistakes = append(l.mistakes, contract.Mistake{File: e.File, Line: e.Line, Column: e.Column, Message: message})
		}
	}
}

func (l *loader) wrong(c *contract.Contract, f contract.Failure, message string) {
	if message != "" {
		l.mistakes = append(l.mistakes, contract.Mistake{File: c.File, Line: f.Line, Column: f.Column, Message: message})
	}
}

// declare takes one code with a number and says what is wrong with it.
func (s *Set) declare(f contract.Failure, numbers map[int]string) (mistake string) {
	shipped, own := failure.ByName(f.Name), s.codes[f.Name]
	switch {
	case shipped != nil && f.Number != shipped.Number:
		return fmt.Sprintf("error %s has the number %d, not %d; leave the number out", f.Name, shipped.Number, f.Number)
	case shipped != nil:
	case own != nil && f.Number != own.Number:
		return fmt.Sprintf("error %s is declared with the numbers %d and %d", f.Name, own.Number, f.Number)
	case own != nil:
	case numbers[f.Number] != "":
		return fmt.Sprintf("error %s has the number of %s, %d", f.Name, numbers[f.Number], f.Number)
	default:
		numbers[f.Number] = f.Name
		s.codes[f.Name] = &failure.Code{Number: f.Number, Name: f.Name, Kind: failure.Conflict, Text: f.Text}
	}
	return ""
}

func (s *Set) codeNames() []string {
	names := slices.Collect(maps.Keys(s.codes))
	for _, c := range failure.Codes() {
		names = append(names, c.Name)
	}
	return names
}
