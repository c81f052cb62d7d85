// Package tmftest asks the TM Forum face of a server in the process of a test, reads what it
// answers, and holds it against what the server publishes of itself. Only tests import it.
package tmftest

import (
	"testing"

	"rator/server/servertest"
)

// Server is a test server, whose answers over TM Forum may be checked.
type Server struct {
	*servertest.Server
	// described checks every answer of the TM Forum face; nil: none.
	described *Descriptions
}

// New is servertest.New.
func New(t testing.TB) *Server {
	t.Helper()
	return &Server{Server: servertest.New(t)}
}

// Of is servertest.Of.
func Of(t testing.TB, dir string) *Server {
	t.Helper()
	return &Server{Server: servertest.Of(t, dir)}
}

// over is servertest.Over.
func over(t testing.TB, file string, fresh bool) *Server {
	t.Helper()
	return &Server{Server: servertest.Over(t, file, fresh)}
}
