package tmf_test

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"maps"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the recorded answers anew")

// TestExchanges plays the folders of testdata/tmf, each on a server of its own:
// NN-what.request.http as it stands, and NN-what.response.http is what it must
// be answered with. Collection keeps documents as they come; all clocks stand
// still.
func TestExchanges(t *testing.T) {
	requests, err := filepath.Glob("../testdata/tmf/*/*.request.http")
	if err != nil || len(requests) == 0 {
		t.Fatalf("no exchanges: %v", err)
	}
	answers, err := filepath.Glob("../testdata/tmf/*/*.response.http")
	if err != nil || len(answers) != len(requests) && !*update {
		t.Errorf("%d requests have %d answers: %v", len(requests), len(answers), err)
	}
	folders := map[string][]string{}
	for _, r := range requests {
		folders[filepath.Base(filepath.Dir(r))] = append(folders[filepath.Base(filepath.Dir(r))], r)
	}
	for folder, files := range folders {
		t.Run(folder, func(t *testing.T) {
			s := newServer(t)
			for _, file := range files {
				got := s.play(t, readFile(t, file))
				checkGolden(t, strings.Replace(file, ".request.", ".response.", 1), got)
			}
		})
	}
}

// play sends a request that is written as HTTP has it but for the length of its
// body, and gives the answer written likewise, an array with an item a line.
func (s *server) play(t *testing.T, request string) string {
	t.Helper()
	head, body, _ := strings.Cut(request, "\n\n")
	body = strings.TrimSuffix(body, "\n")
	lines := bufio.NewScanner(strings.NewReader(head))
	lines.Scan()
	method, target, _ := strings.Cut(lines.Text(), " ")
	r := httptest.NewRequest(method, strings.TrimSuffix(target, " HTTP/1.1"), strings.NewReader(body))
	for lines.Scan() {
		name, value, found := strings.Cut(lines.Text(), ": ")
		if !found {
			t.Fatalf("no header: %q", lines.Text())
		}
		if r.Header.Add(name, value); name == "Host" {
			r.Host = value
		}
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return written(t, w)
}

func written(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	var b bytes.Buffer
	r := w.Result()
	fmt.Fprintf(&b, "HTTP/1.1 %s\n", r.Status)
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		for _, value := range r.Header[name] {
			fmt.Fprintf(&b, "%s: %s\n", name, value)
		}
	}
	b.WriteByte('\n')
	if body := w.Body.String(); strings.HasPrefix(body, "[{") {
		for i, item := range (answer{body: body}).value(t).Items() {
			b.WriteByte("[,"[min(i, 1)])
			b.Write(append(item.Append(nil), '\n'))
		}
		b.WriteString("]\n")
	} else if body != "" {
		b.WriteString(body + "\n")
	}
	return b.String()
}

// checkGolden compares got with a file beside the request.
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
