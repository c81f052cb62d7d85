package server

import (
	"bytes"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestUnprinted: letters that no font has are counted for each document made, and
// named in the log once for each document.
func TestUnprinted(t *testing.T) {
	var log bytes.Buffer
	m := NewMetrics()
	told := unprinted(m, slog.New(slog.NewTextHandler(&log, nil)))
	told("INV-1", []rune("王小"))
	told("INV-1", []rune("王小"))
	told("INV-2", []rune(strings.Repeat("明", 30)))
	page := httptest.NewRecorder()
	m.handler().ServeHTTP(page, httptest.NewRequest("GET", "/metrics", nil))
	if !strings.Contains(page.Body.String(), "\nrator_document_letters_unprinted_total 34\n") {
		t.Error("34 are not counted")
	}
	text := log.String()
	if strings.Count(text, "\n") != 2 || !strings.Contains(text, "document=INV-1 count=2 letters=\"王 U+738B, 小 U+5C0F\"") || strings.Count(text, "明") != unprintedShown {
		t.Errorf("the log says\n%s", text)
	}
}
