package script_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rator/failure"
	"rator/workflow/contract"
	"rator/workflow/script"
	"rator/workflow/value"
)

// recursive is a host whose every hookpoint is the program that runs.
type recursive struct {
	quiet
	program *script.Program
}

func (h recursive) API(_ string, in value.Tree) (value.Tree, error) {
	return h.program.Run(&h.runtime, in)
}

func (h recursive) Hook(_, key string, in value.Tree) (value.Tree, bool, error) {
	if key == "" {
		return nil, false, nil
	}
	out, err := h.program.Run(&h.runtime, in)
	return out, true, err
}

func (recursive) Bound(_, key string) bool { return key != "" }

// Whatever is loaded, loading it ends, and what is accepted runs inside its
// bounds, to an answer or an error that tells where.
func FuzzCompile(f *testing.F) {
	for _, pattern := range []string{"*.star", "mistakes/*.star"} {
		files, err := filepath.Glob(filepath.Join(testdata, pattern))
		if err != nil || len(files) == 0 {
			f.Fatalf("no scripts: %v", err)
		}
		for _, file := range files {
			src, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			for chunk := range strings.SplitSeq(string(src), "\n---\n") {
				f.Add(chunk)
			}
		}
	}
	for _, c := range bombs {
		f.Add("def run(p):\n    " + strings.ReplaceAll(c.body, "\n", "\n    ") + "\n")
	}
	env := environment(f)
	f.Fuzz(func(t *testing.T, src string) {
		for _, hookpoint := range []string{"", "TYPES", "SOAP_SIGNUP"} {
			p, mistakes := script.Compile("f", []byte(src), hookpoint, env)
			if (p == nil) != (len(mistakes) > 0) {
				t.Fatalf("%v and a program: %v", mistakes, p != nil)
			}
			for _, m := range mistakes {
				if m.File != "f" || m.Line < 1 || m.Column < 1 || m.Message == "" {
					t.Errorf("%+v", m)
				}
			}
			if p != nil {
				bounded(t, p, hookpoint, env)
			}
		}
	})
}

func bounded(t *testing.T, p *script.Program, hookpoint string, env script.Env) {
	script.Cycles(map[string]*script.Program{hookpoint: p, "SOAP_READ": p})
	in := everyType()
	if hookpoint == "SOAP_SIGNUP" {
		in = signupRequest()
	}
	w := newPrepaid()
	w.runtime.Host = recursive{quiet{world: w}, p}
	out, cost, err := measured(p, w, in)
	if cost.bytes > 2*mostBytes || cost.took > mostTime {
		t.Errorf("%d KiB in %v", cost.bytes>>10, cost.took)
	}
	if n := len(out.JSON()); n > 4*mostBytes { // each < is \u003c
		t.Errorf("an answer of %d KiB", n>>10)
	}
	var at *script.Error
	if err != nil && (!errors.As(err, &at) || at.File != "f" || at.Line < 1 || at.Column < 1 || failure.CodeOf(err) == nil) {
		t.Errorf("%#v", err)
	}
	if c := env.Contracts[hookpoint]; c != nil {
		contract.Check(c.Response, out, contract.Options{})
	}
}
