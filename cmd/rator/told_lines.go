package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
)

// toldLines shows what something that takes long tells to whoever started it. Inside a
// server each telling goes out as a line of JSON, and the command that was forwarded there
// prints it as one that runs by itself does. Safe for concurrent use.
type toldLines[T any] struct {
	t      *terminal
	asJSON bool // it is told inside a server
	print  func(told T) error
	mu     sync.Mutex
}

// tell takes what is told here.
func (l *toldLines[T]) tell(told T) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.asJSON {
		return l.print(told)
	}
	if err := json.NewEncoder(l.t.out).Encode(told); err != nil {
		return err
	}
	if f, ok := l.t.out.(http.Flusher); ok {
		f.Flush()
	}
	return nil
}

// line takes a line of what is told inside a server.
func (l *toldLines[T]) line(text []byte) error {
	var told T
	if err := json.Unmarshal(text, &told); err != nil {
		return fmt.Errorf("the server that has the store said %.80q: %w", text, err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.print(told)
}

// lineReader hands on what is written to it, a line at a time.
type lineReader struct {
	take func(line []byte) error
	part []byte // of a line whose end has not come
}

func (r *lineReader) Write(b []byte) (int, error) {
	r.part = append(r.part, b...)
	for {
		line, rest, whole := bytes.Cut(r.part, []byte("\n"))
		if !whole {
			return len(b), nil
		}
		r.part = rest
		if err := r.take(line); err != nil {
			return 0, err
		}
	}
}
