package record

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"rator/replay/fixture"
)

// scenario is one folder that is being recorded.
type scenario struct {
	dir      string
	number   int    // of the last exchange in it
	written  int    // exchanges of this recording
	path     string // where its requests go
	settled  bool   // path is in its settings, or cannot be
	foreign  bool   // its settings are somebody's own and stay as they are
	has      []byte // settings that are written
	needs    []need
	missing  []string
	unlisted int // of missing, those beyond what is listed
}

// need is a variable with the first exchange that has it.
type need struct{ variable, label string }

// open looks at what is in the folder already: numbers go on behind it.
func (r *Recorder) open() error {
	if err := fixture.MakeDir(r.options.Dir); err != nil {
		return err
	}
	if open := fixture.OpenToOthers(r.options.Dir); open != "" {
		r.options.Say(open)
	}
	last, err := lastNumber(r.options.Dir, true)
	r.next = last + 1
	return err
}

// lastNumber is the highest number that a name in dir begins with: a folder's or
// a file's.
func lastNumber(dir string, folders bool) (int, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	last := 0
	for _, e := range entries {
		number, _, _ := strings.Cut(e.Name(), "-")
		if n, err := strconv.Atoi(number); err == nil && e.IsDir() == folders {
			last = max(last, n)
		}
	}
	return last, err
}

// scenario is the one that an exchange belongs to. A folder's number says in which
// order they began, so that their names sort.
func (r *Recorder) scenario(x *Exchange) *scenario {
	id, label := r.group(x)
	if s := r.scenarios[id]; s != nil {
		return s
	}
	s := &scenario{dir: r.options.Dir}
	if label != "" {
		s.dir = filepath.Join(s.dir, fmt.Sprintf("%04d-%s", r.next, folderName(label)))
		r.next++
	} else if last, err := lastNumber(s.dir, false); err == nil {
		s.number = last
	}
	if _, err := os.Lstat(filepath.Join(s.dir, fixture.ConfigFile)); err == nil {
		s.foreign, s.settled = true, true
	}
	r.scenarios[id] = s
	return s
}

func folderName(label string) string {
	return strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '_' || r == '.' {
			return r
		}
		return '-'
	}, label)
}

// pathFor is where the scenario's requests go: where the first went that was posted.
// Clients ask for the WSDL before, of another address.
func (s *scenario) pathFor(x *Exchange) string {
	if !s.settled && x.Request.Method == http.MethodPost {
		s.settled = true
		if target := x.Request.Target; !strings.ContainsAny(target, "?;") && strings.HasPrefix(target, "/") && !strings.Contains(target, "${") {
			s.path = target
		}
	}
	return s.path
}

// add writes an exchange as the scenario's next.
func (s *scenario) add(r *Recorder, x *Exchange, f *fixture.Exchange, name string, variables []string) error {
	label := fmt.Sprintf("%02d-%s", s.number+1, fixture.FileName(name))
	for _, v := range variables {
		if !slices.ContainsFunc(s.needs, func(n need) bool { return n.variable == v }) {
			s.needs = append(s.needs, need{v, label})
		}
	}
	if x.Response.CutOff {
		s.missing = append(s.missing, label+": the answer was cut off; what came of it is here")
	}
	if err := s.settings(r); err != nil {
		s.leave()
		return err
	}
	if err := r.options.Write(s.dir, s.number+1, name, f); err != nil {
		s.leave()
		return err
	}
	s.number++
	s.written++
	return nil
}

// leave takes a folder away again in which no exchange could be written.
func (s *scenario) leave() {
	if s.written > 0 || s.foreign {
		return
	}
	os.Remove(filepath.Join(s.dir, fixture.ConfigFile))
	os.Remove(s.dir) // stays when anything is in it
	s.has = nil
}

// note says in the settings that an exchange is missing.
func (s *scenario) note(r *Recorder, x *Exchange, why string) error {
	const most = 100
	if len(s.missing) >= most {
		s.unlisted++
	} else {
		s.missing = append(s.missing, fmt.Sprintf("after %02d: %s %s: %s", s.number, x.Request.Method, r.shown(x), why))
	}
	if s.written == 0 {
		return nil // with the first exchange
	}
	return s.settings(r)
}

// settings writes scenario.toml when it is to say something new.
func (s *scenario) settings(r *Recorder) error {
	if s.foreign {
		return nil
	}
	var b bytes.Buffer
	description := "Recorded"
	if r.options.To != nil {
		description += " from " + r.options.To.Redacted()
	}
	fmt.Fprintf(&b, "description = %s\n", quoted(description))
	if s.path != "" {
		fmt.Fprintf(&b, "path = %s\n", quoted(s.path))
	}
	if len(s.needs) > 0 {
		b.WriteString("\n# These variables stand for secrets, which are not written down. Give them to replay,\n# such as --set " + s.needs[0].variable + "=...:\n")
		for _, n := range s.needs {
			fmt.Fprintf(&b, "#   %s, first in %s\n", n.variable, n.label)
		}
	}
	if len(s.missing) > 0 {
		b.WriteString("\n# Not as it was:\n")
		for _, m := range s.missing {
			fmt.Fprintf(&b, "#   %s\n", oneLine(m))
		}
	}
	if s.unlisted > 0 {
		fmt.Fprintf(&b, "#   and %d more that were not recorded\n", s.unlisted)
	}
	if bytes.Equal(b.Bytes(), s.has) {
		return nil
	}
	if err := fixture.MakeDir(s.dir); err != nil {
		return err
	}
	if err := fixture.WriteFile(filepath.Join(s.dir, fixture.ConfigFile), b.Bytes()); err != nil {
		return err
	}
	s.has = bytes.Clone(b.Bytes())
	return nil
}

// quoted is a text as TOML writes strings.
func quoted(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(oneLine(text)) + `"`
}

// oneLine is a text in which nothing ends a comment.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7F {
			return ' '
		}
		return r
	}, text)
}

func pathOf(target string) string {
	path, _, _ := strings.Cut(target, "?")
	return path
}
