// Package servertest starts servers in the process of a test, of any room: whole ones, with
// the demo's catalogue and operator, whose clock stands. Only tests import it.
package servertest

import (
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"rator/replay/fixture"
	"rator/server/scratch"
	"rator/soap"
	"rator/wire"
)

// Now is the time at which the clock of a test server stands until it is set.
var Now = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// Root is the project's root, wherever the test that runs stands in it.
var Root = root()

// Scenarios are the scenarios of SOAP, whose settings a test server has.
var Scenarios = filepath.Join(Root, "testdata", "soap")

// root looks for it before a test changes the working directory. It is "" where a test's
// binary plays another program in a folder of its own, which needs none.
func root() string {
	dir, err := os.Getwd()
	for err == nil {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			break
		}
		dir = filepath.Dir(dir)
	}
	return ""
}

// Server is a scratch server that listens.
type Server struct {
	*scratch.Server
	Endpoint string // of the SOAP face
	Client   *soap.Client
	seen     int64 // position of the last event that Contents counted
}

// Target prepares the servers of all tests of a room, each kind once, on the engine of
// the run.
var Target = sync.OnceValue(func() *scratch.Target {
	if !onPostgres() {
		return filed()
	}
	t := scratch.NewTarget(dir())
	t.Databases = databases()
	return t
})

// filed prepares servers over files.
var filed = sync.OnceValue(func() *scratch.Target { return scratch.NewTarget(dir()) })

// dir holds what both prepare, and copies are made of.
var dir = sync.OnceValue(func() string {
	dir, _, err := scratch.Dir()
	if err != nil {
		panic(err)
	}
	return dir
})

// Main is TestMain of a room whose tests start servers: it takes away what they were
// prepared from.
func Main(m *testing.M) {
	code := m.Run()
	RemoveDir()
	os.Exit(code)
}

// RemoveDir is Main's part for a room that has more to do in its TestMain.
func RemoveDir() { os.RemoveAll(dir()) }

// New starts a server with the settings of testdata/soap: the demo catalogue and its own,
// the shipped hookpoints and those of the tests, and the operators demo (all rights) and
// limited. The store is verified when the test ends.
func New(t testing.TB) *Server {
	t.Helper()
	return Of(t, Scenarios)
}

// Of starts a server with the settings of a folder of scenarios.
func Of(t testing.TB, dir string) *Server {
	t.Helper()
	server, err := planOf(t, Target(), dir).Start(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return Listening(t, server)
}

// Over is New over a file that stays: a fresh one, or one that was filled before.
func Over(t testing.TB, file string, fresh bool) *Server {
	t.Helper()
	plan := planOf(t, filed(), Scenarios)
	if fresh {
		if err := plan.CopyTo(file); err != nil {
			t.Fatal(err)
		}
	}
	server, err := plan.StartOver(file)
	if err != nil {
		t.Fatal(err)
	}
	return Listening(t, server)
}

func planOf(t testing.TB, target *scratch.Target, dir string) *scratch.Plan {
	t.Helper()
	config, err := fixture.Settings(dir)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := target.Plan(t.Context(), config.Server)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// Listening has a scratch server listen until the test ends, and then verifies its store.
func Listening(t testing.TB, server *scratch.Server) *Server {
	t.Helper()
	web := httptest.NewServer(server.Handler)
	t.Cleanup(func() {
		web.Close()
		if err := server.End(context.Background()); err != nil {
			t.Error(err)
		}
	})
	s := &Server{Server: server, Endpoint: web.URL + wire.Path}
	s.Client = &soap.Client{URL: s.Endpoint}
	return s
}
