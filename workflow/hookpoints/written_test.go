package hookpoints_test

import (
	"bytes"
	"io/fs"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/workflow/contract"
	"rator/workflow/hookpoints"
)

// parsed are the shipped contracts by folder.
func parsed(t *testing.T) map[string]*contract.Contract {
	t.Helper()
	source := func(file string) []byte {
		src, err := fs.ReadFile(hookpoints.Folders, file)
		if err != nil {
			t.Fatal(err)
		}
		return src
	}
	types, mistakes := contract.ParseTypes("types.xml", source("types.xml"), nil)
	all := map[string]*contract.Contract{}
	for key := range contracts(t) {
		c, more := contract.Parse(key, source(key+"/contract.xml"), types)
		mistakes = append(mistakes, more...)
		all[key] = c
	}
	for _, m := range mistakes {
		t.Error(m)
	}
	return all
}

// TestWrittenContractsAreTheSame: what is written of a contract says everything that the
// contract says with the types that it uses.
func TestWrittenContractsAreTheSame(t *testing.T) {
	for key, c := range parsed(t) {
		written := c.XML()
		again, mistakes := contract.Parse(key, written, nil)
		for _, m := range mistakes {
			t.Error(m)
		}
		if diff := cmp.Diff(withoutPlaces(*c), withoutPlaces(*again), cmp.Comparer(samePattern)); diff != "" {
			t.Errorf("%s: %s", key, diff)
		}
		if !bytes.Equal(again.XML(), written) {
			t.Errorf("%s is written otherwise the second time", key)
		}
	}
}

// withoutPlaces is a contract without what tells where it stands.
func withoutPlaces(c contract.Contract) contract.Contract {
	c.Request, c.Response = valuesWithoutPlaces(c.Request), valuesWithoutPlaces(c.Response)
	c.Errors = append([]contract.Failure(nil), c.Errors...)
	for i := range c.Errors {
		c.Errors[i].Line, c.Errors[i].Column = 0, 0
	}
	return c
}

func valuesWithoutPlaces(vs []*contract.Value) []*contract.Value {
	var all []*contract.Value
	for _, v := range vs {
		bare := *v
		bare.Line, bare.Column, bare.Values = 0, 0, valuesWithoutPlaces(v.Values)
		all = append(all, &bare)
	}
	return all
}

func samePattern(a, b *regexp.Regexp) bool {
	return a == nil && b == nil || a != nil && b != nil && a.String() == b.String()
}
