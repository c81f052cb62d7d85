package main

import (
	"testing"

	"rator/server/scratch"
	"rator/server/servertest"
)

// testServer is a test server, whose answers over TM Forum may be checked.
type testServer struct {
	*servertest.Server
	// described checks every answer of the TM Forum face; nil: none.
	described *descriptions
	seen      int64 // position of the last event that contentsOf counted
}

func newTestServer(t testing.TB) *testServer {
	t.Helper()
	return &testServer{Server: servertest.New(t)}
}

func newServerOf(t testing.TB, dir string) *testServer {
	t.Helper()
	return &testServer{Server: servertest.Of(t, dir)}
}

func newServerOver(t testing.TB, file string, fresh bool) *testServer {
	t.Helper()
	return &testServer{Server: servertest.Over(t, file, fresh)}
}

func listening(t testing.TB, server *scratch.Server) *testServer {
	t.Helper()
	return &testServer{Server: servertest.Listening(t, server)}
}
