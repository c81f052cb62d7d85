package server_test

import (
	"bytes"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"rator/server"
)

// written is a writer that tells what was written at a time.
type written struct {
	mu  sync.Mutex
	all []string
}

func (w *written) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all = append(w.all, string(bytes.Clone(p)))
	return len(p), nil
}

// took is what was written since it was asked last: how many lines at a time.
func (w *written) took() (lines []int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.all {
		lines = append(lines, strings.Count(s, "\n"))
	}
	w.all = nil
	return lines
}

func TestLinesAreWrittenTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var w written
		log, flush := server.NewLog(&w, false)
		check := func(when string, want ...int) {
			t.Helper()
			synctest.Wait()
			if got := w.took(); len(got) != len(want) || len(want) > 0 && got[0] != want[0] {
				t.Errorf("%s: %v lines were written, want %v", when, got, want)
			}
		}
		log.Info("call")
		log.Info("call")
		time.Sleep(99 * time.Millisecond)
		check("before they are due")
		log.Info("call")
		time.Sleep(time.Millisecond)
		check("when the first is due", 3)
		time.Sleep(time.Hour)
		check("when there is none")
		log.Info("call")
		log.Warn("trouble")
		check("at a warning", 2)
		log.With("a", 1).WithGroup("g").Error("trouble")
		check("at an error", 1)
		log.Info("call")
		flush()
		check("in the end", 1)
		for range 1 << 10 {
			log.Info("call", "text", strings.Repeat("x", 64))
		}
		if got := w.took(); len(got) != 1 {
			t.Errorf("of many lines at a time, %v were written", got)
		}
	})
}

// TestLinesStayWhole writes from many sides.
func TestLinesStayWhole(t *testing.T) {
	var out bytes.Buffer
	log, flush := server.NewLog(&out, true)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 500 {
				log.Info("call", "text", strings.Repeat("x", 64))
			}
		})
	}
	wg.Wait()
	flush()
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if len(lines) != 8*500 {
		t.Errorf("%d lines", len(lines))
	}
	for _, line := range lines {
		if !strings.HasPrefix(line, "{") || !strings.HasSuffix(line, "}") {
			t.Fatalf("%q", line)
		}
	}
}

// BenchmarkLogLine is a line of a call, written by itself and with others.
func BenchmarkLogLine(b *testing.B) {
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		b.Fatal(err)
	}
	defer null.Close()
	together, flush := server.NewLog(null, false)
	defer flush()
	for name, log := range map[string]*slog.Logger{"alone": slog.New(slog.NewTextHandler(null, nil)), "together": together} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				log.Info("call", "face", "soap", "hookpoint", "SOAP_SIGNUP_CUSTOMER", "outcome", "OK", "error_code", 0, "operator", "demo", "remote", "127.0.0.1", "request_id", "r", "took", time.Millisecond)
			}
		})
	}
}
