package soap_test

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/soap"
	"rator/workflow/value"
)

var update = flag.Bool("update", false, "write the golden files anew")

const testdata = "../testdata/"

// checkGolden compares got with a file beside the fixture.
func checkGolden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(readFile(t, file), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", filepath.Base(file), diff)
	}
}

func readFile(t testing.TB, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// fixtures lists the files of a testdata folder with that ending.
func fixtures(t testing.TB, folder, ending string) []string {
	t.Helper()
	files, err := filepath.Glob(testdata + folder + "/*" + ending)
	if err != nil || len(files) == 0 {
		t.Fatalf("no %s in %s: %v", ending, folder, err)
	}
	return files
}

// recordedRequest is the POST in a recorded file: some clients fetched the WSDL
// before it.
func recordedRequest(t testing.TB, file string) (body string, media soap.Media) {
	t.Helper()
	reader := bufio.NewReader(strings.NewReader(readFile(t, file)))
	for {
		r, err := http.ReadRequest(reader)
		if err != nil {
			t.Fatalf("%s holds no POST: %v", file, err)
		}
		if r.Method != http.MethodPost {
			continue
		}
		b, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		media, ok := soap.ParseMedia(r.Header.Get("Content-Type"))
		if !ok {
			t.Fatalf("%s: Content-Type %s was refused", file, r.Header.Get("Content-Type"))
		}
		return string(b), media
	}
}

// describe writes a request, or why it is none, for a golden file.
func describe(m soap.Message, err error) string {
	if err != nil {
		return fmt.Sprintf("SOAP %s\n%T\n%v\n", m.Version, err, err)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "SOAP %s\nhookpoint %q typed %t\n", m.Version, m.Hookpoint, m.Typed)
	if m.MessageID != "" {
		fmt.Fprintf(&b, "message id %q\n", m.MessageID)
	}
	if m.Credentials != nil {
		fmt.Fprintf(&b, "credentials %+v\n", *m.Credentials)
	}
	if m.Security != nil {
		fmt.Fprintf(&b, "security %+v\n", *m.Security)
	}
	if a := m.Addressing; a != nil {
		fmt.Fprintf(&b, "addressing %s action %q reply %d fault %d\n", a.Namespace, a.Action, a.ReplyTo, a.FaultTo)
	}
	describeTree(&b, m.Values, "")
	return b.String()
}

func describeTree(b *bytes.Buffer, tree value.Tree, indent string) {
	for _, e := range tree {
		fmt.Fprintf(b, "%s%q %s", indent, e.Key, e.Type)
		if e.Odd {
			b.WriteString(" odd")
		}
		switch {
		case e.Null:
			b.WriteString(" null\n")
		case e.Type == value.Complex:
			b.WriteString("\n")
			describeTree(b, e.Items, indent+"  ")
		default:
			fmt.Fprintf(b, " %q\n", e.Text)
		}
	}
}

func treeText(tree value.Tree) string {
	var b bytes.Buffer
	describeTree(&b, tree, "")
	return b.String()
}

// decodeWhole decodes with the default limits.
func decodeWhole(message string, media soap.Media) (soap.Message, error) {
	limits := soap.DefaultLimits()
	return soap.Decode(message, media, &limits)
}
