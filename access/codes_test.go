package access_test

import (
	"testing"

	_ "rator/access"
	"rator/failure"
)

func TestCodesSpeakEveryLanguage(t *testing.T) {
	codes := 0
	for _, code := range failure.Codes() {
		if code.Number < 300 || code.Number > 329 {
			continue
		}
		codes++
		for _, language := range []string{"EN", "DK", "SE", "NO", "FR", "DE"} {
			if code.Text[language] == "" {
				t.Errorf("%s has no text in %s", code.Name, language)
			}
		}
	}
	if codes == 0 {
		t.Error("no code of this room is declared")
	}
}
