package soap_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/soap"
	"rator/workflow/value"
)

func TestRecordedRequests(t *testing.T) {
	for _, file := range fixtures(t, "recorded", ".http") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			message, media := recordedRequest(t, file)
			m, err := decodeWhole(message, media)
			if err != nil {
				t.Fatal(err)
			}
			checkGolden(t, strings.TrimSuffix(file, ".http")+".tree", describe(m, err))
		})
	}
}

func TestRequestShapes(t *testing.T) {
	for _, file := range fixtures(t, "soap-shapes", ".xml") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			m, err := decodeWhole(readFile(t, file), soap.Media{})
			if err != nil {
				t.Fatal(err)
			}
			checkGolden(t, strings.TrimSuffix(file, ".xml")+".tree", describe(m, err))
		})
	}
}

// TestShapesMeanTheSame compares shapes with each other, so that a golden file
// written with -update cannot hide that one client is read differently.
func TestShapesMeanTheSame(t *testing.T) {
	name := value.OfString("NAME", "Åse & <Øre> €")
	id := value.OfLong("ID", 9007199254740993)
	language := value.OfString("LANGUAGE", "EN")
	inner := value.Of("INNER", value.OfLong("N", 7))
	for file, want := range map[string]value.Tree{
		"suds":                {name, id, {Key: "DOB", Type: value.Date, Text: "1980-01-31T00:00:00"}, value.Of("CONTEXT", language)},
		"node-soap-qualified": {name, {Key: "DOB", Type: value.Date}, value.Of("CONTEXT", language, inner)},
		"axis-1.4":            {name, value.OfNull("NIL", value.String), id, value.Of("CONTEXT", language, inner)},
		"dotnet":              {name, {Key: "DOB", Type: value.Date, Text: "1980-01-31T00:00:00"}, value.Of("CONTEXT", language)},
		"kdsoap": {
			{Key: "NAME", Text: name.Text}, {Key: "ID", Text: id.Text}, value.OfNull("NIL", value.Bare), {Key: "EMPTY"},
			value.Of("CONTEXT", value.Entry{Key: "LANGUAGE", Text: "EN"}, value.Of("INNER", value.Entry{Key: "N", Text: "7"})),
		},
	} {
		m, err := decodeWhole(readFile(t, testdata+"soap-shapes/"+file+".xml"), soap.Media{})
		if diff := cmp.Diff(want, m.Values); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", file, err, diff)
		}
	}
}

// TestStrictness takes one well-formed request apart: every rule of
// soap-interop.md "Strictness", with the words of the error.
func TestStrictness(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range fixtures(t, "hostile", ".xml") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			m, err := decodeWhole(readFile(t, file), soap.Media{})
			if err == nil {
				t.Fatalf("accepted: %s", describe(m, err))
			}
			for _, secret := range []string{here, "goroutine", "soap.go"} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("the error shows %q: %v", secret, err)
				}
			}
			checkGolden(t, strings.TrimSuffix(file, ".xml")+".fault", describe(m, err))
		})
	}
}

// TestTreesStayIntact keeps trees while other messages pass through the same
// decoders and while their owners append to them: nothing of a tree may lie in
// memory that is used again.
func TestTreesStayIntact(t *testing.T) {
	type kept struct {
		file string
		tree value.Tree
		want string
	}
	var trees []kept
	var appendTo func(value.Tree)
	appendTo = func(tree value.Tree) {
		_ = append(tree, value.OfString("MORE", "x"))
		for i := range tree {
			appendTo(tree[i].Items)
		}
	}
	for range 20 {
		for _, file := range fixtures(t, "soap-shapes", ".xml") {
			m, err := decodeWhole(readFile(t, file), soap.Media{})
			if err != nil {
				t.Fatal(err)
			}
			trees = append(trees, kept{file, m.Values, treeText(m.Values)})
			appendTo(m.Values)
		}
	}
	for _, k := range trees {
		if got := treeText(k.tree); got != k.want {
			t.Fatalf("%s changed after it was read:\n%s\nwas\n%s", k.file, got, k.want)
		}
	}
}
