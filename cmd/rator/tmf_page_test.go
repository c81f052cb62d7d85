package main

import (
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"rator/server/servertest"
	"rator/tmf/tmftest"
	"rator/wire"
)

// TestFirstTMFRequests sends what the curl lines of docs/tmforum.md send, as curl would,
// and wants what the page says of it.
func TestFirstTMFRequests(t *testing.T) {
	page := servertest.Read(t, filepath.Join(root, "docs", "tmforum.md"))
	ts := tmftest.New(t)
	home := strings.TrimSuffix(ts.Endpoint, wire.Path)
	var answers []tmftest.Answer
	for _, f := range servertest.FencesOf(page) {
		for _, command := range commandsOf(&f) {
			name, v, _ := strings.Cut(strings.TrimSpace(command.variables), "=")
			line := strings.NewReplacer("$"+name, v, "http://127.0.0.1:8080", home).Replace(command.plain())
			answers = append(answers, curl(t, shellWords(strings.ReplaceAll(line, "http://127.0.0.1:8080", home))))
		}
	}
	if len(answers) != 3 {
		t.Fatalf("the page has %d commands", len(answers))
	}
	made, list, document := answers[0], answers[1], answers[2]
	if made.Want(t, http.StatusCreated); made.Text(t, "name") != "Household 7" || made.Text(t, "contactMedium.medium.emailAddress") != "a@example.org" {
		t.Errorf("%s", made.Body)
	}
	want := `[{"id":"` + made.Text(t, "id") + `","name":"Household 7","status":"Created"}]`
	if list.Want(t, http.StatusOK); list.Body != want {
		t.Errorf("%s: %s, want %s", list.Asked, list.Body, want)
	}
	if document.Want(t, http.StatusOK); !json.Valid([]byte(document.Body)) || document.Text(t, "openapi") != "3.1.0" {
		t.Errorf("%.200s", document.Body)
	}
	// What the page says besides.
	for _, base := range tmftest.Dialects {
		for path, media := range map[string]string{"": "text/html", "/openapi.json": "application/json"} {
			if a := curl(t, []string{"curl", "-s", home + base + path}); a.Status != http.StatusOK || !strings.HasPrefix(a.Header.Get("Content-Type"), media) {
				t.Errorf("%s: %d %v", a.Asked, a.Status, a.Header)
			}
		}
	}
	item := home + tmftest.Dialect2014 + "/customer/" + made.Text(t, "id")
	curl(t, []string{"curl", "-s", "-u", "demo:demo", "-X", "DELETE", item}).Want(t, http.StatusNoContent)
	curl(t, []string{"curl", "-s", "-u", "demo:demo", item}).Want(t, http.StatusNotFound)
}

// curl sends what curl would send, for the options that the pages use.
func curl(t *testing.T, words []string) tmftest.Answer {
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
	return tmftest.Answer{Status: w.StatusCode, Header: w.Header, Body: string(text), Asked: strings.Join(words, " ")}
}
