package main

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rator/replay/fixture"
	"rator/replay/mock"
)

// TestMockHidesCards: what a mock says of a request that it does not know holds no
// card number, wherever it stands.
func TestMockHidesCards(t *testing.T) {
	dir := t.TempDir()
	for file, content := range map[string]string{
		"01-pay.request.xml": "<pay><for>1</for></pay>", "01-pay.response.xml": "<paid/>",
	} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	scenarios, err := fixture.Find(fixture.Options{}, dir)
	if err != nil {
		t.Fatal(err)
	}
	said := &strings.Builder{}
	o, err := (&mockCommand{Listen: "127.0.0.1:0"}).options(&terminal{err: said})
	if err != nil {
		t.Fatal(err)
	}
	server, err := mock.New(t.Context(), scenarios, *o)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	server.ServeHTTP(w, httptest.NewRequest("POST", "/", strings.NewReader("<pay><for>4111111111111111</for></pay>")))
	for name, text := range map[string]string{"the answer": w.Body.String(), "the log": said.String()} {
		if strings.Contains(text, "4111111111111111") || !strings.Contains(text, "pay/for") {
			t.Errorf("%s: %s", name, text)
		}
	}
}
