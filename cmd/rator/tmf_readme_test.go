package main

import (
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestReadmeTMF sends what the curl lines of README.md's section on TM Forum send,
// as curl would, and wants what the section says of it.
func TestReadmeTMF(t *testing.T) {
	_, section, found := strings.Cut(read(t, filepath.Join(root, "README.md")), "\n## The same customers over TM Forum\n")
	if !found {
		t.Fatal("README.md has no such section")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	ts := newTestServer(t)
	home := strings.TrimSuffix(ts.endpoint, endpointPath)
	variables := map[string]string{}
	var answers []tmfAnswer
	for _, m := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(section, -1) {
		for line := range strings.Lines(strings.ReplaceAll(m[1], "\\\n", " ")) {
			for name, v := range variables {
				line = strings.ReplaceAll(line, "$"+name, v)
			}
			line = strings.ReplaceAll(line, "http://127.0.0.1:8080", home)
			if name, v, is := strings.Cut(strings.TrimSpace(line), "="); is && !strings.Contains(name, " ") {
				variables[name] = v
				continue
			}
			answers = append(answers, curl(t, shellWords(line)))
		}
	}
	if len(answers) != 3 {
		t.Fatalf("the section has %d commands", len(answers))
	}
	made, list, document := answers[0], answers[1], answers[2]
	if made.want(t, http.StatusCreated); made.text(t, "name") != "Household 7" || made.text(t, "contactMedium.medium.emailAddress") != "a@example.org" {
		t.Errorf("%s", made.body)
	}
	want := `[{"id":"` + made.text(t, "id") + `","name":"Household 7","status":"Created"}]`
	if list.want(t, http.StatusOK); list.body != want {
		t.Errorf("%s: %s, want %s", list.asked, list.body, want)
	}
	if document.want(t, http.StatusOK); !json.Valid([]byte(document.body)) || document.text(t, "openapi") != "3.1.0" {
		t.Errorf("%.200s", document.body)
	}
	// What the section says besides.
	for _, base := range dialects {
		for path, media := range map[string]string{"": "text/html", "/openapi.json": "application/json"} {
			if a := curl(t, []string{"curl", "-s", home + base + path}); a.status != http.StatusOK || !strings.HasPrefix(a.header.Get("Content-Type"), media) {
				t.Errorf("%s: %d %v", a.asked, a.status, a.header)
			}
		}
	}
	item := home + dialect2014 + "/customer/" + made.text(t, "id")
	curl(t, []string{"curl", "-s", "-u", "demo:demo", "-X", "DELETE", item}).want(t, http.StatusNoContent)
	curl(t, []string{"curl", "-s", "-u", "demo:demo", item}).want(t, http.StatusNotFound)
}

// curl sends what curl would send, for the options that README.md uses.
func curl(t *testing.T, words []string) tmfAnswer {
	t.Helper()
	if words[0] != "curl" {
		t.Fatalf("%q is no curl", words)
	}
	method, target, body, user, header := http.MethodGet, "", "", "", http.Header{}
	for i := 1; i < len(words); i++ {
		switch words[i] {
		case "-s":
			continue
		case "-u":
			user = words[i+1]
		case "-H":
			name, v, _ := strings.Cut(words[i+1], ": ")
			header.Set(name, v)
		case "-X":
			method = words[i+1]
		case "-d":
			if body = words[i+1]; method == http.MethodGet {
				method = http.MethodPost
			}
			if header.Get("Content-Type") == "" {
				header.Set("Content-Type", "application/x-www-form-urlencoded")
			}
		default:
			if strings.HasPrefix(words[i], "-") {
				t.Fatalf("curl %s is not known here", words[i])
			}
			target = strings.Trim(words[i], `"`)
			continue
		}
		i++
	}
	r, err := http.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = header
	if name, password, named := strings.Cut(user, ":"); named {
		r.SetBasicAuth(name, password)
	}
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close()
	text, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return tmfAnswer{w.StatusCode, w.Header, string(text), strings.Join(words, " ")}
}
