package workflow_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"net/netip"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"rator/access"
	"rator/catalogue"
	"rator/password"
	"rator/store"
	"rator/store/bolt"
	"rator/store/storetest"
	"rator/unit"
	"rator/workflow"
	"rator/workflow/hookpoints"
	"rator/workflow/value"
)

// house is an engine over a store of its own, with the demo catalogue, the
// shipped hookpoints and those of the test, and the operators root (everything),
// clerk (brand DEMO, SOAP_GET_* and T_*) and other (everything too).
type house struct {
	once store.Store // in which a transaction runs once
	*workflow.Engine
	gate     unit.Config
	config   workflow.Config // without its Gate
	log      *safeBuffer
	mu       sync.Mutex
	observed []unit.Told
	time     atomic.Int64 // unix seconds
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

var started = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func newHouse(t testing.TB, folders ...fs.FS) *house {
	t.Helper()
	h := &house{log: &safeBuffer{}}
	h.time.Store(started.Unix())
	now := func() time.Time { return time.Unix(h.time.Load(), 0).UTC() }
	var st store.Store
	st, err := bolt.Open(filepath.Join(t.TempDir(), "test.db"), bolt.Options{Unsynced: true, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	// A transaction may run twice; what it did the first time must not be seen.
	h.once, st = st, storetest.Twice(st)
	furnish(t, st)
	guard, err := access.NewGuard(access.GuardConfig{Now: now, Key: make([]byte, 32), Verify: password.Verify,
		Sleep: func(context.Context, time.Duration) {}})
	if err != nil {
		t.Fatal(err)
	}
	logger := slog.New(slog.NewTextHandler(h.log, nil))
	behind := access.NewReadBehind(access.ReadBehindConfig{Store: st, Log: logger, Sync: true})
	t.Cleanup(behind.Close)
	layers := []workflow.Layer{{Name: "shipped", FS: hookpoints.Folders}}
	for i, folder := range folders {
		layers = append(layers, workflow.Layer{Name: fmt.Sprintf("site%d", i+1), FS: folder})
	}
	set, mistakes := workflow.Load(layers...)
	for _, m := range mistakes {
		t.Error(m)
	}
	if set == nil {
		t.FailNow()
	}
	registry := &workflow.Registry{}
	registry.Replace(set)
	var requests atomic.Int64
	h.gate = unit.Config{
		Store: st, Guard: guard, Behind: behind, Log: logger, Now: now,
		Observe: func(t *unit.Told) {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.observed = append(h.observed, *t)
		},
	}
	h.config = workflow.Config{Registry: registry, NewRequestID: func() string { return fmt.Sprintf("id-%d", requests.Add(1)) }}
	h.Engine = h.engine(nil)
	return h
}

// engine is one over the house's store, with another configuration.
func (h *house) engine(edit func(*unit.Config, *workflow.Config)) *workflow.Engine {
	gate, config := h.gate, h.config
	if edit != nil {
		edit(&gate, &config)
	}
	config.Gate = unit.New(gate)
	return workflow.New(config)
}

var demoCatalogue = sync.OnceValue(func() *catalogue.File {
	f, mistakes := catalogue.Load("demo.toml", catalogue.Demo())
	if len(mistakes) > 0 {
		panic(mistakes[0].String())
	}
	return f
})

var secretHash = sync.OnceValue(func() string {
	hash, err := password.Hash("secret")
	if err != nil {
		panic(err)
	}
	return hash
})

func furnish(t testing.TB, st store.Store) {
	t.Helper()
	by := access.Administrator{Who: access.Local, Face: "test"}
	err := st.Update(context.Background(), func(tx store.Tx) error {
		if _, err := catalogue.Import(tx, demoCatalogue()); err != nil {
			return err
		}
		for _, n := range []access.NewOperator{
			{Name: "root", Brands: []string{"DEMO", access.Any}, Rights: []string{"*"}},
			{Name: "other", Brands: []string{"DEMO", access.Any}, Rights: []string{"*"}},
			{Name: "clerk", Brands: []string{"DEMO"}, Rights: []string{"SOAP_GET_*", "T_*"}},
		} {
			n.PasswordHash = secretHash()
			if _, err := access.Add(tx, by, n); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// as is CONTEXT of an operator, with more entries.
func as(operator string, more ...value.Entry) value.Entry {
	return value.Of("CONTEXT", append(value.Tree{value.OfString("OPERATOR", operator), value.OfString("PASSWORD", "secret")}, more...)...)
}

// call makes a call that must get an answer.
func (h *house) call(t testing.TB, r workflow.Request) workflow.Result {
	t.Helper()
	r.Origin = workflow.Origin{Remote: netip.MustParseAddr("127.0.0.1"), Face: "test"}
	result, err := h.Invoke(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// folder is a hookpoint folder: its contract's values and errors, and its script.
type folder struct {
	attributes string // of soapcall, as "reads=…"
	request    string // <value …/> elements
	response   string
	errors     string // <error …/> elements
	script     string
}

// folders makes a file system of hookpoint folders.
func folders(all map[string]folder) fstest.MapFS {
	files := fstest.MapFS{}
	for key, f := range all {
		hookpoint, _, _ := strings.Cut(key, "@")
		files[key+"/contract.xml"] = &fstest.MapFile{Data: fmt.Appendf(nil, `<soapcall area="Test" desc="For the tests." %s><request><hookpointKey>%s</hookpointKey><values>%s</values></request><response><values>%s</values></response><errors>%s</errors></soapcall>`,
			f.attributes, hookpoint, f.request, f.response, f.errors)}
		files[key+"/workflow.star"] = &fstest.MapFile{Data: []byte(f.script)}
	}
	return files
}

// signUp is a sign-up of a whole customer: account, owner, billing group,
// subscription and service.
func signUp(username string, more ...value.Entry) workflow.Request {
	return workflow.Request{Hookpoint: "SOAP_SIGNUP_CUSTOMER", Values: append(value.Tree{
		value.OfString("ACCOUNT_TYPE", "0"), value.OfString("PRODUCT_CODE", "POST_PAID"),
		value.Of("USER",
			value.OfString("FIRST_NAME", "Åse"), value.OfString("LAST_NAME", "Øre"), value.OfString("CITY", "Odense"), value.OfString("ZIP", "5000"),
			value.OfString("EMAIL", "aase@example.com"), value.OfString("USERNAME", username), value.OfString("PASSWORD", "plain text password")),
		value.Of("SIGNUP_SERVICES", value.Of("CDMA_SERVICE", value.OfString("ORDER_ID", "1"))),
	}, append(value.Tree{as("root")}, more...)...)}
}

// grown is how the store differs from a census, audit rows and kept replies left
// out.
func (h *house) grown(t testing.TB, before map[string]int64) map[string]int64 {
	t.Helper()
	after := storetest.Census(t, h.gate.Store)
	maps.DeleteFunc(after, func(k string, n int64) bool {
		kind, _, _ := strings.Cut(k, "/")
		return n == before[k] || kind == "audit" || kind == "reply"
	})
	return after
}

func tree(entries ...value.Entry) value.Tree { return entries }
func text(key, s string) value.Entry         { return value.OfString(key, s) }
