package main

import (
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"rator/wire"
)

// TestFirstTMFRequests sends what the curl lines of docs/tmforum.md send, as curl would,
// and wants what the page says of it.
func TestFirstTMFRequests(t *testing.T) {
	page := read(t, filepath.Join(root, "docs", "tmforum.md"))
	ts := newTestServer(t)
	home := strings.TrimSuffix(ts.Endpoint, wire.Path)
	var answers []tmfAnswer
	for _, f := range fencesOf(page) {
		for _, command := range f.commands() {
			name, v, _ := strings.Cut(strings.TrimSpace(command.variables), "=")
			line := strings.NewReplacer("$"+name, v, "http://127.0.0.1:8080", home).Replace(command.plain())
			answers = append(answers, curl(t, shellWords(strings.ReplaceAll(line, "http://127.0.0.1:8080", home))))
		}
	}
	if len(answers) != 3 {
		t.Fatalf("the page has %d commands", len(answers))
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
	// What the page says besides.
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

// curl sends what curl would send, for the options that the pages use.
func curl(t *testing.T, words []string) tmfAnswer {
	t.Helper()
	r, err := curlRequest(t.Context(), words, strings.NewReader(""))
	if err != nil {
		t.Fatal(err)
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
