package workflow_test

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/access"
	"rator/failure"
	"rator/store"
	"rator/unit"
	"rator/workflow"
	"rator/workflow/value"
)

// heldHouse is a house that notes what answers were held back, and what was done
// before that.
func heldHouse(t *testing.T, edit func(*unit.Config, *workflow.Config)) (h *house, slept *[]time.Duration) {
	t.Helper()
	h, slept = newHouse(t), new([]time.Duration)
	h.gate.Sleep = func(_ context.Context, d time.Duration) { *slept = append(*slept, d) }
	h.Engine = h.engine(edit)
	h.call(t, signUp("aase"))
	return h, slept
}

// from calls from an address.
func (h *house) from(t *testing.T, address string, r workflow.Request) workflow.Result {
	t.Helper()
	r.Origin = workflow.Origin{Remote: netip.MustParseAddr(address), Face: "test"}
	result, err := h.Invoke(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func logIn(login, plain string) workflow.Request {
	return workflow.Request{Hookpoint: "SOAP_GET_WEB_USER_PROFILE", Values: tree(value.OfString("LOGIN", login), value.OfString("PASSWORD", plain), as("root"))}
}

// TestWrongLoginsWait the longer the more there are, each counted once however often a
// transaction runs; a right one never does, and starts anew.
func TestWrongLoginsWait(t *testing.T) {
	h, slept := heldHouse(t, nil)
	const ms = time.Millisecond
	wrong := failure.ByName("WRONG_PASSWORD").Number
	for _, step := range []struct {
		name, login, plain, from string
		code                     int
		want                     []time.Duration
	}{
		{"wrong", "aase", "wrong", "192.0.2.1", wrong, []time.Duration{250 * ms}},
		{"spelled otherwise", " AASE ", "wrong", "192.0.2.1", wrong, []time.Duration{500 * ms}},
		{"from elsewhere", "aase", "wrong", "198.51.100.1", wrong, []time.Duration{1000 * ms}},
		{"nobody's login waits the same", "nobody", "wrong", "192.0.2.1", wrong, []time.Duration{250 * ms}},
		{"right", "aase", "plain text password", "192.0.2.1", 0, nil},
		{"wrong again", "aase", "wrong", "192.0.2.1", wrong, []time.Duration{250 * ms}},
	} {
		*slept = nil
		r := h.from(t, step.from, logIn(step.login, step.plain))
		if r.ErrorCode != step.code {
			t.Errorf("%s: %d %s", step.name, r.ErrorCode, r.ErrorMessage)
		}
		if diff := cmp.Diff(step.want, *slept); diff != "" {
			t.Errorf("%s: %s", step.name, diff)
		}
	}
}

// TestWrongTokensWait as wrong passwords do, after the transaction.
func TestWrongTokensWait(t *testing.T) {
	h, slept := heldHouse(t, nil)
	redeem := workflow.Request{Hookpoint: "SOAP_REDEEM_NEW_PASSWORD", Values: tree(value.OfString("LOGIN", "aase"),
		value.OfString("TOKEN", "none"), value.OfString("PASSWORD", "another"), as("root"))}
	for range 3 {
		h.call(t, redeem)
	}
	if diff := cmp.Diff([]time.Duration{250 * time.Millisecond, 500 * time.Millisecond, time.Second}, *slept); diff != "" {
		t.Error(diff)
	}
}

// TestHeldAnswersHoldNothing: while an answer is held back the store takes changes, and
// another call has the turn.
func TestHeldAnswersHoldNothing(t *testing.T) {
	waited := 0
	var h *house
	h, _ = heldHouse(t, func(g *unit.Config, _ *workflow.Config) {
		g.Turns = unit.TurnsConfig{Calls: 1, Waiting: 1}
		g.Sleep = func(context.Context, time.Duration) {
			waited++
			h.call(t, signUp("meanwhile"))
		}
	})
	for plain, want := range map[string]int{"wrong": 1, "plain text password": 0} {
		waited = 0
		h.call(t, logIn("aase", plain))
		if waited != want {
			t.Errorf("%s: waited %d times", plain, waited)
		}
	}
}

// TestNewPasswordsAreLimited for a login and for a source, and who asks learns
// nothing of the login by it.
func TestNewPasswordsAreLimited(t *testing.T) {
	h, _ := heldHouse(t, func(_ *unit.Config, c *workflow.Config) { c.NewPasswords = 20 })
	n := 0
	ask := func(login, from string) workflow.Result {
		n++
		return h.from(t, from, workflow.Request{Hookpoint: "SOAP_GET_NEW_PASSWORD", RequestID: fmt.Sprint("ask", n),
			Values: tree(value.OfString("LOGIN", login), value.OfString("SEND_TYPE", "EMAIL"), as("root"))})
	}
	events := func() (n int) {
		err := h.gate.Store.View(t.Context(), func(tx store.Tx) error {
			events, err := tx.EventsAfter(0, 1000)
			for _, e := range events {
				if e.Topic == "user.new_password" {
					n++
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	limit := failure.ByName("TOO_MANY_NEW_PASSWORDS").Number
	for _, login := range []string{"aase", "nobody"} {
		for i := range 5 {
			if r := ask(login, "192.0.2.1"); r.ErrorCode != 0 {
				t.Fatalf("%s %d: %+v", login, i, r)
			}
		}
		r := ask(strings.ToUpper(login), "198.51.100.1")
		if r.ErrorCode != limit || r.Status != workflow.StatusBusiness || !strings.HasSuffix(r.ErrorMessage, "too often: for this login; ask again in 60 minutes") {
			t.Errorf("%s: %+v", login, r)
		}
	}
	if got := events(); got != 5 {
		t.Errorf("%d events, want 5", got)
	}
	for i := range 10 {
		if r := ask(fmt.Sprint("other", i), "192.0.2.1"); r.ErrorCode != 0 {
			t.Fatalf("other %d: %+v", i, r)
		}
	}
	if r := ask("one more", "192.0.2.1"); r.ErrorCode != limit || !strings.Contains(r.ErrorMessage, "from this source") {
		t.Errorf("%+v", r)
	}
	if r := ask("one more", "198.51.100.1"); r.ErrorCode != 0 {
		t.Errorf("from elsewhere: %+v", r)
	}
	h.time.Add(3600)
	if r := ask("aase", "192.0.2.1"); r.ErrorCode != 0 {
		t.Errorf("an hour later: %+v", r)
	}
}

// TestCertificateOfAnother: the certificate says who calls; CONTEXT may name another
// operator where that was said, or where nothing was.
func TestCertificateOfAnother(t *testing.T) {
	h := newHouse(t, trials)
	call := func(named string) workflow.Result {
		return h.call(t, workflow.Request{Hookpoint: "T_ECHO", Credentials: &workflow.Credentials{Operator: "clerk", Certificate: true},
			Values: tree(value.OfString("TEXT", "x"), as(named))})
	}
	say := func(others ...string) {
		t.Helper()
		err := h.gate.Store.Update(t.Context(), func(tx store.Tx) error {
			return access.ActFor(tx, access.Administrator{Who: access.Local, Face: "command"}, "clerk", others...)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	warnings := func() int { return strings.Count(h.log.String(), "rator operator act-for") }
	for _, c := range []struct {
		what     string
		actFor   []string
		named    string
		allowed  bool
		warnings int
	}{
		{"itself", nil, "clerk", true, 0},
		{"another", nil, "root", false, 1},
		{"another again", nil, "root", false, 1},
		{"another that was said", []string{"root"}, "root", true, 1},
		{"all", []string{access.Any}, "crm", true, 1},
		{"one that was not said", []string{"root"}, "crm", false, 2},
	} {
		say(c.actFor...)
		r := call(c.named)
		if c.allowed != (r.ErrorCode != failure.NotAllowed.Number) {
			t.Errorf("%s: %+v", c.what, r)
		}
		if got := warnings(); got != c.warnings {
			t.Errorf("%s: %d warnings, want %d:\n%s", c.what, got, c.warnings, h.log)
		}
	}
	// A password of the transport's is not looked at: only certificates are.
	r := h.call(t, workflow.Request{Hookpoint: "T_ECHO", Credentials: &workflow.Credentials{Operator: "clerk", Password: "secret"}, Values: tree(value.OfString("TEXT", "x"), as("crm"))})
	if r.ErrorCode != 0 {
		t.Errorf("%+v", r)
	}
}
