package server

import (
	"fmt"
	"log/slog"
	"strings"
	"sync"
)

// How much the log is told of letters that no font has.
const (
	unprintedShown = 20     // letters of one document
	unprintedKept  = 10_000 // documents that are known to have been told
)

// unprinted counts letters of documents that no font has, and names them in the log:
// those of a document once, however often it is made.
func unprinted(m *Metrics, log *slog.Logger) func(document string, letters []rune) {
	var mu sync.Mutex
	told := map[string]bool{}
	return func(document string, letters []rune) {
		m.unprinted.Add(float64(len(letters)))
		mu.Lock()
		defer mu.Unlock()
		if told[document] {
			return
		}
		if len(told) >= unprintedKept {
			clear(told)
		}
		told[document] = true
		named := make([]string, 0, unprintedShown)
		for _, r := range letters[:min(len(letters), unprintedShown)] {
			named = append(named, fmt.Sprintf("%c U+%04X", r, r))
		}
		log.Warn("letters that no font has are printed as their codes; give rator serve a --font that has them",
			"document", document, "count", len(letters), "letters", strings.Join(named, ", "))
	}
}
