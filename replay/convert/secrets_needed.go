package convert

import (
	"slices"
	"strings"

	"rator/replay/fixture"
)

// needed lists, in each scenario, the variables that stand for its secrets.
func (s *secrets) needed(f *Folder) {
	stands := func(text, name string) bool { return strings.Contains(text, "${"+name+"}") }
	captured := func(name string) bool {
		return slices.ContainsFunc(f.Config.Capture, func(c fixture.Capture) bool { return c.Name == name }) ||
			slices.ContainsFunc(f.Exchanges, func(x Exchange) bool { return stands(string(x.Response.Body), "capture:"+name) })
	}
	for i := range f.Exchanges {
		r := &f.Exchanges[i].Request
		var used []string
		for _, name := range s.names {
			in := stands(r.Target, name) || stands(string(r.Body), name)
			for _, values := range r.Header {
				in = in || slices.ContainsFunc(values, func(v string) bool { return stands(v, name) })
			}
			for _, e := range f.Config.Expect {
				in = in || e.Value != nil && stands(*e.Value, name) || stands(e.Contains, name)
			}
			if in && !captured(name) {
				used = append(used, name)
			}
		}
		for _, name := range fixture.Needed(used, r.Body) {
			if !slices.Contains(f.needs, name) {
				f.needs = append(f.needs, name)
			}
		}
	}
	for _, below := range f.Folders {
		s.needed(below)
	}
}

// told says which variables are to be given, "" for none.
func (s *secrets) told(f *Folder) string {
	var all []string
	var each func(f *Folder)
	each = func(f *Folder) {
		for _, name := range f.needs {
			if !slices.Contains(all, name) {
				all = append(all, name)
			}
		}
		for _, below := range f.Folders {
			each(below)
		}
	}
	each(f)
	if len(all) == 0 {
		return ""
	}
	return "secrets became variables; give them with --set: " + strings.Join(all, ", ")
}
