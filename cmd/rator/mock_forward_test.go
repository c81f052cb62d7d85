package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestMockForwardsWholeAnswers: no answer is lost behind a server that sends its head
// and a part before it reads, whether what is forwarded is recorded or not.
func TestMockForwardsWholeAnswers(t *testing.T) {
	const part, rest = "<forwarded>", "whole</forwarded>"
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		both := http.NewResponseController(w)
		_ = both.EnableFullDuplex()
		w.Header().Set("Content-Type", "text/xml")
		w.Header().Set("Content-Length", fmt.Sprint(len(part+rest)))
		_, _ = io.WriteString(w, part)
		_ = both.Flush()
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, rest)
	}))
	defer upstream.Close()
	ask := "<ask>" + strings.Repeat("x", 16<<10) + "</ask>"
	for name, more := range map[string][]string{"plain": nil, "recorded": {"--record", t.TempDir()}} {
		t.Run(name, func(t *testing.T) {
			address, stop := startMock(t, append([]string{recording(t), "--forward", upstream.URL}, more...)...)
			const calls = 200
			for n := range calls {
				if got := asked(t, address, ask); got != "200 "+part+rest {
					t.Fatalf("call %d: %s", n, got)
				}
			}
			code, sum := stop()
			if code != exitOK || !strings.Contains(sum, fmt.Sprintf(`"forwarded":%d`, calls)) || name == "recorded" && !strings.Contains(sum, fmt.Sprintf(`"exchanges":%d`, calls)) {
				t.Errorf("%d %s", code, sum)
			}
		})
	}
}
