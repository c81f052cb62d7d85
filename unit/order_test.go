package unit_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"rator/access"
	"rator/catalogue"
	"rator/failure"
	"rator/store"
	"rator/unit"
)

var errOwn = failure.RequestIDReused.With("a refusal of the test's")

// TestOrder: every step of a call comes where it belongs, and none that is not due.
func TestOrder(t *testing.T) {
	const written = "look, recognised root, receive, look, prepare DEMO, view, ready, update, run, tell, keep, tell"
	for name, c := range map[string]struct {
		edit func(*unit.Ask)
		fn   func(*unit.Unit) error // nil = one that writes
		want string
		code *failure.Code
		row  string // outcome of the audit row; "" = there is none
	}{
		"a write": {nil, nil, written, nil, "OK"},
		"a write without a name": {func(a *unit.Ask) { a.RequestID = "" }, nil,
			"look, recognised root, receive, look, prepare DEMO, ready, update, run, tell, tell", nil, "OK"},
		"a write that has no question": {func(a *unit.Ask) { a.Prepare = nil }, nil,
			"look, recognised root, receive, look, ready, update, run, tell, tell", nil, "OK"},
		"a read has one view": {func(a *unit.Ask) { a.Reads = true }, func(*unit.Unit) error { return nil },
			"look, recognised root, receive, look, prepare DEMO, view, tell", nil, "OK"},
		"a wrong password": {func(a *unit.Ask) { a.Credentials.Password = "wrong" }, nil, "look, hash, tell", failure.NotAuthenticated, ""},
		"nobody":           {func(a *unit.Ask) { a.Credentials = access.Credentials{} }, nil, "tell", failure.NotAuthenticated, ""},
		"the server itself": {func(a *unit.Ask) { a.System, a.Credentials = true, access.Credentials{} }, nil,
			"recognised (system), receive, look, prepare DEMO, view, ready, update, run, tell, keep, tell", nil, ""},
		"refused once recognised": {func(a *unit.Ask) { a.Recognised = func(*access.Operator) error { return errOwn } }, nil, "look, tell", errOwn.Code, errOwn.Code.Name},
		"no right": {func(a *unit.Ask) {
			a.Credentials.Operator = "clerk"
			a.Recognised = nil
		}, nil, "look, hash, tell", failure.NotAllowed, ""},
		"what does not arrive": {func(a *unit.Ask) { a.Receive = func() error { return errOwn } }, nil, "look, recognised root, tell", errOwn.Code, errOwn.Code.Name},
		"another's brand": {func(a *unit.Ask) {
			a.Credentials.Operator, a.Right, a.Recognised, a.Brand.Key = "clerk", "READ", nil, second(t)
		}, nil, "look, hash, receive, look, tell", failure.NotAllowed, ""},
		"what is asked is wrong": {func(a *unit.Ask) {
			a.Prepare = func(*catalogue.Brand) (unit.Question, error) { return words("never"), errOwn }
		}, nil, "look, recognised root, receive, look, view, tell", errOwn.Code, errOwn.Code.Name},
		"what cannot be made ready": {func(a *unit.Ask) { a.Ready = func() error { return errOwn } }, nil,
			"look, recognised root, receive, look, prepare DEMO, view, tell", errOwn.Code, errOwn.Code.Name},
		"a refusal is kept": {nil, func(*unit.Unit) error { return errOwn }, strings.Replace(written, "run, ", "", 1), errOwn.Code, errOwn.Code.Name},
		"a breakdown is not": {nil, func(*unit.Unit) error { return errors.New("broken") },
			"look, recognised root, receive, look, prepare DEMO, view, ready, update, tell", nil, "INTERNAL"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.warm(t)
			before := len(h.rows(t, "root"))
			var answer string
			a := h.ask("what", "r-1", &answer)
			if c.edit != nil {
				c.edit(a)
			}
			fn := c.fn
			if fn == nil {
				fn = h.writes("x", &answer)
			}
			err := h.Do(t.Context(), a, fn)
			if got := joined(h.happened()); got != c.want {
				t.Errorf("steps: %s\nwant:  %s", got, c.want)
			}
			if c.code != nil && failure.CodeOf(err) != c.code {
				t.Errorf("%v", err)
			}
			rows := h.rows(t, "root")[before:]
			switch {
			case c.row == "" && len(rows) > 0, c.row != "" && len(rows) != 1, c.row != "" && rows[0].Outcome != c.row:
				t.Errorf("audit rows: %+v", rows)
			}
			if s := h.Quick(); s.Running != 0 || s.Waiting != 0 {
				t.Errorf("a turn is still taken: %+v", s)
			}
		})
	}
}

// TestColdOperatorIsHashedOnce, and then known.
func TestColdOperatorIsHashedOnce(t *testing.T) {
	h := newHouse(t)
	for i, want := range []bool{true, false} {
		a := h.ask("", "", new(string))
		a.Reads = true
		h.do(t, a, func(*unit.Unit) error { return nil })
		steps := h.happened()
		if slices.Contains(steps, "hash") != want {
			t.Errorf("call %d: %v", i, steps)
		}
	}
}

// TestBrands: the brand is what is named, and each way of having none is told apart.
func TestBrands(t *testing.T) {
	h := newHouse(t)
	for name, c := range map[string]struct {
		operator string
		named    unit.BrandName
		want     string // "" = it fails
		code     *failure.Code
		unknown  bool
	}{
		"the operator's first": {"root", unit.BrandName{}, "DEMO", nil, false},
		"by its key":           {"root", unit.BrandName{Key: "DEMO"}, "DEMO", nil, false},
		"unknown key":          {"root", unit.BrandName{Key: "NONE"}, "", nil, true},
		"unknown id":           {"root", unit.BrandName{ID: "202001010000000009"}, "", nil, true},
	} {
		a := h.ask("", "", new(string))
		a.Credentials.Operator, a.Brand, a.Reads, a.Right = c.operator, c.named, true, ""
		got := ""
		err := h.Do(t.Context(), a, func(u *unit.Unit) error {
			got = u.Brand.Key
			return nil
		})
		var unknown *unit.UnknownBrandError
		if got != c.want || errors.As(err, &unknown) != c.unknown || c.unknown && unknown.Named != c.named {
			t.Errorf("%s: brand %q, %v", name, got, err)
		}
		if told := h.last(t); told.Brand != c.want {
			t.Errorf("%s: told %q", name, told.Brand)
		}
	}
}

// TestRefuse: what a face refuses before anybody is recognised is told, counted, and
// leaves neither row nor line.
func TestRefuse(t *testing.T) {
	h := newHouse(t)
	a := h.ask("", "", new(string))
	a.Credentials.Operator = "mallory"
	before := h.counted(t, "audit")
	if err := h.Refuse(t.Context(), a, errOwn); !errors.Is(err, errOwn) {
		t.Errorf("%v", err)
	}
	told := h.last(t)
	if told.Outcome != errOwn.Code.Name || told.Operator != "mallory" || told.Operation != "WRITE" || told.Remote != office {
		t.Errorf("%+v", told)
	}
	if after := h.counted(t, "audit"); after != before || h.config.Behind.Strangers() != 1 {
		t.Errorf("%d rows more, %d strangers counted", after-before, h.config.Behind.Strangers())
	}
	if h.log.Len() > 0 {
		t.Errorf("log: %s", &h.log)
	}
}

// TestRefuseOfWhoIsKnown is his own: row and line, and no password is hashed for it.
func TestRefuseOfWhoIsKnown(t *testing.T) {
	h := newHouse(t)
	a := h.ask("", "", new(string))
	for _, known := range []bool{false, true} {
		h.steps = nil
		if err := h.Refuse(t.Context(), a, errOwn); !errors.Is(err, errOwn) {
			t.Errorf("%v", err)
		}
		if slices.Contains(h.steps, "hash") {
			t.Error("a password was hashed")
		}
		rows := h.rows(t, "root")
		if got := len(rows) > 0 && rows[len(rows)-1].Outcome == errOwn.Code.Name; got != known {
			t.Errorf("known %v: rows %+v", known, rows)
		}
		if err := h.Do(t.Context(), a, func(*unit.Unit) error { return nil }); err != nil {
			t.Fatal(err)
		}
	}
	if h.config.Behind.Strangers() != 1 {
		t.Errorf("%d strangers", h.config.Behind.Strangers())
	}
}

// TestAuditRow tells what a unit noted, in the transaction of a write and behind a read.
func TestAuditRow(t *testing.T) {
	for _, reads := range []bool{false, true} {
		h := newHouse(t)
		var id store.ID
		if err := h.store.Update(t.Context(), func(tx store.Tx) error {
			x := &thing{}
			err := things.Insert(tx, x)
			id = x.ID
			return err
		}); err != nil {
			t.Fatal(err)
		}
		a := h.ask("what", "r-1", new(string))
		a.Reads, a.Named = reads, "as written"
		h.do(t, a, func(u *unit.Unit) error {
			u.Touch(id, id, 0)
			u.Note("one", "two")
			u.Trace(func() json.RawMessage { return json.RawMessage(`[1]`) })
			return nil
		})
		rows := h.rows(t, "root")
		if len(rows) != 1 {
			t.Fatalf("%+v", rows)
		}
		r := rows[0]
		if r.Outcome != access.OutcomeOK || r.Hookpoint != "as written" || r.Face != "test" || r.From != office || r.RequestID != "r-1" ||
			len(r.Objects) != 1 || r.Objects[0] != id || strings.Join(r.Notes, " ") != "one two" || string(r.Trace) != "[1]" {
			t.Errorf("reads %t: %+v", reads, r)
		}
		if told := h.last(t); len(told.Objects) != 1 || told.Operator != "root" {
			t.Errorf("reads %t: %+v", reads, told)
		}
	}
}

// TestAuditThatIsLost: where rows must be durable first, what was read is not answered.
func TestAuditThatIsLost(t *testing.T) {
	broken := errors.New("disk on fire")
	h := newHouse(t, func(c *unit.Config) {
		c.Behind = access.NewReadBehind(access.ReadBehindConfig{Store: failing{c.Store, broken}, Log: c.Log, Sync: true})
		t.Cleanup(c.Behind.Close)
	})
	a := h.ask("", "", new(string))
	a.Reads = true
	if err := h.Do(t.Context(), a, func(*unit.Unit) error { return nil }); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}
